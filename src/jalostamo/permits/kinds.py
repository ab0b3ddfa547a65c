"""The table of four kinds of analysis, as texts and as defaults, and what continuity is called elsewhere.

Only the kind is stored; the form's three words for continuity and reporting's two are told from it.

Handbook 2.6 (data protection and the ways of using the data).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Final

from jalostamo.concepts.errors import Objection
from jalostamo.concepts.languages import Text, text_from
from jalostamo.permits.contents import written
from jalostamo.permits.objections import objection
from jalostamo.permits.terms import DataClass, KindOfAnalysis, title_of


class KindRow(StrEnum):
    """A row of the table; the last one has no name in the handbook."""

    ANALYSIS_AND_REPORTING = "analysis_and_reporting"
    ANONYMISATION_AND_STORAGE = "anonymisation_and_storage"
    RETRIEVING_AND_COMBINING = "retrieving_and_combining"
    AUTOMATION_AND_CONNECTION_BACK = "automation_and_connection_back"


class Automation(StrEnum):
    """How much of a work is done by rule sets and automation, from none to all."""

    MANUAL = "manual"
    PRIMARILY_MANUAL = "primarily_manual"
    PRIMARILY_AUTOMATED = "primarily_automated"
    AUTOMATED = "automated"


class ConnectionBack(StrEnum):
    """Whether results can be connected back to persons."""

    CUT_OFF = "cut_off"
    AS_NEEDED = "as_needed"
    MUST_BE_POSSIBLE = "must_be_possible"


class Storage(StrEnum):
    """For how long prepared data is stored."""

    CONTINUOUS = "continuous"
    AS_NEEDED = "as_needed"


class Default(StrEnum):
    """A default that a kind of analysis brings, and from which one may deviate with a reason."""

    RETRIEVAL = "retrieval"
    ANONYMISATION = "anonymisation"
    DATA_CLASS = "data_class"
    CONNECTION_BACK = "connection_back"
    STORAGE = "storage"
    REUSE_OF_MODELS = "reuse_of_models"
    LENGTH = "length"


class Continuity(StrEnum):
    """Continuity in the three words of the form (Appendix 1, section 1)."""

    CONTINUOUS_MONITORING = "continuous_monitoring"
    UPDATED_AT_INTERVALS = "updated_at_intervals"
    ONE_OFF = "one_off"


class ReportUse(StrEnum):
    """Continuity in the two words of reporting (2.6, phase 8)."""

    CONTINUOUS = "continuous"
    ONE_OFF = "one_off"


@written
@dataclass(frozen=True, slots=True)
class Deviation:
    """A deviation leaves one default of the kind of analysis, for a reason that the assessors read."""

    default: Default
    reason: str = ""


@dataclass(frozen=True, slots=True)
class KindOfAnalysisDescription:
    """What the table says of one kind of analysis: its example, and its text in each row."""

    example: Text
    rows: Mapping[KindRow, Text]


@dataclass(frozen=True, slots=True)
class Defaults:
    """What one kind of analysis brings with it; a deviation needs a reason. `months` is the length of its permit."""

    retrieval: Automation
    anonymisation: Automation
    data_classes: frozenset[DataClass]
    connection_back: ConnectionBack
    storage: Storage
    models_are_reused: bool
    months: int


_WITHOUT_A_WAY_BACK: Final = frozenset({DataClass.PRINTED_CELLS, DataClass.ANONYMISED_ROWS})
_AS_NEEDED: Final = frozenset(DataClass) - {DataClass.IDENTIFIED}

# Where the table is silent: anonymisation is as automated as retrieval, data is stored as needed, and models are kept
# wherever the analysis is run again.
_DEFAULTS: Final[Mapping[KindOfAnalysis, Defaults]] = {
    KindOfAnalysis.CONTINUOUS_MONITORING: Defaults(
        Automation.AUTOMATED,
        Automation.AUTOMATED,
        _WITHOUT_A_WAY_BACK,
        ConnectionBack.CUT_OFF,
        Storage.CONTINUOUS,
        models_are_reused=True,
        months=24,
    ),
    KindOfAnalysis.GUIDING: Defaults(
        Automation.PRIMARILY_AUTOMATED,
        Automation.PRIMARILY_AUTOMATED,
        frozenset({DataClass.PSEUDONYMISED_WITH_KEY}),
        ConnectionBack.MUST_BE_POSSIBLE,
        Storage.AS_NEEDED,
        models_are_reused=True,
        months=24,
    ),
    KindOfAnalysis.SELDOM_REPEATED: Defaults(
        Automation.PRIMARILY_MANUAL,
        Automation.PRIMARILY_MANUAL,
        _AS_NEEDED,
        ConnectionBack.AS_NEEDED,
        Storage.AS_NEEDED,
        models_are_reused=True,
        months=24,
    ),
    KindOfAnalysis.ONE_OFF: Defaults(
        Automation.MANUAL,
        Automation.MANUAL,
        _AS_NEEDED,
        ConnectionBack.AS_NEEDED,
        Storage.AS_NEEDED,
        models_are_reused=False,
        months=12,
    ),
}

_CONTINUITY: Final[Mapping[KindOfAnalysis, Continuity]] = {
    KindOfAnalysis.CONTINUOUS_MONITORING: Continuity.CONTINUOUS_MONITORING,
    KindOfAnalysis.GUIDING: Continuity.UPDATED_AT_INTERVALS,
    KindOfAnalysis.SELDOM_REPEATED: Continuity.UPDATED_AT_INTERVALS,
    KindOfAnalysis.ONE_OFF: Continuity.ONE_OFF,
}


def _table() -> Mapping[KindOfAnalysis, KindOfAnalysisDescription]:
    read = tomllib.loads(files("jalostamo.permits").joinpath("kinds.toml").read_text(encoding="utf-8"))
    return {
        kind: KindOfAnalysisDescription(
            text_from(read[kind]["example"], place=f"kinds.toml, {kind}.example"),
            {row: text_from(read[kind][row], place=f"kinds.toml, {kind}.{row}") for row in KindRow},
        )
        for kind in KindOfAnalysis
    }


KINDS: Final[Mapping[KindOfAnalysis, KindOfAnalysisDescription]] = _table()
"""The table of 2.6 in words, kind by kind."""


def defaults_of(kind: KindOfAnalysis) -> Defaults:
    """What the table of 2.6 lays down for a kind of analysis."""
    return _DEFAULTS[kind]


def continuity_of(kind: KindOfAnalysis) -> Continuity:
    """The kind in the form's three words."""
    return _CONTINUITY[kind]


def report_use_of(kind: KindOfAnalysis) -> ReportUse:
    """The kind in reporting's two words: whatever is run again is in continuous use."""
    return ReportUse.ONE_OFF if continuity_of(kind) is Continuity.ONE_OFF else ReportUse.CONTINUOUS


def is_continuous(kind: KindOfAnalysis) -> bool:
    """Whether results stay in use and are made anew, so that their risk is assessed at regular intervals."""
    return report_use_of(kind) is ReportUse.CONTINUOUS


def objections_to_deviations(
    deviations: tuple[Deviation, ...],
    *,
    kind: KindOfAnalysis | None,
    data_class: DataClass,
    needs_identification: bool,
) -> tuple[Objection, ...]:
    """What speaks against leaving the defaults of the kind: a deviation without its reason, or one not declared."""
    return (
        *_objections_to_reasons(deviations),
        *(_undeclared(deviations, kind, data_class, needs_identification) if kind is not None else ()),
    )


def _objections_to_reasons(deviations: tuple[Deviation, ...]) -> Iterator[Objection]:
    defaults = [deviation.default for deviation in deviations]
    for default in dict.fromkeys(defaults):
        if defaults.count(default) > 1:
            yield objection("deviation_twice", default=title_of(default))
    for deviation in deviations:
        if not deviation.reason.strip():
            yield objection("deviation_unreasoned", default=title_of(deviation.default))


def _undeclared(
    deviations: tuple[Deviation, ...], kind: KindOfAnalysis, data_class: DataClass, needs_identification: bool
) -> Iterator[Objection]:
    defaults, declared = defaults_of(kind), {deviation.default for deviation in deviations}
    if data_class not in defaults.data_classes and Default.DATA_CLASS not in declared:
        yield objection("deviation_of_class", kind=title_of(kind), data_class=title_of(data_class))
    # One who leaves the class has said why the way back is other than usual, too.
    if declared & {Default.DATA_CLASS, Default.CONNECTION_BACK}:
        return
    if defaults.connection_back is ConnectionBack.CUT_OFF and needs_identification:
        yield objection("deviation_of_cut_connection", kind=title_of(kind))
    if defaults.connection_back is ConnectionBack.MUST_BE_POSSIBLE and not needs_identification:
        yield objection("deviation_of_connection", kind=title_of(kind))

"""Putting an analysis to its source, for the command and for a notebook alike: a release, a log of one's own, or printed cells.

Handbook 2.2 (modelling and analysing data) and 2.6, phase 7.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from jalostamo.concepts.errors import Misused
from jalostamo.doors.people import key_of

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.producing.analyses.asked import Analysis
    from jalostamo.producing.analyses.findings import Findings
    from jalostamo.producing.analyses.journeys import Journeys

type Step = Callable[[str], None]
"""What is told when a step begins."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source is the folder of a release, a log of one's own, or the cells that the closed room printed; one of them."""

    release: Path | None = None
    log: Path | None = None
    cells: Path | None = None
    own_key: Path | None = None
    """The file with the key of whoever asks, where that is not kept here."""

    def __post_init__(self) -> None:
        if sum(place is not None for place in (self.release, self.log, self.cells)) != 1:
            raise Misused(
                "An analysis is put to one source: a release, a log or printed cells.", reason="source_unclear"
            )


def findings_of(analysis: Analysis, source: Source, *, workspace: Path, step: Step) -> Findings:
    """The findings of an analysis: true ones, or what printed cells tell of it, from which nothing else is read."""
    if source.cells is not None:
        from jalostamo.utilising.disclosure.figures.journeys import findings_printed
        from jalostamo.utilising.disclosure.gate import open_printed

        return findings_printed(open_printed(source.cells), analysis)
    from jalostamo.managing.nonsensitive.releases import stamp_of
    from jalostamo.producing.analyses.answering import answer

    with opened(analysis, source, workspace=workspace, step=step) as (engine, journeys, digest):
        findings = answer(engine, journeys, analysis, source=digest, progress=step)
    stamp = stamp_of(source.release) if source.release else {}
    return replace(findings, facts={**findings.facts, **stamp}) if stamp else findings


@contextmanager
def opened(
    analysis: Analysis, source: Source, *, workspace: Path, step: Step
) -> Iterator[tuple[Engine, Journeys, str]]:
    """The engine that the environment names, the journeys that the analysis asks for, and the digest of their source."""
    from jalostamo.engine.connection import SETTING, open_engine

    timezone = analysis.log.writing.timezone if analysis.log else "UTC"
    with open_engine(os.environ.get(SETTING), workspace=workspace, timezone=timezone) as engine:
        made = _of_release if source.release is not None else _of_log
        yield (engine, *made(engine, analysis, source, step=step))


def _of_release(engine: Engine, analysis: Analysis, source: Source, *, step: Step) -> tuple[Journeys, str]:
    from jalostamo.managing.nonsensitive.releases import open_to_analyse
    from jalostamo.producing.analyses.sources import journeys_of_release

    assert source.release is not None
    step("verifying the release")
    release = open_to_analyse(source.release)
    release = release.with_key(key_of(release.folder, source.own_key))
    return journeys_of_release(engine, release, analysis), release.digest


def _of_log(engine: Engine, analysis: Analysis, source: Source, *, step: Step) -> tuple[Journeys, str]:
    from jalostamo.managing.logs import LogColumns, LogFile, read_log
    from jalostamo.managing.manifests import digest_of
    from jalostamo.producing.analyses.sources import journeys_of_log

    assert source.log is not None
    if analysis.log is None:
        raise Misused(
            f"Analysis '{analysis.name}' says nothing of a log: add [log] with its columns case, activity and time.",
            reason="log_undeclared",
        )
    step("reading the log")
    written = analysis.log
    columns = LogColumns(written.case, written.activity, written.time, written.group)
    log = read_log(engine, LogFile(source.log, written.writing, written.time_format), columns)
    return journeys_of_log(engine, log, analysis), digest_of(source.log)

"""What a command carries in phases 5, 7 and 8: deliveries, datasets, runs, results, clearances and publications.

They hold digests, counts of classes and closed words; no row, no value and no name of a person in the data.

Handbook 2.6, phases 4, 5, 7 and 8.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

from jalostamo.permits.contents import written
from jalostamo.permits.exposure import Audience, Means
from jalostamo.permits.terms import DataClass


@written
@dataclass(frozen=True, slots=True)
class Picked:
    """Fields picked from a source for one run."""

    run: str
    fields: tuple[str, ...]


@written
@dataclass(frozen=True, slots=True)
class Transferred:
    """A transfer by a technique; `checksum` is the sha256 of what was sent."""

    technique: str
    checksum: str


@written
@dataclass(frozen=True, slots=True)
class Received:
    """What arrived in the sensitive environment, by its sha256."""

    checksum: str


class RunKind(StrEnum):
    """Why a run is made: for the first time, again as it was, changed within the decision, or for a new question."""

    FIRST = "first"
    RERUN = "rerun"
    ITERATION = "iteration"
    AD_HOC = "ad_hoc"


@written
@dataclass(frozen=True, slots=True)
class RunOrdered:
    """What a run is to do: its recipe and its definition by their digests, its fields by register, and its users.

    In the lane of cells a definition is needed; in the lane of rows `users` are the analysts who may open the release.
    """

    kind: RunKind
    recipe: str
    definition: str | None
    fields: tuple[tuple[str, tuple[str, ...]], ...]
    since: datetime.date
    until: datetime.date
    users: tuple[str, ...] = ()


@written
@dataclass(frozen=True, slots=True)
class Prepared:
    """What preparing gave: the digest of what lies inside, and of the account of how it was made."""

    digest: str
    account: str


@written
@dataclass(frozen=True, slots=True)
class Described:
    """How the processing is described: the dictionary, and the schema of what was prepared, by their digests."""

    dictionary: str
    schema: str


@written
@dataclass(frozen=True, slots=True)
class Validated:
    """What validation found: the class reached, the suite's version, and whether the three aims and thresholds hold.

    `report` is the digest of its report; `expires` the day after which the class has to be looked at again;
    `redactions_made` says that each redaction named in the estimate was found done.
    """

    report: str
    data_class: DataClass
    suite: str
    expires: datetime.date
    no_identification: bool
    no_connection: bool
    no_inference: bool
    redactions_made: bool


@written
@dataclass(frozen=True, slots=True)
class Failed:
    """What a validation, or a threshold, did not let through, by the digest of its report."""

    report: str
    reason: str


@written
@dataclass(frozen=True, slots=True)
class Finished:
    """The results of a run by their digests; in the lane of cells with the record of the gate they passed."""

    results: tuple[str, ...]
    method_note: str
    gate_record: str | None = None


@written
@dataclass(frozen=True, slots=True)
class AdHocQuestion:
    """A new question on the material of a run, for the same purpose: a definition by its digest."""

    on_run: str
    definition: str
    question: str


@written
@dataclass(frozen=True, slots=True)
class HandedOver:
    """The unit to which the results of a run were handed (2.1, model B)."""

    unit: str


class OutputKind(StrEnum):
    """What is to leave the case, from the least to the most revealing: it decides who looks first."""

    PRINTED_CELLS = "printed_cells"
    FREE_CHART = "free_chart"
    MODEL = "model"
    MICRODATA = "microdata"


@written
@dataclass(frozen=True, slots=True)
class PublicationDraft:
    """A publication: which outputs by digest, of which runs, by which means, for whom, under which limits."""

    runs: tuple[str, ...]
    outputs: tuple[str, ...]
    kind: OutputKind
    means: Means
    audience: Audience
    limits: str = ""


class View(StrEnum):
    """What the support function thinks of opening a borderline case."""

    OPEN = "open"
    OPEN_WITH_LIMITS = "open_with_limits"
    DO_NOT_OPEN = "do_not_open"


@written
@dataclass(frozen=True, slots=True)
class SupportView:
    """The support function's view, and why."""

    view: View
    text: str


@written
@dataclass(frozen=True, slots=True)
class GatePassed:
    """That the gate let exactly these outputs through, by its record."""

    outputs: tuple[str, ...]
    record: str


@written
@dataclass(frozen=True, slots=True)
class Clearance:
    """That a checker has looked at exactly these outputs; `remarks` are not shown to the other checker before both are in."""

    outputs: tuple[str, ...]
    remarks: str = ""


@written
@dataclass(frozen=True, slots=True)
class Correction:
    """An error in a published result, and by which channel those who received it are reached."""

    error: str
    reached_by: str

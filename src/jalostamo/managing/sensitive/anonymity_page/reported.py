"""What a report of a table made coarser says, as the page reads it.

What is not in the file is not on the page: an older report, without a part, has a page without it.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import with_config

from jalostamo.managing.sensitive.preparing.anonymity.costs import AS_WRITTEN, Utility, Worst

type Figure = float | dict[str, float] | None
"""A figure of a model: one number, or several by name; None where it could not be told."""


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Model:
    """What a model asked for, what was found, and whether that is enough."""

    asked: Figure
    found: Figure
    holds: bool


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Objective:
    """What was to be small, and how small it became; None where nothing is released."""

    metric: str
    value: float | None


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Nodes:
    """How many generalisations there were, and how many were looked at; of those, in a frontier, how many hold."""

    total: int
    evaluated: int
    feasible: int = 0


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Risks:
    """How likely somebody is recognised."""

    maximum: float
    average: float
    unique_share: float


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Columns:
    """What each column was for the recipe."""

    quasi_identifiers: tuple[str, ...] = ()
    sensitive: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    unprotected: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Choice:
    """A generalisation that could have been chosen."""

    levels: dict[str, int]
    loss: float
    maximum_risk: float
    suppressed_rows: int
    suppressed_share: float
    worst_group: Worst | None
    classes: int
    smallest_class: int
    chosen: bool
    beaten: bool = False


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Frontier:
    """What no other generalisation beats of those looked at."""

    nodes: Nodes
    whole: bool
    choices: tuple[Choice, ...]


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Catalogue:
    """Among how many generalisations, approved beforehand, one was chosen, and how much that tells at most."""

    product: str
    vectors: int
    bits: float


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Together:
    """What else was out when the rows were attacked before they were entered, and with what they were not attacked."""

    attacked_with: tuple[str, ...] = ()
    not_attacked_with: tuple[str, ...] = ()


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class AsBefore:
    """From which release the levels were kept, and how many rows are of people whom earlier ones left out."""

    since: str
    left_out_before: int


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Digests:
    """Which rows, and which recipe: the sha256 of each; "" in an older file, which did not tell."""

    out: str = ""
    recipe: str = ""


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Report:
    """The report of a table made coarser."""

    rows: int
    released_rows: int
    suppressed_rows: int
    levels: dict[str, int]
    loss: float
    objective: Objective
    classes: int
    smallest_class: int
    models: dict[str, Model]
    nodes: Nodes
    proved_optimal: bool
    gap: float | None
    seconds: dict[str, float] = field(default_factory=dict)
    allowed_rows: int | None = None
    columns: Columns = field(default_factory=Columns)
    risks: Risks | None = None
    utility: Utility = field(default_factory=Utility)
    frontier: Frontier | None = None
    catalogue: Catalogue | None = None
    together: Together | None = None
    as_before: AsBefore | None = None
    sha256: Digests = Digests()

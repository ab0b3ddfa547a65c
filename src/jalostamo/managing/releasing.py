"""What is settled before rows of one's own are released: by which policy, after which earlier releases, beside which cells.

Plain values only: whoever opens a printed cube hands its cells on as these, and who may see persons reads no cube.

Handbook 2.6 (rule sets for anonymising in continuous analyses) and phase 5.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jalostamo.concepts.errors import Objection, Refused

TOTAL = "*"
"""Stands for a whole dimension, in the place of a code."""


@dataclass(frozen=True, slots=True)
class CellDimension:
    """A dimension of printed cells: the field that it is of, and for each of its levels the code of each recorded value."""

    field: str
    codes: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, slots=True)
class CubeCells:
    """Printed cells of one measure: a code of each dimension or the total, and how far noise moved each at most."""

    name: str
    dimensions: tuple[CellDimension, ...]
    cells: Mapping[tuple[str, ...], int] = field(repr=False)
    noise: int


@dataclass(frozen=True, slots=True)
class Policy:
    """What a release of rows is bound by; nothing, where nothing is said.

    `as_before` is the report or the register's entry of the release whose levels are kept, `without_earlier` the words of
    whoever lets a release out though an earlier one cannot be attacked with it, `place` where the rows will lie.
    """

    today: datetime.date
    place: Path
    catalogue: Path | None = None
    propose: Path | None = None
    as_before: Path | None = None
    releases: Path | None = None
    population: str | None = None
    without_earlier: str | None = None
    cubes: tuple[CubeCells, ...] = ()
    outside: bool = False


@dataclass(frozen=True, slots=True)
class Attacking:
    """What written rows are attacked with: how they were chosen, what else is out, who receives them, who is drawn.

    `control` is the share of people who are held back from a release at the same levels, `people` how many are drawn.
    """

    today: datetime.date
    seed: int
    people: int | None = None
    control: float | None = None
    catalogue: Path | None = None
    report: Path | None = None
    releases: Path | None = None
    population: str | None = None
    without_earlier: bool = False
    cubes: tuple[CubeCells, ...] = ()
    outside: bool = False
    criteria: Path | None = None


class NoLongerHolds(Refused):
    """The models of a continuous analysis no longer hold at the levels that it began with; `notice` says what to do."""

    def __init__(self, objections: Iterable[Objection], *, reason: str, notice: Mapping[str, object]) -> None:
        super().__init__(objections, reason=reason)
        self.notice = notice

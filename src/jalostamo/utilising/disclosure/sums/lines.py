"""Hidden amounts that stay hidden: further parts of a line, or its margin, are hidden until subtraction tells too little.

A rule over lines finds what to hide; an audit by linear programmes, over all lines together, decides whether it is enough.
Fischetti and Salazar, Management Science 47 (2001).

Handbook 2.3; 2.6, phase 8.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from jalostamo.concepts.errors import Broken, Unfit
from jalostamo.producing.cubes.definition import TOTAL

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from jalostamo.utilising.disclosure.rules import Rule

    type Amounts = NDArray[np.float64]
    type Marks = NDArray[np.bool_]

_CLOSE: Final = 1e-6
"""Sums of the same amounts in another order differ by less, as a share of the largest."""

_TOGETHER: Final = 12
"""So many programmes let all open cells move at once, in patterns that differ, before each is looked at by itself."""

_SPREAD: Final = 2654435761


@dataclass(frozen=True, slots=True)
class Line:
    """A line is a margin and the parts that make it up, as places in a list of cells."""

    margin: int
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True, repr=False)
class AmountCells:
    """Amount cells are true amounts with their contributors, in the closed room only; their repr hides them.

    `base` is what each amount is rounded to; `printed` is what it is rounded to it, also where it is to be hidden.
    """

    amount: Amounts
    largest: Amounts
    second: Amounts
    negative: Marks
    base: Amounts

    def __repr__(self) -> str:
        return f"AmountCells({len(self.amount)} cells, hidden)"

    @property
    def printed(self) -> Amounts:
        """The amounts, rounded."""
        found: Amounts = np.floor(self.amount / self.base + 0.5) * self.base
        return found


@dataclass(frozen=True, slots=True, repr=False)
class Bounds:
    """Bounds are how far below and above its true amount each cell may lie for all that is shown."""

    below: Amounts
    above: Amounts

    def __repr__(self) -> str:
        return f"Bounds({len(self.below)} cells, hidden)"

    def widened(self, away: Amounts) -> Bounds:
        """The bounds once it is known that all cells may lie so far from their true amounts, together."""
        return Bounds(np.maximum(self.below, -away), np.maximum(self.above, away))

    def short_of(self, needs: Amounts) -> Marks:
        """Which cells are told more narrowly than they need, but for the solver's own tolerance."""
        wanted = needs * (1 - _CLOSE)
        found: Marks = (self.below < wanted) | (self.above < wanted)
        return found


def lines_of(coordinates: Sequence[Sequence[str]], parents: Sequence[Mapping[str, str]]) -> tuple[Line, ...]:
    """The lines of a cube: `coordinates` per cell its code in each dimension, `parents` per dimension a code's own margin.

    What has no parent belongs to the total of its dimension.
    """
    places = {tuple(cell): place for place, cell in enumerate(coordinates)}
    if len(places) < len(coordinates):
        raise Unfit("A cell stands twice in a cube.", reason="amount_lines")
    parts: dict[tuple[int, int], list[int]] = defaultdict(list)
    for cell, place in places.items():
        for axis, code in enumerate(cell):
            above = (*cell[:axis], parents[axis].get(code, TOTAL), *cell[axis + 1 :])
            if code != TOTAL and above in places:
                parts[axis, places[above]].append(place)
    return tuple(Line(margin, tuple(found)) for (_, margin), found in parts.items())


def protected_lines(
    cells: AmountCells, hidden: Marks, *, lines: Sequence[Line], rule: Rule, audited: bool = True
) -> Marks:
    """What is hidden once no hidden amount can be told to within p per cent of its largest contributor.

    Where it is not `audited`, each line by itself tells too little, and several lines together may still tell more.
    """
    _check_sums(cells, lines)
    found, needs = hidden.copy(), _needs(cells, rule)
    _hide_by_line(cells, found, needs, lines)
    if not audited:
        return found
    around: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        for place in (line.margin, *line.parts):
            around[place].append(line)
    while len(still_open := _still_open(cells, found, needs, lines)):
        further = {_next_of_any(cells, found, around[int(place)]) for place in still_open} - {None}
        if not further:
            raise Broken("Hidden amounts stay open with all around them hidden.", reason="amounts_open")
        found[[place for place in further if place is not None]] = True
        _hide_by_line(cells, found, needs, lines)
    return found


def _still_open(cells: AmountCells, hidden: Marks, needs: Amounts, lines: Sequence[Line]) -> NDArray[np.int64]:
    return np.flatnonzero(hidden & bounds_of(cells, hidden, lines=lines, enough=needs).short_of(needs))


def bounds_of(cells: AmountCells, hidden: Marks, *, lines: Sequence[Line], enough: Amounts | None = None) -> Bounds:
    """The bounds of every hidden amount that follow from all shown ones, the lines, and that nobody brings less than 0.

    Each is a linear programme in the distances from the true amounts. With `enough`, a bound is not looked at further once
    it is that wide: then one programme settles many cells.
    """
    programme = _Programme.of(cells, hidden, lines)
    bounds = Bounds(np.zeros(len(hidden)), np.zeros(len(hidden)))
    wanted = np.full(len(hidden), np.inf) if enough is None else enough
    for turn in range(_TOGETHER if enough is not None else 0):
        bounds = bounds.widened(programme.apart(hidden & bounds.short_of(wanted), wanted, turn))
    for place in np.flatnonzero(hidden):
        if bounds.below[place] < wanted[place]:
            bounds = bounds.widened(programme.furthest(int(place), -1))
        if bounds.above[place] < wanted[place]:
            bounds = bounds.widened(programme.furthest(int(place), 1))
    return bounds


@dataclass(frozen=True, slots=True, repr=False)
class _Programme:
    """What may vary, each cell by how much down and up, so that every line keeps adding up."""

    sums: csr_array
    ranges: NDArray[np.float64]
    unit: float

    @classmethod
    def of(cls, cells: AmountCells, hidden: Marks, lines: Sequence[Line]) -> _Programme:
        down, up = _slack(cells)
        cap = 2 * float(np.abs(cells.amount).sum()) + 1
        least = np.full(len(hidden), -cap) if cells.negative.any() else -cells.amount
        ranges = np.stack([np.where(hidden, least, -down), np.where(hidden, cap, up)], axis=1)
        # Euros of a large town beside those of one person: the solver's tolerance is one of the smallest base.
        unit = float(cells.base.min())
        rows = [row for row, line in enumerate(lines) for _ in (line.margin, *line.parts)]
        columns = [place for line in lines for place in (line.margin, *line.parts)]
        signs = [sign for line in lines for sign in (1.0, *(-1.0 for _ in line.parts))]
        # Loaded only where amounts are hidden: most cubes have none.
        from scipy.sparse import csr_array

        sums = csr_array((signs, (rows, columns)), shape=(len(lines), len(hidden)))
        return cls(sums, ranges / unit, unit)

    def apart(self, places: Marks, needs: Amounts, turn: int) -> Amounts:
        """How far each cell lies off where those places go their own ways together, none further than it needs."""
        ways = np.where(np.arange(len(places)) * _SPREAD >> turn & 1, 1.0, -1.0)
        ranges, goal = self.ranges.copy(), np.zeros(len(places))
        limits = needs[places] / self.unit
        ranges[places] = np.clip(ranges[places], -limits[:, None], limits[:, None])
        goal[places] = -ways[places] / np.maximum(limits, _CLOSE)
        return self._solved(goal, ranges)

    def furthest(self, place: int, way: int) -> Amounts:
        """How far each cell lies from its true amount where one lies as far down (-1) or up (1) as it may."""
        goal = np.zeros(len(self.ranges))
        goal[place] = -way
        return self._solved(goal, self.ranges)

    def _solved(self, goal: Amounts, ranges: Amounts) -> Amounts:
        right = np.zeros(self.sums.shape[0])
        from scipy.optimize import linprog

        solved = linprog(goal, A_eq=self.sums, b_eq=right, bounds=ranges, method="highs")
        if solved.x is None:
            raise Broken("The audit of hidden amounts found no solution.", reason="amount_audit")
        return np.asarray(solved.x, dtype=np.float64) * self.unit


def _needs(cells: AmountCells, rule: Rule) -> Amounts:
    found: Amounts = rule.p_percent / 100 * np.abs(np.nan_to_num(cells.largest))
    return found


def _slack(cells: AmountCells) -> tuple[Amounts, Amounts]:
    """How far below and above its true amount a shown one may lie, for all that its rounding tells."""
    least, most = cells.printed - cells.base / 2, cells.printed + cells.base / 2
    if not cells.negative.any():
        least = np.maximum(least, 0.0)
    return cells.amount - least, most - cells.amount


def _check_sums(cells: AmountCells, lines: Sequence[Line]) -> None:
    close = _CLOSE * float(np.abs(cells.amount).max(initial=0.0))
    for line in lines:
        if abs(cells.amount[line.margin] - cells.amount[list(line.parts)].sum()) > close:
            raise Unfit("The parts of a line do not add up to its margin.", reason="amount_lines")


def _hide_by_line(cells: AmountCells, hidden: Marks, needs: Amounts, lines: Sequence[Line]) -> None:
    """Hide further cells of each line until none is told by its own line alone, round after round."""
    changed = True
    while changed:
        changed = False
        for line in lines:
            while _tells(cells, hidden, needs, line):
                place = _next(cells, hidden, line)
                if place is None:
                    break
                hidden[place] = changed = True


def _tells(cells: AmountCells, hidden: Marks, needs: Amounts, line: Line) -> bool:
    """Whether the shown cells of a line tell a hidden part to somebody who brings the most to another hidden one."""
    parts = np.array(line.parts)
    concealed = parts[hidden[parts]]
    down, up = _slack(cells)
    if hidden[line.margin]:
        return not len(concealed) and bool(min(down[parts].sum(), up[parts].sum()) < needs[line.margin])
    shown = parts[~hidden[parts]]
    room_up, room_down = up[line.margin] + down[shown].sum(), down[line.margin] + up[shown].sum()
    for place in concealed:
        others = concealed[concealed != place]
        if not len(others):
            return bool(min(room_up, room_down) < needs[place])
        known = cells.largest[others].max()
        if not cells.negative.any() and cells.amount[others].sum() - known + room_up < needs[place]:
            return True
    return False


def _next(cells: AmountCells, hidden: Marks, line: Line) -> int | None:
    """The smallest part of a line that is still shown, and its margin when there is none."""
    shown = [place for place in line.parts if not hidden[place] and cells.amount[place] != 0]
    if shown:
        return min(shown, key=lambda place: (abs(cells.amount[place]), place))
    return None if hidden[line.margin] else line.margin


def _next_of_any(cells: AmountCells, hidden: Marks, lines: Sequence[Line]) -> int | None:
    found = [place for line in lines if (place := _next(cells, hidden, line)) is not None]
    return min(found, key=lambda place: (abs(cells.amount[place]), place), default=None)

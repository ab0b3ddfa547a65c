"""Sequences of releases: what two of the same people tell together, and a release beside a cube that was printed of them.

The check of signatures is that of m-invariance (Xiao and Tao 2007).
Handbook 2.6, phase 5; 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jalostamo.concepts.errors import Unfit
from jalostamo.managing.sensitive.validation.attacks.keys import Integers, grouped, keyed, totals

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.validation.attacks.columns import Column
    from jalostamo.managing.sensitive.validation.attacks.sight import Sight, Told


@dataclass(frozen=True, slots=True)
class Crossing:
    """What two releases tell of the people who are in both.

    `share_below` is the share whose two classes have fewer than k people in common, `one_value` that of whom only one
    value is left that both classes have, though neither has it alone; `changed` that of whose classes have other values
    in one release than in the other.
    """

    people: int
    fewest_candidates: int
    share_below: float
    one_value: float
    changed: float


def crossing(first: Sight, second: Sight, *, k: int, column: int | None = 0) -> Crossing:
    """Cross the classes of two releases whose people were counted together; `column` is a sensitive one of both."""
    places = first.source.place, second.source.place
    inside = (places[0] >= 0) & (places[1] >= 0)
    if not inside.any():
        return Crossing(0, 0, 0.0, 0.0, 0.0)
    both = [place[inside] for place in places]
    at, kind = grouped(both)
    people = totals(kind, first.source.rows[inside], len(at))
    everybody = int(people.sum())
    pairs = both[0][at], both[1][at]
    one, changed = (
        (np.zeros(len(at), np.bool_),) * 2
        if column is None
        else _values(first.told[column], second.told[column], pairs)
    )
    shares = (float(people[found].sum() / everybody) for found in (people < k, one, changed))
    return Crossing(everybody, int(people.min()), *shares)


def left_over(first: Sight, second: Sight, *, k: int, same_rows: bool = True) -> int:
    """How many people are in one of two releases only and told of by the difference: fewer than k of their class are so.

    A class is taken apart only where each class of the other release that shares people with it lies within it.
    `same_rows`: both were made of the same rows, so that numbers of rows tell of people who were left out of one alone,
    though others of their class are in it.
    """
    return _left_in(first, second, k=k, same_rows=same_rows) + _left_in(second, first, k=k, same_rows=same_rows)


def _left_in(fine: Sight, coarse: Sight, *, k: int, same_rows: bool) -> int:
    """The people of classes of one release whom the finer other one leaves out, where these are few."""
    if not fine.total:
        return 0
    there = coarse.source.place >= 0
    both = fine.source.place[there], coarse.source.place[there]
    at, kind = grouped(both)
    rows = totals(kind, coarse.source.rows[there], len(at))
    within, lies_in = both[0][at], both[1][at]
    inside = within >= 0
    torn = inside & (rows < fine.people[within])
    # Without a whole class of the other release in it there is nothing to take from a class.
    apart = np.isin(lies_in, lies_in[inside]) & ~np.isin(lies_in, lies_in[torn])
    if same_rows:
        parts = apart & inside
        return _rows_apart(fine.rows[within[parts]], lies_in[parts], coarse.rows, k=k)
    return int(rows[~inside & apart & (rows < k)].sum())


def _rows_apart(parts: Integers, of: Integers, whole: Integers, *, k: int) -> int:
    """The rows by which classes have a few more, or fewer, than those that lie in them; of two alike classes, more alone."""
    number = np.bincount(of, minlength=len(whole))
    apart = np.where(number > 0, whole - totals(of, parts, len(whole)), 0)
    apart = np.where((apart < 0) & (number > 1), -apart, apart)
    return int(apart[(apart > 0) & (apart < k)].sum())


def _values(first: Told, second: Told, pairs: tuple[Integers, Integers]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Of which pairs of classes one value is left, and of which the values differ."""
    same = {name: number for number, name in enumerate(first.names)}
    translated = np.array([same.get(name, -1) for name in second.names], np.int64)[second.value]
    sizes = [np.diff(told.start)[place] for told, place in zip((first, second), pairs, strict=True)]
    # Every value of the first class of each pair, sought among those of the second.
    pair = np.repeat(np.arange(len(pairs[0])), sizes[0])
    step = np.arange(len(pair)) - np.repeat(np.cumsum(sizes[0]) - sizes[0], sizes[0])
    value = first.value[first.start[pairs[0]][pair] + step]
    asked, known = [pairs[1][pair], value], [second.classes, translated]
    key = keyed([np.concatenate(columns) for columns in zip(asked, known, strict=True)])
    in_both = np.isin(key[: len(pair)], key[len(pair) :])
    left = np.bincount(pair[in_both], minlength=len(pairs[0]))
    return (left == 1) & (sizes[0] > 1) & (sizes[1] > 1), (left != sizes[0]) | (left != sizes[1])


@dataclass(frozen=True, slots=True, repr=False)
class PrintedCounts:
    """Printed cells of the release's population: by which columns, at which levels, and how far noise moved them at most.

    With `by_value` the last label of each cell is a value of the release's first sensitive column.
    """

    levels: Mapping[str, int]
    cells: Mapping[tuple[str, ...], int]
    noise: int = 0
    by_value: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Differencing:
    """How many printed cells tell of a few people whom the release left out, and what the fewest of these are."""

    cells: int
    small: int
    fewest: int


def differencing(sight: Sight, printed: PrintedCounts, *, k: int) -> Differencing:
    """Take what the release counts from what was printed: fewer than k left over, noise aside, are told of."""
    released = _released(sight, printed)
    left = [count - released.get(cell, 0) for cell, count in printed.cells.items()]
    small = [found for found in left if found - printed.noise > 0 and found + printed.noise < k]
    return Differencing(len(left), len(small), min(small, default=0))


def _released(sight: Sight, printed: PrintedCounts) -> dict[tuple[str, ...], int]:
    names = [column.name for column in sight.columns]
    chosen = []
    for name, level in printed.levels.items():
        if name not in names:
            raise Unfit(f"The release has no column '{name}' by which cells were printed.", reason="column_missing")
        number = names.index(name)
        chosen.append(_called(sight.columns[number], sight.words[number], level)[sight.labels[:, number]])
    told = sight.told[0] if printed.by_value else None
    by_class = np.stack(chosen, axis=1) if chosen else np.empty((len(sight.rows), 0), object)
    cells = by_class if told is None else by_class[told.classes]
    rows = sight.rows if told is None else told.rows
    words = [[*cell] if told is None else [*cell, told.names[value]] for cell, value in _with_values(cells, told)]
    found: dict[tuple[str, ...], int] = {}
    for cell, count in zip(map(tuple, words), rows.tolist(), strict=True):
        found[cell] = found.get(cell, 0) + count
    return found


def _with_values(cells: NDArray[np.object_], told: Told | None) -> zip[tuple[list[str], int]]:
    values = [0] * len(cells) if told is None else told.value.tolist()
    return zip(cells.tolist(), values, strict=True)


def _called(column: Column, words: tuple[str, ...], level: int) -> NDArray[np.object_]:
    """What each label of the release is called at the level of printed cells, which may not be finer."""
    if level < column.level:
        raise Unfit(
            f"Cells were printed by '{column.name}' at level {level}, finer than the release's level {column.level}: "
            "compare them by coarser cells.",
            reason="hierarchy_level",
        )
    upward = {
        column.called(value): column.called(value, level) for value in (column.levels[0] if column.levels else ())
    }
    return np.array([upward.get(word, word) for word in words], dtype=object)

"""Putting written releases beside their source: the engine counts both, and each person is sought among the classes.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jalostamo.managing.sensitive.validation.attacks.columns import Column
from jalostamo.managing.sensitive.validation.attacks.counted import Counted, counted
from jalostamo.managing.sensitive.validation.attacks.keys import Integers, grouped, places_in, totals
from jalostamo.managing.sensitive.validation.attacks.sight import People, Sight, Told

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from jalostamo.engine.connection import Engine


def sight_of(
    engine: Engine,
    release: ir.Table,
    source: ir.Table,
    *,
    columns: Sequence[Column],
    sensitive: Sequence[str] = (),
    units: Sequence[str] = (),
    control: ir.Table | None = None,
) -> Sight:
    """Put a release beside its source, and beside people who are in neither, where there are any."""
    (seen,) = sights_of(engine, [(release, columns)], source, sensitive=sensitive, units=units, control=control)
    return seen


def sights_of(
    engine: Engine,
    releases: Sequence[tuple[ir.Table, Sequence[Column]]],
    source: ir.Table,
    *,
    sensitive: Sequence[str] = (),
    units: Sequence[str] = (),
    control: ir.Table | None = None,
) -> list[Sight]:
    """Put several releases of one source beside it; its people are the same kinds, in the same order, in each.

    `units` are columns of the source: whom its rows are counted as; who has no later one is one of her own.
    """
    every = sorted({column.name for _, columns in releases for column in columns})
    told = [name for name in sensitive if name not in every]
    counted_as = [name for name in units if name not in (*every, *told)]
    groups = [counted(engine, source, [*every, *told, *counted_as])]
    groups += [] if control is None else [counted(engine, control, [*every, *told])]
    written = [counted(engine, table, [*(column.name for column in columns), *told]) for table, columns in releases]
    return [_seen(each, groups, columns, units) for each, (_, columns) in zip(written, releases, strict=True)]


@dataclass(frozen=True, slots=True, repr=False)
class _Words:
    """The labels of a column: their numbers, first the release's, and the level of each of those."""

    column: Column
    numbers: dict[str, int]
    level: Integers

    def of(self, group: Counted, level: int) -> Integers:
        """The numbers of a group's values as they are called at a level, -1 where the release never says so."""
        called = [self.numbers.get(self.column.called(value, level), -1) for value in group.named(self.column.name)]
        return np.array(called, np.int64)[group.of(self.column.name)]


def _seen(written: Counted, groups: Sequence[Counted], columns: Sequence[Column], units: Sequence[str]) -> Sight:
    words = [_words(written, groups, column) for column in columns]
    first, kind = grouped([written.of(column.name) for column in columns])
    labels = np.stack([written.of(column.name)[first] for column in columns], axis=1)
    levels = np.stack([word.level[labels[:, number]] for number, word in enumerate(words)], axis=1)
    sensitive = written.columns[len(columns) :]
    values = [_vocabulary([written, *groups], name) for name in sensitive]
    people = [
        _people(
            group, words, dict(zip(sensitive, values, strict=True)), _placed(group, words, labels, levels), counted_as
        )
        for group, counted_as in zip(groups, (units, ()), strict=False)
    ]
    return Sight(
        tuple(columns),
        tuple(tuple(word.numbers) for word in words),
        labels,
        totals(kind, written.rows, len(first)),
        np.all(levels == [column.level for column in columns], axis=1),
        tuple(_told(name, written, known, kind) for name, known in zip(sensitive, values, strict=True)),
        people[0],
        people[1] if len(people) > 1 else None,
    )


def _words(written: Counted, groups: Sequence[Counted], column: Column) -> _Words:
    declared = column.labels(sorted({value for group in groups for value in group.named(column.name)}))
    numbers = {label: place for place, label in enumerate(written.named(column.name))}
    level = np.array([column.level_of(label, declared) for label in numbers], np.int64)
    for label in sorted(declared):
        numbers.setdefault(label, len(numbers))
    return _Words(column, numbers, level)


def _vocabulary(tables: Sequence[Counted], name: str) -> dict[str, int]:
    return {value: place for place, value in enumerate(sorted({v for table in tables for v in table.named(name)}))}


def _translated(table: Counted, name: str, vocabulary: dict[str, int]) -> Integers:
    return np.array([vocabulary[value] for value in table.named(name)], np.int64)[table.of(name)]


def _told(name: str, written: Counted, vocabulary: dict[str, int], kind: Integers) -> Told:
    value = _translated(written, name, vocabulary)
    first, entry = grouped([kind, value])
    start = np.searchsorted(kind[first], np.arange(int(kind.max(initial=-1)) + 2)).astype(np.int64)
    return Told(name, tuple(vocabulary), start, value[first], totals(entry, written.rows, len(first)))


def _people(
    group: Counted,
    words: Sequence[_Words],
    values: dict[str, dict[str, int]],
    place: Integers,
    units: Sequence[str],
) -> People:
    return People(
        tuple(group.named(word.column.name) for word in words),
        np.stack([group.of(word.column.name) for word in words], axis=1),
        np.stack([word.of(group, word.column.level) for word in words], axis=1),
        place,
        tuple(_translated(group, name, vocabulary) for name, vocabulary in values.items()),
        tuple(_units(group, unit, units[0]) for unit in units),
        group.rows,
    )


def _units(group: Counted, unit: str, first: str) -> Integers:
    missing = np.array([not name for name in group.named(unit)], np.bool_)[group.of(unit)]
    return np.where(missing, len(group.named(unit)) + group.of(first), group.of(unit))


def _placed(group: Counted, words: Sequence[_Words], labels: Integers, levels: Integers) -> Integers:
    """The class of each kind of people: as declared where there is one; whoever is left is sought under coarser labels.

    Full-domain recoding writes all of a class alike, so that somebody whose class is released is under no star.
    """
    place = np.full(len(group.rows), -1, np.int64)
    patterns, pattern_of = grouped([levels[:, number] for number in range(len(words))])
    declared = np.array([word.column.level for word in words])
    apart = [(int(np.abs(levels[first] - declared).sum()), number) for number, first in enumerate(patterns)]
    for _, number in sorted(apart):
        left, classes = np.flatnonzero(place < 0), np.flatnonzero(pattern_of == number)
        level = levels[patterns[number]]
        called = np.stack([word.of(group, int(level[at]))[left] for at, word in enumerate(words)], axis=1)
        found = places_in(called, labels[classes])
        place[left] = np.where(found >= 0, classes[found], -1)
    return place

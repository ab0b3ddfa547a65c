"""Axes: the dimensions of a table's records as numbers, so that one small number stands for all codes of a record.

The codes of a finest level stand in the order of the coarser ones that hold them, so that each coarser code is a run of
finer ones and is called by the first of them. One more place is for what is missing, and one for what nobody listed.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from jalostamo.producing.cubes.definition import Dimension

type Levels = tuple[int, ...]
"""By dimension, a shown level counted from 0; one past the last is the total."""


@dataclass(frozen=True)
class Axis:
    """An axis is a dimension as numbers: `fine` its finest codes in their order, two further numbers for what has none."""

    dimension: Dimension

    @cached_property
    def fine(self) -> tuple[str, ...]:
        """The finest codes, those of one coarser code side by side."""
        levels = range(len(self.dimension.levels) - 1, -1, -1)
        place = [{code: n for n, code in enumerate(level)} for level in self.dimension.levels]
        return tuple(
            sorted(
                self.dimension.levels[0],
                key=lambda code: [place[n][cast("str", self.dimension.at(code, n))] for n in levels],
            )
        )

    @property
    def total(self) -> int:
        """The number of the level that is the total."""
        return len(self.dimension.levels)

    @property
    def radix(self) -> int:
        """How many numbers a record can have here."""
        return len(self.fine) + 2

    @property
    def of_missing(self) -> int:
        """The number of a record with nothing in the field."""
        return len(self.fine) if self.dimension.missing is None else self.fine.index(self.dimension.missing)

    @property
    def of_unlisted(self) -> int:
        """The number of a record whose value the dimension does not list."""
        return len(self.fine) + 1 if self.dimension.other is None else self.fine.index(self.dimension.other)

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """By recorded value, its number."""
        at = {code: n for n, code in enumerate(self.fine)}
        return {value: at[code] for value, code in self.dimension.values.items()}

    def code_at(self, number: int, level: int) -> str:
        """What a finest code is called at a level."""
        return cast("str", self.dimension.at(self.fine[number], level))

    @cached_property
    def firsts(self) -> tuple[NDArray[np.int64], ...]:
        """By level and finest number, the first number of the code that holds it; at the total, 0."""
        made = []
        for level in range(self.total):
            first: dict[str, int] = {}
            found = [first.setdefault(self.code_at(n, level), n) for n in range(len(self.fine))]
            made.append(np.array(found, dtype=np.int64))
        return (*made, np.zeros(len(self.fine), dtype=np.int64))

    @cached_property
    def places(self) -> tuple[NDArray[np.int64], ...]:
        """By level and finest number, the place of its code among all codes of the dimension; the total is the last."""
        codes = self.dimension.codes
        place = {code: n for n, code in enumerate(codes)}
        made = [
            np.array([place[self.code_at(n, level)] for n in range(len(self.fine))], dtype=np.int64)
            for level in range(self.total)
        ]
        return (*made, np.full(len(self.fine), len(codes), dtype=np.int64))

    def constant_from(self, pairs: Sequence[tuple[int, int]]) -> int:
        """The first level at which no unit has two codes, given the first and last number of each unit."""
        for level in range(self.total):
            first = self.firsts[level]
            if all(first[low] == first[high] for low, high in pairs):
                return level
        return self.total


@dataclass(frozen=True)
class Grid:
    """A grid is the axes of one table, and `outer` places beside them (the steps of a path); one number names a cell."""

    axes: tuple[Axis, ...]
    outer: int = 1
    strides: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        radices = [axis.radix for axis in self.axes]
        strides = tuple(math.prod(radices[n + 1 :]) for n in range(len(radices)))
        object.__setattr__(self, "strides", strides)

    @property
    def size(self) -> int:
        """How many cells one outer place has."""
        return math.prod(axis.radix for axis in self.axes)

    @property
    def shape(self) -> tuple[int, ...]:
        """The codes of each dimension, the total as one more."""
        return tuple(len(axis.dimension.codes) + 1 for axis in self.axes)

    def coarser(self, held: Levels, wanted: Levels) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The cells at the levels that are held, and what each is called at coarser ones."""
        before, after = self.called(held), self.called(wanted)
        cells, first = np.unique(before, return_index=True)
        return cells, after[first]

    def called(self, levels: Levels) -> NDArray[np.int64]:
        """What each finest cell that is listed is called at some levels."""
        cells = np.arange(self.outer, dtype=np.int64) * self.size
        for axis, stride, level in zip(self.axes, self.strides, levels, strict=True):
            cells = (cells[:, None] + axis.firsts[level][None, :] * stride).reshape(-1)
        return cells

    def digits(self, cells: NDArray[np.int64]) -> list[NDArray[np.int64]]:
        """By axis, the numbers of cells."""
        return [cells // stride % axis.radix for axis, stride in zip(self.axes, self.strides, strict=True)]

    def places(self, cells: NDArray[np.int64], levels: Levels) -> tuple[NDArray[np.int64], ...]:
        """Where cells at some levels stand: the outer place, then one per dimension."""
        found = zip(self.axes, self.digits(cells), levels, strict=True)
        return (cells // self.size, *(axis.places[level][digit] for axis, digit, level in found))

    def first_called(self, cells: NDArray[np.int64], levels: Levels) -> NDArray[np.bool_]:
        """Whether no finer level calls a cell as these do: a code may stand at several levels, and is one cell."""
        found = np.ones(len(cells), dtype=bool)
        for axis, digit, level in zip(self.axes, self.digits(cells), levels, strict=True):
            for finer in range(level):
                found &= axis.places[level][digit] != axis.places[finer][digit]
        return found

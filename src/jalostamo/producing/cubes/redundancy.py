"""Redundancy: how much of what a cube prints of one set of units can be reckoned from its other sets, by its definition alone.

Sets add up where a code is made of finer ones, where measures part a table's units by what they ask, where a grid is read
from both ends or over a field that is listed, and where steps go on from each other; the fewer codes the impossible ones
leave, the less is left. Whether units have one code each is not known beforehand: they are taken to. Nothing here looks at
a count.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from jalostamo.producing.cubes.boxes import NONE, Box, boxes_of, impossible_words
from jalostamo.producing.cubes.definition import CubeDefinition, Dimension, Measure
from jalostamo.producing.cubes.families import Left, Reals, left_by_overlap, left_in_family, left_under, overlap_of
from jalostamo.producing.cubes.identities import values_by_code

_ROUNDED: Final = 9
_REST: Final = "\0rest"


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis is one thing by which a cube tells sets of units apart: a dimension, what measures ask, the steps of a path."""

    name: str
    left: tuple[Left, ...]

    @classmethod
    def of(cls, name: str, left: Iterable[Left]) -> Axis:
        """The axis with those of its sets of which no other is worse off in any company."""
        kept: list[Left] = []
        for low, within in sorted({(round(a, _ROUNDED), round(b, _ROUNDED)) for a, b in left}, key=_worst_first):
            if all(within > other for _, other in kept):
                kept.append((low, within))
        return cls(name, tuple(kept))


@dataclass(frozen=True, slots=True)
class Shape:
    """A shape is how the sets of units of one table add up: sets of different tables do not.

    `bases` are, by dimension, the values of its field that measures let through, None for all; `impossible` those that
    cannot be, in one row or another of the other dimensions; `further` are the axes that are no dimensions.
    """

    bases: Mapping[str, tuple[frozenset[str] | None, ...]]
    impossible: Mapping[str, Collection[frozenset[str]]]
    further: tuple[Axis, ...]

    def axis(self, dimension: Dimension, levels: Collection[int]) -> Axis:
        """What the codes of some shown levels leave each other."""
        bases = self.bases[dimension.name]
        shown = {code for level in levels for code in dimension.levels[level]}
        every = frozenset().union(*values_by_code(dimension).values(), *(base for base in bases if base is not None))
        sets: set[frozenset[str]] = set()
        for base in bases:
            sets.add(every if base is None else base)
            sets |= {words for code, words in values_by_code(dimension, base).items() if code in shown}
        rows = {frozenset(words - none for words in sets) for none in (frozenset(), *self.impossible[dimension.name])}
        return Axis.of(dimension.name, [left for row in rows for left in left_in_family(row)])


def share_left(definition: CubeDefinition) -> float:
    """The smallest share of a small cell's noise that least squares over everything the cube prints leave."""
    return min(
        least_left((*(shape.axis(d, range(len(d.levels))) for d in definition.dimensions), *shape.further))
        for shape in shapes(definition)
    )


def shapes(definition: CubeDefinition) -> tuple[Shape, ...]:
    """The shape of each table of which a cube asks something."""
    tables: dict[str, list[Measure]] = {}
    for measure in definition.measures:
        tables.setdefault(measure.table, []).append(measure)
    return tuple(_shape(definition, measures) for measures in tables.values())


def least_left(axes: Iterable[Axis]) -> float:
    """The share that is left of the noise of the cell that keeps the least.

    What an axis leaves multiplies. The sets within a small cell are no help: one unit or two are parted once at most, by
    whatever they are cut, and the same units print the same number; so what lies within is taken off again.
    """
    found = np.ones((1, 2))
    for axis in axes:
        known = 1 / np.array(axis.left)
        found = np.unique((found[:, None, :] * known[None, :, :]).reshape(-1, 2).round(_ROUNDED), axis=0)
    return float((1 / (1 + found[:, 0] - found[:, 1])).min())


def _worst_first(left: Left) -> tuple[float, float]:
    return left[0], -left[1]


def _shape(definition: CubeDefinition, measures: Sequence[Measure]) -> Shape:
    boxes = boxes_of(definition, measures)
    fields = {dimension.field for dimension in definition.dimensions}
    others = [{field: values for field, values in box.items() if field not in fields} for box in boxes]
    grids = {measure.grid for measure in measures if measure.kind == "step"}
    counted = any(measure.kind != "step" for measure in measures)
    return Shape(
        {d.name: tuple(dict.fromkeys(box.get(d.field) for box in boxes)) for d in definition.dimensions},
        impossible_words(definition),
        (
            Axis.of("measures", _asked(measures, others)),
            *(Axis.of("steps", left_under(_equations([str(step) for step in grid], counted))) for grid in grids),
        ),
    )


def _asked(measures: Sequence[Measure], boxes: Sequence[Box]) -> list[Left]:
    """What the sets that measures ask for leave each other: those of conditions and of grids, taken as boxes of fields."""
    overlap = np.ones((len(boxes), len(boxes)))
    for field in sorted({field for box in boxes for field in box}):
        known = frozenset().union(*(box[field] for box in boxes if field in box)) | _further(measures, field)
        overlap *= overlap_of([box.get(field, known) for box in boxes])
    return left_by_overlap(overlap)


def _further(measures: Sequence[Measure], field: str) -> frozenset[str]:
    """What else a field may hold: what its filters name, or a rest where they do not say."""
    filters = [each for measure in measures for each in measure.where if each.field == field]
    if field.startswith(NONE):
        return frozenset({NONE})
    return frozenset().union(*(frozenset(each.among) or {_REST} for each in filters), () if filters else {_REST})


def _equations(steps: Sequence[str], counted: bool) -> Reals:
    """What adds up among the steps of a path: who comes to a service goes on from it, or ends there; a row each."""
    ways = [(int(number), *way.partition(">")[::2]) for number, way in (step.split(":") for step in steps)]
    came = {(number + bool(source), target) for number, source, target in ways if target}
    into = np.array([[n + bool(s) == number and t == service for n, s, t in ways] for number, service in sorted(came)])
    onward = np.array([[n == number and s == service for n, s, _ in ways] for number, service in sorted(came)])
    rows = into[onward.any(axis=1)].astype(float) - onward[onward.any(axis=1)]
    if not counted:
        return np.asarray(rows)
    begun = np.array([not source for _, source, _ in ways], dtype=float)
    # All units are one number more, the sum of those that begin.
    return np.block([[rows, np.zeros((len(rows), 1))], [begun, -np.ones(1)]])

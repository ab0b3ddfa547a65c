"""Boxes: what a record must hold, field by field, to be counted at a place of a measure; by the definition alone.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import product
from typing import Final

from jalostamo.producing.cubes.definition import ON_A_GRID, CubeDefinition, Dimension, Measure
from jalostamo.producing.cubes.identities import Sets, sets_of, values_by_code

NONE: Final = "\0none"
"""Before the name of a field, a field of its own: between which cuts of all grids the number lies."""

_LOW: Final = ("at_most", "ended")
"""Kinds that read a grid from below; at_risk reads it from above."""

type Box = Sets
"""What each field of a unit's records has to hold; a field that is not named may hold anything."""

type Cuts = Mapping[str, Mapping[tuple[float, bool], int]]
type Row = frozenset[tuple[str, str]]
"""Finest codes of some dimensions."""


def boxes_of(definition: CubeDefinition, measures: Sequence[Measure]) -> list[Box]:
    """What each place of each measure of a table asks; places that ask for nobody are left out."""
    cuts, listed = _cuts(measures), _listed(definition, measures)
    by_step = any(each.field == "step" for measure in measures for each in measure.where)
    boxes: list[Box] = []
    for measure in measures:
        base = sets_of(definition, measure)
        if measure.kind == "step":
            boxes += [base, *(_within(base, _step(str(step))) for step in measure.grid if by_step)]
        elif measure.of in listed and measure.kind in ON_A_GRID:
            boxes += [_within(base, each) for each in _among(measure, listed[str(measure.of)])]
        else:
            boxes += [{**base, **each} for each in _between(measure, cuts)]
    return [box for box in boxes if all(box.values())]


def impossible_words(definition: CubeDefinition) -> Mapping[str, Collection[frozenset[str]]]:
    """By dimension, the values that cannot be in a row of the others, for each such row that the definition tells of."""
    dimensions = {dimension.name: dimension for dimension in definition.dimensions}
    found: dict[str, dict[Row, frozenset[str]]] = {name: {} for name in dimensions}
    for zero in definition.structural_zeros:
        for name, code in zero.items():
            words = values_by_code(dimensions[name])[code]
            others = [
                [(other, fine) for fine in _beneath(dimensions[other], zero[other])] for other in zero if other != name
            ]
            for row in map(frozenset, product(*others)):
                found[name][row] = found[name].get(row, frozenset()) | words
    return {name: {_with_others(row, rows) for row in rows} for name, rows in found.items()}


def _with_others(row: Row, rows: Mapping[Row, frozenset[str]]) -> frozenset[str]:
    """What cannot be in a row, with what cannot be in rows of further dimensions that may come together with it."""
    held = dict(row)
    return frozenset().union(*(words for other, words in rows.items() if all(held.get(n, c) == c for n, c in other)))


def _beneath(dimension: Dimension, code: str) -> list[str]:
    return [fine for fine in dimension.levels[0] if dimension.holds(code, fine)]


def _listed(definition: CubeDefinition, measures: Sequence[Measure]) -> Mapping[str, frozenset[str]]:
    """By field that grids look at, the values that dimensions or filters name of it, where any do."""
    looked_at = {measure.of for measure in measures if measure.of}
    found: dict[str, frozenset[str]] = {}
    for dimension in definition.dimensions:
        if dimension.field in looked_at:
            found[dimension.field] = frozenset(dimension.values)
    for each in (*definition.filters, *(each for measure in measures for each in measure.where)):
        if each.field in looked_at:
            found[each.field] = found.get(each.field, frozenset()) | {*each.values, *each.among}
    return found


def _among(measure: Measure, words: frozenset[str]) -> list[Box]:
    """What each place asks of a field of which the values are listed: those on its side of the point."""
    field, low = str(measure.of), measure.kind in _LOW
    numbers = {word: float(word) for word in words if _is_number(word)}
    boxes: list[Box] = [{field: words}] if "" in measure.places else []
    for point in map(float, measure.grid):
        boxes.append({field: frozenset(w for w, n in numbers.items() if (n <= point if low else n >= point))})
    return boxes


def _within(base: Box, further: Box) -> Box:
    return {**base, **{field: words & base.get(field, words) for field, words in further.items()}}


def _step(step: str) -> Box:
    number, _, way = step.partition(":")
    source, _, target = way.partition(">")
    return {name: frozenset({word}) for name, word in (("step", number), ("source", source), ("target", target))}


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _cuts(measures: Sequence[Measure]) -> Cuts:
    """By field, the place of each point, read from below or from above.

    A point from below and the next from above are taken for one cut: whether anybody lies between cannot be known.
    """
    points: dict[str, set[tuple[float, bool]]] = {}
    for measure in measures:
        if measure.of:
            numbers = [float(point) for point in measure.grid]
            points.setdefault(measure.of, set()).update((number, measure.kind not in _LOW) for number in numbers)
    places: dict[str, dict[tuple[float, bool], int]] = {}
    for field, found in points.items():
        cut, before, own = 0, True, places.setdefault(field, {})
        for number, above in sorted(found):
            joined = above and not before
            cut += not joined
            own[number, above], before = cut, above or joined
    return places


def _between(measure: Measure, grids: Cuts) -> list[Box]:
    """What each place of a measure asks of the field that it looks at: between which cuts its number lies."""
    if measure.of is None:
        return [{}]
    field, cuts = f"{NONE}{measure.of}", grids[measure.of]
    last = max(cuts.values(), default=0)
    every = frozenset(str(cut) for cut in range(last + 1))
    boxes: list[Box] = [{field: every}] if "" in measure.places else []
    for point in measure.grid:
        cut = cuts[float(point), measure.kind not in _LOW]
        from_below = frozenset(str(place) for place in range(cut))
        boxes.append({field: from_below if measure.kind in _LOW else every - from_below})
    return boxes

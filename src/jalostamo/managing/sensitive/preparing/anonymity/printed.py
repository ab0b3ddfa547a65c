"""Printed cells as an attacker compares them with rows: by those dimensions alone that are columns of the rows, too.

Handbook 2.6, phases 5 and 8.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from jalostamo.managing.releasing import TOTAL
from jalostamo.managing.sensitive.validation.attacks.sequences import PrintedCounts

if TYPE_CHECKING:
    from jalostamo.managing.releasing import CellDimension, CubeCells
    from jalostamo.managing.sensitive.preparing.anonymity.recipe import QuasiIdentifier, Recipe

type Pattern = tuple[int | None, ...]


def printed_beside(
    cubes: Sequence[CubeCells], recipe: Recipe, levels: Sequence[int]
) -> tuple[tuple[PrintedCounts, ...], tuple[str, ...]]:
    """What of each cube can be compared with rows at these levels, and the cubes of which nothing can."""
    found = [tuple(_comparable(cube, recipe, levels)) for cube in cubes]
    nothing = tuple(cube.name for cube, counts in zip(cubes, found, strict=True) if not counts)
    return tuple(counts for each in found for counts in each), nothing


def _comparable(cube: CubeCells, recipe: Recipe, levels: Sequence[int]) -> Iterator[PrintedCounts]:
    known = [_labels(dimension, recipe, levels) for dimension in cube.dimensions]
    by_pattern: dict[Pattern, dict[tuple[str, ...], int]] = {}
    for codes, count in cube.cells.items():
        found = [_called(code, labels) for code, labels in zip(codes, known, strict=True)]
        if all(each is not None for each in found):
            at = [each for each in found if each is not None]
            labels = tuple(label for level, label in at if level is not None)
            by_pattern.setdefault(tuple(level for level, _ in at), {})[labels] = count
    names = [dimension.field for dimension in cube.dimensions]
    for pattern, cells in sorted(by_pattern.items(), key=lambda item: str(item[0])):
        chosen = {name: level for name, level in zip(names, pattern, strict=True) if level is not None}
        by = ", ".join(chosen) or "nothing"
        yield PrintedCounts(chosen, cells, cube.noise, name=f"{cube.name} by {by}")


def _called(code: str, labels: Mapping[str, tuple[int, str]]) -> tuple[int | None, str] | None:
    """The level and the label that a code stands for; no level for the total, None for what no level of the rows has."""
    return (None, TOTAL) if code == TOTAL else labels.get(code)


def _labels(dimension: CellDimension, recipe: Recipe, levels: Sequence[int]) -> dict[str, tuple[int, str]]:
    for q, level in zip(recipe.quasi, levels, strict=True):
        if q.column == dimension.field:
            return {
                code: (at, label)
                for codes in reversed(dimension.codes)
                for at, called in _levels_alike(q, level, codes)
                for code, label in called.items()
            }
    return {}


def _levels_alike(q: QuasiIdentifier, least: int, codes: Mapping[str, str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The levels from the released one on that hold the same values together as the codes do; the coarsest first."""
    every = q.hierarchy.levels if q.hierarchy else ({value: value for value in codes},)
    for at in reversed(range(least, len(every))):
        pairs = {(codes[value], label) for value, label in every[at].items() if value in codes}
        is_alike = len({code for code, _ in pairs}) == len({label for _, label in pairs}) == len(pairs)
        if pairs and is_alike:
            yield at, dict(pairs)

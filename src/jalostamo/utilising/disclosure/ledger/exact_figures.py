"""Exact figures published elsewhere about the same population, and the printed cells that they would lay bare.

A cell is laid bare where these figures and the printed counts together leave one true count, or only counts that are
never printed. What no printed cell adds to is laid bare by others: that is refused where it tells of few units.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.errors import Unfit
from jalostamo.producing.cubes.counted import TOTAL
from jalostamo.producing.cubes.identities import narrowed
from jalostamo.utilising.disclosure.ledger.bounds import UNBOUNDED, Bounds, bounds_of, lines_of, tighten
from jalostamo.utilising.disclosure.printed import PrintedContent

IMPOSSIBLE: Final = -1

type Block = tuple[str, str]
"""A measure, and its grid point."""


@dataclass(frozen=True, slots=True)
class ExactCell:
    """An exact cell: a measure's true count where each named dimension has a code, and the others are in total."""

    measure: str
    at: str
    coordinates: Mapping[str, str]
    count: int


@dataclass(frozen=True, slots=True)
class ExactFigures:
    """Exact figures of one publication: of whom, when, with which filters (field: recorded values), and the cells.

    `apart` names the dimensions in which each unit is in one part only, so that parts add up to their margin.
    """

    source: str
    population: str
    unit: CustomerKind
    first_day: str
    last_day: str
    filters: Mapping[str, tuple[str, ...]]
    apart: tuple[str, ...]
    cells: tuple[ExactCell, ...]

    def __post_init__(self) -> None:
        told: dict[tuple[object, ...], int] = {}
        for cell in self.cells:
            key = (cell.measure, cell.at, *sorted(cell.coordinates.items()))
            if cell.count < 0 or told.setdefault(key, cell.count) != cell.count:
                raise Unfit(
                    "Exact figures hold a negative count, or two counts for one cell.", reason="exact_figures_form"
                )


@dataclass(frozen=True, slots=True)
class LaidBare:
    """A printed cell whose true count others could reckon: exactly, or as one of those that are never printed."""

    measure: str
    at: str
    coordinates: Mapping[str, str]
    how: Literal["exact", "never_printed"]


def laid_bare(content: PrintedContent, figures: Sequence[ExactFigures]) -> tuple[LaidBare, ...]:
    """The printed cells that exact figures would lay bare, all publications together."""
    about = [each for each in figures if is_about(each, content)]
    apart = {name for each in about for name in each.apart}
    blocks: dict[Block, list[ExactCell]] = {}
    for cell in chain.from_iterable(each.cells for each in about):
        blocks.setdefault((cell.measure, cell.at), []).append(cell)
    return tuple(chain.from_iterable(_in_block(content, block, cells, apart) for block, cells in blocks.items()))


def is_about(figures: ExactFigures, content: PrintedContent) -> bool:
    """Whether figures are about the very units that a cube counts: the same population, unit, period and filters."""
    definition = content.definition
    days = str(definition.first_day), str(definition.last_day)
    same = (figures.population, figures.unit) == (definition.population, definition.unit)
    filters = {field: frozenset(values) for field, values in figures.filters.items()}
    return same and (figures.first_day, figures.last_day) == days and filters == narrowed({}, definition.filters)


def _in_block(content: PrintedContent, block: Block, cells: Sequence[ExactCell], apart: set[str]) -> Iterator[LaidBare]:
    words, printed = _block(content, block)
    known = _known(content, words, cells)
    if not known:
        return
    lines = lines_of(content.definition.dimensions, words, apart)
    alone = bounds_of(printed, content.noise)
    both, theirs = alone.copy(), Bounds(np.zeros_like(printed), np.full_like(printed, UNBOUNDED))
    for place, count in known.items():
        _set(both, place, count)
        _set(theirs, place, count)
    for bounds in (alone, both, theirs):
        tighten(bounds, lines)
    if both.contradict:
        raise _contradiction(block)
    bare = _bare(content, alone, both, theirs) & (printed != IMPOSSIBLE)
    names = [dimension.name for dimension in content.definition.dimensions]
    for found in np.argwhere(bare):
        place = tuple(found)
        coordinates = {name: axis[at] for name, axis, at in zip(names, words, place, strict=True)}
        shown = {name: code for name, code in coordinates.items() if code != TOTAL}
        yield LaidBare(*block, shown, "exact" if both.exact[place] else "never_printed")


def _bare(content: PrintedContent, alone: Bounds, both: Bounds, theirs: Bounds) -> NDArray[np.bool_]:
    never = content.noise.never
    now = both.exact | both.small(never)
    # What the cube lays bare by itself is not for these figures to mend; the noise allows it about once in a million lines.
    before = alone.exact | alone.small(never)
    few = (theirs.low >= 1) & (theirs.high < content.rule.least)
    return now & ~before & (~theirs.exact | few)


def _set(bounds: Bounds, place: tuple[int, ...], count: int) -> None:
    bounds.low[place] = max(bounds.low[place], count)
    bounds.high[place] = min(bounds.high[place], count)


def _block(content: PrintedContent, block: Block) -> tuple[list[list[str]], NDArray[np.int64]]:
    """The printed counts of a measure at a grid point, as an array with one axis per dimension."""
    cells = content.cells
    told = cells.filter(pc.and_(pc.equal(cells["measure"], block[0]), pc.equal(cells["at"], block[1])))
    words, places = [], []
    for dimension in content.definition.dimensions:
        found = sorted(told[dimension.name].unique().to_pylist())
        words.append(found)
        places.append(pc.index_in(told[dimension.name], pa.array(found, pa.string())).to_numpy())
    # One axis more than there are dimensions, so that a cube without any is laid out like the others.
    printed = np.full([1, *(len(found) for found in words)], IMPOSSIBLE, dtype=np.int64)
    printed[(np.zeros(told.num_rows, dtype=np.int64), *places)] = pc.fill_null(told["printed"], IMPOSSIBLE).to_numpy()
    return words, np.asarray(printed[0])


def _known(
    content: PrintedContent, words: Sequence[Sequence[str]], cells: Sequence[ExactCell]
) -> dict[tuple[int, ...], int]:
    """The exact counts by their places in the block; those of cells that the cube does not have are left out."""
    names = [dimension.name for dimension in content.definition.dimensions]
    known = {}
    for cell in cells:
        codes = [cell.coordinates.get(name, TOTAL) for name in names]
        inside = all(code in axis for code, axis in zip(codes, words, strict=True))
        if inside and not cell.coordinates.keys() - set(names):
            known[tuple(axis.index(code) for code, axis in zip(codes, words, strict=True))] = cell.count
    return known


def _contradiction(block: Block) -> Unfit:
    return Unfit(
        f"Exact figures of '{block[0]}' cannot be of the units that were counted: look whether their population, "
        "period and filters are the cube's, and whether each unit really is in one part of the dimensions named apart.",
        reason="exact_figures_contradict",
    )

"""Queries of a printed cube: choosing, ordering, cutting, colouring; everything is decided on printed numbers.

No number is added up here: a total is a cell of its own, and where there is no such cell there is no total.

Handbook 2.3 (dynamic: drilling, predefined filters).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product
from typing import Final, Literal, cast

import pyarrow.compute as pc

from jalostamo.concepts.errors import Misused
from jalostamo.concepts.languages import Text
from jalostamo.producing.cubes.definition import TOTAL, Dimension
from jalostamo.utilising.disclosure.printed import PrintedCube

Order = Literal["code", "least", "most"]
COLOURS: Final = 5


class Emptiness(StrEnum):
    """Emptiness says why an answer has nothing to show."""

    FILLED = "filled"
    NOTHING_PRINTED = "nothing_printed"
    IMPOSSIBLE = "impossible"
    NONE_CHOSEN = "none_chosen"


EMPTY_TEXTS: Final[Mapping[Emptiness, Text]] = {
    Emptiness.NOTHING_PRINTED: Text(
        "Ei ketään, tai liian harva näytettäväksi.",
        "Ingen, eller för få för att visas.",
        "Nobody, or too few to be shown.",
    ),
    Emptiness.IMPOSSIBLE: Text("Tällaista ei voi olla.", "Sådant kan inte finnas.", "There can be none such."),
    Emptiness.NONE_CHOSEN: Text(
        "Mikään luku ei täytä ehtoa.", "Inget tal uppfyller villkoret.", "No number meets the condition."
    ),
}
"""What a reader sees in place of an empty answer: the same words for none as for too few."""


@dataclass(frozen=True, slots=True)
class Query:
    """A query asks for the cells of one measure: by some dimensions at a shown level (counted from 0), where codes hold.

    Several codes of one dimension can be asked only where a printed cell holds just them, or where `by` shows them apart.
    `at_least` leaves out smaller printed numbers; `top` keeps the first ones in `order`.
    """

    measure: str
    at: str = ""
    by: Mapping[str, int] = field(default_factory=dict)
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    order: Order = "code"
    at_least: int | None = None
    top: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row of an answer is one printed cell: its codes in the order of the query's dimensions, and what is printed.

    `printed` is None where there can be nothing, `amount` where there is none or the rule hides it.
    """

    codes: tuple[str, ...]
    printed: int | None
    amount: float | None
    status: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer is rows, their total as printed (None where no cell is their total), and why there is nothing, if so."""

    dimensions: tuple[str, ...]
    rows: tuple[Row, ...]
    total: Row | None
    emptiness: Emptiness


def answer(cube: PrintedCube, query: Query) -> Answer:
    """Answer a query from printed cells alone."""
    dimensions = {dimension.name: dimension for dimension in cube.dimensions}
    _refuse_unknown(cube, query, dimensions)
    leaves = {name: _leaves(dimensions[name], codes) for name, codes in query.where.items()}
    names = tuple(name for name in dimensions if name in query.by)
    fixed = {name: _cell_code(dimensions[name], leaves.get(name)) for name in dimensions}
    apart = [name for name in dimensions if name not in names and fixed[name] is None]
    if apart:
        raise Misused(
            f"No printed cell holds just those codes of {', '.join(apart)}, and printed cells are not added up: ask by "
            "that dimension, or for one code.",
            reason="cells_not_added",
        )
    shown = [_shown(dimensions[name], query.by[name], leaves.get(name)) for name in names]
    held = {name: code for name, code in fixed.items() if code is not None and name not in names}
    every = [_row(cube, query, held, dict(zip(names, codes, strict=True))) for codes in product(*shown)]
    chosen = [row for row in every if query.at_least is None or (row.printed or 0) >= query.at_least]
    rows = tuple(ordered(chosen, query.order)[: query.top])
    total = None
    if all(fixed[name] is not None for name in names):
        total = _row(cube, query, {name: str(code) for name, code in fixed.items()}, {})
    return Answer(names, rows, total, _emptiness(every, rows))


def told_by(cube: PrintedCube, measure: str) -> tuple[str, ...]:
    """The dimensions whose codes a measure has cells for; it has the others in total alone."""
    cells = cube.cells.filter(pc.equal(cube.cells["measure"], measure))
    return tuple(dimension.name for dimension in cube.dimensions if len(cells[dimension.name].unique()) > 1)


def ordered(rows: Sequence[Row], order: Order) -> list[Row]:
    """Rows in an order of printed numbers; what prints alike stays in the order of the definition, as do impossible cells last."""
    if order == "code":
        return list(rows)
    sign = -1 if order == "most" else 1
    return sorted(rows, key=lambda row: (row.printed is None, sign * (row.printed or 0)))


def colour_classes(rows: Sequence[Row], classes: int = COLOURS) -> tuple[int | None, ...]:
    """A colour for each row, from 0 for nothing printed up to `classes`; None where there can be nothing.

    The classes hold about as many different printed numbers each, so that the breaks tell no more than the numbers do.
    """
    numbers = sorted({row.printed for row in rows if row.printed})
    colour = {number: 1 + place * classes // len(numbers) for place, number in enumerate(numbers)}
    return tuple(None if row.printed is None else colour.get(row.printed, 0) for row in rows)


def _refuse_unknown(cube: PrintedCube, query: Query, dimensions: Mapping[str, Dimension]) -> None:
    unknown = {*query.by, *query.where} - set(dimensions)
    if unknown or query.measure not in {measure.name for measure in cube.measures}:
        raise Misused(
            f"The cube has the measures {', '.join(m.name for m in cube.measures)} and the dimensions "
            f"{', '.join(dimensions) or 'none'}: nothing else can be asked.",
            reason="query_unknown",
        )
    for name, level in query.by.items():
        if not 0 <= level < len(dimensions[name].levels):
            raise Misused(
                f"Dimension '{name}' has levels 0 to {len(dimensions[name].levels) - 1}.", reason="query_unknown"
            )
    if query.order not in {"code", "least", "most"} or (query.top is not None and query.top < 0):
        raise Misused("An order is one of code, least, most; 'top' is not negative.", reason="query_unknown")


def _leaves(dimension: Dimension, codes: Sequence[str]) -> frozenset[str]:
    """The finest codes that a filter lets through."""
    if not codes or set(codes) - {*dimension.codes, TOTAL}:
        raise Misused(
            f"Dimension '{dimension.name}' has a closed set of {len(dimension.codes)} codes: name some of them.",
            reason="filter_unknown",
        )
    return frozenset(leaf for code in codes for leaf in _beneath(dimension, code))


def _beneath(dimension: Dimension, code: str) -> frozenset[str]:
    finest = dimension.levels[0]
    return frozenset(finest) if code == TOTAL else frozenset(leaf for leaf in finest if dimension.holds(code, leaf))


def _cell_code(dimension: Dimension, leaves: frozenset[str] | None) -> str | None:
    """The one code whose cell holds just these finest codes, however they were named; None where there is none."""
    if leaves is None:
        return TOTAL
    coarsest_first = (TOTAL, *reversed(dimension.codes))
    return next((code for code in coarsest_first if _beneath(dimension, code) == leaves), None)


def _shown(dimension: Dimension, level: int, leaves: frozenset[str] | None) -> Sequence[str]:
    """The codes of a level that a filter lets through whole; one that it would cut is refused, since it has no cell."""
    codes = dimension.levels[level]
    if leaves is None:
        return codes
    cut = [code for code in codes if _beneath(dimension, code) & leaves and not _beneath(dimension, code) <= leaves]
    if cut:
        raise Misused(
            f"The filter on '{dimension.name}' cuts through {len(cut)} codes of level {level}: ask by a finer level.",
            reason="cells_not_added",
        )
    return [code for code in codes if _beneath(dimension, code) <= leaves]


def _row(cube: PrintedCube, query: Query, held: Mapping[str, str], codes: Mapping[str, str]) -> Row:
    coordinates = {**held, **codes}
    printed, amount, status = (
        cube.content.value(column, query.measure, query.at, coordinates) for column in ("printed", "amount", "status")
    )
    return Row(tuple(codes.values()), cast("int | None", printed), cast("float | None", amount), str(status))


def _emptiness(every: Sequence[Row], rows: Sequence[Row]) -> Emptiness:
    if any(row.printed for row in rows):
        return Emptiness.FILLED
    if not any(row.printed for row in every):
        impossible = all(row.printed is None for row in every)
        return Emptiness.IMPOSSIBLE if impossible else Emptiness.NOTHING_PRINTED
    return Emptiness.NONE_CHOSEN

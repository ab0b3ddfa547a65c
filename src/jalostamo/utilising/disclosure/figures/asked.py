"""Figures asked of a printed cube by the codes of its dimensions: which printed cells each of them is reckoned from.

A figure is None where there can be nothing. Nothing is read but printed cells.

Handbook 2.3 (dynamic: drilling, predefined filters).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final, cast

from jalostamo.concepts.errors import Misused
from jalostamo.producing.cubes.identities import sets_of
from jalostamo.utilising.disclosure.figures.correlations import Association, TwoWayTable, correlation, cramers_v
from jalostamo.utilising.disclosure.figures.maps import StepMap, step_cell, step_map
from jalostamo.utilising.disclosure.figures.quantiles import CumulativeCounts, Quantile, quantile
from jalostamo.utilising.disclosure.figures.survival import Survival, SurvivalCounts, survival
from jalostamo.utilising.disclosure.queries import Query, Row, answer

if TYPE_CHECKING:
    from jalostamo.producing.cubes.definition import Dimension, Kind, Measure
    from jalostamo.utilising.disclosure.noise import NoiseTable
    from jalostamo.utilising.disclosure.printed import PrintedCube

BEYOND_NOISE: Final = 5.0
"""By more of its standard deviations than this, noise alone does not part the sum of a table's cells from their total."""

type Codes = tuple[str, ...]
type Told = Mapping[Codes, Mapping[str, int | None]]


@dataclass(frozen=True, slots=True)
class Asked[Figure]:
    """What was asked: the measure, the dimensions in whose codes the figures are told, and one figure for each."""

    measure: Measure
    dimensions: tuple[str, ...]
    figures: Mapping[Codes, Figure | None]


@dataclass(frozen=True, slots=True)
class AskedAssociation:
    """What was asked of two dimensions, in the cube's order, and whether both are ordered, so that they correlate."""

    measure: Measure
    dimensions: tuple[str, str]
    is_ordered: bool
    association: Association


def measure_of(cube: PrintedCube, kind: Kind, name: str) -> Measure:
    """The measure of that kind and name; with an empty name, the cube's first one of the kind."""
    of_kind = [measure for measure in cube.measures if measure.kind == kind]
    found = next((measure for measure in of_kind if name in {"", measure.name}), None)
    if found is None:
        has = f"it has {', '.join(measure.name for measure in of_kind)}" if of_kind else "the cube has none"
        raise Misused(f"This is asked of a measure of kind {kind}: {has}.", reason="figure_kind")
    return found


def quantiles_asked(cube: PrintedCube, query: Query, share: float) -> Asked[Quantile]:
    """The value that a share of the units do not pass, by the codes that a query asks by."""
    if not 0 < share < 1:
        raise Misused("A quantile is between 0 and 1, as 0.5 for the median.", reason="figure_share")
    measure = measure_of(cube, "at_most", query.measure)
    dimensions, told = _told(cube, query, measure)
    figures: dict[Codes, Quantile | None] = {}
    for codes, printed in told.items():
        base, *below = (printed[place] for place in measure.places)
        figures[codes] = None
        if base is not None:
            counts = CumulativeCounts(_numbers(measure), _counts(below), base)
            figures[codes] = quantile(counts, share, noise=cube.noise, rule=cube.rule)
    return Asked(measure, dimensions, figures)


def survivals_asked(cube: PrintedCube, query: Query, ended: str) -> Asked[Survival]:
    """The curves of those at risk (the query's measure) of whom some ended, by the codes that a query asks by."""
    at_risk, ends = measure_of(cube, "at_risk", query.measure), measure_of(cube, "ended", ended)
    _refuse_no_pair(cube, at_risk, ends)
    dimensions, told = _told(cube, query, at_risk)
    _, told_ended = _told(cube, query, ends)
    figures: dict[Codes, Survival | None] = {}
    for codes, printed in told.items():
        figures[codes] = None
        if None not in printed.values():
            columns = (_counts(each[place] for place in at_risk.places) for each in (printed, told_ended[codes]))
            counts = SurvivalCounts(_numbers(at_risk), *columns)
            _refuse_more_ended(counts, cube.noise)
            figures[codes] = survival(counts, noise=cube.noise, rule=cube.rule)
    return Asked(at_risk, dimensions, figures)


def maps_asked(cube: PrintedCube, query: Query) -> Asked[StepMap]:
    """The maps of steps, by the codes that a query asks by."""
    measure = measure_of(cube, "step", query.measure)
    dimensions, told = _told(cube, query, measure)
    figures: dict[Codes, StepMap | None] = {}
    for codes, printed in told.items():
        cells = [step_cell(place, count) for place, count in printed.items() if count is not None]
        figures[codes] = step_map(cells, noise=cube.noise) if cells else None
    return Asked(measure, dimensions, figures)


def association_asked(cube: PrintedCube, query: Query) -> AskedAssociation:
    """How two dimensions hang together among the units of a measure: a correlation where both are ordered, else Cramer's V."""
    if len(query.by) != 2:
        raise Misused("An association is between two dimensions: name both with --by.", reason="figure_dimensions")
    measure = measure_of(cube, "units", query.measure)
    found = answer(cube, replace(query, measure=measure.name))
    if found.total is None or found.total.printed is None:
        raise Misused(
            "No printed cell holds all of these codes together, and printed cells are not added up: filter by other "
            "dimensions than the two.",
            reason="cells_not_added",
        )
    rows = [len({row.codes[place] for row in found.rows}) for place in (0, 1)]
    if min(rows) < 2:
        raise Misused("An association needs two codes or more of each dimension.", reason="figure_dimensions")
    counts = [row.printed or 0 for row in found.rows]
    _refuse_overlap(cube, measure, found.rows, found.total.printed)
    lines = tuple(tuple(counts[at : at + rows[1]]) for at in range(0, len(counts), rows[1]))
    first, second = (_dimension(cube, name) for name in found.dimensions)
    is_ordered = first.ordered and second.ordered
    reckoned = correlation if is_ordered else cramers_v
    association = reckoned(TwoWayTable(lines, found.total.printed), noise=cube.noise, rule=cube.rule)
    return AskedAssociation(measure, (first.name, second.name), is_ordered, association)


def refuse_no_base(units: int, base: int, *, noise: NoiseTable) -> None:
    """Refuse a share of a base that is smaller than what is to be its part, by more than noise alone would make it."""
    if units - base > BEYOND_NOISE * math.sqrt(2 * noise.variance):
        raise Misused(
            "More units are counted than there are in the base, so that they are no share of it: name a base that holds them.",
            reason="figure_base",
        )


def _told(cube: PrintedCube, query: Query, measure: Measure) -> tuple[tuple[str, ...], Told]:
    """The printed numbers at each place of a measure, by the codes of the dimensions asked by."""
    told: dict[Codes, dict[str, int | None]] = {}
    dimensions: tuple[str, ...] = ()
    for place in measure.places:
        found = answer(cube, replace(query, measure=measure.name, at=place))
        dimensions = found.dimensions
        for row in found.rows:
            told.setdefault(row.codes, {})[place] = row.printed
    return dimensions, told


def _refuse_no_pair(cube: PrintedCube, at_risk: Measure, ends: Measure) -> None:
    """Refuse ends of others than those at risk, or at other points."""
    whole, part = (sets_of(cube.definition, measure) for measure in (at_risk, ends))
    among_them = all(field in part and part[field] <= values for field, values in whole.items())
    if (at_risk.grid, at_risk.of, at_risk.table) != (ends.grid, ends.of, ends.table) or not among_them:
        raise Misused(
            f"'{at_risk.name}' and '{ends.name}' are no pair: those who ended are some of those at risk, counted of the same "
            "field at the same points.",
            reason="figure_pair",
        )


def _refuse_more_ended(counts: SurvivalCounts, noise: NoiseTable) -> None:
    """Refuse a curve of which more ended at a time than were last seen then, by more than noise alone would make it.

    So it is where times that occur lie between the points, or where one unit has several records.
    """
    ended = (after - before for before, after in pairwise((0, *counts.ended)))
    gone = (before - after for before, after in pairwise(counts.at_risk))
    # Who ended by the first point may have ended before it: that is no less a time between points.
    if any(more - seen > BEYOND_NOISE * math.sqrt(4 * noise.variance) for more, seen in zip(ended, gone, strict=False)):
        raise Misused(
            "More ended at a time than were last seen then: let the grid have every time that occurs, and let one record of "
            "each unit be counted.",
            reason="figure_times",
        )


def _refuse_overlap(cube: PrintedCube, measure: Measure, rows: Sequence[Row], base: int) -> None:
    """Refuse a table in which a unit stands in several cells: its sum is then larger than noise alone would make it."""
    if measure.table == cube.definition.described_in:
        return
    cells = [row.printed for row in rows if row.printed is not None]
    if abs(sum(cells) - base) > BEYOND_NOISE * math.sqrt((len(cells) + 1) * cube.noise.variance):
        raise Misused(
            "One unit stands in several cells of this table, so that it tells of no association: take dimensions of which "
            "each unit has one code.",
            reason="figure_overlap",
        )


def _dimension(cube: PrintedCube, name: str) -> Dimension:
    return next(dimension for dimension in cube.dimensions if dimension.name == name)


def _numbers(measure: Measure) -> tuple[float, ...]:
    return tuple(float(point) for point in measure.grid)


def _counts(printed: Iterable[int | None]) -> tuple[int, ...]:
    """What is printed in a row of cells of which one is possible only if all are."""
    return cast("tuple[int, ...]", tuple(printed))

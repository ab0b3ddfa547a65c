"""The printed cells of an analysis, asked for as the analysis speaks, and the shares of two groups that they compare.

Every share, interval and test knows the noise; ages are weighed as where rows may be read.

Handbook 2.2 (comparing language groups that differ in age) and 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from jalostamo.producing.analyses.comparing import DIFFERENCE_COLUMNS, SHARE_COLUMNS, effect_size
from jalostamo.producing.analyses.findings import Found, Value, found
from jalostamo.producing.analyses.inside.definition import GROUP
from jalostamo.producing.analyses.inside.derivations import derivations_in
from jalostamo.producing.analyses.inside.narrowed import AGE
from jalostamo.producing.analyses.journeys import SERVICE, Grain
from jalostamo.producing.analyses.parts import ALL
from jalostamo.producing.analyses.strata import WHOLE
from jalostamo.producing.cubes.definition import TOTAL
from jalostamo.producing.questions import FEWEST_EVENTS
from jalostamo.utilising.disclosure.figures.comparisons import Compared, compared
from jalostamo.utilising.disclosure.figures.estimates import Figure, share
from jalostamo.utilising.disclosure.figures.quantiles import CumulativeCounts, median
from jalostamo.utilising.disclosure.figures.standardising import Standardised, standardised

if TYPE_CHECKING:
    from jalostamo.producing.analyses.asked import Analysis
    from jalostamo.producing.results import Estimate
    from jalostamo.utilising.disclosure.printed import PrintedCube

_HALF: Final = 0.5

type Cell = tuple[str, str, str]
"""A measure, the code of a service or of what else is told, and the point of a grid; empty where there is none."""


@dataclass(frozen=True, slots=True)
class Printed:
    """The printed cells of an analysis, asked for as the analysis speaks."""

    cube: PrintedCube
    analysis: Analysis

    @property
    def grain(self) -> Grain:
        """How finely the journeys told time that were counted."""
        return next(iter(derivations_in(self.cube.definition).values())).narrowed.grain

    @property
    def groups(self) -> tuple[str, ...]:
        """Everybody, then each group."""
        return (ALL, *self.analysis.setting.group_names)

    @property
    def bands(self) -> tuple[str, ...]:
        """The age bands of a comparison; without any, everybody is one."""
        groups = self.analysis.setting.groups
        named = tuple(f"{low}-{high}" for low, high in groups.age_bands) if groups else ()
        return named or (WHOLE,)

    def count(self, measure: str, group: str = ALL, service: str = TOTAL, *, band: str = WHOLE, at: str = "") -> int:
        """The printed persons of a cell."""
        words = {GROUP: group or TOTAL, SERVICE: service, AGE: TOTAL if band == WHOLE else band}
        known = {dimension.name for dimension in self.cube.dimensions}
        return self.cube.count(measure, at, **{name: word for name, word in words.items() if name in known}) or 0

    def median(self, measure: str, group: str, service: str) -> float | None:
        """The median of a measure that has a grid, each person's shortest time; None where it is not told."""
        grid = self.analysis.printing.grid if self.analysis.printing else ()
        if not grid:
            return None
        printed = (0, *(self.count(measure, group, service, at=str(point)) for point in grid))
        # Times are whole, and none is below nought: up to a point they reach half a unit further.
        points = (-_HALF, *(point + _HALF for point in grid))
        counts = CumulativeCounts(points, printed, self.count(measure, group, service))
        estimate = median(counts, noise=self.cube.noise, rule=self.cube.rule).estimate
        return estimate.value if estimate else None

    def share(self, part: Cell, base: str, group: str, *, band: str = WHOLE) -> Figure:
        """The share of a group's base that has a service, in a measure."""
        measure, service, at = part
        units = self.count(measure, group, service or TOTAL, band=band, at=at)
        whole = self.count(base, group, band=band)
        return share(units, whole, noise=self.cube.noise, least=self.cube.rule.least)


def compared_printed(printed: Printed, base: str, cells: Mapping[str, Cell]) -> dict[str, Found]:
    """The share of each group's base that is in each cell, by its subject, and between two groups the differences."""
    groups, pair = printed.analysis.setting.group_names, printed.analysis.setting.compare
    if not groups:
        return {}
    subjects = {
        each: cells[each] for each in sorted(cells) if any(_count(printed, group, cells[each]) for group in groups)
    }
    weights = {
        band: float(sum(printed.count(base, group, band=band) for group in pair or groups)) for band in printed.bands
    }
    adjusted = {each: _adjusted(printed, cell, base, weights) for each, cell in subjects.items()}
    shares = [
        _share_row(printed.share(cell, base, group), each, group, adjusted[each].get(group))
        for each, cell in subjects.items()
        for group in sorted(groups)
    ]
    return {"shares": found(SHARE_COLUMNS, shares), "differences": _differences(printed, subjects, adjusted)}


def _count(printed: Printed, group: str, cell: Cell) -> int:
    measure, service, at = cell
    return printed.count(measure, group, service or TOTAL, at=at)


def _adjusted(printed: Printed, part: Cell, base: str, weights: Mapping[str, float]) -> Mapping[str, Standardised]:
    """The share of each group as if all had the same ages: those compared in the same age bands, the others in theirs."""
    groups, pair = printed.analysis.setting.group_names, printed.analysis.setting.compare
    if sum(weights.values()) <= 0:
        return {}
    parts = {
        group: {band: printed.share(part, base, group, band=band).part for band in printed.bands} for group in groups
    }
    together = pair or groups
    noise, least = printed.cube.noise, printed.cube.rule.least
    made = standardised({group: parts[group] for group in together}, weights, noise=noise, least=least)
    for group in groups:
        if group not in together:
            made |= standardised({group: parts[group]}, weights, noise=noise, least=least)
    return made


def _share_row(figure: Figure, subject: str, group: str, adjusted: Standardised | None) -> Mapping[str, Value]:
    estimate = figure.estimate
    return {
        "subject": subject,
        "group": group,
        "customers": figure.part.units,
        "base": figure.part.base,
        "share": estimate.value if estimate else None,
        "low": estimate.low if estimate else None,
        "high": estimate.high if estimate else None,
        "standardised": adjusted.value if adjusted and not adjusted.withheld else None,
    }


def _differences(
    printed: Printed, cells: Mapping[str, Cell], adjusted: Mapping[str, Mapping[str, Standardised]]
) -> Found:
    pair = printed.analysis.setting.compare
    if pair is None:
        return Found(DIFFERENCE_COLUMNS, ())
    asked = [
        (subject, of[pair[0]], of[pair[1]])
        for subject, of in adjusted.items()
        if of and all(_count(printed, group, cells[subject]) >= FEWEST_EVENTS for group in pair)
    ]
    tested = compared([(one, other) for _, one, other in asked], "difference")
    rows = [
        {**_difference(each, one.value, other.value), "subject": subject, "group": pair[0], "reference": pair[1]}
        for (subject, one, other), each in zip(asked, tested, strict=True)
        if each.contrast.estimate
    ]
    return found(
        DIFFERENCE_COLUMNS, sorted(rows, key=lambda row: (-abs(cast("float", row["effect_size"])), str(row["subject"])))
    )


def _difference(tested: Compared, one: float, other: float) -> dict[str, Value]:
    estimate = cast("Estimate", tested.contrast.estimate)
    return {
        "difference": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "effect_size": effect_size(one, other),
        "p": tested.p,
        "adjusted_p": tested.adjusted_p,
        "differs": tested.differs,
    }

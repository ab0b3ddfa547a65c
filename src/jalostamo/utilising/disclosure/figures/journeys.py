"""Findings of an analysis reckoned from printed cells alone, in the shape of true ones: a link or node that prints 0 is not there.

Every share, interval and test knows the noise; medians are told over ten printed persons, on the analysis' own grid. What
only single events could tell stays empty, and flows are not made to balance.

Handbook 2.2 (the pilot's fourth question) and 2.6, phase 8.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, cast

from jalostamo.concepts.errors import Misused
from jalostamo.producing.analyses.answering import told_of
from jalostamo.producing.analyses.comparing import DIFFERENCE_COLUMNS, SHARE_COLUMNS
from jalostamo.producing.analyses.findings import Findings, Found, Value, found
from jalostamo.producing.analyses.inside.definition import GROUP, codes_of, steps_of
from jalostamo.producing.analyses.inside.derivations import AGE, derivations_in
from jalostamo.producing.analyses.journeys import SERVICE
from jalostamo.producing.analyses.methods.before_after import COLUMNS
from jalostamo.producing.analyses.methods.step_map import END_COLUMNS, STEP_COLUMNS
from jalostamo.producing.analyses.strata import WHOLE
from jalostamo.producing.cubes.definition import TOTAL
from jalostamo.producing.questions import FEWEST_EVENTS
from jalostamo.utilising.disclosure.figures.comparisons import Compared, compared
from jalostamo.utilising.disclosure.figures.estimates import Figure, share
from jalostamo.utilising.disclosure.figures.quantiles import CumulativeCounts, median
from jalostamo.utilising.disclosure.figures.standardising import Standardised, standardised

if TYPE_CHECKING:
    from jalostamo.producing.analyses.asked import Analysis
    from jalostamo.producing.analyses.catalogue import Measured
    from jalostamo.producing.results import Estimate
    from jalostamo.utilising.disclosure.printed import PrintedCube

ALL: Final = ""
"""The group of everybody."""

_HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class _Printed:
    """The printed cells of an analysis, asked for as the analysis speaks."""

    cube: PrintedCube
    analysis: Analysis

    @property
    def groups(self) -> tuple[str, ...]:
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

    def share(self, part: tuple[str, str], base: str, group: str, *, band: str = WHOLE) -> Figure:
        """The share of a group's base that has a service, in a measure."""
        measure, service = part
        units, whole = self.count(measure, group, service, band=band), self.count(base, group, band=band)
        return share(units, whole, noise=self.cube.noise, least=self.cube.rule.least)


def findings_printed(cube: PrintedCube, analysis: Analysis) -> Findings:
    """What printed cells tell of the analysis that they were counted for."""
    if cube.definition.digest != analysis.digest:
        raise Misused(
            f"These cells were not counted for '{analysis.name}' as its file stands now: take the file that was frozen.",
            reason="analysis_other",
        )
    printed = _Printed(cube, analysis)
    facts, tables = _METHODS[analysis.method.name](printed)
    told: dict[str, Value] = {"events": None, "cases": (cases := printed.count("cases")), **facts}
    return Findings(
        name=analysis.name,
        method=analysis.method.name,
        definition=analysis.digest,
        source=cube.digest,
        case=analysis.setting.case.value,
        unit=analysis.setting.unit.value,
        time_unit=_time_unit(cube),
        facts=told | {"rule": cube.rule.id, "noise": cube.noise.id, "least": cube.rule.least},
        tables=tables,
        left=_left(analysis, cases),
        groups=analysis.setting.group_names,
        protected=True,
    )


def _step_map(printed: _Printed) -> Measured:
    """The steps and services of everybody and of each group, and in which steps two groups differ."""
    steps = steps_of(printed.analysis)
    tables = {
        "steps": found(STEP_COLUMNS, [row for group in printed.groups for row in _steps(printed, group, steps)]),
        "services": found(END_COLUMNS, [row for group in printed.groups for row in _services(printed, group)]),
    }
    return {"tied_neighbour_pairs": None}, tables | _compared(printed, "steps", "customers", tuple(steps))


def _steps(printed: _Printed, group: str, steps: Mapping[str, tuple[str, str]]) -> Sequence[Mapping[str, Value]]:
    rows: list[dict[str, Value]] = [
        {
            "group": group,
            "from": one,
            "to": other,
            "events": None,
            "cases": cases,
            "median": printed.median("gap", group, code),
            "mean": None,
        }
        for code, (one, other) in steps.items()
        if (cases := printed.count("steps", group, code))
    ]
    return sorted(rows, key=lambda row: (-cast("int", row["cases"]), str(row["from"]), str(row["to"])))


def _services(printed: _Printed, group: str) -> Sequence[Mapping[str, Value]]:
    rows: list[dict[str, Value]] = [
        {
            "group": group,
            "service": service,
            "starts": printed.count("starts", group, service),
            "ends": printed.count("ends", group, service),
            "events": None,
            "cases": cases,
        }
        for service in codes_of(printed.analysis)
        if (cases := printed.count("any", group, service))
    ]
    return sorted(rows, key=lambda row: (-cast("int", row["cases"]), str(row["service"])))


def _before_after(printed: _Printed) -> Measured:
    """Every other service around the index service; what only single contacts could adjust for is left empty."""
    rows = [row for group in printed.groups for row in _beside(printed, group)]
    facts = {"index_customers": printed.count("index"), "customers": printed.count("customers")}
    return facts, {"services": found(COLUMNS, rows)} | _compared(printed, "before", "index", codes_of(printed.analysis))


def _beside(printed: _Printed, group: str) -> Sequence[Mapping[str, Value]]:
    rows = [
        _around(printed, group, service)
        for service in codes_of(printed.analysis)
        if printed.count("any", group, service)
    ]
    return sorted(rows, key=lambda row: (-cast("int", row["both"]), str(row["service"])))


def _around(printed: _Printed, group: str, service: str) -> dict[str, Value]:
    given, overall = (
        None if figure.withheld else figure.value
        for figure in (
            printed.share(("both", service), "index", group),
            printed.share(("any", service), "customers", group),
        )
    )
    counts = ("before", "same", "after", "any", "both")
    told: dict[str, Value] = {name: printed.count(name, group, service) for name in counts}
    return {
        "group": group,
        "service": service,
        **told,
        "same_time": told["same"],
        "share_given_index": given,
        "share_overall": overall,
        "lift": given / overall if given is not None and overall else None,
        **dict.fromkeys(("ratio", "low", "high")),
        **{f"median_{side}": printed.median(f"away_{side}", group, service) for side in ("before", "after")},
    }


_METHODS: Final = {"step_map": _step_map, "before_after": _before_after}


def _compared(printed: _Printed, measure: str, base: str, services: Sequence[str]) -> dict[str, Found]:
    """The share of each group's base that has each service or step, and between two groups the differences."""
    groups, pair = printed.analysis.setting.group_names, printed.analysis.setting.compare
    if not groups:
        return {}
    subjects = [each for each in sorted(services) if any(printed.count(measure, group, each) for group in groups)]
    weights = {
        band: float(sum(printed.count(base, group, band=band) for group in pair or groups)) for band in printed.bands
    }
    adjusted = {each: _adjusted(printed, (measure, each), base, weights) for each in subjects}
    shares = [
        _share_row(printed.share((measure, each), base, group), each, group, adjusted[each].get(group))
        for each in subjects
        for group in sorted(groups)
    ]
    return {"shares": found(SHARE_COLUMNS, shares), "differences": _differences(printed, measure, adjusted)}


def _adjusted(
    printed: _Printed, part: tuple[str, str], base: str, weights: Mapping[str, float]
) -> Mapping[str, Standardised]:
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


def _differences(printed: _Printed, measure: str, adjusted: Mapping[str, Mapping[str, Standardised]]) -> Found:
    pair = printed.analysis.setting.compare
    if pair is None:
        return Found(DIFFERENCE_COLUMNS, ())
    asked = [
        (subject, of[pair[0]], of[pair[1]])
        for subject, of in adjusted.items()
        if of and all(printed.count(measure, group, subject) >= FEWEST_EVENTS for group in pair)
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
        "effect_size": _effect(one) - _effect(other),
        "p": tested.p,
        "adjusted_p": tested.adjusted_p,
        "differs": tested.differs,
    }


def _effect(value: float) -> float:
    """A share on the scale on which differences of shares are alike everywhere (Cohen's h)."""
    return 2 * math.asin(math.sqrt(min(value, 1.0)))


def _time_unit(cube: PrintedCube) -> str:
    return next(iter(derivations_in(cube.definition).values())).narrowed.grain.unit


def _left(analysis: Analysis, cases: int) -> tuple[Mapping[str, Value], ...]:
    """The filters in their order; how many each left is told of the last alone, which cells were counted of."""
    steps: list[dict[str, Value]] = [
        {"keep": "all"},
        *({"keep": rule.keep, **told_of(asdict(rule))} for rule in analysis.filters),
    ]
    last = len(steps) - 1
    return tuple({**step, "events": None, "cases": cases if at == last else None} for at, step in enumerate(steps))

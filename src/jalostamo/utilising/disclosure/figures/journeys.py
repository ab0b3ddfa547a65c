"""Findings of an analysis reckoned from printed cells alone, in the shape of true ones: a link or node that prints 0 is not there.

Every share, interval and test knows the noise; medians are told over ten printed persons, on the analysis' own grid. What
only single events could tell stays empty, and flows are not made to balance.

Handbook 2.2 (the pilot's fourth question) and 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Final, cast

from jalostamo.concepts.errors import Misused
from jalostamo.producing.analyses.answering import told_of
from jalostamo.producing.analyses.findings import Findings, Value, found
from jalostamo.producing.analyses.inside.definition import codes_of, steps_of
from jalostamo.producing.analyses.methods.before_after import COLUMNS
from jalostamo.producing.analyses.methods.step_map import END_COLUMNS, STEP_COLUMNS
from jalostamo.utilising.disclosure.figures.journey_cells import Printed, compared_printed
from jalostamo.utilising.disclosure.figures.told_journeys import TOLD_PRINTED

if TYPE_CHECKING:
    from jalostamo.producing.analyses.asked import Analysis
    from jalostamo.producing.analyses.catalogue import Measured
    from jalostamo.utilising.disclosure.printed import PrintedCube


def findings_printed(cube: PrintedCube, analysis: Analysis) -> Findings:
    """What printed cells tell of the analysis that they were counted for."""
    if cube.definition.digest != analysis.digest:
        raise Misused(
            f"These cells were not counted for '{analysis.name}' as its file stands now: take the file that was frozen.",
            reason="analysis_other",
        )
    printed = Printed(cube, analysis)
    facts, tables = _METHODS[analysis.method.name](printed)
    told: dict[str, Value] = {"events": None, "cases": (cases := printed.count("cases")), **facts}
    return Findings(
        name=analysis.name,
        method=analysis.method.name,
        definition=analysis.digest,
        source=cube.digest,
        case=analysis.setting.case.value,
        unit=analysis.setting.unit.value,
        time_unit=printed.grain.unit,
        facts=told | {"rule": cube.rule.id, "noise": cube.noise.id, "least": cube.rule.least},
        tables=tables,
        left=_left(analysis, cases),
        groups=analysis.setting.group_names,
        protected=True,
    )


def _step_map(printed: Printed) -> Measured:
    """The steps and services of everybody and of each group, and in which steps two groups differ."""
    steps = steps_of(printed.analysis)
    tables = {
        "steps": found(STEP_COLUMNS, [row for group in printed.groups for row in _steps(printed, group, steps)]),
        "services": found(END_COLUMNS, [row for group in printed.groups for row in _services(printed, group)]),
    }
    return {"tied_neighbour_pairs": None}, tables | compared_printed(
        printed, "customers", {each: ("steps", each, "") for each in steps}
    )


def _steps(printed: Printed, group: str, steps: Mapping[str, tuple[str, str]]) -> Sequence[Mapping[str, Value]]:
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


def _services(printed: Printed, group: str) -> Sequence[Mapping[str, Value]]:
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


def _before_after(printed: Printed) -> Measured:
    """Every other service around the index service; what only single contacts could adjust for is left empty."""
    rows = [row for group in printed.groups for row in _beside(printed, group)]
    facts = {"index_customers": printed.count("index"), "customers": printed.count("customers")}
    before = {each: ("before", each, "") for each in codes_of(printed.analysis)}
    return facts, {"services": found(COLUMNS, rows)} | compared_printed(printed, "index", before)


def _beside(printed: Printed, group: str) -> Sequence[Mapping[str, Value]]:
    rows = [
        _around(printed, group, service)
        for service in codes_of(printed.analysis)
        if printed.count("any", group, service)
    ]
    return sorted(rows, key=lambda row: (-cast("int", row["both"]), str(row["service"])))


def _around(printed: Printed, group: str, service: str) -> dict[str, Value]:
    given, overall = (
        None if figure.withheld else figure.value
        for figure in (
            printed.share(("both", service, ""), "index", group),
            printed.share(("any", service, ""), "customers", group),
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


_METHODS: Final = {"step_map": _step_map, "before_after": _before_after, **TOLD_PRINTED}


def _left(analysis: Analysis, cases: int) -> tuple[Mapping[str, Value], ...]:
    """The filters in their order; how many each left is told of the last alone, which cells were counted of."""
    steps: list[dict[str, Value]] = [
        {"keep": "all"},
        *({"keep": rule.keep, **told_of(asdict(rule))} for rule in analysis.filters),
    ]
    last = len(steps) - 1
    return tuple({**step, "events": None, "cases": cases if at == last else None} for at, step in enumerate(steps))

"""Putting an analysis to its source: journeys are made, narrowed by its filters one after the other, and measured.

Handbook 2.2 (modelling and analysing data).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING

from jalostamo.concepts.errors import Unfit
from jalostamo.producing.analyses.filters import applied
from jalostamo.producing.analyses.findings import Findings, Value
from jalostamo.producing.analyses.working_days import in_working_days

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.producing.analyses.asked import Analysis
    from jalostamo.producing.analyses.journeys import Journeys


def answer(
    engine: Engine,
    journeys: Journeys,
    analysis: Analysis,
    *,
    source: str,
    progress: Callable[[str], None],
) -> Findings:
    """The findings of an analysis; `source` is the digest of what the journeys were made from."""
    kept = in_working_days(engine, journeys) if analysis.setting.working_days else journeys.kept(engine)
    left = [{"keep": "all", **_sizes(engine, kept)}]
    for rule in analysis.filters:
        progress("narrowing")
        kept = applied(kept, rule).kept(engine)
        left.append({"keep": rule.keep, **told_of(asdict(rule)), **_sizes(engine, kept)})
    if not left[-1]["events"]:
        raise Unfit(
            "No event is left to look at: " + _emptied(left) + ".",
            reason="nothing_left",
        )
    progress("measuring")
    facts, tables = analysis.method.measure(engine, kept, analysis.setting, analysis.parameters)
    return Findings(
        name=analysis.name,
        method=analysis.method.name,
        definition=analysis.digest,
        source=source,
        case=analysis.setting.case.value,
        unit=analysis.setting.unit.value,
        time_unit=kept.grain.unit,
        facts={"events": left[-1]["events"], "cases": left[-1]["cases"], **facts},
        tables=tables,
        left=tuple(left),
        groups=analysis.setting.group_names,
    )


def _emptied(left: list[dict[str, Value]]) -> str:
    if len(left) == 1:
        return "in this period nothing happened that the analysis asks for"
    number = next(number for number, entry in enumerate(left) if not entry["events"])
    return f"filter {number} ('{left[number]['keep']}') left none" if number else "there was none before any filter"


def _sizes(engine: Engine, journeys: Journeys) -> dict[str, Value]:
    events = engine.only_row(journeys.events.aggregate(n=journeys.events.count()))["n"]
    cases = engine.only_row(journeys.cases.aggregate(n=journeys.cases.count()))["n"]
    return {"events": int(str(events)), "cases": int(str(cases))}


def told_of(rule: dict[str, object]) -> dict[str, Value]:
    """A filter in the words of its file, without what it does not say."""
    told: dict[str, Value] = {}
    for key, value in rule.items():
        if key == "keep" or not value or (key == "at_least" and value == 1):
            continue
        told[key] = (
            ", ".join(map(str, value))
            if isinstance(value, tuple)
            else int(str(value))
            if isinstance(value, int)
            else str(value)
        )
    return told

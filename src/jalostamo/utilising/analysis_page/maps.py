"""Findings on the order of services, drawn: maps of steps, and streams around a service.

Handbook 2.2 (visualising, understanding and assessing the results) and 3.2.4 (customer paths).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, cast

from jalostamo.charts import flows
from jalostamo.charts.legs import Leg, Stop
from jalostamo.charts.stepmaps import Wording, step_map_chart
from jalostamo.concepts.languages import Text
from jalostamo.producing.analyses.methods.around import BEGINS, ENDS, OTHERS
from jalostamo.producing.analyses.methods.step_map import STEP
from jalostamo.utilising.analysis_page.differences import differing_in
from jalostamo.utilising.analysis_page.ranked import Row, count_in, rows_of

if TYPE_CHECKING:
    from jalostamo.charts.picturing import Chart
    from jalostamo.producing.analyses.findings import Findings
    from jalostamo.utilising.analysis_page.speech import Speech

_MAP: Final = Text(
    "{group}: mistä palvelusta suoraan mihin, mediaaniaika viivalla",
    "{group}: från vilken tjänst direkt till vilken, mediantid på linjen",
    "{group}: from which service straight to which, median time on the line",
)
_STREAMS: Final = Text("{group}: askeleet, {n}", "{group}: stegen, {n}", "{group}: the steps of {n}")
_BEFORE: Final = Text("{n} ennen", "{n} före", "{n} before")
_AFTER: Final = Text("{n} jälkeen", "{n} efter", "{n} after")
_INDEX: Final = Text("Alku", "Start", "Start")
_DRAWN_AS: Final = {BEGINS: flows.BEGINS, ENDS: flows.ENDS, OTHERS: flows.OTHERS}
_WRITTEN_AS: Final = {drawn: told for told, drawn in _DRAWN_AS.items()}


def step_maps(findings: Findings, speech: Speech, groups: Sequence[str]) -> list[Chart]:
    """The map of each group; steps in which two groups differ are drawn stronger."""
    differing = differing_in(findings)
    return [_step_map(findings, speech, group, differing) for group in groups if rows_of(findings, "services", group)]


def _step_map(findings: Findings, speech: Speech, group: str, differing: frozenset[str]) -> Chart:
    stops = tuple(
        Stop(str(row["service"]), count_in(row, "cases"), count_in(row, "starts"))
        for row in rows_of(findings, "services", group)
    )
    legs = tuple(_leg(row, speech, differing) for row in rows_of(findings, "steps", group))
    wording = Wording(lambda code: speech.name(_WRITTEN_AS.get(code, code)), speech.number)
    title = speech.say(_MAP, group=speech.title(group))
    return title, lambda sheet: step_map_chart(group, stops, legs, wording=wording, sheet=sheet)


def _leg(row: Row, speech: Speech, differing: frozenset[str]) -> Leg:
    ends = str(row["from"]), str(row["to"])
    time = "" if row["median"] is None else speech.time(cast("float", row["median"]), short=True)
    return Leg(*ends, count_in(row, "cases"), time, STEP.join(ends) in differing)


def streams(findings: Findings, speech: Speech, groups: Sequence[str]) -> list[Chart]:
    """The paths of each group around the index service, all in the order of all cases."""
    order = flows.in_order(_streams(findings, ""))
    steps = [count_in(row, "step") for row in rows_of(findings, "links", "")]
    first = min(steps, default=0)
    return [_streams_chart(findings, speech, group, order, first) for group in groups if _streams(findings, group)]


def _streams(findings: Findings, group: str) -> tuple[flows.Stream, ...]:
    rows = rows_of(findings, "links", group)
    found = (
        flows.Stream(
            count_in(row, "step"), _drawn_as(str(row["from"])), _drawn_as(str(row["to"])), count_in(row, "customers")
        )
        for row in rows
    )
    return flows.around(found) if rows else ()


def _drawn_as(code: str) -> str:
    return _DRAWN_AS.get(code, code)


def _streams_chart(findings: Findings, speech: Speech, group: str, order: tuple[str, ...], first: int) -> Chart:
    drawn = _streams(findings, group)

    def heading(number: int) -> str:
        step = number - 1 + first
        if not step:
            return speech.say(_INDEX)
        return speech.say(_AFTER if step > 0 else _BEFORE, n=str(abs(step)))

    wording = flows.Wording(lambda code: speech.name(_WRITTEN_AS.get(code, code)), speech.share, heading)
    title = speech.say(_STREAMS, group=speech.title(group), n=speech.who(flows.customers_at_start(drawn)))
    return title, lambda sheet: flows.streams_chart(group, drawn, order=order, wording=wording, sheet=sheet)

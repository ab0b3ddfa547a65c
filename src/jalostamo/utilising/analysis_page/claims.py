"""What a method found in a sentence, as the page's title: of all cases, by counts that its tables hold.

Handbook 2.2 (understanding and assessing the results).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, cast

from jalostamo.producing.analyses.methods.around import BEGINS, ENDS
from jalostamo.producing.analyses.months import NONE
from jalostamo.utilising.analysis_page import sentences
from jalostamo.utilising.analysis_page.speech import capitalised
from jalostamo.utilising.analysis_page.tables import factor_named

if TYPE_CHECKING:
    from jalostamo.producing.analyses.asked import Analysis
    from jalostamo.producing.analyses.findings import Findings, Value
    from jalostamo.producing.analyses.methods import around, before_after, between, time_to_event
    from jalostamo.producing.analyses.methods.factor_screen.asked import Asked as Screen
    from jalostamo.utilising.analysis_page.speech import Speech

_FEWEST: Final = 10
"""Nothing is said in a title of fewer people."""

type Row = Mapping[str, Value]


def claim_of(findings: Findings, analysis: Analysis, speech: Speech) -> str:
    """The title of the page; of a method without a sentence of its own, what the method is called."""
    tell = _CLAIMS.get(findings.method)
    if tell is None:
        return speech.say(analysis.method.title)
    return capitalised(tell(findings, analysis, speech) or speech.say(sentences.NONE))


def of_all(findings: Findings, table: str) -> list[Row]:
    """The rows of a table that are of all cases."""
    rows = findings.tables[table].mappings() if table in findings.tables else []
    return [row for row in rows if not row.get("group")]


def _names(speech: Speech, codes: Sequence[str]) -> str:
    return ", ".join(speech.inside(code) for code in codes)


def _first(findings: Findings, table: str) -> Row:
    """The first row of all cases; one of nothing where no cell tells it."""
    return next(iter(of_all(findings, table)), {})


def _most(rows: list[Row], name: str) -> Row | None:
    told = [row for row in rows if row[name] is not None]
    return max(told, key=lambda row: cast("float", row[name]), default=None)


def _int(row: Mapping[str, Value], name: str) -> int:
    return cast("int", row.get(name) or 0)


def _float(row: Row, name: str) -> float:
    return cast("float", row.get(name) or 0.0)


def _step(findings: Findings, _: Analysis, speech: Speech) -> str:
    row = _most(of_all(findings, "steps"), "cases")
    if row is None:
        return ""
    ends = {"one": speech.inside(str(row["from"])), "other": speech.inside(str(row["to"]))}
    return speech.say(sentences.STEP, **ends, **_of(findings, _int(row, "cases"), speech))


def _of(findings: Findings, customers: int, speech: Speech, *, base: str = "cases") -> dict[str, str]:
    return {"n": speech.number(customers), "all": speech.who(_int(findings.facts, base))}


def _variant(findings: Findings, _: Analysis, speech: Speech) -> str:
    row = _most([row for row in of_all(findings, "variants") if row["path"] is not None], "cases")
    if row is None:
        return ""
    return speech.say(sentences.VARIANT, path=speech.path(str(row["path"])), share=speech.share(_float(row, "share")))


def _around(findings: Findings, analysis: Analysis, speech: Speech) -> str:
    asked = cast("around.Asked", analysis.parameters)
    forward = asked.after > 0
    row = _most([row for row in of_all(findings, "nodes") if row["step"] == (1 if forward else -1)], "customers")
    if row is None:
        return ""
    service, named = (
        str(row["service"]),
        {"index": speech.inside(asked.name), "share": speech.share(_float(row, "share"))},
    )
    if service in {BEGINS, ENDS}:
        return speech.say(sentences.NOTHING_AFTER if forward else sentences.NOTHING_BEFORE, **named)
    return speech.say(sentences.AROUND if forward else sentences.BEFORE, service=speech.inside(service), **named)


def _rework(findings: Findings, _: Analysis, speech: Speech) -> str:
    row = _most(of_all(findings, "services"), "cases_again")
    if row is None or not row["cases_again"]:
        return speech.say(sentences.NEVER_AGAIN)
    customers = {"n": speech.number(_int(row, "cases_again")), "all": speech.who(_int(row, "cases"))}
    return speech.say(sentences.AGAIN, service=speech.inside(str(row["service"])), **customers)


def _between(findings: Findings, analysis: Analysis, speech: Speech) -> str:
    asked = cast("between.Asked", analysis.parameters)
    ends = {"one": _names(speech, asked.start), "other": _names(speech, asked.to)}
    row = _first(findings, "times")
    if row.get("waiting_median") is None:
        return speech.say(sentences.LESS_THAN_HALF, **ends)
    return speech.say(sentences.WAITED, **ends, time=speech.time(_float(row, "waiting_median")))


def _conformance(findings: Findings, _: Analysis, speech: Speech) -> str:
    row = _first(findings, "keeping")
    customers = {"n": speech.number(_int(row, "kept")), "all": speech.who(_int(row, "cases"))}
    return speech.say(sentences.KEPT, share=speech.share(_float(row, "share")), **customers)


def _before_after(findings: Findings, analysis: Analysis, speech: Speech) -> str:
    asked = cast("before_after.Asked", analysis.parameters)
    row = _most(of_all(findings, "services"), "before")
    if row is None or not row["before"]:
        return ""
    named = {"index": speech.inside(asked.name), "service": speech.inside(str(row["service"]))}
    return speech.say(sentences.PRECEDED, **named, **_of(findings, _int(row, "before"), speech, base="index_customers"))


def _factors(findings: Findings, analysis: Analysis, speech: Speech) -> str:
    asked = cast("Screen", analysis.parameters)
    rows = of_all(findings, "factors")
    preceding = [row for row in rows if row["precedes"]]
    told = {"all": speech.number(len(rows)), "start": _names(speech, asked.start)}
    if not preceding:
        return speech.say(sentences.NO_FACTOR, **told)
    return speech.say(
        sentences.FACTORS, n=speech.number(len(preceding)), factor=factor_named(preceding[0], speech), **told
    )


def _states(findings: Findings, _: Analysis, speech: Speech) -> str:
    rows = of_all(findings, "time")
    row = _most([row for row in rows if row["state"] != NONE], "share")
    if row is None:
        return ""
    idle = next((_float(row, "share") for row in rows if row["state"] == NONE), 0.0)
    state = {"state": speech.inside(str(row["state"])), "share": speech.share(_float(row, "share"))}
    return speech.say(sentences.STATES, used=speech.share(1 - idle), **state)


def _lifespan(findings: Findings, _: Analysis, speech: Speech) -> str:
    row = _most([row for row in of_all(findings, "use") if _int(row, "customers") >= _FEWEST], "rate")
    if row is None:
        return ""
    users = speech.plain(round(100 * _float(row, "rate"), 1))
    return speech.say(sentences.LIFESPAN, service=speech.inside(str(row["service"])), age=str(row["age"]), n=users)


def _courses(findings: Findings, _: Analysis, speech: Speech) -> str:
    rows = of_all(findings, "clusters")
    if not rows:
        return speech.say(sentences.NO_KINDS)
    largest = {"share": speech.share(_float(rows[0], "share")), "state": speech.inside(str(rows[0]["mostly"]))}
    return speech.say(sentences.COURSES, n=speech.number(len(rows)), **largest)


def _time_to_event(findings: Findings, analysis: Analysis, speech: Speech) -> str:
    asked = cast("time_to_event.Asked", analysis.parameters)
    row, other = of_all(findings, "ends")[0], _names(speech, asked.to)
    if row.get("median") is not None:
        return speech.say(sentences.HALF, other=other, time=speech.time(_float(row, "median")))
    customers = {"n": speech.number(_int(row, "reached")), "all": speech.who(_int(row, "starts"))}
    return speech.say(sentences.NOT_HALF, other=other, **customers)


def _use(findings: Findings, _: Analysis, speech: Speech) -> str:
    events: Counter[str] = Counter()
    for row in of_all(findings, "use"):
        events[str(row["service"])] += _int(row, "events")
    if not events.total():
        return ""
    service, number = min(events.items(), key=lambda item: (-item[1], item[0]))
    return speech.say(
        sentences.USE, service=speech.inside(service), n=speech.number(number), all=speech.number(events.total())
    )


_CLAIMS: Final[Mapping[str, Callable[[Findings, Analysis, Speech], str]]] = {
    "step_map": _step,
    "variants": _variant,
    "around": _around,
    "rework": _rework,
    "between": _between,
    "conformance": _conformance,
    "before_after": _before_after,
    "factor_screen": _factors,
    "states": _states,
    "lifespan": _lifespan,
    "courses": _courses,
    "time_to_event": _time_to_event,
    "use": _use,
}

"""Before and after on journeys is what a loop over each case's uses finds, within its windows and by group."""

from __future__ import annotations

from collections.abc import Mapping
from statistics import median

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.jalostamo.producing.analyses.logs import logs
from tests.jalostamo.producing.analyses.naive_journeys import FIRST, Happened, Log, Who, journeys_of, setting_of
from tests.jalostamo.producing.naive_before_after import Use, naive_before_after

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import Engine
from jalostamo.managing.sections import Section
from jalostamo.producing.analyses.methods.before_after import METHOD


def measured(duckdb: Engine, log: Log, *groups: str, **parameters: object) -> list[dict[str, object]]:
    """The services around an index."""
    asked = METHOD.read(Section(parameters, "a test, [parameters]"))
    _, tables = METHOD.measure(duckdb, journeys_of(duckdb, log), setting_of(*groups), asked)
    return [dict(row) for row in tables["services"].mappings()]


@settings(max_examples=5)
@given(logs(), st.sampled_from([{}, {"use": "first", "within": 3}, {"lag": 2, "within": 4}, {"lag": 1}]))
def test_services_around_an_index_are_those_of_a_loop_over_each_case(
    duckdb: Engine, log: Log, parameters: Mapping[str, object]
) -> None:
    events = [event._replace(service="A + B" if event.service in {"A", "B"} else event.service) for event in log[0]]
    assume(any(event.service == "A + B" for event in events))
    rows = measured(duckdb, log, "one", "other", index=["A", "B"], **parameters)
    for group in ("", "one", "other"):
        cases = [who.case for who in log[1] if not group or who.group == group]
        theirs = [event for event in events if event.case in cases]
        found = {str(row["service"]): row for row in rows if row["group"] == group}
        assert found.keys() == ({event.service for event in theirs} - {"A + B"})
        for service, row in found.items():
            assert _around(theirs, service, parameters) == {name: row[name] for name in _AROUND}
    whole = naive_before_after(
        [Use(e.case, e.service, e.at, e.row, None, e.at) for e in events], "A + B", grouped=False
    )
    for use in whole["services"]:  # type: ignore[attr-defined]  # a list, as its file holds it
        row = next(row for row in rows if (row["group"], row["service"]) == ("", use["service"]))
        assert (row["any"], row["both"], row["lift"]) == (use["users_any"], use["users_both"], use["lift"])
        assert row["ratio"] == pytest.approx(use["adjusted_relative_risk"]["estimate"])


_AROUND = ("before", "same_time", "after", "median_before", "median_after")


def _around(events: list[Happened], service: str, parameters: Mapping[str, object]) -> dict[str, object]:
    before, same, after = [], 0, []
    low, high = max(int(str(parameters.get("lag", 0))), 1), int(str(parameters.get("within", 99)))
    for case in {event.case for event in events}:
        index = min((e.at for e in events if e.case == case and e.service == "A + B"), default=None)
        uses = sorted(e.at for e in events if e.case == case and e.service == service)
        if index is None or not uses:
            continue
        away = [at - index for at in (uses[:1] if parameters.get("use") == "first" else uses)]
        before += sorted(-each for each in away if low <= -each <= high)[:1]
        after += sorted(each for each in away if low <= each <= high)[:1]
        same += 0 in away
    return {
        "before": len(before),
        "same_time": same,
        "after": len(after),
        "median_before": median(before) if before else None,
        "median_after": median(after) if after else None,
    }


def test_groups_are_compared_on_who_used_a_service_before_the_index(duckdb: Engine) -> None:
    cases = [Who(f"c{n}", f"c{n}", "one" if n % 2 else "other", 2005) for n in range(80)]
    events = [Happened(who.case, 0, "INDEX", FIRST + 9) for who in cases]
    events += [Happened(who.case, 1, "EARLY", FIRST + (3 if who.group == "one" else 12)) for who in cases[:60]]
    events += [Happened(who.case, 1, "EARLY", FIRST + 3) for who in cases[60:] if who.group == "other"]
    asked = METHOD.read(Section({"index": ["INDEX"]}, "a test"))
    setting = setting_of("one", "other", compare=("one", "other"))
    facts, tables = METHOD.measure(duckdb, journeys_of(duckdb, (events, cases)), setting, asked)
    (row,) = tables["differences"].mappings()
    assert facts["index_customers"] == len(cases)
    assert (row["subject"], row["difference"], row["differs"]) == ("EARLY", 0.5, True)


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"index": ["NONE"]}, "index_unused"),
        ({"index": ["A"], "use": "last"}, "definition_incomplete"),
        ({"index": ["A"], "lag": 4, "within": 3}, "definition_incomplete"),
    ],
)
def test_what_cannot_be_measured_is_said(duckdb: Engine, parameters: Mapping[str, object], reason: str) -> None:
    with pytest.raises(Unfit) as refused:
        measured(duckdb, ([Happened("c", 0, "A", FIRST)], [Who("c", "c")]), **parameters)
    assert refused.value.reason == reason

"""Filters and the step map find what a loop over each case finds, whatever the ties, and compare on customers."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from statistics import fmean, median

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.jalostamo.producing.analyses.logs import SERVICES, logs
from tests.jalostamo.producing.analyses.naive_journeys import (
    Happened,
    Log,
    Who,
    in_order,
    journeys_of,
    naively,
    setting_of,
)

from jalostamo.engine.connection import Engine
from jalostamo.producing.analyses.filters import RULES, Filter, applied
from jalostamo.producing.analyses.journeys import Grain
from jalostamo.producing.analyses.methods import step_map
from jalostamo.producing.analyses.strata import year_of
from jalostamo.producing.prepared_log import Tie

FEWER = settings(max_examples=settings.default.max_examples // 2)  # type: ignore[union-attr]  # a profile is loaded
"""An example is a dozen queries."""
BY_FIELD = {"cases_where", "events_where"}
rules = st.builds(
    Filter,
    st.sampled_from(sorted(set(RULES) - BY_FIELD)),
    services=st.lists(st.sampled_from(SERVICES), min_size=1, max_size=2).map(tuple),
    then=st.lists(st.sampled_from(SERVICES), min_size=1, max_size=2).map(tuple),
    within=st.none() | st.integers(1, 3),
    at_least=st.integers(1, 2),
)


@FEWER
@given(logs(), st.lists(rules, min_size=1, max_size=3))
def test_a_stack_of_filters_keeps_what_loops_over_each_case_keep(duckdb: Engine, log: Log, stack: list[Filter]) -> None:
    journeys, wanted = journeys_of(duckdb, log), log
    for rule in stack:
        journeys, wanted = applied(journeys, rule), naively(wanted, rule)
    events = duckdb.rows(journeys.events)
    assert sorted((e["case"], e["row"]) for e in events) == sorted((e.case, e.row) for e in wanted[0])
    assert sorted(str(c["case"]) for c in duckdb.rows(journeys.cases)) == sorted(c.case for c in wanted[1])


@FEWER
@given(logs(), st.sampled_from(Tie))
def test_the_step_map_is_that_of_the_naive_twin(duckdb: Engine, log: Log, tie: Tie) -> None:
    journeys = journeys_of(duckdb, log, tie=tie)
    facts, tables = step_map.measure(duckdb, journeys, setting_of("one", "other"), None)
    steps: dict[tuple[str, str, str], list[tuple[str, int]]] = defaultdict(list)
    starts, ends, tied = Counter[tuple[str, str]](), Counter[tuple[str, str]](), 0
    group_of = {case.case: case.group for case in log[1]}
    for case, events in in_order(log[0], tie).items():
        for group in {"", group_of[case] or ""}:
            starts[group, events[0].service] += 1
            ends[group, events[-1].service] += 1
            for one, other in zip(events, events[1:], strict=False):
                steps[group, one.service, other.service].append((case, other.at - one.at))
        tied += sum(one.at == other.at for one, other in zip(events, events[1:], strict=False))
    found = {(s["group"], s["from"], s["to"]): s for s in tables["steps"].mappings()}
    assert facts["tied_neighbour_pairs"] == tied
    assert found.keys() == steps.keys()
    for key, taken in steps.items():
        gaps = [gap for _, gap in taken]
        assert (found[key]["events"], found[key]["cases"]) == (len(taken), len({case for case, _ in taken}))
        assert found[key]["median"] == median(gaps)
        assert math.isclose(float(str(found[key]["mean"])), fmean(gaps), abs_tol=1e-12)
    services = {(s["group"], s["service"]): (s["starts"], s["ends"]) for s in tables["services"].mappings()}
    assert {key: pair for key, pair in services.items() if any(pair)} == {
        key: (starts[key], ends[key]) for key in starts | ends
    }


@FEWER
@given(logs(most=40))
def test_shares_and_their_differences_are_those_of_a_sum_over_units(duckdb: Engine, log: Log) -> None:
    bands = ((0, 5), (6, 20))
    setting = setting_of("one", "other", compare=("one", "other"), bands=bands, unit="household")
    having = {c.case for c in log[1] if c.group and any(e.case == c.case for e in log[0])}
    assume(having)
    _, tables = step_map.measure(duckdb, journeys_of(duckdb, log), setting, None)
    for row in tables["shares"].mappings():
        taken, cases = _taken(log, str(row["subject"]), str(row["group"]))
        assert (row["customers"], row["base"]) == (len(taken), len(cases))
    for row in tables["differences"].mappings():
        assert _variance_of(row) == pytest.approx(_naive_variance(log, str(row["subject"]), bands), rel=1e-6, abs=1e-12)


def _taken(log: Log, subject: str, group: str) -> tuple[set[str], list[Who]]:
    one, _, other = subject.partition(step_map.STEP)
    ordered = in_order(log[0])
    cases = [c for c in log[1] if c.group == group and c.case in ordered]
    taken = {
        c.case
        for c in cases
        if any(
            (a.service, b.service) == (one, other) for a, b in zip(ordered[c.case], ordered[c.case][1:], strict=False)
        )
    }
    return taken, cases


def _variance_of(row: dict[str, object]) -> float:
    half = (float(str(row["high"])) - float(str(row["low"]))) / 2
    return (half / 1.959963984540054) ** 2


def _naive_variance(log: Log, subject: str, bands: tuple[tuple[int, int], ...]) -> float:
    """The sum over households of squared standardised residuals, of both groups."""
    first = {case: events[0].at // 12 for case, events in in_order(log[0]).items()}

    def band(case: Who) -> tuple[int, int]:
        return next(b for b in bands if b[0] <= first[case.case] - (case.birth_year or 0) <= b[1])

    sides = [_taken(log, subject, group) for group in ("one", "other")]
    sizes = [Counter(band(case) for case in cases) for _, cases in sides]
    shared = [b for b in bands if all(size[b] for size in sizes)]
    whole = sum(size[b] for size in sizes for b in shared)
    total = 0.0
    for (taken, cases), size in zip(sides, sizes, strict=True):
        by_unit: dict[str, float] = defaultdict(float)
        for case in cases:
            b = band(case)
            if b not in shared:
                continue
            share = sum(c.case in taken for c in cases if band(c) == b) / size[b]
            weight = sum(s[b] for s in sizes) / whole / size[b]
            by_unit[case.unit] += weight * ((case.case in taken) - share)
        total += sum(value**2 for value in by_unit.values())
    return total


@pytest.mark.parametrize(
    ("grain", "at"), [(Grain.MONTH, 2012 * 12 + 11), (Grain.DAY, 15_705), (Grain.MICROSECOND, 1_356_998_399_999_999)]
)
def test_the_last_moment_of_a_year_is_of_that_year(duckdb: Engine, grain: Grain, at: int) -> None:
    events = journeys_of(duckdb, ([Happened("c", 0, "A", at)], [Who("c", "c")]), grain=grain).events
    assert duckdb.rows(events.select(year=year_of(events["at"], grain))) == [{"year": 2012}]


def test_tied_events_are_counted_so_that_nobody_trusts_their_order(duckdb: Engine) -> None:
    log = ([Happened("c", 0, "B", 24120), Happened("c", 1, "A", 24120)], [Who("c", "c")])
    by_row, by_name = (
        step_map.measure(duckdb, journeys_of(duckdb, log, tie=tie), setting_of(), None)
        for tie in (Tie.ROW, Tie.ACTIVITY)
    )
    assert by_row[0]["tied_neighbour_pairs"] == by_name[0]["tied_neighbour_pairs"] == 1
    assert [row["from"] for row in by_row[1]["steps"].mappings()] == ["B"]
    assert [row["from"] for row in by_name[1]["steps"].mappings()] == ["A"]

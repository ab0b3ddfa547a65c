"""States by months, and services over the lifespan, are what loops over each case and month find."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.jalostamo.producing.analyses.logs import logs
from tests.jalostamo.producing.analyses.naive_journeys import FIRST, Happened, Log, Who, journeys_of, setting_of
from tests.jalostamo.producing.analyses.naive_months import Month, by_unit, naive_months, naive_ratio

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import Engine
from jalostamo.managing.sections import Section
from jalostamo.producing.analyses.findings import Found
from jalostamo.producing.analyses.methods import lifespan, states
from jalostamo.producing.analyses.months import Life, courses_of, life_in
from jalostamo.producing.intervals import on_log, on_logit

FEWER = settings(max_examples=settings.default.max_examples // 4)  # type: ignore[union-attr]  # a profile is loaded
"""An example is two dozen queries."""
STATES = {"heavy": ["C"], "light": ["A", "B"]}


@st.composite
def lives(draw: st.DrawFn) -> Log:
    """Logs in which cases come and go, and spells end before they begin."""
    events, cases = draw(logs())
    moved = []
    for case in cases:
        since = FIRST + draw(st.integers(0, 4))
        moved.append(case._replace(since=since, left=since + draw(st.integers(1, 30))))
    return [event._replace(until=event.until and event.until - draw(st.integers(0, 2))) for event in events], moved


def read(**parameters: object) -> Life:
    """Parameters, with the states of these tests."""
    return life_in(Section({"states": STATES, **parameters}, "a test, [parameters]"))


@FEWER
@given(lives(), st.sampled_from([{"start": ["A", "D"], "months": 4}, {"ages": [0, 3]}, {"open": ["C"]}]))
def test_months_and_what_is_told_of_them_are_those_of_a_loop(
    duckdb: Engine, log: Log, parameters: dict[str, object]
) -> None:
    life, journeys = read(**parameters), journeys_of(duckdb, log)
    wanted = naive_months(log, life)
    assume(wanted)
    courses = courses_of(duckdb, journeys, life)
    named = courses.months.inner_join(courses.people.select("number", "case"), "number")
    found = [(row["case"], row["position"], row["month"], row["state"]) for row in duckdb.rows(named)]
    assert sorted(found) == sorted((m.who.case, m.position, m.month, m.state) for m in wanted)
    facts, tables = states.measure(duckdb, journeys, setting_of("one", "other"), life)
    assert (facts["life_courses"], facts["months"]) == (len({m.who.case for m in wanted}), len(wanted))
    for group in ("", "one", "other"):
        theirs = [month for month in wanted if not group or month.who.group == group]
        _agrees(_part(tables["distribution"], group), theirs)
        _goes_on(_part(tables["transitions"], group), theirs)
        _takes(_part(tables["time"], group), theirs)


def _part(table: Found, group: str) -> list[dict[str, object]]:
    return [dict(row) for row in table.mappings() if row["group"] == group]


def _agrees(rows: list[dict[str, object]], months: list[Month]) -> None:
    names = [*STATES, "none"]
    counted = Counter((month.position, names[month.state]) for month in months)
    cases = Counter({(month.position, names[month.state], month.who.case) for month in months})
    people = Counter((position, state) for position, state, _ in cases)
    of_all = Counter(month.position for month in months)
    assert len(rows) == len(of_all) * len(names)
    for row in rows:
        key = (row["position"], row["state"])
        assert (row["months"], row["cases"]) == (counted[key], people[key])
        assert row["share"] == counted[key] / of_all[key[0]]


def _goes_on(rows: list[dict[str, object]], months: list[Month]) -> None:
    names = [*STATES, "none"]
    steps = Counter(
        (names[one.state], names[later.state]) for one, later in pairwise(months) if one.who.case == later.who.case
    )
    assert {(row["from"], row["to"]): row["months"] for row in rows} == steps
    for state in {row["from"] for row in rows}:
        assert sum(float(str(row["rate"])) for row in rows if row["from"] == state) == pytest.approx(1)


def _takes(rows: list[dict[str, object]], months: list[Month]) -> None:
    cases: dict[str, set[str]] = defaultdict(set)
    for month in months:
        cases[month.who.unit].add(month.who.case)
    for number, row in enumerate(rows):
        within = [month for month in months if month.state == number]
        assert (row["months"], row["ever"]) == (len(within), len({m.who.case for m in within}))
        if within:
            mean = on_log(*naive_ratio(by_unit(within), {unit: len(of) for unit, of in cases.items()}))
            share = on_logit(*naive_ratio(by_unit(within), by_unit(months)))
            told = [row[name] for name in ("mean", "mean_low", "mean_high", "share", "low", "high")]
            wanted = [mean.value, mean.low, mean.high, share.value, share.low, share.high]
            assert told == pytest.approx(wanted, rel=1e-6, abs=1e-9)


@FEWER
@given(lives())
def test_use_by_age_is_that_of_a_loop_over_each_month_lived(duckdb: Engine, log: Log) -> None:
    months = {service: naive_months(log, _alone(service)) for service in "ABCD"}
    assume(months["A"])
    _, tables = lifespan.measure(duckdb, journeys_of(duckdb, log), setting_of(), lifespan.Asked((1, 8), ("C",)))
    at_ages = Counter(month.position for month in months["A"])
    assert [(row["age"], row["years"]) for row in tables["ages"].mappings()] == [
        (age, at_ages[age] / 12) for age in sorted(at_ages)
    ]
    rows = {(row["service"], row["age"]): row for row in tables["use"].mappings()}
    grid = {(row["service"], row["age"]): row["customers"] for row in tables["grid"].mappings()}
    assert set(grid) == {(service, age) for service, _ in rows for age in at_ages}
    assert {key: number for key, number in grid.items() if number} == {k: row["customers"] for k, row in rows.items()}
    for service, theirs in months.items():
        for age in range(1, 9):
            lived = [month for month in theirs if month.position == age]
            users = {month.who for month in lived if month.state == 0}
            assert ((service, age) in rows) == bool(users)
            if users:
                row = rows[service, age]
                rate, variance = naive_ratio(Counter(who.unit for who in users), by_unit(lived))
                wanted = on_log(rate * 12, variance * 144)
                assert (row["customers"], row["years"]) == (len(users), len(lived) / 12)
                assert [row[name] for name in ("rate", "low", "high")] == pytest.approx(
                    [wanted.value, wanted.low, wanted.high], rel=1e-6, abs=1e-9
                )


def _alone(service: str) -> Life:
    return life_in(Section({"states": [service], "ages": [1, 8], "open": ["C"]}, "a test, [parameters]"))


def test_a_state_is_told_as_most_peoples_where_ten_are_in_it(duckdb: Engine) -> None:
    cases = [Who(f"c{number}", f"c{number}", None, 2000) for number in range(10)]
    events = [Happened(case.case, 0, "A", FIRST, FIRST + (case.case != "c9")) for case in cases]
    _, tables = states.measure(duckdb, journeys_of(duckdb, (events, cases)), setting_of(), read(start=["A"], months=2))
    assert tables["positions"].column("modal") == ("light", None)
    assert tables["positions"].column("entropy")[0] == 0


@pytest.mark.parametrize(
    "parameters",
    [
        {"states": {"none": ["A"]}},
        {"states": {"one": ["A"], "other": ["A", "B"]}},
        {"states": []},
        {"months": 12},
        {"start": ["A"], "months": 0},
        {"ages": [5, 2]},
    ],
)
def test_parameters_that_cannot_be_are_refused_by_name(parameters: dict[str, object]) -> None:
    with pytest.raises(Unfit, match="'(states|months|ages)'"):
        read(**parameters)


def test_nobody_to_tell_of_is_said_in_a_sentence(duckdb: Engine) -> None:
    journeys = journeys_of(duckdb, ([Happened("c", 0, "A", FIRST)], [Who("c", "c")]))
    with pytest.raises(Unfit, match="year of birth"):
        courses_of(duckdb, journeys, read())
    with pytest.raises(Unfit, match="'start'"):
        courses_of(duckdb, journeys, read(start=["B"]))

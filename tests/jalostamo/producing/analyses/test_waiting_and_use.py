"""Time to event and use are what loops over each case find, and differ between groups where that was planted alone."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.jalostamo.producing.analyses.logs import logs
from tests.jalostamo.producing.analyses.naive_journeys import (
    FIRST,
    LAST,
    Happened,
    Log,
    Who,
    in_order,
    journeys_of,
    setting_of,
)

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.managing.sections import Section
from jalostamo.producing.analyses.findings import Found
from jalostamo.producing.analyses.methods import method_called

A_FEW = settings(max_examples=max(3, settings.default.max_examples // 10))  # type: ignore[union-attr]  # a profile is loaded
PAIR = ("one", "other")
PARTS = ("", *PAIR)


def measured(
    engine: Engine, log: Log, method: str, *, bands: tuple[tuple[int, int], ...] = (), **parameters: object
) -> Mapping[str, Found]:
    """The tables of a method, the two groups compared."""
    called = method_called(method, place="a test")
    section = Section(parameters, "a test, [parameters]")
    section.refuse_unknown(called.parameters)
    setting = setting_of(*PAIR, compare=PAIR, bands=bands)
    return called.measure(engine, journeys_of(engine, log), setting, called.read(section))[1]


def of_part(found: Found, part: str) -> list[dict[str, object]]:
    """The rows of a part."""
    return [dict(row) for row in found.mappings() if row["group"] == part]


def naive_waits(log: Log, part: str, start: str | None) -> Iterator[tuple[int, int]]:
    """How long each case waited, and what ended it: B (1), C (2), or nothing (0)."""
    by_case = in_order(log[0])
    for who in log[1]:
        course = by_case.get(who.case, [])
        begun = next((n for n, e in enumerate(course) if start in (None, e.service)), None)
        if begun is None or (part and who.group != part):
            continue
        rest = course[begun + 1 if start else begun :]
        end = next((e for e in rest if e.service in "BC"), None)
        at = course[begun].at
        yield (max(who.left - at, 0), 0) if end is None else (end.at - at, "BC".index(end.service) + 1)


@A_FEW
@given(logs(most=30), st.sampled_from(["A", None]))
def test_waiting_and_its_shares_are_those_of_a_loop(duckdb: Engine, log: Log, start: str | None) -> None:
    assume(any(e.service == "A" for e in log[0]))
    asked: dict[str, object] = {"to": ["B"], "competing": ["C"], "classes": [1, 3]} | ({"from": ["A"]} if start else {})
    tables = measured(duckdb, log, "time_to_event", **asked)
    for part in PARTS:
        waits = list(naive_waits(log, part, start))
        kinds = Counter(kind for _, kind in waits)
        (ends,) = of_part(tables["ends"], part)
        assert [ends[name] for name in ("left", "reached", "competing")] == [kinds[kind] for kind in range(3)]
        for row in of_part(tables["intervals"], part):
            low, high = int(str(row["from"])), row["below"] or 10**9
            within = Counter(kind for time, kind in waits if low <= time < int(str(high)))
            assert row["at_risk"] == sum(time >= low for time, _ in waits)
            assert [row[name] for name in ("left", "reached", "competing")] == [within[kind] for kind in range(3)]
        waiting, reached, competing = Fraction(1), Fraction(0), Fraction(0)
        curve = of_part(tables["curve"], part)
        assert [row["time"] for row in curve] == sorted({time for time, _ in waits})
        for row in curve:
            at_risk = sum(time >= row["time"] for time, _ in waits)  # type: ignore[operator]  # a number
            now = Counter(kind for time, kind in waits if time == row["time"])
            reached += waiting * Fraction(now[1], at_risk)
            competing += waiting * Fraction(now[2], at_risk)
            waiting *= 1 - Fraction(now[1] + now[2], at_risk)
            assert row["at_risk"] == at_risk
            shares = (row["waiting"], row["share_reached"], row["share_competing"])
            assert shares == pytest.approx((float(waiting), float(reached), float(competing)))


@A_FEW
@given(logs(most=30), st.sampled_from(["year", "month"]), st.integers(0, 3))
def test_use_is_that_of_a_loop_by_period_and_years_lived(duckdb: Engine, log: Log, by: str, later: int) -> None:
    assume(log[0])
    cases = [who._replace(since=FIRST + later * (n % 3), left=LAST - n) for n, who in enumerate(log[1])]
    tables = measured(duckdb, (log[0], cases), "use", by=by)
    groups = {who.case: who.group for who in cases}
    step = 12 if by == "year" else 1
    for part in PARTS:
        theirs = [e for e in log[0] if not part or groups[e.case] == part]
        events = Counter((e.at - e.at % step, e.service) for e in theirs)
        users = Counter({(e.at - e.at % step, e.service, e.case) for e in theirs})
        customers = Counter((period, service) for period, service, _ in users)
        found = {(str(row["period"]), row["service"]): row for row in of_part(tables["use"], part)}
        assert len(found) == len(events)
        lived = {str(row["period"]): row for row in of_part(tables["periods"], part)}
        for (period, service), number in events.items():
            name = str(period // 12) if by == "year" else f"{period // 12}-{period % 12 + 1:02}"
            row = found[name, service]
            assert (row["events"], row["customers"]) == (number, customers[period, service])
            months = sum(
                max(0, min(who.left, period + step) - max(who.since, period))
                for who in cases
                if not part or who.group == part
            )
            assert (lived[name]["years"] if name in lived else None) == (months / 12 if months else None)


def town(seed: int, *, people: int = 600, planted: bool = True) -> Log:
    """Everybody waits from A for B or C, the first group half as long where that is planted, and uses D as often or twice."""
    drawn = random.Random(seed)
    events: list[Happened] = []
    cases = [Who(f"c{n}", f"c{n}", PAIR[drawn.randrange(2)], 2000 + n % 10) for n in range(people)]
    for who in cases:
        sooner = planted and who.group == "one"
        at = FIRST + drawn.randrange(36)
        events.append(Happened(who.case, len(events), "A", at))
        wait = 1 + int(drawn.expovariate(1 / (4 if sooner else 8)))
        if at + wait < LAST:
            events.append(Happened(who.case, len(events), "B" if drawn.random() < 0.8 else "C", at + wait))
        visits = sum(drawn.random() < (0.04 if sooner else 0.02) for _ in range(84))
        events += [Happened(who.case, len(events) + n, "D", FIRST + drawn.randrange(84)) for n in range(visits)]
    return [event._replace(row=row) for row, event in enumerate(events)], cases


WAITED: Mapping[str, object] = {"from": ["A"], "to": ["B"], "competing": ["C"], "covariates": ["group", "age"]}


def test_what_was_planted_is_found_by_every_test_and_nothing_where_nothing_was(duckdb: Engine) -> None:
    for planted in (True, False):
        waited = measured(duckdb, town(5, planted=planted), "time_to_event", bands=((0, 9), (10, 20)), **WAITED)
        assert {row["test"]: row["differs"] for row in waited["tests"].mappings()}["log_rank"] is planted
        differing = [row["differs"] for row in waited["differences"].mappings()]
        assert any(differing) is planted
        hazards = {str(row["covariate"]): row for row in waited["hazards"].mappings()}
        low, high = (float(str(hazards["group"][end])) for end in ("low", "high"))
        assert low <= (2 if planted else 1) <= high
        assert hazards.keys() == {"group", "age=10-20"}
        assert float(str(hazards["age=10-20"]["p"])) > 0.01
        used = measured(duckdb, town(10, planted=planted), "use")
        volumes = {row["service"]: row for row in used["volumes"].mappings()}
        low, high = (float(str(volumes["D"][end])) for end in ("low", "high"))
        assert volumes["D"]["differs"] is planted
        assert low <= (2 if planted else 1) <= high
        assert not volumes["A"]["differs"], "an equal volume is not called a difference"


def test_shuffled_groups_and_members_of_a_household_tell_of_no_difference(duckdb: Engine) -> None:
    events, cases = town(7)
    groups = [who.group for who in cases]
    random.Random(8).shuffle(groups)
    shuffled: Log = (events, [who._replace(group=group) for who, group in zip(cases, groups, strict=True)])
    tables = measured(duckdb, shuffled, "time_to_event", **WAITED)
    assert tables["differences"].rows
    assert not any([*tables["differences"].column("differs"), *tables["tests"].column("differs")])
    assert not any(measured(duckdb, shuffled, "use")["volumes"].column("differs"))
    called = method_called("time_to_event", place="a test")
    setting = setting_of(*PAIR, compare=PAIR, unit="household")
    asked = called.read(Section(WAITED, "a test"))
    shared = called.measure(duckdb, journeys_of(duckdb, (events, cases)), setting, asked)[1]
    assert not shared["tests"].rows + shared["differences"].rows + shared["hazards"].rows


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("use", {"by": "week"}),
        ("time_to_event", {"from": ["Z"], "to": ["A"]}),
        ("time_to_event", {"from": ["A"], "to": ["B"], "competing": ["B"]}),
        ("time_to_event", {"from": ["A"], "to": ["B"], "covariates": ["shoes"]}),
    ],
)
def test_what_cannot_be_asked_is_answered_with_a_sentence(
    duckdb: Engine, method: str, parameters: Mapping[str, object]
) -> None:
    with pytest.raises(Unfit, match=r"\.$"):
        measured(duckdb, ([Happened("c", 0, "A", FIRST)], [Who("c", "c", "one")]), method, **parameters)


def test_one_event_of_one_customer_is_measured(duckdb: Engine) -> None:
    one: Log = ([Happened("c", 0, "A", LAST - 1)], [Who("c", "c", "one", left=FIRST)])
    (ends,) = of_part(measured(duckdb, one, "time_to_event", **{"from": ["A"], "to": ["B"]})["ends"], "")
    assert (ends["starts"], ends["left"], ends["median"]) == (1, 1, None)
    (row,) = of_part(measured(duckdb, one, "use")["use"], "")
    assert (row["events"], row["per_1000"]) == (1, None), "nobody lived here then"


@pytest.mark.spark
@pytest.mark.deep
def test_spark_finds_the_same(duckdb: Engine, tmp_path: Path) -> None:
    log = town(9, people=120)
    with open_engine("local[2]", workspace=tmp_path / "spark") as spark:
        for method, parameters in (("time_to_event", WAITED), ("use", {"by": "month"})):
            one, other = (measured(engine, log, method, **parameters) for engine in (duckdb, spark))
            assert one == other


def test_groups_that_began_in_other_years_are_compared_within_years(duckdb: Engine) -> None:
    """The later a case began, the likelier it went on: the first group began later, and within a year nothing differs."""
    drawn = random.Random(3)
    cases = [Who(f"c{n}", f"c{n}", PAIR[n % 2]) for n in range(2000)]
    events: list[Happened] = []
    for number, who in enumerate(cases):
        late = drawn.random() < (0.8 if number % 2 == 0 else 0.2)
        begun = FIRST + 24 * late
        events.append(Happened(who.case, len(events), "A", begun))
        if drawn.random() < (0.7 if late else 0.3):
            events.append(Happened(who.case, len(events), "B", begun + 1))
    step_map, plain = method_called("step_map", place="a test"), setting_of(*PAIR, compare=PAIR)
    assert plain.groups
    for by_year in (False, True):
        setting = replace(plain, groups=replace(plain.groups, by_year=by_year))
        asked = step_map.read(Section({}, "a test"))
        tables = step_map.measure(duckdb, journeys_of(duckdb, (events, cases)), setting, asked)[1]
        (difference,) = tables["differences"].mappings()
        assert difference["differs"] is not by_year

"""Whole paths, paths around a service, services met again, times between and designed paths: as loops over cases find them."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import cast

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
from jalostamo.engine.connection import Engine
from jalostamo.managing.sections import Section
from jalostamo.producing.analyses.findings import Found
from jalostamo.producing.analyses.methods import METHODS, method_called
from jalostamo.producing.analyses.methods.around import BEGINS, ENDS, OTHERS
from jalostamo.producing.analyses.methods.conformance import KEPT
from jalostamo.producing.analyses.methods.step_map import STEP

A_FEW = settings(max_examples=max(3, settings.default.max_examples // 10))  # type: ignore[union-attr]  # a profile is loaded
PARTS = ("", "one", "other")
PAIR = ("one", "other")

type Tables = Mapping[str, Found]


def measured(duckdb: Engine, log: Log, method: str, **parameters: object) -> Tables:
    """The tables of a method, by the groups one and other, which are compared."""
    called = method_called(method, place="a test")
    section = Section(parameters, "a test, [parameters]")
    section.refuse_unknown(called.parameters)
    return called.measure(duckdb, journeys_of(duckdb, log), setting_of(*PAIR, compare=PAIR), called.read(section))[1]


def courses(log: Log, part: str) -> Iterator[list[Happened]]:
    """The events in order of each case of a part that has any."""
    by_case = in_order(log[0])
    yield from (by_case[c.case] for c in log[1] if c.case in by_case and (not part or c.group == part))


def of_part(found: Found, part: str) -> list[dict[str, object]]:
    """The rows of a part."""
    return [dict(row) for row in found.mappings() if row["group"] == part]


@A_FEW
@given(logs(most=30), st.integers(1, 3))
def test_whole_paths_are_those_of_a_loop_and_all_others_are_the_rest(duckdb: Engine, log: Log, top: int) -> None:
    assume(log[0])
    table = measured(duckdb, log, "variants", top=top)["variants"]
    for part in PARTS:
        walked = Counter(tuple(e.service for e in course) for course in courses(log, part))
        *named, others = of_part(table, part)
        for row in named:
            path = tuple(str(row["path"]).split(STEP))
            took = [c[-1].at - c[0].at for c in courses(log, part) if tuple(e.service for e in c) == path]
            assert (row["cases"], row["median"]) == (walked.pop(path, 0), median(took) if took else None)
        assert (others["cases"], others["variants"]) == (walked.total(), len(walked))
        named_least = sorted((cast("int", row["cases"]) for row in named), reverse=True)[:top][-1]
        assert all(cases <= named_least for cases in walked.values())


@A_FEW
@given(logs(most=30), st.integers(0, 2), st.integers(1, 3), st.integers(1, 2))
def test_steps_around_a_service_are_those_of_a_loop_and_no_customer_is_lost(
    duckdb: Engine, log: Log, before: int, after: int, named: int
) -> None:
    assume(any(e.service == "A" for e in log[0]))
    tables = measured(duckdb, log, "around", index=["A"], before=before, after=after, named=named)
    kept = {str(row["service"]) for row in tables["nodes"].mappings()} - {BEGINS, ENDS, OTHERS}
    for part in PARTS:
        links, nodes = Counter[tuple[int, str, str]](), Counter[tuple[int, str]]()
        for course in courses(log, part):
            services = [e.service if e.service in kept else OTHERS for e in course]
            if "A" not in services:
                continue
            at = services.index("A")
            ends = [BEGINS, *services, ENDS]
            steps = range(max(-before, -at - 1), min(after, len(services) - at) + 1)
            links.update((step, ends[at + 1 + step], ends[at + 2 + step]) for step in steps[:-1])
            nodes.update((step, ends[at + 1 + step]) for step in steps)
        assert links == {(r["step"], r["from"], r["to"]): r["customers"] for r in of_part(tables["links"], part)}
        assert nodes == {(r["step"], r["service"]): r["customers"] for r in of_part(tables["nodes"], part)}


@A_FEW
@given(logs())
def test_services_met_again_are_those_of_a_loop(duckdb: Engine, log: Log) -> None:
    assume(log[0])
    table = measured(duckdb, log, "rework")["services"]
    for part in PARTS:
        for row in of_part(table, part):
            loops, returns, again, met = [], [], 0, 0
            for course in courses(log, part):
                places = [n for n, e in enumerate(course) if e.service == row["service"]]
                met, again = met + bool(places), again + (len(places) > 1)
                for one, other in pairwise(places):
                    (loops if other - one == 1 else returns).append(course[other].at - course[one].at)
            assert (row["cases"], row["cases_again"], row["loops"], row["returns"]) == (
                met, again, len(loops), len(returns))  # fmt: skip
            assert (row["median_loop"], row["median_return"]) == tuple(
                median(gaps) if gaps else None for gaps in (loops, returns)
            )


@A_FEW
@given(logs(), st.sampled_from(["first", "every"]), st.sampled_from(["A", "B"]))
def test_times_between_services_are_those_of_a_loop(duckdb: Engine, log: Log, use: str, to: str) -> None:
    assume(any(e.service == "A" for e in log[0]))
    tables = measured(duckdb, log, "between", **{"from": ["A"], "to": [to], "use": use, "classes": [1, 3]})
    for part in PARTS:
        starts, took = 0, []
        for course in courses(log, part):
            uses = [n for n, e in enumerate(course) if e.service == "A"][: 1 if use == "first" else None]
            starts += len(uses)
            took += [
                next(e.at for e in course[n + 1 :] if e.service == to) - course[n].at
                for n in uses
                if any(e.service == to for e in course[n + 1 :])
            ]
        (row,) = of_part(tables["times"], part)
        assert (row["starts"], row["reached"], row["median"]) == (starts, len(took), median(took) if took else None)
        assert [r["events"] for r in of_part(tables["classes"], part)] == [
            sum(t < 1 for t in took), sum(1 <= t < 3 for t in took), sum(t >= 3 for t in took), starts - len(took)]  # fmt: skip


DESIGN: Mapping[str, object] = {
    "path": ["A", "B", "C"],
    "optional": ["B"],
    "steps": [["B", "B"]],
    "at_most": {"B": 2},
    "within": {"C": 2},
}
ALLOWED = {("", "A"), ("A", "B"), ("A", "C"), ("B", "C"), ("B", "B")}
LED_TO = {"": "ABC", "A": "BC", "B": "BC", "C": ""}


def departures(course: Sequence[Happened]) -> Iterator[tuple[int, str, str | None, str]]:
    """Where a course leaves the design: the place, the kind, from and to."""
    before, met = ("", 0), Counter[str]()
    designed = [(n, e) for n, e in enumerate(course) if e.service != "D"]
    yield from ((n, "inserted", None, "D") for n, e in enumerate(course) if e.service == "D")
    for n, event in designed:
        one, other = before[0], event.service
        met[other] += 1
        often = met[other] > 2 if other == "B" else one == other  # noqa: PLR2004  # as the design says
        if often:
            yield n, "too_often", None, other
        if one != other and (one, other) not in ALLOWED:
            yield n, "skipped" if other in LED_TO[one] else "wrong_order", one or BEGINS, other
        if other == "C" and one and event.at - before[1] > 2:  # noqa: PLR2004  # as the design says
            yield n, "late", one, other
        before = (other, event.at)
    if designed and designed[-1][1].service != "C":
        yield designed[-1][0], "unfinished", designed[-1][1].service, ENDS


@A_FEW
@given(logs())
def test_departures_from_a_designed_path_are_those_of_a_loop(duckdb: Engine, log: Log) -> None:
    assume(log[0])
    tables = measured(duckdb, log, "conformance", **DESIGN)
    for part in PARTS:
        found = [(course, list(departures(course))) for course in courses(log, part)]
        ways = Counter(way[1:] for _, left in found for way in left)
        rows = {(r["kind"], r["from"], r["to"]): r["events"] for r in of_part(tables["leaving"], part)}
        assert rows == ways
        (row,) = of_part(tables["keeping"], part)
        assert (row["cases"], row["kept"]) == (len(found), sum(not left for _, left in found))
        fit = [1 - len({place for place, *_ in left}) / len(course) for course, left in found]
        assert row["fitness"] == (pytest.approx(sum(fit) / len(fit)) if fit else None)


def town(seed: int, *, people: int = 500, planted: bool = True) -> Log:
    """Cases that walk A, B, C; of the first group a third skip B, begin anew or wait long, if that is planted."""
    drawn = random.Random(seed)
    events: list[Happened] = []
    cases = [Who(f"c{n}", f"c{n}", PAIR[n % 2]) for n in range(people)]
    for number, who in enumerate(cases):
        leaves = drawn.random() < (1 / 3 if planted and number % 2 == 0 else 1 / 10)
        path = drawn.choice([["A", "C"], ["A", "B", "A", "B", "C"]]) if leaves else ["A", "B", "C"]
        at = FIRST + drawn.randrange(24)
        for service in path:
            events.append(Happened(who.case, len(events), service, at))
            at += drawn.choice([1, 2, 3, 4]) + (3 if planted and number % 2 == 0 and service == "A" else 0)
    return events, cases


def test_what_was_planted_in_a_group_is_found_by_every_method_and_nothing_where_nothing_was(duckdb: Engine) -> None:
    asked: Mapping[str, tuple[Mapping[str, object], str]] = {
        "variants": ({"top": 3}, "A → C"),
        "around": ({"index": ["C"], "before": 1}, "-1 A"),
        "rework": ({}, "A"),
        "conformance": ({"path": ["A", "B", "C"]}, KEPT),
    }
    for method, (parameters, subject) in asked.items():
        for planted in (True, False):
            differences = measured(duckdb, town(11, planted=planted), method, **parameters)["differences"]
            differing = [row["subject"] for row in differences.mappings() if row["differs"]]
            assert (subject in differing) is planted, method
            assert planted or not differing, method
    for planted in (True, False):
        tables = measured(duckdb, town(12, planted=planted), "between", **{"from": ["A"], "to": ["C"]})
        (test,), (medians,) = tables["tests"].mappings(), tables["medians"].mappings()
        low, high = (float(str(medians[end])) for end in ("low", "high"))
        assert test["differs"] is planted
        assert (low <= 0 <= high) is not planted
    every = measured(duckdb, town(12), "between", **{"from": ["A"], "to": ["C"], "use": "every"})
    assert not every["tests"].rows + every["medians"].rows, "the uses of one case are not independent"


@pytest.mark.parametrize(
    ("method", "parameters"),
    [
        ("variants", {"top": 0}),
        ("around", {"index": ["Z"]}),
        ("around", {"index": ["A"], "before": 0, "after": 0}),
        ("between", {"from": ["Z"], "to": ["A"]}),
        ("between", {"from": ["A"], "to": ["B"], "classes": [3, 1]}),
        ("conformance", {"path": ["A", "A"]}),
        ("conformance", {"steps": [["A", "B"]]}),
        ("conformance", {"path": ["A", "B"], "within": {"Z": 1}}),
    ],
)
def test_what_cannot_be_asked_is_answered_with_a_sentence(
    duckdb: Engine, method: str, parameters: Mapping[str, object]
) -> None:
    with pytest.raises(Unfit, match=r"\.$"):
        measured(duckdb, ([Happened("c", 0, "A", FIRST)], [Who("c", "c", "one")]), method, **parameters)


ONE: Log = ([Happened("c", 0, "A", LAST + 3, FIRST)], [Who("c", "c", "one", left=FIRST)])
MANY: Log = ([Happened("c", n, f"S{n:05}", FIRST) for n in range(10_000)] + ONE[0], ONE[1])


def test_one_event_or_very_many_services_of_one_customer_are_measured(duckdb: Engine) -> None:
    (only,) = measured(duckdb, ONE, "between", **{"from": ["A"], "to": ["A"]})["times"].mappings()[:1]
    assert (only["starts"], only["reached"], only["waiting_median"]) == (1, 0, None), "nobody looked on after it"
    assert measured(duckdb, ONE, "around", index=["A"])["links"].rows[0][:5] == ("", -1, BEGINS, "A", 1)
    assert measured(duckdb, MANY, "variants")["variants"].column("events")[0] == len(MANY[0])
    (keeping,) = measured(duckdb, MANY, "conformance", path=["A", "B"])["keeping"].mappings()[:1]
    assert keeping["fitness"] == pytest.approx(1 / len(MANY[0])), "only where it begins"
    assert not any(measured(duckdb, MANY, "rework")["services"].column("cases_again"))
    assert len({method.name for method in METHODS}) == len(METHODS)

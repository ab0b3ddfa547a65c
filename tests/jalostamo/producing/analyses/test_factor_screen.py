"""The factor screen counts what a loop over every month counts, finds what was planted, and nothing where time is shuffled."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.jalostamo.producing.analyses.naive_factors import months_at_risk, naive_exposures
from tests.jalostamo.producing.analyses.naive_journeys import FIRST, Happened, Log, Who, journeys_of, setting_of
from tests.jalostamo.producing.analyses.planted_factors import (
    COMPANIONS,
    PRECURSOR,
    START,
    Planted,
    asked_for,
    rows_of,
    shuffled_in_time,
    shuffled_starts,
    town,
)

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.managing.sections import Section
from jalostamo.producing.analyses.findings import Found
from jalostamo.producing.analyses.methods import before_after
from jalostamo.producing.analyses.methods.factor_screen import METHOD
from jalostamo.producing.analyses.methods.factor_screen.exposure import Exposure, exposures
from jalostamo.producing.analyses.methods.factor_screen.risk import AtRisk, at_risk
from jalostamo.producing.analyses.methods.factor_screen.weighing import LEVEL, Base, weighed

SEEDS = [pytest.param(seed, marks=pytest.mark.deep if seed else ()) for seed in range(10)]


def screened(duckdb: Engine, log: Log, **parameters: object) -> Found:
    """The factors of a screen of a log, with those of its households."""
    _, tables = METHOD.measure(duckdb, journeys_of(duckdb, log), setting_of(unit="household"), asked_for(**parameters))
    return tables["factors"]


def small(seed: int) -> Log:
    """A few households with all that may be: those who move, are born, are of no known age, or start at once."""
    drawn = random.Random(seed)
    cases = []
    for number in range(drawn.randint(1, 24)):
        since = FIRST + drawn.choice((-5, 0, 0, 0, 13, 30))
        born = drawn.choice((None, since // 12, 2001, 2005))
        left = FIRST + drawn.choice((84, 84, 60, 31))
        cases.append(Who(f"c{number:02}", f"u{drawn.randint(0, number)}", None, born, since, max(since, left)))
    events = [
        Happened(drawn.choice(cases).case, row, drawn.choice(["A", "B", "C", START]), FIRST + drawn.randint(0, 83))
        for row in range(drawn.randint(1, 12) * len(cases))
    ]
    return [*events, Happened(cases[0].case, -1, START, FIRST + 70)], cases


@settings(max_examples=3)
@given(
    st.integers(0, 10**6),
    st.sampled_from(
        [
            {},
            {"windows": [[0, 3], [3, 20]], "lookback": 30, "ages": [0, 9], "contacts": [2, 4], "age_bands": [[0, 6]]},
            {"windows": [1, 5]},
        ]
    ),
    st.integers(1, 3),
)
def test_months_and_starts_of_every_factor_are_those_of_a_loop_over_months(
    duckdb: Engine, seed: int, parameters: Mapping[str, object], parts: int
) -> None:
    log, asked = small(seed), asked_for(**parameters)
    risk = replace(at_risk(duckdb, journeys_of(duckdb, log), asked), parts=parts)
    found = {
        (factor.whose, factor.what, window): (
            {stratum(risk, number): months for number, months in each.months.items()},
            {stratum(risk, number): starts for number, starts in each.starts.items()},
            dict(each.lags),
        )
        for (factor, window), each in exposures(duckdb, risk, asked, household=True).items()
    }
    assert found == naive_exposures(log, asked, household=True)
    months = list(months_at_risk(log, asked))
    rows = duckdb.rows(risk.years)
    assert sum(int(str(row["months"])) for row in rows) == len(months)
    assert sum(int(str(row["starts"])) for row in rows) == sum(month.starts for month in months)


def stratum(risk: AtRisk, number: int) -> tuple[str, int, int]:
    """A stratum in the words of the twin."""
    band, year, contacts = risk.strata.parts(number)
    return risk.strata.bands[band], year, contacts


@pytest.mark.parametrize("seed", SEEDS)
def test_what_was_planted_precedes_first_and_with_its_lag_and_its_companions_do_not(duckdb: Engine, seed: int) -> None:
    found = screened(duckdb, town(seed, Planted()))
    first = found.mappings()[0]
    assert (first["factor"], first["whose"], first["months_before"], first["precedes"]) == (
        PRECURSOR,
        "own",
        "6-12",
        True,
    )
    assert float(str(first["low"])) <= 3.0 <= 1.15 * float(str(first["high"]))
    assert 7 <= float(str(first["median_lag"])) <= 11  # of months 7 to 12
    companions = [row["precedes"] for row in rows_of(found, *COMPANIONS)]
    assert sum(map(bool, companions)) <= LEVEL * len(companions)


@pytest.mark.parametrize("seeds", [range(1), pytest.param(range(1, 10), marks=pytest.mark.deep)])
def test_where_time_is_shuffled_nothing_precedes_and_where_starts_are_nothing_goes_with_them(
    duckdb: Engine, seeds: range
) -> None:
    towns = [town(seed, Planted(), people=1500) for seed in seeds]
    in_time, starts = (
        [screened(duckdb, shuffled(log, seed)) for seed, log in zip(seeds, towns, strict=True)]
        for shuffled in (shuffled_in_time, shuffled_starts)
    )
    rows = [row for found in (*in_time, *starts) for row in found.mappings()]
    # What was planted is one row in about fifty of each screen: were it found still, these would be more.
    assert sum(bool(row["precedes"]) for row in rows) <= 0.01 * len(rows)
    assert sum(float(str(row["adjusted_p"])) < LEVEL for found in starts for row in found.mappings()) <= 0.01 * len(
        rows
    )


def test_heavy_use_and_age_are_not_taken_for_what_precedes(duckdb: Engine) -> None:
    events, cases = town(3, Planted(ratio=1.0, heavy=4.0, young=3.0))
    named = [who._replace(group="one" if number % 3 else "other") for number, who in enumerate(cases)]
    found = screened(duckdb, (events, named), windows=[[0, 12], [12, 24]], attributes=["group"])
    (near,) = (row for row in rows_of(found, PRECURSOR) if (row["whose"], row["months_before"]) == ("own", "0-12"))
    assert float(str(near["crude_ratio"])) > 1.6  # by use and age alone
    assert float(str(near["low"])) <= 1.0 <= float(str(near["high"]))
    assert not any(found.column("precedes"))
    one, other = rows_of(found, "group = one", "group = other")
    assert float(str(one["ratio"])) == pytest.approx(1 / float(str(other["ratio"])))
    assert (one["kind"], one["timing_p"]) == ("attribute", None)


def test_what_follows_a_start_is_no_factor_of_it_though_an_unprotected_twin_finds_it(duckdb: Engine) -> None:
    log, asked = town(4, Planted(ratio=1.0, aftercare=0.3), people=150), asked_for()
    honest, leaking = (naive_exposures(log, asked, household=False, unprotected=each) for each in (False, True))
    key = ("own", "AFTERCARE", asked.windows[0])
    starts = sum(month.starts for month in months_at_risk(log, asked))
    assert key not in honest
    assert leaking[key][1].total() > starts / 2
    of_its_own = [row for row in rows_of(screened(duckdb, log), "AFTERCARE", START) if row["whose"] == "own"]
    assert not of_its_own


@pytest.mark.parametrize("windows", [[[-6, 0]], [[0, 6], [-1, 12]], [[0, 0]], [[6, 3]]])
def test_a_window_that_reaches_the_start_or_beyond_is_refused(windows: list[list[int]]) -> None:
    with pytest.raises(Unfit, match="ends before the start") as refused:
        asked_for(windows=windows)
    assert refused.value.reason == "window_after_start"


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"start": ["nothing"]}, "index_unused"),
        ({"windows": [[0, 90]]}, "period_too_short"),
        ({"attributes": ["shoe_size"]}, "field_unknown"),
        ({"lookback": 3}, "definition_incomplete"),
        ({"contacts": [3, 3]}, "definition_incomplete"),
        ({"ages": [[0, 6], [7, 17]]}, "definition_incomplete"),
        ({"windows": []}, "definition_incomplete"),
    ],
)
def test_a_screen_that_cannot_be_says_why(duckdb: Engine, parameters: Mapping[str, object], reason: str) -> None:
    with pytest.raises(Unfit) as refused:
        screened(duckdb, ([Happened("c", 0, START, FIRST + 30)], [Who("c", "u")]), **parameters)
    assert refused.value.reason == reason


@pytest.mark.deep
@pytest.mark.spark
def test_spark_finds_what_the_embedded_engine_finds(duckdb: Engine, tmp_path: Path) -> None:
    log = small(7)
    with open_engine("local[2]", workspace=tmp_path) as spark:
        for asked in (asked_for(ages=[0, 30]), before_after.read(Section({"index": [START], "within": 9}, "a test"))):
            method = before_after.METHOD if isinstance(asked, before_after.Asked) else METHOD
            one, other = (
                method.measure(engine, journeys_of(engine, log), setting_of(unit="household"), asked)
                for engine in (duckdb, spark)
            )
            assert one == other


def test_those_who_share_a_fate_count_as_one() -> None:
    one = weighed(*_base(1))
    two = weighed(*_base(2))
    assert two.p == pytest.approx(one.p, rel=0.05)
    assert two.ratio.high == pytest.approx(one.ratio.high, rel=0.01)


def _base(members: int) -> tuple[Exposure, Base]:
    """Forty units of so many who start together, twelve of them exposed, among 1,000 months each."""
    starting = [(unit * 10 + member, unit) for unit in range(40) for member in range(members)]
    exposed = Exposure()
    exposed.months[0], exposed.starts[0] = 6_000 * members, 12 * members
    exposed.shared.update(number for number, unit in starting if unit < 12)  # the exposed
    shared = {number: (unit, 0) for number, unit in starting} if members > 1 else {}
    return exposed, Base({0: 40_000 * members}, {0: 40 * members}, shared)

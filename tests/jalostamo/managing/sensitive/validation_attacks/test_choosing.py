"""Knowing why nothing finer was released tells of people; a choice that policy made beforehand does not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from tests.jalostamo.managing.sensitive.validation_attacks.conftest import Look
from tests.jalostamo.managing.sensitive.validation_attacks.village import (
    age,
    area,
    columns,
    recoded,
    released,
    village,
    write,
)

from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.validation.attacks.case import Case, Written
from jalostamo.managing.sensitive.validation.attacks.choosing import Choosing, suspected
from jalostamo.managing.sensitive.validation.attacks.criteria import read_criteria
from jalostamo.managing.sensitive.validation.attacks.downcoding import downcoding
from jalostamo.managing.sensitive.validation.attacks.falling_short import Wanted
from jalostamo.managing.sensitive.validation.attacks.rates import Sample
from jalostamo.managing.sensitive.validation.attacks.suite import attack
from jalostamo.managing.sensitive.validation.closeness import Distance
from jalostamo.managing.sensitive.validation.diversity import Variety

# As in Wong and others 2007: two of one age, five of another, and the two have the same.
SEVEN = pl.DataFrame({"age": ["10"] * 2 + ["15"] * 5, "ill": list("aabcdef")})
COARSE = (age(2),)
RULE = Choosing(preferred=((1,),), k=2, distinct={"ill": 2})
# Forty in one area of whom one is of the rare age, sixty in another of whom half are.
HUNDRED = pl.DataFrame(
    [("30" if number < 39 or 40 <= number < 70 else "31", "00" if number < 40 else "12") for number in range(100)],
    schema=["age", "area"],
    orient="row",
).with_columns(pl.lit("x").alias("ill"))
MADE_COARSER = (age(1), area(0))


def test_the_two_who_must_be_alike_are_told(look: Look) -> None:
    found = suspected(look(recoded(SEVEN, COARSE), SEVEN, COARSE), RULE, column=0, by=0.1)
    assert found.gain == pytest.approx(1 - 2 / 7)
    assert found.people == 2


@pytest.mark.parametrize(
    ("wanted", "gain"),
    [
        (Wanted(Variety("entropy", 1.5)), 1 - 2 / 7),
        (Wanted(Variety("recursive", 2, 3.0)), 1 - 2 / 7),
        # Only "e" and "f" together are so far from the seven, where values stand in order.
        (Wanted(distance=Distance("ordered", 0.45, tuple("abcdef"))), 1 / 2 - 1 / 7),
    ],
)
def test_who_falls_short_of_entropy_recursive_l_or_t_is_told_as_much(look: Look, wanted: Wanted, gain: float) -> None:
    sight = look(recoded(SEVEN, COARSE), SEVEN, COARSE)
    none = replace(RULE, distinct={})
    assert suspected(sight, none, column=0, by=0.1).gain == 0.0
    found = suspected(sight, replace(none, wanted={"ill": wanted}), column=0, by=0.1)
    assert (found.gain, found.people) == (pytest.approx(gain), 2)


def test_what_nobody_or_everybody_falls_short_of_tells_nothing(look: Look) -> None:
    sight = look(recoded(SEVEN, COARSE), SEVEN, COARSE)
    for wanted in (Wanted(distance=Distance("equal", 0.99)), Wanted(distance=Distance("equal", 0.01))):
        assert suspected(sight, replace(RULE, distinct={}, wanted={"ill": wanted}), column=0, by=0.1).gain < 0.05


@pytest.mark.parametrize(
    "without",
    [
        Choosing(preferred=(), k=2, distinct={"ill": 2}),  # a catalogue has nothing finer
        Choosing(preferred=((1,),), k=2),  # nothing was asked of values
        Choosing(preferred=((1,),), k=3, distinct={"ill": 2}),  # numbers alone kept it out
        Choosing(preferred=((2,), (3,)), k=2, distinct={"ill": 2}),  # what is preferred is no finer
    ],
)
def test_what_does_not_hang_on_values_tells_none(look: Look, without: Choosing) -> None:
    assert suspected(look(recoded(SEVEN, COARSE), SEVEN, COARSE), without, column=0, by=0.1).gain == 0.0


def test_rows_that_may_be_left_out_are_counted_before_values_are_suspected(look: Look) -> None:
    sight = look(recoded(SEVEN, COARSE), SEVEN, COARSE)
    # Two left out by number alone are allowed: it was the values that kept the finer level out.
    rule = replace(RULE, k=3, distinct={"ill": 2})
    assert suspected(sight, rule, column=0, by=0.1).gain == 0.0
    assert suspected(sight, replace(rule, suppressed=2), column=0, by=0.1).gain > 0.5


def test_among_many_parts_nobody_is_suspected_more_than_a_little(look: Look) -> None:
    source, quasi = village(5, 6_000), columns(3, 2)
    rule = Choosing(preferred=(tuple(c.level for c in columns(2, 2)),), k=11, distinct={"ill": 8})
    found = suspected(look(released(source, quasi, k=11), source, quasi), rule, column=0, by=0.1)
    assert 0 <= found.gain < 0.1


def test_the_finer_value_is_told_from_the_rule(look: Look) -> None:
    sight = look(recoded(HUNDRED, MADE_COARSER), HUNDRED, MADE_COARSER)
    risk = downcoding(sight, Choosing(preferred=((0, 0),), k=5), column=0, likely=0.8)
    assert risk is not None
    # All of the first area are claimed, and one of them wrongly; who does not know the rule claims nobody.
    assert (risk.main.successes, risk.control.successes, risk.main.attempts) == (39, 0, 100)
    assert risk.low > 0.09


@pytest.mark.parametrize(
    "without", [Choosing(preferred=(), k=5), Choosing(preferred=((0, 0),)), Choosing(preferred=((1, 0),), k=5)]
)
def test_where_no_rule_prefers_the_finer_level_nothing_is_claimed_from_it(look: Look, without: Choosing) -> None:
    sight = look(recoded(HUNDRED, MADE_COARSER), HUNDRED, MADE_COARSER)
    assert downcoding(sight, without, column=0, likely=0.8) is None


def test_where_finer_values_are_spread_alike_the_rule_tells_nothing(look: Look) -> None:
    source, quasi = village(6, 6_000), columns(3, 2)
    sight = look(released(source, quasi, k=11), source, quasi)
    risk = downcoding(sight, Choosing(preferred=((2, 2, 0),), k=11), column=0, likely=0.8)
    assert risk is not None
    assert (risk.main.successes, risk.control.successes) == (0, 0)


@pytest.mark.parametrize(("preferred", "outcome"), [(((0, 0),), {"downcoding.risk"}), ((), set())])
def test_the_suite_finds_the_leak_and_passes_the_choice_of_a_catalogue(
    engine: Engine, tmp_path: Path, preferred: tuple[tuple[int, ...], ...], outcome: set[str]
) -> None:
    path = write(released(HUNDRED, MADE_COARSER, k=5), tmp_path / "out.parquet")
    rule = Choosing(preferred=preferred, k=5)
    source = engine.in_memory(HUNDRED.to_arrow())
    case = Case(Written(path, MADE_COARSER), source, ("ill",), generalisations=4, choosing=rule)
    found = attack(engine, case, read_criteria("outside"), sample=Sample(seed=3))
    by_rule = {"downcoding.risk", "minimality.gain"}
    assert {f.figure for f in found.findings if f.outcome != "withstood"} & by_rule == outcome

"""Predicates made from a release single out who is alone in it, and nobody where all have as many alike as was promised."""

from __future__ import annotations

import polars as pl
from tests.jalostamo.managing.sensitive.validation_attacks.conftest import Look
from tests.jalostamo.managing.sensitive.validation_attacks.village import columns, recoded, released, village

from jalostamo.managing.sensitive.validation.attacks.rates import Sample
from jalostamo.managing.sensitive.validation.attacks.singling_out import singling_out

SAMPLE = Sample(seed=7, size=500)


def test_in_a_release_of_classes_of_five_no_predicate_fits_one_person(look: Look) -> None:
    source, quasi = village(1), columns(2, 1)
    found = singling_out(look(released(source, quasi, k=5), source, quasi), SAMPLE)
    assert (found.univariate.main.successes, found.multivariate.main.successes) == (0, 0)
    assert found.smallest_class >= 5
    assert found.multivariate.high < 0.05


def test_without_leaving_anybody_out_predicates_single_out(look: Look) -> None:
    source, quasi = village(1), columns(1, 0)
    found = singling_out(look(released(source, quasi, k=1), source, quasi), SAMPLE)
    assert found.multivariate.low > 0.5
    assert (found.smallest_class, found.alone_in_release > 0) == (1, True)


def test_one_class_of_one_is_found_among_many(look: Look) -> None:
    source, quasi = village(1), columns(2, 1)
    alone = source.filter(pl.struct("age", "area", "sex").is_first_distinct()).head(1)
    oddity = alone.with_columns(pl.lit("00").alias("age"), pl.lit("00").alias("area"), pl.lit("F").alias("sex"))
    others = source.filter(~((pl.col("age") < "10") & (pl.col("area") < "04") & (pl.col("sex") == "F")))
    whole = pl.concat([others, oddity])
    found = singling_out(look(recoded(whole, quasi), whole, quasi), SAMPLE)
    assert found.smallest_class == 1
    # Every predicate tried is one that fits one row of the release, and this one is right.
    assert found.multivariate.main.attempts == found.multivariate.main.successes > 0


def test_one_column_singles_out_the_only_one_of_her_age(look: Look) -> None:
    source, quasi = village(1).filter(pl.col("age") < "79"), columns(0, 3, 1)
    oldest = source.head(1).with_columns(pl.lit("79").alias("age"))
    whole = pl.concat([source, oldest])
    assert singling_out(look(recoded(whole, quasi), whole, quasi), SAMPLE).univariate.main.successes == 1
    assert singling_out(look(recoded(source, quasi), source, quasi), SAMPLE).univariate.main.successes == 0


def test_who_is_alone_in_the_source_is_counted_as_recorded(look: Look) -> None:
    source, quasi = village(1), columns(2, 1)
    names = ["age", "area", "sex"]
    alone = source.filter(pl.len().over(names) == 1).height / source.height
    assert singling_out(look(recoded(source, quasi), source, quasi), SAMPLE).alone_in_source == alone


def test_of_the_same_seed_the_same_is_found(look: Look) -> None:
    source, quasi = village(1), columns(1, 1)
    twice = [singling_out(look(recoded(source, quasi), source, quasi), SAMPLE) for _ in range(2)]
    assert twice[0] == twice[1]


def test_the_only_one_of_a_class_with_her_value_is_told_beside(look: Look) -> None:
    source = pl.DataFrame({"age": ["10"] * 4, "area": ["00"] * 4, "sex": ["F"] * 4, "ill": list("aabc")})
    quasi = columns(2, 2)
    assert singling_out(look(recoded(source, quasi), source, quasi), SAMPLE).alone_with_value == 2 / 4


def test_two_who_are_alike_in_everything_are_two(look: Look) -> None:
    source = pl.DataFrame({"age": ["10"] * 2 + ["20"] * 2, "area": ["00"] * 4, "sex": ["F"] * 4, "ill": ["a"] * 4})
    quasi = columns(2, 2)
    found = singling_out(look(recoded(source, quasi), source, quasi), SAMPLE)
    assert (found.univariate.main.successes, found.multivariate.main.successes) == (0, 0)

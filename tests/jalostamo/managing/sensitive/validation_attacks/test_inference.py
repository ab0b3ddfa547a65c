"""What is guessed of people from their class counts as risk only as far as it cannot be guessed of others as well."""

from __future__ import annotations

import polars as pl
from tests.jalostamo.managing.sensitive.validation_attacks.conftest import Look
from tests.jalostamo.managing.sensitive.validation_attacks.village import ILLS, columns, recoded, released, village

from jalostamo.managing.sensitive.validation.attacks.inference import inference
from jalostamo.managing.sensitive.validation.attacks.rates import Sample

SAMPLE = Sample(seed=7, size=1_000)


def by_age(source: pl.DataFrame) -> pl.DataFrame:
    """The village where each decade has one ill of its own: known of everybody, in the release or not."""
    decade = pl.col("age").str.slice(0, 1)
    return source.with_columns(decade.replace_strict({f"{n}": ILLS[n] for n in range(8)}).alias("ill"))


def test_small_classes_tell_of_their_own_people(look: Look) -> None:
    source, quasi = village(1), columns(1, 0)
    risk = inference(look(recoded(source, quasi), source, quasi), SAMPLE)
    assert risk.low > 0.3
    assert risk.better_than_guessing


def test_large_classes_tell_of_nobody_in_particular(look: Look) -> None:
    source, quasi = village(1), columns(3, 3)
    risk = inference(look(released(source, quasi, k=100), source, quasi), SAMPLE)
    assert risk.high < 0.09


def test_what_holds_of_everybody_is_knowledge_and_no_risk(look: Look) -> None:
    source, quasi = by_age(village(1)), columns(2, 3)
    sight = look(released(source, quasi, k=5), source, quasi)
    with_control = look(released(source, quasi, k=5), source, quasi, control=by_age(village(2)))
    for seen in (sight, with_control):
        risk = inference(seen, SAMPLE)
        assert risk.main.successes == risk.control.successes == 1_000
        assert (risk.low, risk.most_gained < 0.01) == (0, True)


def test_of_people_without_a_class_the_commonest_value_is_guessed(look: Look) -> None:
    source, quasi = village(1).with_columns(pl.lit("ill1").alias("ill")), columns(0, 0)
    strangers = village(2).with_columns(pl.lit("79").alias("age"), pl.lit("ill1").alias("ill"))
    here = source.filter(pl.col("age") < "79")
    risk = inference(look(recoded(here, quasi), here, quasi, control=strangers), SAMPLE)
    assert risk.control.successes == risk.control.attempts


def test_people_who_were_left_out_are_neither_attacked_nor_a_control_group(look: Look) -> None:
    source, quasi = village(1), columns(1, 1)
    release = released(source, quasi, k=12)
    risk = inference(look(release, source, quasi), Sample(seed=7, size=source.height))
    assert risk.main.attempts == risk.control.attempts == release.height < source.height


def test_without_taking_her_own_row_out_nobody_would_be_a_control_group(look: Look) -> None:
    source, quasi = village(1), columns(1, 0)
    # The source itself as control: as good at it as those who are attacked, so that no risk is seen.
    blind = inference(look(recoded(source, quasi), source, quasi, control=source), SAMPLE)
    assert blind.covers_nothing
    assert inference(look(recoded(source, quasi), source, quasi), SAMPLE).low > blind.high

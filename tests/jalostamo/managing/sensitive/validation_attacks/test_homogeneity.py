"""Classes of one value and skewed ones are found with the share of people in them; what all have is told of nobody."""

from __future__ import annotations

import polars as pl
from tests.jalostamo.managing.sensitive.validation_attacks.conftest import Look
from tests.jalostamo.managing.sensitive.validation_attacks.village import age, columns, recoded, released, village

from jalostamo.managing.sensitive.validation.attacks.homogeneity import Homogeneity, homogeneity
from jalostamo.managing.sensitive.validation.attacks.insider import Learned, insider, learned

DECADES = (age(2),)


def found(look: Look, classes: dict[str, str]) -> Homogeneity:
    rows = [(a, ill) for a, ills in classes.items() for ill in ills]
    source = pl.DataFrame(rows, schema=["age", "ill"], orient="row")
    return homogeneity(look(recoded(source, DECADES), source, DECADES), likely=0.8, likelier=3)


def test_everybody_in_a_class_of_one_value_is_told_of(look: Look) -> None:
    one = found(look, {"10": "aaaaa", "20": "abcde", "30": "bcdef"})
    assert (one.one_value, one.likely) == (5 / 15, 5 / 15)


def test_varied_classes_tell_of_nobody(look: Look) -> None:
    varied = found(look, {"10": "abcde", "20": "abcde"})
    assert varied == Homogeneity(0, 0, 0, 1)


def test_a_small_class_with_skew_is_found_though_it_has_two_values(look: Look) -> None:
    # k = 2 and two values hold of each class, and still somebody in the first is near to certain.
    skewed = found(look, {"10": "aaaaaaaab", "20": "bcdefbcdef", "30": "fg"})
    assert (skewed.one_value, skewed.likely) == (0, 9 / 21)
    # One of two has g, who was one of 21: more than three times likelier; so are f there, and a in the first class.
    assert skewed.greatest_ratio == 21 / 2
    assert skewed.likelier == 2 / 21


def test_what_all_have_is_told_of_nobody_by_her_class(look: Look) -> None:
    assert found(look, {"10": "aaa", "20": "aaa"}) == Homogeneity(0, 0, 0, 1)


def test_a_release_of_nobody_tells_nothing(look: Look) -> None:
    source = pl.DataFrame({"age": ["10"], "ill": ["a"]})
    sight = look(released(source, DECADES, k=2), source, DECADES)
    assert homogeneity(sight, likely=0.8, likelier=3) == Homogeneity(0, 0, 0, 0)
    assert learned(sight) == Learned(0, 0, 0)
    assert insider(sight, k=2).not_in_release == 1


def test_diversity_is_what_keeps_classes_from_telling(look: Look) -> None:
    source, quasi = village(1, ills=2), columns(1, 1)
    coarse = released(source, quasi, k=3)
    names = ["age", "area", "sex"]
    varied = coarse.filter(pl.col("ill").n_unique().over(names) >= 2)
    assert homogeneity(look(coarse, source, quasi), likely=0.9, likelier=9).one_value > 0
    assert homogeneity(look(varied, source, quasi), likely=0.9, likelier=9).one_value == 0

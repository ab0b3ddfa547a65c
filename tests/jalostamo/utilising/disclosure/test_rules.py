"""Rules of disclosure: data with words beside it, read back to the letter."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.languages import LANGUAGES
from jalostamo.utilising.disclosure.rules import CLAUSES, INSIDE, OUTSIDE, RULES, Rule, in_words, rule_from, rule_of


def test_outside_nothing_is_derived_from_fewer_units_than_inside() -> None:
    assert (INSIDE.least, OUTSIDE.least) == (5, 10)


@pytest.mark.parametrize("id", RULES)
def test_a_rule_is_found_by_its_stable_id(id: str) -> None:  # noqa: A002  # a rule's id is called so everywhere
    assert rule_of(id).id == id


def test_an_unknown_rule_is_refused_with_those_that_exist() -> None:
    with pytest.raises(Misused, match="inside, outside"):
        rule_of("none")


def test_every_number_of_a_rule_stands_in_its_words() -> None:
    told = {f"{{{field.name}}}" for field in fields(Rule)} - {"{id}", "{top_share}", "{most_gained}"}
    told |= {"{top_percent}", "{gained_percent}"}
    for language in LANGUAGES:
        said = " ".join(clause.in_language(language) for clause in CLAUSES)
        assert not {word for word in told if word not in said}, language


def test_the_words_of_a_rule_follow_its_numbers() -> None:
    one, other = in_words(OUTSIDE), in_words(replace(OUTSIDE, least=12, top_share=0.8))
    assert [a != b for a, b in zip(one, other, strict=True)] == [True, False, False, True, False, False, False]


@pytest.mark.parametrize("rule", [INSIDE, OUTSIDE, replace(INSIDE, mean_cell=5)], ids=["inside", "outside", "whole"])
def test_a_rule_reads_back_as_it_was_written(rule: Rule) -> None:
    assert rule_from(json.loads(json.dumps(rule.as_mapping()))) == rule


@pytest.mark.parametrize("change", [{"more": 1}, {"least": "10"}, {"least": 10.0}, {"least": 0}, {"top_share": 2.0}])
def test_a_rule_with_an_odd_entry_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(Unfit):
        rule_from({**OUTSIDE.as_mapping(), **change})


def test_a_rule_that_lacks_an_entry_is_refused() -> None:
    written = OUTSIDE.as_mapping()
    del written["least"]
    with pytest.raises(Unfit):
        rule_from(written)

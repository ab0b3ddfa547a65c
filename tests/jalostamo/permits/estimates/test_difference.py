"""Whoever reads an estimate again sees what changed, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from tests.jalostamo.permits.estimates.filled import FILLED, estimates

from jalostamo.concepts.languages import Text
from jalostamo.permits.estimates.answers import Estimate, Treatment, answer_to, with_answer
from jalostamo.permits.estimates.choices import LikelyUsers, OtherHarm, YesNo
from jalostamo.permits.estimates.difference import differences, shown_answer
from jalostamo.permits.estimates.form import FORM, FormField
from jalostamo.permits.terms import Step, title_of


@pytest.mark.parametrize(
    "field",
    [field for field in FORM.asked if answer_to(FILLED, field.id) != answer_to(Estimate(), field.id)],
    ids=lambda field: field.id,
)
def test_a_changed_entry_is_told_with_its_title(field: FormField) -> None:
    (found,) = differences(with_answer(FILLED, field.id, answer_to(Estimate(), field.id)), FILLED)
    assert (found.entry, found.title, found.before) == (field.id, field.label, ())
    assert found.after


@given(estimates)
def test_an_estimate_does_not_differ_from_itself(estimate: Estimate) -> None:
    assert differences(estimate, replace(estimate)) == ()


@given(estimates, estimates)
def test_a_difference_reads_the_same_backwards(old: Estimate, new: Estimate) -> None:
    back = [(found.entry, found.after, found.before) for found in differences(new, old)]
    assert back == [(found.entry, found.before, found.after) for found in differences(old, new)]


def test_options_are_told_by_their_titles_in_the_order_of_the_form() -> None:
    users = frozenset({LikelyUsers.MEDIA, LikelyUsers.RESIDENTS})
    (found,) = differences(FILLED, replace(FILLED, likely_users=users))
    assert found.before == (title_of(LikelyUsers.UNITS_OF_THE_CITY),)
    assert found.after == (title_of(LikelyUsers.RESIDENTS), title_of(LikelyUsers.MEDIA))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, Treatment()),
        (Treatment(redaction="visits.place"), Treatment(reason="It is public.")),
        (Treatment(redaction="visits.place"), None),
    ],
)
def test_each_other_harm_is_told_apart(before: Treatment | None, after: Treatment | None) -> None:
    old, new = (
        replace(FILLED, other_harms={} if treatment is None else {OtherHarm.GENERAL_SAFETY: treatment})
        for treatment in (before, after)
    )
    (found,) = differences(old, new)
    assert (found.entry, found.title) == ("other_harms.general_safety", title_of(OtherHarm.GENERAL_SAFETY))
    shown = [() if told is None else (title_of(YesNo.YES), told.redaction, told.reason) for told in (before, after)]
    assert [found.before, found.after] == shown


@pytest.mark.parametrize(
    ("entry", "answer", "expected"),
    [
        ("costs.it", 25, Text("2,5 työpäivää", "2,5 arbetsdagar", "2.5 days of work")),
        ("costs.it", 20, Text("2 työpäivää", "2 arbetsdagar", "2 days of work")),
        ("costs.outside_euros", 1205, Text("1205 euroa", "1205 euro", "1205 euros")),
        ("processing.unable", True, title_of(YesNo.YES)),
        ("processing.unable", False, title_of(YesNo.NO)),
        ("aims_and_use", "To see.", "To see."),
    ],
)
def test_an_answer_is_shown_as_people_read_it(entry: str, answer: object, expected: Text | str) -> None:
    assert shown_answer(FORM.field(entry), answer) == (expected,)


def test_a_step_is_told_in_the_words_of_its_axis() -> None:
    (shown,) = shown_answer(FORM.field("significance"), Step.VERY_HIGH)
    assert shown.en == "very great significance"


@pytest.mark.parametrize("entry", ["costs.it", "aims_and_use", "significance", "likely_users"])
def test_an_unanswered_entry_shows_nothing(entry: str) -> None:
    assert shown_answer(FORM.field(entry), answer_to(Estimate(), entry)) == ()

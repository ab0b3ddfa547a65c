"""The form holds together: its entries, its answers, its options and its conditions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import pytest

from jalostamo.concepts.languages import LANGUAGES
from jalostamo.permits.estimates.answers import Estimate, answer_to
from jalostamo.permits.estimates.choices import LikelyUsers, OtherHarm, PersonalHarm, YesNo, YesNoUnable
from jalostamo.permits.estimates.costs import CostClass
from jalostamo.permits.estimates.form import FORM, AnswerKind, AnswerSource, Axis, FormField
from jalostamo.permits.estimates.matrices import POINTS, DecisionCell
from jalostamo.permits.estimates.priority import Precedence
from jalostamo.permits.estimates.risks import FloorReason
from jalostamo.permits.terms import DataSubjects, Step, title_of

LISTS = [
    *(AnswerKind, AnswerSource, Axis, CostClass, DecisionCell, FloorReason, LikelyUsers),
    *(OtherHarm, PersonalHarm, Precedence, YesNo, YesNoUnable),
]
CHOSEN = {AnswerKind.CHOICE, AnswerKind.MANY, AnswerKind.TREATMENTS, AnswerKind.STEP}


def _leaves(value: Any, prefix: str = "") -> Iterator[str]:
    for field in fields(value):
        inner = getattr(value, field.name)
        yield from _leaves(inner, f"{field.name}.") if is_dataclass(inner) else [f"{prefix}{field.name}"]


def test_every_answer_of_an_estimate_is_one_entry_of_the_form() -> None:
    assert Counter(field.id for field in FORM.asked) == Counter(_leaves(Estimate()))


def test_no_entry_stands_twice() -> None:
    assert max(Counter(field.id for field in FORM.fields).values()) == 1


@pytest.mark.parametrize("closed", LISTS, ids=lambda closed: closed.__name__)
def test_every_option_has_a_title(closed: type[Enum]) -> None:
    assert all(title_of(member).in_language(language) for member in closed for language in LANGUAGES)


@pytest.mark.parametrize("field", FORM.fields, ids=lambda field: field.id)
def test_an_entry_of_the_form_says_why_it_is_asked(field: FormField) -> None:
    texts = [text.in_language(language) for text in (field.label, field.help) for language in LANGUAGES]
    assert len(set(texts)) >= 4 and all(text == text.strip() for text in texts)


@pytest.mark.parametrize("field", FORM.fields, ids=lambda field: field.id)
def test_only_entries_to_choose_from_have_options(field: FormField) -> None:
    from_elsewhere = field.id == "means_of_publication"
    assert bool(field.options) is (field.kind in CHOSEN and not from_elsewhere)


@pytest.mark.parametrize("field", [f for f in FORM.fields if f.kind is AnswerKind.STEP], ids=lambda field: field.id)
def test_steps_go_by_their_names(field: FormField) -> None:
    assert [Step[option.id.upper()] for option in field.options] == list(Step)


@pytest.mark.parametrize("entry", ["stated_benefit", "stated_processing_risk", "stated_publication_risk"])
def test_overall_estimates_show_their_points(entry: str) -> None:
    assert tuple(option.points for option in FORM.field(entry).options) == POINTS


@pytest.mark.parametrize("field", [f for f in FORM.fields if f.shown_if], ids=lambda field: field.id)
def test_a_condition_names_options_of_earlier_entries(field: FormField) -> None:
    earlier = [other.id for other in FORM.fields][: [other.id for other in FORM.fields].index(field.id)]
    for entry, options in field.shown_if.items():
        named = (
            {"yes", "no"} if FORM.field(entry).kind is AnswerKind.TICK else {o.id for o in FORM.field(entry).options}
        )
        assert entry in earlier and options and options <= named


@pytest.mark.parametrize("matrix", ["benefit", "processing", "publication"])
def test_each_matrix_is_asked_on_two_axes(matrix: str) -> None:
    assert [field.axis for field in FORM.fields if field.matrix == matrix] == [Axis.X, Axis.Y]


@pytest.mark.parametrize(
    ("entry", "closed"),
    [
        ("likely_users", LikelyUsers),
        ("raw_has_personal", YesNo),
        ("analysed_has_personal", YesNoUnable),
        ("results_have_personal", YesNoUnable),
        ("data_subjects", DataSubjects),
        ("personal_harms", PersonalHarm),
        ("other_harms", OtherHarm),
        ("cost_class", CostClass),
        ("decision", DecisionCell),
    ],
)
def test_options_are_those_of_the_closed_list(entry: str, closed: type[Enum]) -> None:
    assert [(option.id, option.title) for option in FORM.field(entry).options] == [
        (member.value, title_of(member)) for member in closed
    ]


def test_the_form_names_no_city() -> None:
    texts = [text for field in FORM.fields for text in (field.label, field.help, *(o.title for o in field.options))]
    texts += [text for section in FORM.sections for text in (section.title, *section.guidance)]
    assert not any(name in getattr(text, at) for text in texts for at in LANGUAGES for name in ("Espoo", "Esbo"))


@pytest.mark.parametrize("field", FORM.asked, ids=lambda field: field.id)
def test_every_asked_entry_has_an_answer_in_the_estimate(field: FormField) -> None:
    assert answer_to(Estimate(), field.id) in (None, "", False, frozenset(), {})

"""Appendix 1, section 1: basic information on the object of analysis."""

from __future__ import annotations

from dataclasses import fields

import pytest

from jalostamo.permits.contents import content_of, value_from
from jalostamo.permits.descriptions import Description
from jalostamo.permits.estimates.answers import Estimate
from jalostamo.permits.estimates.form import FORM, AnswerSource

pytestmark = pytest.mark.requirement("A1-01")
ANALYSIS = [
    *("name", "description", "commissioned_by", "analyst", "data_retrieved_by", "purpose"),
    *("users", "means_of_publication", "continuity"),
]
DATA = [
    *("content", "customer_data", "time_frame", "sources", "privacy_protection"),
    *("data_security", "processing_tools", "owner"),
]


@pytest.mark.parametrize(("group", "entries"), [("analysis", ANALYSIS), ("data", DATA)])
def test_nine_entries_tell_of_the_analysis_and_eight_of_the_data(group: str, entries: list[str]) -> None:
    """All entries of the printed form, in its order."""
    assert [field.id for field in FORM.sections[0].fields if field.group == group] == entries


def test_basic_information_is_asked_once_in_the_description() -> None:
    """What the description of the analysis says already is shown on the form, and not asked again."""
    assert {field.source for field in FORM.sections[0].fields} == {AnswerSource.DESCRIPTION}
    described = {field.name for field in fields(Description)}
    assert all(field.answered_in and set(field.answered_in) <= described for field in FORM.sections[0].fields)


@pytest.mark.parametrize(
    ("entry", "options"),
    [
        ("purpose", ["internal", "external"]),
        ("continuity", ["continuous_monitoring", "updated_at_intervals", "one_off"]),
        ("customer_data", ["yes", "no"]),
    ],
)
def test_the_printed_options_are_all_there(entry: str, options: list[str]) -> None:
    """Purpose, continuity and customer data have the options of the printed form."""
    assert [option.id for option in FORM.field(entry).options] == options


def test_an_estimate_that_has_only_been_begun_can_be_kept() -> None:
    """Nothing has to be filled in before a draft is saved, and what was typed is read back."""
    draft = Estimate(aims_and_use="To see which services")
    assert value_from(Estimate, content_of(draft)) == draft

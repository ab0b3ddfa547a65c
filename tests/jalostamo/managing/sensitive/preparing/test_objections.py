"""A recipe that contradicts itself, or would release what never is, is refused before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from tests.jalostamo.managing.sensitive.small_town import (
    Change,
    all_of,
    code,
    decision,
    extracts,
    person,
    prepared,
    request_in,
    setting,
    text,
)

from jalostamo.concepts.code_lists import Code, CodeList
from jalostamo.concepts.errors import Refused, Unfit
from jalostamo.engine.connection import Engine
from jalostamo.managing.dictionary import Declared, declared_in
from jalostamo.managing.sensitive.preparing.objections import objections_to_releasing, refuse_contradictions

PEOPLE = [person(0), person(1)]
DECISIONS = [decision(0, code(0))]
FIELD, EVENT = "preparation.field", "preparation.event_field"


def wanted(name: str, of: str, **more: object) -> Mapping[str, object]:
    return {"name": name, "of": [of], "title": text(name).as_mapping(), **more}


def with_field(field: Mapping[str, object], *, of: str = FIELD) -> Change:
    return all_of(setting(f"{of}.0", field), setting("preparation.loss_by", "birth_year"))


def looked_up(field: str) -> Change:
    lookup = {"name": "guardians", "through": "guardian", "field": field}
    return all_of(setting("linking.lookup", [lookup]), with_field(wanted("told", "guardians", quasi_identifier=True)))


NEVER = {
    "a name": (with_field(wanted("told", "surname", quasi_identifier=True)), "direct identifier"),
    "an identity code": (with_field(wanted("told", "guardian", quasi_identifier=True)), "direct identifier"),
    "a household": (with_field(wanted("told", "household", quasi_identifier=True)), "link"),
    "free text of an event": (with_field(wanted("told", "note"), of=EVENT), "free text"),
    "the number of a case": (with_field(wanted("told", "number"), of=EVENT), "link"),
    "a client of an event": (with_field(wanted("told", "client"), of=EVENT), "direct identifier"),
    "a guardian's name": (looked_up("surname"), "direct identifier"),
    "a name among other fields": (
        with_field(wanted("told", "sex", quasi_identifier=True) | {"of": ["sex", "surname"]}),
        "direct identifier",
    ),
    "a birth date outside the classes": (with_field(wanted("told", "birth_date")), "indirect identifier"),
}


@pytest.mark.parametrize("field", NEVER)
def test_what_is_never_released_is_refused_by_its_description(field: str, engine: Engine, tmp_path: Path) -> None:
    change, word = NEVER[field]
    with pytest.raises(Refused, match=f"is described as .*{word}") as refused:
        prepared(engine, tmp_path, PEOPLE, DECISIONS, change)
    assert refused.value.reason == "field_never_released"
    assert not list((tmp_path / "vault").glob("persons.parquet"))


def test_the_request_as_it_stands_has_no_objections(tmp_path: Path) -> None:
    request = request_in(tmp_path)
    given = extracts(tmp_path / "vault", PEOPLE, DECISIONS, request)
    assert request.linking is not None
    assert objections_to_releasing(request, declared_in(given, request.linking.lookups)) == []


@pytest.mark.parametrize("turned", [False, True])
def test_a_name_that_two_registers_use_is_judged_by_the_more_sensitive_one(turned: bool, tmp_path: Path) -> None:
    only = [wanted("told", "surname", quasi_identifier=True)]
    request = request_in(tmp_path, all_of(setting(FIELD, only), setting(EVENT, [])))
    population, social = extracts(tmp_path / "vault", PEOPLE, DECISIONS, request)
    harmless = replace(social.declared.field_named("service"), name="surname")
    other = replace(social, declared=replace(social.declared, fields=(harmless,)))
    given = [population, other] if turned else [other, population]
    assert [o.sentence for o in objections_to_releasing(request, declared_in(given))] == [
        "Field 'surname' is described as direct identifier: it is never released as it is."
    ]


@pytest.mark.parametrize("name", ["household_", "customer_", "record_", "code_", "nothing"])
def test_only_described_fields_are_released(name: str, engine: Engine, tmp_path: Path) -> None:
    # The linked table has columns of its own: raw households, numbers that follow the order of the codes.
    change = with_field(wanted("told", name, quasi_identifier=True))
    with pytest.raises(Unfit, match="no source or lookup") as refused:
        prepared(engine, tmp_path, PEOPLE, DECISIONS, change)
    assert refused.value.reason == "field_unknown"


NO_LINKING: Change = lambda content: content.pop("linking")  # noqa: E731  # a change like the others
CONTRADICTIONS: dict[str, tuple[Change, str]] = {
    "rows of persons": (setting("preparation.units", ["row"]), "the unit 'row'"),
    "persons of nobody": (NO_LINKING, "the unit 'row'"),
    "no household": (lambda c: c["linking"].pop("household"), "needs 'household'"),  # type: ignore[attr-defined]
    "events of nothing": (setting("linking.joins", {}), "needs 'joins'"),
    "no quasi-identifier": (
        all_of(*(setting(f"{FIELD}.{place}.quasi_identifier", False) for place in range(3))),
        "at least one field",
    ),
    "a loss by households": (setting("preparation.loss_by", "household_"), "'loss_by' names one"),
    "a loss by an event field": (setting("preparation.loss_by", "service"), "'loss_by' names one"),
    "an event as a class": (setting(f"{EVENT}.0.quasi_identifier", True), "an event field is no"),
    "a field called as the pseudonym": (with_field(wanted("person", "sex", quasi_identifier=True)), "names of fields"),
    "a field called as residence": (with_field(wanted("resident_to", "sex", quasi_identifier=True)), "names of"),
    "a field of the product's own": (with_field(wanted("holds_", "sex", quasi_identifier=True)), "names of"),
    "two fields of one name": (with_field(wanted("birth_year", "sex", quasi_identifier=True)), "names of fields"),
}


@pytest.mark.parametrize("fault", CONTRADICTIONS)
def test_a_recipe_that_contradicts_itself_is_refused_in_words(fault: str, tmp_path: Path) -> None:
    change, sentence = CONTRADICTIONS[fault]
    with pytest.raises(Unfit, match=sentence) as refused:
        refuse_contradictions(request_in(tmp_path, change))
    assert refused.value.reason == "recipe_contradiction"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (with_field(wanted("told", "service", calendar="month"), of=EVENT), "field_no_date"),
        (with_field(wanted("told", "sex", calendar="year", quasi_identifier=True)), "field_no_date"),
        (
            with_field(wanted("told", "birth_date", quasi_identifier=True) | {"of": ["birth_date", "arrived"]}),
            "fields_combined",
        ),
        (setting(EVENT, [wanted("service", "service")]), "request_incomplete"),
        (with_field(wanted("told", "sex"), of=EVENT), "field_unknown"),
    ],
    ids=[
        "a service by the month",
        "a sex by the year",
        "two dates as one",
        "events without a day",
        "a sex of an event",
    ],
)
def test_a_field_that_cannot_be_made_so_is_refused_without_its_values(
    change: Change, reason: str, engine: Engine, tmp_path: Path
) -> None:
    people = [person(0), person(1)]
    with pytest.raises(Unfit, match=r"\[preparation\]") as refused:
        prepared(engine, tmp_path, people, DECISIONS, change)
    assert refused.value.reason == reason
    assert "HS" not in str(refused.value)


def described_twice(other: Code, folder: Path) -> Declared:
    """What is declared where both registers have a field `language`, the second's of one code."""
    population, social = extracts(folder / "vault", PEOPLE, DECISIONS, request_in(folder))
    services, _ = social.register.code_lists
    lists = (services, CodeList("spoken", "1", (other,)))
    fields = [replace(f, name="language") if f.name == "spoken" else f for f in social.declared.fields]
    declared = replace(social.declared, fields=tuple(fields))
    register = replace(social.register, tables=(declared,), code_lists=lists)
    return declared_in([population, replace(social, declared=declared, register=register)])


def test_a_code_of_two_meanings_is_never_released(tmp_path: Path) -> None:
    request = request_in(tmp_path)
    told = described_twice(Code("fi", text("Fijian")), tmp_path)
    with pytest.raises(Unfit, match="field 'language', of which a code has different meanings"):
        objections_to_releasing(request, told)


def test_codes_of_two_sources_that_agree_are_told_together(tmp_path: Path) -> None:
    told = described_twice(Code("et", text("Estonian")), tmp_path)
    assert objections_to_releasing(request_in(tmp_path), told) == []
    assert told.labels["language"].keys() == {"fi", "sv", "so", "ru", "xx", "et"}

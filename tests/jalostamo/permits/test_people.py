"""Who acts: by which assignment, on which days, for what, in whose place, and under whose contract."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from jalostamo.concepts.roles import ROLES, Role
from jalostamo.permits.people import (
    OUTSIDE_ROLES,
    Actor,
    Assignment,
    Automaton,
    automaton,
    called,
    holding,
    objections_to_assignment,
)
from jalostamo.permits.terms import title_of

FIRST, LAST = datetime.date(2026, 3, 2), datetime.date(2026, 3, 31)
DAY = datetime.timedelta(days=1)
GIVEN = Assignment("person_1", Role.VALIDATOR, FIRST, LAST, "grants", "confirms")
ACTING = Actor("person_1", Role.VALIDATOR)


def held(
    given: Assignment = GIVEN, actor: Actor = ACTING, *, day: datetime.date = FIRST, scope: str | None = None
) -> bool:
    return holding((given,), actor, day=day, scope=scope) is not None


def codes(**changed: object) -> set[str]:
    return {found.code for found in objections_to_assignment(replace(GIVEN, **changed))}


@pytest.mark.parametrize(
    ("day", "holds"), [(FIRST - DAY, False), (FIRST, True), (LAST, True), (LAST + DAY, False)], ids=str
)
def test_an_assignment_holds_from_its_first_day_to_its_last(day: datetime.date, holds: bool) -> None:
    assert GIVEN.holds_on(day) is holds
    assert held(day=day) is holds


def test_a_role_is_held_by_a_person_and_by_nobody_else() -> None:
    assert held()
    assert not held(actor=Actor("person_2", Role.VALIDATOR))
    assert not held(actor=Actor("person_1", Role.ANALYST))


@pytest.mark.parametrize(
    ("scope", "asked", "holds"),
    [
        (None, None, True),
        (None, "daycare", True),
        ("daycare", None, True),
        ("daycare", "daycare", True),
        ("daycare", "population", False),
    ],
)
def test_a_role_for_one_thing_is_held_for_that_thing(scope: str | None, asked: str | None, holds: bool) -> None:
    """Held for everything it is held for each; where nothing in particular is asked, held is held."""
    assert held(replace(GIVEN, scope=scope), scope=asked) is holds


def test_a_substitute_acts_in_the_place_of_whom_she_substitutes_and_says_so() -> None:
    substitute = replace(GIVEN, substitute_for="person_9")
    assert held(substitute, Actor("person_1", Role.VALIDATOR, substitute_for="person_9"))
    assert not held(substitute, ACTING)
    assert not held(substitute, Actor("person_1", Role.VALIDATOR, substitute_for="person_8"))
    assert not held(GIVEN, Actor("person_1", Role.VALIDATOR, substitute_for="person_9"))


def test_a_substitute_acts_on_her_days_only() -> None:
    substitute = replace(GIVEN, substitute_for="person_9")
    acting = Actor("person_1", Role.VALIDATOR, substitute_for="person_9")
    assert [held(substitute, acting, day=day) for day in (FIRST - DAY, FIRST, LAST, LAST + DAY)] == [
        False,
        True,
        True,
        False,
    ]


def test_of_two_assignments_the_one_that_fits_counts() -> None:
    past = replace(GIVEN, until=FIRST - DAY, since=FIRST - DAY)
    assert holding((past, GIVEN), ACTING, day=FIRST, scope=None) is GIVEN


@pytest.mark.parametrize("role", Role)
def test_outside_people_validate_check_outputs_and_answer_for_data_security_and_nothing_else(role: Role) -> None:
    outside = codes(role=role, organisation="Another town", contract="Contract 7")
    assert outside == (set() if role in OUTSIDE_ROLES else {"assignment_outside"})
    assert {Role.VALIDATOR, Role.OUTPUT_CHECKER, Role.DATA_SECURITY_PERSON} == OUTSIDE_ROLES


@pytest.mark.parametrize("contract", [None, "", "  "])
def test_outside_people_act_under_a_named_contract(contract: str | None) -> None:
    assert codes(organisation="Another town", contract=contract) == {"assignment_contract"}


@pytest.mark.parametrize(
    ("person", "grants", "confirms"),
    [("a", "a", "b"), ("a", "b", "a"), ("a", "b", "b"), ("a", "a", "a")],
)
def test_a_role_takes_three_people(person: str, grants: str, confirms: str) -> None:
    assert codes(person=person, granted_by=grants, confirmed_by=confirms) == {"assignment_alone"}
    assert codes() == set()


def test_nobody_substitutes_herself() -> None:
    assert codes(substitute_for="person_1") == {"assignment_substitute"}


def test_a_role_ends_after_it_begins() -> None:
    assert codes(until=FIRST - DAY) == {"assignment_days"}
    assert codes(until=FIRST) == set()


@pytest.mark.parametrize("which", Automaton)
def test_an_automaton_acts_under_its_own_name(which: Automaton) -> None:
    acting = automaton(which)
    assert (acting.person, acting.is_person) == (which.value, False)
    assert called(which) == title_of(which)


def test_a_person_is_called_by_her_role() -> None:
    assert ACTING.is_person
    assert {called(described.role) for described in ROLES} == {described.title for described in ROLES}

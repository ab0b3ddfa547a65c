"""Duties: every two roles side by side, and what one person has done before, whenever that was."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from tests.jalostamo.permits.cases import START, Kind, opening_of, papers
from tests.jalostamo.permits.played import LOW, MODERATE, after, codes_of, done, opened_with, paper_of

from jalostamo.concepts.roles import Role
from jalostamo.permits.applying import applied
from jalostamo.permits.duties import DUTIES, duties_between, fewest_people, objections_to_acting, objections_to_role
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.moves import Command
from jalostamo.permits.people import Actor, Assignment, Automaton, automaton
from jalostamo.permits.performing import perform
from jalostamo.permits.settings import KeptApart, Settings
from jalostamo.permits.terms import Level

pytestmark = pytest.mark.requirement("S26-17")

INI, ANA, PRV = Role.INITIATOR, Role.ANALYST, Role.PRIVACY_PERSON
DSP, TDS = Role.DATA_SECURITY_PERSON, Role.TECHNICAL_DATA_SECURITY_PERSON
BRM, RSK, CTY = Role.BRANCH_MANAGER, Role.RISK_MANAGER, Role.CITY_MANAGER
OWN, SYS, ANO, VAL = Role.SOURCE_SYSTEM_OWNER, Role.SYSTEMS_EXPERT, Role.ANONYMISATION_EXPERT, Role.VALIDATOR
OUT, CON = Role.OUTPUT_CHECKER, Role.SERVICE_UNIT_READER

# Who is kept apart from whom, as the process says it: written out once more, and not taken from the duties.
APART = {
    "duty_analysis": {(ANA, SYS), (ANA, ANO), (ANA, VAL)},
    "duty_use": {(SYS, CON), (ANO, CON)},
    "duty_deciding": {(who, whom) for who in (DSP, TDS, BRM, RSK, CTY, PRV) for whom in (INI, ANA)},
    "duty_handling": {(who, whom) for who in (DSP, TDS, BRM, RSK, CTY) for whom in (SYS, ANO, VAL)},
    "duty_validating": {(VAL, SYS), (VAL, ANO)},
    "duty_checking": {(OUT, INI), (OUT, ANA), (OUT, SYS), (OUT, ANO)},
    "duty_source": {(OWN, ANA)},
    "duty_group": {(DSP, TDS)},
    "duty_management": {(BRM, RSK)},
}
PAIRS = [(code, one, other) for code, pairs in APART.items() for one, other in sorted(pairs)]
PERSON = "one_and_the_same"


def has_acted(role: Role, *, level: Level = Level.MODERATE, settings: Settings | None = None) -> Initiative:
    """A case in which that person has acted so."""
    kind = Kind(level)
    case = after(kind, "submit_assessment")
    return replace(case, acts=frozenset({(PERSON, role)}), settings=settings or case.settings)


def codes_for(case: Initiative, *roles: Role, person: str = PERSON) -> set[str]:
    return codes_of(objections_to_acting(case, [Actor(person, role) for role in roles]))


def assignment(role: Role, person: str = PERSON) -> Assignment:
    return Assignment(person, role, START.date(), START.date(), "administrator", "data_security_person")


@pytest.mark.parametrize(("one", "other"), list(product(Role, Role)))
def test_two_roles_are_kept_apart_exactly_where_the_process_says(one: Role, other: Role) -> None:
    said = {code for code, pairs in APART.items() if (one, other) in pairs or (other, one) in pairs}
    assert set(duties_between(one, other, Settings())) == said


def test_the_duties_are_those_that_are_written_here() -> None:
    assert {duty.code for duty in DUTIES} == set(APART)


@pytest.mark.parametrize(("code", "one", "other"), PAIRS)
def test_whoever_has_done_the_one_does_not_do_the_other_whichever_came_first(code: str, one: Role, other: Role) -> None:
    assert code in codes_for(has_acted(one), other)
    assert code in codes_for(has_acted(other), one)
    assert codes_for(has_acted(one), other, person="somebody_else") == set()
    assert codes_for(has_acted(one), one) == set()


@pytest.mark.parametrize(("code", "one", "other"), PAIRS)
def test_nobody_does_both_in_one_command(code: str, one: Role, other: Role) -> None:
    case = replace(has_acted(one), acts=frozenset())
    assert code in codes_for(case, one, other)


@pytest.mark.parametrize(("code", "one", "other"), PAIRS)
@pytest.mark.requirement("S24-08")
def test_a_role_is_refused_to_whoever_has_acted_in_one_it_is_kept_apart_from(code: str, one: Role, other: Role) -> None:
    assert code in codes_of(objections_to_role(has_acted(one), assignment(other)))
    assert objections_to_role(has_acted(one), assignment(other, "somebody_else")) == ()


@pytest.mark.parametrize(("code", "one", "other"), PAIRS)
@pytest.mark.requirement("S24-08")
def test_a_role_is_refused_to_whoever_was_given_one_it_is_kept_apart_from(code: str, one: Role, other: Role) -> None:
    case = replace(has_acted(one), acts=frozenset(), given_roles=frozenset({(PERSON, one)}))
    assert code in codes_of(objections_to_role(case, assignment(other)))


def test_at_low_risk_one_person_may_sign_for_both_of_the_group() -> None:
    assert codes_for(has_acted(DSP, level=Level.LOW), TDS) == set()


@pytest.mark.parametrize("level", [Level.UNCLEAR, Level.MODERATE, Level.HIGH])
def test_above_low_risk_the_group_is_two_people(level: Level) -> None:
    assert codes_for(has_acted(DSP, level=level), TDS) == {"duty_group"}


def test_before_the_risk_is_known_the_group_is_two_people() -> None:
    assert codes_for(replace(has_acted(DSP, level=Level.LOW), assessed=None), TDS) == {"duty_group"}


@pytest.mark.parametrize("duty", [duty.code for duty in DUTIES if duty.code != "duty_group"])
def test_low_risk_lifts_no_other_duty(duty: str) -> None:
    one, other = min(APART[duty])
    assert duty in duties_between(one, other, Settings(), level=Level.LOW)


def test_a_municipality_keeps_more_apart() -> None:
    settings = Settings(apart=(KeptApart(Role.PUBLISHER, Role.INITIATOR),))
    assert codes_for(has_acted(INI, settings=settings), Role.PUBLISHER) == {"duty_of_the_city"}
    assert codes_for(has_acted(Role.PUBLISHER, settings=settings), INI) == {"duty_of_the_city"}
    assert codes_for(has_acted(INI), Role.PUBLISHER) == set()


def test_an_automaton_has_no_duties() -> None:
    assert objections_to_acting(has_acted(ANA), [automaton(which) for which in Automaton]) == ()


def test_a_duty_does_not_end_with_the_role() -> None:
    """She analysed, her role was ended, the case was assessed anew: what she has done stays done."""
    case = after(LOW, "open_requests")
    ended = papers.RoleEnded("analyst", "analyst", "She has moved to another unit.")
    case = done(LOW, case, "end_role", paper=ended)
    assert not any(given.role is ANA for given in case.people)
    case = done(LOW, case, "rescope")
    assert codes_for(case, VAL, person="analyst") == {"duty_analysis"}


def test_a_first_signature_counts_before_the_second_is_given() -> None:
    case = after(MODERATE, "escalate_to_management")
    paper = paper_of(MODERATE, case, "decide_to_continue")
    command = Command("decide_to_continue", (Actor("branch_manager", BRM),), paper)
    case = applied(case, perform(case, command, at=START))
    assert case.decided is None
    assert codes_for(case, RSK, person="branch_manager") == {"duty_management"}


def test_an_objection_names_roles_and_no_person() -> None:
    (objection,) = objections_to_acting(has_acted(ANA), [Actor(PERSON, VAL)])
    assert PERSON not in repr(objection)
    assert all(PERSON not in text for text in (objection.text.fi, objection.text.sv, objection.text.en))


def test_people_named_at_the_opening_are_judged_by_what_they_do() -> None:
    """Standing roles are of many cases: in this one, a person takes the side on which she acts first."""
    opening = opening_of(LOW)
    case = opened_with(LOW, opening)
    assert case.given_roles == frozenset()
    assert objections_to_role(case, assignment(VAL, "analyst")) == ()


def test_where_nothing_is_to_be_done_nobody_is_needed() -> None:
    assert fewest_people((), Settings(), level=Level.HIGH) == 0

"""How many people a case takes: any kind can be run by five, and none by fewer than its duties allow.

The fewest people are computed twice: from the duties alone, and by playing the case with people who are hired one by one,
only when nobody who is already there may act.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from tests.jalostamo.permits.cases import PUBLICATION, REGISTER, RUN, START, Kind, opening_of, papers_for

from jalostamo.concepts.organisations import OperatingModel
from jalostamo.concepts.roles import Role
from jalostamo.permits.applying import applied, opened
from jalostamo.permits.duties import DUTIES, fewest_people
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.machines import STATES, PermitState, PublicationState
from jalostamo.permits.moves import Command, state_of
from jalostamo.permits.papers import LoginStatement
from jalostamo.permits.people import Actor, Assignment, Automaton, automaton
from jalostamo.permits.performing import Occurrence, judge
from jalostamo.permits.settings import Settings
from jalostamo.permits.tables import BY_STATE_AND_COMMAND, MACHINES
from jalostamo.permits.terms import DataClass, KindOfAnalysis, Lane, Level, Step
from jalostamo.permits.transitions import Transition
from jalostamo.permits.work_papers import OutputKind

pytestmark = pytest.mark.requirement("S24-08", "S26-17")

PEOPLE = ("Aino", "Bertta", "Cecilia", "Daniel", "Eero", "Fanny", "Greta")
KINDS = {
    "low, cells": Kind(Level.LOW),
    "low, rows": Kind(Level.LOW, Lane.ROWS, DataClass.ANONYMISED_ROWS),
    "low, the unit's own analyst": Kind(Level.LOW, model=OperatingModel.GROUP_ENABLES),
    "low, repeated, a model is published": Kind(
        Level.LOW, kind=KindOfAnalysis.CONTINUOUS_MONITORING, output=OutputKind.MODEL
    ),
    "moderate, cells": Kind(Level.MODERATE),
    "moderate, of children, rows": Kind(Level.MODERATE, Lane.ROWS, DataClass.ANONYMISED_ROWS, children=True),
    "high, cells": Kind(Level.HIGH),
    "high, a sealed job": Kind(Level.HIGH, sealed=True),
    "high, rows, the Commissioner is heard": Kind(
        Level.HIGH, Lane.ROWS, DataClass.ROW_LEVEL_KEY_DESTROYED, residual=Step.HIGH
    ),
    "high, pseudonymised, microdata": Kind(
        Level.HIGH,
        Lane.ROWS,
        DataClass.PSEUDONYMISED_WITH_KEY,
        KindOfAnalysis.GUIDING,
        output=OutputKind.MICRODATA,
    ),
}


def ways_of(kind: Kind) -> list[tuple[str, str]]:
    """The commands of a whole case of this kind, from its description to what is published."""
    decided = {
        Level.LOW: ["confirm_low"],
        Level.MODERATE: ["escalate_to_management", "decide_to_continue"],
        Level.HIGH: ["escalate_to_city", "advise_on_consultation", "decide_to_continue"],
    }[kind.level]
    if kind.residual is Step.HIGH:
        decided[2:2] = ["consult_commissioner", "record_opinion"]
    first = ["describe", "open_assessment", "submit_assessment", "give_privacy_statement"]
    impact = ["attach_impact_assessment"] if kind.level is not Level.LOW else []
    rows = ["validate", "release"] if kind.lane is Lane.ROWS else ["confirm_quality"]
    review = ["submit_revised_assessment", "give_privacy_statement", "continue_analysis"]
    cleared = {OutputKind.PRINTED_CELLS: "pass_gate", OutputKind.MICRODATA: "clear_microdata"}
    return [
        *((name, "") for name in (*first, *impact, *decided, "open_requests")),
        *((name, REGISTER) for name in ("send_request", "agree_fields", "grant_access")),
        *((name, "") for name in ("note_all_granted", "state_login")),
        ("order_run", RUN),
        *((name, REGISTER) for name in ("pick", "transfer", "receive")),
        *((name, RUN) for name in ("start_preparing", "take_in", "merge", "prepare", "describe_dataset", *rows)),
        ("report_prepared", RUN),
        ("open_review", ""),
        *((name, "") for name in (["confirm_fit"] if kind.level is Level.LOW else review)),
        *((name, RUN) for name in ("start_analysis", "finish_analysis")),
        *((name, PUBLICATION) for name in ("draft_publication", "submit_for_clearance")),
        (cleared.get(kind.output, "clear_output"), PUBLICATION),
        ("publish", PUBLICATION),
    ]


@dataclass(frozen=True, slots=True)
class Play:
    """A case that is being played, and how many people have been hired for it."""

    initiative: Initiative
    hired: int


def fewest_by_playing(kind: Kind, *, most: int) -> int:
    """The fewest people by whom the case is played to its end; found by trying one more person at a time."""
    for people in range(1, most + 1):
        start = replace(
            opened("case-1", opening_of(kind, people=_everyone_is_everything(kind, people)), at=START),
            logins=tuple(LoginStatement(REGISTER, who, has_login=False) for who in PEOPLE),
        )
        if _can_be_played(kind, Play(start, 0), ways_of(kind), people, seen=set()):
            return people
    return most + 1


def _everyone_is_everything(kind: Kind, people: int) -> tuple[Assignment, ...]:
    """Everybody may hold any role: only what she has done in the case keeps her from one."""
    return tuple(
        Assignment(
            person,
            role,
            datetime.date(2026, 1, 1),
            datetime.date(2029, 12, 31),
            "grants",
            "confirms",
            unit=kind.unit_of_the_analyst,
        )
        for person in PEOPLE[:people]
        for role in Role
    )


def _can_be_played(
    kind: Kind, play: Play, ways: list[tuple[str, str]], people: int, *, seen: set[tuple[int, object]]
) -> bool:
    if not ways:
        state = play.initiative.publications[0].state
        return state is PublicationState.IN_USE and play.initiative.state is PermitState.ANALYSIS
    key = (len(ways), play.initiative.acts, tuple(pending.signed for pending in play.initiative.pending))
    if key in seen:
        return False
    seen.add(key)
    command, subject = ways[0]
    for after in _played(kind, play, command, subject, people):
        waits = after.initiative.waiting_for(command, subject) is not None
        if _can_be_played(kind, after, ways if waits else ways[1:], people, seen=seen):
            return True
    return False


def _played(kind: Kind, play: Play, command: str, subject: str, people: int) -> Iterator[Play]:
    """Every way in which the people there, and at most one new one, can give the command."""
    state = state_of(play.initiative, MACHINES[command], subject)
    assert state is not None
    row = BY_STATE_AND_COMMAND[(STATES[MACHINES[command]](state), command)]
    content = papers_for(kind, play.initiative, row, subject=subject, at=START)[0]
    if command == "validate":
        content = next(
            paper
            for paper in papers_for(kind, play.initiative, row, subject=subject, at=START)
            if getattr(paper, "data_class", None) is kind.data_class
        )
    for actors in _casts(row, play, people, subject):
        found = judge(play.initiative, Command(command, actors, _for_users(content, play), subject), at=START)
        if isinstance(found, Occurrence):
            persons = [PEOPLE.index(actor.person) + 1 for actor in actors if actor.is_person]
            yield Play(applied(play.initiative, found), max([play.hired, *persons]))


def _for_users(content: object, play: Play) -> object:
    """An order of rows names the analyst of the case."""
    analysts = tuple(sorted(person for person, role in play.initiative.acts if role is Role.ANALYST))
    return replace(content, users=analysts) if getattr(content, "users", ()) else content  # type: ignore[type-var]


def _casts(row: Transition, play: Play, people: int, subject: str) -> Iterator[tuple[Actor, ...]]:
    there = PEOPLE[: min(play.hired + 1, people)]
    slots = row.signatures.slots
    if row.signatures.in_one_submission:
        one, other = (next(iter(slot)) for slot in slots)
        assert isinstance(one, Role)
        assert isinstance(other, Role)
        for first in there:
            for second in PEOPLE[: min(max(play.hired, PEOPLE.index(first) + 1) + 1, people)]:
                yield Actor(first, one), Actor(second, other)
        return
    pending = play.initiative.waiting_for(row.command, subject)
    slot = slots[len(pending.signed) if pending else 0]
    roles = [party for party in slot if isinstance(party, Role)]
    if not roles:
        yield tuple(automaton(party) for party in list(slot)[:1] if isinstance(party, Automaton))
    for role in sorted(roles):
        for person in there:
            yield (Actor(person, role),)


def roles_of(kind: Kind) -> tuple[set[Role], list[Role]]:
    """The roles that the played case needs, and those that two people hold."""
    needed = {Role.INITIATOR, Role.ANALYST, Role.DATA_SECURITY_PERSON, Role.TECHNICAL_DATA_SECURITY_PERSON}
    needed |= {Role.SYSTEMS_EXPERT, Role.ANONYMISATION_EXPERT, Role.SOURCE_SYSTEM_OWNER, Role.BRANCH_MANAGER}
    needed |= {Role.PRIVACY_PERSON, Role.PUBLISHER}
    if kind.level is Level.MODERATE:
        needed |= {Role.RISK_MANAGER}
    if kind.level is Level.HIGH:
        needed |= {Role.CITY_MANAGER}
    if kind.lane is Lane.ROWS:
        needed |= {Role.VALIDATOR}
    if kind.output is not OutputKind.PRINTED_CELLS:
        needed |= {Role.OUTPUT_CHECKER}
    return needed, [Role.OUTPUT_CHECKER] if kind.output is OutputKind.MICRODATA else []


FEWEST = {
    "low, cells": 3,
    "low, rows": 4,
    "low, the unit's own analyst": 3,
    "low, repeated, a model is published": 3,
    "moderate, cells": 4,
    "moderate, of children, rows": 5,
    "high, cells": 4,
    "high, a sealed job": 4,
    "high, rows, the Commissioner is heard": 5,
    "high, pseudonymised, microdata": 5,
}


@pytest.mark.parametrize("name", KINDS)
def test_a_case_takes_as_many_people_as_its_duties_ask(name: str) -> None:
    """By the duties alone, and by playing it with one more person at a time, the answer is the same."""
    kind = KINDS[name]
    roles, twice = roles_of(kind)
    assert fewest_by_playing(kind, most=5) == FEWEST[name]
    assert fewest_people(roles, Settings(), level=kind.level, twice=twice) == FEWEST[name]


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_of_case_can_be_run_by_five(name: str) -> None:
    assert FEWEST[name] <= 5


def test_the_duties_are_what_asks_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the duties that keep analysing apart from handling, fewer would do: the count can fail."""
    kept = tuple(duty for duty in DUTIES if duty.code not in {"duty_analysis", "duty_handling", "duty_validating"})
    monkeypatch.setattr("jalostamo.permits.duties.DUTIES", kept)
    assert fewest_by_playing(KINDS["moderate, of children, rows"], most=5) < 5

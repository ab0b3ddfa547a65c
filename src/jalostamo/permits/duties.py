"""Duties: what one person may not do in a case because of what she has done in it before, over the whole history.

They are counted by person and not by account or role; small towns use substitutes and outside people, and no duty is
relaxed for them.

Handbook 2.4; 2.6, phases 3, 4, 5 and 7.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, combinations
from typing import Final

from jalostamo.concepts.errors import Objection
from jalostamo.concepts.roles import Role
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.objections import objection
from jalostamo.permits.people import Actor, Assignment, called
from jalostamo.permits.settings import Settings
from jalostamo.permits.terms import Level

_GROUP: Final = (Role.DATA_SECURITY_PERSON, Role.TECHNICAL_DATA_SECURITY_PERSON)
_DECIDERS: Final = (*_GROUP, Role.BRANCH_MANAGER, Role.RISK_MANAGER, Role.CITY_MANAGER)
_HANDLERS: Final = (Role.SYSTEMS_EXPERT, Role.ANONYMISATION_EXPERT)


@dataclass(frozen=True, slots=True)
class Duty:
    """A duty keeps two groups of roles apart in the hands of one person; `ours` where the handbook does not say it."""

    code: str
    ones: tuple[Role, ...]
    others: tuple[Role, ...]
    ours: bool = False

    def parts(self, one: Role, other: Role) -> bool:
        """Whether it keeps these two roles apart."""
        return (one in self.ones and other in self.others) or (one in self.others and other in self.ones)


DUTIES: Final = (
    Duty("duty_analysis", (Role.ANALYST,), (*_HANDLERS, Role.VALIDATOR)),
    Duty("duty_use", _HANDLERS, (Role.SERVICE_UNIT_READER,)),
    Duty("duty_deciding", (*_DECIDERS, Role.PRIVACY_PERSON), (Role.INITIATOR, Role.ANALYST), ours=True),
    Duty("duty_handling", _DECIDERS, (*_HANDLERS, Role.VALIDATOR), ours=True),
    Duty("duty_validating", (Role.VALIDATOR,), _HANDLERS),
    Duty("duty_checking", (Role.OUTPUT_CHECKER,), (Role.INITIATOR, Role.ANALYST, *_HANDLERS), ours=True),
    Duty("duty_source", (Role.SOURCE_SYSTEM_OWNER,), (Role.ANALYST,), ours=True),
    Duty("duty_group", (_GROUP[0],), (_GROUP[1],)),
    Duty("duty_management", (Role.BRANCH_MANAGER,), (Role.RISK_MANAGER,)),
)
"""Every duty of the process; a municipality may add more, and takes none away."""

LIFTED_WHEN_LOW: Final = "duty_group"
"""A low risk needs one approver: there one person may sign for both of the inspection group."""


def duties_between(one: Role, other: Role, settings: Settings, *, level: Level | None = None) -> tuple[str, ...]:
    """The codes of the duties that keep two roles apart; those that a municipality added are `duty_of_the_city`."""
    found = [duty.code for duty in DUTIES if duty.parts(one, other)]
    if level is Level.LOW and LIFTED_WHEN_LOW in found:
        found.remove(LIFTED_WHEN_LOW)
    if any({kept.one, kept.other} == {one, other} for kept in settings.apart):
        found.append("duty_of_the_city")
    return tuple(found)


def objections_to_acting(initiative: Initiative, actors: Iterable[Actor]) -> tuple[Objection, ...]:
    """Why somebody may not act as she asks, because of what she has done in this case or does in this very command."""
    acting: set[tuple[str, Role]] = set()
    wrong: dict[str, Objection] = {}
    for actor in actors:
        if not isinstance(actor.role, Role):
            continue
        held = {role for person, role in chain(initiative.acts, acting) if person == actor.person}
        wrong.update(_parted(initiative, actor.role, held))
        acting.add((actor.person, actor.role))
    return tuple(wrong.values())


def objections_to_role(initiative: Initiative, assignment: Assignment) -> tuple[Objection, ...]:
    """Why a person may not be given a role in this case: she has acted in, or was given, one it is kept apart from."""
    everything = initiative.acts | initiative.given_roles
    held = {role for person, role in everything if person == assignment.person}
    return tuple(_parted(initiative, assignment.role, held).values())


def _parted(initiative: Initiative, role: Role, held: Iterable[Role]) -> dict[str, Objection]:
    level = initiative.assessed.level if initiative.assessed else None
    return {
        code: objection(code, role=called(role), other=called(other))
        for other in sorted(held)
        if other is not role
        for code in duties_between(role, other, initiative.settings, level=level)
    }


def fewest_people(roles: Iterable[Role], settings: Settings, *, level: Level, twice: Iterable[Role] = ()) -> int:
    """The fewest people who can hold these roles in one case without breaking a duty.

    `twice` are roles that two different people must hold, as the two checkers of microdata do. The roles are few, so all
    ways of sharing them out are tried, from the fewest people up.
    """
    duties = [*dict.fromkeys(roles), *twice]
    for people in range(1, len(duties) + 1):
        if _fits(duties, people, settings, level):
            return people
    return 0


def _fits(duties: list[Role], people: int, settings: Settings, level: Level) -> bool:
    parted = {
        (a, b)
        for (a, one), (b, other) in combinations(enumerate(duties), 2)
        if one is other or duties_between(one, other, settings, level=level)
    }

    def placed(position: int, hands: tuple[frozenset[int], ...]) -> bool:
        if position == len(duties):
            return True
        used = sum(1 for hand in hands if hand)
        for hand in range(min(used + 1, people)):
            if all((other, position) not in parted for other in hands[hand]):
                filled = (*hands[:hand], hands[hand] | {position}, *hands[hand + 1 :])
                if placed(position + 1, filled):
                    return True
        return False

    return placed(0, (frozenset(),) * people)

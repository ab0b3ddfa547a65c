"""Acts on cases: the only place that writes. Each is one transaction, judged by the rules, signed, and kept as one event.

Whoever acts has seen a case at some length; if others have acted since, nothing is done and she is told, so that of
many who decide at once one wins and the rest hear of it.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from jalostamo.concepts.errors import Refused
from jalostamo.concepts.roles import Role
from jalostamo.permits.contents import content_of, value_from
from jalostamo.permits.events import append, open_case
from jalostamo.permits.initiative import Initiative, Opening
from jalostamo.permits.moves import Command
from jalostamo.permits.notices import notices_of
from jalostamo.permits.objections import objection
from jalostamo.permits.people import Actor, Assignment, called
from jalostamo.permits.performing import Occurrence, perform, row_for
from jalostamo.permits.times import due
from jalostamo.permits.transitions import Transition
from townhall.people.models import Person, StandingRole, in_force
from townhall.permits.models import Case, CaseNumbers, CaseOpened, Proposal
from townhall.permits.recording import initiative_of, keep, project, signer
from townhall.permits.telling import tell


class ActedMeanwhile(Exception):
    """Others have acted in the case since the page was opened: nothing was done."""


@dataclass(frozen=True, slots=True)
class Done:
    """What came of an act: the case after it, and whether it took effect; if not, another's signature is waited for."""

    case: Case
    fires: bool


@dataclass(frozen=True, slots=True)
class Act:
    """An act that somebody asks for: a command with its paper, in a role, on a case that she saw at the length `seen`."""

    command: str
    role: Role
    paper: object
    seen: int
    subject: str = ""


def opening_of(base: Opening, day: datetime.date) -> Opening:
    """With what a case is opened on a day: the municipality's settings, and all who hold a standing role."""
    # Whom the municipality's file gives a role is entered when townhall starts; from then on the entry holds.
    entered = set(StandingRole.objects.values_list("person__username", "role"))
    of_file = (given for given in base.people if (given.person, given.role.value) not in entered)
    people = (*of_file, *(role.as_assignment() for role in in_force(day)))
    holders = {(given.person, given.role) for given in people if given.substitute_for is None}
    # Where the holder has left, her substitute stands in for nobody until somebody holds the role again.
    seated = (g for g in people if g.substitute_for is None or (g.substitute_for, g.role) in holders)
    return Opening(base.settings, tuple(seated))


def open_new(person: Person, role: Role, opening: Opening, *, at: datetime.datetime | None = None) -> Case:
    """Open a case, under the next number of the year."""
    at = at or timezone.now()
    by = _actor(opening.people, person, role)
    with transaction.atomic():
        number = _next_number(at)
        event, made = open_case(number, opening, by=by, at=at, signer=signer())
        case = Case(id=number, opened_at=at, last_at=at, since=at, length=0)
        case.save(force_insert=True)
        keep(case, event)
        return project(case, made, at=at)


def give(case_id: str, person: Person, act: Act, *, at: datetime.datetime | None = None) -> Done:
    """Carry out an act in a case; refused with sentences, or done whole.

    Where two hand a paper in together, the first leaves it for the other to join.
    """
    with transaction.atomic():
        case, made = _locked(case_id, act.seen)
        asked = Command(act.command, (_actor(made.people, person, act.role),), act.paper, act.subject)
        row = row_for(made, asked)
        when = max(at or timezone.now(), made.last_at)
        if isinstance(row, Transition) and row.signatures.in_one_submission and len(row.signatures.slots) > 1:
            return _leave(case, made, asked, row, at=when)
        return _done(case, made, asked, at=when)


def join(case_id: str, person: Person, act: Act, *, at: datetime.datetime | None = None) -> Done:
    """Hand in together what another has left; the act's paper is what she read, and must be the one that was left."""
    with transaction.atomic():
        case, made = _locked(case_id, act.seen)
        left = case.proposals.filter(command=act.command, subject=act.subject).first()
        if left is None or left.content != written(act.paper):
            raise ActedMeanwhile
        first = next(
            actor for actor in _actors(made.people) if (actor.person, actor.role) == (left.staff_id, left.role)
        )
        both = (first, _actor(made.people, person, act.role))
        return _done(
            case, made, Command(act.command, both, act.paper, act.subject), at=max(at or timezone.now(), made.last_at)
        )


def paper_left(left: Proposal, made: Initiative) -> object:
    """The paper that somebody has left for another to join."""
    row = row_for(made, Command(left.command, (), None, left.subject))
    if not isinstance(row, Transition):
        raise Refused(row, reason="refused")
    return value_from(row.paper, json.loads(left.content))


def let_time_pass(case_id: str, *, at: datetime.datetime) -> int:
    """Do what the scheduler and the process may do by themselves in a case; how many acts that were."""
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=case_id)
        made = initiative_of(case)
        after = _by_itself(case, made, at=at)
        if after.length > made.length:
            project(case, after, at=at)
        return after.length - made.length


def note_opening(case: Case, person: Person) -> None:
    """Note that a person has opened a case; once a day."""
    CaseOpened.objects.get_or_create(case=case, staff_id=person.staff_id, day=timezone.localdate())


def written(paper: object) -> str:
    """A paper as a proposal keeps it."""
    return json.dumps(content_of(paper), ensure_ascii=False, sort_keys=True)


def _locked(case_id: str, seen: int) -> tuple[Case, Initiative]:
    """The case for oneself until the transaction ends; refused where others have acted since it was seen."""
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.length != seen:
        raise ActedMeanwhile
    return case, initiative_of(case)


def _done(case: Case, made: Initiative, asked: Command, *, at: datetime.datetime) -> Done:
    occurrence = perform(made, asked, at=at)
    # What the process does by itself follows at once, so that no page shows a case that is about to move.
    after = _by_itself(case, _kept(case, made, occurrence), at=at)
    case.proposals.filter(subject=asked.subject).delete()
    return Done(project(case, after, at=at), occurrence.fires)


def _by_itself(case: Case, made: Initiative, *, at: datetime.datetime) -> Initiative:
    while commands := due(made, at=at):
        made = _kept(case, made, perform(made, commands[0], at=at))
    return made


def _kept(case: Case, made: Initiative, occurrence: Occurrence) -> Initiative:
    event, after = append(made, occurrence, signer=signer())
    keep(case, event)
    notices = notices_of(made, occurrence, after)
    tell(case, notices)
    return after


def _leave(case: Case, made: Initiative, asked: Command, row: Transition, *, at: datetime.datetime) -> Done:
    """Leave a paper for the other to join; what is wrong with it is said now, to her who wrote it."""
    (first,) = asked.actors
    perform(made, Command(asked.name, _as_if_joined(made, first, row), asked.content, asked.subject), at=at)
    Proposal.objects.update_or_create(
        case=case,
        command=asked.name,
        subject=asked.subject,
        defaults={"content": written(asked.content), "staff_id": first.person, "role": str(first.role), "at": at},
    )
    return Done(project(case, made, at=at), fires=False)


def _as_if_joined(made: Initiative, first: Actor, row: Transition) -> tuple[Actor, ...]:
    """Who would have acted: she, and somebody who holds each other role."""
    others = [slot for slot in row.signatures.slots if first.role not in slot]
    if len(others) == len(row.signatures.slots):
        return (first,)
    actors = [first]
    for slot in others:
        fitting = (actor for actor in _actors(made.people) if actor.role in slot and actor.person != first.person)
        found = next(fitting, None)
        if found is None:
            wanted = min(slot, key=lambda party: party.value)
            raise Refused([objection("role_not_held", role=called(wanted))], reason="role_not_held")
        actors.append(found)
    return tuple(actors)


def _actors(people: Sequence[Assignment]) -> Iterator[Actor]:
    return (Actor(given.person, given.role, given.substitute_for) for given in people)


def _actor(people: Sequence[Assignment], person: Person, role: Role) -> Actor:
    """The person in a role of this case, in another's place where she holds it so; the rules say whether she may."""
    mine = (actor for actor in _actors(people) if (actor.person, actor.role) == (person.staff_id, role))
    return min(mine, key=lambda actor: actor.substitute_for or "", default=Actor(person.staff_id, role))


def _next_number(at: datetime.datetime) -> str:
    sequence, _ = CaseNumbers.objects.select_for_update().get_or_create(year=at.year)
    sequence.last += 1
    sequence.save()
    return f"{at.year}-{sequence.last:04d}"

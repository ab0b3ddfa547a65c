"""Acts on people and standing roles: given by one, confirmed by another, ended; every change is kept with its hand.

What a role may be is said by the rules; who may give and confirm, by the pages that ask.

Handbook 2.4.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from django.db import transaction
from django.utils import timezone

from jalostamo.concepts.errors import Refused
from jalostamo.concepts.organisations import Unit
from jalostamo.concepts.roles import CompetenceProfile
from jalostamo.permits.objections import PermitObjection, objection
from jalostamo.permits.people import Assignment, called, objections_to_assignment
from townhall.people.models import HeldProfile, Person, RoleChange, StandingRole, UnitModel, in_force

_ANOTHER: Final = "another"
GIVEN: Final = "give"
CONFIRMED: Final = "confirm"
REFUSED: Final = "refuse"
ENDED: Final = "end"


class ChangedMeanwhile(Exception):
    """Another has confirmed, refused or ended the role since the page was opened: nothing was done."""


def enter(staff_id: str, name: str) -> Person | None:
    """Enter a person, who signs in by the city's own login and may do nothing before she has a role; None if known."""
    with transaction.atomic():
        person, is_new = Person.objects.get_or_create(username=staff_id, defaults={"name": name})
        if not is_new:
            return None
        person.set_unusable_password()
        person.save()
        return person


def seat_the_first(given: Iterable[Assignment]) -> None:
    """Enter those whom the municipality's own file gives a role, where nobody has yet: somebody must be the first."""
    for each in given:
        with transaction.atomic():
            enter(each.person, each.person)
            person = Person.objects.get(username=each.person)
            if not person.roles.filter(role=each.role.value).exists():
                _keep(each, person)


def give(assignment: Assignment, by: Person) -> StandingRole:
    """Give a role, which is in force once another has confirmed it; refused while the rules object."""
    wrong = list(objections_to_assignment(replace(assignment, granted_by=by.staff_id, confirmed_by=_ANOTHER)))
    wrong += _of_substitute(assignment)
    if wrong:
        raise Refused(wrong, reason="assignment")
    with transaction.atomic():
        unconfirmed = replace(assignment, granted_by=by.staff_id, confirmed_by="")
        given = _keep(unconfirmed, Person.objects.get(username=assignment.person))
        _note(given, GIVEN, by)
        return given


def confirm(role_id: int, by: Person) -> StandingRole:
    """Confirm a role that another has given to a third; refused to whoever gave it or receives it."""
    with transaction.atomic():
        given = _awaiting(role_id)
        wrong = objections_to_assignment(replace(given.as_assignment(), confirmed_by=by.staff_id))
        if wrong:
            raise Refused(wrong, reason="assignment")
        given.confirmed_by = by.staff_id
        given.save()
        _note(given, CONFIRMED, by)
        return given


def refuse(role_id: int, by: Person, reason: str) -> StandingRole:
    """Refuse to confirm a role: it never comes into force."""
    with transaction.atomic():
        return _over(_awaiting(role_id), REFUSED, by, reason)


def end(role_id: int, by: Person, reason: str) -> StandingRole:
    """End a role at once: whoever leaves loses access the same day, and one hand is enough to take away."""
    with transaction.atomic():
        given = _locked(role_id)
        if given.ended:
            raise ChangedMeanwhile
        return _over(given, ENDED, by, reason)


def note_profiles(person: Person, profiles: Iterable[CompetenceProfile]) -> None:
    """Note which competence profiles a person has; no right follows from it."""
    with transaction.atomic():
        HeldProfile.objects.filter(person=person).delete()
        HeldProfile.objects.bulk_create(HeldProfile(person=person, profile=each.value) for each in sorted(profiles))


def note_operating_models(units: Iterable[Unit], day: datetime.date) -> None:
    """Note the operating models of units where they have changed; what they were before is kept."""
    with transaction.atomic():
        for unit in units:
            before = UnitModel.objects.filter(unit=unit.id).first()
            if before is None or before.model != unit.operating_model.value:
                UnitModel.objects.create(unit=unit.id, model=unit.operating_model.value, since=day)


def _of_substitute(assignment: Assignment) -> list[PermitObjection]:
    held = in_force(assignment.since).filter(person__username=assignment.substitute_for, role=assignment.role.value)
    if assignment.substitute_for is None or held.exists():
        return []
    return [objection("substitute_for_nobody", role=called(assignment.role))]


def _keep(assignment: Assignment, person: Person) -> StandingRole:
    return StandingRole.objects.create(
        person=person,
        role=assignment.role.value,
        since=assignment.since,
        until=assignment.until,
        granted_by=assignment.granted_by,
        confirmed_by=assignment.confirmed_by,
        scope=assignment.scope or "",
        unit=assignment.unit or "",
        substitute_for=assignment.substitute_for or "",
        organisation=assignment.organisation or "",
        contract=assignment.contract or "",
    )


def _awaiting(role_id: int) -> StandingRole:
    given = _locked(role_id)
    if given.confirmed_by or given.ended:
        raise ChangedMeanwhile
    return given


def _locked(role_id: int) -> StandingRole:
    return StandingRole.objects.select_for_update().get(pk=role_id)


def _over(given: StandingRole, change: str, by: Person, reason: str) -> StandingRole:
    given.ended = True
    given.save()
    _note(given, change, by, reason)
    return given


def _note(given: StandingRole, change: str, by: Person, reason: str = "") -> None:
    RoleChange.objects.create(role=given, change=change, by=by.staff_id, at=timezone.now(), reason=reason)

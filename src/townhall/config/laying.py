"""Laying townhall out: its database brought up to date, and, in a demonstration, the fixed cast with its roles.

Handbook 2.4 and 2.6.
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from jalostamo.doors.playing.cast import CAST, assignments


def lay_out() -> None:
    """Bring the database to what this version needs; note how units work from this day on, and who the first are."""
    from townhall.people.actions import note_operating_models, seat_the_first

    call_command("migrate", interactive=False, verbosity=0)
    note_operating_models(settings.TOWN.units, timezone.localdate())
    seat_the_first(settings.TOWN.municipality.people)


def seat_the_cast(today: datetime.date) -> None:
    """Enter the fixed, fictional cast and give it its roles; once."""
    from townhall.people.models import Person, StandingRole

    if Person.objects.filter(is_fictional=True).exists():
        return
    given = {assignment.person: assignment for assignment in assignments(today)}
    for member in CAST:
        person = Person(username=member.staff_id, name=member.name, is_fictional=True)
        person.set_unusable_password()
        person.save()
        held = given[member.staff_id]
        StandingRole.objects.create(
            person=person,
            role=held.role.value,
            since=held.since,
            until=held.until,
            granted_by=held.granted_by,
            confirmed_by=held.confirmed_by,
            unit=held.unit or "",
        )

"""People who may sign in, and the standing roles that they hold.

A role in one case is an event of that case; what is kept here is with what a new case begins.

Handbook 2.1, 2.4 and 2.6.
"""

from __future__ import annotations

import datetime
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from jalostamo.concepts.roles import ROLES, Role
from jalostamo.permits.people import Assignment


class Person(AbstractUser):
    """A person of the municipality; `username` is her staff id, by which duties are compared on both sides."""

    name = models.CharField(max_length=120)
    language = models.CharField(max_length=2, default="fi")
    is_fictional = models.BooleanField(default=False)

    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    @property
    def staff_id(self) -> str:
        """The id by which she stands in events."""
        return self.username

    def __repr__(self) -> str:
        """No name in logs."""
        return f"Person({self.pk})"


class StandingRole(models.Model):
    """A role that a person holds for a time; in force once another than who granted it has confirmed it."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="roles")
    role = models.CharField(max_length=40, choices=[(described.role.value, described.title.en) for described in ROLES])
    since = models.DateField()
    until = models.DateField()
    granted_by = models.CharField(max_length=64)
    confirmed_by = models.CharField(max_length=64, blank=True)
    scope = models.CharField(max_length=64, blank=True)
    unit = models.CharField(max_length=64, blank=True)
    substitute_for = models.CharField(max_length=64, blank=True)
    organisation = models.CharField(max_length=64, blank=True)
    contract = models.CharField(max_length=200, blank=True)
    ended = models.BooleanField(default=False)

    class Meta:
        """Looked up by person."""

        ordering: ClassVar[list[str]] = ["person_id", "role", "since"]

    @property
    def called(self) -> Role:
        """The role."""
        return Role(self.role)

    def as_assignment(self) -> Assignment:
        """The role as the rules of permits know it."""
        return Assignment(
            person=self.person.staff_id,
            role=self.called,
            since=self.since,
            until=self.until,
            granted_by=self.granted_by,
            confirmed_by=self.confirmed_by,
            scope=self.scope or None,
            unit=self.unit or None,
            substitute_for=self.substitute_for or None,
            organisation=self.organisation or None,
            contract=self.contract or None,
        )


class RoleChange(models.Model):
    """What was done to a standing role: given, confirmed, refused or ended, by whom, when and why; never changed."""

    role = models.ForeignKey(StandingRole, models.PROTECT, related_name="changes")
    change = models.CharField(max_length=20)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    reason = models.TextField(blank=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-at", "-id"]


class HeldProfile(models.Model):
    """A competence profile that a person has: what she can do, from which no right follows."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="profiles")
    profile = models.CharField(max_length=40)

    class Meta:
        """Once each."""

        ordering: ClassVar[list[str]] = ["person_id", "profile"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "profile"], name="one_profile_of_a_kind")
        ]


class UnitModel(models.Model):
    """The operating model of a unit from a day on, as the municipality's file said it when townhall started."""

    unit = models.CharField(max_length=64)
    model = models.CharField(max_length=1)
    since = models.DateField()

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["unit", "-since", "-id"]


class Feedback(models.Model):
    """What somebody says of how accessible the pages are; where she left an address, it is kept until she is answered."""

    text = models.TextField()
    page = models.CharField(max_length=300, blank=True)
    address = models.EmailField(blank=True)
    language = models.CharField(max_length=2)
    sent_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=64, blank=True)
    answered_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)

    class Meta:
        """The open ones first, those that have waited longest before the others."""

        ordering: ClassVar[list[str]] = ["sent_at"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["answered_at", "sent_at"])]

    def __repr__(self) -> str:
        """No word of hers in logs."""
        return f"Feedback({self.pk})"


def in_force(day: datetime.date) -> models.QuerySet[StandingRole]:
    """The standing roles that are confirmed, not ended, and not over on that day."""
    held = StandingRole.objects.select_related("person").filter(ended=False, until__gte=day)
    return held.exclude(confirmed_by="")


def unconfirmed(person: Person) -> models.QuerySet[StandingRole]:
    """The standing roles that wait for another than who gave or receives them: this person may confirm them."""
    waiting = StandingRole.objects.filter(confirmed_by="", ended=False)
    return waiting.exclude(granted_by=person.staff_id).exclude(person=person)


def roles_of(person: Person, day: datetime.date) -> frozenset[Role]:
    """The standing roles that a person holds on a day."""
    return frozenset(given.called for given in in_force(day).filter(person=person, since__lte=day))


def units_of(person: Person, day: datetime.date) -> frozenset[str]:
    """The units at which a person works, by the standing roles that she holds on a day."""
    held = in_force(day).filter(person=person, since__lte=day).exclude(unit="")
    return frozenset(held.values_list("unit", flat=True))

"""Cases and their events. Only events have authority: all else here can be made again from them, but for drafts.

An event is kept as the bytes that were signed. `Case` and `WaitsFor` are projections, there so that lists are quick.

Handbook 2.6.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.expressions import OrderBy


class Case(models.Model):
    """A case as its events left it: what lists show, and the head on which the next event is appended."""

    id = models.CharField(primary_key=True, max_length=100)
    length = models.PositiveIntegerField()
    head = models.CharField(max_length=64)
    state = models.CharField(max_length=40)
    title = models.CharField(max_length=300)
    unit = models.CharField(max_length=64, blank=True)
    level = models.CharField(max_length=20, blank=True)
    cell = models.CharField(max_length=20, blank=True)
    benefit = models.PositiveSmallIntegerField(null=True)
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()
    since = models.DateTimeField()
    answer_by = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-last_at", "id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["is_open", "-last_at"]),
            models.Index(fields=["state", "-last_at"]),
        ]

    def __repr__(self) -> str:
        """No title in logs."""
        return f"Case({self.id!r})"


class CaseEvent(models.Model):
    """One signed event of a case; never changed and never removed."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64)
    content = models.TextField()

    class Meta:
        """A number is given once in a case: of two that append at once, one is refused by the database itself."""

        ordering: ClassVar[list[str]] = ["case_id", "number"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "number"], name="one_event_of_a_number")
        ]


class Takes(models.Model):
    """A person who takes part in a case, in one role; so that her own cases are found without replaying all."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="takers")
    staff_id = models.CharField(max_length=64)
    role = models.CharField(max_length=40)

    class Meta:
        """Looked up by person."""

        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["staff_id", "case"])]


class WaitsFor(models.Model):
    """What a case waits for from one person: an act that she may do, in one role, since when and until when."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="waits")
    staff_id = models.CharField(max_length=64)
    role = models.CharField(max_length=40)
    command = models.CharField(max_length=60)
    subject = models.CharField(max_length=100, blank=True)
    since = models.DateTimeField()
    answer_by = models.DateField(null=True)

    class Meta:
        """Looked up by person, the most pressing first."""

        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["staff_id", "answer_by", "since"])]


class Draft(models.Model):
    """What somebody is writing in a case and has not handed in: saved as it is typed, signed by nobody.

    `version` counts its savings: a page that saves over a version it has not seen is told so, and loses nothing.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=40)
    content = models.TextField()
    version = models.PositiveIntegerField(default=0)
    saved_by = models.CharField(max_length=64)
    saved_at = models.DateTimeField()

    class Meta:
        """One of a kind in a case."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "kind"], name="one_draft_of_a_kind")
        ]


class CaseNumbers(models.Model):
    """The last number that was given to a case in a year."""

    year = models.PositiveIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class Proposal(models.Model):
    """A paper that two hand in together: written and handed on by one, and waiting for the other to join.

    It has no authority until both have acted: only then is it an event, with both as its actors.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="proposals")
    command = models.CharField(max_length=60)
    subject = models.CharField(max_length=100, blank=True)
    content = models.TextField()
    staff_id = models.CharField(max_length=64)
    role = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        """One for each command and subject of a case: a newer takes the place of the older."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "command", "subject"], name="one_proposal_of_a_command")
        ]


class Letter(models.Model):
    """A letter that somebody is to have: what happened in a case, and by when she is asked; `sent_at` once it has left."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="letters")
    staff_id = models.CharField(max_length=64)
    role = models.CharField(max_length=40)
    event = models.CharField(max_length=60)
    subject = models.CharField(max_length=100, blank=True)
    answer_by = models.DateField(null=True)
    written_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    reminds_on = models.DateField(null=True)

    class Meta:
        """Those not yet sent, oldest first; of what the clock reminds, once a day."""

        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["sent_at", "written_at"])]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case", "staff_id", "event", "subject", "reminds_on"], name="one_reminder_a_day"
            )
        ]


class Idea(models.Model):
    """An idea of the backlog, as the rules write it; an initiative that grew from it is named."""

    id = models.CharField(primary_key=True, max_length=40)
    status = models.CharField(max_length=20)
    origin = models.CharField(max_length=20)
    content = models.TextField()
    version = models.PositiveIntegerField(default=1)
    case = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="ideas")
    proposed_at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-proposed_at", "id"]


class IdeaMove(models.Model):
    """What was done with an idea, by whom and when; never changed."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="moves")
    act = models.CharField(max_length=20)
    staff_id = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-at", "-id"]


class CaseOpened(models.Model):
    """That a person has opened a case on a day: once for each person, case and day."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="openings")
    staff_id = models.CharField(max_length=64)
    day = models.DateField()

    class Meta:
        """Newest first."""

        ordering: ClassVar[list[str]] = ["-day", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "staff_id", "day"], name="one_opening_a_day")
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-day", "-id"]),
            models.Index(fields=["staff_id", "-day"]),
        ]


class Document(models.Model):
    """A document that a paper of a case names by its digest; the file lies beside the database."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="documents")
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    kept_by = models.CharField(max_length=64)
    kept_at = models.DateTimeField()

    class Meta:
        """Once in a case."""

        ordering: ClassVar[list[str]] = ["kept_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case", "digest"], name="one_document_of_a_digest")
        ]


class PublicEntry(models.Model):
    """What anybody may know of a decided analysis, and nothing else: a reader who is not signed in is shown this alone.

    It names no other table, and what its decision keeps secret is not in it.
    """

    number = models.CharField(primary_key=True, max_length=100)
    diary_number = models.CharField(max_length=200)
    name = models.CharField(max_length=300, blank=True)
    decided_on = models.DateField(null=True)
    content = models.TextField()

    class Meta:
        """The newest first; of those that tell no day, by the diary."""

        ordering: ClassVar[list[str | OrderBy]] = [models.F("decided_on").desc(nulls_last=True), "diary_number"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["decided_on"])]

    def __repr__(self) -> str:
        """No name in logs."""
        return f"PublicEntry({self.number!r})"

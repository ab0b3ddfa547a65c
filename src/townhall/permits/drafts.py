"""Drafts: what somebody is writing in a case, saved as it is typed, and never lost to another who writes at the same time.

A draft has no authority: it becomes a paper when it is handed in, and is judged then.

Handbook 2.6, phases 1 and 2.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from jalostamo.permits.contents import content_of, value_from
from townhall.people.models import Person
from townhall.permits.models import Case, Draft


class SavedMeanwhile(Exception):
    """Another has saved the draft since the page was opened: `theirs` is what stands there now."""

    def __init__(self, theirs: Draft) -> None:
        super().__init__("saved meanwhile")
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class Kept[Paper]:
    """A draft as it is kept: its value, and the version by which the next saving says what it has seen (0: none yet)."""

    paper: Paper
    version: int


def draft_of[Paper](case: Case, kind: str, cls: type[Paper], *, otherwise: Paper) -> Kept[Paper]:
    """The draft of a kind in a case, or a beginning where nobody has written one."""
    found = case.drafts.filter(kind=kind).first()
    return Kept(otherwise, 0) if found is None else Kept(value_from(cls, json.loads(found.content)), found.version)


def save_draft(case: Case, kind: str, paper: object, person: Person, *, seen: int) -> int:
    """Save a draft over the version that was seen, and return its new version; refused where another has saved since."""
    content = json.dumps(content_of(paper), ensure_ascii=False, sort_keys=True)
    with transaction.atomic():
        Case.objects.select_for_update().get(pk=case.pk)
        found = case.drafts.filter(kind=kind).first()
        if found is not None and found.version != seen and found.content != content:
            raise SavedMeanwhile(found)
        if found is None:
            found = Draft(case=case, kind=kind)
        # The same text again is no new version: a saving that comes late would outdate the page that followed it.
        if found.content != content:
            found.version += 1
        found.content, found.saved_by, found.saved_at = content, person.staff_id, timezone.now()
        found.save()
        return found.version


def drop_draft(case: Case, kind: str) -> None:
    """Remove a draft that has been handed in."""
    case.drafts.filter(kind=kind).delete()

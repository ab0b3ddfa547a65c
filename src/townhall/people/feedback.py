"""Feedback on how accessible the pages are: left by anybody, answered by an administrator, its address then forgotten.

Handbook 2.3.
"""

from __future__ import annotations

import datetime
from typing import Final

from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.utils import translation

from townhall.pages.words import say
from townhall.people.models import Feedback, Person

MOST_AN_HOUR: Final = 200
"""Of all people together: more than that, nobody writes by hand."""

_HELD: Final = datetime.timedelta(minutes=10)
_KEPT: Final = datetime.timedelta(days=14)
_HOUR: Final = datetime.timedelta(hours=1)


class TooMuch(Exception):
    """More feedback has come within an hour than people write."""


def leave(feedback: Feedback) -> None:
    """Keep what somebody has written."""
    if Feedback.objects.filter(sent_at__gt=feedback.sent_at - _HOUR).count() >= MOST_AN_HOUR:
        raise TooMuch
    feedback.save(force_insert=True)


def give_answer(number: int, person: Person, text: str, *, at: datetime.datetime) -> bool:
    """Answer one that is open; whether it was still so. Who left an address is sent the answer."""
    found = Feedback.objects.filter(pk=number, answered_at=None)
    return found.update(answer=text, answered_by=person.staff_id, answered_at=at) > 0


def answers_waiting(*, at: datetime.datetime) -> QuerySet[Feedback]:
    """The answers that are to be sent."""
    free = Q(claimed_at=None) | Q(claimed_at__lt=at - _HELD)
    return Feedback.objects.filter(free, answered_at__isnull=False).exclude(address="")


def send_answers(*, limit: int, at: datetime.datetime) -> int:
    """Send the answers that have not left yet, and forget the addresses; how many were sent.

    Each is claimed before it is sent and marked after: a process that ends between the two sends it once more, later.
    An address that takes no mail is forgotten after a fortnight.
    """
    Feedback.objects.filter(answered_at__lt=at - _KEPT).exclude(address="").update(address="")
    sent = 0
    for feedback in answers_waiting(at=at)[:limit]:
        if not answers_waiting(at=at).filter(pk=feedback.pk).update(claimed_at=at):
            continue
        with translation.override(feedback.language):
            subject, body = say("accessibility.mail_subject"), say("accessibility.mail_body", answer=feedback.answer)
        EmailMessage(subject, body, to=[feedback.address]).send()
        Feedback.objects.filter(pk=feedback.pk).update(address="")
        sent += 1
    return sent

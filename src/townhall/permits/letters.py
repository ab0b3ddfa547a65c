"""Sending letters: one mail each in its reader's language, with the case, what happened, what is asked of her and by when.

A letter is claimed before it is sent and marked after. A process that ends between the two leaves a claim that runs out:
the letter is then sent again, once, under the same message id, so that it is lost by nobody and read twice by few.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterator
from typing import Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation

from jalostamo.concepts.roles import Role
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.terms import WORDS as TERMS
from jalostamo.permits.times import Reminder, ReminderKind, reminders_due
from townhall.pages.templatetags.saying import command_called, day, event_called, role_called
from townhall.pages.words import language, say
from townhall.people.feedback import answers_waiting, send_answers
from townhall.people.models import Person
from townhall.permits.calendars import KIND, address_of, as_calendar, due_day, sender
from townhall.permits.models import Case, Letter, WaitsFor
from townhall.permits.recording import awaited_in, initiative_of

LOG: Final = logging.getLogger("townhall")
HELD: Final = datetime.timedelta(minutes=10)
"""For how long a claim holds: longer than any mail server takes to answer."""

MOST_TRIES: Final = 12
_REMEMBERED: Final = datetime.timedelta(days=400)
"""For how long after its end a case may still ask for its data to be destroyed: longer than any municipality gives."""

_KINDS: Final = {f"ReminderKind.{kind.value}" for kind in ReminderKind}


def send_letters(limit: int = 100, *, at: datetime.datetime | None = None) -> int:
    """Send letters that have not left yet, the oldest first, and answers to feedback; how many left.

    One that cannot be sent waits, and is tried again.
    """
    at = at or timezone.now()
    sent = _answers_sent(limit, at)
    for number in _waiting(at).order_by("written_at").values_list("pk", flat=True)[:limit]:
        sent += _sent(number, at)
    return sent


def letters_wait(*, at: datetime.datetime) -> bool:
    """Whether there is something to be sent; what was given up is not."""
    return _waiting(at).exists() or answers_waiting(at=at).exists()


def _answers_sent(limit: int, at: datetime.datetime) -> int:
    try:
        return send_answers(limit=limit, at=at)
    except OSError:
        LOG.warning("answer_not_sent", exc_info=True)
        return 0


def _waiting(at: datetime.datetime) -> QuerySet[Letter]:
    free = Q(claimed_at=None) | Q(claimed_at__lt=at - HELD)
    return Letter.objects.filter(free, sent_at=None, tries__lt=MOST_TRIES)


def _sent(number: int, at: datetime.datetime) -> bool:
    letter = _claimed(number, at)
    if letter is None:
        return False
    reader = Person.objects.filter(username=letter.staff_id, is_active=True).first()
    address = _address(reader) if reader else ""
    if reader is None or not address:
        # Nobody reads it: it is not tried again, and stays unsent for whoever looks.
        Letter.objects.filter(pk=number).update(tries=MOST_TRIES)
        return False
    try:
        with translation.override(reader.language):
            mail_of(letter, reader, address).send()
    except OSError:  # what a mail server does not take, or one that does not answer
        LOG.warning("letter_not_sent", exc_info=True)
        return False
    Letter.objects.filter(pk=number).update(sent_at=timezone.now())
    return True


def _claimed(number: int, at: datetime.datetime) -> Letter | None:
    """The letter for oneself: of several that send at once, the database lets one have it."""
    with transaction.atomic():
        letter = Letter.objects.select_for_update().filter(pk=number).first()
        if letter is None or not _waiting(at).filter(pk=number).exists():
            return None
        Letter.objects.filter(pk=number).update(claimed_at=at, tries=letter.tries + 1)
    return letter


def _address(reader: Person) -> str:
    """Where she is written to; the cast, whom nobody is, at an address that no mail server delivers to."""
    if reader.is_fictional and settings.TOWN.mail is None:
        return f"{reader.staff_id}@cast.invalid"
    return reader.email


def mail_of(letter: Letter, reader: Person, address: str) -> EmailMessage:
    """The mail that a letter is, in the language at hand; what is asked is what the case waits for from her today."""
    case = letter.case
    waits = list(WaitsFor.objects.filter(case=case, staff_id=reader.staff_id).select_related("case"))
    mail = EmailMessage(
        subject=_one_line(say("letters.subject", case=case.pk, what=_happened(letter))),
        body="\n\n".join(_paragraphs(letter, case, reader, waits)) + "\n",
        to=[address],
        headers={
            "Message-ID": f"<letter-{letter.pk}@{sender()}>",
            "Content-Language": language(),
            "Auto-Submitted": "auto-generated",
        },
    )
    days = [due_day(wait) for wait in waits if wait.answer_by]
    if days:
        mail.attach(f"{say('letters.calendar')}.ics", as_calendar(days).decode("utf-8"), KIND.partition(";")[0])
    return mail


def _happened(letter: Letter) -> str:
    if letter.event in _KINDS:
        return TERMS[letter.event].in_language(language())
    return event_called(letter.event)


def _paragraphs(letter: Letter, case: Case, reader: Person, waits: list[WaitsFor]) -> Iterator[str]:
    title = case.title or say("home.untitled")
    yield say("letters.greeting", name=reader.name)
    on = f" ({say('case.subject', subject=letter.subject)})" if letter.subject else ""
    yield f"{say('letters.case', case=case.pk, title=title)}\n{say('letters.happened', what=_happened(letter))}{on}"
    if letter.event in _KINDS and letter.answer_by:
        yield say("letters.falls_on", day=day(letter.answer_by))
    if waits:
        yield "\n".join((say("letters.asked"), *(f"– {_asked(wait)}" for wait in waits)))
    else:
        yield say("letters.nothing_asked")
    yield f"{say('letters.read')}\n{address_of(case.pk)}"
    yield say("letters.why", role=role_called(letter.role), town=settings.TOWN.name)


def _asked(wait: WaitsFor) -> str:
    on = f" ({say('case.subject', subject=wait.subject)})" if wait.subject else ""
    by = f", {say('frame.due_by', day=day(wait.answer_by))}" if wait.answer_by else ""
    return f"{command_called(wait.command)}{on}{by}"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def remind(day: datetime.date) -> int:
    """Write the letters by which the clock reminds on a day; asked twice for one day, it writes them once. How many."""
    noon = datetime.datetime.combine(day, datetime.time(12), tzinfo=timezone.get_default_timezone())
    return sum(_remind(number, noon) for number in _may_remind(day))


def _may_remind(day: datetime.date) -> list[str]:
    """The cases in which something may fall due: decided, ended not long ago, or with an answer that is a day late."""
    yesterday = day - datetime.timedelta(days=1)
    late = WaitsFor.objects.filter(answer_by=yesterday).values("case_id")
    decided = Q(is_open=True, ends_on__isnull=False) | Q(is_open=False, since__date__gt=day - _REMEMBERED)
    found = Case.objects.filter(decided | Q(answer_by=yesterday) | Q(pk__in=late))
    return list(found.order_by("pk").values_list("pk", flat=True))


def _remind(number: str, noon: datetime.datetime) -> int:
    with transaction.atomic():
        case = Case.objects.select_for_update().get(pk=number)
        made = initiative_of(case)
        day = made.local_day(noon)
        written = [
            Letter(
                case=case,
                staff_id=person,
                role=role.value,
                event=f"ReminderKind.{reminder.kind.value}",
                subject=reminder.subject,
                answer_by=reminder.falls_on,
                reminds_on=day,
            )
            for reminder in reminders_due(made, at=noon)
            for person, role in _readers(made, reminder, noon)
        ]
        known = set(case.letters.filter(reminds_on=day).values_list("staff_id", "event", "subject"))
        new = {(each.staff_id, each.event, each.subject): each for each in written}
        return len(Letter.objects.bulk_create(each for key, each in new.items() if key not in known))


def _readers(made: Initiative, reminder: Reminder, at: datetime.datetime) -> Iterator[tuple[str, Role]]:
    """Whom a reminder concerns: of an answer those whom the case waits for, else those who have part in it in their role."""
    if reminder.kind is ReminderKind.ANSWER_LATE:
        for awaited in awaited_in(made, at=at):
            if awaited.waiting.subject == reminder.subject:
                yield awaited.person, awaited.role
        return
    for role in (party for party in reminder.to if isinstance(party, Role)):
        day = made.local_day(at)
        holders = dict.fromkeys(given.person for given in made.people if given.role is role and given.holds_on(day))
        acted = [person for person in holders if (person, role) in made.acts]
        for person in acted or holders:
            yield person, role

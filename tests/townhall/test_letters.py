"""Letters and calendars: each letter leaves once, in its reader's language, with what is asked and by when."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, override

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import override_settings
from tests.townhall.played import played

if TYPE_CHECKING:
    from django.core.mail import EmailMessage
    from django.test import Client

    from townhall.permits.models import Case

type Cast = Callable[..., Client]


class EndsAfterSending(BaseEmailBackend):
    """A mail server that takes a letter, whereupon the process that sent it ends."""

    taken: ClassVar[list[EmailMessage]] = []

    @override
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Take them, and end."""
        self.taken.extend(email_messages)
        raise SystemExit


class TakesNothing(BaseEmailBackend):
    """A mail server that is away."""

    @override
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Refuse."""
        raise ConnectionRefusedError


def mailer(backend: type[BaseEmailBackend]) -> override_settings:
    return override_settings(MAILERS={"default": {"BACKEND": f"{__name__}.{backend.__name__}"}})


@pytest.fixture
def case(cast: Cast) -> Case:
    """A case with the inspection group."""
    cast("f-ini")
    return played(until="submit_assessment")


def test_each_letter_leaves_once_in_its_readers_language_with_what_is_asked_and_by_when(case: Case) -> None:
    from townhall.people.models import Person
    from townhall.permits.letters import send_letters
    from townhall.permits.models import Letter

    Person.objects.filter(username="f-sec").update(language="sv")
    waiting = Letter.objects.filter(sent_at=None).count()
    assert waiting == 3
    assert send_letters(2) == 2
    assert (send_letters(), send_letters(), len(mail.outbox)) == (waiting - 2, 0, waiting)
    (letter,) = (each for each in mail.outbox if each.to == ["f-sec@cast.invalid"])
    assert case.answer_by is not None
    by = f"{case.answer_by.day}.{case.answer_by.month}.{case.answer_by.year}"
    for said in (
        f"Ärende {case.pk}",
        "Use of libraries by language",
        "Du ombeds:",
        f"senast {by}",
        f"/cases/{case.pk}/",
    ):
        assert said in letter.body, said
    ((name, calendar, kind),) = letter.attachments
    assert (name, kind) == ("tidsfrister.ics", "text/calendar")
    assert f"DTSTART;VALUE=DATE:{case.answer_by:%Y%m%d}" in calendar
    assert len({each.extra_headers["Message-ID"] for each in mail.outbox}) == waiting


def test_a_process_that_ends_between_sending_and_marking_sends_one_letter_once_more(case: Case) -> None:
    from django.utils import timezone

    from townhall.permits.letters import HELD, send_letters
    from townhall.permits.models import Letter

    EndsAfterSending.taken.clear()
    number = Letter.objects.count()
    now = timezone.now()
    with mailer(EndsAfterSending), pytest.raises(SystemExit):
        send_letters(at=now)
    assert send_letters(at=now) == number - 1
    assert send_letters(at=now + HELD / 2) == 0
    assert send_letters(at=now + HELD * 1.01) == 1
    assert send_letters(at=now + HELD * 5) == 0
    (taken,) = EndsAfterSending.taken
    twice = [each for each in mail.outbox if each.extra_headers["Message-ID"] == taken.extra_headers["Message-ID"]]
    assert len(twice) == 1


def test_a_letter_waits_while_the_mail_server_is_away_and_is_given_up_at_last(case: Case) -> None:
    from django.utils import timezone

    from townhall.permits.letters import HELD, MOST_TRIES, send_letters
    from townhall.permits.models import Letter

    Letter.objects.exclude(pk=Letter.objects.order_by("pk").values("pk")[:1]).delete()
    now = timezone.now()
    with mailer(TakesNothing):
        assert [send_letters(at=now + HELD * 1.1 * n) for n in range(MOST_TRIES)] == [0] * MOST_TRIES
    assert send_letters(at=now + HELD * 50) == 0
    assert Letter.objects.get().sent_at is None


def test_the_clock_reminds_those_who_are_late_once_a_day(case: Case) -> None:
    from townhall.permits.letters import remind, send_letters
    from townhall.permits.models import Letter

    assert case.answer_by is not None
    late = case.answer_by + datetime.timedelta(days=1)
    assert [remind(case.answer_by), remind(late), remind(late)] == [0, 3, 0]
    written = Letter.objects.filter(reminds_on=late)
    assert set(written.values_list("staff_id", flat=True)) == {"f-sec", "f-tec", "f-prv"}
    Letter.objects.exclude(pk__in=written).delete()
    assert send_letters() == 3
    assert mail.outbox[0].subject == f"{case.pk}: vastaus on myöhässä"


def test_the_end_of_a_permit_is_told_those_who_have_part_in_it(cast: Cast) -> None:
    from townhall.permits.letters import remind
    from townhall.permits.models import Letter

    cast("f-ini")
    case = played()
    assert case.ends_on is not None
    assert [remind(case.ends_on - datetime.timedelta(days=days)) for days in (31, 30, 8, 7)] == [0, 2, 0, 2]
    told = Letter.objects.filter(event="ReminderKind.end_ahead").values_list("staff_id", flat=True)
    assert set(told) == {"f-ini", "f-ana"}


def test_a_calendar_has_ones_own_deadlines_under_the_same_names_each_time(cast: Cast, case: Case) -> None:
    first = cast("f-sec", "fi").get("/calendar/")
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    lines = first.content.decode().split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert (lines[0], lines[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    names = [line for line in lines if line.startswith("UID:")]
    assert names and all(case.pk in name for name in names)
    again = cast("f-sec", "sv").get("/calendar/").content.decode().split("\r\n")
    assert [line for line in again if line.startswith("UID:")] == names
    assert b"VEVENT" not in cast("f-cty").get("/calendar/").content

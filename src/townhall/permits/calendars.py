"""Deadlines as calendars know them (RFC 5545): a day that asks something, under the same name however often it is read.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from townhall.pages.templatetags.saying import command_called
from townhall.pages.words import say
from townhall.people.asking import asker
from townhall.permits.models import WaitsFor

KIND: Final = "text/calendar; charset=utf-8"
_LONGEST: Final = 74
"""Octets of a line, before its end; longer ones are folded."""


@dataclass(frozen=True, slots=True)
class DueDay:
    """A day by which something is asked in a case; `since` is when it was asked."""

    case: str
    title: str
    command: str
    subject: str
    by: datetime.date
    since: datetime.datetime

    @property
    def name(self) -> str:
        """The name by which calendars know it again."""
        asked = ".".join(part for part in (self.case, self.command, self.subject) if part)
        return f"{asked}@{sender()}"


def sender() -> str:
    """The host whose names these are."""
    return (settings.TOWN.hosts or ("jalostamo.invalid",))[0]


def address_of(case: str) -> str:
    """Where a case is read: as a letter tells it."""
    return f"{settings.TOWN.address.rstrip('/')}{reverse('case', args=[case])}"


def due_days(staff_id: str) -> tuple[DueDay, ...]:
    """One's own deadlines that are open."""
    waits = WaitsFor.objects.filter(staff_id=staff_id, answer_by__isnull=False).select_related("case")
    return tuple(due_day(wait) for wait in waits.order_by("answer_by", "pk"))


def due_day(wait: WaitsFor) -> DueDay:
    """The day by which somebody is waited for; it must have one."""
    if wait.answer_by is None:
        raise ValueError("answer_by")
    return DueDay(wait.case_id, wait.case.title, wait.command, wait.subject, wait.answer_by, wait.since)


def as_calendar(days: Iterable[DueDay]) -> bytes:
    """Days as a calendar."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Jalostamo//Townhall//FI", "METHOD:PUBLISH"]
    for each in days:
        lines.extend(_event(each))
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line)).encode("utf-8")


def _event(day: DueDay) -> Iterator[str]:
    title = day.title or say("home.untitled")
    yield "BEGIN:VEVENT"
    yield f"UID:{_escaped(day.name)}"
    yield f"DTSTAMP:{day.since.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{day.by:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day.by + datetime.timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(f'{command_called(day.command)}: {title}')}"
    yield f"DESCRIPTION:{_escaped(f'{day.case} {address_of(day.case)}')}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _escaped(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return "".join(c for c in escaped.replace("\r\n", "\n").replace("\n", "\\n") if c.isprintable())


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of the length that calendars read, never through a letter."""
    piece = ""
    for letter in line:
        if len((piece + letter).encode("utf-8")) > _LONGEST:
            yield piece
            piece = " "
        piece += letter
    yield piece


@require_safe
@never_cache
def calendar(request: HttpRequest) -> HttpResponse:
    """One's own open deadlines, as a calendar."""
    made = as_calendar(due_days(asker(request).staff_id))
    return HttpResponse(
        made,
        content_type=KIND,
        headers={"Content-Disposition": f'attachment; filename="{say("letters.calendar")}.ics"'},
    )

"""What templates say: sentences, what things are called, days and spans of time as a person would say them.

Handbook 2.3.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Final

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from jalostamo.concepts.languages import Text
from jalostamo.concepts.roles import ROLES, Role
from jalostamo.permits.machines import PermitState
from jalostamo.permits.terms import WORDS, Level, title_of
from townhall.pages import words
from townhall.pages.frame import Way
from townhall.pages.words import language, told

register = template.Library()

_TITLES: Final = {described.role: described.title for described in ROLES}
_DAY: Final = {"fi": "j.n.Y", "sv": "j.n.Y", "en": "j M Y"}


@register.simple_tag
def say(sentence: str, **filled: object) -> str:
    """A sentence of the pages, by its name."""
    return words.say(sentence, **filled)


@register.filter
def called(thing: object) -> str:
    """What a member of a closed list, a role or a text is called in the language of this page."""
    if thing is None or thing == "":
        return "–"
    if isinstance(thing, Text):
        return thing.in_language(language())
    if isinstance(thing, Role):
        return _TITLES[thing].in_language(language())
    return title_of(thing).in_language(language()) if isinstance(thing, Enum) else str(thing)


@register.filter
def role_called(name: str) -> str:
    """What a role is called, by its name in a table."""
    return called(Role(name))


@register.filter
def command_called(name: str) -> str:
    """What an act is called, as a button says it."""
    return WORDS[f"Command.{name}"].in_language(language())


@register.filter
def event_called(name: str) -> str:
    """What has happened, as a time line says it."""
    return WORDS[f"Event.{name}"].in_language(language())


@register.filter
def state_called(value: str) -> str:
    """What the state of a permit is called."""
    return called(PermitState(value))


@register.filter
def level_called(value: str) -> str:
    """What a level of risk is called."""
    return called(Level(value)) if value else "–"


@register.filter
def day(moment: datetime.date | None) -> str:
    """A day as the language writes it."""
    if moment is None:
        return "–"
    shown = timezone.localtime(moment) if isinstance(moment, datetime.datetime) else moment
    return date_format(shown, _DAY[language()])


@register.filter
def moment(at: datetime.datetime) -> SafeString:
    """A moment: its day, and the time of day."""
    local = timezone.localtime(at)
    return format_html('<time datetime="{}">{} {}</time>', local.isoformat(timespec="minutes"), day(local), clock(at))


@register.filter
def clock(at: datetime.datetime) -> str:
    """The time of day."""
    return timezone.localtime(at).strftime("%H:%M" if language() != "fi" else "%H.%M")


@register.filter
def ago(at: datetime.datetime) -> str:
    """How long ago, in the unit in which a person would say it."""
    days = (timezone.localdate() - timezone.localtime(at).date()).days
    if days < 1:
        return words.say("frame.today")
    if days == 1:
        return words.say("frame.yesterday")
    if days < 60:
        return words.say("frame.days_ago", days=days)
    return words.say("frame.months_ago", months=round(days / 30.44))


@register.inclusion_tag("pages/due.html")
def due(by: datetime.date | None) -> Mapping[str, object]:
    """A deadline: the day, and how near it is, by shape and word."""
    left = (by - timezone.localdate()).days if by else None
    return {"by": by, "left": left, "late": -left if left is not None and left < 0 else 0}


@register.simple_tag
def objections(found: object) -> SafeString:
    """What rules object to, each with its section of the handbook."""
    sentences = [
        (told(getattr(each, "text", getattr(each, "sentence", str(each)))), getattr(each, "section", ""))
        for each in (found if isinstance(found, list | tuple) else [found])
    ]
    return format_html_join("", '<li>{} <span class="section">{}</span></li>', sentences)


@register.simple_tag
def listed(texts: Iterable[Text]) -> str:
    """Texts in a row."""
    return words.listed(texts)


@register.simple_tag
def command_in(name: str) -> str:
    """An act as a sentence names it."""
    return command_called(name)


@register.filter
def open_to(ways: Iterable[Mapping[str, Way | bool]], held: Iterable[Role]) -> list[Mapping[str, Way | bool]]:
    """The ways that are shown to somebody with these roles; who has none yet is shown those that are for all."""
    roles = frozenset(held)
    return [each for each in ways if isinstance(way := each["way"], Way) and (way.is_for_all or way.roles & roles)]

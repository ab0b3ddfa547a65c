"""The register as people and their programs read it: each public field with its name, in words, as a table or as JSON.

Handbook 2.6, phase 3.
"""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import Final

from django.conf import settings

from jalostamo.concepts.languages import LANGUAGES, Text
from jalostamo.permits.terms import title_of
from townhall.pages.templatetags.saying import called, day
from townhall.pages.words import WORDS
from townhall.permits.publicity.entries import PublicAnalysis
from townhall.permits.registers import registers

FIELDS: Final = (
    *("diary_number", "publicity", "name", "need", "aim", "purpose", "registers", "controllers"),
    *("lane", "data_class", "level", "body", "decided_on", "valid_until", "ended_on"),
)
"""Every field that can be public, in the order in which it is read."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""With one of these a spreadsheet takes a text for a formula."""


def public_fields(analysis: PublicAnalysis) -> Iterator[tuple[str, object]]:
    """The fields of an analysis that are public and say something, in their order."""
    parts = [part for part in (analysis, analysis.validity, analysis.told) if part is not None]
    for name in FIELDS:
        value = next((getattr(part, name) for part in parts if name in type(part).__dataclass_fields__), None)
        if value not in (None, "", ()):
            yield name, value


def lines_of(analysis: PublicAnalysis) -> Iterator[tuple[Text, tuple[str, ...]]]:
    """The same as people read it: what a field is called, and what stands there, in the language of the page."""
    for name, value in public_fields(analysis):
        yield field_called(name), tuple(_said(name, each) for each in _each(value))


def controllers_of(analysis: PublicAnalysis) -> str:
    """Who answers for its data, in a row."""
    held = analysis.validity.controllers if analysis.validity else ()
    return ", ".join(_said("controllers", each) for each in held)


def field_called(name: str) -> Text:
    """What a field is called."""
    return WORDS[f"analyses.{name}"]


def as_csv(analyses: Iterable[PublicAnalysis]) -> bytes:
    """The register as a table in the language of the page; its first bytes tell a spreadsheet that it is UTF-8."""
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([called(field_called(name)) for name in FIELDS])
    for analysis in analyses:
        values = dict(public_fields(analysis))
        writer.writerow([_inert("; ".join(_table(name, each) for each in _each(values.get(name)))) for name in FIELDS])
    return written.getvalue().encode("utf-8-sig")


def as_json(analysis: PublicAnalysis) -> Mapping[str, object]:
    """An analysis for programs: days in ISO form, members of closed lists and units by id and in three languages."""
    return {name: _for_programs(name, value) for name, value in public_fields(analysis)}


def _each(value: object) -> tuple[object, ...]:
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (value,)


def _said(name: str, value: object) -> str:
    return day(value) if isinstance(value, datetime.date) else called(_named(name, value))


def _table(name: str, value: object) -> str:
    return value.isoformat() if isinstance(value, datetime.date) else called(_named(name, value))


def _for_programs(name: str, value: object) -> object:
    if isinstance(value, tuple):
        return [_for_programs(name, each) for each in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    named = _named(name, value)
    if not isinstance(named, Text):
        return named
    titles: dict[str, object] = {language: named.in_language(language) for language in LANGUAGES}
    return {"id": value.value if isinstance(value, Enum) else value, **titles}


def _named(name: str, value: object) -> Text | str:
    """What a value is called: registers and organisations as the municipality calls them today."""
    if isinstance(value, Enum):
        return title_of(value)
    if name == "registers":
        described = registers().get(str(value))
        return described.title if described else str(value)
    if name == "controllers":
        found = (each.name for each in settings.TOWN.organisations if each.id == value)
        return next(found, str(value))
    return str(value)


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text

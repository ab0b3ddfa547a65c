"""The sources that a description asks for: tables of described registers with their fields, or others in plain words.

Of each field it is said how much it tells of a person, and of what singles a person out, what would do so less.

Handbook 2.6, phase 1; 2.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from django.http import QueryDict
from django.utils import timezone

from jalostamo.concepts.languages import Text
from jalostamo.concepts.organisations import Controller
from jalostamo.concepts.registers import Field, FieldType, Marking, Register, RegisterTable, Sensitivity
from jalostamo.managing.hierarchies.ready import ready_made
from jalostamo.permits.descriptions import Description, SourceAsked
from jalostamo.permits.terms import DataSubjects
from townhall.pages.asking import Kind, Option, Question, lines_in, many_in, options_of, text_in
from townhall.pages.words import WORDS
from townhall.permits.describing.entries import Known, filled
from townhall.permits.registers import registers, table_at

MOST: Final = 60
_JOINS: Final = frozenset({Sensitivity.DIRECT_IDENTIFIER, Sensitivity.LINK})
_CODES: Final = frozenset({FieldType.PERSONAL_IDENTITY_CODE, FieldType.BUSINESS_ID})
_MANY_CODES: Final = 20


@dataclass(frozen=True, slots=True)
class Coarser:
    """A field that singles persons out, and what would do so less: another field of its table, or a coarser form."""

    field: Text
    instead: Text


@dataclass(frozen=True, slots=True)
class Card:
    """A source as the form shows it: what is asked of it, and what is worth knowing about it."""

    number: int
    source: SourceAsked
    title: Text | str
    table: str
    questions: tuple[Question, ...]
    coarser: tuple[Coarser, ...]
    controllers: tuple[tuple[str, str, str | None], ...]
    is_described: bool


def joins(field: Field) -> bool:
    """Whether a field only joins records to each other or to their customer."""
    return field.sensitivity in _JOINS or field.type in _CODES


def options_to_add(description: Description) -> tuple[tuple[Register, tuple[RegisterTable, ...]], ...]:
    """The described tables that are not asked for yet, by register."""
    asked = {source.place for source in description.sources}
    free = (
        (register, tuple(table for table in register.tables if f"{register.name}.{table.name}" not in asked))
        for register in registers().values()
    )
    return tuple((register, tables) for register, tables in free if tables)


def cards_of(description: Description, known: Known) -> tuple[Card, ...]:
    """Every source with its questions."""
    return tuple(_card(number, source, description, known) for number, source in enumerate(description.sources))


def _card(number: int, source: SourceAsked, description: Description, known: Known) -> Card:
    described = table_at(source.register, source.table)
    register = described[0] if described else None
    changed = register.controllers if register else ()
    return Card(
        number=number,
        source=source,
        title=register.title if register else source.register,
        table=source.table,
        questions=tuple(_questions(f"s{number}", source, described, known)),
        coarser=tuple(_coarser(source, *described)) if described else (),
        controllers=tuple(
            (told.organisation, told.since, told.until) for told in changed if _touches(told, description)
        ),
        is_described=described is not None,
    )


def _touches(told: Controller, description: Description) -> bool:
    first, last = description.time_frame_from, description.time_frame_until
    if first is None or last is None:
        return True
    return told.since <= last.isoformat() and (told.until is None or told.until >= first.isoformat())


def _questions(
    name: str, source: SourceAsked, described: tuple[Register, RegisterTable] | None, known: Known
) -> Iterator[Question]:
    label = WORDS["describe.source_fields"], WORDS["describe.source_linking"]
    if described is None:
        yield Question(
            f"{name}-register", Kind.LINE, WORDS["describe.source_register"], answer=source.register, longest=64
        )
        yield Question(f"{name}-table", Kind.LINE, WORDS["describe.source_table"], answer=source.table, longest=64)
        yield Question(f"{name}-fields", Kind.TEXT, label[0], WORDS["describe.by_line"], "\n".join(source.fields))
        yield Question(
            f"{name}-linking", Kind.TEXT, label[1], WORDS["describe.by_line"], "\n".join(source.linking_fields)
        )
    else:
        register, table = described
        told = [field for field in table.fields if not joins(field)]
        links = [field for field in table.fields if joins(field)]
        asked, linking = frozenset(source.fields), frozenset(source.linking_fields)
        yield Question(f"{name}-fields", Kind.MANY, label[0], None, asked, tuple(_option(f, register) for f in told))
        if links:
            help_linking = WORDS["describe.help_linking"]
            chosen = tuple(_option(f, register) for f in links)
            yield Question(f"{name}-linking", Kind.MANY, label[1], help_linking, linking, chosen)
    yield from _asked_of_source(name, source, known)


def _asked_of_source(name: str, source: SourceAsked, known: Known) -> Iterator[Question]:
    subjects = frozenset(subject.value for subject in source.subjects)
    purpose = WORDS["describe.source_purpose"], WORDS["describe.help_source_purpose"]
    yield Question(f"{name}-purpose", Kind.TEXT, *purpose, source.purpose_text)
    yield Question(
        f"{name}-personal", Kind.TICK, WORDS["describe.source_personal"], None, source.contains_personal_data
    )
    yield Question(
        f"{name}-subjects", Kind.MANY, WORDS["describe.source_subjects"], None, subjects, options_of(DataSubjects)
    )
    controllers = _with(known.get("organisations", ()), source.controller)
    units = _with(known.get("units", ()), source.owning_unit or "")
    help_controller = WORDS["describe.help_source_controller"]
    controller = frozenset({source.controller})
    yield Question(
        f"{name}-controller", Kind.PICK, WORDS["registers.controller"], help_controller, controller, controllers
    )
    yield Question(f"{name}-internal", Kind.TICK, WORDS["describe.source_internal"], None, source.is_internal)
    unit = frozenset({source.owning_unit or ""})
    yield Question(
        f"{name}-unit", Kind.PICK, WORDS["registers.owner"], None, unit, units, optional=not source.is_internal
    )


def _with(options: tuple[Option, ...], value: str) -> tuple[Option, ...]:
    """Options, and what was chosen even where it is none of them: a description may name who is not entered here."""
    return options if not value or any(value == each.value for each in options) else (*options, Option(value, value))


def _option(field: Field, register: Register) -> Option:
    sensitivity = WORDS[f"registers.sensitivity_{field.sensitivity.value}"]
    codes = len(register.code_list_named(field.code_list).codes) if field.code_list else 0
    counted = filled("registers.codes", count=codes) if codes else None
    note = sensitivity if counted is None else _row(sensitivity, counted)
    return Option(field.name, field.title, note)


def _row(first: Text, second: Text) -> Text:
    return Text(f"{first.fi} · {second.fi}", f"{first.sv} · {second.sv}", f"{first.en} · {second.en}")


def _coarser(source: SourceAsked, register: Register, table: RegisterTable) -> Iterator[Coarser]:
    for field in table.fields:
        if field.name in source.fields and field.sensitivity is Sensitivity.INDIRECT_IDENTIFIER:
            yield Coarser(field.title, _instead(field, register, table))


def _instead(field: Field, register: Register, table: RegisterTable) -> Text:
    """What of the same table would single out less; or in which coarser form the field would do, if it does."""
    size = _size(field, register)
    others = [other for other in table.fields if other.locates and field.locates and _size(other, register)]
    smaller = [other for other in others if _size(other, register) < size]
    if smaller:
        return filled("describe.coarser_field", field=min(smaller, key=lambda other: _size(other, register)).title)
    ready = next((each for name, each in ready_made().items() if name in (field.code_list, field.name)), None)
    if ready is not None:
        return filled("describe.coarser_ready", hierarchy=ready.title)
    if field.type in {FieldType.DATE, FieldType.DATETIME}:
        return WORDS["describe.coarser_day"]
    if field.type in {FieldType.INTEGER, FieldType.DECIMAL}:
        return WORDS["describe.coarser_number"]
    return WORDS["describe.coarser_codes"] if size > _MANY_CODES else WORDS["describe.coarser_none"]


def _size(field: Field, register: Register) -> int:
    return len(register.code_list_named(field.code_list).codes) if field.code_list else 0


def take_sources(sent: QueryDict, description: Description) -> Description:
    """The description with its sources as they were sent, and one added or taken out by a button."""
    places = sent.getlist("source")[:MOST]
    known = list(description.sources)
    before = {source.place: source for source in known}
    sources = [_read(sent, f"s{n}", place, before.get(place)) for n, place in enumerate(places)]
    gone = sent.get("remove", "")
    sources = [source for n, source in enumerate(sources) if gone != f"s{n}"]
    if sent.get("add") == "source":
        sources += _new(sent.get("new", ""), {source.place for source in sources})
    elif sent.get("add") == "other" and len(sources) < MOST:
        sources.append(SourceAsked("", "", is_internal=False))
    return replace(description, sources=tuple(sources[:MOST]))


def _read(sent: QueryDict, name: str, place: str, before: SourceAsked | None) -> SourceAsked:
    register, _, table = place.partition(".")
    described = table_at(register, table)
    is_described, fields = described is not None, described[1] if described else None
    base = before or SourceAsked(register, table)
    return replace(
        base,
        register=register if is_described else text_in(sent, f"{name}-register"),
        table=table if is_described else text_in(sent, f"{name}-table"),
        fields=_names(sent, f"{name}-fields", fields),
        linking_fields=_names(sent, f"{name}-linking", fields),
        controller=text_in(sent, f"{name}-controller"),
        owning_unit=text_in(sent, f"{name}-unit") or None,
        is_internal=bool(text_in(sent, f"{name}-internal")),
        contains_personal_data=bool(text_in(sent, f"{name}-personal")),
        subjects=many_in(sent, f"{name}-subjects", DataSubjects),
        purpose_text=text_in(sent, f"{name}-purpose"),
    )


def _names(sent: QueryDict, name: str, table: RegisterTable | None) -> tuple[str, ...]:
    """Field names that were sent; of a described table, only such as it has."""
    if table is None:
        return lines_in(sent, name)
    known = {field.name for field in table.fields}
    return tuple(each for each in dict.fromkeys(sent.getlist(name)) if each in known)


def _new(place: str, asked: set[str]) -> list[SourceAsked]:
    register, _, table = place.partition(".")
    described = table_at(register, table)
    if described is None or place in asked:
        return []
    told, fields = described
    personal = told.marking is not Marking.PUBLIC and any(
        field.sensitivity is not Sensitivity.ORDINARY for field in fields.fields
    )
    codes = tuple(field.name for field in fields.fields if field.type is FieldType.PERSONAL_IDENTITY_CODE)
    controller = told.controller_on(timezone.localdate())
    return [
        SourceAsked(register, table, (), codes, controller, told.owner, contains_personal_data=personal),
    ]

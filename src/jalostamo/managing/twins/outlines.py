"""The outline of a twin: what each field of a release can hold, by the descriptions of its sources and its request alone.

Handbook 2.2 (data descriptions) and 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.registers import FieldType
from jalostamo.managing.called import as_called
from jalostamo.managing.dictionary import (
    OPENED,
    ORDER,
    PSEUDONYMS,
    RESIDENCE,
    Declared,
    declared_in,
)
from jalostamo.managing.hierarchies import read_hierarchy
from jalostamo.managing.mapped import mapped_in
from jalostamo.permits.terms import Lane

if TYPE_CHECKING:
    from jalostamo.concepts.registers import Register, RegisterTable
    from jalostamo.managing.prepared import ReleasedField
    from jalostamo.managing.requests import Generalisation, Request, Source

PERSONS: Final = "persons"
EVENTS: Final = "events"
ROWS: Final = "rows"
MIXED: Final = "mixed"
UNKNOWN: Final = "unknown"
_WORDS: Final = 9
_HUNDRED: Final = (0.0, 100.0)


class Kind(StrEnum):
    """What a field of a twin is drawn as."""

    CODE = "code"
    INTEGER = "integer"
    DECIMAL = "decimal"
    TRUTH = "truth"
    DAY = "day"
    MOMENT = "moment"


_KINDS: Final = {
    FieldType.INTEGER: Kind.INTEGER,
    FieldType.DECIMAL: Kind.DECIMAL,
    FieldType.BOOLEAN: Kind.TRUTH,
    FieldType.DATE: Kind.DAY,
    FieldType.DATETIME: Kind.MOMENT,
}


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain is what one field can hold, as coarse as a release has it: codes, or a range of numbers, or days.

    `made_of` are the fields behind it as the request calls them; `among` the numbers of the joined sources that give it.
    """

    name: str
    kind: Kind
    made_of: tuple[str, ...]
    codes: tuple[str, ...] = ()
    range: tuple[float, float] = _HUNDRED
    calendar: str | None = None
    may_miss: bool = False
    among: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Described:
    """What is described of a source that a request asks for; no record of it is known here."""

    source: Source
    register: Register
    declared: RegisterTable


@dataclass(frozen=True, slots=True)
class Outline:
    """An outline is the form of a release: its tables with their dictionaries, and what their fields can hold.

    `units` are those that have pseudonyms; `sources` is how many sources tell of events.
    """

    main: str
    tables: Mapping[str, tuple[ReleasedField, ...]]
    persons: tuple[Domain, ...]
    events: tuple[Domain, ...]
    units: tuple[str, ...]
    sources: int


def outline_of(request: Request, registers: Mapping[str, Register]) -> Outline:
    """The outline of the release that a request would have, by the registers' descriptions, which are given by name."""
    described = [_described(source, registers[source.register]) for source in request.sources]
    mapped, linking = mapped_in(request, described), request.linking
    declared = declared_in(described, (*linking.lookups, *linking.as_of) if linking else (), mapped)
    recipe, joined = request.preparation, _joined(request, described)
    units = _units(request)
    main = ROWS if linking is None else PERSONS
    pseudonyms = [PSEUDONYMS[unit] for unit in units]
    residence = RESIDENCE if request.customers else ()
    persons = tuple(_domain(request, wanted, declared) for wanted in recipe.generalisations)
    events = tuple(_among(_domain(request, wanted, declared), request, joined) for wanted in recipe.events)
    tables = {main: (*pseudonyms, *(declared.released(wanted) for wanted in recipe.generalisations), *residence)}
    if joined:
        if not any(each.calendar for each in events):
            raise Unfit(
                "[preparation] needs an [[preparation.event_field]] with a calendar: when the event happened.",
                reason="request_incomplete",
            )
        opened = (OPENED,) if linking and linking.spells else ()
        told = (declared.released(wanted) for wanted in recipe.events)
        tables[EVENTS] = (PSEUDONYMS["person"], ORDER, *opened, *told)
    return Outline(main, tables, persons, events, units, len(joined))


def _described(source: Source, register: Register) -> Described:
    table = register.table_named(source.table)
    asked = tuple(table.field_named(name) for name in source.fields)
    # What tells records apart, or when they happened, is of no use here, and may not have been asked.
    told = replace(table, fields=asked, key=(), occurred=None, recorded=None, unit=None, holds=None, through=None)
    return Described(source, register, as_called(told, source))


def _joined(request: Request, described: Sequence[Described]) -> list[Described]:
    joins = request.linking.joins if request.linking else {}
    return [each for each in described if request.called(each.source, joins) is not None]


def _units(request: Request) -> tuple[str, ...]:
    if request.lane is Lane.ROWS:
        return tuple(unit for unit in request.preparation.units if unit in PSEUDONYMS)
    return ("person", "household") if request.linking and request.linking.household else ("person",)


def _domain(request: Request, wanted: Generalisation, declared: Declared) -> Domain:
    for name in wanted.fields:
        if name not in declared.fields:
            raise Unfit(
                f"[preparation] asks for field '{name}', which no source or lookup of the request gives.",
                reason="field_unknown",
            )
    fields = [field for name in wanted.fields for field in declared.fields[name]]
    misses = not all(field.required for field in fields)
    codes = _codes(request, wanted, declared)
    if wanted.calendar or not codes:
        kind = Kind.DAY if wanted.calendar else _KINDS[fields[0].type]
        declared_range = (fields[0].least, fields[0].most)
        range_ = _HUNDRED if None in declared_range else declared_range
        return Domain(
            wanted.name,
            kind,
            wanted.fields,
            range=range_,  # type: ignore[arg-type]  # both ends are there, or neither
            calendar=wanted.calendar,
            may_miss=misses,
        )
    if misses and wanted.is_quasi_identifier:
        # A missing text of a quasi-identifier is called so by a release.
        return Domain(wanted.name, Kind.CODE, wanted.fields, tuple(dict.fromkeys((*codes, UNKNOWN))))
    return Domain(wanted.name, Kind.CODE, wanted.fields, codes, may_miss=misses)


def _codes(request: Request, wanted: Generalisation, declared: Declared) -> tuple[str, ...]:
    """The codes that a field can have at its level; none where it is a number, a day or a truth as recorded."""
    field = declared.fields[wanted.fields[0]][0]
    recorded = dict.fromkeys(code for name in wanted.fields for code in declared.labels.get(name, ()))
    if wanted.hierarchy:
        mapping = read_hierarchy(request.folder / wanted.hierarchy).at(wanted.level)
        found = dict.fromkeys(mapping[code] for code in (recorded or mapping) if code in mapping)
    elif recorded:
        found = recorded
    else:
        found = {} if field.type in _KINDS else dict.fromkeys(f"{wanted.name} {n}" for n in range(1, _WORDS + 1))
    several = len(wanted.fields) > 1 and len(found) > 1
    return (*found, MIXED) if several else tuple(found)


def _among(domain: Domain, request: Request, joined: Sequence[Described]) -> Domain:
    """The domain of an event's field, with which of the joined sources give it; all of them where none does by name."""
    made = {each.name: each.fields for each in request.harmonised}
    giving = tuple(
        number
        for number, each in enumerate(joined)
        if any(
            name in each.source.names or (name in made and request.called(each.source, made[name]) is not None)
            for name in domain.made_of
        )
    )
    return replace(domain, among=giving or tuple(range(len(joined))))

"""The profile of a table by field and unit, as it may be shown: coarse counts, code mixes, suspicions; no value, no small count.

Handbook 2.2 (data descriptions) and 2.6 (recognising personal data).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jalostamo.concepts.information import BehaviourKind
from jalostamo.concepts.registers import NEVER_RELEASED, Field, FieldType
from jalostamo.managing.profiling import FieldProfile
from jalostamo.managing.quality.cells import ALL, Cells
from jalostamo.managing.quality.hiding import FEWEST_SHOWN, HIDDEN, SMALL, shown, shown_count, shown_share
from jalostamo.managing.quality.names import NamesFound
from jalostamo.managing.quality.naming import Naming

MOST_CODES: Final = 40


@dataclass(frozen=True, slots=True)
class ShownField:
    """A shown field is one field's profile for readers; shares are per cent as text, None where too few are behind them.

    `by_unit` is the missing share in each unit, `mix` the share of each code, `suspected` what it looks like unmarked.
    """

    name: str
    title: Mapping[str, str]
    sensitivity: str
    type: str
    never_leaves: bool
    missing: str
    missing_share: str | None
    distinct: str
    range: str | None
    mix: Sequence[tuple[Mapping[str, str], str | None]]
    by_unit: Mapping[str, str | None]
    suspected: tuple[str, ...]
    behaviour: str | None


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A shown table is a table's volume by unit and the profile of each of its fields."""

    name: str
    records: str
    first_month: str | None
    last_month: str | None
    units: Sequence[tuple[str, Mapping[str, str], str]]
    fields: tuple[ShownField, ...]
    behaviour: Mapping[str, Sequence[tuple[str, str | None]]]


@dataclass(frozen=True, slots=True)
class Suspicions:
    """What was found in unmarked fields beside the forms that the profile knows: names, and images or speech."""

    names: Mapping[str, NamesFound]
    media: frozenset[str]


def shown_table(profiles: Sequence[FieldProfile], cells: Cells, naming: Naming, found: Suspicions) -> ShownTable:
    """A table's profile for readers, made of the profile and the cells that the engine counted."""
    records = profiles[0].records if profiles else 0
    volumes = shown([float(cells.volume[unit].sum()) for unit in cells.units], records) if cells.units else None
    units = [
        (naming.unit_code(unit), naming.unit(unit).as_mapping(), volumes.parts[place] if volumes else HIDDEN)
        for place, unit in enumerate(cells.units)
    ]
    by_name = {profile.field: profile for profile in profiles}
    fields = tuple(_field(f, by_name[f.name], cells, naming=naming, found=found) for f in naming.declared.fields)
    dated = cells.first_month > 0
    return ShownTable(
        naming.declared.name,
        volumes.whole if volumes else shown_count(records),
        cells.month_at(0) if dated else None,
        cells.month_at(cells.months - 1) if dated else None,
        units,
        fields,
        _behaviour(naming, by_name),
    )


def _field(field: Field, profile: FieldProfile, cells: Cells, *, naming: Naming, found: Suspicions) -> ShownField:
    filled = profile.records - profile.missing
    missing = shown([profile.missing, filled], profile.records).parts[0]
    by_unit = {
        naming.unit_code(unit): shown_share(cells.missing[field.name, unit].sum(), cells.volume[unit].sum())
        for unit in cells.units
    }
    return ShownField(
        field.name,
        field.title.as_mapping(),
        field.sensitivity.value,
        field.type.value,
        field.sensitivity in NEVER_RELEASED,
        missing,
        shown_share(profile.missing, profile.records),
        _distinct(field, profile.distinct),
        profile.range,
        _mix(field, cells, naming),
        by_unit,
        _suspected(field, profile, found),
        field.behaviour.value if field.behaviour else None,
    )


def _distinct(field: Field, distinct: int) -> str:
    # How many codes are in use tells of the code list; how few texts there are may tell of the few people behind them.
    closed = field.type in {FieldType.CODE, FieldType.BOOLEAN}
    return SMALL if 0 < distinct < FEWEST_SHOWN and not closed else str(distinct)


def _mix(field: Field, cells: Cells, naming: Naming) -> list[tuple[Mapping[str, str], str | None]]:
    counts = cells.codes.get((field.name, ALL), {})
    total = sum(float(series.sum()) for series in counts.values())
    largest = sorted(counts, key=lambda code: (-float(counts[code].sum()), code))[:MOST_CODES]
    return [
        (naming.code(field.name, code).as_mapping(), shown_share(float(counts[code].sum()), total)) for code in largest
    ]


def _suspected(field: Field, profile: FieldProfile, found: Suspicions) -> tuple[str, ...]:
    if field.sensitivity in NEVER_RELEASED:
        return ()
    named = found.names.get(field.name)
    names = ("name",) if named and named.is_suspected else ()
    return (*profile.suspected, *names, *(("media",) if field.name in found.media else ()))


def _behaviour(naming: Naming, profiles: Mapping[str, FieldProfile]) -> dict[str, list[tuple[str, str | None]]]:
    """For each of the seven kinds, the fields that tell it and the share of records in which they do."""
    told: dict[str, list[tuple[str, str | None]]] = {kind.value: [] for kind in BehaviourKind}
    for field in naming.declared.fields:
        if field.behaviour:
            profile = profiles[field.name]
            share = shown_share(profile.records - profile.missing, profile.records)
            told[field.behaviour.value].append((field.name, share))
    return told

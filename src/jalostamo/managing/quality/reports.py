"""The report on a source's quality, made from what was read of it: profiles, findings, lateness, and kinds of information.

Handbook 2.2 (data descriptions; deficiencies found in the data).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Final

import ibis.expr.types as ir
import numpy as np

from jalostamo.concepts.registers import FieldType, Register, RegisterTable
from jalostamo.engine.connection import Engine
from jalostamo.managing.profiling import profile_of
from jalostamo.managing.quality.absences import Absence, absences_beside, absences_in, units_without_records
from jalostamo.managing.quality.breaks import breaks_in
from jalostamo.managing.quality.cells import Cells, cells_of
from jalostamo.managing.quality.findings import Finding
from jalostamo.managing.quality.hiding import shown_count
from jalostamo.managing.quality.lateness import DELAYS, FEWEST, Lateness, lateness_of
from jalostamo.managing.quality.names import free_texts, identifiers_in, media_in, names_in, unmarked_texts
from jalostamo.managing.quality.naming import naming_of
from jalostamo.managing.quality.profiles import ShownTable, Suspicions, shown_table
from jalostamo.managing.quality.telling import (
    told_absence,
    told_breaks,
    told_free_texts,
    told_lateness,
    told_rejections,
    told_suspicions,
)
from jalostamo.managing.reading import Reading

MONTHS_SHOWN: Final = 24


@dataclass(frozen=True, slots=True)
class ShownLateness:
    """A shown lateness is a triangle for readers: shares known by delay, coarse, and only of months with enough records.

    `unfinished` are the months that still fill up: the share of their final number that is known, and its standard error.
    """

    rows: Sequence[tuple[str, Sequence[float | None]]]
    completeness: Sequence[float]
    unfinished: Sequence[tuple[str, float, float]]
    back_dated: float
    before_event: str
    by_year: Sequence[tuple[str, float]]


@dataclass(frozen=True, slots=True)
class TableQuality:
    """The quality of one table: its profile, how late it comes, and what was found in it; `cells` are for its neighbours."""

    profile: ShownTable
    lateness: ShownLateness | None
    findings: tuple[Finding, ...]
    declared: RegisterTable = field(repr=False)
    cells: Cells = field(repr=False)


@dataclass(frozen=True, slots=True)
class QualityReport:
    """A quality report tells of one source by its tables."""

    register: Register
    tables: tuple[TableQuality, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, the strongest first; what one table has and another lacks is seen only here."""
        found = [*(f for t in self.tables for f in t.findings), *_found_beside(self.register, self.tables)]
        return tuple(sorted(found, key=lambda f: (-f.strength, f.name)))

    def as_mapping(self) -> dict[str, object]:
        """The report as a file holds it."""
        tables = [
            {"profile": asdict(t.profile), "lateness": asdict(t.lateness) if t.lateness else None} for t in self.tables
        ]
        found = [finding.as_mapping() for finding in self.findings]
        heading = {
            "source": self.register.name,
            "title": self.register.title.as_mapping(),
            "owner": self.register.owner,
        }
        kind = self.register.information.value if self.register.information else None
        return {**heading, "information": kind, "tables": tables, "findings": found}


def quality_of(engine: Engine, reading: Reading, register: Register, *, names: ir.Table | None) -> TableQuality:
    """The quality of one table that was read; `names` are the installation's known names, where any register holds some."""
    declared, table = reading.declared, reading.table
    profiles, cells = profile_of(engine, table, declared), cells_of(engine, table, declared)
    late = lateness_of(engine, table, declared)
    naming = naming_of(register, declared, cells)
    shown = shown_table(profiles, cells, naming, _suspicions(engine, reading, names))
    rejected: defaultdict[str, int] = defaultdict(int)
    for rejection in reading.rejections:
        rejected[rejection.field or ""] += rejection.records
    findings = (
        *told_breaks(breaks_in(cells, complete=_complete(cells, late)), cells, naming),
        *(told_absence(each, naming) for each in (*absences_in(cells), *_silent_units(register, declared, cells))),
        *(told_lateness(late, naming) if late else ()),
        *told_suspicions(shown, naming),
        *told_free_texts(_held_in_free_texts(engine, reading, names), naming),
        *told_rejections([(field, shown_count(n)) for field, n in rejected.items()], naming),
    )
    return TableQuality(shown, _shown_lateness(late) if late else None, findings, declared, cells)


def _units_list(declared: RegisterTable) -> str | None:
    unit = declared.field_named(declared.unit) if declared.unit else None
    return unit.code_list if unit and unit.type is FieldType.CODE else None


def _silent_units(register: Register, declared: RegisterTable, cells: Cells) -> tuple[Absence, ...]:
    name = _units_list(declared)
    if name is None or declared.unit is None:
        return ()
    return units_without_records(cells, [code.code for code in register.code_list_named(name).codes], declared.unit)


def _found_beside(register: Register, tables: Sequence[TableQuality]) -> Iterator[Finding]:
    """What a unit records in one table of the register, and never in another that has the same units and codes."""
    for table in tables:
        units = _units_list(table.declared)
        others = [t for t in tables if units and t is not table and _units_list(t.declared) == units]
        coded = [f for f in table.declared.fields if f.code_list and f.name != table.declared.unit] if others else []
        naming = naming_of(register, table.declared, table.cells)
        for each in coded:
            beside = {t.profile.name: _counted(t, str(each.code_list)) for t in others}
            yield from (told_absence(found, naming) for found in absences_beside(table.cells, each.name, beside))


def _counted(table: TableQuality, code_list: str) -> dict[tuple[str, str], float]:
    """How often each unit records each code of a list."""
    names = {f.name for f in table.declared.fields if f.code_list == code_list and f.name != table.declared.unit}
    return {
        (unit, code): float(series.sum())
        for (name, unit), of_codes in table.cells.codes.items()
        if name in names and unit
        for code, series in of_codes.items()
    }


def _suspicions(engine: Engine, reading: Reading, names: ir.Table | None) -> Suspicions:
    fields = unmarked_texts(reading.declared)
    media = frozenset(f.name for f in fields if media_in(engine, reading.table[f.name]) > 0)
    if names is None:
        return Suspicions({}, media)
    return Suspicions({f.name: names_in(engine, reading.table[f.name], names, field=f.name) for f in fields}, media)


def _held_in_free_texts(
    engine: Engine, reading: Reading, names: ir.Table | None
) -> Iterator[tuple[str, dict[str, str]]]:
    """What free texts hold of persons, as counts that may be shown."""
    for field_ in free_texts(reading.declared):
        column = reading.table[field_.name]
        held = identifiers_in(engine, column)
        if names is not None:
            found = names_in(engine, column, names, field=field_.name)
            # In a sentence one word may be a name and mean luck; a first name and a surname together name somebody.
            held |= {"name": found.together} if found.is_suspected else {}
        yield field_.name, {name: shown_count(n) for name, n in held.items() if n}


def _complete(cells: Cells, late: Lateness | None) -> int | None:
    """How many months of the cells are complete; months that still fill up would look like a fall."""
    if late is None:
        return None
    return max(min(late.first_month + late.complete - cells.first_month, cells.months), 1)


def _shown_lateness(late: Lateness) -> ShownLateness:
    start = max(late.months - MONTHS_SHOWN, 0)
    rows = [(late.month_at(place), _known_by_delay(late, place)) for place in range(start, late.months)]
    known = late.known
    unfinished = [
        (late.month_at(place), _coarse(float(known[place]), 500), round(float(late.error[place]), 2))
        for place in range(late.complete, late.months)
    ]
    completeness = [round(float(share), 3) for share in late.completeness]
    return ShownLateness(
        rows, completeness, unfinished, round(late.back_dated, 3), shown_count(late.before_event), _by_year(late)
    )


def _known_by_delay(late: Lateness, place: int) -> list[float | None]:
    row = late.counts[place]
    total = float(np.nansum(row))
    final = total / max(float(late.known[place]), 1e-9)
    if total < FEWEST:
        return [None] * DELAYS
    return [None if np.isnan(n) else _coarse(min(float(n) / final, 1.0), total) for n in np.cumsum(row)]


def _coarse(share: float, whole: float) -> float:
    """A share in steps that hold several records each."""
    step = 0.05 if whole < 500 else 0.01
    return round(round(share / step) * step, 2)


def _by_year(late: Lateness) -> list[tuple[str, float]]:
    """By year of event, the share that came within the month of the event or the next, of months that lived a year."""
    sums: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for place in range(late.months):
        row = late.counts[place]
        if not np.isnan(row[-1]):
            year = late.month_at(place)[:4]
            sums[year][0] += float(row[:2].sum())
            sums[year][1] += float(row.sum())
    return [(year, _coarse(part / whole, whole)) for year, (part, whole) in sums.items() if whole >= FEWEST]

"""Retrieving: the asked fields of each source are read by its description into an extract, which names its request.

What is not asked for is not read. The analyst takes no part in it.

Handbook 2.2 (retrieving the data) and 2.6, phase 4.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import ibis.expr.types as ir

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.registers import Field, FieldType, Register, RegisterTable
from jalostamo.engine.connection import Engine
from jalostamo.engine.intake import RECORD
from jalostamo.managing.called import as_called
from jalostamo.managing.manifests import Manifest, digest_of
from jalostamo.managing.profiling import FieldProfile, profile_of, suspected_in
from jalostamo.managing.reading import Reading
from jalostamo.managing.requests import Request, Source
from jalostamo.managing.sensitive.delivered import DESCRIPTION, clock_of, read_register, reading_of, refuse_personal
from jalostamo.managing.sensitive.exclusions import Protection
from jalostamo.managing.sensitive.frames import day_of, end_of, within_frame
from jalostamo.managing.sensitive.protecting import naming_of, obeyed
from jalostamo.managing.sensitive.responsibility import refuse_expired, responsibility_of
from jalostamo.managing.sensitive.throughs import as_led, holders, led_through

if TYPE_CHECKING:
    from jalostamo.engine.sealing import Sealing

__all__ = ["Extract", "Survey", "read_register", "retrieve", "survey"]


@dataclass(frozen=True, slots=True, repr=False)
class Extract:
    """An extract is what one source gave for one request; it is destroyed on that request's schedule.

    `path` is its Parquet file in the vault, sealed by `sealing` where that is told; `declared` is the part of the source's
    description that was asked.
    """

    source: Source
    register: Register
    declared: RegisterTable
    path: Path
    profile: tuple[FieldProfile, ...]
    manifest: Manifest
    sealing: Sealing | None = None

    def __repr__(self) -> str:
        return f"Extract({self.source.register}.{self.source.table}, content hidden)"

    def table(self, engine: Engine) -> ir.Table:
        """The extract as a table of an engine."""
        return engine.read_parquet(self.path) if self.sealing is None else self.sealing.read(self.path)

    def digest(self) -> str:
        """The digest of what it holds, as its manifest tells it; refused where its sealed file has been changed."""
        if self.sealing is None:
            return digest_of(self.path)
        self.sealing.check(self.path)
        return str(self.manifest.content["extract_file"])


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey tells of one table what may be known before anything is asked of it: counts, and a profile per field.

    `rejections` are sentences with file, line and column, without what was recorded.
    """

    table: str
    records: int
    loaded: int
    rejections: tuple[str, ...]
    profile: tuple[FieldProfile, ...]


def retrieve(
    engine: Engine,
    request: Request,
    source: Source,
    *,
    sources: Path,
    vault: Path,
    protection: Protection,
    sealing: Sealing | None = None,
) -> Extract:
    """Retrieve one source of a request into the vault, without those who are to be left out; with a `sealing`, sealed.

    At this level of isolation only synthetic and public sources may be read, and no code outside the artificial range.
    Nothing is read under an outside permit that has expired.
    """
    folder = sources / source.register
    register = read_register(folder)
    _refuse_misnamed(register, source)
    refuse_personal(register)
    refuse_expired(register, request, day=protection.day)
    table = as_called(register.table_named(source.table), source)
    declared = as_led(_asked(table, source.names))
    reading = reading_of(
        engine,
        register,
        _needed(table, request, source, protection=protection),
        folder,
        at_most=source.rejected_at_most,
    )
    taken, account = _taken(engine, request, source, reading=reading, sources=sources, protection=protection)
    path = vault / f"{source.register}.{source.table}.parquet"
    written, digest = _written(engine, taken, path, sealing)
    engine.discard(reading.table)
    profile = profile_of(engine, written, declared)
    account |= {"protection": protection.as_mapping(), **responsibility_of(register, request)}
    content = _account(request, register, reading, profile, folder=folder)
    manifest = Manifest("extract", {**content, **account, "extract_file": digest})
    return Extract(source, register, declared, path, profile, manifest, sealing)


def _written(engine: Engine, taken: ir.Table, path: Path, sealing: Sealing | None) -> tuple[ir.Table, str]:
    """What was laid down, read back, and the digest of what it holds: that of the same rows written plainly.

    In the order of the source, from which leaving out and following cards have brought them.
    """
    if sealing is None:
        engine.write_parquet(taken, path, order_by=(RECORD,))
        return engine.read_parquet(path), digest_of(path)
    sealing.write(taken, path, order_by=(RECORD,))
    return sealing.read(path), sealing.digest(path)


def survey(engine: Engine, folder: Path) -> tuple[Survey, ...]:
    """Read every table of a register by its description, keep none of it, and tell how it went and what it is like."""
    register = read_register(folder)
    found = []
    for table in register.tables:
        reading = reading_of(engine, register, table, folder)
        rejections = tuple(rejection.sentence(table) for rejection in reading.rejections)
        profile = profile_of(engine, reading.table, table)
        found.append(Survey(table.name, reading.records, reading.loaded, rejections, profile))
    return tuple(found)


def _refuse_misnamed(register: Register, source: Source) -> None:
    """A request names registers; names that are paths would lead it to other folders."""
    if register.name != source.register:
        raise _misnamed()
    _refuse_paths(source)


def _refuse_paths(source: Source) -> None:
    if any(Path(name).name != name for name in (source.register, source.table)):
        raise _misnamed()


def _misnamed() -> Unfit:
    return Unfit(
        "A [[source]] names a register and a table as the register's own description does: plain names, no paths.",
        reason="register_name",
    )


def _asked(table: RegisterTable, names: tuple[str, ...]) -> RegisterTable:
    """The table with the asked fields alone; its key tells records apart only where the whole key was asked."""
    fields = tuple(table.field_named(name) for name in names)
    key = table.key if set(table.key) <= set(names) else ()
    occurred, recorded, unit = (
        name if name in names else None for name in (table.occurred, table.recorded, table.unit)
    )
    return dataclasses.replace(
        table, fields=fields, key=key, holds=None, occurred=occurred, recorded=recorded, unit=unit
    )


def _needed(table: RegisterTable, request: Request, source: Source, *, protection: Protection) -> RegisterTable:
    """The asked fields, and those besides by which is judged who is left out, and what lies outside the time frame.

    Those are in no extract, and no record is rejected for lacking one.
    """
    more: list[str] = []
    if protection.is_told:
        more += [field.name for field in table.fields if field.type is FieldType.PERSONAL_IDENTITY_CODE]
        more += [table.through.field] if table.through else []
    day = day_of(request, source, table)
    more += [day] if day else []
    names = tuple(dict.fromkeys(name for name in more if name not in source.names))
    asked = _asked(table, (*source.names, *names))
    fields = tuple(_optional(field) if field.name in names else field for field in asked.fields)
    key = table.key if set(table.key) <= set(source.names) else ()
    return dataclasses.replace(asked, fields=fields, key=key)


def _optional(field: Field) -> Field:
    return dataclasses.replace(field, required=False)


def _taken(
    engine: Engine, request: Request, source: Source, *, reading: Reading, sources: Path, protection: Protection
) -> tuple[ir.Table, dict[str, object]]:
    """What the extract takes of what was read: the asked fields of the records in the time frame, of whom it may.

    With the counts of what it does not take.
    """
    folder, register = sources / source.register, read_register(sources / source.register)
    described, taken, account = (
        as_called(register.table_named(source.table), source),
        reading.table,
        dict[str, object](),
    )
    day = day_of(request, source, described)
    if day:
        end = end_of(request, source, _asked(described, source.names))
        inside = within_frame(taken, request, day=day, end=end)
        account["outside_time_frame"] = reading.loaded - _number(engine, inside)
        taken = inside
    if described.through and described.through.field in taken.columns:
        held = holders(engine, register, described, folder, at_most=source.rejected_at_most)
        taken, followed = led_through(engine, taken, described, held=held)
        account["through"] = asdict(followed)
    naming = naming_of(
        request, source, described, homes_told=bool(protection.hidden) and _tells_homes(request, sources)
    )
    taken, done = obeyed(engine, taken, naming, register=register.name, protection=protection)
    account["exclusions"] = asdict(done)
    return taken.select(RECORD, *source.names), account


def _number(engine: Engine, table: ir.Table) -> int:
    return cast("int", engine.only_row(table.agg(n=table.count()))["n"])


def clock_for(request: Request, sources: Path) -> str:
    """The time zone in whose days a run counts: that in which the sources tell the times that are asked of them."""
    tables = []
    for source in request.sources:
        _refuse_paths(source)
        table = as_called(read_register(sources / source.register).table_named(source.table), source)
        day = day_of(request, source, table)
        tables.append(_asked(table, tuple(dict.fromkeys((*source.names, *([day] if day else []))))))
    return clock_of(tables)


def _tells_homes(request: Request, sources: Path) -> bool:
    """Whether any field that is asked of any source tells where somebody lives."""
    described = [
        (as_called(read_register(sources / source.register).table_named(source.table), source), source)
        for source in request.sources
    ]
    return any(table.field_named(name).locates for table, source in described for name in source.names)


def _account(
    request: Request,
    register: Register,
    reading: Reading,
    profile: tuple[FieldProfile, ...],
    *,
    folder: Path,
) -> Mapping[str, object]:
    rejected = [{"reason": r.reason, "field": r.field, "records": r.records} for r in reading.rejections]
    return {
        "request": request.digest,
        "register": register.name,
        "table": reading.declared.name,
        "controller": register.controller,
        "marking": register.marking.value,
        "fields": [field.name for field in reading.declared.fields],
        # A server gives no file: what came from it is told by the digest of the extract alone.
        "source_file": digest_of(folder / reading.declared.file) if reading.declared.file else None,
        "description": digest_of(folder / DESCRIPTION),
        "records": reading.records,
        "loaded": reading.loaded,
        "rejected": rejected,
        "suspected_identifiers": list(suspected_in(profile)),
    }

"""Reading a source by its declared schema: every record is loaded or rejected with its reason, and the two add up.

A neutral reader: it knows tables and fields, not persons. What it reads stays in the engine.

Handbook 2.2 (retrieving the data) and 2.6, phase 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.types as ir

from jalostamo.concepts.code_lists import CodeList
from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.registers import RegisterTable
from jalostamo.engine.connection import Engine
from jalostamo.engine.intake import RECORD, TextRecords
from jalostamo.engine.typed import reading_limit, repeated_records, typed_records, write_typed
from jalostamo.managing.reading.fields import FAULT, check_formats, judged
from jalostamo.managing.reading.rejections import Rejection
from jalostamo.managing.reading.sources import open_records

if TYPE_CHECKING:
    from jalostamo.engine.sealing import TableKey

LINES_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one table gave: the typed records, and what became of every other one.

    `records` was counted by another reader than the one that loaded them.
    """

    table: ir.Table
    declared: RegisterTable
    records: int
    loaded: int
    rejections: tuple[Rejection, ...]

    def __post_init__(self) -> None:
        rejected = sum(rejection.records for rejection in self.rejections)
        if self.loaded + rejected != self.records:
            raise Unfit(
                f"{self.declared.file}: {self.records} records were counted, but {self.loaded} loaded and {rejected} rejected; "
                "its quotes or line ends are not as declared.",
                reason="count",
            )


def read_table(
    engine: Engine,
    declared: RegisterTable,
    folder: Path,
    *,
    code_lists: Mapping[str, CodeList],
    into: Path | None = None,
    key: TableKey | None = None,
    environment: Mapping[str, str] = MappingProxyType({}),
) -> Reading:
    """Read one declared table from its file in `folder` into the Parquet file `into`, by default one of the workspace.

    Columns are named by field name, and undeclared ones left out. Identifiers and texts stay as recorded; an empty field is
    missing. Rejected records are counted, not kept. With a `key` the file is sealed. `environment` holds the password of a
    server.
    """
    check_formats(declared)
    path = into or engine.workspace / f"{engine.fresh_name()}.parquet"
    with open_records(engine, declared, folder, environment=environment) as stream:
        write_typed(engine, judged(stream.table, declared, code_lists), path, refusal=stream.refusal, key=key)
        text = stream.told()
    records = typed_records(engine, path, key=key)
    sound = records.filter(records[FAULT].isnull())
    repeated = repeated_records(engine, sound, declared.key) if declared.key else None
    faulty = _faulty(records, repeated, declared)
    rejections = (*_form_rejections(text), *_field_rejections(engine, faulty, text))
    loaded = cast("int", engine.only_row(sound.agg(n=sound.count()))["n"])
    loaded -= sum(rejection.records for rejection in rejections if rejection.reason == "duplicate_key")
    if any(rejection.field for rejection in rejections):
        _keep_only(engine, sound.anti_join(repeated, RECORD) if repeated is not None else sound, path, key=key)
    names = [field.name for field in declared.fields]
    table = typed_records(engine, path, key=key).select(RECORD, *names)
    return Reading(table, declared, text.records, loaded, rejections)


def _faulty(records: ir.Table, repeated: ir.Table | None, declared: RegisterTable) -> ir.Table:
    faulty = records.filter(records[FAULT].notnull()).select(RECORD, FAULT)
    if repeated is None:
        return faulty
    return faulty.union(repeated.select(RECORD, **{FAULT: ibis.literal(f"duplicate_key:{declared.key[0]}")}))


def _keep_only(engine: Engine, sound: ir.Table, path: Path, *, key: TableKey | None) -> None:
    """Write the sound records alone in the place of all: what was rejected is not kept."""
    part = path.with_name(f"{path.name}.part")
    write_typed(
        engine,
        sound.select(RECORD, *(n for n in sound.columns if n not in {RECORD, FAULT})),
        part,
        refusal=reading_limit,
        key=key,
    )
    part.replace(path)


def refuse_rejected(reading: Reading, *, at_most: float) -> None:
    """Refuse a table of which a larger share was rejected than its request allows (0 allows none)."""
    rejected = reading.records - reading.loaded
    if reading.records == 0:
        raise Unfit(
            f"{reading.declared.file} has a header and no record: ask its owner for the delivery.",
            reason="file_without_records",
        )
    # A share of 0.29 allows 29 of 100: the product of the two would be a little less.
    if rejected / reading.records > at_most:
        sentences = " ".join(rejection.sentence(reading.declared) for rejection in reading.rejections)
        raise Unfit(
            f"{sentences} {rejected} of {reading.records} records were rejected, more than the share {at_most:g} that the request "
            "allows: correct the file, or its description.",
            reason=reading.rejections[0].reason,
        )


def _form_rejections(text: TextRecords) -> tuple[Rejection, ...]:
    return tuple(
        Rejection(turned.reason, turned.field, turned.records, turned.first_lines) for turned in text.turned_away
    )


def _field_rejections(engine: Engine, faulty: ir.Table, text: TextRecords) -> tuple[Rejection, ...]:
    place = ibis.row_number().over(group_by=faulty[FAULT], order_by=faulty[RECORD])
    first = (
        faulty.mutate(place_=place)
        .group_by(FAULT)
        .agg(n=lambda t: t.count(), lines=lambda t: t[RECORD].collect(where=t.place_ < LINES_SHOWN))
    )
    rows = engine.rows(first.order_by(FAULT))
    # All lines at once: where fields span lines, each look for one goes through the file from its start.
    records = sorted({record for row in rows for record in cast("list[int]", row["lines"])})
    lines = dict(zip(records, text.lines_of(records), strict=True))
    found = []
    for row in rows:
        reason, _, name = cast("str", row[FAULT]).partition(":")
        told = tuple(sorted(lines[record] for record in cast("list[int]", row["lines"])))
        found.append(Rejection(reason, name, cast("int", row["n"]), told))
    return tuple(found)

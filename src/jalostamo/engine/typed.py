"""Typed records as one Parquet file: written in one pass, in the order in which they came, and numbered by their places.

Handbook 2.2 (retrieving the data) and 2.6, phase 4.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import duckdb
import ibis
import ibis.expr.types as ir

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import literal_path
from jalostamo.engine.intake import RECORD
from jalostamo.engine.primitives import hash_of
from jalostamo.engine.sealing import option_of, sealed_view

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.engine.sealing import TableKey


def write_typed(
    engine: Engine, table: ir.Table, path: Path, *, refusal: Callable[[], Unfit], key: TableKey | None = None
) -> None:
    """Write a table as one Parquet file, its rows in the order in which the engine reads them; with a `key` sealed.

    Where the engine stumbles on what it reads, `refusal` is raised: its own words may repeat a record.
    """
    try:
        # Plainly packed: these files live for the length of a run, and a better packing costs an eighth of the reading.
        options = f"(FORMAT parquet{option_of(engine, key)})"
        engine.backend.con.execute(f"COPY ({engine.backend.compile(table)}) TO '{_quoted(path)}' {options}")
    except (duckdb.OutOfMemoryException, MemoryError):
        raise reading_limit() from None
    except duckdb.IOException as error:
        # What cannot be written, as with a full disk, is no fault of the file that is read.
        own = (str(path), str(engine.workspace))
        raise (reading_limit() if any(place in str(error) for place in own) else refusal()) from None
    except duckdb.Error:
        raise refusal() from None


def typed_records(engine: Engine, path: Path, *, key: TableKey | None = None) -> ir.Table:
    """A file of typed records as a table with the column `RECORD`: the one that it holds, else the rows' places."""
    if key is None:
        table = engine.backend.read_parquet(literal_path(path), file_row_number=True, hive_partitioning=False)
    else:
        table = sealed_view(engine, path, key, numbered=True)
    numbered = table if RECORD in table.columns else table.mutate(**{RECORD: table.file_row_number + 1})
    return numbered.drop("file_row_number")


def repeated_records(engine: Engine, table: ir.Table, key: Sequence[str]) -> ir.Table | None:
    """The numbers of the records that repeat the key of an earlier one, in the column `RECORD`; None where there are none.

    Hashes of the keys are counted first, which is cheap; only records whose hash is another's too are compared by their keys.
    """
    values = [table[name] for name in key]
    hashed = table.mutate(
        hash_=hash_of(engine, values[0] if len(values) == 1 else ibis.struct(dict(zip(key, values, strict=True))))
    )
    # Kept before it is asked for: a result that streams to Python is worked out by one thread.
    told = engine.only_row(engine.keep(hashed.agg(records=hashed.count(), hashes=hashed.hash_.nunique())))
    if told["records"] == told["hashes"]:
        return None
    counted = hashed.group_by("hash_").agg(times=lambda t: t.count())
    suspects = hashed.semi_join(counted.filter(counted.times > 1), "hash_")
    place = ibis.row_number().over(group_by=[suspects[name] for name in key], order_by=suspects[RECORD])
    repeated = suspects.select(RECORD, place_=place)
    kept = engine.keep(repeated.filter(repeated.place_ > 0).select(RECORD))
    return kept if cast("int", engine.only_row(kept.agg(n=kept.count()))["n"]) else None


def reading_limit() -> Unfit:
    """The refusal of what needs more memory or disk than reading it may take."""
    return Unfit("Reading it takes more memory or disk than it may.", reason="reading_limit")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")

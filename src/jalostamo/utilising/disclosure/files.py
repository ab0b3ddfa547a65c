"""Files of printed cubes: one Parquet file, the same bytes for the same cube, with its public facts in its schema.

Reading is strict: what was changed, is of somebody else or holds more than is known is refused.

Handbook 2.3 (repeatability) and 2.6, phase 8.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast

import pyarrow as pa
import pyarrow.parquet

from jalostamo.concepts.errors import Broken, Refused, Unfit
from jalostamo.permits.contents import canonical, content_of, value_from
from jalostamo.producing.cubes.definition import CubeDefinition
from jalostamo.storage.places import write_whole
from jalostamo.utilising.disclosure.noise import NoiseTable, noise_table
from jalostamo.utilising.disclosure.printed import PrintedContent, PrintedCube, schema_of
from jalostamo.utilising.disclosure.rules import rule_from

FORMAT: Final = "jalostamo printed cube 1"
_KEY: Final = b"jalostamo"
_WRITER: Final = "parquet-cpp-arrow version "
_FACTS: Final = frozenset(
    (
        "format",
        "definition",
        "noise",
        "rule",
        "series",
        "units_printed",
        "hidden",
        "cells",
        "writer",
        "content",
    )
)


def encoded(content: PrintedContent) -> bytes:
    """The file of a cube; nothing but what is printed is in it, so neither its bytes nor its size tell more."""
    facts = _facts_of(content)
    facts["content"] = _seal(facts, content.cells)
    cells = content.cells.combine_chunks()
    sink = pa.BufferOutputStream()
    with pa.parquet.ParquetWriter(sink, cells.schema, compression="zstd", store_schema=False) as writer:
        writer.write_table(cells, row_group_size=max(cells.num_rows, 1))
        writer.add_key_value_metadata({_KEY: canonical(facts)})
    return cast("bytes", sink.getvalue().to_pybytes())


def write_printed(cube: PrintedCube, path: Path, *, force: bool = False) -> None:
    """Write a cube's file, whole or not at all, and over another only with `force`."""
    written = encoded(cube.content)
    if digest_of_file(written) != cube.digest:
        raise Broken("A printed cube no longer gives the file that was admitted.", reason="printed_other")
    write_whole(path, written, force=force)


def digest_of_file(written: bytes) -> str:
    """The sha256 by which a cube's file is named."""
    return hashlib.sha256(written).hexdigest()


def decoded(written: bytes) -> PrintedContent:
    """What a cube's file holds, looked at to the letter."""
    table, metadata, writer = _opened(written)
    facts = _facts_in(metadata)
    try:
        content = _content_of(facts, table)
    except (Refused, KeyError, TypeError, ValueError, AttributeError):
        raise _unfit("an entry of its facts is not as it is written") from None
    told = {name: fact for name, fact in facts.items() if name != "content"}
    expected = {**_facts_of(content), "writer": facts["writer"]}
    if (
        writer != f"{_WRITER}{facts['writer']}"
        or canonical(told) != canonical(expected)
        or facts["content"] != _seal(told, content.cells)
    ):
        raise _unfit("it has been changed since it was written")
    # Another release of the writer may lay out the same cells in other bytes; this one may not.
    if facts["writer"] == pa.__version__ and encoded(content) != written:
        raise _unfit("it has been changed since it was written")
    return content


def _opened(written: bytes) -> tuple[pa.Table, Mapping[bytes, bytes], str]:
    try:
        opened = pa.parquet.ParquetFile(pa.BufferReader(written))
        told = opened.metadata
        return opened.read(), told.metadata or {}, str(told.created_by)
    except (pa.ArrowException, OSError):
        raise _unfit("it cannot be read as Parquet") from None


def _facts_in(metadata: Mapping[bytes, bytes]) -> dict[str, object]:
    if set(metadata) != {_KEY}:
        raise _unfit("its facts are missing, or are not alone")
    try:
        facts = json.loads(metadata[_KEY])
    except ValueError:
        raise _unfit("its facts cannot be read") from None
    if not isinstance(facts, dict) or facts.keys() != _FACTS or facts["format"] != FORMAT:
        raise _unfit("its facts are of another form")
    if canonical(facts) != metadata[_KEY]:
        raise _unfit("its facts are not written in the one way")
    return facts


def _content_of(facts: Mapping[str, object], table: pa.Table) -> PrintedContent:
    definition = value_from(CubeDefinition, facts["definition"])
    series, units = facts["series"], facts["units_printed"]
    if not isinstance(series, str | None) or type(units) is not int:
        raise TypeError("series, units_printed")
    cells = table.replace_schema_metadata(None)
    if cells.schema.names != schema_of(definition).names:
        raise _unfit("its columns are not those of its definition")
    return PrintedContent(
        definition=definition,
        noise=_noise_of(cast("Mapping[str, object]", facts["noise"])),
        rule=rule_from(facts["rule"]),
        series=series,
        units_printed=units,
        cells=cells,
    )


def _facts_of(content: PrintedContent) -> dict[str, object]:
    noise = content.noise
    return {
        "format": FORMAT,
        "definition": content_of(content.definition),
        "noise": {
            "id": noise.id,
            "largest": noise.largest,
            "variance": float(noise.variance),
            "never": noise.never,
            "stay": float(noise.stay),
            "digest": noise.digest,
        },
        "rule": content.rule.as_mapping(),
        "series": content.series,
        "units_printed": content.units_printed,
        "hidden": content.hidden,
        "cells": content.cells.num_rows,
        "writer": pa.__version__,
    }


def _noise_of(facts: Mapping[str, object]) -> NoiseTable:
    """The shipped table of an id; with other contents under the same id it would be another table."""
    noise = noise_table(str(facts["id"]))
    if noise.digest != facts["digest"]:
        raise _unfit("its noise table is not the one of that id")
    return noise


def _seal(facts: Mapping[str, object], cells: pa.Table) -> str:
    """A digest of facts and cells that no release of the Parquet writer changes."""
    sealed = hashlib.sha256(canonical(facts))
    for name in cells.column_names:
        column = cells[name].combine_chunks()
        sealed.update(canonical({"column": name, "rows": len(column)}))
        filled = column.fill_null(0) if not pa.types.is_string(column.type) else column
        sealed.update(column.is_valid().to_numpy(zero_copy_only=False).tobytes())
        sealed.update(_plain_bytes(filled))
    return sealed.hexdigest()


def _plain_bytes(column: pa.Array) -> bytes:
    if pa.types.is_string(column.type):
        return canonical({"words": column.to_pylist()})
    kind = "<i8" if pa.types.is_integer(column.type) else "<f8"
    return cast("bytes", column.to_numpy(zero_copy_only=False).astype(kind).tobytes())


def _unfit(found: str) -> Unfit:
    return Unfit(f"This is no printed cube: {found}.", reason="printed_form")

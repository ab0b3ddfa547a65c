"""A declared table's records as they come from its file or database, watched for a file that changes while it is read.

Handbook 2.2 (retrieving the data) and 2.6, phase 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.registers import RegisterTable
from jalostamo.engine.columnar import open_parquet, parquet_header
from jalostamo.engine.connection import Engine
from jalostamo.engine.intake import TextStream, at_once, header_of, open_text
from jalostamo.managing.reading.formats import check_header, file_of, text_of


@contextmanager
def open_records(
    engine: Engine, declared: RegisterTable, folder: Path, *, environment: Mapping[str, str] = MappingProxyType({})
) -> Iterator[TextStream]:
    """The records of a declared table as text, columns called as in its source, to be read and told of within the block."""
    if not declared.file:
        yield at_once(text_of(engine, declared, folder, environment=environment), place=declared.name)
        return
    path = file_of(declared, folder)
    before = _state_of(path)
    with _opened(engine, declared, path, folder=folder) as stream:
        yield stream
    if _state_of(path) != before:
        raise Unfit(
            f"{path.name} was changed while it was read: read it again when its delivery is whole.",
            reason="file_changed",
        )


@contextmanager
def _opened(engine: Engine, declared: RegisterTable, path: Path, *, folder: Path) -> Iterator[TextStream]:
    columns = [field.column for field in declared.fields]
    match declared.writing.format:
        case "csv":
            header = header_of(path, declared.writing)
            check_header(header, columns, path.name)
            with open_text(engine, path, declared.writing, header=header, kept=columns) as stream:
                yield stream
        case "parquet":
            header = parquet_header(path, kept=columns)
            check_header(header, columns, path.name)
            yield open_parquet(engine, path, header=header, kept=columns)
        case _:
            yield at_once(text_of(engine, declared, folder), place=path.name)


def _state_of(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns

"""Event logs in XES, the XML of process mining: read as a stream, event by event, into a Parquet file of texts.

A log of any length takes the memory of one batch. Nothing that the file points at is opened.

Handbook 2.2 (retrieving the data).
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from xml.parsers import expat

import pyarrow as pa
import pyarrow.parquet

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.intake import RECORD

LINE: Final = "line_"
"""The column that tells on which line of the file an event begins."""
OF_CASE: Final = "case:"
"""Before the name of an attribute that stands at the trace, and so belongs to all its events."""

_CHUNK: Final = 2**20
_BATCH: Final = 50_000


def write_events(log: Path, target: Path, *, kept: Sequence[str]) -> frozenset[str]:
    """Write the attributes `kept` of each event, as recorded, to a Parquet file; return the names of all.

    Events are numbered in file order from 1; an attribute that an event lacks, or that is empty, is missing.
    """
    with _Batches(target, kept) as batches:
        parsing = _Parsing(log.name, batches)
        parsing.read(log)
    return frozenset(parsing.seen)


class _Batches:
    """Events gathered column by column, and written out batch by batch."""

    def __init__(self, target: Path, kept: Sequence[str]) -> None:
        texts = [(name, pa.string()) for name in kept]
        self._schema = pa.schema([(RECORD, pa.int64()), (LINE, pa.int64()), *texts])
        self._writer = pyarrow.parquet.ParquetWriter(target, self._schema, compression="zstd")
        self.kept: Final = tuple(kept)
        self._events = 0
        self._clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._writer:
            self._write()

    def add(self, line: int, attributes: Mapping[str, str], of_case: Mapping[str, str]) -> None:
        self._lines.append(line)
        for name, values in zip(self.kept, self._values, strict=True):
            values.append(attributes.get(name) or of_case.get(name) or None)
        if len(self._lines) == _BATCH:
            self._write()

    def _write(self) -> None:
        numbers = range(self._events + 1, self._events + 1 + len(self._lines))
        self._writer.write_table(pa.table([numbers, self._lines, *self._values], schema=self._schema))
        self._events = numbers.stop - 1
        self._clear()

    def _clear(self) -> None:
        self._lines: list[int] = []
        self._values: list[list[str | None]] = [[] for _ in self.kept]


class _Parsing:
    """Where in the file the reader stands: in which trace and event, and what is known of them."""

    def __init__(self, file: str, batches: _Batches) -> None:
        self.seen: Final[set[str]] = set()
        self._file = file
        self._batches = batches
        self._wanted = frozenset(batches.kept)
        self._depth = 0
        self._event_depth = 0
        self._in_trace = self._has_events = False
        self._line = 0
        self._attributes: dict[str, str] = {}
        self._of_case: dict[str, str] = {}
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype

    def read(self, log: Path) -> None:
        try:
            with gzip.open(log) if log.suffix.lower() == ".gz" else log.open("rb") as opened:
                while chunk := opened.read(_CHUNK):
                    self._parser.Parse(chunk, False)
                self._parser.Parse(b"", True)
        except expat.ExpatError:
            raise self._unfit("is not whole, or not XML", reason="xes_form") from None
        except (EOFError, gzip.BadGzipFile, zlib.error):
            raise self._unfit("is compressed, and damaged or cut off", reason="gzip_form") from None

    def _start(self, element: str, written: dict[str, str]) -> None:
        self._depth += 1
        if self._event_depth:
            # An attribute within an attribute tells of that one, not of the event.
            if self._depth == self._event_depth + 1:
                self._note(self._attributes, written.get("key", ""), written)
            return
        name = element.rpartition(":")[2]
        if self._depth == 1 and name != "log":
            raise self._unfit("does not begin as a log: expected the element 'log'", reason="xes_form")
        if name == "event" and self._depth == (3 if self._in_trace else 2):
            self._event_depth, self._has_events = self._depth, True
            self._line = self._parser.CurrentLineNumber
        elif name == "trace" and self._depth == 2:
            self._in_trace, self._has_events = True, False
        elif self._in_trace and self._depth == 3:
            self._note(self._of_case, OF_CASE + written.get("key", ""), written)

    def _note(self, attributes: dict[str, str], key: str, written: Mapping[str, str]) -> None:
        self.seen.add(key)
        if key not in self._wanted:
            return
        if key in self._attributes or key in self._of_case:
            raise self._unfit("has a second attribute of a name that its event or trace has", reason="column_doubled")
        if attributes is self._of_case and self._has_events:
            raise self._unfit("has an attribute of a trace after its events", reason="xes_form")
        attributes[key] = written.get("value", "")

    def _end(self, _element: str) -> None:
        if self._depth == self._event_depth:
            self._batches.add(self._line, self._attributes, self._of_case)
            self._event_depth, self._attributes = 0, {}
        elif self._depth == 2:
            self._in_trace, self._of_case = False, {}
        self._depth -= 1

    def _doctype(self, *_declared: object) -> None:
        # A declaration could name other files, or entities that swell; a log needs none.
        raise self._unfit("declares a document type, which a log has not", reason="xes_form")

    def _unfit(self, what: str, *, reason: str) -> Unfit:
        return Unfit(f"{self._file}, line {self._parser.CurrentLineNumber}: the file {what}.", reason=reason)

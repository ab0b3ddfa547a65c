"""A dry run: an order is judged, its sources are looked at from outside, and no record is opened.

Handbook 2.6, phase 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.doors.closed_room.obeying import obeyed_order
from jalostamo.doors.closed_room.workers import at_the_bench
from jalostamo.doors.home import Home
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account

if TYPE_CHECKING:
    from jalostamo.managing.request_parts import Source
    from jalostamo.managing.requests import Request

_BYTES_OF_A_COLUMN: Final = 9
"""About as many bytes a column of a register's record has, its separator included: a guess, told as one."""
_BYTES_A_SECOND: Final = 20_000_000
"""So much of a file is retrieved, linked and prepared in a second on two cores: a guess, too."""
_DELIMITED: Final = "csv"


@dataclass(frozen=True, slots=True)
class Looked:
    """What can be said of a source from outside: how large its file is, how many records that may be, and its columns."""

    name: str
    size: int | None
    records: int
    columns: bool

    @property
    def sentence(self) -> str:
        """The same for people."""
        if self.size is None:
            return f"{self.name}: described; its server is not asked before the run."
        seen = "its columns are there" if self.columns else "its columns are seen when it is read"
        return f"{self.name}: {self.size:,} bytes, perhaps {self.records:,} records; {seen}."


def looked_ahead(home: Home, place: Path, progress: Progress) -> Account:
    """What carrying an order out would meet; refused where it would be refused before it retrieves anything."""
    from jalostamo.managing.orders import read_order

    progress.step("looking ahead")
    ordered = read_order(place)
    with at_the_bench(home) as worker, obeyed_order(home, ordered, worker=worker) as (obeyed, _):
        sources = home.delivered()
        found = [_looked(obeyed.request, source, sources) for source in obeyed.request.sources]
    size, records = sum(look.size or 0 for look in found), sum(look.records for look in found)
    seconds = max(1, round(size / _BYTES_A_SECOND))
    told = (
        "The order may be carried out; no record was opened, and it still waits.",
        *(look.sentence for look in found),
        f"Together perhaps {records:,} records, and {seconds:,} s for retrieving and preparing: both are guesses by size.",
    )
    facts = {"records": records, "bytes": size, "seconds": seconds, "sources": [look.name for look in found]}
    return Account(told, facts)


def _looked(request: Request, source: Source, sources: Path) -> Looked:
    """A source from outside: its description, its fields, its file, and the header where that is a line of its own."""
    from jalostamo.engine.intake import header_of
    from jalostamo.managing.reading.formats import check_header, file_of
    from jalostamo.managing.sensitive.courses import size_of
    from jalostamo.managing.sensitive.delivered import read_register, refuse_personal

    folder = sources / source.register
    register = read_register(folder)
    refuse_personal(register)
    declared = register.table_named(source.table)
    fields = [declared.field_named(name) for name in source.fields]
    name = f"{source.register}.{source.table}"
    if declared.writing.server:
        return Looked(name, None, 0, columns=False)
    path = file_of(declared, folder)
    delimited = declared.writing.format == _DELIMITED
    if delimited:
        check_header(header_of(path, declared.writing), [field.column for field in fields], path.name)
    size = size_of(source, sources) or 0
    return Looked(name, size, _rounded(size / (_BYTES_OF_A_COLUMN * len(declared.fields))), columns=delimited)


def _rounded(records: float) -> int:
    """To one figure: a guess is not told to the record."""
    return int(float(f"{records:.0e}"))

"""How a source's records are written: in which kind of file or database, with which marks; declared, and never sniffed.

Handbook 2.2 (data descriptions) and 2.5 (technologies that work together).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from jalostamo.concepts.errors import Unfit

FORMATS: Final = ("csv", "parquet", "xlsx", "fixed_width", "json_lines", "sqlite", "postgresql")
IN_A_DATABASE: Final = frozenset({"sqlite", "postgresql"})

_CELLS: Final = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6}):([A-Z]{1,3})([1-9]\d{0,6})?", re.ASCII)
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9a-fA-F:]{2,39}", re.ASCII)
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_$-]{0,62}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Server:
    """A server is where a live database is reached: this one host and port, and no other.

    `password_variable` names the variable of the environment that holds the password; the password is never described.
    """

    host: str
    port: int
    database: str
    user: str
    password_variable: str = ""

    def __post_init__(self) -> None:
        # A list of hosts, a path or a further option in any of these words would lead elsewhere.
        names = [self.database, self.user, *([self.password_variable] if self.password_variable else [])]
        if not _HOST.fullmatch(self.host) or not all(_NAME.fullmatch(name) for name in names):
            raise Unfit(
                "A server has one host, a database, a user and perhaps a password_variable: plain names.",
                reason="writing_server",
            )
        if not 1 <= self.port <= 65_535:
            raise Unfit("A server's port is a whole number from 1 to 65535.", reason="writing_server")


@dataclass(frozen=True, slots=True)
class Writing:
    """A writing is how a source puts records into bytes; the defaults are those of the command line.

    `sheet` and `cells` ("A3:H", "A3:H400"; the first row is the header) belong to workbooks, `relation` (a table or view,
    on a server with its schema: "public.visits") to databases, `server` to those that are reached over a network.
    `line_width` is how many characters a line of fixed width has; without it lines end with their last field.
    """

    format: str = "csv"
    delimiter: str = ","
    encoding: str = "utf-8"
    decimal_mark: str = "."
    quote: str = '"'
    timezone: str = "UTC"
    sheet: str = ""
    cells: str = ""
    relation: str = ""
    server: Server | None = None
    line_width: int | None = None

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise Unfit(f"A table's format is one of {', '.join(FORMATS)}.", reason="writing_format")
        marks = self.delimiter + self.quote
        # The readers look for single bytes.
        if len(self.delimiter) != 1 or len(self.quote) > 1 or not marks.isascii() or {"\n", "\r", "\0"} & set(marks):
            raise Unfit(
                "A delimiter is one ASCII character, a quote one or none; neither is an end of line.",
                reason="writing_delimiter",
            )
        if self.delimiter == self.quote:
            raise Unfit("The delimiter and the quote are two different characters.", reason="writing_delimiter")
        if self.decimal_mark not in {".", ","} or (self.decimal_mark == self.delimiter and not self.quote):
            raise Unfit(
                "A decimal mark is '.' or ',', and not the delimiter unless fields are quoted.",
                reason="writing_decimal_mark",
            )
        if not is_timezone(self.timezone):
            raise Unfit("A table's time zone is a name such as Europe/Helsinki or UTC.", reason="writing_timezone")
        self._check_place()

    def _check_place(self) -> None:
        """A workbook names sheet and cells, a database its relation, a server its host; nothing else does."""
        if (self.format == "xlsx") != bool(self.sheet and self.cells) or bool(self.sheet) != bool(self.cells):
            raise Unfit("A table in a workbook, and no other, names its sheet and cells.", reason="writing_cells")
        if self.cells and not _is_range(self.cells):
            raise Unfit("Cells are a range with a header row, such as A3:H or A3:H400.", reason="writing_cells")
        if (self.format in IN_A_DATABASE) != bool(self.relation):
            raise Unfit("A table in a database, and no other, names its relation.", reason="writing_relation")
        if self.relation and not all(_NAME.fullmatch(part) for part in self.relation.split(".", 1)):
            raise Unfit("A relation is a plain name, on a server perhaps schema.name.", reason="writing_relation")
        if (self.format == "postgresql") != (self.server is not None):
            raise Unfit("A table on a server, and no other, has a section server.", reason="writing_server")
        if self.line_width is not None and (self.format != "fixed_width" or self.line_width < 1):
            raise Unfit("Only lines of fixed width have a line_width, of 1 or more.", reason="writing_line_width")


def is_timezone(name: str) -> bool:
    """Whether a time zone of that name exists."""
    try:
        return bool(ZoneInfo(name))
    except (KeyError, ValueError, OSError):
        return False


def _is_range(cells: str) -> bool:
    found = _CELLS.fullmatch(cells)
    if not found:
        return False
    first, top, last, bottom = found.groups()
    return (len(first), first) <= (len(last), last) and (bottom is None or int(bottom) >= int(top))

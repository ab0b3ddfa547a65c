"""Hierarchy files: what a request, a recipe or a definition names beside itself.

A file, `;` between, no header, UTF-8: column 0 the value, column i its generalisation at level i.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, TextIO

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.managing.hierarchies.shape import Hierarchy, hierarchy_from
from jalostamo.storage.places import write_whole

if TYPE_CHECKING:
    from jalostamo.managing.sections import Section

_DELIMITER: Final = ";"
_TO_QUOTE: Final = re.compile(r'[;"\r\n]')
_MARK: Final = "\ufeff"


def hierarchies_named(sections: Iterable[Section]) -> tuple[str, ...]:
    """The hierarchy files that the dimensions of a definition of cells name, each once."""
    return tuple(sorted({name for section in sections if (name := section.word("hierarchy")) is not None}))


def read_hierarchy(path: Path) -> Hierarchy:
    """Read a hierarchy file; ragged lines, doubled values and levels that do not nest are refused with their line."""
    rows = rows_of(path)
    if not rows:
        raise Unfit(f"Hierarchy {path.name} is empty.", reason="file_empty")
    return hierarchy_from(path.name, rows)


def read_values(path: Path) -> list[str]:
    """Read a list of values, one on each line; the order of the lines is theirs."""
    rows = rows_of(path, what="List")
    wide = [line for line, row in rows.items() if len(row) != 1]
    if wide:
        raise Unfit(
            f"{path.name}, line {wide[0]}: expected one value on each line ({len(wide)} lines have more); quote what holds a ';'.",
            reason="list_form",
        )
    return [row[0] for row in rows.values()]


def rows_of(path: Path, *, what: str = "Hierarchy") -> dict[int, list[str]]:
    """The rows of a file by their lines; empty lines are none. `what` the file is called in a refusal."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            return dict(_rows(opened))
    except FileNotFoundError:
        raise Misused(
            f"{what} {path.name} is missing: name a file beside the one that asks for it.", reason="file_missing"
        ) from None
    except OSError:
        raise Misused(f"{what} {path.name} cannot be read: name a file.", reason="file_unreadable") from None
    except UnicodeDecodeError:
        raise Unfit(f"{what} {path.name} is not UTF-8.", reason="encoding") from None
    except csv.Error:
        raise Unfit(f"{what} {path.name} has a quote that is not closed.", reason="file_form") from None


def _rows(opened: TextIO) -> Iterator[tuple[int, list[str]]]:
    # A level has few names for many values: each is kept once.
    names: dict[str, str] = {}
    reader = csv.reader(opened, delimiter=_DELIMITER, strict=True)
    for row in reader:
        if row:
            yield reader.line_num, [row[0], *(names.setdefault(each, each) for each in row[1:])]


def write_hierarchy(hierarchy: Hierarchy, path: Path, *, force: bool = False) -> None:
    """Write a hierarchy as a file from which the same one is read; an existing file is replaced only with `force`."""
    text = "".join(_lines(hierarchy))
    # The reader takes one mark away; a first value that begins with one keeps its own.
    mark = _MARK if text.startswith(_MARK) else ""
    write_whole(path, f"{mark}{text}".encode(), force=force)


def _lines(hierarchy: Hierarchy) -> Iterator[str]:
    first, *coarser = hierarchy.levels
    return (_line([called, *(level[value] for level in coarser)]) for value, called in first.items())


def _line(row: Iterable[str]) -> str:
    return _DELIMITER.join(_field(each) for each in row) + "\n"


def _field(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _TO_QUOTE.search(text) else text

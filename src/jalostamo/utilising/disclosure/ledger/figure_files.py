"""Files of exact figures published elsewhere: a TOML file, with its cells inside it or in a CSV file beside it.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

import csv
import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, cast

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.errors import Misused, Refused, Unfit
from jalostamo.permits.contents import canonical, content_of, value_from
from jalostamo.utilising.disclosure.ledger.exact_figures import ExactCell, ExactFigures

_HEAD: Final = frozenset(("source", "population", "unit", "first_day", "last_day"))
_MAY: Final = frozenset(("apart", "filters", "cells"))
_CELL: Final = frozenset(("measure", "count"))
_CELL_MAY: Final = frozenset(("at", "coordinates"))


def read_figures(path: Path) -> ExactFigures:
    """Read exact figures; what is missing, unknown or of another kind is refused with its place.

    In the CSV file (comma, UTF-8): measure, count, perhaps at, and a column per dimension, empty where it is in total.
    """
    content = _toml(path)
    if content.keys() - {"figures", "cell"}:
        raise _unfit(path, "it has a section that is not known: [figures] and [[cell]] are")
    head = content.get("figures")
    if not isinstance(head, dict) or head.keys() - _HEAD - _MAY or _HEAD - head.keys():
        raise _unfit(path, f"[figures] has {', '.join(sorted(_HEAD))}, and may have {', '.join(sorted(_MAY))}")
    beside = head.pop("cells", None)
    cells = list(_listed(path, content.get("cell", [])))
    if beside is not None:
        cells += list(_tabled(_file_beside(path, beside)))
    return _figures(path, {"apart": [], "filters": {}, **{name: _text(value) for name, value in head.items()}}, cells)


def figures_written(figures: ExactFigures) -> bytes:
    """Exact figures as the ledger keeps them."""
    return canonical(content_of(figures))


def figures_from(written: bytes) -> ExactFigures:
    """Exact figures as the ledger kept them."""
    return value_from(ExactFigures, json.loads(written))


def _toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Misused(f"{path.name} is missing: name a file of exact figures.", reason="file_missing") from None
    except OSError as error:
        raise Misused(f"{path.name} cannot be read: {error.strerror}.", reason="file_unreadable") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise _unfit(path, "it is not a TOML file") from None


def _listed(path: Path, found: object) -> Iterator[ExactCell]:
    for number, entry in enumerate(found if isinstance(found, list) else [None], 1):
        if not isinstance(entry, Mapping) or entry.keys() - _CELL - _CELL_MAY or _CELL - entry.keys():
            raise _unfit(path, f"[[cell]] {number} has measure and count, and may have at and coordinates")
        coordinates = cast("Mapping[str, object]", entry.get("coordinates", {}))
        named = {name: str(code) for name, code in coordinates.items()}
        if type(entry["count"]) is not int:
            raise _unfit(path, f"[[cell]] {number}: its count is a whole number")
        yield ExactCell(str(entry["measure"]), str(entry.get("at", "")), named, entry["count"])


def _tabled(path: Path) -> Iterator[ExactCell]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened, strict=True)
            if _CELL - set(reader.fieldnames or ()):
                raise _unfit(path, "its first line names measure, count, and the dimensions")
            for row in reader:
                yield _cell_of(path, reader.line_num, row)
    except FileNotFoundError:
        raise Misused(f"{path.name} is missing: name a file beside the figures.", reason="file_missing") from None
    except (csv.Error, UnicodeDecodeError):
        raise _unfit(path, "it is not a CSV file in UTF-8") from None


def _cell_of(path: Path, line: int, row: Mapping[str | None, str | None]) -> ExactCell:
    count = row["count"] or ""
    if None in row or None in row.values() or not (count.isascii() and count.isdigit()):
        raise _unfit(path, f"line {line} has too few or too many cells, or a count that is no whole number")
    told = {str(name): str(code) for name, code in row.items() if name not in {"measure", "count", "at"} and code}
    return ExactCell(str(row["measure"]), row.get("at") or "", told, int(count))


def _file_beside(path: Path, name: object) -> Path:
    if not isinstance(name, str) or Path(name).name != name:
        raise _unfit(path, "'cells' names a file beside it")
    return path.parent / name


def _figures(path: Path, head: Mapping[str, object], cells: list[ExactCell]) -> ExactFigures:
    try:
        CustomerKind(str(head["unit"]))
        return value_from(ExactFigures, {**head, "cells": [content_of(cell) for cell in cells]})
    except (Refused, ValueError):
        raise _unfit(path, "an entry of [figures] is not of its kind") from None


def _text(value: object) -> object:
    """A day may be written as a date or as a text."""
    return value if isinstance(value, str | list | dict) else str(value)


def _unfit(path: Path, found: str) -> Unfit:
    return Unfit(f"{path.name} holds no exact figures: {found}.", reason="exact_figures_form")

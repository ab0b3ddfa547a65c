"""Hierarchy files: how a value becomes coarser, level by level, as a file beside a request or a definition says it.

A file, `;` between, no header: column 0 the value, column i its generalisation at level i. What is alike at one level
must be alike at every later one.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jalostamo.concepts.errors import Misused, Unfit


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """A hierarchy maps each value to its generalisations; `levels` has one mapping per level, level 0 the value itself."""

    name: str
    levels: tuple[Mapping[str, str], ...]

    def at(self, level: int) -> Mapping[str, str]:
        """What each value is called at a level."""
        if not 0 <= level < len(self.levels):
            raise Unfit(
                f"{self.name} has levels 0 to {len(self.levels) - 1}; level {level} was asked.",
                reason="hierarchy_level",
            )
        return self.levels[level]


def read_hierarchy(path: Path) -> Hierarchy:
    """Read a hierarchy file; ragged lines, doubled values and levels that do not nest are refused with their line."""
    rows = _rows(path)
    if not rows:
        raise Unfit(f"Hierarchy {path.name} is empty.", reason="file_empty")
    _check_form(path.name, rows)
    values = list(rows.values())
    levels = tuple({row[0]: row[level] for row in values} for level in range(len(values[0])))
    return Hierarchy(path.name, levels)


def _rows(path: Path) -> dict[int, list[str]]:
    """The rows by their lines; empty lines are none."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.reader(opened, delimiter=";", strict=True)
            rows = [(reader.line_num, row) for row in reader if row]
            return dict(rows)
    except FileNotFoundError:
        raise Misused(
            f"Hierarchy {path.name} is missing: name a file beside the one that asks for it.", reason="file_missing"
        ) from None
    except OSError:
        raise Misused(f"Hierarchy {path.name} cannot be read: name a file.", reason="file_unreadable") from None
    except UnicodeDecodeError:
        raise Unfit(f"Hierarchy {path.name} is not UTF-8.", reason="encoding") from None
    except csv.Error:
        raise Unfit(f"Hierarchy {path.name} has a quote that is not closed.", reason="file_form") from None


def _check_form(name: str, rows: Mapping[int, list[str]]) -> None:
    seen: set[str] = set()
    width = len(next(iter(rows.values())))
    for line, row in rows.items():
        if len(row) != width:
            raise Unfit(
                f"{name}, line {line}: {len(row)} levels, but the first line has {width}.", reason="hierarchy_ragged"
            )
        if row[0] in seen:
            raise Unfit(
                f"{name}, line {line}: the value stands on an earlier line already.", reason="hierarchy_doubled"
            )
        seen.add(row[0])
    _check_nesting(name, rows, width)


def _check_nesting(name: str, rows: Mapping[int, list[str]], width: int) -> None:
    """What is alike at one level must be alike at every later one; what is written at fault are the later lines."""
    for level in range(1, width - 1):
        parents: dict[str, str] = {}
        lines = [line for line, row in rows.items() if parents.setdefault(row[level], row[level + 1]) != row[level + 1]]
        if lines:
            also = f" ({len(lines)} lines do)" if len(lines) > 1 else ""
            raise Unfit(
                f"{name}, line {lines[0]}: level {level} leads to another level {level + 1} than on an earlier line{also}; "
                "levels must nest.",
                reason="hierarchy_nesting",
            )

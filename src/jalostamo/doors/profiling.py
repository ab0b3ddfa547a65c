"""The words of `closed-room profile`, and its table: a line for each field, which shows no value.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from jalostamo.managing.profiling import FieldProfile

_HEADINGS: Final = ("field", "sensitivity", "missing", "distinct", "from-to", "looks like")


def add_profile_arguments(parser: ArgumentParser) -> None:
    """The words of `closed-room profile`."""
    parser.add_argument("register", metavar="DIR", type=Path, help="the folder of a register, with its register.toml")


def table_of(profile: Sequence[FieldProfile]) -> list[str]:
    """A profile as lines for the terminal, under their headings."""
    rows = [_HEADINGS, *map(_row, profile)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADINGS))]
    return [
        "  " + "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _row(field: FieldProfile) -> tuple[str, ...]:
    share = field.missing / field.records if field.records else 0.0
    kind = field.sensitivity.value.replace("_", " ")
    looks = ", ".join(name.replace("_", " ") for name in field.suspected) or "-"
    return (field.field, kind, f"{share:.1%}", f"{field.distinct:,}", field.range or "-", looks)

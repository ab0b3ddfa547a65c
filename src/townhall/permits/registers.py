"""The registers that the municipality has described: read from townhall's own copies of the descriptions, never a row.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from django.conf import settings

from jalostamo.concepts.registers import Register, RegisterTable
from jalostamo.managing.described import DESCRIPTION, read_register


def registers() -> Mapping[str, Register]:
    """Every described register, by its name."""
    folder = settings.HOME.townhall / "registers"
    found = sorted(folder.glob(f"*/{DESCRIPTION}")) if folder.is_dir() else []
    return _read(tuple((path.parent, path.stat().st_mtime_ns) for path in found))


def table_at(register: str, table: str) -> tuple[Register, RegisterTable] | None:
    """A described table with its register; None where nobody has described it."""
    described = registers().get(register)
    found = next((each for each in described.tables if each.name == table), None) if described else None
    return (described, found) if described and found else None


@cache
def _read(folders: tuple[tuple[Path, int], ...]) -> Mapping[str, Register]:
    read = [read_register(folder) for folder, _ in folders]
    return {register.name: register for register in read}

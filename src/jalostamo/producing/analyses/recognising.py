"""Recognising the file of an analysis, and its digest, without the methods that carry it out: townhall knows no more of it.

Handbook 2.3 (repeatability).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from jalostamo.concepts.errors import Unfit
from jalostamo.managing.sections import TomlFile, read_toml

if TYPE_CHECKING:
    from pathlib import Path


def is_analysis(path: Path) -> bool:
    """Whether a file that can be read says that it is an analysis, and not a list of cells."""
    return "analysis" in file_of(path, "a cube definition").content


def file_of(path: Path, wanted: str = "the file of an analysis") -> TomlFile:
    """The file as it was read; `wanted` is what to name where it is missing."""
    return read_toml(
        path,
        wanted,
        unfit=lambda fault: Unfit(f"{path.name} is not a TOML file: {fault}.", reason="definition_form"),
        unreadable="check its permissions",
    )

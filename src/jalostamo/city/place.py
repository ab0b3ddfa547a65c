"""The folder that a city is written into: one that may be filled.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from pathlib import Path

from jalostamo.concepts.errors import Misused


def place_for(folder: Path, *, force: bool) -> None:
    """See to it that the folder exists and may be filled; one with content is refused, unless forced."""
    if folder.exists() and not folder.is_dir():
        raise Misused("DIR is a file: name a folder.", reason="city_folder")
    if folder.exists() and any(folder.iterdir()) and not force:
        raise Misused("DIR is not empty: name another, or replace the city in it with --force.", reason="city_folder")
    folder.mkdir(parents=True, exist_ok=True)

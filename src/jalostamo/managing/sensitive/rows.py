"""Where persons lie in the vault, and what tells one run's from another's that may be held meanwhile.

Handbook 2.6 (the sensitive environment).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROWS: Final = "rows"
"""The one folder of a request in the vault that holds persons, sealed and for as long as a run lasts."""


def rows_place(shelf: Path, mark: str) -> Path:
    """The folder of rows on a request's shelf of the vault; `mark` is that of who is at work."""
    return shelf / (f"{ROWS}.{mark}" if mark else ROWS)


def rows_places(vault: Path) -> Iterator[Path]:
    """Every such folder, whoever made it."""
    yield from vault.glob(f"*/{ROWS}/")
    yield from vault.glob(f"*/{ROWS}.*/")

"""Faulty rows of a file of one's own: told by how many there are and where the first stand, never by what is in them.

Handbook 2.2 (retrieving the data).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def told_of_rows(where: tuple[str, str], first: Sequence[int], count: int, *, kind: str) -> str:
    """Where rows of a kind are, in a file and by lines or rows of it, and how many.

    >>> told_of_rows(("log.csv", "line"), [3, 5], 4, kind="event")
    'log.csv, lines 3, 5 ... (4 events): the event'
    """
    file, place = where
    listed = ", ".join(map(str, first)) + (" ..." if count > len(first) else "")
    plural = "s" if count > 1 else ""
    return f"{file}, {place}{plural} {listed} ({count} {kind}{plural}): the {kind}"


def quoted(names: Iterable[str]) -> str:
    """Names of columns, one after the other."""
    return ", ".join(f"'{name}'" for name in names)

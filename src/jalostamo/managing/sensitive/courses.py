"""The course of a run, as whoever has it carried out watches it: what each step gave, and how many rows there are so far.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from jalostamo.managing.sensitive.delivered import read_register

if TYPE_CHECKING:
    from jalostamo.managing.request_parts import Source
    from jalostamo.managing.requests import Request
    from jalostamo.managing.sensitive.retrieval import Extract


def _unseen(*_: object) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Course:
    """A course is told, step by step, the digest of what the step gave, and how many rows of how many were retrieved."""

    given: Callable[[str, str], object] = field(default=_unseen)
    rows: Callable[[int, int], object] = field(default=_unseen)


UNWATCHED: Final = Course()


def digest_of_all(digests: Iterable[str]) -> str:
    """One digest for what a step gave in several parts."""
    return hashlib.sha256("\n".join(digests).encode("ascii")).hexdigest()


def rows_so_far(extracts: Sequence[Extract], request: Request, sources: Path) -> tuple[int, int]:
    """How many records the first sources of a request gave, and how many all will give, by the sizes of their files.

    0 where nobody can say, as where a server has one of them.
    """
    rows = sum(cast("int", extract.manifest.content["records"]) for extract in extracts)
    sizes = [size_of(source, sources) for source in request.sources]
    done = sum(size or 0 for size in sizes[: len(extracts)])
    return rows, 0 if None in sizes or not done else round(rows * sum(size or 0 for size in sizes) / done)


def size_of(source: Source, sources: Path) -> int | None:
    """How many bytes a source's file has; None where it has none of its own, or none that can be looked at."""
    folder = sources / source.register
    declared = read_register(folder).table_named(source.table)
    if not declared.file or declared.writing.server:
        return None
    try:
        return (folder / declared.file).stat().st_size
    except OSError:
        # Retrieving it says so.
        return None

"""Where jobs are kept, as this room needs it: texts under names, changed by one at a time, durable once changed.

The engine keeps them in a file of SQLite; another root may keep them in its own database.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractContextManager
from typing import Protocol


class Shelf(Protocol):
    """What is kept, for the length of one change: it sees its own changes, and nobody else's meanwhile."""

    def find(self, name: str) -> str | None:
        """The text of this name."""
        ...

    def put(self, name: str, text: str, *, kind: str, state: str) -> None:
        """Keep a text under its name, in the place that the name had or at the end."""
        ...

    def oldest(self, state: str, kinds: Collection[str]) -> str | None:
        """The first text of a state and of one of the kinds, in the order in which the names came."""
        ...

    def all_of(self, states: Collection[str]) -> list[str]:
        """All texts of some states, in the order in which their names came."""
        ...

    def next_number(self) -> int:
        """A number larger than any given before, also before the last start of the machine."""
        ...


class Store(Protocol):
    """Keeps texts so that a change is whole, durable when its context has ended, and gone when that ended by an error."""

    def changing(self) -> AbstractContextManager[Shelf]:
        """Change what is kept, alone: every other change waits, of other processes too."""
        ...

    def looking(self) -> AbstractContextManager[Shelf]:
        """Look at what is kept, all as it stood at one moment, without waiting for changes."""
        ...

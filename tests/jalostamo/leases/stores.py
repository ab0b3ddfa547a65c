"""A store in memory, and a clock that is set by hand: what leases are handed in tests that run through years."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field

from jalostamo.concepts.errors import Misused
from jalostamo.leases.jobs import Job
from jalostamo.leases.leasing import Leases
from jalostamo.leases.times import Instant, Terms

DIGEST = "ab" * 32
STEPS = ("retrieve", "link", "admit")
KINDS = ("cells",)


@dataclass
class InMemory:
    """Texts under names, in a plain dictionary; a change that ends by an error leaves no trace."""

    texts: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    last: int = 0
    held: bool = False

    def find(self, name: str) -> str | None:
        return self.texts[name][2] if name in self.texts else None

    def put(self, name: str, text: str, *, kind: str, state: str) -> None:
        self.texts[name] = (kind, state, text)

    def oldest(self, state: str, kinds: Collection[str]) -> str | None:
        found = (text for kind, stands, text in self.texts.values() if stands == state and kind in kinds)
        return next(found, None)

    def all_of(self, states: Collection[str]) -> list[str]:
        return [text for _, stands, text in self.texts.values() if stands in states]

    def next_number(self) -> int:
        self.last += 1
        return self.last

    @contextmanager
    def changing(self) -> Iterator[InMemory]:
        if self.held:
            raise Misused("Held by another.", reason="leases_busy")
        before, self.held = (copy(self.texts), self.last), True
        try:
            yield self
        except BaseException:
            self.texts, self.last = before
            raise
        finally:
            self.held = False

    looking = changing


@dataclass
class HandClock:
    """A clock that goes on when it is told to."""

    seconds: float = 1000.0
    boot: str = "first"

    def __call__(self) -> Instant:
        return Instant(self.boot, self.seconds)

    def restart(self) -> None:
        """Start the machine anew."""
        self.boot, self.seconds = f"{self.boot}+", 5.0


def job_of(name: str = "job-1", *, steps: tuple[str, ...] = STEPS, kind: str = "cells") -> Job:
    """A job that waits."""
    return Job(name, kind, DIGEST, steps)


def leases_of(clock: HandClock | None = None, *, terms: Terms | None = None) -> Leases:
    """Leases in memory."""
    return Leases(InMemory(), clock or HandClock(), terms or Terms())

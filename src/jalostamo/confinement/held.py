"""What holds of a confinement and by what; what does not hold is told with the reason, and never claimed.

Handbook 2.6 (data protection by design).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Wall(StrEnum):
    """A wall is one thing that a confined process is kept from."""

    FILES = "files"
    METADATA = "metadata"
    NETWORK = "network"
    SIGNALS = "signals"
    OTHERS = "memory of others"
    ITSELF = "its own memory"
    PROCESSES = "processes"
    MEMORY = "memory"
    TIME = "time"
    OUTPUT = "output"
    PRIVILEGES = "privileges"
    KERNEL = "kernel"


@dataclass(frozen=True, slots=True)
class Held:
    """One wall, what holds it up, and why nothing does where nothing does; `but` is what it does not reach."""

    wall: Wall
    by: tuple[str, ...]
    but: str = ""

    @property
    def holds(self) -> bool:
        """Whether anything holds it up."""
        return bool(self.by)

    def as_mapping(self) -> dict[str, object]:
        """The wall as it is told to whoever started the process."""
        return {"wall": self.wall.value, "by": list(self.by), "but": self.but}


def held_from(told: Mapping[str, object]) -> Held:
    """A wall as a process told it; raises ValueError where it is none."""
    by, but = told.get("by"), told.get("but")
    if not isinstance(by, list) or not isinstance(but, str):
        raise ValueError
    return Held(Wall(str(told.get("wall"))), tuple(str(each) for each in by), but)


def missing(held: Iterable[Held], needed: Iterable[Wall]) -> tuple[Held, ...]:
    """Those of the needed walls that nothing holds up, each with its reason."""
    told = {each.wall: each for each in held}
    found = (told.get(wall, Held(wall, (), "it was not put up")) for wall in needed)
    return tuple(each for each in found if not each.holds)

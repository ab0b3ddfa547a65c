"""What is public of a release's columns: what their values may be called at each level, and at which level they stand.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jalostamo.concepts.errors import Unfit

STAR: Final = "*"
"""What tools write for a value that they hide."""


@dataclass(frozen=True, slots=True)
class Column:
    """A quasi-identifier of a release: its name, its hierarchy's levels (level 0 the value itself), and its level.

    A label of another level is understood, too: such are the stars of rows that should have been left out.
    """

    name: str
    levels: tuple[Mapping[str, str], ...] = ()
    level: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.level < max(1, len(self.levels)):
            raise Unfit(
                f"Column '{self.name}' has levels 0 to {max(1, len(self.levels)) - 1}; level {self.level} was given.",
                reason="hierarchy_level",
            )

    @property
    def everybody(self) -> int:
        """The level above all others, at which a value may be anybody's."""
        return max(1, len(self.levels))

    def called(self, value: str, level: int | None = None) -> str:
        """What a value is called at a level, the release's where none is given; what no file names keeps its name."""
        wanted = self.level if level is None else level
        if wanted >= self.everybody:
            return STAR
        return self.levels[wanted].get(value, value) if self.levels else value

    def level_of(self, label: str, declared: frozenset[str]) -> int:
        """At which level a label of the release stands: as declared where it can, else the finest that knows it."""
        if label in declared or (label != STAR and not self.levels):
            return self.level
        found = (number for number, level in enumerate(self.levels) if label in level.values())
        return next(found, self.everybody if label == STAR else self.level)

    def labels(self, values: Sequence[str]) -> frozenset[str]:
        """The labels that there can be at the release's level: of the hierarchy's values, and of these."""
        named = frozenset(self.levels[self.level].values()) if self.levels else frozenset[str]()
        return named | {self.called(value) for value in values}

"""What was measured in ten towns, and how often each truth was met.

Handbook 2.2, step 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tests.spec.planted.truths import Outcome

SEEDS: Final = range(1, 11)
FEW: Final = 3
"""As many towns tell on every day whether what is planted is found; all ten are asked by the deep tests."""

PEOPLE: Final = 20_000


@dataclass(frozen=True, slots=True)
class Town:
    """What was measured in one town, and in the same town once its columns were shuffled or a record was taken away."""

    seed: int
    in_intervals: tuple[Outcome, ...]
    exact: tuple[Outcome, ...]
    shuffled: tuple[Outcome, ...] = ()
    a_record_less: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Hits:
    """One truth in all towns: how many times it was met, and what was measured."""

    name: str
    outcomes: tuple[Outcome, ...]

    @property
    def met(self) -> int:
        """In how many towns the truth was met."""
        return sum(outcome.is_met for outcome in self.outcomes)

    @property
    def met_when_wrong(self) -> int:
        """In how many towns a wrong truth would have been met."""
        return sum(outcome.of_a_wrong_truth().is_met for outcome in self.outcomes)

    def __str__(self) -> str:
        measured = " ".join(f"{each.measured:8.4g}{' ' if each.is_met else '!'}" for each in self.outcomes)
        return f"{self.name:<60} {self.met:>2} {self.met_when_wrong:>2}  {self.outcomes[0].truth:8.4g}  {measured}"


@dataclass(frozen=True, slots=True)
class Towns:
    """The towns that were measured."""

    towns: tuple[Town, ...]

    @property
    def enough(self) -> int:
        """In how many of these towns a truth must be met: in eight of ten, in two of three."""
        return len(self.towns) * 8 // 10

    def hits(self, beginning: tuple[str, ...] = ("",)) -> list[Hits]:
        """The hits of every truth with an interval whose name begins so."""
        return [each for each in self._hits("in_intervals") if each.name.startswith(beginning)]

    def exact(self) -> list[Hits]:
        """The hits of every number that must be exact."""
        return list(self._hits("exact"))

    def _hits(self, part: str) -> Iterator[Hits]:
        by_name: dict[str, list[Outcome]] = {}
        for town in self.towns:
            for outcome in getattr(town, part):
                by_name.setdefault(outcome.name, []).append(outcome)
        return (Hits(name, tuple(outcomes)) for name, outcomes in by_name.items())


def table(hits: list[Hits]) -> str:
    """Show for each truth in how many towns it, and a wrong one, was met, its value in the first, and what was found."""
    return "\n".join(["truth, met, met when wrong, planted, measured by town (! where missed)", *map(str, hits)])

"""What is public of how a generalisation was chosen, and what that tells of values: each preferred one must have failed.

After Wong and others, "Minimality attack in privacy preserving data publishing" (VLDB 2007), for classes that must have
several distinct values. A class of the preferred generalisation that may have had too few of them is suspected, and so is
one that may have fallen short of what else was wanted (`falling_short`).

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import expm1, lgamma, log1p
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from jalostamo.managing.sensitive.validation.attacks.falling_short import MOST_PARTS, Wanted, falling_short
from jalostamo.managing.sensitive.validation.attacks.keys import Integers, grouped, totals
from jalostamo.managing.sensitive.validation.attacks.rates import Sample

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.validation.attacks.sight import Sight, Told

type Levels = tuple[int, ...]

_COMMONEST: Final = 12
"""So many values of a class, the commonest, are thought of as those that a part of it has alone."""


@dataclass(frozen=True, slots=True)
class Choosing:
    """The public recipe: which generalisations it prefers to the chosen one, and what would have let them pass.

    Of those `preferred` the ones that are finer in some columns and coarser in none are used. `k` alike and at least so
    many `distinct` values of each sensitive column were asked, and what else is `wanted` of it; so many rows may be left out.
    """

    preferred: tuple[Levels, ...]
    k: int = 1
    distinct: Mapping[str, int] = field(default_factory=dict)
    suppressed: int = 0
    wanted: Mapping[str, Wanted] = field(default_factory=dict)

    def finer(self, chosen: Sequence[int]) -> tuple[Levels, ...]:
        """Of the preferred generalisations those that take the chosen one's classes apart, and no class across."""
        return tuple(
            levels
            for levels in self.preferred
            if levels != tuple(chosen) and all(one <= other for one, other in zip(levels, chosen, strict=True))
        )


@dataclass(frozen=True, slots=True)
class Suspected:
    """What somebody who knows the rule thinks of people beyond what their class tells.

    `gain` is how much likelier she thinks a value of somebody than its share of the class, at most; `people` of how many
    she thinks a value as much as `by` likelier; `by` is the gain from which that is counted.
    """

    gain: float
    people: int
    by: float


def suspected(
    sight: Sight,
    choosing: Choosing,
    *,
    column: int,
    by: float,
    sample: Sample = Sample(1),  # noqa: B008  a frozen value
) -> Suspected:
    """Hold each preferred generalisation against the release: had it held, it would have been written."""
    told = sight.told[column]
    asked = _Asked(choosing.distinct.get(told.column, 1), choosing.wanted.get(told.column), sample.chance())
    chosen = [each.level for each in sight.columns]
    gain, people = 0.0, 0
    for levels in choosing.finer(chosen) if asked.anything else ():
        parts = _parts(sight, levels)
        if not _fails_by_size(sight, parts, choosing):
            gains = _gains(told, parts, asked)
            gain = max(gain, float(gains.max(initial=0.0)))
            people = max(people, int(parts.rows[gains > by].sum()))
    return Suspected(gain, people, by)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was asked of each class in one column, and the chance by which parts are drawn."""

    distinct: int
    wanted: Wanted | None
    chance: np.random.Generator

    @property
    def anything(self) -> bool:
        """Whether values could have kept a generalisation from being chosen."""
        return self.distinct > 1 or self.wanted is not None


@dataclass(frozen=True, slots=True, repr=False)
class _Parts:
    """The parts that a finer generalisation makes of released classes: the class of each, and its rows."""

    place: Integers
    rows: Integers


def _parts(sight: Sight, levels: Levels) -> _Parts:
    place = sight.source.place
    inside = np.flatnonzero((place >= 0) & sight.regular[place])
    called = sight.called(levels)[inside]
    first, kind = grouped([place[inside], *(called[:, number] for number in range(called.shape[1]))])
    return _Parts(place[inside][first], totals(kind, sight.source.rows[inside], len(first)))


def _fails_by_size(sight: Sight, parts: _Parts, choosing: Choosing) -> bool:
    """Whether numbers of people alone, which tell no value, keep a generalisation from being chosen."""
    left_out = int(sight.source.rows.sum() - parts.rows.sum())
    return left_out + int(parts.rows[parts.rows < choosing.k].sum()) > choosing.suppressed


def _gains(told: Told, parts: _Parts, asked: _Asked) -> NDArray[np.float64]:
    """How much likelier a value becomes for the people of each part, at most."""
    failing, likeliest = np.zeros(len(parts.rows)), np.zeros(len(parts.rows))
    kinds = list(zip(parts.place.tolist(), parts.rows.tolist(), strict=True))
    known: dict[tuple[int, int], tuple[float, float]] = {}
    # The smallest first: of those alone parts are drawn, when there are very many.
    for kind in sorted(set(kinds), key=lambda kind: (kind[1], kind[0])):
        known[kind] = _short(told, kind, asked, drawing=len(known) < MOST_PARTS)
    for number, kind in enumerate(kinds):
        failing[number], likeliest[number] = known[kind]
    if not failing.any():
        return failing
    some = -expm1(sum(log1p(-min(chance, 1 - 1e-15)) for chance in failing.tolist()))
    gains: NDArray[np.float64] = failing / max(some, float(failing.max())) * likeliest
    return gains


def _short(told: Told, kind: tuple[int, int], asked: _Asked, *, drawing: bool) -> tuple[float, float]:
    """How likely a part falls short, and how much likelier a value then is; by sets where drawing shows nothing."""
    place, rows = kind
    if asked.wanted is not None and drawing:
        found = falling_short(told, place, rows, wanted=asked.wanted, chance=asked.chance)
        if found[0]:
            return found
    return _too_few(told.of(place)[1], rows, asked.distinct)


def _too_few(counts: Integers, rows: int, distinct: int) -> tuple[float, float]:
    """How likely so many rows of a class have fewer values than asked, and how much likelier one then is than before.

    By which values they have alone: sets are counted, the few ways that two sets have in common twice.
    """
    whole = int(counts.sum())
    if whole < rows or len(counts) < distinct or rows == whole:
        return (0.0, 0.0)
    commonest = np.sort(counts)[::-1][:_COMMONEST].tolist()
    ways = list(_ways(commonest, rows, distinct - 1, whole))
    chance = sum(way for way, _ in ways)
    if chance <= 0.0:
        return (0.0, 0.0)
    then = np.zeros(len(commonest))
    for way, values in ways:
        together = sum(commonest[value] for value in values)
        for value in values:
            then[value] += way / chance * commonest[value] / together
    before = np.array(commonest) / whole
    return (min(1.0, chance), float((then - before).max()))


def _ways(counts: Sequence[int], rows: int, size: int, whole: int) -> Iterator[tuple[float, tuple[int, ...]]]:
    for values in combinations(range(len(counts)), min(size, len(counts))):
        together = sum(counts[value] for value in values)
        if together >= rows:
            yield float(np.exp(_log_choose(together, rows) - _log_choose(whole, rows))), values


def _log_choose(of: int, some: int) -> float:
    return lgamma(of + 1) - lgamma(some + 1) - lgamma(of - some + 1)

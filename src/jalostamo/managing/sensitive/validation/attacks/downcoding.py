"""Downcoding: telling the finer value of people whose value was made coarser, from the rule that it was made no coarser than need be.

After Cohen, "Attacks on deidentification's defenses" (USENIX Security 2022). The attacker knows how common each finer value
is altogether, as published statistics tell; the control group knows that, and not the rule.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, expm1, lgamma, log, log1p
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jalostamo.managing.sensitive.validation.attacks.keys import Integers, keyed
from jalostamo.managing.sensitive.validation.attacks.rates import Rate, Risk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jalostamo.managing.sensitive.validation.attacks.choosing import Choosing
    from jalostamo.managing.sensitive.validation.attacks.sight import Sight

type Reals = NDArray[np.float64]


def downcoding(sight: Sight, choosing: Choosing, *, column: int, likely: float) -> Risk | None:
    """Claim the finer value of everybody of whom one is likely; None where the rule prefers no finer level of the column."""
    chosen = [each.level for each in sight.columns]
    finer = [*chosen[:column], chosen[column] - 1, *chosen[column + 1 :]]
    if choosing.k < 2 or tuple(finer) not in choosing.finer(chosen):
        return None
    known = _Known.of(sight, finer, column)
    if not known.people:
        return None
    shares = known.shares
    by_rule = _with_rule(known, choosing.k)
    overall = [np.full(len(share), share.max(initial=0.0)) for share in shares]
    return Risk(
        _claimed(known, by_rule, likely),
        _claimed(known, overall, likely, among=shares),
        _claimed(known, shares, likely),
    )


@dataclass(frozen=True, slots=True, repr=False)
class _Known:
    """Released classes that a finer level would take apart: how common each finer value of its label is, and the truth."""

    shares: tuple[Reals, ...]
    truth: tuple[Integers, ...]

    @classmethod
    def of(cls, sight: Sight, finer: Sequence[int], column: int) -> _Known:
        """Seen in a release, with finer values counted over the whole source: those are what statistics tell."""
        place, rows = sight.source.place, sight.source.rows
        label = sight.source.labels[:, column]
        value = sight.called(finer)[:, column]
        inside = np.flatnonzero((place >= 0) & sight.regular[place])
        known = {
            name: np.flatnonzero(np.bincount(value[label == name], minlength=int(value.max()) + 1))
            for name in np.unique(label[inside]).tolist()
        }
        everywhere = np.bincount(value, weights=rows, minlength=int(value.max(initial=0)) + 1)
        by_class = _by(place[inside], np.stack([label[inside], value[inside], rows[inside]], axis=1))
        shares, truth = [], []
        for found in by_class:
            values = known[int(found[0, 0])]
            counted = np.bincount(found[:, 1], weights=found[:, 2], minlength=len(everywhere))[values]
            if len(values) > 1:
                shares.append(everywhere[values] / everywhere[values].sum())
                truth.append(counted.astype(np.int64))
        return cls(tuple(shares), tuple(truth))

    @property
    def people(self) -> int:
        """How many people there are of whom a finer value could be claimed."""
        return sum(int(counted.sum()) for counted in self.truth)


def _by(place: Integers, columns: Integers) -> list[Integers]:
    order = np.argsort(keyed([place]), kind="stable")
    starts = np.flatnonzero(np.diff(place[order], prepend=-1))
    return np.split(columns[order], starts[1:])


def _claimed(known: _Known, thought: Sequence[Reals], likely: float, *, among: Sequence[Reals] | None = None) -> Rate:
    """How many are told right of everybody; a value is claimed where it is thought likely."""
    right = sum(
        int(truth[int(claim.argmax())])
        for truth, share, claim in zip(known.truth, thought, among or thought, strict=True)
        if share.max() >= likely
    )
    return Rate(right, known.people)


def _with_rule(known: _Known, k: int) -> list[Reals]:
    """What is thought likely by somebody who knows that some class, taken apart, had too few people of a finer value."""
    few = [_few(share, int(truth.sum()), k) for share, truth in zip(known.shares, known.truth, strict=True)]
    some = -expm1(sum(log1p(-min(each.chance, 1 - 1e-15)) for each in few))
    return [
        _thought(each, share, each.chance / some if some > 0 else 0.0)
        for each, share in zip(few, known.shares, strict=True)
    ]


@dataclass(frozen=True, slots=True, repr=False)
class _Few:
    """How likely a class has too few people of a finer value, and the shares of all finer values if it has."""

    chance: float
    then: Reals


def _thought(few: _Few, share: Reals, suspicion: float) -> Reals:
    if few.chance <= 0.0:
        return share
    otherwise = share if few.chance >= 1.0 else np.maximum(share - few.chance * few.then, 0.0) / (1 - few.chance)
    thought: Reals = suspicion * few.then + (1 - suspicion) * otherwise
    return thought


def _few(share: Reals, people: int, k: int) -> _Few:
    """As if one value at most had too few: that several have is rarer by far, wherever it is rare that one has."""
    found = [_between(people, value, k) for value in share.tolist()]
    chances = np.array([chance for chance, _ in found])
    if not chances.sum():
        return _Few(0.0, share)
    chance = -expm1(sum(log1p(-min(each, 1 - 1e-15)) for each in chances.tolist()))
    then = np.zeros(len(share))
    for number, (_, expected) in enumerate(found):
        others = (people - expected) * share / max(1 - share[number], 1e-12)
        others[number] = expected
        then += chances[number] / chances.sum() * others / people
    return _Few(chance, then)


def _between(people: int, share: float, k: int) -> tuple[float, float]:
    """How likely 1 to k - 1 of so many people have a value of that share, and how many they are then on average."""
    if not 0 < share < 1:
        return (0.0, 0.0)
    numbers = range(1, min(k - 1, people) + 1)
    likely = [exp(_log_binomial(people, share, number)) for number in numbers]
    chance = sum(likely)
    mean = sum(number * each for number, each in zip(numbers, likely, strict=True)) / chance if chance else 0.0
    return (min(chance, 1.0), mean)


def _log_binomial(people: int, share: float, number: int) -> float:
    ways = lgamma(people + 1) - lgamma(number + 1) - lgamma(people - number + 1)
    return ways + number * log(share) + (people - number) * log1p(-share)

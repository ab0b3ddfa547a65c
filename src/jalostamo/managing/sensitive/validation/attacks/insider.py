"""The insider who holds the source: for each person, how many rows of the release may be hers, and what they tell of her.

She knows the levels too, so that whoever has no class as declared must be among the stars, where there are any.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jalostamo.managing.sensitive.validation.attacks.keys import grouped, totals

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.validation.attacks.keys import Integers
    from jalostamo.managing.sensitive.validation.attacks.sight import Sight, Told


@dataclass(frozen=True, slots=True)
class Insider:
    """What the holder of the source can say: of whom, and among how few rows at least."""

    people: int
    not_in_release: int
    fewest_candidates: int
    share_below: float


@dataclass(frozen=True, slots=True)
class Learned:
    """What she learns of a sensitive column beyond the source's quasi-identifiers.

    `certain` is the share of people whose value she knows; the gain is how far, in bits, what she thinks of a person
    moves from what the whole release says to what her class does, on average and at most.
    """

    certain: float
    mean_gain: float
    greatest_gain: float


def insider(sight: Sight, *, k: int) -> Insider:
    """Count each person's candidates; everybody is counted, none is drawn."""
    candidates = _candidates(sight)
    rows = sight.source.rows
    inside = candidates > 0
    below = int(rows[inside & (candidates < k)].sum())
    return Insider(
        int(rows.sum()),
        int(rows[~inside].sum()),
        int(candidates[inside].min()) if inside.any() else 0,
        below / max(1, int(rows[inside].sum())),
    )


def learned(sight: Sight, *, column: int = 0) -> Learned:
    """How much a sensitive column is told by the classes that people are in."""
    told = sight.told[column]
    people = sight.people
    everybody = max(1, int(people.sum()))
    gain, single = _gains(told), np.diff(told.start) == 1
    met = people > 0
    return Learned(
        float(people[single].sum() / everybody),
        float((gain * people).sum() / everybody),
        float(gain[met].max()) if met.any() else 0.0,
    )


def units_alike(sight: Sight) -> tuple[int, ...]:
    """The fewest persons, or households, that the people of a class are, for each kind that they are counted as."""
    place = sight.source.place
    inside = np.flatnonzero(place >= 0)
    fewest = []
    for unit in sight.source.units:
        first, _ = grouped([place[inside], unit[inside]])
        counts = np.bincount(place[inside][first], minlength=len(sight.rows))
        fewest.append(int(counts[sight.people > 0].min(initial=np.iinfo(np.int64).max)))
    return tuple(fewest)


def _candidates(sight: Sight) -> Integers:
    place = sight.source.place
    return np.where(place >= 0, sight.rows[place], 0) if len(sight.rows) else np.zeros(len(place), np.int64)


def _gains(told: Told) -> NDArray[np.float64]:
    """How far each class is from the whole, by the divergence of Kullback and Leibler in bits."""
    if not len(told.rows):
        return np.zeros(0)
    overall = told.overall / told.rows.sum()
    share = told.rows / totals(told.classes, told.rows, len(told.start) - 1)[told.classes]
    gained = share * np.log2(share / overall[told.value])
    return np.bincount(told.classes, weights=gained, minlength=len(told.start) - 1)

"""Inference: guessing the sensitive value of people from all their quasi-identifiers, above a control group.

What holds of people who are not in the release is knowledge; what is guessed better of those who are is a leak.
After Giomi and others 2023.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jalostamo.managing.sensitive.validation.attacks.rates import Rate, Risk, Sample

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.validation.attacks.keys import Integers
    from jalostamo.managing.sensitive.validation.attacks.sight import People, Sight, Told


def inference(sight: Sight, sample: Sample, *, column: int = 0) -> Risk:
    """Guess the commonest value of each one's class; the baseline guesses the commonest of all."""
    told, chance = sight.told[column], sample.chance()
    others, main, control = sight.groups(sample.size, chance)
    commonest = _commonest(told.overall, chance)
    truth = sight.source.values[column][main]
    guesses = _Guesses(told, commonest, chance)
    return Risk(
        Rate.of(guesses.of(sight.source, main) == truth),
        Rate.of(truth == commonest),
        Rate.of(guesses.of(others, control, truth=None if sight.control else column) == others.values[column][control]),
    )


class _Guesses:
    """Guesses from what the classes tell."""

    __slots__ = ("_chance", "_commonest", "_told")

    def __init__(self, told: Told, commonest: int, chance: np.random.Generator) -> None:
        self._told, self._commonest, self._chance = told, commonest, chance

    def of(self, people: People, drawn: Integers, *, truth: int | None = None) -> Integers:
        """A guess for each of the people drawn; with `truth`, her own row is first taken out of the release."""
        own = people.values[truth][drawn] if truth is not None else np.full(len(drawn), -1, np.int64)
        return np.array(
            [self._one(place, value) for place, value in zip(people.place[drawn].tolist(), own.tolist(), strict=True)],
            np.int64,
        )

    def _one(self, place: int, own: int) -> int:
        if place < 0:
            return self._commonest
        value, rows = self._told.of(place)
        left = np.maximum(rows - (value == own), 0)
        return int(value[_commonest(left, self._chance)]) if left.any() else self._commonest


def _commonest(rows: Integers, chance: np.random.Generator) -> int:
    """The place of the greatest number, of equal ones any."""
    tied: NDArray[np.intp] = np.flatnonzero(rows == rows.max())
    return int(tied[int(chance.integers(len(tied)))])

"""Drawing by shares: a place in a list for each, by one row of shares for all or by one's own row of a table.

Handbook 2.2 (service events).
"""

from __future__ import annotations

import numpy as np

from jalostamo.city.days import Shares, Whole


def drawn_from(chance: np.random.Generator, shares: tuple[float, ...] | Shares, number: int) -> Whole:
    """A place for each, as likely as its share; the shares need not sum to one."""
    reached = np.cumsum(np.asarray(shares, dtype=np.float64))
    place = np.searchsorted(reached, chance.random(number) * reached[-1], side="right")
    return np.asarray(np.minimum(place, len(reached) - 1))


def drawn_by_row(cumulated: Shares, profile: Whole, chance: Shares) -> Whole:
    """For each one's profile, a row of cumulated shares, the column in which a number between 0 and 1 falls."""
    place = np.zeros(len(profile), dtype=np.int64)
    for column in range(cumulated.shape[1] - 1):
        place += chance >= cumulated[profile, column]
    return place


class Choice:
    """A choice is drawn by the shares of one row of a table for each that chooses."""

    def __init__(self, weights: Shares) -> None:
        self._choices = weights.shape[1]
        shares = weights / weights.sum(axis=1, keepdims=True)
        self._cumulated = (np.cumsum(shares, axis=1) + np.arange(len(weights))[:, None]).ravel()

    def of(self, chance: np.random.Generator, row: Whole) -> Whole:
        """The choice of each, by the shares of its row."""
        drawn = np.searchsorted(self._cumulated, row + chance.random(len(row)), side="right")
        return np.asarray(np.clip(drawn - row * self._choices, 0, self._choices - 1))

"""Sums over tied events as Efron takes them out of those at risk one by one, without going through them one by one.

With d tied of summed risk D among S, each sum runs over S - l D / d for l = 0 ... d - 1: a harmonic series, which has a closed
form, so that a million tied events cost what ten do.

Handbook 2.3 (methods of analysis).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import gammaln, polygamma, psi

if TYPE_CHECKING:
    from jalostamo.producing.survival.curves import Numbers

ONE_BY_ONE: Final = 64
"""So many tied events are summed as they stand; the closed form loses digits where few are tied among very many."""


@dataclass(frozen=True, slots=True)
class TiedSums:
    """By time, with r = S - l D / d: the sums of log r, 1 / r, l / r, 1 / r^2, l / r^2 and l^2 / r^2."""

    logarithms: Numbers
    ones: Numbers
    ranks: Numbers
    squares: Numbers
    rank_squares: Numbers
    ranks_squared: Numbers


def tied_sums(at_risk: Numbers, each: Numbers, events: Numbers) -> TiedSums:
    """The sums of each time: `at_risk` is S, `each` D / d, `events` d."""
    few, many = events <= ONE_BY_ONE, events > ONE_BY_ONE
    sums = np.empty((6, len(events)))
    sums[:, few] = _one_by_one(at_risk[few], each[few], events[few])
    sums[:, many] = _closed(at_risk[many], each[many], events[many])
    return TiedSums(*sums)


def _one_by_one(at_risk: Numbers, each: Numbers, events: Numbers) -> Numbers:
    sums = np.zeros((6, len(events)))
    for rank in range(int(events.max(initial=0))):
        some = rank < events
        left = at_risk[some] - rank * each[some]
        sums[:, some] += [np.log(left), 1 / left, rank / left, left**-2, rank / left**2, (rank / left) ** 2]
    return sums


def _closed(at_risk: Numbers, step: Numbers, events: Numbers) -> Numbers:
    # In steps, those at risk go from `high` down to `high - events + 1`.
    high = at_risk / step
    low = high - events + 1
    first = psi(high + 1) - psi(low)
    second = polygamma(1, low) - polygamma(1, high + 1)
    logarithms = events * np.log(step) + gammaln(high + 1) - gammaln(low)
    ranks = high * first - events
    rank_squares = high * second - first
    ranks_squared = high**2 * second - 2 * high * first + events
    return np.array(
        [logarithms, first / step, ranks / step, second / step**2, rank_squares / step**2, ranks_squared / step**2]
    )

"""Printed cumulative counts made monotone again, and how far a printed count may lie from the true one.

The refit reads printed numbers and the public table of the noise alone, so that it tells nothing that they do not.
Barlow, Bartholomew, Bremner and Brunk, Statistical Inference under Order Restrictions (1972).

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import isotonic_regression

from jalostamo.concepts.errors import Unfit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jalostamo.utilising.disclosure.noise import NoiseTable

_LEAST_VARIANCE: Final = 1e-6
_DECIMALS: Final = 9


def noise_variances(printed: NDArray[np.int64], noise: NoiseTable | None) -> NDArray[np.float64]:
    """The mean square distance of the true counts that could print each number, each of them thought equally likely."""
    if noise is None:
        return np.zeros(printed.shape)
    values, places = np.unique(printed, return_inverse=True)
    found = np.array([_mean_square(int(value), noise) for value in values], dtype=np.float64)
    return found[places.reshape(printed.shape)]


def monotone(
    printed: NDArray[np.int64], noise: NoiseTable | None, *, at_most: float | None = None
) -> NDArray[np.float64]:
    """The nearest counts that only rise, each printed count weighing as little as its noise is large.

    `at_most` is a printed whole that none of the parts may pass.
    """
    weights = 1 / np.maximum(noise_variances(printed, noise), _LEAST_VARIANCE)
    fitted = np.asarray(isotonic_regression(printed, weights=weights, increasing=True).x, dtype=np.float64)
    # A mean of equal counts may miss them by a bit, and a level stretch would no longer be level.
    fitted = np.round(fitted, _DECIMALS)
    return fitted if at_most is None else np.minimum(fitted, at_most)


def printed_chances(chances: NDArray[np.float64], noise: NoiseTable | None) -> NDArray[np.float64]:
    """The chance of each printed number, given the chance of each true count (0, 1, 2, ... in both)."""
    if noise is None:
        return chances
    found = np.zeros(len(chances) + noise.largest)
    steady = min(len(chances), noise.largest + noise.never + 1)
    for n in range(steady):
        for printed, chance in noise.distribution(n).items():
            found[printed] += chances[n] * chance
    for printed, chance in noise.distribution(steady).items():
        # From here on the noise is the same for every count: one shifted sum a step.
        shift = printed - steady
        found[steady + shift : len(chances) + shift] += chance * chances[steady:]
    return found


def _mean_square(printed: int, noise: NoiseTable) -> float:
    if printed > 2 * noise.largest + noise.never + 1:
        return noise.variance_of(printed)
    likely = noise.likelihood(printed)
    if not likely:
        raise Unfit(f"Under noise {noise.id} no count prints as one of these.", reason="never_printed")
    return sum(chance * (n - printed) ** 2 for n, chance in likely.items()) / sum(likely.values())

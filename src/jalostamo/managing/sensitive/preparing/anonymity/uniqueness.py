"""How much of a population of known size is alone in it, estimated from a sample's classes.

Dankar, El Emam, Neisa, Roffey 2012 (BMC Medical Informatics and Decision Making 12:66): of a sample of at most a tenth by
Pitman's model (Hoshino 2001), of a greater one the lesser of Zayatz's (1991) and the slide negative binomial one (Chen and
McNulty 1998, its number of classes by Haas and Stokes 1998).
Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from scipy.optimize import brentq
from scipy.special import digamma, gammaln

from jalostamo.managing.sensitive.preparing.anonymity.problem import Integers, Reals

_SMALL_SAMPLE: Final = 0.1
_LEAST_ALPHA: Final = 1e-6
_STEPS: Final = 2000


def share_unique(sizes: Integers, population: int) -> float:
    """The share of a population that is alone in it, by the sizes of a sample's classes.

    Nobody is where nobody is alone in the sample. Where all are, no model can be fitted, and everybody counts as alone.
    """
    size, number = np.unique(sizes, return_counts=True)
    sample, classes = int(sizes.sum()), len(sizes)
    if size[0] > 1:
        return 0.0
    if classes == sample:
        return 1.0
    if sample >= population:
        return float(number[0]) / sample
    if sample <= _SMALL_SAMPLE * population:
        found = pitman(size, number, population)
    else:
        found = min(zayatz(size, number, population), slide_negative_binomial(size, number, population))
    return min(1.0, found / population)


def zayatz(size: Integers, number: Integers, population: int) -> float:
    """The number alone in the population: those alone in the sample, by the chance that such a one comes of a class of one."""
    sample = int(size @ number)
    drawn_once = np.log(size) + _ways(population - size, sample - 1) - _ways(np.array([population]), sample)
    likely = number / number.sum() * np.exp(drawn_once)
    return float(number[0] * likely[0] / likely.sum() * population / sample)


def _ways(of: Integers, chosen: int) -> Reals:
    """The logarithm of the number of ways to choose."""
    possible = of >= chosen
    rest = np.where(possible, of - chosen, 0)
    ways: Reals = np.where(possible, gammaln(of + 1.0) - gammaln(chosen + 1.0) - gammaln(rest + 1.0), -np.inf)
    return ways


def pitman(size: Integers, number: Integers, population: int) -> float:
    """The number alone in the population, expected by Pitman's model at its greatest likelihood; some must not be alone."""
    sample, classes = int(size @ number), int(number.sum())
    alpha, theta = _fitted(size, number, sample, classes)
    up = gammaln(theta + 1) + gammaln(population + theta + alpha - 1)
    return float(population * np.exp(up - gammaln(theta + alpha) - gammaln(population + theta)))


def _fitted(size: Integers, number: Integers, sample: int, classes: int) -> tuple[float, float]:
    """Alpha, at 0 or above it, and theta, at which Pitman's likelihood is greatest."""
    if classes == 1:
        return 0.0, 0.0

    def theta_at(alpha: float) -> float:
        def slope(theta: float) -> float:
            return _over(theta, alpha, classes) - float(digamma(sample + theta) - digamma(1 + theta))

        return _falling_root(slope, -alpha)

    def slope_at(alpha: float) -> float:
        theta = theta_at(alpha)
        met = (
            (classes - 1 - theta * _over(theta, alpha, classes)) / alpha
            if alpha
            else classes * (classes - 1) / 2 / theta
        )
        return float(met - number @ (digamma(size - alpha) - digamma(1 - alpha)))

    if slope_at(0.0) <= 0 or slope_at(_LEAST_ALPHA) <= 0:
        return 0.0, theta_at(0.0)
    alpha = float(brentq(slope_at, _LEAST_ALPHA, 1 - 1e-9, xtol=1e-13))
    return alpha, theta_at(alpha)


def _over(theta: float, alpha: float, classes: int) -> float:
    """The sum of 1 / (theta + i alpha) for i from 1 below the number of classes."""
    if alpha == 0:
        return (classes - 1) / theta
    return float(digamma(classes + theta / alpha) - digamma(1 + theta / alpha)) / alpha


def _falling_root(slope: Callable[[float], float], least: float) -> float:
    """Where a function that comes from above, right of `least`, becomes 0."""
    width = 1.0
    while slope(least + width) > 0:
        width *= 2
    low = width
    while slope(least + low) <= 0:
        low /= 2
    return float(brentq(lambda step: slope(least + step), low, width, xtol=1e-13 * low, rtol=1e-14)) + least


def slide_negative_binomial(size: Integers, number: Integers, population: int) -> float:
    """The number alone in the population by the slide negative binomial model; infinite where no such model fits.

    Classes have one person and a negative binomial number of others; it is fitted to the classes of one and of two in the
    sample. For each share `x` of the one parameter there is one of the other that fits their ratio.
    """
    sample = int(size @ number)
    part, two = sample / population, int(number[size == 2].sum())
    if not two:
        return float("inf")
    classes = _classes(size, number, part)
    ratio = two / number[0]

    def shape(x: Reals) -> Reals:
        d = (1 - part) * x
        square, line, constant = part * x * d, part * x * (2 - d) - 2 * ratio * (1 - d) * d, 2 * ratio * (1 - d) ** 2
        root = np.sqrt(line**2 + 4 * square * constant)
        # The one positive root, without taking near numbers from each other.
        found: Reals = np.where(line > 0, 2 * constant / (line + root), (root - line) / (2 * square))
        return found

    def too_many(x: Reals) -> Reals:
        d, a = (1 - part) * x, shape(x)
        found: Reals = classes * part * ((1 - x) / (1 - d)) ** a * (1 + a * d / (1 - d)) - number[0]
        return found

    # Evenly by the logarithm of x / (1 - x).
    grid = 1 / (1 + np.exp(-np.linspace(-14, 14, _STEPS)))
    crossing = np.flatnonzero(np.diff(np.sign(too_many(grid))))
    if not len(crossing):
        return float("inf")
    first = crossing[0]
    x = float(brentq(lambda one: float(too_many(np.array(one))), grid[first], grid[first + 1], xtol=1e-15))
    return float(classes * (1 - x) ** float(shape(np.array(x))))


def _classes(size: Integers, number: Integers, part: float) -> float:
    """How many classes the population has (Haas and Stokes 1998, their modified Shlosser's estimator)."""
    out = (1 - part) ** size
    above = number @ (size * part**2 * (1 - part**2) ** (size - 1.0))
    below = number @ ((1 - part**2) ** size - out)
    unseen, once = number @ out, number @ (size * part * (1 - part) ** (size - 1.0))
    return float(number.sum() + number[0] * above / below * (unseen / once) ** 2)

"""How rare people are in a population of which only the size is known, estimated from those who are alone in a sample.

Read from the literature alone: Dankar, El Emam, Neisa, Roffey 2012 for the rule that chooses; Hoshino 2001 for Pitman's model;
Zayatz 1991; Chen and McNulty 1998 with Haas and Stokes 1998 for the slide negative binomial model.

Handbook 2.6, phase 5 (the results of the processing are validated).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, lgamma, log
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar, root_scalar
from scipy.special import gammaln, psi

type _Counts = NDArray[np.int64]

_TENTH: Final = 0.1
_SUMMED: Final = 20_000
_ODDS: Final = np.linspace(-14, 14, 3001)
_HALVINGS: Final = 200


@dataclass(frozen=True, slots=True)
class Rarity:
    """The share of the population that is alone in it, and by which way it was had."""

    share: float
    way: str


def rarity_of(people: _Counts, size: int) -> Rarity:
    """Estimate by the rule of Dankar and others; `people` are those of each class of the sample."""
    of, times = np.unique(people, return_counts=True)
    sample, alone = int(people.sum()), int(times[of == 1].sum())
    if alone == 0:
        return Rarity(0.0, "none, since nobody is alone in the rows")
    if alone == sample:
        return Rarity(1.0, "no estimate can be made where everybody is alone in the rows; all count as unique")
    if sample >= size:
        return Rarity(alone / sample, "counted, since the rows are the whole population")
    if sample / size <= _TENTH:
        return _rarity(by_pitman(of, times, size), size, "Pitman's model")
    zayatz, slide = by_zayatz(of, times, size), by_slide(of, times, size)
    if slide is None:
        return _rarity(zayatz, size, "Zayatz's model, since no slide negative binomial model fits")
    return _rarity(
        min(zayatz, slide), size, "Zayatz's model" if zayatz < slide else "the slide negative binomial model"
    )


def _rarity(alone: float, size: int, by: str) -> Rarity:
    return Rarity(min(alone / size, 1.0), f"estimated by {by}")


def by_zayatz(of: _Counts, times: _Counts, size: int) -> float:
    """Bayes' rule, with the sample's classes standing for the population's."""
    from scipy.stats import hypergeom  # Loading it takes longer than most validations, which do without it.

    sample = int((of * times).sum())
    once = hypergeom.pmf(1, size, of, sample) * times / times.sum()
    alone = float(times[of == 1].sum())
    return alone * float(once[of == 1].sum() / once.sum()) * size / sample


def by_pitman(of: _Counts, times: _Counts, size: int) -> float:
    """What Pitman's model expects at the parameters of greatest likelihood, alpha from 0 to below 1."""
    sample = _Sample(of, times)
    found = minimize_scalar(sample.unlikely, bounds=(1e-6, 1 - 1e-9), method="bounded", options={"xatol": 1e-11})
    alpha = float(found.x) if found.fun < sample.unlikely(0.0) else 0.0
    theta = sample.theta(alpha)
    ways = lgamma(theta + 1) - lgamma(theta + alpha) + lgamma(size + theta + alpha - 1) - lgamma(size + theta)
    return size * exp(ways)


class _Sample:
    """A sample's classes and how likely they are by Pitman's model: of an alpha, at its best theta."""

    def __init__(self, of: _Counts, times: _Counts) -> None:
        self._of, self._times = of, times
        self._rows, self._classes = int((of * times).sum()), int(times.sum())
        self._parts = np.arange(1, min(self._classes, _SUMMED + 1))

    def unlikely(self, alpha: float) -> float:
        theta = self.theta(alpha)
        falls = lgamma(self._rows + theta) - lgamma(1 + theta)
        parts = float((self._times * (gammaln(self._of - alpha) - gammaln(1 - alpha))).sum())
        return falls - self._climbs(alpha, theta) - parts

    def theta(self, alpha: float) -> float:
        """Where the slope is 0; theta lies above -alpha, and is sought by the logarithm of how far."""
        low, high = -1.0, 1.0
        while self._slope(alpha, exp(low) - alpha) <= 0:
            low -= 4
        while self._slope(alpha, exp(high) - alpha) > 0:
            high += 4
        found = root_scalar(
            lambda step: self._slope(alpha, exp(step) - alpha), bracket=(low, high), xtol=1e-14, rtol=1e-14
        )
        return float(exp(found.root) - alpha)

    def _climbs(self, alpha: float, theta: float) -> float:
        """The logarithm of the product of theta + i alpha, over all classes but the first."""
        if alpha == 0:
            return (self._classes - 1) * log(theta)
        if self._classes <= _SUMMED:
            return float(np.log(theta + self._parts * alpha).sum())
        return (self._classes - 1) * log(alpha) + lgamma(self._classes + theta / alpha) - lgamma(1 + theta / alpha)

    def _slope(self, alpha: float, theta: float) -> float:
        if alpha == 0:
            of_classes = (self._classes - 1) / theta
        elif self._classes <= _SUMMED:
            of_classes = float((1 / (theta + self._parts * alpha)).sum())
        else:
            of_classes = float(psi(self._classes + theta / alpha) - psi(1 + theta / alpha)) / alpha
        return of_classes - float(psi(self._rows + theta) - psi(1 + theta))


def by_slide(of: _Counts, times: _Counts, size: int) -> float | None:
    """What the slide negative binomial model expects; None where none has as many classes of one and of two as the sample."""
    part = float((of * times).sum()) / size
    one, two = (int(times[of == number].sum()) for number in (1, 2))
    if not two:
        return None
    classes = _classes(of, times, part)

    def shapes(beta: NDArray[np.float64]) -> NDArray[np.float64]:
        """For each beta the alpha that makes classes of two as many, to those of one, as in the sample: by halving."""
        low, high = np.full(beta.shape, -60.0), np.full(beta.shape, 60.0)
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            ones, twos = _drawn(np.exp(middle), beta, part)
            more = twos / ones < two / one
            low, high = np.where(more, middle, low), np.where(more, high, middle)
        found: NDArray[np.float64] = np.exp((low + high) / 2)
        return found

    def extra(odds: NDArray[np.float64]) -> NDArray[np.float64]:
        beta: NDArray[np.float64] = 1 / (1 + np.exp(odds))
        ones, _ = _drawn(shapes(beta), beta, part)
        scale = np.power(beta / (1 - (1 - part) * (1 - beta)), shapes(beta))
        found: NDArray[np.float64] = classes * ones * scale - one
        return found

    over = extra(_ODDS)
    turns = np.flatnonzero(np.sign(over[1:]) != np.sign(over[:-1]))
    if not len(turns):
        return None
    low, high = _ODDS[turns[0]], _ODDS[turns[0] + 1]
    at = root_scalar(lambda odds: float(extra(np.array([odds]))[0]), bracket=(low, high), xtol=1e-14).root
    beta = np.array([1 / (1 + exp(at))])
    return float(classes * (beta ** shapes(beta))[0])


def _drawn(
    alpha: NDArray[np.float64], beta: NDArray[np.float64], part: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of a class, the chances that one is drawn and that two are, both without the same factor (beta / (1 - d))^alpha."""
    d: NDArray[np.float64] = (1 - part) * (1 - beta)
    ones: NDArray[np.float64] = part * (1 + alpha * d / (1 - d))
    twos: NDArray[np.float64] = part**2 * alpha * (1 - beta) * (2 - (1 - alpha) * d) / (2 * (1 - d) ** 2)
    return ones, twos


def _classes(of: _Counts, times: _Counts, part: float) -> float:
    """The classes of the population: those seen, and more by how many are seen once (Haas and Stokes 1998)."""
    unseen = float((times * (1 - part) ** of).sum())
    once = float((times * of * part * (1 - part) ** (of - 1)).sum())
    square = part * part
    over = float((times * of * square * (1 - square) ** (of - 1)).sum())
    under = float((times * ((1 - square) ** of - (1 - part) ** of)).sum())
    return float(times.sum()) + float(times[of == 1].sum()) * (over / under) * (unseen / once) ** 2

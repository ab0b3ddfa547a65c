"""Cox's model on counts: how many times as fast an event comes by what is known of people, with Efron's ties.

Rows that are alike are one pattern with a count, which does what as many rows would: a weight would not, since Efron's ties
depend on how many are tied. Cox (1972); Efron, JASA 72 (1977).

Handbook 2.3 (methods of analysis).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import chdtrc

from jalostamo.concepts.errors import Unfit
from jalostamo.producing.intervals import on_log, two_sided_p
from jalostamo.producing.survival.comparing import GroupTest
from jalostamo.producing.survival.tied_sums import TiedSums, tied_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jalostamo.producing.results import Estimate
    from jalostamo.producing.survival.counts import Counts
    from jalostamo.producing.survival.curves import Numbers

_MOST_STEPS: Final = 40
_NEAR: Final = 1e-9
_HALVINGS: Final = 20
_FLAT: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Patterns:
    """Patterns are the distinct times, ends and covariates of rows, and how many rows have each.

    `time` is the place of a time among the distinct ones, ascending; `event` is 1 where the event came, else 0.
    """

    names: tuple[str, ...]
    time: Counts
    event: Counts
    covariates: Numbers
    n: Counts


@dataclass(frozen=True, slots=True)
class Coefficient:
    """What one covariate does: the logarithm of its hazard ratio, its standard error, and the ratio with its interval."""

    name: str
    log_ratio: float
    standard_error: float
    hazard_ratio: Estimate
    p: float


@dataclass(frozen=True, slots=True)
class Cox:
    """A fitted model: its coefficients, its rows and events, its likelihood, and the test that it says anything at all."""

    coefficients: tuple[Coefficient, ...]
    rows: int
    events: int
    log_likelihood: float
    likelihood_ratio: GroupTest


@dataclass(frozen=True, slots=True)
class _Slope:
    """The log likelihood at some coefficients, its gradient and its information."""

    log_likelihood: float
    gradient: Numbers
    information: Numbers


def cox(patterns: Patterns) -> Cox:
    """Fit Cox's model; refused where it has no optimum, as where nobody with some covariate had the event."""
    weights = patterns.n.astype(np.float64)
    centre = np.average(patterns.covariates, axis=0, weights=weights)
    spread = np.sqrt(np.average((patterns.covariates - centre) ** 2, axis=0, weights=weights))
    events = int((patterns.n * patterns.event).sum())
    if not events or not patterns.names or (spread <= _FLAT * np.maximum(np.abs(centre), 1.0)).any():
        raise _no_optimum()
    # On one scale the steps are alike whatever a covariate is measured in.
    scaled = (patterns.covariates - centre) / spread
    nothing = _slope(patterns, scaled, np.zeros(len(patterns.names)))
    found, at = _climbed(patterns, scaled, nothing)
    errors = np.sqrt(np.diag(np.linalg.inv(at.information))) / spread
    coefficients = tuple(
        _coefficient(name, float(value), float(error))
        for name, value, error in zip(patterns.names, found / spread, errors, strict=True)
    )
    gained, df = 2 * (at.log_likelihood - nothing.log_likelihood), len(patterns.names)
    ratio = GroupTest(gained, df, float(chdtrc(df, gained)))
    return Cox(coefficients, int(patterns.n.sum()), events, at.log_likelihood, ratio)


def _climbed(patterns: Patterns, scaled: Numbers, start: _Slope) -> tuple[Numbers, _Slope]:
    """Newton's steps to the optimum, halved where one would go down."""
    found, at = np.zeros(scaled.shape[1]), start
    for _ in range(_MOST_STEPS):
        if np.linalg.matrix_rank(at.information, hermitian=True) < len(found):
            raise _no_optimum()
        step = np.linalg.solve(at.information, at.gradient)
        for _ in range(_HALVINGS):
            reached = _slope(patterns, scaled, found + step)
            if reached.log_likelihood >= at.log_likelihood - _FLAT * abs(at.log_likelihood):
                break
            step = step / 2
        found, at = found + step, reached
        if np.abs(step).max() < _NEAR:
            return found, at
    raise _no_optimum()


@dataclass(frozen=True, slots=True)
class _AtEvents:
    """The times at which something happened: how many events each has, and sums of patterns over who is left, or tied."""

    patterns: Patterns
    deaths: Numbers
    chosen: NDArray[np.bool_]

    @property
    def events(self) -> Numbers:
        """How many events each of the times has."""
        return self.deaths[self.chosen]

    def left(self, weights: Numbers) -> Numbers:
        """The sum over those still at risk at each time."""
        sums = np.bincount(self.patterns.time, weights=weights, minlength=len(self.deaths))
        return np.cumsum(sums[::-1])[::-1][self.chosen]

    def each(self, weights: Numbers) -> Numbers:
        """The sum over those whose event is at each time, for each such event."""
        weighted = weights * self.patterns.event
        return np.bincount(self.patterns.time, weights=weighted, minlength=len(self.deaths))[self.chosen] / self.events


def _slope(patterns: Patterns, scaled: Numbers, coefficients: Numbers) -> _Slope:
    """The log likelihood from sums over those at risk and those tied at each time of an event."""
    score = scaled @ coefficients
    highest = float(score.max())
    risk = patterns.n.astype(np.float64) * np.exp(score - highest)
    happened = patterns.n * patterns.event
    deaths = np.bincount(patterns.time, weights=happened)
    at = _AtEvents(patterns, deaths, deaths > 0)
    sums = tied_sums(at.left(risk), at.each(risk), at.events)
    columns = [scaled[:, place] for place in range(scaled.shape[1])]
    first = [(at.left(risk * column), at.each(risk * column)) for column in columns]
    expected = [left @ sums.ones - each @ sums.ranks for left, each in first]
    information = np.empty((len(columns), len(columns)))
    for one, other in zip(*np.tril_indices(len(columns)), strict=True):
        both = risk * columns[one] * columns[other]
        value = at.left(both) @ sums.ones - at.each(both) @ sums.ranks - _product(first[one], first[other], sums)
        information[one, other] = information[other, one] = value
    log_likelihood = float(happened @ (score - highest) - sums.logarithms.sum())
    return _Slope(log_likelihood, happened @ scaled - np.array(expected), information)


def _product(one: tuple[Numbers, Numbers], other: tuple[Numbers, Numbers], sums: TiedSums) -> float:
    """The sum of the products of two means of those at risk, as the tied are taken out."""
    (left_one, each_one), (left_other, each_other) = one, other
    mixed = (left_one * each_other + each_one * left_other) @ sums.rank_squares
    return float(left_one * left_other @ sums.squares - mixed + each_one * each_other @ sums.ranks_squared)


def _coefficient(name: str, value: float, error: float) -> Coefficient:
    try:
        ratio = math.exp(value)
        return Coefficient(name, value, error, on_log(ratio, (ratio * error) ** 2), two_sided_p(value, error**2))
    except OverflowError:
        raise _no_optimum() from None


def _no_optimum() -> Unfit:
    return Unfit(
        "Cox's model has no optimum here: nothing happened, a covariate is the same for all or follows from the others, or "
        "the event came to nobody, or all, who have one. Leave that covariate out, or make it coarser.",
        reason="cox_no_optimum",
    )

"""Estimates of how much of a population is alone in it: near the truth where it is known, and never made where none can be.

Three readings of the same literature share nothing: the search's, the check's and the oracle's.
"""

from __future__ import annotations

from collections import Counter
from math import inf

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.jalostamo.managing.sensitive.preparing.anonymity import oracle_exposure

from jalostamo.managing.sensitive.preparing.anonymity import uniqueness
from jalostamo.managing.sensitive.validation import rarity

PEOPLE = 40_000
DRAWN = 7


def by_pitman(rng: np.random.Generator, alpha: float, theta: float) -> NDArray[np.int64]:
    """The class of each person, who joins one of those there or is alone, as in Pitman's model."""
    of = np.zeros(PEOPLE, np.int64)
    chance, before = rng.random(PEOPLE), rng.integers(0, np.arange(1, PEOPLE + 1))
    classes = 1
    for person in range(1, PEOPLE):
        if chance[person] * (person + theta) < theta + classes * alpha:
            of[person] = classes
            classes += 1
            continue
        # A class is met by how many it has, less alpha: somebody is drawn, and the first of a class counts 1 - alpha.
        other = before[person] % person
        while first_of(of, other) and rng.random() < alpha:
            other = int(rng.integers(0, person))
        of[person] = of[other]
    return of


def first_of(of: NDArray[np.int64], person: int) -> bool:
    return person == 0 or of[person] > of[:person].max()


def by_slide(rng: np.random.Generator, alpha: float, beta: float) -> NDArray[np.int64]:
    """People in classes of one and a negative binomial number more."""
    sizes = 1 + rng.negative_binomial(alpha, beta, PEOPLE)
    return np.repeat(np.arange(PEOPLE), sizes)


def true_share(of: NDArray[np.int64]) -> float:
    return float(np.count_nonzero(np.bincount(of) == 1)) / len(of)


def estimates(of: NDArray[np.int64], part: float) -> list[float]:
    """Estimates from samples of a population, each checked against the reading of other hands."""
    found, rng = [], np.random.default_rng(2026)
    for _ in range(DRAWN):
        sample = rng.choice(of, int(part * len(of)), replace=False)
        sizes = np.unique(sample, return_counts=True)[1]
        found.append(uniqueness.share_unique(sizes, len(of)))
        assert rarity.rarity_of(sizes, len(of)).share == pytest.approx(found[-1], rel=1e-5)
    return found


@pytest.mark.parametrize(("alpha", "theta"), [(0.3, 500.0), (0.6, 50.0)])
def test_a_small_sample_of_pitmans_population_tells_how_many_are_alone(alpha: float, theta: float) -> None:
    of = by_pitman(np.random.default_rng(1), alpha, theta)
    assert np.median(estimates(of, 0.08)) == pytest.approx(true_share(of), rel=0.15)


@pytest.mark.parametrize(
    ("alpha", "beta", "part", "most"),
    # Of a fifth alone, classes of like sizes look rarer than they are: the estimate is up to three times the truth.
    [(0.7, 0.1, 0.2, 1.25), (0.7, 0.1, 0.5, 1.1), (0.7, 0.1, 0.9, 1.1)]
    + [(2.0, 0.3, 0.2, 3.0), (2.0, 0.3, 0.5, 1.25), (2.0, 0.3, 0.9, 1.1)],
)
def test_a_great_sample_of_a_slide_negative_binomial_population_tells_how_many_are_alone(
    alpha: float, beta: float, part: float, most: float
) -> None:
    of = by_slide(np.random.default_rng(1), alpha, beta)
    assert 0.9 <= np.median(estimates(of, part)) / true_share(of) <= most


SAMPLES = {
    "of a small share": ([1] * 6 + [2] * 2 + [4], 300),
    "of a great share": ([1] * 6 + [2] * 2 + [4], 40),
    "of half": ([1] * 3 + [2] * 3 + [3] * 2, 30),
    "of a few alike": ([1, 1, 2, 9], 140),
    "of none of two": ([1, 1, 3], 9),
}


@pytest.mark.parametrize("sample", SAMPLES)
def test_three_readings_of_the_literature_agree(sample: str) -> None:
    sizes, size = SAMPLES[sample]
    found = uniqueness.share_unique(np.array(sizes), size)
    assert 0 < found < 1
    assert rarity.rarity_of(np.array(sizes), size).share == pytest.approx(found, rel=1e-6)
    assert oracle_exposure.estimated(sizes, size) == pytest.approx(found, rel=1e-6)


def test_zayatz_worked_out_by_hand() -> None:
    # Three of six are drawn, as classes of 1 and 2. P(1 drawn of 1) = 3/6; P(1 drawn of 2) = 2 * C(4, 2) / C(6, 3) = 12/20.
    # Of one alone here, 0.5 * 0.5 / (0.5 * 0.5 + 0.5 * 0.6) = 5/11 is alone there: 1 * 5/11 * 6/3.
    of, times = np.array([1, 2]), np.array([1, 1])
    expected = pytest.approx(10 / 11)
    assert uniqueness.zayatz(of, times, 6) == expected
    assert rarity.by_zayatz(of, times, 6) == expected
    assert oracle_exposure.zayatz(Counter([1, 2]), 6) == expected


def test_pitmans_expectation_is_that_of_ewens_where_alpha_is_none() -> None:
    # Many classes of two and few of one: no alpha above 0 is likely, and theta N / (theta + N - 1) are alone.
    of, times = np.array([1, 2]), np.array([2, 40])
    alpha, theta = uniqueness._fitted(of, times, 82, 42)
    assert alpha == 0
    assert uniqueness.pitman(of, times, 2000) == pytest.approx(theta * 2000 / (theta + 1999))


def test_where_nobody_is_alone_in_the_sample_nobody_is_in_the_population() -> None:
    assert uniqueness.share_unique(np.array([2, 3, 3]), 1000) == rarity.rarity_of(np.array([2, 3, 3]), 1000).share == 0


def test_where_all_are_alone_no_estimate_is_made_and_all_count_as_unique() -> None:
    told = rarity.rarity_of(np.ones(5, np.int64), 1000)
    assert uniqueness.share_unique(np.ones(5, np.int64), 1000) == told.share == 1
    assert "no estimate can be made" in told.way


def test_the_whole_population_is_counted() -> None:
    told = rarity.rarity_of(np.array([1, 1, 2]), 4)
    assert uniqueness.share_unique(np.array([1, 1, 2]), 4) == told.share == 0.5
    assert "counted" in told.way


def test_without_a_class_of_two_no_slide_negative_binomial_model_fits_and_that_is_told() -> None:
    of, times = np.array([1, 3]), np.array([2, 1])
    assert uniqueness.slide_negative_binomial(of, times, 9) == inf
    assert rarity.by_slide(of, times, 9) is None
    assert "no slide negative binomial model fits" in rarity.rarity_of(np.array([1, 1, 3]), 9).way

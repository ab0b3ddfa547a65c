"""A nominal 95 % interval from printed counts covers 93 to 98.5 %; where the noise is left out it falls below."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from jalostamo.producing.intervals import Z95
from jalostamo.producing.results import Estimate
from jalostamo.utilising.disclosure.figures.comparisons import difference, index_in_whole, ratio
from jalostamo.utilising.disclosure.figures.estimates import Figure, Measure, Part, rate, share
from jalostamo.utilising.disclosure.figures.likelihood import _share_by_table, share_limits
from jalostamo.utilising.disclosure.figures.standardising import standardised
from jalostamo.utilising.disclosure.noise import KEY_SPACE, NoiseTable, noise_table

TIMES = 10_000
LEAST, MOST = 0.93, 0.985
NOISE = noise_table()
CASES = {
    "40 v 2,000 at 10 %": ((40, 0.10), (2_000, 0.10)),
    "100 at 5 % v 3,000 at 8 %": ((100, 0.05), (3_000, 0.08)),
    "1,000 v 1,000 at 10 %": ((1_000, 0.10), (1_000, 0.10)),
}
SMALL = list(CASES)[:2]
WEIGHTS = np.array([0.25, 0.30, 0.25, 0.20])
BANDS = ((30, 25, 25, 20), (0.03, 0.05, 0.05, 0.10)), ((900, 800, 800, 500), (0.05, 0.08, 0.08, 0.15))
Counts = NDArray[np.int64]


def printed(counts: Counts, chance: np.random.Generator) -> Counts:
    return NOISE.printed(counts, chance.integers(0, KEY_SPACE, counts.shape))


def draws(case: str) -> Iterator[tuple[int, ...]]:
    """Numerator and base of both groups as printed, time after time."""
    chance = np.random.default_rng(20)
    columns = []
    for size, at in CASES[case]:
        columns.append(printed(chance.binomial(size, at, TIMES), chance))
        columns.append(printed(np.full(TIMES, size), chance))
    return zip(*(column.tolist() for column in columns), strict=True)


def coverage_of_two(case: str, noise: NoiseTable | None) -> dict[str, float]:
    """How often the interval of each kind holds its truth; one that is not shown holds nothing."""
    (n, p), (m, q) = CASES[case]
    truths = {
        "first": p,
        "second": q,
        "difference": p - q,
        "ratio": p / q,
        "index": 100 * p * (n + m) / (n * p + m * q),
    }
    held = dict.fromkeys(truths, 0)
    for units, base, others, of_others in draws(case):
        pair = share(units, base, noise=noise, least=10), share(others, of_others, noise=noise, least=10)
        found = dict(zip(truths, (*estimates_of(pair), index_in_whole(*pair).estimate), strict=True))
        for kind, truth in truths.items():
            held[kind] += holds(found[kind], truth)
    return {kind: times / TIMES for kind, times in held.items()}


def estimates_of(pair: tuple[Measure, Measure]) -> tuple[Estimate | None, ...]:
    return pair[0].estimate, pair[1].estimate, difference(*pair).estimate, ratio(*pair).estimate


def holds(estimate: Estimate | None, truth: float) -> bool:
    return estimate is not None and estimate.low <= truth <= estimate.high


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_intervals_of_printed_counts_cover_what_they_say(case: str) -> None:
    covered = coverage_of_two(case, NOISE)
    assert {kind: found for kind, found in covered.items() if not LEAST <= found <= MOST} == {}


@pytest.mark.slow
@pytest.mark.parametrize("case", SMALL)
def test_intervals_that_ignore_the_noise_do_not(case: str) -> None:
    covered = coverage_of_two(case, None)
    assert max(covered[kind] for kind in ("first", "difference", "ratio")) < 0.88


def test_in_large_groups_the_noise_no_longer_matters() -> None:
    """The third case has no twin that falls: there the noise is a thirtieth of the variance."""
    with_noise, without = (share(100, 1_000, noise=noise, least=10).estimate for noise in (NOISE, None))
    assert with_noise is not None
    assert without is not None
    assert 1.0 < (with_noise.high - with_noise.low) / (without.high - without.low) < 1.03


def coverage_of_standardised(noise: NoiseTable | None) -> dict[str, float]:
    chance = np.random.default_rng(4)
    units, bases = [], []
    for sizes, shares in BANDS:
        units.append(printed(chance.binomial(sizes, shares, (TIMES, 4)), chance).tolist())
        bases.append(printed(np.tile(sizes, (TIMES, 1)), chance).tolist())
    first, second = (float(WEIGHTS @ np.array(shares)) for _, shares in BANDS)
    truths = {"first": first, "second": second, "difference": first - second, "ratio": first / second}
    held = dict.fromkeys(truths, 0)
    for time in range(TIMES):
        groups = {
            name: {str(band): Part(units[place][time][band], bases[place][time][band]) for band in range(4)}
            for place, name in enumerate(("group", "reference"))
        }
        weights = dict(zip("0123", WEIGHTS.tolist(), strict=True))
        found = standardised(groups, weights, noise=noise, least=10)
        for kind, estimate in zip(truths, estimates_of((found["group"], found["reference"])), strict=True):
            held[kind] += holds(estimate, truths[kind])
    return {kind: times / TIMES for kind, times in held.items()}


@pytest.mark.slow
def test_standardised_shares_over_four_age_bands_cover_what_they_say() -> None:
    covered = coverage_of_standardised(NOISE)
    assert {kind: found for kind, found in covered.items() if not LEAST <= found <= MOST} == {}


@pytest.mark.slow
def test_standardised_shares_that_ignore_the_noise_do_not() -> None:
    covered = coverage_of_standardised(None)
    assert max(covered[kind] for kind in ("first", "difference", "ratio")) < 0.90


def test_rates_per_exposure_cover_what_they_say_only_with_the_noise() -> None:
    chance = np.random.default_rng(8)
    found = printed(chance.poisson(6.0, TIMES), chance).tolist()
    covered = [
        np.mean([holds(rate(units, 60, exposure=55.0, noise=noise, least=10).estimate, 6_000 / 55) for units in found])
        for noise in (NOISE, None)
    ]
    assert LEAST <= covered[0] <= MOST
    assert covered[1] < 0.90


@pytest.mark.parametrize("size", [12, 40, 200])
@pytest.mark.parametrize("at", [0.02, 0.1, 0.5, 0.9, 0.98])
def test_single_shares_cover_in_every_small_group(size: int, at: float) -> None:
    chance = np.random.default_rng(size)
    units = printed(chance.binomial(size, at, TIMES), chance).tolist()
    bases = printed(np.full(TIMES, size), chance).tolist()
    held = [holds(Figure(Part(x, n), NOISE, 1).estimate, at) for x, n in zip(units, bases, strict=True)]
    assert 0.93 <= np.mean(held) <= 0.995


@pytest.mark.parametrize("base", [100, 400, 5_000])
def test_where_the_variance_takes_over_from_the_table_the_ends_hardly_move(base: int) -> None:
    pairs = np.array([50, base - 50]), np.array([base, base])
    exact, near = (np.array(ends) for ends in (_share_by_table(*pairs, NOISE, Z95), share_limits(*pairs, noise=NOISE)))
    assert (np.abs(exact - near) / (exact[1] - exact[0])).max() < 1 / 50

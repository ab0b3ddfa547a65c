"""Level shifts in a monthly series: a scan over all months, beside season, growth, overdispersion and memory.

Volumes are fitted as quasi-Poisson (McCullagh and Nelder 1989, 9.2), shares on the angular scale that makes their variance
even; each possible month is tested by the F statistic of a step, made smaller by the residuals' memory and by how few months
carry the weight, and the largest is judged by Bonferroni's bound over the months tried. Over many series, and over the codes
that appear or end, Benjamini and Hochberg's rule (1995) holds.

Handbook 2.2 (deficiencies found in the data).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import special

type Numbers = NDArray[np.float64]

FEWEST_MONTHS: Final = 24
FEWEST_ON_A_SIDE: Final = 6
FEWEST_BEFORE: Final = 12
"""A series' first year is its beginning: what grows into its use then is no break."""

MOST_SHIFTS: Final = 3
_ROUNDS: Final = 12
_CLIPPED_AT: Final = 3.0
_MOST_MEMORY: Final = 0.8
_SPREAD_OF_CODES: Final = 3.0
_BLOCK: Final = 6


@dataclass(frozen=True, slots=True)
class Shift:
    """A shift is a month (its place in the series) from which the level is another one; `p` holds for the whole scan."""

    at: int
    p: float
    statistic: float


@dataclass(frozen=True, slots=True)
class _Working:
    """A series as a weighted linear problem: response and columns, both times the roots of the weights."""

    response: Numbers
    weights: Numbers
    columns: Numbers


def shifts_in_volume(counts: Numbers) -> tuple[Shift, ...]:
    """The shifts in a series of counts, the strongest first."""
    if len(counts) < FEWEST_MONTHS or counts.sum() < 2 * FEWEST_MONTHS:
        return ()
    return _found(counts, None, _base(len(counts), harmonics=4))


def shifts_in_share(parts: Numbers, wholes: Numbers) -> tuple[Shift, ...]:
    """The shifts in a series of shares, the strongest first; months without a whole are left out of the fit."""
    told = wholes > 0
    if told.sum() < FEWEST_MONTHS or parts.sum() == 0 or (wholes - parts).sum() == 0:
        return ()
    return _found(parts, wholes, _base(len(parts), harmonics=2))


def significant(probabilities: Sequence[float], *, rate: float) -> list[bool]:
    """Which of many tests hold when at most this share of those that do may be false (Benjamini and Hochberg 1995)."""
    if not probabilities:
        return []
    ordered = np.sort(np.asarray(probabilities, dtype=np.float64))
    passing = ordered <= rate * np.arange(1, len(ordered) + 1) / len(ordered)
    limit = ordered[passing].max() if passing.any() else -1.0
    return [bool(p <= limit) for p in probabilities]


def _found(parts: Numbers, wholes: Numbers | None, base: Numbers) -> tuple[Shift, ...]:
    found: list[Shift] = []
    columns = base
    while len(found) < MOST_SHIFTS:
        working = _volume(parts, columns) if wholes is None else _share(parts, wholes, columns)
        shift = _strongest(working, taken=[each.at for each in found])
        # A shift that would not hold by itself is no reason to look for another.
        if shift is None or (found and shift.p > 0.001):
            break
        found.append(shift)
        columns = np.column_stack([columns, _step(len(parts), shift.at)])
    return tuple(found)


def _base(months: int, *, harmonics: int) -> Numbers:
    """Level, growth that may bend once in three years, and a season as fine as the length of the series allows."""
    place = np.arange(months, dtype=np.float64)
    scaled = 2 * place / max(months - 1, 1) - 1
    bends = min(1 + months // 48, 3)
    columns = [scaled**power for power in range(bends + 1)]
    angle = 2 * np.pi * place / 12
    for wave in range(1, min(harmonics, max(1, months // 18)) + 1):
        columns += [np.cos(wave * angle), np.sin(wave * angle)]
    return np.column_stack(columns)


def _volume(counts: Numbers, columns: Numbers) -> _Working:
    """The last round of iterated weighted least squares for a quasi-Poisson fit with the logarithm as link."""
    level = np.log(np.maximum(counts, 0.5))
    for _ in range(_ROUNDS):
        mean = np.exp(np.clip(level, -8, 25))
        response = level + (counts - mean) / mean
        root = np.sqrt(mean)
        level = columns @ _solved(columns * root[:, None], response * root)
    mean = np.exp(np.clip(level, -8, 25))
    root = np.sqrt(mean)
    return _calmed(level + (counts - mean) / mean, root, columns)


def _share(parts: Numbers, wholes: Numbers, columns: Numbers) -> _Working:
    angle = np.arcsin(np.sqrt((parts + 0.375) / (wholes + 0.75)))
    # Beyond some thousands it is not chance within a month that moves a share: weights that grow on would trust one month.
    return _calmed(angle, 2 * np.sqrt(np.minimum(wholes, 2_000.0)), columns)


def _calmed(response: Numbers, root: Numbers, columns: Numbers) -> _Working:
    """The problem with lone months drawn in to three deviations from their neighbours, so that none makes a step of itself."""
    around = _around(response)
    level = columns @ _solved(columns * root[:, None], response * root)
    scaled = (response - around - level + _around(level)) * root
    spread = 1.4826 * float(np.median(np.abs(scaled))) or 1.0
    excess = scaled - np.clip(scaled, -_CLIPPED_AT * spread, _CLIPPED_AT * spread)
    calm = response - np.divide(excess, root, out=np.zeros_like(root), where=root > 0)
    return _Working(calm * root, root, columns * root[:, None])


def _around(values: Numbers) -> Numbers:
    """The median of five months around each."""
    padded = np.pad(values, 2, mode="reflect")
    found: Numbers = np.median(np.lib.stride_tricks.sliding_window_view(padded, 5), axis=1)
    return found


def _strongest(working: _Working, *, taken: list[int]) -> Shift | None:
    """The step whose F statistic is largest among all months with enough of them on both sides."""
    months = len(working.response)
    tried = [
        at
        for at in range(FEWEST_BEFORE, months - FEWEST_ON_A_SIDE + 1)
        if all(abs(at - other) >= FEWEST_ON_A_SIDE for other in taken)
    ]
    freedom = _carrying(working.weights) - working.columns.shape[1] - 1
    if not tried or freedom < 8:
        return None
    steps = np.column_stack([_step(months, at) for at in tried]) * working.weights[:, None]
    basis = np.linalg.qr(working.columns)[0]
    left = working.response - basis @ (basis.T @ working.response)
    clear = steps - basis @ (basis.T @ steps)
    sizes = (clear**2).sum(axis=0)
    usable = sizes > 1e-6 * np.maximum((steps**2).sum(axis=0), 1e-12)
    gains = np.where(usable, (clear.T @ left) ** 2 / np.where(usable, sizes, 1.0), 0.0)
    best = int(np.argmax(gains))
    rest = left - clear[:, best] * (clear[:, best] @ left) / max(sizes[best], 1e-12)
    # Counts and angles vary at least as much as chance makes them: an even series is no proof of precision.
    spread = max(float((rest**2).sum()) / freedom, 1.0)
    statistic = float(gains[best]) / spread / _inflation(rest, freedom)
    p = min(1.0, float(special.fdtrc(1, freedom, statistic)) * len(tried))
    return Shift(tried[best], p, statistic)


def _inflation(rest: Numbers, freedom: float) -> float:
    """How many times larger the variance of a mean is than it would be if months did not remember those before them."""
    total = float((rest**2).sum())
    if total <= 0:
        return 1.0
    # The fit takes memory away from its residuals, the more the shorter the series.
    memory = float(rest[1:] @ rest[:-1]) / total + (len(rest) - freedom) / len(rest) / 2
    memory = float(np.clip(memory, 0.0, _MOST_MEMORY))
    # What months remember faintly but long is seen in half-years: customers come and go with all their visits.
    halves = rest[: len(rest) // _BLOCK * _BLOCK].reshape(-1, _BLOCK).sum(axis=1)
    long = float((halves**2).sum()) / total
    return max((1 + memory) / (1 - memory), long)


def _carrying(weights: Numbers) -> float:
    """How many months carry the weight (Kish 1965): eight Augusts are eight months, however many lie between them."""
    squared = weights**2
    return float(squared.sum() ** 2 / max(float((squared**2).sum()), 1e-12))


def _step(months: int, at: int) -> Numbers:
    return (np.arange(months) >= at).astype(np.float64)


def _solved(columns: Numbers, response: Numbers) -> Numbers:
    found: Numbers = np.linalg.lstsq(columns, response, rcond=1e-10)[0]
    return found


def ratio_at(counts: Numbers, at: int, others: Sequence[int]) -> float:
    """How many times as large a volume is from a month on, season and growth and other shifts taken out."""
    base = _base(len(counts), harmonics=4)
    steps = [_step(len(counts), place) for place in (at, *others)]
    columns = np.column_stack([*steps, base])
    level = np.log(np.maximum(counts, 0.5))
    for _ in range(_ROUNDS):
        mean = np.exp(np.clip(level, -8, 25))
        root = np.sqrt(mean)
        found = _solved(columns * root[:, None], (level + (counts - mean) / mean) * root)
        level = columns @ found
    return float(np.exp(np.clip(found[0], -12, 12)))


def strength_of_absence(records: float, share: float) -> float:
    """Minus log10 of the chance that this many records hold none of a code of this share, months varying three times as chance."""
    return float(-records / _SPREAD_OF_CODES * np.log10(max(1 - share, 1e-12)))


def strength_of_beginning(present: NDArray[np.bool_], first: int) -> float:
    """Minus log10 of the chance that all months with a code stand after the first so many, wherever that might have been.

    Months stand in any order by chance; those that come in runs (Wald and Wolfowitz 1940) count as fewer.
    """
    after = present[first:]
    some, none = int(after.sum()), int((~after).sum())
    runs = 1 + int((after[1:] != after[:-1]).sum())
    fewer = max((1 + 2 * some * none / (some + none)) / runs, 1.0) if some + none else 1.0
    months, before, held = len(present) / fewer, first / fewer, some / fewer
    # All ways to choose the months that hold it, and those that leave the first ones out.
    ways = _log_ways(months - before, held) - _log_ways(months, held)
    return float(max(-(ways + np.log(len(present))) / np.log(10), 0.0))


def _log_ways(whole: float, part: float) -> float:
    return float(special.gammaln(whole + 1) - special.gammaln(part + 1) - special.gammaln(max(whole - part, 0.0) + 1))

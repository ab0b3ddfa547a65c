"""A second way to the noise tables: the convex dual of greatest entropy, climbed by Newton's method; nothing of it is the solver's.

Where the maximum is, p = exp(B' m - 1) for one multiplier m of each constraint; the multipliers of inequalities are
not negative, and a barrier that shrinks keeps them so.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

type Vector = NDArray[np.float64]


def constraints(v: Vector, variance: float, stay: float) -> tuple[Vector, Vector, int]:
    """The lines B and bounds b of: two equalities (sum, mean), then inequalities B p >= b."""
    lines: list[Vector] = [v**0, v, -(v**2)]
    bounds = [1.0, 0.0, -variance]
    for place, value in enumerate(v):
        alone = (np.arange(len(v)) == place).astype(float)
        lines.append(alone)
        bounds.append(max(stay, 1e-8) if value == 0 else 1e-8)
        if value < 0 and 0 in v:
            lines.append((np.arange(len(v)) == place + 1) - alone)
            bounds.append(0.0)
    return np.array(lines), np.array(bounds), 2


def greatest_entropy(v: Vector, variance: float, stay: float) -> Vector:
    """The probabilities of the noise v of greatest entropy within the constraints."""
    lines, bounds, equalities = constraints(v, variance, stay)
    free = np.arange(len(bounds)) < equalities
    m = np.where(free, 0.0, 0.1)
    m[0] = 1 - np.log(len(v))
    barrier = 0.1
    while barrier > 1e-14:
        m = climbed(m, lines, bounds, free, barrier)
        barrier /= 5
    return np.exp(lines.T @ m - 1)


def climbed(m: Vector, lines: Vector, bounds: Vector, free: NDArray[np.bool_], barrier: float) -> Vector:
    """The multipliers at which bounds.m - sum p + barrier * sum log m is greatest."""

    def height(at: Vector) -> float:
        return float(bounds @ at - np.exp(lines.T @ at - 1).sum() + barrier * np.log(at[~free]).sum())

    for _ in range(200):
        p = np.exp(lines.T @ m - 1)
        slope = bounds - lines @ p + np.where(free, 0, barrier / np.where(free, 1, m))
        bend = (lines * p) @ lines.T + np.diag(np.where(free, 0, barrier / np.where(free, 1, m) ** 2))
        # Scaled to a unit diagonal: multipliers that end near zero and near one stand side by side.
        scale = 1 / np.sqrt(np.diag(bend))
        step = scale * np.linalg.solve(bend * np.outer(scale, scale), scale * slope)
        if slope @ step < 1e-22:
            break
        down = ~free & (step < 0)
        length = min(1.0, 0.99 * float((-m[down] / step[down]).min())) if down.any() else 1.0
        # Near the top the gain is lost in rounding: there the whole step is right.
        while length > 1e-9 and slope @ step > 1e-12 and height(m + length * step) < height(m):
            length /= 2
        m = m + length * step
    return m


def row(largest: int, variance: float, never: int, stay: float, n: int) -> dict[int, float]:
    """Noise and probability for a true count, by the rule of publication: stay is lowered where the variance is not met."""
    v = np.array([x for x in range(-largest, largest + 1) if n + x >= 0 and not 1 <= n + x <= never], dtype=float)
    rounds = 1 if n <= never else 20
    for attempt in range(rounds):
        p = greatest_entropy(v, variance, max(stay - 0.05 * attempt, 0) if n > never else 0)
        if round(float(p @ v**2), 3) == variance:
            break
    return dict(zip(v.astype(int).tolist(), p.tolist(), strict=True))

"""Curves of time to event from counts: the share still waiting, and of each kind of event the share it has come to.

Kaplan and Meier with Greenwood's variance; Aalen and Johansen with a variance that knows how many events are tied. Ties are
exact: nobody's time is moved.

Handbook 2.3 (methods of analysis).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from jalostamo.producing.intervals import Z95
from jalostamo.producing.results import Estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jalostamo.producing.survival.counts import Counts, Followed

type Numbers = NDArray[np.float64]

HALF: Final = 0.5


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve has an estimate from each of its times on, its standard error, and how many were at risk just before."""

    time: Numbers
    at_risk: Counts
    estimate: Numbers
    standard_error: Numbers

    def as_mapping(self) -> dict[str, list[float]]:
        """The curve as its file holds it; times that are all whole as whole numbers."""
        is_whole = bool(np.all(self.time == np.floor(self.time)))
        times = [int(time) for time in self.time] if is_whole else self.time.tolist()
        rest = {name: getattr(self, name).tolist() for name in ("at_risk", "estimate", "standard_error")}
        return {"time": times, **rest}

    def limits(self) -> tuple[Numbers, Numbers]:
        """The ends of the 95 % interval of a share still waiting, even on the scale of log(-log), so within 0 and 1."""
        inner = (self.estimate > 0) & (self.estimate < 1)
        share = np.where(inner, self.estimate, HALF)
        width = np.where(inner, Z95 * self.standard_error / (share * -np.log(share)), 0.0)
        low, high = share ** np.exp(width), share ** np.exp(-width)
        return np.where(inner, low, self.estimate), np.where(inner, high, self.estimate)


@dataclass(frozen=True, slots=True)
class Median:
    """A median is the first time by which the event has come to half, with the ends of its 95 % interval.

    What is not reached while somebody is followed is None.
    """

    estimate: float | None
    low: float | None
    high: float | None


def kaplan_meier(followed: Followed, place: int = 1) -> Curve:
    """The share to whom an event has not come, those with other events censored; `place` is its column of counts.

    Where nobody is left the standard error is 0, to which Greenwood's formula tends.
    """
    at_risk = followed.at_risk
    events = followed.ended[:, place] if place < followed.ended.shape[1] else np.zeros_like(at_risk)
    left = at_risk - events
    share = np.cumprod(left / at_risk)
    hazard = np.where(left > 0, events / (at_risk * np.maximum(left, 1.0)), 0.0)
    return Curve(followed.times, at_risk, share, share * np.sqrt(np.cumsum(hazard)))


def aalen_johansen(followed: Followed, place: int) -> Curve:
    """The share to whom one kind of event has come before any other; `place` is its column of counts.

    The variance is that of Aalen's, as Gray writes it: each time adds what its events, this kind's and the others', move a
    later share by; tied events leave each other less room.
    """
    at_risk = followed.at_risk.astype(np.float64)
    events = followed.ended[:, place].astype(np.float64)
    others = followed.ended[:, 1:].sum(axis=1) - events
    waiting = np.cumprod((at_risk - events - others) / at_risk)
    before = np.append(1.0, waiting[:-1])
    share = np.cumsum(before * events / at_risk)
    inverse = np.where(waiting > 0, 1 / np.where(waiting > 0, waiting, 1.0), 0.0)
    own = before**2 * tied(events, at_risk)
    other = np.where(waiting > 0, before**2 * tied(others, at_risk), 0.0)
    moved = 1 + inverse * share
    first = np.cumsum(moved**2 * own + (inverse * share) ** 2 * other)
    both = np.cumsum(inverse * moved * own + inverse**2 * share * other)
    last = np.cumsum(inverse**2 * (own + other))
    variance = first + share**2 * last - 2 * share * both
    return Curve(followed.times, followed.at_risk, share, np.sqrt(np.maximum(variance, 0.0)))


def tied(events: Numbers, at_risk: Numbers) -> Numbers:
    """The variance of the hazard at each time, where its events are drawn from those at risk without putting back."""
    room = np.where(events > 1, 1 - (events - 1) / np.maximum(at_risk - 1, 1.0), 1.0)
    return np.where(at_risk > 0, room * events / np.maximum(at_risk, 1.0) ** 2, 0.0)


def median_of(curve: Curve) -> Median:
    """The median of a share still waiting, by Brookmeyer and Crowley."""
    low, high = curve.limits()

    def reached(shares: Numbers) -> float | None:
        # A share that is half but for rounding is half.
        at = np.flatnonzero(shares <= HALF + 1e-12)
        return float(curve.time[at[0]]) if len(at) else None

    return Median(reached(curve.estimate), reached(low), reached(high))


def share_at(curve: Curve, time: float) -> Estimate:
    """The share still waiting at a time, with its 95 % interval; all, before the first time."""
    place = int(np.searchsorted(curve.time, time, side="right")) - 1
    if place < 0:
        return Estimate(1.0, 1.0, 1.0)
    low, high = curve.limits()
    value = float(curve.estimate[place])
    return Estimate(value, min(float(low[place]), value), max(float(high[place]), value))

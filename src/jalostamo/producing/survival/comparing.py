"""Tests of whether groups differ in their time to event: the log-rank test, and Gray's where events compete.

Mantel (1966); Gray, Annals of Statistics 16 (1988), with rho = 0.

Handbook 2.3 (methods of analysis).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtrc

from jalostamo.producing.survival.curves import tied

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jalostamo.producing.survival.counts import Compared
    from jalostamo.producing.survival.curves import Numbers


@dataclass(frozen=True, slots=True)
class GroupTest:
    """A test of several groups: its statistic, its degrees of freedom, and the chance of one at least this large."""

    statistic: float
    df: int
    p: float

    def as_mapping(self) -> dict[str, float]:
        """The test as its file holds it."""
        return {"statistic": self.statistic, "df": self.df, "p": self.p}


def log_rank(groups: Compared) -> GroupTest | None:
    """Whether the events come as soon to every group; None where fewer than two groups could have had one.

    Groups of which nobody was at risk at any event take no part.
    """
    at_risk, events = groups.at_risk.astype(np.float64), groups.events.astype(np.float64)
    total, happened = at_risk.sum(axis=1), events.sum(axis=1)
    shares = at_risk / total[:, None]
    room = np.where(total > 1, (total - happened) / np.maximum(total - 1, 1.0), 0.0) * happened
    score = (events - shares * happened[:, None]).sum(axis=0)
    variance = np.diag((room[:, None] * shares).sum(axis=0)) - (room[:, None] * shares).T @ shares
    return _tested(score, variance, informed=(at_risk[happened > 0] > 0).any(axis=0))


def gray(groups: Compared) -> GroupTest | None:
    """Whether one kind of event comes to the same share of every group; None where fewer than two could have had it."""
    pooled = _pooled(groups)
    score = (groups.events - pooled.events[:, None] * pooled.expecting).sum(axis=0)
    variance = np.zeros((len(score), len(score)))
    for place in range(len(score)):
        variance += _moved_by(place, groups, pooled)
    return _tested(score, variance, informed=(groups.at_risk[pooled.events > 0] > 0).any(axis=0))


@dataclass(frozen=True, slots=True)
class _Pooled:
    """What the groups have together: events, weights (at risk over the share waiting), the share the event has come to.

    `before` and `after` are each group's share waiting; `expecting` is how the events would fall on groups that are alike.
    """

    events: Numbers
    before: Numbers
    after: Numbers
    weights: Numbers
    share: Numbers
    expecting: Numbers

    @property
    def total(self) -> Numbers:
        """The weights of all groups."""
        return self.weights.sum(axis=1)


def _pooled(groups: Compared) -> _Pooled:
    at_risk = groups.at_risk.astype(np.float64)
    some = np.maximum(at_risk, 1.0)
    after = np.cumprod(1 - (groups.events + groups.others) / some, axis=0)
    before = _shifted(after, first=1.0)
    came = _shifted(np.cumsum(before * groups.events / some, axis=0), first=0.0)
    weights = np.where(at_risk > 0, at_risk / np.where(at_risk > 0, before, 1.0), 0.0)
    still = weights * (1 - came)
    events = groups.events.sum(axis=1).astype(np.float64)
    share = np.cumsum(events / weights.sum(axis=1))
    return _Pooled(events, before, after, weights, share, still / still.sum(axis=1)[:, None])


def _moved_by(place: int, groups: Compared, pooled: _Pooled) -> Numbers:
    """The part of the scores' variance that is due to the events of one group."""
    weights, at_risk = pooled.weights, groups.at_risk[:, place].astype(np.float64)
    some, before, after = np.maximum(at_risk, 1.0), pooled.before[:, place], pooled.after[:, place]
    own = -weights * (weights[:, place] / pooled.total)[:, None]
    own[:, place] += weights[:, place]
    unmoved = _shifted(pooled.share, first=0.0)
    carried = np.cumsum(own * (pooled.events / (pooled.total * (1 - unmoved)))[:, None], axis=0)
    to_come = carried[-1] - carried
    outside = np.where(after > 0, (1 - pooled.share) / np.where(after > 0, after, 1.0), 0.0)
    by_event = own + (1 - outside)[:, None] * to_come
    expected = pooled.total * before
    room = np.where(pooled.events > 1, 1 - (pooled.events - 1) / np.where(expected > 1, expected - 1, 1.0), 1.0)
    of_event = np.where(at_risk > 0, room * before * pooled.events / (pooled.total * some), 0.0)
    by_other = -outside[:, None] * to_come
    of_other = np.where(after > 0, before**2 * tied(groups.others[:, place].astype(np.float64), at_risk), 0.0)
    moved: Numbers = (of_event[:, None] * by_event).T @ by_event + (of_other[:, None] * by_other).T @ by_other
    return moved


def _shifted(values: Numbers, *, first: float) -> Numbers:
    """Each time's value just before it."""
    return np.concatenate([np.full((1, *values.shape[1:]), first), values[:-1]])


def _tested(score: Numbers, variance: Numbers, *, informed: NDArray[np.bool_]) -> GroupTest | None:
    # The scores of all groups add up to nothing: the last is left out.
    free = np.flatnonzero(informed)[:-1]
    if not len(free):
        return None
    score, variance = score[free], variance[np.ix_(free, free)]
    if not np.isfinite(variance).all() or np.linalg.matrix_rank(variance, hermitian=True) < len(free):
        return None
    if np.linalg.eigvalsh(variance)[0] <= 0:
        # Where many events are tied and few are left, what the ties leave of a variance may be below nothing.
        return None
    statistic = float(score @ np.linalg.solve(variance, score))
    return GroupTest(statistic, len(free), float(chdtrc(len(free), statistic)))

"""Time to event by going through rows one by one in exact fractions: what the counted curves and tests must equal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

type Matrix = list[list[Fraction]]


class Row(NamedTuple):
    """One who was followed: for how long, how that ended, and of which group."""

    time: float
    status: int
    group: str | None = None


def naive_kaplan_meier(rows: Sequence[Row]) -> list[tuple[float, int, float, float]]:
    """Each distinct time with those at risk, the share still waiting for event 1, and Greenwood's error of it."""
    share, hazard, found = Fraction(1), Fraction(0), []
    for time in sorted({row.time for row in rows}):
        at_risk = sum(row.time >= time for row in rows)
        events = sum(row.time == time and row.status == 1 for row in rows)
        share *= Fraction(at_risk - events, at_risk)
        hazard += Fraction(events, at_risk * (at_risk - events)) if share else 0
        found.append((time, at_risk, float(share), float(share) * math.sqrt(hazard)))
    return found


def naive_aalen_johansen(rows: Sequence[Row], kind: int) -> list[tuple[float, int, float, float]]:
    """Each distinct time with those at risk, the share one kind has come to, and its error: a sum over all times before."""
    waiting, share, steps, found = Fraction(1), Fraction(0), [], []
    for time in sorted({row.time for row in rows}):
        at_risk = sum(row.time >= time for row in rows)
        own = sum(row.time == time and row.status == kind for row in rows)
        other = sum(row.time == time and row.status not in (0, kind) for row in rows)
        before, waiting = waiting, waiting * Fraction(at_risk - own - other, at_risk)
        share += before * Fraction(own, at_risk)
        steps.append((before**2 * tied(own, at_risk), before**2 * tied(other, at_risk), share, waiting))
        variance = Fraction(0)
        for of_own, of_other, then, left in steps:
            to_come = (share - then) / left if left else Fraction(0)
            variance += of_own * (1 - to_come) ** 2 + (of_other * to_come**2 if left else 0)
        found.append((time, at_risk, float(share), math.sqrt(variance)))
    return found


def tied(events: int, at_risk: int) -> Fraction:
    """The variance of a hazard whose events are drawn without putting back."""
    room = 1 - Fraction(events - 1, at_risk - 1) if events > 1 else Fraction(1)
    return room * Fraction(events, at_risk**2)


def naive_log_rank(rows: Sequence[Row]) -> float | None:
    """The log-rank statistic of event 1 among the groups."""
    groups = sorted({str(row.group) for row in rows})
    score = [Fraction(0)] * len(groups)
    variance = [[Fraction(0)] * len(groups) for _ in groups]
    for time in sorted({row.time for row in rows if row.status == 1}):
        left = [sum(row.time >= time and str(row.group) == group for row in rows) for group in groups]
        events = [sum(row[:2] == (time, 1) and str(row.group) == group for row in rows) for group in groups]
        n, d = sum(left), sum(events)
        spread = Fraction(d * (n - d), n - 1) if n > 1 else Fraction(0)
        for i in range(len(groups)):
            score[i] += events[i] - Fraction(left[i] * d, n)
            for j in range(len(groups)):
                variance[i][j] += spread * (Fraction(left[i], n) * (i == j) - Fraction(left[i] * left[j], n * n))
    return statistic(score, variance)


def naive_gray(rows: Sequence[Row], kind: int) -> float | None:
    """Gray's statistic of one kind of event, by sums that are carried along from time to time."""
    groups = sorted({str(row.group) for row in rows})
    size = range(len(groups))
    waiting, came, pooled = [Fraction(1)] * len(groups), [Fraction(0)] * len(groups), Fraction(0)
    score, carried, variance, moved = [Fraction(0)] * len(groups), zeros(size), zeros(size), zeros(size)
    spread = [Fraction(0)] * len(groups)
    for time in sorted({row.time for row in rows if row.status}):
        left = [sum(row.time >= time and str(row.group) == group for row in rows) for group in groups]
        own = [sum(row[:2] == (time, kind) and str(row.group) == g for row in rows) for g in groups]
        other = [
            sum(row.time == time and row.status not in (0, kind) and str(row.group) == g for row in rows)
            for g in groups
        ]
        some = [k for k in size if left[k]]
        weight = [Fraction(left[k]) / waiting[k] if left[k] else Fraction(0) for k in size]
        total, happened = sum(weight), sum(own)
        after = [waiting[k] * Fraction(left[k] - own[k] - other[k], left[k]) if left[k] else waiting[k] for k in size]
        expecting = [weight[k] * (1 - came[k]) for k in size]
        share = pooled + happened / total
        for i in some:
            score[i] += own[i] - happened * expecting[i] / sum(expecting)
        local = [[(weight[i] * (i == k) - weight[i] * weight[k] / total) for k in size] for i in size]
        for i in size:
            for k in size:
                carried[i][k] += local[i][k] * happened / (total * (1 - pooled))
        for k in some:
            outside = (1 - share) / after[k] if after[k] else Fraction(0)
            room = 1 - (happened - 1) / (total * waiting[k] - 1) if happened > 1 else Fraction(1)
            parts = [(1 - outside, 1, room * waiting[k] * happened / (total * left[k]))]
            if after[k]:
                parts.append((-outside, 0, waiting[k] ** 2 * tied(other[k], left[k])))
            for factor, is_own, size_of in parts:
                here = [local[i][k] * is_own - factor * carried[i][k] for i in size]
                spread[k] += factor**2 * size_of
                for i in size:
                    moved[i][k] += here[i] * factor * size_of
                    for j in size:
                        variance[i][j] += here[i] * here[j] * size_of
        came = [came[k] + waiting[k] * Fraction(own[k], left[k]) if left[k] else came[k] for k in size]
        waiting, pooled = after, share
    for i in size:
        for j in size:
            for k in size:
                c, d = carried[i][k], carried[j][k]
                variance[i][j] += c * d * spread[k] + c * moved[j][k] + d * moved[i][k]
    return statistic(score, variance)


def zeros(size: range) -> Matrix:
    """A square of nothing."""
    return [[Fraction(0) for _ in size] for _ in size]


def statistic(score: list[Fraction], variance: Matrix) -> float | None:
    """The square of the scores in units of their spread, groups without any left out; None where there is no unit."""
    moved = [i for i in range(len(score)) if variance[i][i]][:-1]
    if not is_positive([[variance[i][j] for j in moved] for i in moved]):
        return None
    solved = solve([[variance[i][j] for j in moved] for i in moved], [score[i] for i in moved])
    return None if not moved or solved is None else float(sum(score[i] * x for i, x in zip(moved, solved, strict=True)))


def is_positive(matrix: Matrix) -> bool:
    """Whether a symmetric square is a variance: every pivot of it is above 0."""
    rows = [list(row) for row in matrix]
    for place in range(len(rows)):
        if rows[place][place] <= 0:
            return False
        for k in range(place + 1, len(rows)):
            share = rows[k][place] / rows[place][place]
            rows[k] = [a - share * b for a, b in zip(rows[k], rows[place], strict=True)]
    return True


def solve(matrix: Matrix, right: list[Fraction]) -> list[Fraction] | None:
    """The solution of some equations by elimination, or None where there is not one."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for place in range(len(rows)):
        pivot = next((k for k in range(place, len(rows)) if rows[k][place]), None)
        if pivot is None:
            return None
        rows[place], rows[pivot] = rows[pivot], rows[place]
        rows[place] = [value / rows[place][place] for value in rows[place]]
        for k in range(len(rows)):
            if k != place:
                rows[k] = [a - rows[k][place] * b for a, b in zip(rows[k], rows[place], strict=True)]
    return [row[-1] for row in rows]


def naive_log_likelihood(rows: Sequence[tuple[float, int, float]], coefficient: float) -> float:
    """Cox's log likelihood of rows of time, event and one covariate, the tied taken out one by one by Efron's rule."""
    total = 0.0
    for time in {time for time, event, _ in rows if event}:
        left = math.fsum(math.exp(coefficient * x) for t, _, x in rows if t >= time)
        own = [x for t, event, x in rows if t == time and event]
        each = math.fsum(math.exp(coefficient * x) for x in own) / len(own)
        total += coefficient * math.fsum(own) - math.fsum(math.log(left - rank * each) for rank in range(len(own)))
    return total

"""Ratios of sums over units, such as months in a state to months lived here, with their variance from second moments.

Unlike `comparing`, which tells shares of customers, what is summed may be any whole number; sums of whole numbers are the
same in every order, so that the same rows give the same bytes.

Cochran, Sampling Techniques (1977), chapter 6.

Handbook 2.3 (methods of analysis).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import ibis.expr.types as ir

from jalostamo.producing.standardisation import BASE, EVENTS, SUBJECT, UNIT

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

type Key = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio is the sum of x over the sum of t; its variance is that of units drawn anew."""

    x: int
    t: int
    variance: float

    @property
    def value(self) -> float:
        """The ratio itself; 0 where there is nothing to divide by."""
        return self.x / self.t if self.t else 0.0


def ratios(engine: Engine, having: ir.Table, base: ir.Table, *, by: Sequence[str] = ()) -> Mapping[Key, Ratio]:
    """The ratio of each subject, within each value of `by`: keys are the subject and these values.

    `having`: unit, by, subject, x (whole, one row of a unit at most for each). `base`: unit, by, t (whole), of all units.
    """
    one, other = engine.keep(having), engine.keep(base)
    joined = one.inner_join(other, [UNIT, *by])
    x, t = joined[EVENTS], joined[BASE]
    of_subjects = joined.group_by([SUBJECT, *by]).agg(x=x.sum(), xx=(x * x).sum(), xt=(x * t).sum())
    # Ibis groups by nothing only where it is not asked to group.
    totals = {"t": other[BASE].sum(), "tt": (other[BASE] * other[BASE]).sum()}
    of_all = other.group_by(list(by)).agg(**totals) if by else other.aggregate(**totals)
    sums = {tuple(cast("str | int", row[name]) for name in by): row for row in engine.rows(of_all)}
    found = {}
    for row in engine.rows(of_subjects):
        key = tuple(cast("str | int", row[name]) for name in by)
        found[(cast("str", row[SUBJECT]), *key)] = _ratio(row, sums[key])
    return dict(sorted(found.items()))


def _ratio(subject: Mapping[str, object], base: Mapping[str, object]) -> Ratio:
    # Engines sum whole numbers as wider ones, or as decimals.
    x, xx, xt = (int(cast("int", subject[name])) for name in ("x", "xx", "xt"))
    t, tt = (int(cast("int", base[name])) for name in ("t", "tt"))
    value = x / t
    return Ratio(x, t, max(0.0, xx - 2 * value * xt + value**2 * tt) / t**2)

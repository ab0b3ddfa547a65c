"""Comparing shares of customers between two groups, as if both had the same ages, from sums and second moments alone.

The engine sums x (customers with), n (customers in all) and their products over the units whom intervals are counted on;
from these the variance of a share, of a standardised share and of a difference follow without another look at a row, so
that a household with three children counts as one household. What is compared is tested under the shares of both together.

Woodruff, JASA 66 (1971); Cohen, Statistical Power Analysis (1988), chapter 6 (effect size h).

Handbook 2.2 (comparing language groups that differ in age) and 2.3.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import ibis.expr.types as ir

from jalostamo.producing.analyses.findings import Found, found
from jalostamo.producing.intervals import benjamini_hochberg, on_logit, plain, two_sided_p, wilson
from jalostamo.producing.questions import FEWEST_EVENTS
from jalostamo.producing.standardisation import BASE, EVENTS, GROUP, STRATUM, SUBJECT, UNIT

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.producing.results import Estimate

type Pair = tuple[str, str]
type Moments = Mapping[Pair, float]

LEVEL: Final = 0.05
SHARE_COLUMNS: Final = ("subject", "group", "customers", "base", "share", "low", "high", "standardised")
DIFFERENCE_COLUMNS: Final = (
    "subject",
    "group",
    "reference",
    "difference",
    "low",
    "high",
    "effect_size",
    "p",
    "adjusted_p",
    "differs",
)


@dataclass(frozen=True, slots=True)
class _Counts:
    """One subject in one group: x and n by stratum, and the second moments by pairs of strata."""

    x: Mapping[str, float]
    n: Mapping[str, float]
    xx: Moments
    xn: Moments
    nn: Moments

    def squares(self, factor: Mapping[str, float], share: Mapping[str, float]) -> float:
        """The sum over units of (sum over strata of factor * (x - share * n)) squared."""
        return sum(
            factor.get(s, 0.0)
            * factor.get(t, 0.0)
            * (
                self.xx.get((s, t), 0.0)
                - share.get(t, 0.0) * self.xn.get((s, t), 0.0)
                - share.get(s, 0.0) * self.xn.get((t, s), 0.0)
                + share.get(s, 0.0) * share.get(t, 0.0) * products
            )
            for (s, t), products in self.nn.items()
        )


def compared(engine: Engine, having: ir.Table, base: ir.Table, *, pair: tuple[str, str] | None) -> tuple[Found, Found]:
    """Shares by subject and group, and for a pair of groups (the reference last) the differences between them.

    `having`: unit, group, stratum, subject, x (customers with, where there are any). `base`: unit, group, stratum, t
    (customers in all, every unit that has any). No unit may stand in two groups.
    """
    counts = _counted(engine, engine.keep(having), engine.keep(base))
    weights = _weights(counts, pair)
    shares = [_share(key, of, weights) for key, of in sorted(counts.items())]
    if pair is None:
        return found(SHARE_COLUMNS, shares), Found(DIFFERENCE_COLUMNS, ())
    subjects = sorted({subject for subject, _ in counts})
    sound = [
        (subject, counts[subject, pair[0]], counts[subject, pair[1]])
        for subject in subjects
        if (subject, pair[0]) in counts and (subject, pair[1]) in counts
    ]
    tested = [_difference(subject, one, other, weights) for subject, one, other in sound if _enough(one, other)]
    adjusted = benjamini_hochberg([cast("float", row["p"]) for row in tested])
    rows = [
        {**row, "group": pair[0], "reference": pair[1], "adjusted_p": p, "differs": p < LEVEL}
        for row, p in zip(tested, adjusted, strict=True)
    ]
    return found(SHARE_COLUMNS, shares), found(DIFFERENCE_COLUMNS, sorted(rows, key=_by_strength))


def _by_strength(row: Mapping[str, object]) -> tuple[float, str]:
    return (-abs(cast("float", row["effect_size"])), cast("str", row["subject"]))


def _enough(one: _Counts, other: _Counts) -> bool:
    """Whether both groups have as many customers with as an interval needs, and a stratum in common."""
    shared = any(one.n.get(stratum) and other.n.get(stratum) for stratum in one.n)
    return shared and all(sum(counts.x.values()) >= FEWEST_EVENTS for counts in (one, other))


def _weights(counts: Mapping[tuple[str, str], _Counts], pair: tuple[str, str] | None) -> Mapping[str, float]:
    """The share of each stratum in the standard: the groups compared together, or all, in strata that all of them have."""
    bases = {group: of.n for (_, group), of in counts.items() if pair is None or group in pair}
    strata = {stratum for n in bases.values() for stratum in n}
    shared = [stratum for stratum in sorted(strata) if all(n.get(stratum, 0) > 0 for n in bases.values())]
    totals = {stratum: sum(n[stratum] for n in bases.values()) for stratum in shared}
    whole = sum(totals.values())
    return {stratum: total / whole for stratum, total in totals.items()}


def _share(key: tuple[str, str], of: _Counts, weights: Mapping[str, float]) -> dict[str, object]:
    x, n = sum(of.x.values()), sum(of.n.values())
    estimate = _crude(of, x, n)
    return {
        "subject": key[0],
        "group": key[1],
        "customers": round(x),
        "base": round(n),
        "share": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "standardised": _standardised(of, weights),
    }


def _crude(of: _Counts, x: float, n: float) -> Estimate:
    # Where every customer is a unit, second moments are the sums themselves, and Wilson's interval is the better one.
    if sum(of.nn.values()) == n or x in (0, n):
        return wilson(round(x), round(n))
    share = x / n
    return on_logit(share, of.squares(dict.fromkeys(of.n, 1 / n), dict.fromkeys(of.n, share)))


def _standardised(of: _Counts, weights: Mapping[str, float]) -> float | None:
    if not weights or any(not of.n.get(stratum) for stratum in weights):
        return None
    return sum(weight * of.x.get(stratum, 0.0) / of.n[stratum] for stratum, weight in weights.items())


def _difference(subject: str, one: _Counts, other: _Counts, weights: Mapping[str, float]) -> dict[str, object]:
    first, second = _standardised(one, weights) or 0.0, _standardised(other, weights) or 0.0
    variance = _variance(one, weights, _shares(one)) + _variance(other, weights, _shares(other))
    together = {s: (one.x.get(s, 0.0) + other.x.get(s, 0.0)) / (one.n[s] + other.n[s]) for s in weights}
    under_none = _variance(one, weights, together) + _variance(other, weights, together)
    estimate = plain(first - second, max(variance, 0.0))
    return {
        "subject": subject,
        "difference": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "effect_size": effect_size(first, second),
        "p": two_sided_p(first - second, under_none),
    }


def effect_size(first: float, second: float) -> float:
    """The difference of two shares on the scale on which differences of shares are alike everywhere (Cohen's h)."""
    return 2 * math.asin(math.sqrt(min(first, 1.0))) - 2 * math.asin(math.sqrt(min(second, 1.0)))


def _shares(of: _Counts) -> Mapping[str, float]:
    return {stratum: of.x.get(stratum, 0.0) / n for stratum, n in of.n.items() if n}


def _variance(of: _Counts, weights: Mapping[str, float], shares: Mapping[str, float]) -> float:
    return of.squares({stratum: weight / of.n[stratum] for stratum, weight in weights.items()}, shares)


def _counted(engine: Engine, having: ir.Table, base: ir.Table) -> Mapping[tuple[str, str], _Counts]:
    n, x = _by_stratum(engine, base, BASE, ()), _by_stratum(engine, having, EVENTS, (SUBJECT,))
    if _alone(engine, base):
        nn, xx = _squares(n), _squares(x)
        xn = xx
    else:
        nn = _products(engine, base, base, (GROUP,))
        xx = _products(engine, having, having, (SUBJECT, GROUP))
        xn = _products(engine, having, base, (SUBJECT, GROUP))
    subjects, groups = sorted({key[0] for key in x}), sorted(key[0] for key in n)
    return {
        (subject, group): _Counts(
            x.get((subject, group), {}),
            n[(group,)],
            xx.get((subject, group), {}),
            xn.get((subject, group), {}),
            nn[(group,)],
        )
        for subject in subjects
        for group in groups
    }


def _alone(engine: Engine, base: ir.Table) -> bool:
    """Whether every unit is one customer in one stratum, so that products are the sums themselves, and no join is needed."""
    row = engine.only_row(base.aggregate(rows=base.count(), units=base[UNIT].nunique(), most=base[BASE].max()))
    return row["rows"] == row["units"] and row["most"] == 1


def _squares(sums: Mapping[tuple[str, ...], Mapping[str, float]]) -> Mapping[tuple[str, ...], Moments]:
    return {key: {(stratum, stratum): total for stratum, total in by.items()} for key, by in sums.items()}


def _by_stratum(
    engine: Engine, rows: ir.Table, value: str, by: Sequence[str]
) -> Mapping[tuple[str, ...], Mapping[str, float]]:
    keys = [*by, GROUP]
    totals = rows.group_by([*keys, STRATUM]).agg(total=rows[value].sum().cast("float64"))
    result: dict[tuple[str, ...], dict[str, float]] = defaultdict(dict)
    for row in engine.rows(totals.order_by([*keys, STRATUM])):
        result[tuple(cast("str", row[key]) for key in keys)][cast("str", row[STRATUM])] = cast("float", row["total"])
    return result


def _products(engine: Engine, left: ir.Table, right: ir.Table, by: Sequence[str]) -> Mapping[tuple[str, ...], Moments]:
    """The sum over units of one's value times the other's, by pairs of strata."""
    left_value, right_value = (EVENTS if EVENTS in table.columns else BASE for table in (left, right))
    one = left.select(*by, UNIT, one_=left[STRATUM], left_=left[left_value].cast("float64"))
    shared = [name for name in (*by, UNIT) if name in right.columns]
    other = right.select(*shared, other_=right[STRATUM], right_=right[right_value].cast("float64"))
    joined = one.inner_join(other, shared)
    totals = joined.group_by([*by, "one_", "other_"]).agg(total=(joined.left_ * joined.right_).sum())
    result: dict[tuple[str, ...], dict[Pair, float]] = defaultdict(dict)
    for row in engine.rows(totals.order_by([*by, "one_", "other_"])):
        pair = (cast("str", row["one_"]), cast("str", row["other_"]))
        result[tuple(cast("str", row[key]) for key in by)][pair] = cast("float", row["total"])
    return result

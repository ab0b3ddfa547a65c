"""Direct standardisation by age, counted on persons (or households): what a rate would be with the ages of all together.

Rates are ratios of sums, x over t, per stratum; their variance is that of the linearised sum over units, so that a unit
with several events, or in several strata, counts as one. The engine sums, here the sums are weighed.

Breslow and Day, Statistical Methods in Cancer Research II (IARC 1987); Woodruff, JASA 66 (1971).
Handbook 2.2 (comparing language groups that differ in age).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import ibis.expr.types as ir
import pyarrow as pa

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

UNIT: Final = "unit"
GROUP: Final = "group"
STRATUM: Final = "stratum"
SUBJECT: Final = "subject"
EVENTS: Final = "x"
BASE: Final = "t"


@dataclass(frozen=True, slots=True)
class Rate:
    """One group's rate for one subject: sums of x and t, units with any x and with any t, the rate and its variance.

    `crude` is x / t; `standardised` weighs the strata as all groups together have them, None where no stratum is shared.
    """

    subject: str
    group: str
    x: float
    t: float
    customers: int
    base: int
    crude: float
    crude_variance: float
    standardised: float | None
    standardised_variance: float


def rates(
    engine: Engine, rows: ir.Table, *, groups: Mapping[str, Sequence[str]], standard: Sequence[str]
) -> tuple[Rate, ...]:
    """The rates of every subject and group from rows (unit, group, stratum, subject, x, t).

    `groups` gathers recorded groups under the names to report; `standard` names the recorded groups whose t together
    are the standard. Every unit that has any t in a stratum must have a row there for every subject.
    """
    gathered = engine.keep(_gathered(engine, rows, groups))
    sums = _sums(engine, gathered)
    if not sums:
        return ()
    weights = _weights(engine, rows, standard)
    coefficients = _coefficients(sums, weights)
    variances = _variances(engine, gathered, coefficients)
    units = _units(engine, gathered)
    return tuple(_rate(key, sums[key], coefficients[key], variances[key], units[key]) for key in sorted(sums))


Key = tuple[str, str]
Sums = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class _Coefficients:
    """Per stratum: the rate, and the weights over t by which a unit's x - rate * t enters the crude and standardised sum."""

    crude: float
    standardised: float | None
    by_stratum: Mapping[str, tuple[float, float, float, float]]


def _gathered(engine: Engine, rows: ir.Table, groups: Mapping[str, Sequence[str]]) -> ir.Table:
    pairs = [(value, name) for name, values in groups.items() for value in values]
    mapping = engine.in_memory(pa.table({GROUP: [value for value, _ in pairs], "name_": [name for _, name in pairs]}))
    # Counted as whole numbers until here: a literal 1.0 is a decimal of two figures to an engine, and its products are cut.
    summed = rows.mutate(**{EVENTS: rows[EVENTS].cast("float64"), BASE: rows[BASE].cast("float64")})
    named = summed.inner_join(mapping, GROUP)
    return named.drop(GROUP).rename({GROUP: "name_"})


def _sums(engine: Engine, rows: ir.Table) -> Mapping[Key, Sums]:
    totals = rows.group_by([SUBJECT, GROUP, STRATUM]).agg(x=rows[EVENTS].sum(), t=rows[BASE].sum())
    found: dict[Key, dict[str, tuple[float, float]]] = defaultdict(dict)
    for row in engine.rows(totals.order_by([SUBJECT, GROUP, STRATUM])):
        key = (cast("str", row[SUBJECT]), cast("str", row[GROUP]))
        found[key][cast("str", row[STRATUM])] = (float(cast("float", row["x"])), float(cast("float", row["t"])))
    return found


def _weights(engine: Engine, rows: ir.Table, standard: Sequence[str]) -> Mapping[Key, float]:
    """The standard's t by subject and stratum."""
    chosen = rows.filter(rows[GROUP].isin(list(standard)))
    totals = chosen.group_by([SUBJECT, STRATUM]).agg(t=chosen[BASE].sum())
    found = engine.rows(totals.order_by([SUBJECT, STRATUM]))
    return {(cast("str", row[SUBJECT]), cast("str", row[STRATUM])): float(cast("float", row["t"])) for row in found}


def _coefficients(sums: Mapping[Key, Sums], weights: Mapping[Key, float]) -> Mapping[Key, _Coefficients]:
    return {key: _coefficient(key, strata, sums, weights) for key, strata in sums.items()}


def _coefficient(key: Key, strata: Sums, sums: Mapping[Key, Sums], weights: Mapping[Key, float]) -> _Coefficients:
    subject, _ = key
    others = [found for (name, _), found in sums.items() if name == subject]
    shared = [stratum for stratum in strata if all(found.get(stratum, (0, 0))[1] > 0 for found in others)]
    whole = sum(weights.get((subject, stratum), 0.0) for stratum in shared)
    x, t = (sum(pair[place] for pair in strata.values()) for place in (0, 1))
    crude = x / t if t else 0.0
    by_stratum, standardised = {}, 0.0
    for stratum, (x_here, t_here) in strata.items():
        rate = x_here / t_here if t_here else 0.0
        weight = weights.get((subject, stratum), 0.0) / whole if stratum in shared and whole else 0.0
        standardised += weight * rate
        by_stratum[stratum] = (crude, 1 / t if t else 0.0, rate, weight / t_here if t_here else 0.0)
    return _Coefficients(crude, standardised if whole else None, by_stratum)


def _variances(
    engine: Engine, rows: ir.Table, coefficients: Mapping[Key, _Coefficients]
) -> Mapping[Key, tuple[float, float]]:
    columns: dict[str, list[object]] = {
        name: [] for name in (SUBJECT, GROUP, STRATUM, "crude_", "per_t_", "rate_", "weight_")
    }
    for (subject, group), found in coefficients.items():
        for stratum, values in found.by_stratum.items():
            for name, value in zip(columns, (subject, group, stratum, *values), strict=True):
                columns[name].append(value)
    joined = rows.inner_join(engine.in_memory(pa.table(columns)), [SUBJECT, GROUP, STRATUM])
    crude = (joined[EVENTS] - joined.crude_ * joined[BASE]) * joined.per_t_
    standardised = (joined[EVENTS] - joined.rate_ * joined[BASE]) * joined.weight_
    by_unit = joined.group_by([SUBJECT, GROUP, UNIT]).agg(crude=crude.sum(), standardised=standardised.sum())
    totals = by_unit.group_by([SUBJECT, GROUP]).agg(
        crude=(by_unit.crude * by_unit.crude).sum(), standardised=(by_unit.standardised * by_unit.standardised).sum()
    )
    rows_found = engine.rows(totals)
    return {
        (cast("str", row[SUBJECT]), cast("str", row[GROUP])): (
            float(cast("float", row["crude"])),
            float(cast("float", row["standardised"])),
        )
        for row in rows_found
    }


def _units(engine: Engine, rows: ir.Table) -> Mapping[Key, tuple[int, int]]:
    totals = rows.group_by([SUBJECT, GROUP]).agg(
        customers=rows[UNIT].nunique(where=rows[EVENTS] > 0), base=rows[UNIT].nunique(where=rows[BASE] > 0)
    )
    return {
        (cast("str", row[SUBJECT]), cast("str", row[GROUP])): (cast("int", row["customers"]), cast("int", row["base"]))
        for row in engine.rows(totals)
    }


def _rate(key: Key, strata: Sums, found: _Coefficients, variances: tuple[float, float], units: tuple[int, int]) -> Rate:
    x, t = (sum(pair[place] for pair in strata.values()) for place in (0, 1))
    return Rate(*key, x, t, *units, found.crude, variances[0], found.standardised, variances[1])

"""What people are, rather than what they did: attributes, ages and numbers of contacts as factors of a screen.

They have no time before a start, so that they go with it and never precede it. Ages are compared without adjustment for
age, and numbers of contacts without that for contacts.

Handbook 2.2 (comparing groups).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from jalostamo.producing.analyses.methods.factor_screen.asked import Asked
from jalostamo.producing.analyses.methods.factor_screen.exposure import Exposure, counts
from jalostamo.producing.analyses.methods.factor_screen.risk import ATTRIBUTE, AtRisk, Strata
from jalostamo.producing.analyses.methods.factor_screen.weighing import Base

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

type Described = tuple[str, str, Exposure, Base]
"""The kind, the words, what was counted, and what it is compared with."""


def base_of(engine: Engine, risk: AtRisk) -> Base:
    """All person-months and starts by stratum, and those who started beside another of their unit."""
    totals = risk.years.group_by("stratum").agg(months=risk.years.months.sum(), starts=risk.years.starts.sum())
    rows = counts(engine, totals)
    starting = risk.years.filter(risk.years.starts > 0).select("number", "stratum")
    shared = risk.cases.filter(risk.cases.shared).select("number", "unit").inner_join(starting, "number")
    return Base(
        {row["stratum"]: int(row["months"]) for row in rows},
        {row["stratum"]: int(row["starts"]) for row in rows},
        {row["number"]: (row["unit"], row["stratum"]) for row in counts(engine, shared.order_by("number"))},
    )


def described(engine: Engine, risk: AtRisk, asked: Asked, base: Base) -> Iterator[Described]:
    """Every value of every attribute against all others."""
    for place, name in enumerate(asked.attributes):
        yield from _of_attribute(engine, risk, f"{ATTRIBUTE}{place}", name, base)


def of_strata(risk: AtRisk, base: Base) -> Iterator[Described]:
    """Every age band, and every class of contacts, against all others."""
    strata = risk.strata
    yield from _values("age", strata.bands, base, strata, lambda parts: (parts[0], (0, parts[1], parts[2])))
    yield from _values("contacts", strata.contacts, base, strata, lambda parts: (parts[2], (parts[0], parts[1], 0)))


def _of_attribute(engine: Engine, risk: AtRisk, column: str, name: str, base: Base) -> Iterator[Described]:
    """The values of an attribute; for whom it is not known is in none of the comparisons."""
    known = risk.cases.filter(risk.cases[column].notnull()).select("number", "shared", value=column)
    met = risk.years.inner_join(known, "number")
    counted = met.group_by(["value", "stratum"]).agg(months=met.months.sum(), starts=met.starts.sum())
    values: defaultdict[str, Exposure] = defaultdict(Exposure)
    for row in counts(engine, counted):
        values[row["value"]].months[row["stratum"]] = int(row["months"])
        values[row["value"]].starts[row["stratum"]] = int(row["starts"])
    for row in counts(engine, known.filter(known.shared)):
        values[row["value"]].shared.add(row["number"])
    whole = _summed(values)
    of_known = Base(whole.months, whole.starts, {n: base.shared[n] for n in sorted(whole.shared) if n in base.shared})
    for value in sorted(values):
        yield "attribute", f"{name} = {value}", values[value], of_known


def _values(
    kind: str,
    words: tuple[str, ...],
    base: Base,
    strata: Strata,
    split: Callable[[tuple[int, int, int]], tuple[int, tuple[int, int, int]]],
) -> Iterator[Described]:
    """What strata are made of, each value against the others within what is left of a stratum."""
    values: defaultdict[int, Exposure] = defaultdict(Exposure)
    rest: dict[tuple[int, int, int], int] = {}
    for number in sorted(base.months):
        value, left = split(strata.parts(number))
        place = rest.setdefault(left, len(rest))
        values[value].months[place] += base.months[number]
        values[value].starts[place] += base.starts[number]
    shared: dict[int, tuple[int, int]] = {}
    for number, (unit, stratum) in base.shared.items():
        value, left = split(strata.parts(stratum))
        values[value].shared.add(number)
        shared[number] = (unit, rest[left])
    whole = _summed(values)
    if len(values) < 2:  # one value has no others
        return
    for value in sorted(values):
        yield kind, words[value] or "not known", values[value], Base(whole.months, whole.starts, shared)


def _summed[Key](values: Mapping[Key, Exposure]) -> Exposure:
    whole = Exposure()
    for each in values.values():
        whole.months.update(each.months)
        whole.starts.update(each.starts)
        whole.shared |= each.shared
    return whole

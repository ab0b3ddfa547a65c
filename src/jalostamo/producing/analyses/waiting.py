"""Waiting: how long cases wait from one service to another that ends it, and how many have come to it by when.

Whoever it does not come to waits until the end of the period, or until leaving the town. Shares are Aalen and Johansen's,
which without a competing end are Kaplan and Meier's, and are weighed by age as all shares that are compared.

Handbook 2.2 (comparing language groups that differ in age) and 2.3.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.types as ir
import numpy as np

from jalostamo.concepts.errors import Unfit
from jalostamo.producing.analyses.comparing import DIFFERENCE_COLUMNS, LEVEL, SHARE_COLUMNS, effect_size
from jalostamo.producing.analyses.findings import Found, found
from jalostamo.producing.analyses.journeys import AT, BIRTH_YEAR, CASE, LEFT, PLACE, SERVICE, Grain, Journeys
from jalostamo.producing.analyses.strata import in_band, year_of
from jalostamo.producing.intervals import benjamini_hochberg, on_logit, plain, two_sided_p
from jalostamo.producing.questions import FEWEST_EVENTS
from jalostamo.producing.standardisation import GROUP, STRATUM, UNIT
from jalostamo.producing.survival.counts import CENSORED, EventCounts, Followed, event_counts
from jalostamo.producing.survival.curves import Curve, aalen_johansen

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sections import Section
    from jalostamo.producing.analyses.setting import Setting

INDEX: Final = "index_"
TIME: Final = "time"
STATUS: Final = "status"
REACHED: Final = 1
"""The status of those to whom the first of the ends came; others follow in their order."""

USUAL: Final = {
    "month": (1, 3, 6, 12, 24),
    "day": (1, 7, 30, 90, 365),
    "working day": (1, 5, 20, 60, 250),
    "microsecond": (3600, 86_400, 604_800),
}
"""Where classes of time begin, after the first, unless told."""
_ROUNDING: Final = 1e-12
_WITHIN: Final = " | "
"""Between a group and a stratum."""


def classes_in(section: Section) -> tuple[int, ...]:
    """Where classes of time begin, after the first; none where none are named."""
    classes = section.content.get("classes", [])
    if not isinstance(classes, list) or not all(type(each) is int and each > 0 for each in classes):
        raise Unfit(f"{section.place}: 'classes' is a list of whole numbers above 0.", reason="definition_incomplete")
    if any(one >= other for one, other in pairwise(classes)):
        raise Unfit(f"{section.place}: 'classes' go upward.", reason="definition_incomplete")
    return tuple(classes)


def waited(journeys: Journeys, start: Sequence[str], ends: Sequence[Sequence[str]], *, every: bool = False) -> ir.Table:
    """Each use of a start, the first of a case or `every` one: case, unit, group, birth_year, index_, time and status.

    Without a start, waiting begins with a case's first event, which may itself end it. `time` is in whole units of results;
    the status is the place, from 1, of the end that came first, and 0 where none did.
    """
    placed = journeys.placed
    kind = ibis.cases(*((placed[SERVICE].isin(list(end)), number) for number, end in enumerate(ends, start=1)))
    # One number tells the place and the kind, so that the first of several is also known by its kind.
    known = placed.mutate(end_=placed[PLACE] * (len(ends) + 1) + kind, at_=kind.notnull().ifelse(placed[AT], None))
    window = ibis.window(group_by=known[CASE], order_by=known[PLACE], rows=(1 if start else 0, None))
    known = known.mutate(first_=known.end_.min().over(window), reached_=known.at_.min().over(window))
    begun = known.filter(known[SERVICE].isin(list(start)) if start else known[PLACE] == 0)
    if start and not every:
        begun = begun.mutate(nth_=ibis.row_number().over(group_by=begun[CASE], order_by=begun[PLACE]))
        begun = begun.filter(begun.nth_ == 0)
    theirs = begun.select(CASE, "first_", "reached_", **{INDEX: begun[AT]})
    joined = theirs.inner_join(journeys.cases.select(CASE, UNIT, GROUP, BIRTH_YEAR, LEFT), CASE)
    stayed = ibis.greatest(joined[LEFT] - joined[INDEX], 0)
    ticks = joined.first_.notnull().ifelse(joined.reached_ - joined[INDEX], stayed)
    status = (joined.first_ % (len(ends) + 1)).fill_null(CENSORED).cast("int64")
    times = {TIME: _in_whole_units(ticks, journeys.grain), STATUS: status}
    return joined.select(CASE, UNIT, GROUP, BIRTH_YEAR, INDEX, **times)


def _in_whole_units(ticks: ir.IntegerValue, grain: Grain) -> ir.IntegerValue:
    each = grain.ticks_per_unit
    # Whole numbers: dividing them gives a float to some engines.
    return ticks if each == 1 else ((ticks - ticks % each) / each).cast("int64")


def of_part(counts: EventCounts, part: str) -> Followed:
    """Those followed of all or of a group, nobody where a group has none."""
    if part and part not in counts.groups:
        return Followed(np.zeros(0), np.zeros((0, 1 + len(counts.kinds)), dtype=np.int64))
    return counts.followed(part or None)


def with_ends(of: Followed, counts: EventCounts, number: int) -> Followed:
    """The same with a column for each of so many ends, also for those that came to nobody."""
    columns = [
        of.ended[:, 1 + counts.kinds.index(kind)] if kind in counts.kinds else np.zeros(len(of.times), dtype=np.int64)
        for kind in range(1, number + 1)
    ]
    return Followed(of.times, np.column_stack([of.ended[:, 0], *columns]))


def of_groups(counts: EventCounts, names: Iterable[str]) -> EventCounts:
    """The counts of some groups alone."""
    chosen = np.isin(counts.group, [place for place, name in enumerate(counts.groups) if name in set(names)])
    held = (each[chosen] for each in (counts.time, counts.kind, counts.group, counts.n))
    return EventCounts(counts.times, counts.kinds, counts.groups, *held)


@dataclass(frozen=True, slots=True)
class _By:
    """The share of a group that has come to the end by a time, its variance, and how many that are, of how many."""

    share: float
    variance: float
    customers: int
    base: int


def reached_by(
    engine: Engine, rows: ir.Table, setting: Setting, *, bounds: Sequence[int], grain: Grain
) -> Mapping[str, Found]:
    """Shares of those who came to the first end below each bound, and the differences of two groups, as tables.

    `rows` are `waited`, each a unit of its own. A share that nobody was followed long enough for is not told.
    """
    grouped = rows.filter(rows[GROUP].notnull())
    banded = in_band(grouped, year_of(grouped[INDEX], grain), setting)
    named = banded.select(TIME, STATUS, group=banded[GROUP] + ibis.literal(_WITHIN) + banded[STRATUM])
    counts = event_counts(engine, named, grouped=True)
    curves = _curves(counts)
    together = [name for name in setting.compare or setting.group_names if name in curves]
    weights = _weights([curves[name] for name in together])
    subjects = {bound: f"below {bound} {grain.unit}" for bound in bounds}
    crude = _curves(event_counts(engine, banded.select(TIME, STATUS, group=banded[GROUP]), grouped=True))
    shares = [
        row
        for bound, subject in subjects.items()
        for name in sorted(crude)
        for row in _share(subject, name, _by(crude[name][""], bound), _weighed(curves[name], weights, bound))
    ]
    differences = list(_differences(curves, weights, subjects, setting.compare))
    adjusted = benjamini_hochberg([float(str(row["p"])) for row in differences])
    told = [{**row, "adjusted_p": p, "differs": p < LEVEL} for row, p in zip(differences, adjusted, strict=True)]
    return {"shares": found(SHARE_COLUMNS, shares), "differences": found(DIFFERENCE_COLUMNS, told)}


type _Course = tuple[Curve, Followed]
"""The share that has come to the first end, and whom it was followed on."""
type _Curves = Mapping[str, Mapping[str, _Course]]


def _curves(counts: EventCounts) -> _Curves:
    """The courses by group and stratum."""
    made: dict[str, dict[str, _Course]] = {}
    for label in counts.groups:
        group, _, stratum = label.partition(_WITHIN)
        of = with_ends(counts.followed(label), counts, max(counts.kinds, default=REACHED))
        made.setdefault(group, {})[stratum] = (aalen_johansen(of, REACHED), of)
    return made


def _weights(groups: Sequence[Mapping[str, _Course]]) -> Mapping[str, float]:
    """The share of each stratum that all groups have, of those who begin to wait."""
    shared = sorted(set.intersection(*(set(each) for each in groups))) if groups else []
    totals = {stratum: sum(int(each[stratum][1].ended.sum()) for each in groups) for stratum in shared}
    return {stratum: total / sum(totals.values()) for stratum, total in totals.items()}


def _by(curve: _Course, bound: int) -> _By | None:
    """The share below a bound; None where nobody was followed so long, and not everybody had come to an end."""
    shares, of = curve
    last = int(np.searchsorted(of.times, bound, side="left")) - 1
    whole = int(of.ended.sum())
    if last < 0:
        return _By(0.0, 0.0, 0, whole)
    if last == len(of.times) - 1 and of.times[-1] < bound - 1 and of.ended[-1, 0]:
        return None
    customers = int(of.ended[: last + 1, REACHED].sum())
    return _By(share_of(shares, last), float(shares.standard_error[last]) ** 2, customers, whole)


def _weighed(strata: Mapping[str, _Course], weights: Mapping[str, float], bound: int) -> _By | None:
    """The share as if all had the same ages."""
    parts = [(weight, _by(strata[stratum], bound)) for stratum, weight in weights.items() if stratum in strata]
    known = [(weight, part) for weight, part in parts if part is not None]
    if not weights or len(known) < len(weights):
        return None
    share = _whole(sum(weight * part.share for weight, part in known))
    variance = sum(weight**2 * part.variance for weight, part in known)
    return _By(share, variance, sum(part.customers for _, part in known), sum(part.base for _, part in known))


def _share(subject: str, group: str, crude: _By | None, weighed: _By | None) -> Iterator[Mapping[str, object]]:
    if crude is None:
        return
    estimate = on_logit(crude.share, crude.variance)
    yield {
        "subject": subject,
        "group": group,
        "customers": crude.customers,
        "base": crude.base,
        "share": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "standardised": weighed.share if weighed else None,
    }


def _differences(
    curves: _Curves, weights: Mapping[str, float], subjects: Mapping[int, str], pair: tuple[str, str] | None
) -> Iterator[Mapping[str, object]]:
    if pair is None or not set(pair) <= set(curves):
        return
    for bound, subject in subjects.items():
        one, other = (_weighed(curves[name], weights, bound) for name in pair)
        if one is None or other is None or min(one.customers, other.customers) < FEWEST_EVENTS:
            continue
        variance = one.variance + other.variance
        estimate = plain(one.share - other.share, variance)
        yield {
            "subject": subject,
            "group": pair[0],
            "reference": pair[1],
            "difference": estimate.value,
            "low": estimate.low,
            "high": estimate.high,
            "effect_size": effect_size(one.share, other.share),
            "p": two_sided_p(one.share - other.share, variance),
        }


def share_of(curve: Curve, place: int) -> float:
    """The share that has come to an end by one of the times of a curve."""
    return _whole(float(curve.estimate[place]))


def _whole(share: float) -> float:
    # All is all: sums of shares miss it, or pass it, by rounding.
    return 1.0 if share > 1 - _ROUNDING else share


def bounds_of(classes: Sequence[int]) -> Iterator[tuple[float, float]]:
    """From where to where each class reaches; the last has no end."""
    return pairwise((0, *classes, math.inf))

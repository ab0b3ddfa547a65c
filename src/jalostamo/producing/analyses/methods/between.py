"""Between: the time from a service to the next of another, its distribution by group, and whether the groups differ in it.

Medians' difference: Price and Bonett, JSCS 72 (2002), on order statistics within ticks, since months tie.

Handbook 2.2 (the pilot's fourth question) and 2.3.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.types as ir
import numpy as np
from scipy.stats import binom, norm

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import Text
from jalostamo.producing.analyses.catalogue import Competence, Kind, Measured, Method
from jalostamo.producing.analyses.comparing import LEVEL
from jalostamo.producing.analyses.findings import found
from jalostamo.producing.analyses.journeys import AT, CASE, LEFT, PLACE, SERVICE, Grain, Journeys
from jalostamo.producing.analyses.parts import parts_of, share
from jalostamo.producing.intervals import plain
from jalostamo.producing.questions import FEWEST_EVENTS
from jalostamo.producing.standardisation import GROUP
from jalostamo.producing.survival.comparing import log_rank
from jalostamo.producing.survival.counts import CENSORED, EventCounts, Followed, event_counts
from jalostamo.producing.survival.curves import kaplan_meier, median_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sections import Section
    from jalostamo.producing.analyses.setting import Setting

TIMES: Final = (
    "group",
    "starts",
    "reached",
    "least",
    "tenth",
    "quarter",
    "median",
    "three_quarters",
    "nine_tenths",
    "most",
    "waiting_median",
    "waiting_low",
    "waiting_high",
)
CLASSES: Final = ("group", "from", "below", "events", "share")
MEDIANS: Final = ("group", "reference", "difference", "low", "high")
TESTS: Final = ("test", "statistic", "df", "p", "differs")
_CLASSES: Final = {"month": (1, 3, 6, 12, 24), "day": (1, 7, 30, 90, 365), "microsecond": (3600, 86_400, 604_800)}
_QUANTILES: Final = {"tenth": 0.1, "quarter": 0.25, "median": 0.5, "three_quarters": 0.75, "nine_tenths": 0.9}
_REACHED: Final = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """From which services to which, from the first use of a case or from every one, and where classes of time begin."""

    start: tuple[str, ...]
    to: tuple[str, ...]
    every: bool
    classes: tuple[int, ...]


def _read(section: Section) -> Asked:
    use = section.word("use") or "first"
    if use not in {"first", "every"}:
        raise Unfit(f'{section.place}: \'use\' is "first" or "every".', reason="definition_incomplete")
    classes = section.content.get("classes", [])
    if not isinstance(classes, list) or not all(type(each) is int and each > 0 for each in classes):
        raise Unfit(f"{section.place}: 'classes' is a list of whole numbers above 0.", reason="definition_incomplete")
    if any(one >= other for one, other in pairwise(classes)):
        raise Unfit(f"{section.place}: 'classes' go upward.", reason="definition_incomplete")
    return Asked(section.words("from"), section.words("to"), use == "every", tuple(classes))


def measure(engine: Engine, journeys: Journeys, setting: Setting, asked: Asked) -> Measured:
    """The times of all (group "") and of each group; whoever did not reach the other service waited until the end or left."""
    counts = event_counts(engine, _followed(journeys, asked), grouped=True)
    if not len(counts.n):
        raise Unfit(
            "No event is of the services that 'from' names: write them as the log does, and see that no filter leaves "
            "them out.",
            reason="index_unused",
        )
    parts = {part: _part(counts, part) for part in parts_of(setting)}
    bounds = asked.classes or _CLASSES[journeys.grain.value]
    tables = {
        "times": found(TIMES, (_times(part, of) for part, of in parts.items())),
        "classes": found(CLASSES, (row for part, of in parts.items() for row in _classes(part, of, bounds))),
    }
    if setting.groups:
        # Members of a household, and the uses of one case, are not independent: neither of the two knows of that.
        alone = setting.unit is setting.case and not asked.every
        tables["medians"] = found(MEDIANS, _medians(parts, setting) if alone else ())
        tables["tests"] = found(TESTS, _tests(counts, setting) if alone else ())
    whole = parts[""]
    return {"starts": int(whole.ended.sum()), "reached": int(whole.ended[:, 1:].sum())}, tables


def _followed(journeys: Journeys, asked: Asked) -> ir.Table:
    """Each use that is followed: how long until the other service, or until nobody looked on; in units of results."""
    placed = journeys.placed
    coming = placed[SERVICE].isin(asked.to).ifelse(placed[AT], ibis.null("int64"))
    later = ibis.window(group_by=placed[CASE], order_by=placed[PLACE], rows=(1, None))
    known = placed.mutate(reached_=coming.min().over(later))
    starts = known.filter(known[SERVICE].isin(asked.start))
    if not asked.every:
        nth = ibis.row_number().over(group_by=starts[CASE], order_by=starts[PLACE])
        starts = starts.mutate(nth_=nth)
        starts = starts.filter(starts.nth_ == 0)
    cases = starts.inner_join(journeys.cases.select(CASE, GROUP, LEFT), CASE)
    waited = ibis.greatest(cases[LEFT] - cases[AT], 0)
    ticks = cases.reached_.notnull().ifelse(cases.reached_ - cases[AT], waited)
    status = cases.reached_.notnull().ifelse(_REACHED, CENSORED)
    return cases.select(time=_in_whole_units(ticks, journeys.grain), status=status, group=cases[GROUP])


def _in_whole_units(ticks: ir.IntegerValue, grain: Grain) -> ir.IntegerValue:
    each = grain.ticks_per_unit
    # Whole numbers: dividing them gives a float to some engines.
    return ticks if each == 1 else ((ticks - ticks % each) / each).cast("int64")


def _part(counts: EventCounts, part: str) -> Followed:
    if part and part not in counts.groups:
        return Followed(np.zeros(0), np.zeros((0, 1 + len(counts.kinds)), dtype=np.int64))
    return counts.followed(part or None)


def _reached(of: Followed) -> NDArray[np.int64]:
    """How many reached the other service at each time."""
    return of.ended[:, 1:].sum(axis=1)


def _times(part: str, of: Followed) -> Mapping[str, object]:
    reached = _reached(of)
    times = of.times[reached > 0]
    ends = (float(times[0]), float(times[-1])) if len(times) else (None, None)
    waiting = median_of(kaplan_meier(of)) if len(of.times) else None
    return {
        "group": part,
        "starts": int(of.ended.sum()),
        "reached": int(reached.sum()),
        "least": ends[0],
        "most": ends[1],
        **{name: _quantile(of, at) for name, at in _QUANTILES.items()},
        "waiting_median": waiting.estimate if waiting else None,
        "waiting_low": waiting.low if waiting else None,
        "waiting_high": waiting.high if waiting else None,
    }


def _quantile(of: Followed, at: float) -> float | None:
    """A quantile of the times of those who reached, between two of them where it falls there."""
    upto = np.cumsum(_reached(of))
    if not len(upto) or not upto[-1]:
        return None
    place = at * (int(upto[-1]) - 1)
    low, high = (float(of.times[np.searchsorted(upto, k, side="right")]) for k in (math.floor(place), math.ceil(place)))
    return low + (high - low) * (place - math.floor(place))


def _classes(part: str, of: Followed, bounds: tuple[int, ...]) -> Iterator[Mapping[str, object]]:
    """How many reached the other service within each class of time, and at the end how many did not."""
    starts, reached = int(of.ended.sum()), _reached(of)
    for low, high in pairwise((0, *bounds, math.inf)):
        events = int(reached[(of.times >= low) & (of.times < high)].sum())
        below = None if high == math.inf else high
        yield {"group": part, "from": low, "below": below, "events": events, "share": share(events, starts)}
    left = starts - int(reached.sum())
    yield {"group": part, "from": None, "below": None, "events": left, "share": share(left, starts)}


def _medians(parts: Mapping[str, Followed], setting: Setting) -> list[Mapping[str, object]]:
    if setting.compare is None:
        return []
    spread = [_median_within_ticks(parts[part]) for part in setting.compare]
    if any(each is None for each in spread):
        return []
    (one, one_variance), (other, other_variance) = (each for each in spread if each is not None)
    estimate = plain(one - other, one_variance + other_variance)
    names = dict(zip(("group", "reference"), setting.compare, strict=True))
    return [{**names, "difference": estimate.value, "low": estimate.low, "high": estimate.high}]


def _median_within_ticks(of: Followed) -> tuple[float, float] | None:
    """The median of those who reached, with its variance, as if those of a tick were spread over it evenly."""
    reached = _reached(of)
    n = int(reached.sum())
    if n < FEWEST_EVENTS:
        return None
    place = max(round((n + 1) / 2 - math.sqrt(n)), 1)
    z = float(norm.isf(binom.cdf(place - 1, n, 0.5)))
    upto = np.cumsum(reached)

    def ordered(nth: float) -> float:
        at = int(np.searchsorted(upto, nth, side="left"))
        before = int(upto[at - 1]) if at else 0
        return float(of.times[at]) + (nth - before - 0.5) / int(reached[at])

    spread = (ordered(n - place + 1) - ordered(place)) / (2 * z)
    return (ordered(math.floor((n + 1) / 2)) + ordered(math.ceil((n + 1) / 2))) / 2, spread**2


def _tests(counts: EventCounts, setting: Setting) -> list[Mapping[str, object]]:
    """The log-rank test of the groups that are compared, or of all."""
    names = setting.compare or setting.group_names
    chosen = np.isin(counts.group, [place for place, name in enumerate(counts.groups) if name in names])
    if _REACHED not in counts.kinds or not chosen.any():
        return []
    held = (each[chosen] for each in (counts.time, counts.kind, counts.group, counts.n))
    test = log_rank(EventCounts(counts.times, counts.kinds, counts.groups, *held).compared(_REACHED))
    return [{"test": "log_rank", **test.as_mapping(), "differs": test.p < LEVEL}] if test else []


METHOD: Final = Method(
    name="between",
    kind=Kind.DIAGNOSTIC,
    competence=Competence.ANALYST,
    title=Text("Aika palvelusta toiseen", "Tid från en tjänst till en annan", "Time from a service to another"),
    parameters="from to use classes",
    read=_read,
    measure=measure,
)

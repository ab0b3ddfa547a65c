"""Between: the time from a service to the next of another, its distribution by group, and whether the groups differ in it.

Medians' difference: Price and Bonett, JSCS 72 (2002), on order statistics within ticks, since months tie.

Handbook 2.2 (the pilot's fourth question) and 2.3.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.special import bdtr, ndtri

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import Text
from jalostamo.producing.analyses.catalogue import Competence, Kind, Measured, Method
from jalostamo.producing.analyses.comparing import DIFFERENCE_COLUMNS, LEVEL, SHARE_COLUMNS
from jalostamo.producing.analyses.findings import Found, found
from jalostamo.producing.analyses.parts import parts_of, share, unused
from jalostamo.producing.analyses.waiting import (
    REACHED,
    USUAL,
    bounds_of,
    classes_in,
    of_groups,
    of_part,
    reached_by,
    waited,
)
from jalostamo.producing.intervals import plain
from jalostamo.producing.questions import FEWEST_EVENTS
from jalostamo.producing.survival.comparing import log_rank
from jalostamo.producing.survival.counts import EventCounts, Followed, event_counts
from jalostamo.producing.survival.curves import kaplan_meier, median_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sections import Section
    from jalostamo.producing.analyses.journeys import Journeys
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
_QUANTILES: Final = {"tenth": 0.1, "quarter": 0.25, "median": 0.5, "three_quarters": 0.75, "nine_tenths": 0.9}


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
    return Asked(section.words("from"), section.words("to"), use == "every", classes_in(section))


def measure(engine: Engine, journeys: Journeys, setting: Setting, asked: Asked) -> Measured:
    """The times of all (group "") and of each group; whoever did not reach the other service waited until the end or left."""
    rows = engine.keep(waited(journeys, asked.start, (asked.to,), every=asked.every))
    counts = event_counts(engine, rows, grouped=True)
    if not len(counts.n):
        raise unused("from")
    parts = {part: of_part(counts, part) for part in parts_of(setting)}
    bounds = asked.classes or USUAL[journeys.grain.value]
    tables = {
        "times": found(TIMES, (_times(part, of) for part, of in parts.items())),
        "classes": found(CLASSES, (row for part, of in parts.items() for row in _classes(part, of, bounds))),
    }
    if setting.groups:
        # Members of a household, and the uses of one case, are not independent: neither of the two knows of that.
        alone = setting.unit is setting.case and not asked.every
        tables["medians"] = found(MEDIANS, _medians(parts, setting) if alone else ())
        tables["tests"] = found(TESTS, _tests(counts, setting) if alone else ())
        none = {"shares": Found(SHARE_COLUMNS, ()), "differences": Found(DIFFERENCE_COLUMNS, ())}
        tables |= reached_by(engine, rows, setting, bounds=bounds, grain=journeys.grain) if alone else none
    whole = parts[""]
    return {"starts": int(whole.ended.sum()), "reached": int(whole.ended[:, 1:].sum())}, tables


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
    for low, high in bounds_of(bounds):
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
    z = -float(ndtri(bdtr(place - 1, n, 0.5)))
    upto = np.cumsum(reached)

    def ordered(nth: float) -> float:
        at = int(np.searchsorted(upto, nth, side="left"))
        before = int(upto[at - 1]) if at else 0
        return float(of.times[at]) + (nth - before - 0.5) / int(reached[at])

    spread = (ordered(n - place + 1) - ordered(place)) / (2 * z)
    return (ordered(math.floor((n + 1) / 2)) + ordered(math.ceil((n + 1) / 2))) / 2, spread**2


def _tests(counts: EventCounts, setting: Setting) -> list[Mapping[str, object]]:
    """The log-rank test of the groups that are compared, or of all."""
    chosen = of_groups(counts, setting.compare or setting.group_names)
    if REACHED not in counts.kinds or not len(chosen.n):
        return []
    test = log_rank(chosen.compared(REACHED))
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

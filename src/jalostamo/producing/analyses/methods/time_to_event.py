"""Time to event: how long until a service comes to those who used another, whether it comes sooner to one group, and to whom.

Who leaves the town, or is looked on no longer, is followed until then; an end that competes takes part as an end of its own.
Kaplan and Meier; Aalen and Johansen; the log-rank test and Gray's; Cox's model.

Handbook 2.3 (methods of analysis).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import ibis.expr.types as ir
import numpy as np

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import Text
from jalostamo.producing.analyses.catalogue import Competence, Kind, Measured, Method
from jalostamo.producing.analyses.comparing import DIFFERENCE_COLUMNS, LEVEL, SHARE_COLUMNS
from jalostamo.producing.analyses.findings import Found, found
from jalostamo.producing.analyses.journeys import BIRTH_YEAR, CASE, Grain, Journeys
from jalostamo.producing.analyses.parts import parts_of, unused
from jalostamo.producing.analyses.strata import in_band, year_of
from jalostamo.producing.analyses.waiting import (
    INDEX,
    REACHED,
    STATUS,
    TIME,
    USUAL,
    bounds_of,
    classes_in,
    of_groups,
    of_part,
    reached_by,
    share_of,
    waited,
    with_ends,
)
from jalostamo.producing.intervals import on_logit
from jalostamo.producing.standardisation import GROUP, STRATUM
from jalostamo.producing.survival.comparing import gray, log_rank
from jalostamo.producing.survival.counts import EventCounts, Followed, event_counts
from jalostamo.producing.survival.cox import cox
from jalostamo.producing.survival.curves import Curve, aalen_johansen, kaplan_meier, median_of
from jalostamo.producing.survival.patterns import patterns_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sections import Section
    from jalostamo.producing.analyses.setting import Setting

ENDS: Final = ("group", "starts", "reached", "competing", "left", "median", "low", "high")
CURVE: Final = (
    "group",
    "time",
    "at_risk",
    "reached",
    "competing",
    "left",
    "waiting",
    "low",
    "high",
    "share_reached",
    "reached_low",
    "reached_high",
    "share_competing",
)
INTERVALS: Final = ("group", "from", "below", "at_risk", "reached", "competing", "left", "waiting", "share_reached")
TESTS: Final = ("test", "statistic", "df", "p", "differs")
HAZARDS: Final = ("covariate", "hazard_ratio", "low", "high", "p")
COMPETING: Final = 2
_AGE: Final = "age"
_OF: Final = "of "
_MOST_TIMES: Final = 400
"""A curve is told at so many times at most: more do not show."""


@dataclass(frozen=True, slots=True)
class Asked:
    """From which services to which, which others end the waiting, and by what is known of people it is modelled.

    Without a start, waiting begins with a case's first event.
    """

    start: tuple[str, ...]
    to: tuple[str, ...]
    competing: tuple[str, ...]
    classes: tuple[int, ...]
    covariates: tuple[str, ...]

    @property
    def ends(self) -> tuple[tuple[str, ...], ...]:
        """What ends the waiting: the service that is waited for, then what competes with it."""
        return (self.to, self.competing) if self.competing else (self.to,)


def _read(section: Section) -> Asked:
    start, competing, covariates = (
        section.words(key) if key in section.content else () for key in ("from", "competing", "covariates")
    )
    to = section.words("to")
    if set(to) & set(competing):
        raise Unfit(f"{section.place}: no service is both in 'to' and in 'competing'.", reason="definition_incomplete")
    return Asked(start, to, competing, classes_in(section), covariates)


def measure(engine: Engine, journeys: Journeys, setting: Setting, asked: Asked) -> Measured:
    """The courses of all cases (group "") and of each group, the tests between them, and what the ends go with."""
    rows = engine.keep(waited(journeys, asked.start, asked.ends))
    counts = event_counts(engine, rows.select(TIME, STATUS, group=rows[GROUP]), grouped=True)
    if not len(counts.n):
        raise unused("from")
    parts = {part: with_ends(of_part(counts, part), counts, COMPETING) for part in parts_of(setting)}
    bounds = asked.classes or USUAL[journeys.grain.value]
    tables = {
        "ends": found(ENDS, (_ends(part, of) for part, of in parts.items())),
        "curve": found(CURVE, (row for part, of in parts.items() for row in _curve(part, of))),
        "intervals": found(INTERVALS, (row for part, of in parts.items() for row in _intervals(part, of, bounds))),
    }
    # Members of a household share a fate, of which none of these knows.
    alone = setting.unit is setting.case
    if setting.groups:
        tables["tests"] = found(TESTS, _tests(counts, setting) if alone else ())
        none = {"shares": Found(SHARE_COLUMNS, ()), "differences": Found(DIFFERENCE_COLUMNS, ())}
        tables |= reached_by(engine, rows, setting, bounds=bounds, grain=journeys.grain) if alone else none
    whole = parts[""].ended.sum(axis=0)
    facts = {"starts": int(whole.sum()), "reached": int(whole[REACHED]), "competing": int(whole[COMPETING])}
    if not asked.covariates:
        return facts, tables
    modelled = _covered(rows, journeys, setting, asked)
    number = int(str(engine.only_row(modelled.aggregate(n=modelled.count()))["n"]))
    tables["hazards"] = found(HAZARDS, _hazards(engine, modelled, asked) if alone and number else ())
    return {**facts, "modelled": number}, tables


def _any_end(of: Followed) -> Followed:
    """The same with all ends as one."""
    return Followed(of.times, np.column_stack([of.ended[:, 0], of.ended[:, 1:].sum(axis=1)]))


def _ends(part: str, of: Followed) -> Mapping[str, object]:
    """How waiting ended, and the median of it, whatever ended it."""
    left, reached, competing = (int(number) for number in of.ended.sum(axis=0))
    median = median_of(kaplan_meier(_any_end(of))) if len(of.times) else None
    return {
        "group": part,
        "starts": left + reached + competing,
        "reached": reached,
        "competing": competing,
        "left": left,
        "median": median.estimate if median else None,
        "low": median.low if median else None,
        "high": median.high if median else None,
    }


def _curve(part: str, of: Followed) -> Iterator[Mapping[str, object]]:
    """The shares at each time, or where there are many at so many times as show."""
    if not len(of.times):
        return
    waiting, reached, competing = kaplan_meier(_any_end(of)), aalen_johansen(of, REACHED), aalen_johansen(of, COMPETING)
    low, high = waiting.limits()
    places = np.unique(np.linspace(0, len(of.times) - 1, min(len(of.times), _MOST_TIMES)).round().astype(int))
    before = 0
    for place in (int(each) for each in places):
        counts = of.ended[before : place + 1].sum(axis=0)
        share = share_of(reached, place)
        estimate = on_logit(share, float(reached.standard_error[place]) ** 2)
        yield {
            "group": part,
            "time": float(of.times[place]),
            "at_risk": int(of.at_risk[before]),
            **_counted(counts),
            "waiting": float(waiting.estimate[place]),
            "low": float(low[place]),
            "high": float(high[place]),
            "share_reached": share,
            "reached_low": estimate.low,
            "reached_high": estimate.high,
            "share_competing": share_of(competing, place),
        }
        before = place + 1


def _counted(counts: NDArray[np.int64]) -> Mapping[str, object]:
    return {name: int(counts[place]) for name, place in (("left", 0), ("reached", REACHED), ("competing", COMPETING))}


def _intervals(part: str, of: Followed, bounds: Sequence[int]) -> Iterator[Mapping[str, object]]:
    """A life table: who waited at the start of each class of time, how that ended within it, and the shares at its end."""
    whole = len(of.times) > 0
    waiting, reached = (kaplan_meier(_any_end(of)), aalen_johansen(of, REACHED)) if whole else (None, None)
    for low, high in bounds_of(bounds):
        within = (of.times >= low) & (of.times < high)
        last = int((of.times < high).sum()) - 1
        yield {
            "group": part,
            "from": low,
            "below": None if high == float("inf") else high,
            "at_risk": int(of.ended[of.times >= low].sum()),
            **_counted(of.ended[within].sum(axis=0)),
            "waiting": _at(waiting, last, before=1.0),
            "share_reached": _at(reached, last, before=0.0),
        }


def _at(curve: Curve | None, place: int, *, before: float) -> float | None:
    if curve is None:
        return None
    return share_of(curve, place) if place >= 0 else before


def _tests(counts: EventCounts, setting: Setting) -> Iterator[Mapping[str, object]]:
    """Whether the service comes as soon to all groups while they wait, and to the same share of them."""
    chosen = of_groups(counts, setting.compare or setting.group_names)
    if REACHED not in counts.kinds or not len(chosen.n):
        return
    compared = chosen.compared(REACHED)
    for name, test in (("log_rank", log_rank(compared)), ("gray", gray(compared))):
        if test:
            yield {"test": name, **test.as_mapping(), "differs": test.p < LEVEL}


def _covered(rows: ir.Table, journeys: Journeys, setting: Setting, asked: Asked) -> ir.Table:
    """The cases of which every covariate is known, with these: time, status, and a column for each."""
    fields = [name for name in asked.covariates if name not in {GROUP, _AGE}]
    cases = journeys.cases
    unknown = [name for name in fields if name not in cases.columns]
    if unknown:
        listed = ", ".join(sorted(cases.columns))
        raise Unfit(
            f"'covariates' names '{unknown[0]}', which the cases do not have: {GROUP}, {_AGE}, {listed}.",
            reason="field_unknown",
        )
    told = cases.select(CASE, **{f"{_OF}{name}": cases[name].cast("string") for name in fields})
    joined = rows.inner_join(told, CASE)
    if GROUP in asked.covariates:
        joined = _by_group(joined, setting)
    if _AGE in asked.covariates:
        joined = _by_age(joined, setting, journeys.grain)
    names = [f"{_OF}{name}" for name in asked.covariates]
    known = joined.filter([joined[name].notnull() for name in names])
    return known.select(TIME, STATUS, *names)


def _by_group(joined: ir.Table, setting: Setting) -> ir.Table:
    """Of two groups that are compared whether it is the first; else which group it is."""
    if setting.compare is None:
        return joined.mutate(**{f"{_OF}{GROUP}": joined[GROUP]})
    pair = joined.filter(joined[GROUP].isin(list(setting.compare)))
    return pair.mutate(**{f"{_OF}{GROUP}": (pair[GROUP] == setting.compare[0]).cast("int64")})


def _by_age(joined: ir.Table, setting: Setting, grain: Grain) -> ir.Table:
    """The age band at the start or, without any, the age in years."""
    year = year_of(joined[INDEX], grain)
    if setting.groups and setting.groups.age_bands:
        banded = in_band(joined, year, setting)
        return banded.mutate(**{f"{_OF}{_AGE}": banded[STRATUM]})
    return joined.mutate(**{f"{_OF}{_AGE}": (year - joined[BIRTH_YEAR]).cast("int64")})


def _hazards(engine: Engine, modelled: ir.Table, asked: Asked) -> Iterator[Mapping[str, object]]:
    """How many times as soon the service comes, by each covariate, all others alike; ends that compete are no end here."""
    fitted = cox(patterns_of(engine, modelled, [f"{_OF}{name}" for name in asked.covariates], event=REACHED))
    for each in fitted.coefficients:
        yield {
            "covariate": each.name.removeprefix(_OF),
            "hazard_ratio": each.hazard_ratio.value,
            "low": each.hazard_ratio.low,
            "high": each.hazard_ratio.high,
            "p": each.p,
        }


METHOD: Final = Method(
    name="time_to_event",
    kind=Kind.DIAGNOSTIC,
    competence=Competence.STATISTICIAN,
    title=Text("Aika tapahtumaan", "Tid till händelse", "Time to event"),
    parameters="from to competing classes covariates",
    read=_read,
    measure=measure,
)

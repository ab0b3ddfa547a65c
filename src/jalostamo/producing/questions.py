"""Answering the questions of a definition from a release: rows by method, rates by group, comparison of two groups.

Handbook 2.2 (modelling and analysing data).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from jalostamo.producing.describe import volume_rows, within_rows
from jalostamo.producing.event_log import EventLog, event_log
from jalostamo.producing.intervals import benjamini_hochberg, on_log, on_logit, plain, two_sided_p, wilson
from jalostamo.producing.results import Comparison, Estimate, Flow, GroupEstimate, Result
from jalostamo.producing.standardisation import Rate, rates
from jalostamo.producing.steps import flows, next_step_rows

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.nonsensitive.releases import Release
    from jalostamo.producing.definitions import Definition, Question

PER: Final = 1000.0
MOST_UNSEEN: Final = -math.log(0.025)
"""Events expected at most where none was seen: the upper end of Poisson's exact 95 % interval for a count of 0."""

FEWEST_EVENTS: Final = 5
"""Below this many customers with the event, in either group, a comparison is not made: no interval would hold."""


@dataclass(frozen=True, slots=True)
class _Compared:
    subject: str
    scale: Literal["ratio", "difference"]
    estimate: Estimate
    p: float


_ROWS: Final = {"volume": volume_rows, "within": within_rows, "next_step": next_step_rows}


def answer(engine: Engine, release: Release, definition: Definition) -> tuple[Result, ...]:
    """The results of every question of a definition, in its order; parts that share a name are one result."""
    log = event_log(engine, release, definition)
    names = dict.fromkeys(question.name for question in definition.questions)
    return tuple(_answer(engine, log, definition, name, release=release.digest) for name in names)


def _answer(engine: Engine, log: EventLog, definition: Definition, name: str, *, release: str) -> Result:
    parts = [question for question in definition.questions if question.name == name]
    groups: list[GroupEstimate] = []
    compared: list[_Compared] = []
    moved: list[Flow] = []
    for part in parts:
        found = _rates(engine, log, definition, part)
        groups += [_group(rate, per_years=part.method == "volume") for rate in found if rate.t]
        compared += _compared(found, part, definition.compare)
        moved += flows(engine, log, part, groups=definition.groups) if part.steps else ()
    return Result(
        name=name,
        method="+".join(part.method for part in parts),
        unit=definition.unit,
        scale="per_1000_years" if parts[0].method == "volume" else "share",
        definition=definition.digest,
        release=release,
        groups=tuple(groups),
        comparisons=_adjusted(compared, definition.compare),
        flows=tuple(moved),
    )


def _rates(engine: Engine, log: EventLog, definition: Definition, question: Question) -> list[Rate]:
    rows = _ROWS[question.method](engine, log, question)
    standard = sorted({value for name in definition.compare for value in definition.groups[name]})
    found = rates(engine, rows, groups=definition.groups, standard=standard)
    subjects = list(question.subjects) or list(dict.fromkeys(rate.subject for rate in found))
    order = {group: place for place, group in enumerate(definition.groups)}
    return sorted(found, key=lambda rate: (subjects.index(rate.subject), order[rate.group]))


def _group(rate: Rate, *, per_years: bool) -> GroupEstimate:
    if rate.x == 0:
        return _none(rate, per_years=per_years)
    if per_years:
        crude = _scaled(on_log(rate.crude, rate.crude_variance))
        standardised = (
            None if rate.standardised is None else _scaled(on_log(rate.standardised, rate.standardised_variance))
        )
        return GroupEstimate(rate.subject, rate.group, rate.customers, rate.base, rate.t, crude, standardised)
    crude = wilson(round(rate.x), round(rate.t)) if rate.t == rate.base else on_logit(rate.crude, rate.crude_variance)
    standardised = None if rate.standardised is None else on_logit(rate.standardised, rate.standardised_variance)
    return GroupEstimate(rate.subject, rate.group, rate.customers, rate.base, None, crude, standardised)


def _none(rate: Rate, *, per_years: bool) -> GroupEstimate:
    """Nobody: there is no variance to judge by, but the interval of the count itself has an upper end."""
    nobody = Estimate(0.0, 0.0, PER * MOST_UNSEEN / rate.t) if per_years else wilson(0, rate.base)
    standardised = None if rate.standardised is None else nobody
    exposure = rate.t if per_years else None
    return GroupEstimate(rate.subject, rate.group, 0, rate.base, exposure, nobody, standardised)


def _scaled(estimate: Estimate) -> Estimate:
    return Estimate(estimate.value * PER, estimate.low * PER, estimate.high * PER)


def _compared(found: Sequence[Rate], question: Question, compare: tuple[str, str]) -> list[_Compared]:
    by_key = {(rate.subject, rate.group): rate for rate in found}
    subjects = dict.fromkeys(rate.subject for rate in found)
    pairs = [(by_key.get((subject, compare[0])), by_key.get((subject, compare[1]))) for subject in subjects]
    sound = [(one, other) for one, other in pairs if one and other and _comparable(one) and _comparable(other)]
    return [_ratio(one, other) if question.comparison == "ratio" else _difference(one, other) for one, other in sound]


def _adjusted(compared: Sequence[_Compared], compare: tuple[str, str]) -> tuple[Comparison, ...]:
    adjusted = benjamini_hochberg([found.p for found in compared])
    return tuple(
        Comparison(found.subject, *compare, found.scale, found.estimate, found.p, p)
        for found, p in zip(compared, adjusted, strict=True)
    )


def _comparable(rate: Rate) -> bool:
    return rate.standardised is not None and rate.standardised > 0 and rate.customers >= FEWEST_EVENTS


def _difference(one: Rate, other: Rate) -> _Compared:
    """The difference of two standardised rates of groups that share no unit."""
    value = (one.standardised or 0.0) - (other.standardised or 0.0)
    variance = one.standardised_variance + other.standardised_variance
    return _Compared(one.subject, "difference", plain(value, variance), two_sided_p(value, variance))


def _ratio(one: Rate, other: Rate) -> _Compared:
    """The ratio of two standardised rates of groups that share no unit; its variance is taken on the log scale."""
    first, second = one.standardised or 0.0, other.standardised or 0.0
    relative = one.standardised_variance / first**2 + other.standardised_variance / second**2
    value = first / second
    return _Compared(one.subject, "ratio", on_log(value, value**2 * relative), two_sided_p(math.log(value), relative))

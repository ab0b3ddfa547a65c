"""Answering the questions of a definition from a release: rows by method, rates by group, comparison of two groups.

Handbook 2.2 (modelling and analysing data).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from jalostamo.producing.describe import volume_rows, within_rows
from jalostamo.producing.event_log import EventLog, event_log
from jalostamo.producing.intervals import benjamini_hochberg, on_log, on_logit, plain, two_sided_p, wilson
from jalostamo.producing.results import Comparison, Estimate, GroupEstimate, Result
from jalostamo.producing.standardisation import Rate, rates
from jalostamo.producing.steps import flows, next_step_rows

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.nonsensitive.releases import Release
    from jalostamo.producing.definitions import Definition, Question

PER: Final = 1000.0
FEWEST_EVENTS: Final = 5
"""Below this many customers with the event, in either group, a comparison is not made: no interval would hold."""

_ROWS: Final = {"volume": volume_rows, "within": within_rows, "next_step": next_step_rows}


def answer(engine: Engine, release: Release, definition: Definition) -> tuple[Result, ...]:
    """The results of every question of a definition, in its order."""
    log = event_log(engine, release, definition)
    return tuple(
        _answer(engine, log, definition, question, release=release.digest) for question in definition.questions
    )


def _answer(engine: Engine, log: EventLog, definition: Definition, question: Question, *, release: str) -> Result:
    rows = _ROWS[question.method](engine, log, question)
    standard = sorted({value for name in definition.compare for value in definition.groups[name]})
    found = rates(engine, rows, groups=definition.groups, standard=standard)
    order = list(question.subjects) or list(dict.fromkeys(rate.subject for rate in found))
    ordered = sorted(found, key=lambda rate: (order.index(rate.subject), list(definition.groups).index(rate.group)))
    has_rates = question.method == "volume"
    return Result(
        name=question.name,
        method=question.method,
        unit=definition.unit,
        scale="per_1000_years" if has_rates else "share",
        definition=definition.digest,
        release=release,
        groups=tuple(_group(rate, per_years=has_rates) for rate in ordered if rate.t),
        comparisons=_comparisons(ordered, question, definition.compare),
        flows=flows(engine, log, question, groups=definition.groups) if question.steps else (),
    )


def _group(rate: Rate, *, per_years: bool) -> GroupEstimate:
    if per_years:
        crude = _scaled(on_log(rate.crude, rate.crude_variance))
        standardised = (
            None if rate.standardised is None else _scaled(on_log(rate.standardised, rate.standardised_variance))
        )
        return GroupEstimate(rate.subject, rate.group, rate.customers, rate.base, rate.t, crude, standardised)
    crude = wilson(round(rate.x), round(rate.t)) if rate.t == rate.base else on_logit(rate.crude, rate.crude_variance)
    standardised = None if rate.standardised is None else on_logit(rate.standardised, rate.standardised_variance)
    return GroupEstimate(rate.subject, rate.group, rate.customers, rate.base, None, crude, standardised)


def _scaled(estimate: Estimate) -> Estimate:
    return Estimate(estimate.value * PER, estimate.low * PER, estimate.high * PER)


def _comparisons(found: Sequence[Rate], question: Question, compare: tuple[str, str]) -> tuple[Comparison, ...]:
    by_key = {(rate.subject, rate.group): rate for rate in found}
    pairs = [
        (by_key.get((s, compare[0])), by_key.get((s, compare[1])))
        for s in dict.fromkeys(rate.subject for rate in found)
    ]
    sound = [(one, other) for one, other in pairs if one and other and _comparable(one) and _comparable(other)]
    compared = [_compared(one, other, ratio=question.comparison == "ratio") for one, other in sound]
    adjusted = benjamini_hochberg([p for _, p in compared])
    return tuple(
        Comparison(one.subject, *compare, question.comparison, estimate, p, adjusted_p)
        for (one, _), (estimate, p), adjusted_p in zip(sound, compared, adjusted, strict=True)
    )


def _comparable(rate: Rate) -> bool:
    return rate.standardised is not None and rate.standardised > 0 and rate.customers >= FEWEST_EVENTS


def _compared(one: Rate, other: Rate, *, ratio: bool) -> tuple[Estimate, float]:
    """The ratio or the difference of two standardised rates; the two groups share no unit."""
    first, second = one.standardised or 0.0, other.standardised or 0.0
    if not ratio:
        variance = one.standardised_variance + other.standardised_variance
        return plain(first - second, variance), two_sided_p(first - second, variance)
    relative = one.standardised_variance / first**2 + other.standardised_variance / second**2
    value = first / second
    return on_log(value, value**2 * relative), two_sided_p(math.log(value), relative)

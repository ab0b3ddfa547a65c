"""The factor screen: of hundreds of things that people used, met with or are, which precede a start that is asked about.

Unlike before and after, which counts customers, it counts months at risk, and looks back from each of them alone: what
comes with or after a start is no factor of it. A factor precedes; whether it causes, no screen can tell.

Handbook 2.2 (customer paths) and 3.1.3 (what precedes a need for services).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

from jalostamo.concepts.languages import Text
from jalostamo.producing.analyses.catalogue import Competence, Kind, Measured, Method
from jalostamo.producing.analyses.findings import Found, found
from jalostamo.producing.analyses.methods.factor_screen.asked import PARAMETERS, Asked, read
from jalostamo.producing.analyses.methods.factor_screen.attributes import Described, base_of, described, of_strata
from jalostamo.producing.analyses.methods.factor_screen.exposure import OWN, Exposure, Exposures, exposures
from jalostamo.producing.analyses.methods.factor_screen.risk import at_risk
from jalostamo.producing.analyses.methods.factor_screen.weighing import (
    LEVEL,
    Base,
    Weighed,
    crude,
    e_value,
    median_of,
    weighed,
)
from jalostamo.producing.intervals import benjamini_hochberg

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.producing.analyses.journeys import Journeys
    from jalostamo.producing.analyses.setting import Setting

COLUMNS: Final = (
    "factor",
    "whose",
    "kind",
    "months_before",
    "starts",
    "expected",
    "exposed_months",
    "crude_ratio",
    "ratio",
    "low",
    "high",
    "p",
    "adjusted_p",
    "e_value",
    "median_lag",
    "timing_ratio",
    "timing_p",
    "precedes",
)


@dataclass(frozen=True, slots=True)
class _Tested:
    """A factor as it was compared: by itself, and with the same use at other times where it has a time."""

    named: Mapping[str, str]
    exposure: Exposure
    crude: float | None
    against_others: Weighed
    timing: Weighed | None


def measure(engine: Engine, journeys: Journeys, setting: Setting, asked: Asked) -> Measured:
    """Every factor against all others of the same age, year and number of contacts, the surest first.

    What they are adjusted for, ages and numbers of contacts, stands in a table of its own.
    """
    risk = at_risk(engine, journeys, asked)
    base = base_of(engine, risk)
    counted = exposures(engine, risk, asked, household=setting.unit is not setting.case)
    tested = [*_used(counted, asked, base), *_described(described(engine, risk, asked, base))]
    adjusted_for = [*_described(of_strata(risk, base))]
    cases = cast("int", engine.only_row(risk.cases.aggregate(n=risk.cases.count()))["n"])
    facts = {
        "starts": sum(base.starts.values()),
        "cases_at_risk": cases,
        "months_at_risk": sum(base.months.values()),
        "months_that_only_look_back": asked.seen_before,
        "factors": len(tested),
    }
    return facts, {"factors": _table(tested), "adjusted_for": _table(adjusted_for)}


def _described(values: Iterator[Described]) -> Iterator[_Tested]:
    for kind, words, exposure, others in values:
        named = {"factor": words, "whose": OWN, "kind": kind, "months_before": ""}
        yield _Tested(named, exposure, crude(exposure, others), weighed(exposure, others), None)


def _used(counted: Exposures, asked: Asked, base: Base) -> Iterator[_Tested]:
    for (factor, window), exposure in counted.items():
        if window not in asked.windows:
            continue
        named = {
            "factor": factor.what,
            "whose": factor.whose,
            "kind": "life event" if factor.is_life else "use",
            "months_before": window.text,
        }
        whole = counted[factor, asked.lookback]
        timing = None
        if window != asked.lookback:
            behind = Base(whole.months, whole.starts, {n: base.shared[n] for n in base.shared if n in whole.shared})
            timing = weighed(exposure, behind)
        yield _Tested(named, exposure, crude(exposure, base), weighed(exposure, base), timing)


def _table(tested: Sequence[_Tested]) -> Found:
    """The factors, the surest first; the order in time is tested of those that go with more starts, and of them alone."""
    adjusted = benjamini_hochberg([each.against_others.p for each in tested])
    likelier = {
        place: each.timing
        for place, (each, p) in enumerate(zip(tested, adjusted, strict=True))
        if each.timing and each.against_others.raises and p < LEVEL
    }
    in_order = benjamini_hochberg([timing.p for timing in likelier.values()])
    preceding = {
        place for (place, timing), p in zip(likelier.items(), in_order, strict=True) if p < LEVEL and timing.raises
    }
    rows = [_row(each, adjusted[place], precedes=place in preceding) for place, each in enumerate(tested)]
    return found(COLUMNS, sorted(rows, key=_by_sureness))


def _row(each: _Tested, adjusted_p: float, *, precedes: bool) -> dict[str, object]:
    ratio, timing = each.against_others.ratio, each.timing
    return {
        **each.named,
        "starts": each.exposure.starts.total(),
        "expected": each.against_others.expected,
        "exposed_months": each.exposure.months.total(),
        "crude_ratio": each.crude,
        "ratio": ratio.estimate,
        "low": ratio.low,
        "high": ratio.high,
        "p": each.against_others.p,
        "adjusted_p": adjusted_p,
        "e_value": e_value(ratio.estimate),
        "median_lag": median_of(each.exposure.lags),
        "timing_ratio": timing.ratio.estimate if timing else None,
        "timing_p": timing.p if timing else None,
        "precedes": precedes,
    }


def _by_sureness(row: Mapping[str, object]) -> tuple[object, ...]:
    ratio = cast("float | None", row["ratio"])
    effect = abs(math.log(ratio)) if ratio else math.inf if ratio == 0 else 0.0
    return (row["adjusted_p"], row["p"], -effect, *(row[name] for name in COLUMNS[:4]))


METHOD: Final = Method(
    name="factor_screen",
    kind=Kind.DIAGNOSTIC,
    competence=Competence.STATISTICIAN,
    title=Text("Mikä edeltää", "Vad som föregår", "What precedes"),
    parameters=PARAMETERS,
    read=read,
    measure=measure,
)

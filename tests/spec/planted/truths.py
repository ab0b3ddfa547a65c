"""Every truth of a town beside what its files say: the measured value, and whether it is where it must be.

Handbook 2.2, step 5.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isnan
from typing import Final

from tests.spec.planted.costs import measure_costs
from tests.spec.planted.counts import measure_counts, planted_counts
from tests.spec.planted.factors import factor_name, measure_factors
from tests.spec.planted.files import Description, Files
from tests.spec.planted.library import measure_library
from tests.spec.planted.museum import measure_museum
from tests.spec.planted.precursor import measure_precursor
from tests.spec.planted.rates import Estimate
from tests.spec.planted.services import measure_services
from tests.spec.planted.sports import measure_sports
from tests.spec.planted.suffers import ALIKE_BY_CHANCE, measure_faults, planted_faults

LEAST_AGREEMENT: Final = 0.8
LEAST_SILENT: Final = 0.9  # of the candidates without an effect: 95 % are silent at the mean
NO_VALUE: Final = Estimate(float("nan"), float("nan"), float("nan"))
CHAPTERS: Final = (
    measure_services,
    measure_precursor,
    measure_library,
    measure_museum,
    measure_sports,
    measure_costs,
)
# What the truth says in words or beside a value, and the value that those words give to a measurement of its own.
WITHOUT_INTERVAL: Final = {
    "companion_dental_visits": 1.0,
    "companion_library_loans": 1.0,
    "companion_sports_visits": 1.0,
    "precursor_FC_support.before_the_lag": 1.0,
    "precursor_FC_support.after_the_lag": 1.0,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One truth: its value, what was measured, the interval, and whether the interval is the truth's or our own."""

    name: str
    scale: str
    truth: float
    measured: float
    low: float
    high: float
    is_own: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the measurement is in the truth's interval, or the truth in the measurement's own."""
        return self.low <= (self.truth if self.is_own else self.measured) <= self.high

    def of_a_wrong_truth(self) -> Outcome:
        """The same measurement beside a truth that is another one by as much as matters."""
        wrong = WRONG[self.scale](self.truth)
        if self.is_own:
            return replace(self, truth=wrong)
        if self.scale == "ratio":
            by = wrong / self.truth
            return replace(self, truth=wrong, low=self.low * by, high=self.high * by)
        by = wrong - self.truth
        return replace(self, truth=wrong, low=self.low + by, high=self.high + by)


WRONG: Final = {
    "ratio": lambda value: 1 / value if abs(value - 1) > 0.1 else 4 * value,
    "difference": lambda value: -value,
    "share": lambda value: value + 0.05,
    "days": lambda value: value / 2,
    "count": lambda value: value + 1,
    "least": lambda value: value + 1,
}


def outcomes_in_intervals(files: Files) -> list[Outcome]:
    """Put every truth that chance blurs beside its measurement."""
    found: dict[str, Estimate] = {}
    for measure in CHAPTERS:
        found |= measure(files)
    planted = files.truth["planted"]
    given = [
        _given(name, truth, found.get(name, NO_VALUE))
        for name, truth in planted.items()
        if truth["scale"] != "count" or name == "museum_groups"
    ]
    lag = planted["precursor_FC_support"]["lag_days"]["median_of_the_excess"]
    own = [_own(name, "ratio", value, found[name]) for name, value in WITHOUT_INTERVAL.items()]
    return [
        *given,
        *own,
        _own("precursor_FC_support.lag_days", "days", lag, found["precursor_FC_support.middle_of_the_lag"]),
        Outcome("museum_groups.agreement", "least", 1.0, found["museum_groups.agreement"].value, LEAST_AGREEMENT, 1.0),
        *_factors(files),
    ]


def _given(name: str, truth: Description, found: Estimate) -> Outcome:
    return Outcome(name, truth["scale"], truth["value"], found.value, *truth["interval"])


def _own(name: str, scale: str, value: float, found: Estimate) -> Outcome:
    return Outcome(name, scale, value, found.value, found.low, found.high, is_own=True)


def _factors(files: Files) -> list[Outcome]:
    found = measure_factors(files)
    effects, silent = [], []
    for factor in files.truth["factors"]:
        name, ratio = factor_name(factor), factor["rate_ratio"]
        estimate = found.get(name, NO_VALUE)
        if ratio != 1:
            effects.append(Outcome(f"factors.{name}", "ratio", ratio, estimate.value, *factor["interval"]))
        elif not isnan(estimate.value):
            silent.append(estimate.covers(1.0))
    share = sum(silent) / len(silent)
    return [*effects, Outcome("factors.without_effect", "least", 0.95, share, LEAST_SILENT, 1.0)]


def exact_outcomes(files: Files) -> list[Outcome]:
    """Put every number that must be exact beside its count."""
    truths = planted_counts(files) | planted_faults(files) | _migration(files)
    found = measure_counts(files) | measure_faults(files) | _counted_migration(files)
    return [_exact(name, value, found.get(name, 0)) for name, value in truths.items()]


def _exact(name: str, truth: int, found: int) -> Outcome:
    by_chance = [f"suffers.{table}.exact_duplicates" for table in ALIKE_BY_CHANCE]
    return Outcome(name, "count", truth, found, truth, float("inf") if name in by_chance else truth)


def _migration(files: Files) -> dict[str, int]:
    groups = files.truth["museum_groups"]
    names = groups["groups"]
    return {
        f"museum_groups.migration.{one}>{other}": number
        for one, row in zip(names, groups["migration"], strict=True)
        for other, number in zip(names, row, strict=True)
    }


def _counted_migration(files: Files) -> dict[str, int]:
    return {name: int(each.value) for name, each in measure_museum(files).items() if name.startswith("museum_groups.m")}

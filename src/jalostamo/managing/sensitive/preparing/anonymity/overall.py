"""Models of the release as a whole: average risk, uniqueness, and that each class of the population is present enough.

They are read from what is left when the classes that fail by themselves are suppressed; no further class is suppressed for
them. Suppression may mend them or not, so a node tells of the finer ones only what is proved: each row's risk can only grow
there, and no more than the limit can be left out.
Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from jalostamo.managing.sensitive.preparing.anonymity.held import Held
from jalostamo.managing.sensitive.preparing.anonymity.limits import CLOSE, Limits
from jalostamo.managing.sensitive.preparing.anonymity.problem import Histogram, Integers, Reals
from jalostamo.managing.sensitive.preparing.anonymity.uniqueness import share_unique
from jalostamo.managing.sensitive.preparing.anonymity.views import View

type Risk = Callable[[Integers, Integers], Reals]
"""The risk of somebody in a class, by how many of the release and of the population it holds."""

_ROUNDED = 1e-12


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Overall:
    """What is asked of the release as a whole; `risks` are means over its people, each with the most that it may be.

    `rows` are those of the table, `limit` how many of them may be suppressed, `by_rows` tells that each is somebody.
    """

    limits: Limits
    held: Held | None
    risks: tuple[tuple[Risk, float], ...]
    rows: int
    limit: int
    by_rows: bool

    def holds(self, view: View, people: Integers) -> bool:
        """Whether the release holds, with so many people left of each class."""
        left = people > 0
        size, held = people[left], self._held(view)[left]
        total = int(size.sum())
        for risk, most in self.risks:
            if total and float(size @ risk(size, held)) / total > most + CLOSE:
                return False
        return self._is_rare(size) and self._is_present(view, people)

    def never(self, view: View, lasting: Integers) -> bool:
        """Whether no finer node can hold, which suppresses all that is `lasting` here."""
        if self.limits.least_presence is not None and self.held is not None:
            if self.held.only_there(view):
                return True
            if self.by_rows and self._least_present(view, view.rows - lasting) < self.limits.least_presence - CLOSE:
                return True
        if not self.by_rows or not self.risks or self.limit >= self.rows:
            return False
        alive = lasting == 0
        size, held = view.rows[alive], self._held(view)[alive]
        spared = self.limit - int(lasting.sum())
        return any(self._at_least(risk(size, held), size, spared) > most + CLOSE for risk, most in self.risks)

    def _at_least(self, risk: Reals, size: Integers, spared: int) -> float:
        """The mean risk when as many rows as may be are left out, those at most risk; finer classes only add to it."""
        order = np.argsort(-risk)
        risk, size = risk[order], size[order]
        before = np.cumsum(size) - size
        kept = size - np.clip(spared - before, 0, size)
        return float(kept @ risk) / (self.rows - self.limit) * (1 - _ROUNDED)

    def _held(self, view: View) -> Integers:
        return view.rows if self.held is None else self.held.in_classes(view)

    def _is_rare(self, size: Integers) -> bool:
        most, population = self.limits.population_uniqueness, self.limits.population_size
        if most is None or population is None or not len(size):
            return True
        return share_unique(size, population) <= most + CLOSE

    def _is_present(self, view: View, people: Integers) -> bool:
        least = self.limits.least_presence
        if least is None or self.held is None:
            return True
        return not self.held.only_there(view) and self._least_present(view, people) >= least - CLOSE

    def _least_present(self, view: View, people: Integers) -> float:
        held = self._held(view)
        known = held > 0
        return float((people[known] / held[known]).min(initial=np.inf))


def overall_of(limits: Limits, histogram: Histogram, held: Held | None, suppressed_rows: int) -> Overall | None:
    """What a recipe asks of the release as a whole, or None where it asks for nothing of the kind."""
    risks: list[tuple[Risk, float]] = []
    if limits.average_risk is not None:
        against = _in_population if limits.against_population else _in_release
        risks.append((against, limits.average_risk))
    if limits.sample_uniqueness is not None:
        risks.append((_alone_in_release, limits.sample_uniqueness))
    if limits.population_uniqueness is not None and limits.population_size is None:
        risks.append((_alone_in_population, limits.population_uniqueness))
    estimated = limits.population_uniqueness is not None and limits.population_size is not None
    if not risks and not estimated and limits.least_presence is None:
        return None
    rows, by_rows = int(histogram.rows.sum()), not histogram.units
    return Overall(limits, held, tuple(risks), rows, suppressed_rows, by_rows)


def _in_release(size: Integers, _: Integers) -> Reals:
    risk: Reals = 1 / size
    return risk


def _in_population(_: Integers, held: Integers) -> Reals:
    risk: Reals = 1 / held
    return risk


def _alone_in_release(size: Integers, _: Integers) -> Reals:
    return np.where(size == 1, 1.0, 0.0)


def _alone_in_population(_: Integers, held: Integers) -> Reals:
    return np.where(held == 1, 1.0, 0.0)

"""How far people may stand out of a release, beside k, l and t: against the rows themselves, or against a population.

k-map: Sweeney 2002. Presence: Nergiz, Atzori, Clifton 2007. The views of risk: El Emam 2013. Uniqueness: Dankar, El Emam,
Neisa, Roffey 2012.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Final

CLOSE: Final = 1e-9
"""Shares and risks are quotients: what is asked counts as met within this."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is asked of the release beside k, l and t; None where nothing is.

    `against_population` says whose classes the two risks are read from. `population_size` stands where the population is
    known by its size alone: then its uniqueness is estimated.
    """

    k_map: int | None = None
    least_presence: float | None = None
    most_presence: float | None = None
    maximum_risk: float | None = None
    average_risk: float | None = None
    sample_uniqueness: float | None = None
    population_uniqueness: float | None = None
    against_population: bool = False
    population_size: int | None = None

    @property
    def any(self) -> bool:
        """Whether anything is asked."""
        asked = (self.maximum_risk, self.average_risk, self.sample_uniqueness, self.population_uniqueness)
        return any(limit is not None for limit in (self.k_map, self.least_presence, self.most_presence, *asked))

    @property
    def reads_population(self) -> tuple[str, ...]:
        """The models that cannot be read from the rows alone, by their names."""
        risks = (
            {"maximum_risk": self.maximum_risk, "average_risk": self.average_risk} if self.against_population else {}
        )
        presence = self.most_presence if self.least_presence is None else self.least_presence
        asked = {
            "k_map": self.k_map,
            "presence": presence,
            **risks,
            "population_uniqueness": self.population_uniqueness,
        }
        return tuple(name for name, limit in asked.items() if limit is not None)

    @property
    def counts_population(self) -> tuple[str, ...]:
        """Those of them that need the population's rows: uniqueness alone can be estimated from its size."""
        estimated = self.population_size is not None
        return tuple(name for name in self.reads_population if not (estimated and name == "population_uniqueness"))

    @property
    def way_on(self) -> str:
        """What would help where no generalisation meets the models of the whole release; empty where none is asked."""
        found = ""
        if any(one is not None for one in (self.average_risk, self.sample_uniqueness, self.population_uniqueness)):
            found += " A k (or k_map) leaves small classes out before risks and uniqueness of all rows are read."
        if self.least_presence is not None:
            found += " A least presence holds only where each class of the population has rows, and none of them is left out."
        return found

    @property
    def least_units(self) -> int:
        """How many units a released class has at least for its risk to be low enough."""
        return 1 if self.maximum_risk is None or self.against_population else _least(self.maximum_risk)

    @property
    def least_held(self) -> int:
        """How many of the population a released class holds at least; 0 where nothing is counted in the population."""
        if not self.counts_population:
            return 0
        risk = self.maximum_risk if self.against_population else None
        return max(1, self.k_map or 1, 1 if risk is None else _least(risk))


def _least(risk: float) -> int:
    """The smallest class of which one is recognised with at most this risk."""
    return max(1, ceil(1 / (risk + CLOSE)))

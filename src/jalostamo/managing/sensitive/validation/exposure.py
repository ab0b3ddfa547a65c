"""How exposed the people of a table are, read from its classes and from those of the population that they are some of.

k-map: Sweeney 2002. Presence: Nergiz, Atzori, Clifton 2007. Risks: of the release's own classes, or of the population's
where somebody looks her up there. A class that the population does not have meets no model that is counted in it.

Handbook 2.6, phase 5 (the results of the processing are validated).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from jalostamo.managing.sensitive.validation.found import ModelFound
from jalostamo.managing.sensitive.validation.rarity import rarity_of

if TYPE_CHECKING:
    import pyarrow as pa

PEOPLE: Final = "people"
HELD: Final = "held"

_CLOSE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Census:
    """The population's classes, by the names of the table's: one column for each, `key_0`, `key_1` ..., and `HELD`."""

    name: str
    classes: pa.Table


@dataclass(frozen=True, slots=True)
class Exposure:
    """What is asked of how exposed people are; None where nothing is. `size` is the population's where that alone is known."""

    k_map: int | None = None
    least_presence: float | None = None
    most_presence: float | None = None
    maximum_risk: float | None = None
    average_risk: float | None = None
    sample_uniqueness: float | None = None
    population_uniqueness: float | None = None
    against_population: bool = False
    size: int | None = None
    census: Census | None = None


@dataclass(frozen=True, slots=True, repr=False)
class _Classes:
    """The people of each released class, and how many of the population are in it; and every share of the population."""

    people: NDArray[np.int64]
    held: NDArray[np.int64]
    present: NDArray[np.float64]

    @property
    def strangers(self) -> int:
        """The people of classes that the population does not have."""
        return int(self.people[self.held == 0].sum())

    def mean(self, risk: NDArray[np.float64]) -> float:
        """The mean over people of their class's risk."""
        total = int(self.people.sum())
        return float((self.people * risk).sum() / total) if total else 0.0


def exposure_of(classes: pa.Table, asked: Exposure) -> tuple[dict[str, ModelFound], tuple[str, ...]]:
    """What each model finds in a table's classes (`key_0` ... and `PEOPLE`), and what to say beside."""
    told = _side_by_side(classes, asked.census)
    models = {**_counted(told, asked), **_of_risks(told, asked)}
    rare, remarks = _of_uniqueness(told, asked)
    if asked.census is not None:
        held = int(np.asarray(asked.census.classes[HELD]).sum())
        remarks.insert(0, f"The population is {asked.census.name}, {held:,} rows.")
        if told.strangers:
            remarks.insert(
                1, f"It has no class of {told.strangers:,} of the people released: they meet no model of it."
            )
    return {**models, **rare}, tuple(remarks)


def _side_by_side(classes: pa.Table, census: Census | None) -> _Classes:
    if census is None:
        people = np.asarray(classes[PEOPLE]).astype(np.int64)
        return _Classes(people, people, np.ones(len(people)))
    keys = [name for name in classes.column_names if name != PEOPLE]
    both = classes.join(census.classes, keys=keys, join_type="full outer")
    people, held = (both[name].fill_null(0).to_numpy().astype(np.int64) for name in (PEOPLE, HELD))
    known, released = held > 0, people > 0
    return _Classes(people[released], held[released], people[known] / held[known])


def _counted(told: _Classes, asked: Exposure) -> dict[str, ModelFound]:
    found: dict[str, ModelFound] = {}
    if asked.k_map is not None:
        least = int(told.held.min()) if len(told.held) else 0
        found["k_map"] = ModelFound(asked.k_map, least, not len(told.held) or least >= asked.k_map)
    if asked.most_presence is not None:
        most = float(told.present.max(initial=0.0))
        most = max(most, 1.0) if told.strangers else most
        holds = not told.strangers and most <= asked.most_presence + _CLOSE
        found["presence"] = ModelFound(asked.most_presence, most, holds)
    if asked.least_presence is not None:
        least_share = float(told.present.min(initial=1.0))
        holds = not told.strangers and least_share >= asked.least_presence - _CLOSE
        found["presence:least"] = ModelFound(asked.least_presence, least_share, holds)
    return found


def _of_risks(told: _Classes, asked: Exposure) -> dict[str, ModelFound]:
    found: dict[str, ModelFound] = {}
    alike = told.held if asked.against_population else told.people
    risk = 1 / np.maximum(alike, 1)
    strange = asked.against_population and told.strangers > 0
    if asked.maximum_risk is not None:
        most = float(risk.max(initial=0.0))
        found["maximum_risk"] = ModelFound(
            asked.maximum_risk, most, not strange and most <= asked.maximum_risk + _CLOSE
        )
    if asked.average_risk is not None:
        mean = told.mean(risk)
        found["average_risk"] = ModelFound(
            asked.average_risk, mean, not strange and mean <= asked.average_risk + _CLOSE
        )
    return found


def _of_uniqueness(told: _Classes, asked: Exposure) -> tuple[dict[str, ModelFound], list[str]]:
    found: dict[str, ModelFound] = {}
    remarks: list[str] = []
    if asked.sample_uniqueness is not None:
        alone = told.mean((told.people == 1).astype(np.float64))
        found["sample_uniqueness"] = ModelFound(
            asked.sample_uniqueness, alone, alone <= asked.sample_uniqueness + _CLOSE
        )
    if asked.population_uniqueness is not None:
        if asked.size is None:
            alone, sound = told.mean((told.held == 1).astype(np.float64)), not told.strangers
        else:
            estimate = rarity_of(told.people, asked.size)
            alone, sound = estimate.share, True
            remarks.append(f"Population uniqueness, of {asked.size:,} people: {estimate.way}.")
        holds = sound and alone <= asked.population_uniqueness + _CLOSE
        found["population_uniqueness"] = ModelFound(asked.population_uniqueness, alone, holds)
    return found, remarks

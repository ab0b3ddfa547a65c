"""How exactly what was planted in the children's services can be found again, from how many children there are to find it.

Handbook 2.2 (understanding and assessing the results).
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from jalostamo.city import planted
from jalostamo.city.days import Flags, Whole, last_of
from jalostamo.city.spells import Spells
from jalostamo.city.town import Town
from jalostamo.city.vocabularies import ASM, DOMESTIC_LANGUAGES, FC, FW, HS, IFW, NOT, SP

NINETY_FIVE: Final = 1.96
_YEAR: Final = 365
_STEP_DAYS: Final = 25


def intervals(town: Town, decided: Spells, values: dict[str, float]) -> dict[str, list[float]]:
    """Where a right reading of these files finds each planted value, nineteen times out of twenty."""
    reached = _followed(town, decided, (NOT,), _YEAR)
    served = _followed(town, decided, (FW, IFW, SP), _YEAR)
    assessed = _followed(town, decided, (ASM,), _STEP_DAYS)
    reach = float(np.mean(planted.LIGHTER.by_band))
    errors = {
        "reach_ratio": _of_ratio(reached, (reach, reach * planted.LIGHTER.foreign)),
        "result_difference": _of_difference(served, planted.PLACEMENT_AFTER_LIGHTER),
        "volume_ratio_HS": _of_counts(town, decided, HS),
        "volume_ratio_FC": _of_counts(town, decided, FC),
        "step_difference_ASM_EMP": _of_difference(assessed, planted.EMERGENCY),
    }
    return {name: _around(values[name], error, ratio="ratio" in name) for name, error in errors.items()}


def _around(value: float, error: float, *, ratio: bool) -> list[float]:
    if not math.isfinite(error):
        return []
    apart = NINETY_FIVE * error
    low, high = (value * math.exp(-apart), value * math.exp(apart)) if ratio else (value - apart, value + apart)
    return [round(low, 4), round(high, 4)]


def _followed(town: Town, decided: Spells, services: tuple[int, ...], days: int) -> tuple[int, int]:
    """How many have a first such spell that can be followed for so many days: domestic and foreign languages."""
    chosen = decided.where(np.isin(decided.service, services))
    person, first = np.unique(chosen.person, return_index=True)
    until = chosen.start[first] + days
    return _by_group(town, person[(until <= last_of(town.plan.last_year)) & (until <= town.people.left[person])])


def _by_group(town: Town, person: Whole) -> tuple[int, int]:
    foreign: Flags = town.native_language_now[person] >= DOMESTIC_LANGUAGES
    return int(np.count_nonzero(~foreign)), int(np.count_nonzero(foreign))


def _of_counts(town: Town, decided: Spells, service: int) -> float:
    counts = _by_group(town, decided.person[decided.service == service])
    return math.sqrt(sum(1 / number for number in counts)) if all(counts) else math.inf


def _of_ratio(numbers: tuple[int, int], shares: tuple[float, float]) -> float:
    parts = [(1 - p) / (n * p) if n else math.inf for n, p in zip(numbers, shares, strict=True)]
    return math.sqrt(sum(parts))


def _of_difference(numbers: tuple[int, int], shares: tuple[float, float]) -> float:
    parts = [p * (1 - p) / n if n else math.inf for n, p in zip(numbers, shares, strict=True)]
    return math.sqrt(sum(parts))

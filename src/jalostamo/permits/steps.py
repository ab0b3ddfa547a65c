"""The six steps of refining data: who acts in each, who is consulted, to what aim and with which tasks.

Steps say how knowledge is made; the phases of the permissions process say whether it may be.

Handbook 2.2 (the process of refining data).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from importlib.resources import files
from typing import Any, Final

from jalostamo.concepts.languages import Text, text_from


class RefiningStep(IntEnum):
    """One of the six steps, by its number in the handbook."""

    BUSINESS_AIM = 1
    NEED_FOR_INFORMATION = 2
    PREPARING_INFORMATION = 3
    MODELLING_AND_ANALYSIS = 4
    UNDERSTANDING_AND_ASSESSMENT = 5
    UTILISING_INFORMATION = 6


class Party(StrEnum):
    """A party to refining, as the table of steps names it; the last one owns the concept developed."""

    CITY_AND_SERVICE_UNITS = "city_and_service_units"
    ANALYSIS_TEAM = "analysis_team"
    DATA_TEAM = "data_team"
    DEVELOPMENT_UNITS = "development_units"


@dataclass(frozen=True, slots=True)
class StepDescription:
    """What the table says of one step; those consulted give advice and see no data."""

    step: RefiningStep
    act: tuple[Party, ...]
    consulted: tuple[Party, ...]
    aim: Text
    tasks: tuple[Text, ...]


# `Any` is what TOML may hold; the values below look at each entry as they take it.
def _step(step: RefiningStep, entry: Mapping[str, Any]) -> StepDescription:
    place = f"steps.toml, {step.name.lower()}"
    return StepDescription(
        step,
        tuple(Party(party) for party in entry["act"]),
        tuple(Party(party) for party in entry["consulted"]),
        text_from(entry["aim"], place=place),
        tuple(text_from(task, place=place) for task in entry["tasks"]),
    )


def _steps() -> tuple[StepDescription, ...]:
    read = tomllib.loads(files("jalostamo.permits").joinpath("steps.toml").read_text(encoding="utf-8"))
    return tuple(_step(step, read[step.name.lower()]) for step in RefiningStep)


STEPS: Final[tuple[StepDescription, ...]] = _steps()
"""The table of 2.2, in the order of its steps."""

"""The probabilities that rule the children's services: what an analysis of the registers is meant to find again.

A child's age is the calendar year less the year of birth; the domestic languages are Finnish and Swedish.

Handbook 2.2 (the example of child protective services).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from jalostamo.city.days import Flags, Shares, Whole

OLDEST_CHILD: Final = 17
BANDS: Final = ("0-2", "3-6", "7-12", "13-17")
BAND_STARTS: Final = (0, 3, 7, 13)


@dataclass(frozen=True, slots=True)
class Frequency:
    """A frequency is a probability for each band of age, and how many times as large it is for foreign languages."""

    by_band: tuple[float, float, float, float]
    foreign: float

    def of(self, bands: Whole, foreign: Flags) -> Shares:
        """Each child's probability."""
        return np.array(self.by_band, dtype=np.float64)[bands] * np.where(foreign, self.foreign, 1.0)


# Whether one begins in a year of residence.
FAMILY_COUNSELLING: Final = Frequency((0.020, 0.050, 0.060, 0.040), foreign=1.0)
HOME_SERVICE: Final = Frequency((0.060, 0.040, 0.015, 0.005), foreign=0.60)
FIRST_NOTIFICATION: Final = Frequency((0.020, 0.030, 0.045, 0.070), foreign=1.4)
SPELL_DAYS: Final = (30, 270)

# After the first notification, as probability (domestic, foreign), and as first and last day.
ASSESSMENT_DAYS: Final = (5, 60)
EMERGENCY: Final = (0.08, 0.20)
EMERGENCY_DAYS: Final = (3, 25)
LIGHTER: Final = Frequency((0.70, 0.62, 0.50, 0.38), foreign=0.70)
LIGHTER_DAYS: Final = (95, 300)
LIGHTER_KINDS: Final = (0.45, 0.30, 0.25)
PLACEMENT_AFTER_LIGHTER: Final = (0.20, 0.32)
PLACEMENT_AFTER_LIGHTER_DAYS: Final = (30, 330)
PLACEMENT_WITHOUT_LIGHTER: Final = 0.15
PLACEMENT_WITHOUT_LIGHTER_DAYS: Final = (120, 500)
OPEN_CARE_PLACEMENT: Final = 0.60
AFTERCARE: Final = 0.60
REPEATED_NOTIFICATION: Final = 0.25
REPEATED_NOTIFICATION_DAYS: Final = (400, 900)


def band_of(ages: Whole) -> Whole:
    """The band of each age, as its place in BANDS."""
    return np.searchsorted(BAND_STARTS, ages, side="right").astype(np.int64) - 1


def days_within(chance: np.random.Generator, bounds: tuple[int, int], number: int) -> Whole:
    """A number of days for each, all equally likely, both bounds included."""
    return chance.integers(bounds[0], bounds[1], number, endpoint=True)

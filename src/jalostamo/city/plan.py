"""What is asked of the demonstration city: how many people, which years, and the seed of all chance in it.

The same plan gives the same bytes.

Handbook 2.6.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jalostamo.concepts.errors import Misused

FEWEST_PEOPLE: Final = 100
MOST_PEOPLE: Final = 600_000
# The oldest are born some 105 years before the first year, and century signs tell of 1800-2099 only.
YEARS: Final = range(1910, 2100)


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan is what the city is made from; `people` live there on the first day of `first_year`."""

    people: int
    first_year: int
    last_year: int
    seed: int

    def __post_init__(self) -> None:
        if not FEWEST_PEOPLE <= self.people <= MOST_PEOPLE:
            raise Misused(f"--people is between {FEWEST_PEOPLE} and {MOST_PEOPLE}.", reason="city_people")
        if self.first_year not in YEARS or self.last_year not in YEARS or self.first_year > self.last_year:
            years = f"between {YEARS.start} and {YEARS.stop - 1}"
            raise Misused(f"--from and --to are years {years}, and --to is not before --from.", reason="city_years")
        if self.seed < 0:
            raise Misused("--seed is zero or a positive whole number.", reason="city_seed")

    @property
    def years(self) -> range:
        """The years of the registers, both ends included."""
        return range(self.first_year, self.last_year + 1)

    def chance(self, purpose: str, year: int) -> np.random.Generator:
        """The stream of chance for one purpose in one year.

        No two purposes or years share a stream: a longer period leaves every other draw as it was.
        """
        return np.random.default_rng([self.seed, zlib.crc32(purpose.encode("ascii")), year])

    def chance_of_each(self, purpose: str, came_in: NDArray[np.int64]) -> NDArray[np.float64]:
        """One number between 0 and 1 for each person, from the stream of the year of coming into the registers.

        `came_in` is in ascending order: whoever comes later changes nobody's number.
        """
        counts: Sequence[int] = [int(np.count_nonzero(came_in == year)) for year in self.years]
        return np.concatenate([self.chance(purpose, y).random(n) for y, n in zip(self.years, counts, strict=True)])

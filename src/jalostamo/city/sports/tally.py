"""What was planted in the visits to sports facilities: a free pass for the old, and one facility's jump.

Handbook 2.2 (understanding and assessing the results).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.comparing import Compared, told, windows
from jalostamo.city.days import Flags, first_of
from jalostamo.city.sports.visits import FREE_PASS, FREE_PASS_YEAR, GROWN, JUMP, JUMP_MONTH, JUMP_YEAR, PENSION
from jalostamo.city.sports.vocabularies import FACILITY, JUMPING
from jalostamo.city.town import Town
from jalostamo.city.truth import Truth


class Tally:
    """A tally counts what is delivered, year by year, and tells at the end what a right reading finds."""

    def __init__(self, town: Town) -> None:
        self.town = town
        first = town.plan.first_year
        self._free = windows(town.plan, first + FREE_PASS_YEAR, 1)
        self._jump = windows(town.plan, first + JUMP_YEAR, JUMP_MONTH)
        self._by_age, self._by_facility = Compared(town), Compared(town)

    def add(self, year: int, visits: pl.DataFrame) -> None:
        """Count one year's recorded visits, without duplicates."""
        day, age = visits["day"].to_numpy(), visits["age"].to_numpy()
        person = visits["person"].to_numpy().astype(np.int64)
        jumping = visits["facility"].to_numpy() == JUMPING
        if self._free is not None:
            held = self._free.hold(day) & (age >= GROWN) & ~jumping
            after = self._free.afterwards(day)[held]
            self._by_age.add(person[held], in_group=(age >= PENSION)[held], afterwards=after)
            self._add_time(year)
        if self._jump is not None:
            held = self._jump.hold(day) & (age < PENSION)
            self._by_facility.add(person[held], in_group=jumping[held], afterwards=self._jump.afterwards(day)[held])

    def _add_time(self, year: int) -> None:
        """Count the time for which adults live in the town, in the years of the windows."""
        if self._free is None or not self._free.hold(np.array([first_of(year)]))[0]:
            return
        residents = self.town.residents(year)
        adults = residents.where(residents.age >= GROWN)
        after: Flags = np.full(len(adults), first_of(year) >= self._free.change)
        self._by_age.add_time(adults.person, adults.share, in_group=adults.age >= PENSION, afterwards=after)

    def planted(self) -> Truth:
        """The entries of the truth file."""
        first = self.town.plan.first_year
        entries: Truth = {}
        if self._free is not None:
            entries["sports_free_pass"] = told(
                FREE_PASS,
                "ratio",
                self._by_age.interval(FREE_PASS),
                group="aged 65 and over",
                reference="aged 18-64",
                sentence=_FREE_PASS,
                since=f"{first + FREE_PASS_YEAR}-01-01",
                months=self._free.months,
                visits=self._by_age.counts(),
            )
        if self._jump is not None:
            entries["sports_facility_jump"] = told(
                JUMP,
                "ratio",
                self._by_facility.interval(JUMP),
                group=FACILITY.allowed[JUMPING],
                reference="the other facilities",
                sentence=_JUMP,
                since=f"{first + JUMP_YEAR}-{JUMP_MONTH:02d}-01",
                months=self._jump.months,
                visits=self._by_facility.counts(),
            )
        return entries


_FREE_PASS: Final = (
    "Visits at all facilities but ÖSI per year of residence, after the day divided by before, among residents aged 65 and "
    "over, over the same among those aged 18-64, with as many months on either side; age is the calendar year less the "
    "year of birth, known by the identity code of the pass; years of residence are those of the population register."
)
_JUMP: Final = (
    "Visits of people aged 0-64 at facility ÖSI, after the day divided by before, over the same at the other facilities, "
    "with as many months on either side; age is the calendar year less the year of birth."
)

"""By how much last year's records multiply the rate of a first child welfare notification.

Handbook 2.2 (the example of child protective services).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from jalostamo.city.days import Shares, Whole
from jalostamo.city.exposures import REAL, Factor, Who, exposures_in, of_children
from jalostamo.city.people import People
from jalostamo.city.town import Residents, Town


def multiplier_of(town: Town) -> Callable[[int, Whole], Shares]:
    """The multiplier of a town: of a year and of children, from the records of the year before.

    Whatever a child's age, its days in the town and the number of its guardians, its expected value is 1: no code has an
    effect by way of these. The first year has nothing before it, and newcomers have nothing recorded.
    """

    def multiplier(year: int, person: Whole) -> Shares:
        if year <= town.plan.first_year:
            return np.ones(len(person))
        return _multiplied(town, year - 1, person)

    return multiplier


def _multiplied(town: Town, year: int, person: Whole) -> Shares:
    """What the records of a year do to the rate of the next."""
    residents = town.residents(year)
    bits = of_children(town.people, exposures_in(town, year), person)
    product = np.ones(len(person))
    for place, factor in enumerate(REAL):
        likely = _likely(town.people, factor, residents, person=person)
        product *= np.where(bits >> place & 1, factor.rate_ratio, 1.0) / (1 + likely * (factor.rate_ratio - 1))
    return product


def _likely(people: People, factor: Factor, residents: Residents, *, person: Whole) -> Shares:
    """How likely each child has a factor, whoever it is: by age, days in the town and number of guardians."""
    youngest, oldest = factor.ages
    # The last place is nobody's: a guardian who is not there has no record.
    own = np.zeros(len(people) + 1)
    of_age = (residents.age >= youngest) & (residents.age <= oldest)
    own[residents.person[of_age]] = factor.yearly * residents.share[of_age]
    if factor.who is Who.CHILD:
        return own[person]
    return np.asarray(1 - (1 - own[people.guardian_1[person]]) * (1 - own[people.guardian_2[person]]))

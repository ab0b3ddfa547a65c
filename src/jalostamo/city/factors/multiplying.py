"""By how much last year's records multiply the rate of a first child welfare notification.

Handbook 2.2 (the example of child protective services).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from jalostamo.city.days import Flags, Shares, Whole
from jalostamo.city.exposures import REAL, Factor, Who, exposures_in, of_children
from jalostamo.city.people import NOBODY, People
from jalostamo.city.planted import FIRST_NOTIFICATION
from jalostamo.city.services import Children, children_of
from jalostamo.city.town import Residents, Town

_STEPS: Final = 6
# A ratio of fewer is left to chance.
_FEWEST: Final = 20


def multiplier_of(town: Town) -> Callable[[int, Whole], Shares]:
    """The multiplier of a town: of a year and of children, from the records of the year before.

    Whatever a child's age, its days in the town and the number of its guardians, its expected value is 1: no code has an
    effect by way of these. Among the children of a band of age and language group a factor's ratio is the planted one.
    The first year has nothing before it, and newcomers have nothing recorded.
    """

    def multiplier(year: int, person: Whole) -> Shares:
        if year <= town.plan.first_year:
            return np.ones(len(person))
        children, everyone = children_of(town.people, year), np.ones(len(town.people))
        everyone[children.place] = _multiplied(town, year, children)
        return everyone[person]

    return multiplier


@dataclass(frozen=True, slots=True, repr=False)
class _Recorded:
    """What was recorded of children in the year before: a row of `exposed` and of `likely` for each real factor.

    `stratum` is the band of age and the language group within which they are compared, `alike` the band and the number of
    guardians, `days` those in the year of whoever was there the year before too, and `most` the multiple with which a
    notification is certain.
    """

    exposed: Flags
    likely: Shares
    stratum: Whole
    alike: Whole
    days: Shares
    most: Shares

    def product(self, ratios: Shares) -> Shares:
        """Each child's multiple, by the ratios of all factors.

        Who has a factor has a multiple that is alike in the whole stratum, and the others are divided by what that leaves
        them. Divided by each one's own likelihood, those with the factor would have less: they were the likelier to.
        """
        product = np.ones(len(self.days))
        for exposed, likely, ratio in zip(self.exposed, self.likely, ratios, strict=True):
            mean = (self._sums(likely) / np.maximum(self._sums(1.0), 1.0))[self.stratum]
            multiple = ratio / (1 + mean * (ratio - 1))
            product *= np.where(exposed, multiple, (1 - likely * multiple) / (1 - likely))
        return np.minimum(self._evened(np.minimum(product, self.most)), self.most)

    def _evened(self, product: Shares) -> Shares:
        """The multiples, 1 on average whatever the age and the number of guardians; newcomers' are 1 anyway."""
        days, multiples = (np.bincount(self.alike, weights=w) for w in (self.days, self.days * product))
        usual = np.where(multiples > 0, multiples, 1.0) / np.where(multiples > 0, days, 1.0)
        return np.where(self.days > 0, product / usual[self.alike], product)

    def ratio(self, exposed: Flags, product: Shares) -> float:
        """The Mantel-Haenszel ratio of the multiples of the exposed and of the others; not a number for too few."""
        if np.count_nonzero(exposed & (self.days > 0)) < _FEWEST:
            return np.nan
        among, beside = self._sums(exposed), self._sums(~exposed)
        all_days = np.maximum(among + beside, 1.0)
        upper = (self._sums(exposed * product) * beside / all_days).sum()
        return float(upper / (self._sums(~exposed * product) * among / all_days).sum())

    def _sums(self, values: Shares | Flags | float) -> Shares:
        return np.bincount(self.stratum, weights=values * self.days)


def _multiplied(town: Town, year: int, children: Children) -> Shares:
    """What the records of the year before do to the rate of a year.

    A child with many factors is certain to be notified of and no more than that; what its factors lose there, their
    ratios win back from the others, step by step.
    """
    recorded = _recorded(town, year, children)
    planted = np.array([factor.rate_ratio for factor in REAL])
    ratios = planted
    for _ in range(_STEPS):
        product = recorded.product(ratios)
        found = np.array([recorded.ratio(exposed, product) for exposed in recorded.exposed])
        ratios = np.where(np.isnan(found), ratios, ratios * planted / found)
    return recorded.product(ratios)


def _recorded(town: Town, year: int, children: Children) -> _Recorded:
    before, person = town.residents(year - 1), children.place
    bits = of_children(town.people, exposures_in(town, year - 1), person)
    guardians = town.people.guardian_1[person], town.people.guardian_2[person]
    return _Recorded(
        exposed=np.array([bits >> place & 1 == 1 for place in range(len(REAL))]),
        likely=np.array([_likely(town.people, factor, before, person=person) for factor in REAL]),
        stratum=2 * children.band + children.foreign,
        alike=3 * children.band + np.count_nonzero([p != NOBODY for p in guardians], axis=0),
        days=np.where(town.people.resident_in(year - 1)[person], children.days, 0.0),
        most=1 / FIRST_NOTIFICATION.of(children.band, children.foreign),
    )


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

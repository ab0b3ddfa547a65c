"""What the files hold of each real factor: how precisely a right reading of them can find it.

Handbook 2.2 (understanding and assessing the results).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jalostamo.city.days import NEVER, Days, Flags, Shares, Whole, first_of, last_of
from jalostamo.city.exposures import REAL, exposures_in, of_children
from jalostamo.city.factors.candidates import Candidates, candidates
from jalostamo.city.planted import BANDS, OLDEST_CHILD, band_of
from jalostamo.city.spells import Spells
from jalostamo.city.town import Residents, Town
from jalostamo.city.vocabularies import NOT

_STRATA: Final = 2 * len(BANDS)
_PLACE: Final = ("who", "register", "table", "field", "code")
_SENTENCE: Final = (
    "For each year after the first: children aged 0-17 in the year (calendar year less year of birth) who live in the "
    "town on some day of it and on some day of the year before, and have no child welfare notification (NOT in "
    "social_services.decisions) before the year. Exposed is who - the child itself, or at least one of guardian_1 and "
    "guardian_2 of population.persons - has the code recorded with a day of occurrence in the year before. The rate is "
    "first notifications in the year per day of residence in the year, the days after the notification included. The "
    "Mantel-Haenszel rate ratio over all years, by age band (0-2, 3-6, 7-12, 13-17) and language group (domestic: fi, "
    "sv; foreign: others), lies within the interval. A candidate whose rate_ratio is 1.0 has no effect."
)


@dataclass(frozen=True, slots=True, repr=False)
class Counted:
    """Counted are notifications and days of residence by factor and stratum, of the exposed and of the others."""

    exposed: NDArray[np.float64]
    others: NDArray[np.float64]
    days_exposed: NDArray[np.float64]
    days_others: NDArray[np.float64]

    def error(self, place: int) -> float:
        """The standard error of the logarithm of a factor's Mantel-Haenszel rate ratio; infinite where nothing tells."""
        among, beside = self.days_exposed[place], self.days_others[place]
        days = np.maximum(among + beside, 1)
        variance = ((self.exposed[place] + self.others[place]) * among * beside / days**2).sum()
        scale = (self.exposed[place] * beside / days).sum() * (self.others[place] * among / days).sum()
        return math.sqrt(variance / scale) if scale else math.inf


def truth_of_factors(town: Town, decisions: Spells, further: tuple[Candidates, ...] = ()) -> dict[str, object]:
    """The candidates, and of the real ones the interval in which a right reading finds their rate ratios.

    `decisions` are all decisions of the social services; a plan of one year has no factors.
    """
    if len(town.plan.years) == 1:
        return {}
    counted = _counted(town, _first_notifications(town, decisions))
    found: dict[tuple[object, ...], dict[str, object]] = {
        (f.who.value, f.register, f.table, f.field, f.code): _found(counted, place) for place, f in enumerate(REAL)
    }
    rows = [row | found.get(tuple(row[part] for part in _PLACE), {}) for row in candidates(further)]
    planted = {
        "value": len(REAL),
        "scale": "count",
        "interval": [len(REAL), len(REAL)],
        "group": "candidates with a rate ratio other than 1.0, described under the key factors",
        "reference": f"all {len(rows)} candidates",
        "sentence": _SENTENCE,
    }
    return {"planted": {"child_protection_factors": planted}, "factors": rows}


def _found(counted: Counted, place: int) -> dict[str, object]:
    error, ratio = counted.error(place), REAL[place].rate_ratio
    if math.isinf(error):
        return {}
    interval = [round(ratio * math.exp(sign * 1.96 * error), 4) for sign in (-1, 1)]
    return {"interval": interval, "notifications_of_exposed": int(counted.exposed[place].sum())}


def _first_notifications(town: Town, decisions: Spells) -> Days:
    first = np.full(len(town.people), NEVER)
    notified = decisions.where(decisions.service == NOT)
    np.minimum.at(first, notified.person, notified.start)
    return first


def _counted(town: Town, notified: Days) -> Counted:
    sums = np.zeros((4, len(REAL), _STRATA))
    for year in range(town.plan.first_year + 1, town.plan.last_year + 1):
        children = _children_at_risk(town, notified, year)
        own = exposures_in(town, year - 1)
        bits = of_children(town.people, own, children.person)
        stratum = 2 * band_of(children.age) + children.foreign
        event = notified[children.person] <= last_of(year)
        for place in range(len(REAL)):
            sums[:, place] += _by_stratum(bits >> place & 1 == 1, event, children, stratum=stratum)
    return Counted(*sums)


def _children_at_risk(town: Town, notified: Days, year: int) -> Residents:
    """The children of a year who lived in the town the year before, and have not been notified of before it."""
    residents = town.residents(year)
    known = np.isin(residents.person, town.residents(year - 1).person)
    child = (residents.age >= 0) & (residents.age <= OLDEST_CHILD)
    return residents.where(known & child & (notified[residents.person] >= first_of(year)))


def _by_stratum(exposed: Flags, event: Flags, children: Residents, *, stratum: Whole) -> Shares:
    ones = np.ones(len(children))
    counts = [(event & exposed) * ones, (event & ~exposed) * ones]
    days = [np.where(exposed, children.days, 0.0), np.where(exposed, 0.0, children.days)]
    return np.array([np.bincount(stratum, weights=count, minlength=_STRATA) for count in (*counts, *days)])

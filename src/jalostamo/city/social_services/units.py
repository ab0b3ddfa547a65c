"""Which unit of the social services has to do with whom.

Handbook 2.2 (the example of child protective services).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from jalostamo.city.days import Days, Whole
from jalostamo.city.town import Town
from jalostamo.city.vocabularies import AFT, ASM, EMP, FC, NOT, OCP, TIC, UNIT

_UNIT_OF: Final = {FC: "PNE", NOT: "VAS", ASM: "VAS", EMP: "SPK", OCP: "SIJ", TIC: "SIJ", AFT: "SIJ"}
_EASTERN_DISTRICTS: Final = 6


def units(town: Town, person: Whole, day: Days, service: Whole) -> Whole:
    """The unit that serves each person on a day: a family centre of the district's side of the town, or the one for that service."""
    district = town.district_at(person, day)
    found: Whole = np.where(district < _EASTERN_DISTRICTS, *(UNIT.allowed.index(unit) for unit in ("PKI", "PKL")))
    for kind, unit in _UNIT_OF.items():
        found = np.where(service == kind, UNIT.allowed.index(unit), found)
    return found

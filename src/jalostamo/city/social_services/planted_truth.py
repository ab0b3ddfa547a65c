"""What was planted in the children's services, with the interval in which a right reading of these files finds it.

Handbook 2.2 (the hypotheses of the example).
"""

from __future__ import annotations

import numpy as np

from jalostamo.city import planted
from jalostamo.city.days import Whole
from jalostamo.city.services import children_of
from jalostamo.city.social_services.precision import intervals
from jalostamo.city.spells import Spells
from jalostamo.city.town import Town
from jalostamo.city.truth import Truth
from jalostamo.city.truth_texts import SENTENCES
from jalostamo.city.vocabularies import DOMESTIC_LANGUAGES

GROUPS = ("domestic", "foreign")


def planted_truth(town: Town, decided: Spells) -> Truth:
    """The differences between language groups that rule the services."""
    without_placement = [1 - share for share in planted.PLACEMENT_AFTER_LIGHTER]
    values = {
        "reach_ratio": ("ratio", planted.LIGHTER.foreign),
        "result_difference": ("difference", without_placement[1] - without_placement[0]),
        "volume_ratio_HS": ("ratio", planted.HOME_SERVICE.foreign),
        "volume_ratio_FC": ("ratio", planted.FAMILY_COUNSELLING.foreign),
        "step_difference_ASM_EMP": ("difference", planted.EMERGENCY[1] - planted.EMERGENCY[0]),
    }
    domestic, foreign = GROUPS
    found_in = intervals(town, decided, {name: value for name, (_, value) in values.items()})
    return {
        name: {
            "value": round(value, 6),
            "scale": scale,
            "interval": found_in[name],
            "group": foreign,
            "reference": domestic,
            "sentence": SENTENCES[name],
        }
        for name, (scale, value) in values.items()
    }


def children_counted(town: Town) -> Truth:
    """The children by language group: ever, and in each year by band of age."""
    plan, people = town.plan, town.people
    ever = np.unique(np.concatenate([children_of(people, year).place for year in plan.years]))
    return {
        "children": _by_group(town.native_language_now[ever]),
        "children_by_year": {str(year): _children_in(town, year) for year in plan.years},
    }


def _children_in(town: Town, year: int) -> dict[str, dict[str, int]]:
    children = children_of(town.people, year)
    languages = town.native_language_now[children.place]
    return {band: _by_group(languages[children.band == place]) for place, band in enumerate(planted.BANDS)}


def _by_group(languages: Whole) -> dict[str, int]:
    foreign = int(np.count_nonzero(languages >= DOMESTIC_LANGUAGES))
    return dict(zip(GROUPS, (len(languages) - foreign, foreign), strict=True))

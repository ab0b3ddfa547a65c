"""What the children's services decide: what families ask for, and what comes of notifications.

Handbook 2.2 (the example of child protective services).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from jalostamo.city.days import Shares, Whole, first_of, last_of
from jalostamo.city.pathways import followed
from jalostamo.city.plan import YEARS
from jalostamo.city.services import alike, asked_for, first_notifications
from jalostamo.city.spells import Spells, together, within_residence
from jalostamo.city.town import Town

# Care, the longest of the services, lasts no longer.
_YEARS_BEFORE: Final = 4

type Multiplier = Callable[[int, Whole], Shares]
"""How many times as likely as others a first notification of each of some persons is in a year."""


def decided(town: Town, multiplier: Multiplier = alike) -> Spells:
    """All decisions, by the day on which they begin."""
    notified = first_notifications(town.plan, town.people, multiplier)
    begun = together([town.asked, followed(town.plan, town.people, notified)])
    spells = within_residence(begun, town.people, last_of(town.plan.last_year))
    return spells.where(np.lexsort((spells.service, spells.person, spells.start)))


def begun_before(town: Town) -> Spells:
    """What was decided in the years before the registers begin, and lasts into them.

    These clients have contacts in the registers' years, though the decisions are older than their first day.
    """
    plan = town.plan
    first = max(plan.first_year - _YEARS_BEFORE, YEARS.start)
    if first == plan.first_year:
        return town.asked.where(np.zeros(len(town.asked), dtype=np.bool_))
    earlier = replace(plan, first_year=first, last_year=plan.first_year - 1)
    notified = first_notifications(earlier, town.people)
    begun = together([asked_for(earlier, town.people), followed(earlier, town.people, notified)])
    spells = within_residence(begun, town.people, last_of(earlier.last_year))
    return spells.where(spells.end >= first_of(plan.first_year))

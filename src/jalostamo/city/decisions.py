"""What the children's services decide: what families ask for, and what comes of notifications.

Handbook 2.2 (the example of child protective services).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from jalostamo.city.days import Shares, Whole, last_of
from jalostamo.city.pathways import followed
from jalostamo.city.services import alike, first_notifications
from jalostamo.city.spells import Spells, together, within_residence
from jalostamo.city.town import Town

type Multiplier = Callable[[int, Whole], Shares]
"""How many times as likely as others a first notification of each of some persons is in a year."""


def decided(town: Town, multiplier: Multiplier = alike) -> Spells:
    """All decisions, by the day on which they begin."""
    notified = first_notifications(town.plan, town.people, multiplier)
    begun = together([town.asked, followed(town.plan, town.people, notified)])
    spells = within_residence(begun, town.people, last_of(town.plan.last_year))
    return spells.where(np.lexsort((spells.service, spells.person, spells.start)))

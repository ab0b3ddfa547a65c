"""What follows a child's first notification: assessment, emergency placement, lighter services, placements, aftercare.

Handbook 2.2 (customer paths).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from jalostamo.city import planted
from jalostamo.city.days import (
    Days,
    Flags,
    Whole,
    first_of,
    last_of,
    same_day,
    working_day_after,
    working_day_from,
    years_of,
)
from jalostamo.city.people import People
from jalostamo.city.plan import Plan
from jalostamo.city.spells import Spells, together
from jalostamo.city.vocabularies import AFT, ASM, EMP, FW, IFW, NOT, OCP, SP, TIC

# How many of the further notifications that would come at a weekend come after it.
_WAITING_FOR_MONDAY: Final = 0.7


@dataclass(frozen=True, slots=True, repr=False)
class Notified:
    """The notified are the children whose first notification falls in one year."""

    place: Whole
    day: Days
    birth: Days
    band: Whole
    foreign: Flags

    def __len__(self) -> int:
        return len(self.place)

    def spells(self, these: Flags, service: int | Whole, days: tuple[Days, Days]) -> Spells:
        """A spell for each of these children; its first and last `days` are given for all."""
        services = np.broadcast_to(np.asarray(service), (len(self),))
        start, end = days
        return Spells(self.place[these], services[these], start[these], end[these])


def followed(plan: Plan, people: People, notifications: Days) -> Spells:
    """The first notifications, and all that comes of them."""
    parts = [_followed_in(plan, _notified_in(people, notifications, year), year) for year in plan.years]
    return together([part for of_year in parts for part in of_year])


def _notified_in(people: People, notifications: Days, year: int) -> Notified:
    place = np.flatnonzero((notifications >= first_of(year)) & (notifications <= last_of(year)))
    band = planted.band_of(year - people.birth_year[place])
    return Notified(place, notifications[place], people.birth[place], band, people.foreign[place])


def _followed_in(plan: Plan, children: Notified, year: int) -> list[Spells]:
    everyone = np.ones(len(children), dtype=np.bool_)
    # A notification is handled within seven working days.
    handled = _handled(plan.chance("handling", year), children.day)
    lighter_starts, reached, lighter = _lighter(plan.chance("lighter services", year), children)
    return [
        children.spells(everyone, NOT, (children.day, handled)),
        *_assessed(plan.chance("assessments", year), children),
        lighter,
        *_placed(plan.chance("placements", year), children, reached, lighter=lighter_starts),
        _notified_again(plan.chance("further notifications", year), children),
    ]


def _handled(chance: np.random.Generator, day: Days) -> Days:
    return working_day_from(day + planted.days_within(chance, (0, 9), len(day)))


def _assessed(chance: np.random.Generator, children: Notified) -> list[Spells]:
    """The assessment of service need, and the emergency placement that may be the next step after it."""
    number = len(children)
    everyone = np.ones(number, dtype=np.bool_)
    assessed = working_day_after(children.day + planted.days_within(chance, planted.ASSESSMENT_DAYS, number))
    ready = assessed + planted.days_within(chance, (14, 90), number)
    emergency = chance.random(number) < np.where(children.foreign, planted.EMERGENCY[1], planted.EMERGENCY[0])
    start = assessed + planted.days_within(chance, planted.EMERGENCY_DAYS, number)
    end = start + planted.days_within(chance, (20, 60), number)
    return [children.spells(everyone, ASM, (assessed, ready)), children.spells(emergency, EMP, (start, end))]


def _lighter(chance: np.random.Generator, children: Notified) -> tuple[Days, Flags, Spells]:
    """When a service lighter than placement would begin, whom it reaches, and the spells."""
    number = len(children)
    reached = chance.random(number) < planted.LIGHTER.of(children.band, children.foreign)
    start = working_day_after(children.day + planted.days_within(chance, planted.LIGHTER_DAYS, number))
    end = start + planted.days_within(chance, (90, 400), number)
    kind = chance.choice(np.array([FW, IFW, SP]), number, p=planted.LIGHTER_KINDS)
    return start, reached, children.spells(reached, kind, (start, end))


def _placed(chance: np.random.Generator, children: Notified, reached: Flags, *, lighter: Days) -> list[Spells]:
    """The placements: more often of foreign-language children after a lighter service, alike for all without one."""
    number = len(children)
    after = np.where(children.foreign, planted.PLACEMENT_AFTER_LIGHTER[1], planted.PLACEMENT_AFTER_LIGHTER[0])
    placed = chance.random(number) < np.where(reached, after, planted.PLACEMENT_WITHOUT_LIGHTER)
    after_lighter = lighter + planted.days_within(chance, planted.PLACEMENT_AFTER_LIGHTER_DAYS, number)
    otherwise = children.day + planted.days_within(chance, planted.PLACEMENT_WITHOUT_LIGHTER_DAYS, number)
    start = working_day_after(np.where(reached, after_lighter, otherwise))
    # Nobody of age is taken into care.
    of_age = start >= same_day(children.birth, years_later=18)
    open_care = (chance.random(number) < planted.OPEN_CARE_PLACEMENT) | of_age
    open_care_end = start + planted.days_within(chance, (30, 300), number)
    care_end = _end_of_care(children, start, planted.days_within(chance, (370, 1500), number))
    cared_for = chance.random(number) < planted.AFTERCARE
    aftercare_end = care_end + planted.days_within(chance, (180, 720), number)
    return [
        children.spells(placed & open_care, OCP, (start, open_care_end)),
        children.spells(placed & ~open_care, TIC, (start, care_end)),
        children.spells(placed & ~open_care & cared_for, AFT, (care_end + 1, aftercare_end)),
    ]


def _end_of_care(children: Notified, start: Days, days: Whole) -> Days:
    """Care ends on the eighteenth birthday, but here never before it has lasted a year."""
    of_age = same_day(children.birth, years_later=18)
    return np.asarray(np.minimum(start + days, np.maximum(start + 370, of_age)))


def _notified_again(chance: np.random.Generator, children: Notified) -> Spells:
    number = len(children)
    again = chance.random(number) < planted.REPEATED_NOTIFICATION
    day = children.day + planted.days_within(chance, planted.REPEATED_NOTIFICATION_DAYS, number)
    day = np.where(chance.random(number) < _WAITING_FOR_MONDAY, working_day_from(day), day)
    child = years_of(day) - years_of(children.birth) <= planted.OLDEST_CHILD
    return children.spells(again & child, NOT, (day, _handled(chance, day)))

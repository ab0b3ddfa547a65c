"""The history of native languages in the population register: recorded late for some newcomers, changed for some children.

The services treat everyone by the language that is truly spoken; what is recorded of it comes when it comes.

Handbook 2.2 (the native language of customers).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from jalostamo.city.days import BEFORE, Days, Flags, Shares, Whole, first_of, last_of
from jalostamo.city.origins import FINNISH, SWEDISH
from jalostamo.city.people import People
from jalostamo.city.plan import Plan
from jalostamo.city.vocabularies import COUNTRY, NATIVE_LANGUAGE, UNKNOWN_LANGUAGE

RECORDED_LATE: Final = 0.30
LATE_DAYS: Final = (40, 500)
# Of the children's languages one in two hundred changes in some seven years; their chance is spread over ten.
CHANGED: Final = 0.013
CHANGED_WITHIN: Final = 3650
_GROWN_UP: Final = 18
_ENGLISH: Final = NATIVE_LANGUAGE.allowed.index("en")


@dataclass(frozen=True, slots=True, repr=False)
class Spoken:
    """Spoken are records of native languages, by person and day: since when each holds, and when it was recorded.

    `language_now` is everyone's recorded language at the end of the registers.
    """

    person: Whole
    language: Whole
    since: Days
    recorded: Days
    language_now: Whole

    def __len__(self) -> int:
        return len(self.person)


def spoken(plan: Plan, people: People) -> Spoken:
    """The records of everyone's native language, with those that were made while the person lived in the town."""
    everyone = np.arange(len(people))
    late, known_on = _recorded_late(plan, people)
    begins = np.where(people.came == BEFORE, BEFORE, people.came)
    first = np.where(late, UNKNOWN_LANGUAGE, people.language)
    learned = np.flatnonzero(late & _holds(plan, people, known_on))
    changed, other, day = _changed(plan, people)
    at_last = first.copy()
    at_last[learned] = people.language[learned]
    at_last[changed] = other
    # The record that ends the unknown is made on the day from which it holds; other changes take some days.
    handling = plan.chance_of_each("recording of languages", people.came_in)[changed]
    parts = (
        (everyone, first, begins, begins),
        (learned, people.language[learned], known_on[learned], known_on[learned]),
        (changed, other, day, day + np.floor(handling * 20).astype(np.int64)),
    )
    person, language, since, recorded = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((since, person))
    return Spoken(person[order], language[order], since[order], recorded[order], at_last)


def _recorded_late(plan: Plan, people: People) -> tuple[Flags, Days]:
    """Of whom another language is unknown at first, and the day on which it becomes known."""
    came = people.came > people.birth
    abroad = people.foreign & came & (people.country != COUNTRY.allowed.index("FIN"))
    late = abroad & (plan.chance_of_each("languages recorded late", people.came_in) < RECORDED_LATE)
    after = _between(LATE_DAYS, plan.chance_of_each("languages known", people.came_in))
    return late & (people.language != UNKNOWN_LANGUAGE), np.where(late, people.came + after, BEFORE)


def _changed(plan: Plan, people: People) -> tuple[Whole, Whole, Days]:
    """Children whose recorded language changes, to which one, and on which day."""
    child = plan_start(plan, people) - people.birth < _GROWN_UP * 365
    drawn = plan.chance_of_each("languages changed", people.came_in)
    when = plan.chance_of_each("days of changed languages", people.came_in)
    day = plan_start(plan, people) + 30 + np.floor(when * CHANGED_WITHIN).astype(np.int64)
    late, _ = _recorded_late(plan, people)
    minor = day - people.birth < _GROWN_UP * 365
    changed = np.flatnonzero(child & minor & ~late & (drawn < CHANGED) & _holds(plan, people, day + 20))
    half = drawn[changed] < CHANGED / 2
    language = people.language[changed]
    of_domestic = np.where(half, np.where(language == FINNISH, SWEDISH, FINNISH), _ENGLISH)
    of_foreign = np.where(half | (language == _ENGLISH), FINNISH, _ENGLISH)
    return changed, np.where(people.foreign[changed], of_foreign, of_domestic), day[changed]


def plan_start(plan: Plan, people: People) -> Days:
    """The day on which each came into the registers: the first one for who had been there before."""
    return np.maximum(people.came, first_of(plan.first_year))


def _holds(plan: Plan, people: People, day: Days) -> Flags:
    return (day <= people.left) & (day <= last_of(plan.last_year))


def _between(bounds: tuple[int, int], chance: Shares) -> Whole:
    return bounds[0] + np.floor(chance * (bounds[1] - bounds[0] + 1)).astype(np.int64)

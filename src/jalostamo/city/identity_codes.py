"""Personal identity codes of the range that is never given to a person, and pairs of look-alikes among them.

No two residents share the ten characters beside the century sign, but for the pairs that are planted.

Handbook 2.2 (combining by personal number).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jalostamo.city.days import BEFORE, Shares, Whole, day_and_month_of, first_of, last_of, same_day
from jalostamo.city.people import MALE, NOBODY, People
from jalostamo.city.plan import Plan
from jalostamo.city.spells import Spells
from jalostamo.concepts.errors import Misused
from jalostamo.concepts.identifiers import ARTIFICIAL_NUMBERS, CENTURY_SIGNS, CHECK_CHARACTERS

type Codes = NDArray[np.str_]
type Letters = NDArray[np.uint32]

CODE_LENGTH: Final = 11
SIGN: Final = 6

# One pair for so many people, and how old the child of a pair may be: its look-alike is a hundred years older.
PEOPLE_PER_PAIR: Final = 4000
OLDEST_LOOK_ALIKE_CHILD: Final = 2
_CENTURY: Final = 100

# The new signs of a century are for the days on which the old one has run out: few persons have them.
_NEW_SIGN: Final = 0.004
_NEW_SIGNS: Final = (0.50, 0.20, 0.15, 0.10, 0.05)
_NUMBERS_OF_A_SEX: Final = len(ARTIFICIAL_NUMBERS) // 2


@dataclass(frozen=True, slots=True, repr=False)
class Pairs:
    """Pairs are children and elders, place by place, whose codes differ in the century sign alone."""

    children: Whole
    elders: Whole

    def __len__(self) -> int:
        return len(self.children)


def paired(plan: Plan, people: People, spells: Spells) -> Pairs:
    """Children who became clients in the first year, and as many of the oldest who live alone.

    Only what the first year knows decides, so that a longer period has the same pairs.
    """
    children = _clients_of_first_year(plan, people, spells)
    number = min(-(-plan.people // PEOPLE_PER_PAIR), len(children))
    founding = people.came_in == plan.first_year
    members = np.bincount(people.household[founding], minlength=int(people.household.max()) + 1)
    founders = np.flatnonzero((people.came == BEFORE) & people.adult & (members[people.household] == 1))
    elders = founders[np.argsort(people.birth[founders], kind="stable")][:number]
    chosen = plan.chance("look-alikes", plan.first_year).permutation(children)[: len(elders)]
    return Pairs(chosen, elders)


def _clients_of_first_year(plan: Plan, people: People, spells: Spells) -> Whole:
    begun = spells.person[(spells.start >= first_of(plan.first_year)) & (spells.start <= last_of(plan.first_year))]
    clients = np.unique(begun)
    young = plan.first_year - people.birth_year[clients] <= OLDEST_LOOK_ALIKE_CHILD
    # The 29th of February has no look-alike in a century year.
    day, month = day_and_month_of(people.birth[clients])
    leap_day = (day == 29) & (month == 2)
    return np.asarray(clients[young & ~leap_day])


def aged(people: People, pairs: Pairs) -> People:
    """The people, with the elders of the pairs born a hundred years before the children, and of the same sex."""
    birth, sex = people.birth.copy(), people.sex.copy()
    birth[pairs.elders] = same_day(people.birth[pairs.children], years_later=-_CENTURY)
    sex[pairs.elders] = people.sex[pairs.children]
    return replace(people, birth=birth, sex=sex)


def identity_codes(plan: Plan, people: People, pairs: Pairs) -> Codes:
    """Everyone's personal identity code; `people` are already `aged`."""
    new = plan.chance_of_each("century signs", people.came_in)
    new[pairs.children] = new[pairs.elders] = 1.0
    numbers = _individual_numbers(plan, people, pairs)
    day, month = day_and_month_of(people.birth)
    digits = ((day * 100 + month) * 100 + people.birth_year % _CENTURY) * 1000 + numbers
    letters = np.empty((len(people), CODE_LENGTH), dtype=np.uint32)
    # The nine digits stand around the sign: six before it, three behind.
    for place, column in enumerate((0, 1, 2, 3, 4, 5, 7, 8, 9)):
        letters[:, column] = ord("0") + digits // 10 ** (8 - place) % 10
    letters[:, SIGN] = _signs(people.birth_year, new)
    letters[:, -1] = _letters_of(CHECK_CHARACTERS)[digits % len(CHECK_CHARACTERS)]
    return as_codes(letters)


def as_letters(codes: Codes) -> Letters:
    """The characters of codes as a table, one row for each code, to be read or changed."""
    return np.array(codes, dtype=f"U{CODE_LENGTH}").view(np.uint32).reshape(len(codes), CODE_LENGTH).copy()


def as_codes(letters: Letters) -> Codes:
    """The codes of a table of characters."""
    return np.ascontiguousarray(letters).view(f"U{CODE_LENGTH}").reshape(len(letters))


def _letters_of(text: str) -> Letters:
    return np.array([ord(letter) for letter in text], dtype=np.uint32)


def _signs(birth_years: Whole, new: Shares) -> Letters:
    """The century sign of each: the old one, or for few one of the five new ones."""
    rank = np.where(new < _NEW_SIGN, 1 + np.searchsorted(np.cumsum(_NEW_SIGNS[:-1]), new / _NEW_SIGN, side="right"), 0)
    signs = np.zeros(len(birth_years), dtype=np.uint32)
    for century in sorted(set(CENTURY_SIGNS.values())):
        of_century = _letters_of("".join(sign for sign, start in CENTURY_SIGNS.items() if start == century))
        born = birth_years // _CENTURY * _CENTURY == century
        signs[born] = of_century[np.minimum(rank[born], len(of_century) - 1)]
    return signs


def _individual_numbers(plan: Plan, people: People, pairs: Pairs) -> Whole:
    """Odd numbers for men, even for women, each given once for the same day, month and year of the century."""
    day, month = day_and_month_of(people.birth)
    men = (people.sex == MALE).astype(np.int64)
    key = (((people.birth_year % _CENTURY) * 12 + month - 1) * 31 + day - 1) * 2 + men
    elder = np.zeros(len(people), dtype=np.bool_)
    elder[pairs.elders] = True
    place = _place_within(np.where(elder, NOBODY, key))
    if len(place) and int(place[~elder].max()) >= _NUMBERS_OF_A_SEX:
        raise Misused("The artificial identity codes run out: ask for fewer --people or years.", reason="city_people")
    first = plan.chance("individual numbers", plan.first_year).integers(0, _NUMBERS_OF_A_SEX, _CENTURY * 12 * 31 * 2)
    numbers = ARTIFICIAL_NUMBERS.start + 2 * ((first[key] + place) % _NUMBERS_OF_A_SEX) + men
    numbers[pairs.elders] = numbers[pairs.children]
    return np.asarray(numbers)


def _place_within(key: Whole) -> Whole:
    """For each, how many before it have the same key."""
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    place = np.empty(len(key), dtype=np.int64)
    place[order] = np.arange(len(key)) - np.repeat(starts, np.diff(np.r_[starts, len(key)]))
    return place

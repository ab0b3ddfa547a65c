"""Personal identity codes of the range that is never given to a person, and pairs of look-alikes among them.

No two residents share the ten characters beside the century sign, but for the pairs that are planted, unless the numbers
of a day run out: those born on it then get the next sign.

Handbook 2.2 (combining by personal number).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jalostamo.city.days import (
    BEFORE,
    Days,
    Flags,
    Shares,
    Whole,
    day_and_month_of,
    first_of,
    last_of,
    same_day,
    years_of,
)
from jalostamo.city.households import GROWN_UP
from jalostamo.city.people import FEMALE, MALE, NOBODY, People
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
_SIGNS_OF_A_CENTURY: Final = 1 + len(_NEW_SIGNS)
_ONE_SIGN: Final = 18
_KEYS: Final = _CENTURY * 12 * 31 * 2

# Of the persons with these years behind them, some 15 in 10,000 have got another code.
CHANGED_CODES: Final = 0.0042
_CHANGED_WITHIN: Final = 3650


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
    members = np.bincount(people.family[founding], minlength=int(people.family.max()) + 1)
    founders = np.flatnonzero((people.came == BEFORE) & people.adult & (members[people.family] == 1))
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


@dataclass(frozen=True, slots=True, repr=False)
class Births:
    """Births are what codes tell: days of birth and sexes."""

    day: Days
    sex: Whole

    @property
    def year(self) -> Whole:
        """The calendar year of each."""
        return years_of(self.day)

    @property
    def key(self) -> Whole:
        """One number for each day, month, year of the century, and sex."""
        day, month = day_and_month_of(self.day)
        men = (self.sex == MALE).astype(np.int64)
        return np.asarray((((self.year % _CENTURY) * 12 + month - 1) * 31 + day - 1) * 2 + men)


@dataclass(frozen=True, slots=True, repr=False)
class Coded:
    """Everyone's code at the end of the registers, the one before the day on which it was `changed`, and what codes tell.

    Who keeps a code has the same one twice, and `changed` BEFORE. `told` are the births as recorded at the end.
    """

    codes: Codes
    former: Codes
    changed: Days
    told: Births


def identity_codes(plan: Plan, people: People, pairs: Pairs) -> Coded:
    """Everyone's personal identity code; `people` are already `aged`."""
    person, before, day = _to_be_changed(plan, people, pairs)
    births = Births(np.r_[people.birth, before.day], np.r_[people.sex, before.sex])
    numbers, ranks = _numbered(plan, births, pairs, order=np.r_[np.arange(len(people)), person + 0.5])
    if len(numbers) != len(_distinct(births, numbers, ranks)):
        raise Misused("The artificial identity codes run out: ask for fewer --people or years.", reason="city_people")
    written = _written(births, numbers, ranks)
    # Whose change has not come, or never comes since the person left before it, has the code of before it.
    changes = day != BEFORE
    holds = np.arange(len(people))
    holds[person[~changes]] = len(people) + np.flatnonzero(~changes)
    held_before = np.arange(len(people))
    held_before[person] = len(people) + np.arange(len(person))
    changed = np.full(len(people), BEFORE)
    changed[person] = day
    told = Births(births.day[holds], births.sex[holds])
    return Coded(written[holds], written[held_before], changed, told)


def _to_be_changed(plan: Plan, people: People, pairs: Pairs) -> tuple[Whole, Births, Days]:
    """Who gets another code, what the one before tells of birth and sex, and on which day it is changed, or BEFORE.

    Either the sex is changed, or the day of birth had been recorded wrongly, within the same year.
    """
    drawn = plan.chance_of_each("changed codes", people.came_in)
    drawn[pairs.children] = drawn[pairs.elders] = 1.0
    person = np.flatnonzero(drawn < CHANGED_CODES)
    when = plan.chance_of_each("days of changed codes", people.came_in)[person]
    start = np.maximum(people.came[person], first_of(plan.first_year))
    day = start + 1 + np.floor(when * _CHANGED_WITHIN).astype(np.int64)
    comes = (day <= people.left[person]) & (day <= last_of(plan.last_year))
    apart = 1 + np.floor(drawn[person] / CHANGED_CODES * 60).astype(np.int64)
    earlier = people.birth[person] - apart
    birth = np.where(years_of(earlier) == people.birth_year[person], earlier, people.birth[person] + apart)
    wrong_sex = (drawn[person] < CHANGED_CODES / 2) | ~_fits(people.birth[person], birth, start)
    birth = np.where(wrong_sex, people.birth[person], birth)
    sex = np.where(wrong_sex, MALE + FEMALE - people.sex[person], people.sex[person])
    return person, Births(birth, sex), np.where(comes, day, BEFORE)


def _fits(birth: Days, other: Days, came: Days) -> Flags:
    """Whether somebody could have come with the other day of birth too: born by then, and of age or not as truly was."""
    of_age, otherwise = (same_day(day, years_later=GROWN_UP) <= came for day in (birth, other))
    return np.asarray((other <= came) & (of_age == otherwise))


def as_letters(codes: Codes) -> Letters:
    """The characters of codes as a table, one row for each code, to be read or changed."""
    return np.array(codes, dtype=f"U{CODE_LENGTH}").view(np.uint32).reshape(len(codes), CODE_LENGTH).copy()


def as_codes(letters: Letters) -> Codes:
    """The codes of a table of characters."""
    return np.ascontiguousarray(letters).view(f"U{CODE_LENGTH}").reshape(len(letters))


def _letters_of(text: str) -> Letters:
    return np.array([ord(letter) for letter in text], dtype=np.uint32)


def _written(births: Births, numbers: Whole, ranks: Whole) -> Codes:
    day, month = day_and_month_of(births.day)
    digits = ((day * 100 + month) * 100 + births.year % _CENTURY) * 1000 + numbers
    letters = np.empty((len(digits), CODE_LENGTH), dtype=np.uint32)
    # The nine digits stand around the sign: six before it, three behind.
    for place, column in enumerate((0, 1, 2, 3, 4, 5, 7, 8, 9)):
        letters[:, column] = ord("0") + digits // 10 ** (8 - place) % 10
    letters[:, SIGN] = _signs(births.year, ranks)
    letters[:, -1] = _letters_of(CHECK_CHARACTERS)[digits % len(CHECK_CHARACTERS)]
    return as_codes(letters)


def _signs(birth_years: Whole, ranks: Whole) -> Letters:
    """The century sign of each: the old one, or the one of its rank among the new ones."""
    signs = np.zeros(len(birth_years), dtype=np.uint32)
    for century in sorted(set(CENTURY_SIGNS.values())):
        of_century = _letters_of("".join(sign for sign, start in CENTURY_SIGNS.items() if start == century))
        born = birth_years // _CENTURY * _CENTURY == century
        signs[born] = of_century[np.minimum(ranks[born], len(of_century) - 1)]
    return signs


def _numbered(plan: Plan, births: Births, pairs: Pairs, *, order: Shares) -> tuple[Whole, Whole]:
    """The individual number and the rank of the century sign of each.

    Odd numbers for men, even for women. When the fifty of a day have been given, they are given again with the next
    sign: that is what the new signs are for. For few numbers the first sign is a new one. Who comes first by `order` is
    given a number first, so that whoever comes later changes nobody's.
    """
    key = births.key
    elder = np.zeros(len(key), dtype=np.bool_)
    elder[pairs.elders] = True
    turn = np.argsort(order, kind="stable")
    place = np.empty(len(key), dtype=np.int64)
    place[turn] = _place_within(np.where(elder, NOBODY, key)[turn])
    chance = plan.chance("individual numbers", plan.first_year)
    first = chance.integers(0, _NUMBERS_OF_A_SEX, _KEYS)
    slot = (first[key] + place) % _NUMBERS_OF_A_SEX
    numbers = ARTIFICIAL_NUMBERS.start + 2 * slot + key % 2
    ranks = (_first_ranks(plan)[key * _NUMBERS_OF_A_SEX + slot] + place // _NUMBERS_OF_A_SEX) % _SIGNS_OF_A_CENTURY
    numbers[pairs.elders], ranks[pairs.elders] = numbers[pairs.children], ranks[pairs.children]
    full = place >= _NUMBERS_OF_A_SEX * _SIGNS_OF_A_CENTURY
    ranks[full & ~elder] = 0
    return np.asarray(numbers), np.asarray(ranks)


def _first_ranks(plan: Plan) -> NDArray[np.int8]:
    """The rank of the sign that each number of each day is first given with."""
    new = plan.chance("century signs", plan.first_year).random(_KEYS * _NUMBERS_OF_A_SEX, dtype=np.float32)
    ranks = np.zeros(len(new), dtype=np.int8)
    rare = new < _NEW_SIGN
    ranks[rare] = 1 + np.searchsorted(np.cumsum(_NEW_SIGNS[:-1]), new[rare] / _NEW_SIGN, side="right")
    return ranks


def _distinct(births: Births, numbers: Whole, ranks: Whole) -> Whole:
    """Each code once, as one number of its parts; all codes of the 1800s have one sign."""
    century = births.year // _CENTURY
    sign = np.where(century == _ONE_SIGN, 0, ranks)
    return np.unique(((births.key * 1000 + numbers) * 100 + century) * 10 + sign)


def with_look_alike(codes: Codes) -> Flags:
    """Which of these codes have another one among them that differs in the century sign alone."""
    digits, signs = digits_of(codes), as_letters(codes)[:, SIGN].astype(np.int64)
    distinct = np.unique(digits * 256 + signs) // 256
    shared, times = np.unique(distinct, return_counts=True)
    return np.isin(digits, shared[times > 1])


def look_alikes(codes: Codes) -> int:
    """How many pairs of these codes differ in the century sign alone."""
    _, times = np.unique(digits_of(codes), return_counts=True)
    return int(np.sum(times * (times - 1) // 2))


def digits_of(codes: Codes) -> Whole:
    """The nine digits of each code as a number: what look-alikes share."""
    letters = as_letters(codes)[:, [0, 1, 2, 3, 4, 5, 7, 8, 9]].astype(np.int64) - ord("0")
    return np.asarray(letters @ 10 ** np.arange(8, -1, -1))


def _place_within(key: Whole) -> Whole:
    """For each, how many before it have the same key."""
    order = np.argsort(key, kind="stable")
    ordered = key[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    place = np.empty(len(key), dtype=np.int64)
    place[order] = np.arange(len(key)) - np.repeat(starts, np.diff(np.r_[starts, len(key)]))
    return place

"""What the people are called: a family shares its surname, and given names follow the native language.

Handbook 2.2 (the population register).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from jalostamo.city.days import Shares, Whole
from jalostamo.city.name_lists import NameList, Names, name_lists
from jalostamo.city.people import FEMALE, Households, People
from jalostamo.city.plan import Plan
from jalostamo.city.vocabularies import DOMESTIC_LANGUAGES, NATIVE_LANGUAGE, UNKNOWN_LANGUAGE

type Words = NDArray[np.object_]

_SECOND_NAME: Final = (0.88, 0.25)
_OWN_SURNAME: Final = 0.25


def surnames(plan: Plan, people: People, households: Households) -> Words:
    """Everyone's surname: the first household's, but for some partners who kept their own."""
    numbered = plan.chance_of_each("surnames", people.came_in)
    first = np.full(len(households), -1)
    # Written from the last to the first: what stays is the place of each household's first member.
    first[people.family[::-1]] = np.arange(len(people))[::-1]
    shared = numbered[first[people.family]]
    language = households.language[people.family]
    own = (plan.chance_of_each("own surnames", people.came_in) < _OWN_SURNAME) & people.founder
    language = np.where(own & (people.language != UNKNOWN_LANGUAGE), people.language, language)
    return _named(people, language, np.where(own, numbered, shared), surname=True)


def first_names(plan: Plan, people: People, households: Households) -> Words:
    """Everyone's given names, one or two."""
    known = people.language != UNKNOWN_LANGUAGE
    language = np.where(known, people.language, households.language[people.family])
    first, second, number = (
        plan.chance_of_each(purpose, people.came_in) for purpose in ("first names", "second names", "number of names")
    )
    called = _named(people, language, first, surname=False)
    also = _named(people, language, second, surname=False)
    share = np.where(language < DOMESTIC_LANGUAGES, *_SECOND_NAME)
    return np.where((number < share) & (called != also), called + " " + also, called)


def _named(people: People, language: Whole, chance: Shares, *, surname: bool) -> Words:
    lists = name_lists()
    names = np.full(len(people), "", dtype=object)
    for place in np.unique(language):
        of_language = lists[NATIVE_LANGUAGE.allowed[place]]
        for women in (False, True):
            these = (language == place) & ((people.sex == FEMALE) == women)
            names[these] = _list_of(of_language, surname=surname, women=women).at(chance[these])
    return names


def _list_of(names: Names, *, surname: bool, women: bool) -> NameList:
    return (names.surnames if surname else names.given)[women]

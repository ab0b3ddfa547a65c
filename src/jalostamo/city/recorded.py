"""How a system of the social services records its clients: with which code, and in which language.

Some clients' codes are deficient, always in the same way for one client; none of them is another resident's code.

Handbook 2.2 (combining by personal number).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from jalostamo.city.days import Flags, Shares, Whole
from jalostamo.city.identity_codes import SIGN, Codes, Letters, Pairs, as_codes, as_letters, with_look_alike
from jalostamo.city.people import People
from jalostamo.city.plan import Plan
from jalostamo.city.vocabularies import RECORDED_LANGUAGE
from jalostamo.concepts.identifiers import CHECK_CHARACTERS

# One share for each kind: wrong check character, wrong century sign, and the mixed ones together.
DEFICIENT_OF_A_KIND: Final = 0.01
RECORDED_AS_FINNISH: Final = 0.04

# The sign that is written by mistake: the older person's for the child's, or the usual one for a new one.
_MISTAKEN_SIGNS: Final = {"A": "-", "-": "Y", "+": "-"} | dict.fromkeys("YXWVU", "-") | dict.fromkeys("BCDEF", "A")
_LEAP_DAY_WITHOUT_CENTURY: Final = "290200"
_SMALL: Final = ord("a") - ord("A")


def recorded_codes(plan: Plan, people: People, codes: Codes, *, pairs: Pairs, system: str = "") -> Codes:
    """Everyone's code as a system would record it; the children of look-alike pairs are recorded rightly."""
    fate = plan.chance_of_each(f"recorded codes {system}".strip(), people.came_in)
    # A wrong sign makes another's code of one that has a look-alike: theirs are recorded rightly.
    fate[with_look_alike(codes)] = 1.0
    fate[pairs.children] = fate[pairs.elders] = 1.0
    kind = np.floor(fate / DEFICIENT_OF_A_KIND)
    which = fate / DEFICIENT_OF_A_KIND - kind
    letters = as_letters(codes)
    for number, mistaken in enumerate((_wrong_check_character, _wrong_sign, _mixed)):
        of_kind = kind == number
        letters[of_kind] = mistaken(letters[of_kind], which[of_kind])
    return as_codes(letters)


def _wrong_check_character(letters: Letters, which: Shares) -> Letters:
    known = np.array([ord(letter) for letter in CHECK_CHARACTERS], dtype=np.uint32)
    place = np.searchsorted(known, letters[:, -1])
    further = 1 + np.floor(which * (len(known) - 1)).astype(np.int64)
    letters[:, -1] = known[(place + further) % len(known)]
    return letters


def _wrong_sign(letters: Letters, which: Shares) -> Letters:
    """A valid code of nobody; `which` plays no part, as each sign has one usual mistake."""
    mistaken = letters[:, SIGN].copy()
    for sign, other in _MISTAKEN_SIGNS.items():
        mistaken[letters[:, SIGN] == ord(sign)] = ord(other)
    leap_day = (letters[:, :SIGN] == [ord(digit) for digit in _LEAP_DAY_WITHOUT_CENTURY]).all(axis=1)
    # 1900 had no 29th of February.
    mistaken[leap_day & (letters[:, SIGN] == ord("A"))] = ord("B")
    letters[:, SIGN] = mistaken
    return letters


def _mixed(letters: Letters, which: Shares) -> Letters:
    """Small letters, no code at all, or characters that have changed places."""
    capital = (letters >= ord("A")) & (letters <= ord("Z"))
    small = (which < 1 / 3) & capital.any(axis=1)
    missing = which >= 2 / 3
    changed = np.where(capital & small[:, None], letters + np.uint32(_SMALL), letters)
    changed = np.where((~small & ~missing)[:, None], _transposed(letters), changed)
    return np.where(missing[:, None], np.uint32(0), changed)


def _transposed(letters: Letters) -> Letters:
    """Day and month change places, or the month's digits do, where that makes no date; else the sign and a digit."""
    day, month = (_number(letters[:, place : place + 2]) for place in (0, 2))
    day_first: Flags = (day >= 13) & (day <= 19)
    in_month: Flags = ~day_first & (((month >= 2) & (month <= 9)) | (month == 12))
    at_sign = ~day_first & ~in_month
    swapped = letters.copy()
    swapped[day_first, 0:4] = letters[day_first][:, [2, 3, 0, 1]]
    swapped[in_month, 2:4] = letters[in_month][:, [3, 2]]
    swapped[at_sign, SIGN : SIGN + 2] = letters[at_sign][:, [SIGN + 1, SIGN]]
    return swapped


def _number(digits: Letters) -> Whole:
    return (digits[:, 0].astype(np.int64) - ord("0")) * 10 + digits[:, 1] - ord("0")


def recorded_languages(plan: Plan, people: People) -> Whole:
    """Everyone's language as a place in the services' own vocabulary; some of another language are recorded as Finnish."""
    finnish, _, other = range(len(RECORDED_LANGUAGE.codes))
    recorded: Whole = np.minimum(people.language, other)
    mistaken = plan.chance_of_each("recorded languages", people.came_in) < RECORDED_AS_FINNISH
    return np.where((recorded == other) & mistaken, finnish, recorded)

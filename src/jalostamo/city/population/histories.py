"""What the population register remembers: addresses, languages, guardianships and codes, in the order of recording.

Handbook 2.2 (the population register).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import BEFORE, NEVER, Days, Flags, Whole, first_of, last_of, same_day, years_of
from jalostamo.city.frames import coded, dates, gathered, texts
from jalostamo.city.homes import DISTRICT_OF
from jalostamo.city.people import NOBODY
from jalostamo.city.population.tables import GUARDIANSHIP, POSTCODE
from jalostamo.city.town import Town
from jalostamo.city.truth import Truth
from jalostamo.city.vocabularies import DISTRICT, NATIVE_LANGUAGE, UNKNOWN_LANGUAGE

# Notices of removal come within some days, some of them before the day; a few are found out much later.
_SOON, _LATER, _LATE_SHARE, _AHEAD = 9, 180, 0.06, 7
_COME_OF_AGE = 18

_LATE_AFTER_DAYS: Final = 30


def household_ids(household: Whole) -> pl.Series:
    """What the register calls households."""
    distinct, place = np.unique(household, return_inverse=True)
    return texts(np.char.add("K", np.char.zfill((distinct + 1).astype(str), 7))).gather(place)


def addresses(town: Town) -> pl.DataFrame:
    """Where everyone lived since when, and when that was recorded; what is not recorded yet is not there."""
    homes, last_day = town.addresses, last_of(town.plan.last_year)
    recorded = _recorded(town)
    known = recorded <= last_day
    # The end of an address is known from what ended it: the next one, or the end of residence.
    until = _until(town, known)
    order = np.flatnonzero(known)[np.argsort(recorded[known], kind="stable")]
    return pl.DataFrame(
        {
            "identity_code": texts(town.codes).gather(homes.person[order]),
            "district": coded(DISTRICT, DISTRICT_OF[homes.postcode[order]]),
            "postcode": coded(POSTCODE, homes.postcode[order]),
            "household_id": household_ids(homes.household[order]),
            "since": dates(homes.since[order]),
            "until": dates(until[order]),
            "recorded": dates(recorded[order]),
        }
    )


def _until(town: Town, known: Flags) -> Days:
    homes = town.addresses
    left = town.people.left[homes.person]
    following = np.r_[homes.until()]
    next_known = np.r_[known[1:], False]
    ends = np.where((following != -1) & next_known, following, NEVER)
    return np.where(left <= last_of(town.plan.last_year), np.minimum(ends, left), ends)


def _recorded(town: Town) -> Days:
    """The day on which each address was recorded; moves are told ahead, on time, or late."""
    homes, plan = town.addresses, town.plan
    recorded = np.where(homes.since == BEFORE, BEFORE, homes.since)
    for year in plan.years:
        of_year = np.flatnonzero(years_of(np.maximum(homes.since, -25_000)) == year)
        chance = plan.chance("recording of addresses", year)
        soon = chance.integers(-_AHEAD, _SOON, len(of_year), endpoint=True)
        late = chance.integers(_SOON + 1, _LATER, len(of_year), endpoint=True)
        delay = np.where(chance.random(len(of_year)) < _LATE_SHARE, late, soon)
        born_here = homes.since[of_year] == town.people.birth[homes.person[of_year]]
        told = homes.since[of_year] + np.where(born_here, np.maximum(delay, 0) % (_SOON + 1), delay)
        # What is told ahead is told in the same year: a longer period must not find it earlier.
        recorded[of_year] = np.maximum(told, first_of(year))
    # Nobody's later address is recorded before an earlier one.
    same = np.r_[False, homes.person[1:] == homes.person[:-1]]
    for _ in range(2):
        recorded[1:] = np.where(same[1:], np.maximum(recorded[1:], recorded[:-1] + 1), recorded[1:])
    return recorded


def languages(town: Town) -> pl.DataFrame:
    """What everyone's native language was recorded to be, since when, and on which day that was recorded."""
    spoken = town.spoken
    order = np.argsort(spoken.recorded, kind="stable")
    return pl.DataFrame(
        {
            "identity_code": texts(town.codes).gather(spoken.person[order]),
            "native_language": coded(NATIVE_LANGUAGE, spoken.language[order]),
            "since": dates(spoken.since[order]),
            "recorded": dates(spoken.recorded[order]),
        }
    )


def guardianships(town: Town) -> pl.DataFrame:
    """Who answers for which child: from birth or arrival on, until the child is of age or dies."""
    people = town.people
    children = np.flatnonzero(people.guardian_1 != NOBODY)
    two = people.guardian_2[children] != NOBODY
    child = np.r_[children, children[two]]
    guardian = np.r_[people.guardian_1[children], people.guardian_2[children[two]]]
    joint = np.r_[two, two[two]]
    since = np.maximum(people.came[child], people.birth[child])
    since = np.where(people.came[child] == BEFORE, BEFORE, since)
    of_age = same_day(town.told.day[child], years_later=_COME_OF_AGE) - 1
    until = np.minimum(of_age, people.died[child])
    order = np.lexsort((guardian, child, since))
    codes = texts(town.codes)
    return pl.DataFrame(
        {
            "child": codes.gather(child[order]),
            "guardian": gathered(codes, guardian[order]),
            "since": dates(since[order]),
            "until": dates(np.where(until <= last_of(town.plan.last_year), until, NEVER)[order]),
            "kind": coded(GUARDIANSHIP, (~joint[order]).astype(np.int64)),
        }
    )


def identity_codes(town: Town) -> pl.DataFrame:
    """The codes that were changed, each with the one after it, by the day of the change."""
    person = np.flatnonzero(town.changed != BEFORE)
    order = person[np.argsort(town.changed[person], kind="stable")]
    return pl.DataFrame(
        {
            "former_code": texts(town.former[order]),
            "current_code": texts(town.codes[order]),
            "changed_on": dates(town.changed[order]),
        }
    )


def suffered(town: Town) -> Truth:
    """What the register's records suffer from."""
    homes, recorded = town.addresses, _recorded(town)
    known = (recorded <= last_of(town.plan.last_year)) & (homes.since != BEFORE)
    late = known & (recorded - homes.since > _LATE_AFTER_DAYS)
    spoken = town.spoken
    again = np.r_[False, spoken.person[1:] == spoken.person[:-1]]
    before = np.r_[-1, spoken.language[:-1]]
    return {
        "addresses": {
            "late": int(np.count_nonzero(late)),
            "late_after_days": _LATE_AFTER_DAYS,
            "recorded_ahead": int(np.count_nonzero(known & (recorded < homes.since))),
            "not_recorded_yet": int(np.count_nonzero(recorded > last_of(town.plan.last_year))),
        },
        "languages": {
            "unknown_at_first": int(np.count_nonzero(again & (before == UNKNOWN_LANGUAGE))),
            "unknown_at_the_end": int(np.count_nonzero(town.native_language_now == UNKNOWN_LANGUAGE)),
            "changed": int(np.count_nonzero(again & (before != UNKNOWN_LANGUAGE))),
        },
    }


def planted(town: Town) -> Truth:
    """Counts that the register's history holds."""
    changed = int(np.count_nonzero(town.changed != BEFORE))
    return {
        "changed_identity_codes": {
            "value": changed,
            "scale": "count",
            "interval": [changed, changed],
            "sentence": "Persons whose identity code was changed: records of identity_codes, each a former and a present code.",
        }
    }

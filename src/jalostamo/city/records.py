"""The records of the two registers, as text in the forms of the systems that hold them.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from jalostamo.city.days import NEVER, Flags, Whole, written, years_of
from jalostamo.city.identity_codes import Codes, Pairs
from jalostamo.city.names import Words
from jalostamo.city.origins import FINNISH
from jalostamo.city.people import NOBODY, Households, People
from jalostamo.city.plan import Plan
from jalostamo.city.registers import POPULATION_DATE
from jalostamo.city.spells import Spells
from jalostamo.city.vocabularies import (
    AFT,
    ASM,
    COUNTRY,
    DISTRICT,
    EMP,
    FC,
    NATIVE_LANGUAGE,
    NOT,
    OCP,
    SERVICE,
    SEX,
    TIC,
    UNIT,
)
from jalostamo.concepts.code_lists import CodeList

type Columns = dict[str, list[str]]

# In 20,000 people some fifteen are recorded twice alike, and some five twice with another district.
EXACT_DUPLICATES: Final = 15 / 20_000
CONFLICTING_DUPLICATES: Final = 5 / 20_000

_UNIT_OF: Final = {FC: "PNE", NOT: "VAS", ASM: "VAS", EMP: "SPK", OCP: "SIJ", TIC: "SIJ", AFT: "SIJ"}
_EASTERN_DISTRICTS: Final = 6


@dataclass(frozen=True, slots=True, repr=False)
class Doubled:
    """The doubled are the people who are recorded twice: alike, or with another native language."""

    exactly: Whole
    conflicting: Whole


def doubled(plan: Plan, people: People, pairs: Pairs) -> Doubled:
    """Who is recorded twice, among those who were there first."""
    founders = int(np.count_nonzero(people.came_in == plan.first_year))
    order = plan.chance("doubled records", plan.first_year).permutation(plan.people)
    candidates = order[~np.isin(order, np.r_[pairs.children, pairs.elders]) & (order < founders)]
    exact, conflicting = (round(plan.people * share) for share in (EXACT_DUPLICATES, CONFLICTING_DUPLICATES))
    return Doubled(np.sort(candidates[:exact]), np.sort(candidates[exact : exact + conflicting]))


def person_records(
    people: People, households: Households, codes: Codes, *, names: tuple[Words, Words], twice: Doubled
) -> Columns:
    """The population register's columns: one record for each person, and the second ones in the middle of others."""
    row, differs = _rows(len(people), twice)
    surnames, given = names
    language = people.language[row]
    # Finnish where another language is recorded, Swedish where Finnish is: no one knows which of the two is true.
    language = np.where(differs == 1, (language == FINNISH).astype(np.int64), language)
    return {
        "identity_code": codes[row].tolist(),
        "surname": surnames[row].tolist(),
        "first_names": given[row].tolist(),
        "birth_date": written(people.birth[row], POPULATION_DATE),
        "sex": _coded(SEX, people.sex[row] - 1),
        "native_language": _coded(NATIVE_LANGUAGE, language),
        "country_of_birth": _coded(COUNTRY, people.country[row]),
        "district": _coded(DISTRICT, households.district[people.household][row]),
        "household_id": [f"K{number:07d}" for number in (people.household[row] + 1).tolist()],
        "guardian_1": _codes_of(codes, people.guardian_1[row]),
        "guardian_2": _codes_of(codes, people.guardian_2[row]),
        "resident_from": written(people.came[row], POPULATION_DATE),
        "resident_to": written(people.left[row], POPULATION_DATE),
        "died": written(people.died[row], POPULATION_DATE),
    }


def _rows(number: int, twice: Doubled) -> tuple[Whole, Whole]:
    """Whose record each row is, and whether it is one that tells of another native language."""
    again = np.r_[twice.exactly, twice.conflicting]
    row = np.r_[np.arange(number), again]
    differs = np.repeat([0, 1], [number + len(twice.exactly), len(twice.conflicting)])
    # A person's second record was made when somebody else's was: it stands by the record of that place.
    order = np.argsort(np.r_[np.arange(number, dtype=np.float64), again[::-1] + 0.5], kind="stable")
    return row[order], differs[order]


def _coded(code_list: CodeList, places: Whole) -> list[str]:
    return [code_list.allowed[place] for place in places.tolist()]


def _codes_of(codes: Codes, places: Whole) -> list[str]:
    return [str(code) for code in np.where(places == NOBODY, "", codes[places])]


def in_order_of_decision(spells: Spells) -> Spells:
    """The spells by the day on which they begin."""
    return spells.where(np.lexsort((spells.service, spells.person, spells.start)))


def decision_records(
    spells: Spells, district: Whole, *, codes: Codes, languages: NDArray[np.str_], last_day: int
) -> Columns:
    """The social services' columns: one record for each spell, in the order of decision."""
    open_still: Flags = spells.end > last_day
    return {
        "decision_number": _decision_numbers(spells),
        "client_code": codes[spells.person].tolist(),
        "service": _coded(SERVICE, spells.service),
        "start": written(spells.start, "%Y-%m-%d"),
        "end": written(np.where(open_still, NEVER, spells.end), "%Y-%m-%d"),
        "recorded_language": languages[spells.person].tolist(),
        "unit": _units(spells, district),
    }


def _decision_numbers(spells: Spells) -> list[str]:
    """Numbered from one in each year of decision."""
    years = years_of(spells.start)
    _, first, place = np.unique(years, return_index=True, return_inverse=True)
    numbers = np.arange(len(spells)) - first[place] + 1
    return [f"{year}-{number:06d}" for year, number in zip(years.tolist(), numbers.tolist(), strict=True)]


def _units(spells: Spells, district: Whole) -> list[str]:
    """The unit that decides: a family centre of the district's side of the town, or the one for that service."""
    eastern = district[spells.person] < _EASTERN_DISTRICTS
    units = np.where(eastern, *(UNIT.allowed.index(unit) for unit in ("PKI", "PKL")))
    for service, unit in _UNIT_OF.items():
        units = np.where(spells.service == service, UNIT.allowed.index(unit), units)
    return _coded(UNIT, units)

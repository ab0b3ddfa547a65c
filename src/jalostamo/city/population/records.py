"""The records of the population register, as it writes them.

Handbook 2.2 (the population register).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from jalostamo.city.delivering import delivered
from jalostamo.city.frames import coded, dates, gathered, texts
from jalostamo.city.origins import FINNISH
from jalostamo.city.population.description import POPULATION
from jalostamo.city.population.doubled import Doubled, doubled, rows
from jalostamo.city.population.histories import (
    addresses,
    guardianships,
    household_ids,
    identity_codes,
    languages,
    planted,
    suffered,
)
from jalostamo.city.town import Town
from jalostamo.city.truth import Truth, joined
from jalostamo.city.vocabularies import COUNTRY, DISTRICT, NATIVE_LANGUAGE, SEX


def deliver_population(folder: Path, town: Town) -> Truth:
    """Write the population register, and return its part of the truth."""
    twice = doubled(town.plan, town.people, town.pairs)
    with delivered(folder, POPULATION, line_end="\r\n") as tables:
        tables["persons"].append(persons(town, twice))
        tables["addresses"].append(addresses(town))
        tables["languages"].append(languages(town))
        tables["guardianships"].append(guardianships(town))
        tables["identity_codes"].append(identity_codes(town))
    matched = {
        "records": tables["persons"].records,
        "codes": len(town.people),
        "exact_duplicates": len(twice.exactly),
        "conflicting": len(twice.conflicting),
    }
    return {
        "match": {"population": matched},
        "registers": {POPULATION.name: {name: table.records for name, table in tables.items()}},
        "suffers": {POPULATION.name: joined({"persons": {"exact_duplicates": len(twice.exactly)}}, suffered(town))},
        "planted": planted(town),
    }


def persons(town: Town, twice: Doubled) -> pl.DataFrame:
    """One record for each person, and the second ones in the middle of others."""
    people, households = town.people, town.households
    row, differs = rows(len(people), twice)
    language = town.native_language_now[row]
    # Finnish where another language is recorded, Swedish where Finnish is: no one knows which of the two is true.
    language = np.where(differs == 1, (language == FINNISH).astype(np.int64), language)
    codes = texts(town.codes)
    return pl.DataFrame(
        {
            "identity_code": codes.gather(row),
            "surname": texts(town.surnames).gather(row),
            "first_names": texts(town.first_names).gather(row),
            "birth_date": dates(town.told.day[row]),
            "sex": coded(SEX, town.told.sex[row] - 1),
            "native_language": coded(NATIVE_LANGUAGE, language),
            "country_of_birth": coded(COUNTRY, people.country[row]),
            "district": coded(DISTRICT, households.district[people.household][row]),
            "household_id": household_ids(people.household[row]),
            "guardian_1": gathered(codes, people.guardian_1[row]),
            "guardian_2": gathered(codes, people.guardian_2[row]),
            "resident_from": dates(people.came[row]),
            "resident_to": dates(people.left[row]),
            "died": dates(people.died[row]),
        }
    )

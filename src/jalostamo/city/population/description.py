"""The description of the population register, as its owner gives it.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.describing import CUSTOMER, DIRECT, LINK, coded_by, identity, text
from jalostamo.city.population.tables import (
    ADDRESSES,
    GUARDIANSHIP,
    GUARDIANSHIPS,
    IDENTITY_CODES,
    LANGUAGES,
    POSTCODE,
    WRITING,
    dated,
)
from jalostamo.city.vocabularies import COUNTRY, DISTRICT, NATIVE_LANGUAGE, SEX
from jalostamo.concepts.information import InformationKind
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, Marking, Register, RegisterTable


def _text(name: str, column: str, title: Text, **more: object) -> Field:
    return text(name, column, title, **{"required": True, "behaviour": CUSTOMER} | more)


_PERSONS: Final = RegisterTable(
    name="persons",
    file="persons.csv",
    fields=(
        identity(
            "identity_code",
            "HETU",
            Text("Henkilötunnus", "Personbeteckning", "Personal identity code"),
            required=True,
        ),
        _text("surname", "SUKUNIMI", Text("Sukunimi", "Efternamn", "Surname"), sensitivity=DIRECT),
        _text("first_names", "ETUNIMET", Text("Etunimet", "Förnamn", "First names"), sensitivity=DIRECT),
        dated("birth_date", "SYNTYMAPV", Text("Syntymäpäivä", "Födelsedatum", "Date of birth"), required=True),
        coded_by(SEX, "SUKUPUOLI", Text("Sukupuoli", "Kön", "Sex"), required=True, behaviour=CUSTOMER),
        coded_by(
            NATIVE_LANGUAGE,
            "AIDINKIELI",
            Text("Äidinkieli", "Modersmål", "Native language"),
            required=True,
            behaviour=CUSTOMER,
        ),
        coded_by(
            COUNTRY,
            "SYNTYMAVALTIO",
            Text("Syntymävaltio", "Födelsestat", "Country of birth"),
            name="country_of_birth",
            required=True,
            behaviour=CUSTOMER,
        ),
        coded_by(
            DISTRICT,
            "ALUE",
            Text("Asuinalue", "Bostadsområde", "District of residence"),
            required=True,
            locates=True,
            behaviour=CUSTOMER,
        ),
        _text("household_id", "KOTITALOUS", Text("Kotitalous", "Hushåll", "Household"), sensitivity=LINK, locates=True),
        identity(
            "guardian_1",
            "HUOLTAJA1",
            Text("Huoltaja 1 alaikäisenä", "Vårdnadshavare 1 som minderårig", "Guardian 1 while a minor"),
        ),
        identity(
            "guardian_2",
            "HUOLTAJA2",
            Text("Huoltaja 2 alaikäisenä", "Vårdnadshavare 2 som minderårig", "Guardian 2 while a minor"),
        ),
        # Empty for whoever lived there before the register begins.
        dated(
            "resident_from", "MUUTTO_TULO", Text("Asunut kunnassa alkaen", "Bosatt i kommunen från", "Resident from")
        ),
        # Empty for whoever lives there still.
        dated(
            "resident_to",
            "MUUTTO_LAHTO",
            Text("Viimeinen asumispäivä kunnassa", "Sista dagen som bosatt i kommunen", "Last day of residence"),
        ),
        dated("died", "KUOLINPV", Text("Kuolinpäivä", "Dödsdatum", "Date of death")),
    ),
    writing=WRITING,
)

POPULATION: Final = Register(
    name="population",
    title=Text("Väestörekisteri", "Befolkningsregistret", "Population register"),
    owner="population_office",
    controller="city",
    marking=Marking.SYNTHETIC,
    tables=(_PERSONS, ADDRESSES, LANGUAGES, GUARDIANSHIPS, IDENTITY_CODES),
    code_lists=(SEX, NATIVE_LANGUAGE, COUNTRY, DISTRICT, POSTCODE, GUARDIANSHIP),
    information=InformationKind.EXTERNAL,
)

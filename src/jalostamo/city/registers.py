"""The descriptions of the town's two registers, as their owners give them.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.name_lists import REGISTER_ENCODING
from jalostamo.city.vocabularies import COUNTRY, DISTRICT, NATIVE_LANGUAGE, RECORDED_LANGUAGE, SERVICE, SEX, UNIT
from jalostamo.concepts.code_lists import CodeList
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, FieldType, Marking, Register, RegisterTable, Sensitivity
from jalostamo.concepts.writings import Writing

POPULATION_DATE: Final = "%d.%m.%Y"

_DIRECT, _INDIRECT = Sensitivity.DIRECT_IDENTIFIER, Sensitivity.INDIRECT_IDENTIFIER
_LINK, _CONFIDENTIAL = Sensitivity.LINK, Sensitivity.CONFIDENTIAL


def _text(name: str, column: str, title: Text, *, sensitivity: Sensitivity) -> Field:
    return Field(name, column, FieldType.TEXT, sensitivity, title, required=True)


def _code(column: str, code_list: CodeList, title: Text, *, sensitivity: Sensitivity = _INDIRECT) -> Field:
    return Field(code_list.name, column, FieldType.CODE, sensitivity, title, code_list=code_list.name, required=True)


def _identity(name: str, column: str, title: Text, *, required: bool = False) -> Field:
    return Field(name, column, FieldType.PERSONAL_IDENTITY_CODE, _DIRECT, title, required=required)


def _finnish_date(name: str, column: str, title: Text, *, required: bool = False) -> Field:
    return Field(name, column, FieldType.DATE, _INDIRECT, title, format=POPULATION_DATE, required=required)


def _decision_date(name: str, column: str, title: Text, *, required: bool = False) -> Field:
    return Field(name, column, FieldType.DATE, _CONFIDENTIAL, title, required=required)


_PERSONS: Final = RegisterTable(
    name="persons",
    file="persons.csv",
    fields=(
        _identity(
            "identity_code",
            "HETU",
            Text("Henkilötunnus", "Personbeteckning", "Personal identity code"),
            required=True,
        ),
        _text("surname", "SUKUNIMI", Text("Sukunimi", "Efternamn", "Surname"), sensitivity=_DIRECT),
        _text("first_names", "ETUNIMET", Text("Etunimet", "Förnamn", "First names"), sensitivity=_DIRECT),
        _finnish_date("birth_date", "SYNTYMAPV", Text("Syntymäpäivä", "Födelsedatum", "Date of birth"), required=True),
        _code("SUKUPUOLI", SEX, Text("Sukupuoli", "Kön", "Sex")),
        _code("AIDINKIELI", NATIVE_LANGUAGE, Text("Äidinkieli", "Modersmål", "Native language")),
        Field(
            "country_of_birth",
            "SYNTYMAVALTIO",
            FieldType.CODE,
            _INDIRECT,
            Text("Syntymävaltio", "Födelsestat", "Country of birth"),
            code_list=COUNTRY.name,
            required=True,
        ),
        _code("ALUE", DISTRICT, Text("Asuinalue", "Bostadsområde", "District of residence")),
        _text("household_id", "KOTITALOUS", Text("Kotitalous", "Hushåll", "Household"), sensitivity=_LINK),
        _identity(
            "guardian_1",
            "HUOLTAJA1",
            Text("Huoltaja 1 alaikäisenä", "Vårdnadshavare 1 som minderårig", "Guardian 1 while a minor"),
        ),
        _identity(
            "guardian_2",
            "HUOLTAJA2",
            Text("Huoltaja 2 alaikäisenä", "Vårdnadshavare 2 som minderårig", "Guardian 2 while a minor"),
        ),
        # Empty for whoever lived there before the register begins.
        _finnish_date(
            "resident_from",
            "MUUTTO_TULO",
            Text("Asunut kunnassa alkaen", "Bosatt i kommunen från", "Resident from"),
        ),
        # Empty for whoever lives there still.
        _finnish_date(
            "resident_to",
            "MUUTTO_LAHTO",
            Text("Viimeinen asumispäivä kunnassa", "Sista dagen som bosatt i kommunen", "Last day of residence"),
        ),
        _finnish_date("died", "KUOLINPV", Text("Kuolinpäivä", "Dödsdatum", "Date of death")),
    ),
    writing=Writing(delimiter=";", encoding=REGISTER_ENCODING, timezone="Europe/Helsinki"),
)

_DECISIONS: Final = RegisterTable(
    name="decisions",
    file="decisions.csv",
    fields=(
        _text(
            "decision_number",
            "paatos_nro",
            Text("Päätöksen numero", "Beslutets nummer", "Decision number"),
            sensitivity=_LINK,
        ),
        _identity(
            "client_code",
            "asiakas_hetu",
            Text("Asiakkaan henkilötunnus", "Klientens personbeteckning", "Client's personal identity code"),
        ),
        _code("palvelu", SERVICE, Text("Palvelu", "Tjänst", "Service"), sensitivity=_CONFIDENTIAL),
        _decision_date("start", "alku", Text("Alkamispäivä", "Begynnelsedag", "First day"), required=True),
        _decision_date("end", "loppu", Text("Päättymispäivä", "Slutdag", "Last day")),
        _code("asiointikieli", RECORDED_LANGUAGE, Text("Asiointikieli", "Kontaktspråk", "Contact language")),
        _code("yksikko", UNIT, Text("Yksikkö", "Enhet", "Unit"), sensitivity=_CONFIDENTIAL),
    ),
    writing=Writing(delimiter=",", encoding="utf-8", timezone="Europe/Helsinki"),
    key=("decision_number",),
)

POPULATION: Final = Register(
    name="population",
    title=Text("Väestörekisteri", "Befolkningsregistret", "Population register"),
    owner="population_office",
    controller="city",
    marking=Marking.SYNTHETIC,
    tables=(_PERSONS,),
    code_lists=(SEX, NATIVE_LANGUAGE, COUNTRY, DISTRICT),
)
SOCIAL_SERVICES: Final = Register(
    name="social_services",
    title=Text("Sosiaalipalvelujen asiakkaat", "Socialservicens klienter", "Clients of the social services"),
    owner="family_services",
    controller="city",
    marking=Marking.SYNTHETIC,
    tables=(_DECISIONS,),
    code_lists=(SERVICE, RECORDED_LANGUAGE, UNIT),
)

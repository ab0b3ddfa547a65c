"""The description of the health services' register, as its owner gives it.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.describing import identity
from jalostamo.city.health.vocabularies import FORM, LANGUAGE, OUTCOME, PROFESSION, REASON, SEX, UNIT
from jalostamo.concepts.code_lists import CodeList
from jalostamo.concepts.information import BehaviourKind, InformationKind
from jalostamo.concepts.languages import Text
from jalostamo.concepts.organisations import Controller
from jalostamo.concepts.registers import Field, FieldType, Marking, Register, RegisterTable, Sensitivity
from jalostamo.concepts.writings import Writing

_DAY: Final = "%Y%m%d"


def _date(name: str, column: str, title: Text, behaviour: BehaviourKind) -> Field:
    indirect = Sensitivity.INDIRECT_IDENTIFIER
    return Field(name, column, FieldType.DATE, indirect, title, format=_DAY, required=True, behaviour=behaviour)


def _code(code_list: CodeList, sensitivity: Sensitivity, title: Text, behaviour: BehaviourKind) -> Field:
    name = code_list.name
    return Field(
        name,
        name.upper(),
        FieldType.CODE,
        sensitivity,
        title,
        code_list=name,
        required=True,
        behaviour=behaviour,
    )


_SPECIAL, _CONFIDENTIAL = Sensitivity.SPECIAL_CATEGORY, Sensitivity.CONFIDENTIAL
_INDIRECT: Final = Sensitivity.INDIRECT_IDENTIFIER

_VISITS: Final = RegisterTable(
    name="visits",
    file="visits.psv",
    fields=(
        Field(
            "visit_id",
            "VISIT_ID",
            FieldType.TEXT,
            Sensitivity.LINK,
            Text("Käynnin tunnus", "Besökets beteckning", "Identifier of the visit"),
            required=True,
            behaviour=BehaviourKind.TRANSACTION,
        ),
        identity(
            "patient",
            "PATIENT",
            Text("Potilaan henkilötunnus", "Patientens personbeteckning", "Patient's personal identity code"),
        ),
        _code(SEX, _INDIRECT, Text("Sukupuoli", "Kön", "Sex"), BehaviourKind.CUSTOMER),
        _code(LANGUAGE, _INDIRECT, Text("Kieli", "Språk", "Language"), BehaviourKind.CUSTOMER),
        _date("booked", "BOOKED", Text("Varattu", "Bokad", "Booked"), BehaviourKind.TRANSACTION),
        _date("visited", "VISITED", Text("Käyntipäivä", "Besöksdag", "Day of the visit"), BehaviourKind.TRANSACTION),
        _date("recorded", "RECORDED", Text("Kirjattu", "Antecknad", "Recorded"), BehaviourKind.TRANSACTION),
        _code(UNIT, _CONFIDENTIAL, Text("Yksikkö", "Enhet", "Unit"), BehaviourKind.CUSTOMER_SERVICE),
        _code(PROFESSION, _CONFIDENTIAL, Text("Ammatti", "Yrke", "Profession"), BehaviourKind.CUSTOMER_SERVICE),
        _code(FORM, _SPECIAL, Text("Palvelumuoto", "Serviceform", "Form of service"), BehaviourKind.SERVICE),
        _code(REASON, _SPECIAL, Text("Käyntisyy", "Besöksorsak", "Reason for the visit"), BehaviourKind.REASON),
        _code(OUTCOME, _SPECIAL, Text("Käynnin tulos", "Besökets resultat", "Outcome"), BehaviourKind.MEASURE),
    ),
    writing=Writing(delimiter="|", encoding="utf-8", timezone="Europe/Helsinki"),
    key=("visit_id",),
    occurred="visited",
    recorded="recorded",
    unit="unit",
)

HEALTH: Final = Register(
    name="health",
    title=Text("Terveyspalvelujen käynnit", "Besök i hälsovården", "Visits to the health services"),
    owner="health_services",
    controller="wellbeing_county",
    marking=Marking.SYNTHETIC,
    tables=(_VISITS,),
    code_lists=(SEX, LANGUAGE, UNIT, PROFESSION, FORM, REASON, OUTCOME),
    information=InformationKind.NEEDS_OVER_LIFESPAN,
    controllers=(Controller("city", "1900-01-01", "2022-12-31"), Controller("wellbeing_county", "2023-01-01")),
)

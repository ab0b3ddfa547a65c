"""The description of the sports register, as its owner gives it: a system with Swedish headers.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.describing import identity
from jalostamo.city.sports.vocabularies import ACTIVITY, FACILITY, OUTCOME, PASS_KIND, PRICE_CLASS
from jalostamo.concepts.code_lists import CodeList
from jalostamo.concepts.holdings import Through
from jalostamo.concepts.information import BehaviourKind, InformationKind
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, FieldType, Marking, Register, RegisterTable, Sensitivity
from jalostamo.concepts.writings import Writing

_DATE: Final = "%d.%m.%Y"
_TIME: Final = "%d.%m.%Y %H:%M"
_WRITING: Final = Writing(delimiter=";", encoding="iso-8859-15", timezone="Europe/Helsinki")
_ORDINARY, _INDIRECT, _LINK = Sensitivity.ORDINARY, Sensitivity.INDIRECT_IDENTIFIER, Sensitivity.LINK


def _text(name: str, column: str, title: Text, *, sensitivity: Sensitivity, behaviour: BehaviourKind) -> Field:
    return Field(name, column, FieldType.TEXT, sensitivity, title, required=True, behaviour=behaviour)


def _code(column: str, codes: CodeList, title: Text, *, sensitivity: Sensitivity, behaviour: BehaviourKind) -> Field:
    name, kind = codes.name, FieldType.CODE
    return Field(name, column, kind, sensitivity, title, code_list=name, required=True, behaviour=behaviour)


def _date(name: str, column: str, title: Text, *, required: bool = True) -> Field:
    kind = BehaviourKind.TRANSACTION
    return Field(name, column, FieldType.DATE, _INDIRECT, title, format=_DATE, required=required, behaviour=kind)


_PASS: Final = _text(
    "pass_number",
    "kort_nr",
    Text("Kortin numero", "Kortets nummer", "Pass number"),
    sensitivity=_LINK,
    behaviour=BehaviourKind.CUSTOMER,
)
_FACILITY: Final = _code(
    "anläggning",
    FACILITY,
    Text("Liikuntapaikka", "Anläggning", "Facility"),
    sensitivity=_ORDINARY,
    behaviour=BehaviourKind.CUSTOMER_SERVICE,
)
_ACTIVITY: Final = _code(
    "aktivitet",
    ACTIVITY,
    Text("Laji", "Aktivitet", "Activity"),
    sensitivity=_ORDINARY,
    behaviour=BehaviourKind.SERVICE,
)
_RECORDED: Final = _date("recorded", "registrerad", Text("Kirjattu", "Registrerad", "Recorded"))
_THROUGH: Final = Through("passes", "pass_number")

_PASSES: Final = RegisterTable(
    name="passes",
    file="kort.csv",
    fields=(
        _PASS,
        identity(
            "identity_code", "personbeteckning", Text("Henkilötunnus", "Personbeteckning", "Personal identity code")
        ),
        _code(
            "kortslag",
            PASS_KIND,
            Text("Kortin laji", "Kortslag", "Kind of pass"),
            sensitivity=_INDIRECT,
            behaviour=BehaviourKind.MEASURE,
        ),
        _date("valid_from", "giltigt_från", Text("Voimassa alkaen", "Giltigt från", "Valid from")),
        # Empty for a pass without an end.
        _date("valid_to", "giltigt_till", Text("Voimassa asti", "Giltigt till", "Valid to"), required=False),
    ),
    writing=_WRITING,
    key=("pass_number",),
    recorded="valid_from",
)
_VISITS: Final = RegisterTable(
    name="visits",
    file="besok.csv",
    fields=(
        _text(
            "visit_number",
            "besök_nr",
            Text("Käynnin numero", "Besökets nummer", "Visit number"),
            sensitivity=_LINK,
            behaviour=BehaviourKind.TRANSACTION,
        ),
        _PASS,
        _FACILITY,
        Field(
            "visited",
            "tidpunkt",
            FieldType.DATETIME,
            _INDIRECT,
            Text("Ajankohta", "Tidpunkt", "Time of the visit"),
            format=_TIME,
            required=True,
            behaviour=BehaviourKind.TRANSACTION,
        ),
        _ACTIVITY,
        _code(
            "prisklass",
            PRICE_CLASS,
            Text("Hintaluokka", "Prisklass", "Price class"),
            sensitivity=_INDIRECT,
            behaviour=BehaviourKind.REASON,
        ),
        _RECORDED,
    ),
    writing=_WRITING,
    key=("visit_number",),
    through=_THROUGH,
    occurred="visited",
    recorded="recorded",
    unit="facility",
)
_SIGNUPS: Final = RegisterTable(
    name="course_signups",
    file="kursanmalningar.csv",
    fields=(
        _text(
            "signup_number",
            "anmälan_nr",
            Text("Ilmoittautumisen numero", "Anmälans nummer", "Sign-up number"),
            sensitivity=_LINK,
            behaviour=BehaviourKind.TRANSACTION,
        ),
        _PASS,
        _text(
            "course_number",
            "kurs_nr",
            Text("Kurssin numero", "Kursens nummer", "Course number"),
            sensitivity=_ORDINARY,
            behaviour=BehaviourKind.SERVICE,
        ),
        _FACILITY,
        _ACTIVITY,
        _date("signed_up", "anmäld", Text("Ilmoittautunut", "Anmäld", "Signed up")),
        _date("starts", "kursstart", Text("Kurssi alkaa", "Kursen börjar", "Course begins")),
        _code(
            "resultat",
            OUTCOME,
            Text("Tulos", "Resultat", "Outcome"),
            sensitivity=_ORDINARY,
            behaviour=BehaviourKind.MEASURE,
        ),
        _RECORDED,
    ),
    writing=_WRITING,
    key=("signup_number",),
    through=_THROUGH,
    occurred="signed_up",
    recorded="recorded",
    unit="facility",
)

SPORTS: Final = Register(
    name="sports",
    title=Text("Liikuntapalvelujen käynnit", "Idrottsväsendets besök", "Visits to the sports services"),
    owner="sports",
    controller="city",
    marking=Marking.SYNTHETIC,
    tables=(_PASSES, _VISITS, _SIGNUPS),
    code_lists=(PASS_KIND, FACILITY, ACTIVITY, PRICE_CLASS, OUTCOME),
    information=InformationKind.BRANCH,
)

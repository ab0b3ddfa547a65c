"""The description of the feedback register, as its owner gives it.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.describing import identity
from jalostamo.city.feedback.vocabularies import CHANNEL, LANGUAGE, SERVICE, UNIT
from jalostamo.concepts.code_lists import CodeList
from jalostamo.concepts.information import BehaviourKind, InformationKind
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, FieldType, Marking, Register, RegisterTable, Sensitivity
from jalostamo.concepts.writings import Writing

_ORDINARY, _INDIRECT = Sensitivity.ORDINARY, Sensitivity.INDIRECT_IDENTIFIER
_WRITING: Final = Writing(format="json_lines", encoding="utf-8", timezone="Europe/Helsinki")


def _code(codes: CodeList, title: Text, *, behaviour: BehaviourKind, sensitivity: Sensitivity = _ORDINARY) -> Field:
    name, kind = codes.name, FieldType.CODE
    return Field(name, name, kind, sensitivity, title, code_list=name, required=True, behaviour=behaviour)


def _date(name: str, title: Text, behaviour: BehaviourKind, *, required: bool = True) -> Field:
    return Field(name, name, FieldType.DATE, _INDIRECT, title, required=required, behaviour=behaviour)


def _score(name: str, title: Text) -> Field:
    return Field(name, name, FieldType.INTEGER, _ORDINARY, title, behaviour=BehaviourKind.FEEDBACK)


def _number(title: Text) -> Field:
    kind, behaviour = Sensitivity.LINK, BehaviourKind.TRANSACTION
    return Field("number", "number", FieldType.TEXT, kind, title, required=True, behaviour=behaviour)


_IDENTITY: Final = identity(
    "identity_code", "identity_code", Text("Henkilötunnus", "Personbeteckning", "Personal identity code")
)
_SERVICE: Final = _code(SERVICE, Text("Palvelu", "Tjänst", "Service"), behaviour=BehaviourKind.SERVICE)
_UNIT: Final = _code(UNIT, Text("Yksikkö", "Enhet", "Unit"), behaviour=BehaviourKind.CUSTOMER_SERVICE)
_CHANNEL: Final = _code(CHANNEL, Text("Kanava", "Kanal", "Channel"), behaviour=BehaviourKind.TRANSACTION)
_LANGUAGE: Final = _code(
    LANGUAGE, Text("Kieli", "Språk", "Language"), behaviour=BehaviourKind.CUSTOMER, sensitivity=_INDIRECT
)
_DAY: Final = _date("day", Text("Päivä", "Dag", "Day"), BehaviourKind.TRANSACTION)
_RECORDED: Final = _date("recorded", Text("Kirjattu", "Registrerad", "Recorded"), BehaviourKind.TRANSACTION)

_FEEDBACK: Final = RegisterTable(
    name="feedback",
    file="feedback.jsonl",
    fields=(
        _number(Text("Palautteen numero", "Responsens nummer", "Number of the feedback")),
        _IDENTITY,
        _SERVICE,
        _UNIT,
        _CHANNEL,
        _LANGUAGE,
        _DAY,
        _score("score", Text("Arvosana 1-5", "Betyg 1-5", "Score 1-5")),
        Field(
            "text",
            "text",
            FieldType.TEXT,
            Sensitivity.FREE_TEXT,
            Text("Palaute omin sanoin", "Respons med egna ord", "Feedback in one's own words"),
            required=True,
            behaviour=BehaviourKind.FEEDBACK,
        ),
        # Empty while nobody has answered.
        _date("answered", Text("Vastattu", "Besvarad", "Answered"), BehaviourKind.MEASURE, required=False),
        _RECORDED,
    ),
    writing=_WRITING,
    key=("number",),
    occurred="day",
    recorded="recorded",
    unit="unit",
)
_SATISFACTION: Final = RegisterTable(
    name="satisfaction",
    file="satisfaction.jsonl",
    fields=(
        _number(Text("Vastauksen numero", "Svarets nummer", "Number of the answer")),
        _IDENTITY,
        _SERVICE,
        _UNIT,
        _LANGUAGE,
        _DAY,
        _score("overall", Text("Kokonaisarvio 1-5", "Helhetsbetyg 1-5", "Overall 1-5")),
        _score("welcome", Text("Kohtaaminen 1-5", "Bemötande 1-5", "Welcome 1-5")),
        _score("waiting", Text("Odotus 1-5", "Väntan 1-5", "Waiting 1-5")),
        _score("would_recommend", Text("Suosittelisi 0-10", "Skulle rekommendera 0-10", "Would recommend 0-10")),
        _RECORDED,
    ),
    writing=_WRITING,
    key=("number",),
    occurred="day",
    recorded="recorded",
    unit="unit",
)

FEEDBACK: Final = Register(
    name="feedback",
    title=Text("Asiakaspalaute", "Kundrespons", "Customer feedback"),
    owner="customer_service",
    controller="city",
    marking=Marking.SYNTHETIC,
    tables=(_FEEDBACK, _SATISFACTION),
    code_lists=(SERVICE, UNIT, CHANNEL, LANGUAGE),
    information=InformationKind.QUALITATIVE_AND_TACIT,
)

"""The description of early education's register: two tables of JSON lines.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.describing import identity
from jalostamo.city.early_education.vocabularies import FORM, UNIT
from jalostamo.concepts.code_lists import CodeList
from jalostamo.concepts.information import BehaviourKind, InformationKind
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, FieldType, Marking, Register, RegisterTable, Sensitivity
from jalostamo.concepts.writings import Writing

_INDIRECT, _CONFIDENTIAL = Sensitivity.INDIRECT_IDENTIFIER, Sensitivity.CONFIDENTIAL
_JSON: Final = Writing(format="json_lines", encoding="utf-8", timezone="Europe/Helsinki")


def _field(
    name: str, column: str, kind: FieldType, title: Text, *, behaviour: BehaviourKind, required: bool = True
) -> Field:
    return Field(name, column, kind, _INDIRECT, title, required=required, behaviour=behaviour)


def _code(code_list: CodeList, column: str, title: Text, behaviour: BehaviourKind) -> Field:
    name = code_list.name
    return Field(name, column, FieldType.CODE, _INDIRECT, title, code_list=name, required=True, behaviour=behaviour)


_CHILD: Final = identity(
    "child", "child", Text("Lapsen henkilötunnus", "Barnets personbeteckning", "Child's personal identity code")
)
_UNIT: Final = _code(UNIT, "unit", Text("Yksikkö", "Enhet", "Unit"), BehaviourKind.CUSTOMER_SERVICE)
_PLACEMENTS: Final = RegisterTable(
    name="placements",
    file="placements.jsonl",
    fields=(
        _CHILD,
        _UNIT,
        _code(FORM, "form", Text("Hoitomuoto", "Vårdform", "Form of care"), BehaviourKind.SERVICE),
        # Empty where a child goes on for another year without an application.
        _field(
            "applied", "applied", FieldType.DATE, Text("Haettu", "Ansökt", "Applied"),
            behaviour=BehaviourKind.TRANSACTION, required=False,
        ),
        _field(
            "start", "start", FieldType.DATE, Text("Alkaa", "Börjar", "First day"), behaviour=BehaviourKind.TRANSACTION
        ),
        # Empty as long as the placement goes on.
        _field(
            "end", "end", FieldType.DATE, Text("Päättyy", "Slutar", "Last day"),
            behaviour=BehaviourKind.TRANSACTION, required=False,
        ),
        _field(
            "weekly_hours", "weeklyHours", FieldType.INTEGER, Text("Tunteja viikossa", "Timmar i veckan", "Weekly hours"),
            behaviour=BehaviourKind.SERVICE,
        ),
        Field(
            "language_support", "languageSupport", FieldType.BOOLEAN, _CONFIDENTIAL,
            Text("Kielen tuki", "Språkstöd", "Language support"), required=True, behaviour=BehaviourKind.MEASURE,
        ),
    ),
    writing=_JSON,
    occurred="start",
    unit="unit",
)  # fmt: skip
_ATTENDANCE: Final = RegisterTable(
    name="attendance",
    file="attendance.jsonl",
    fields=(
        _CHILD,
        _UNIT,
        _field(
            "month", "month", FieldType.DATE, Text("Kuukausi", "Månad", "Month, by its first day"),
            behaviour=BehaviourKind.TRANSACTION,
        ),
        _field(
            "days_present", "daysPresent", FieldType.INTEGER, Text("Läsnäolopäiviä", "Närvarodagar", "Days present"),
            behaviour=BehaviourKind.TRANSACTION,
        ),
        _field(
            "recorded", "recorded", FieldType.DATE, Text("Kirjattu", "Antecknad", "Recorded"),
            behaviour=BehaviourKind.TRANSACTION,
        ),
    ),
    writing=_JSON,
    occurred="month",
    recorded="recorded",
    unit="unit",
)  # fmt: skip

EARLY_EDUCATION: Final = Register(
    name="early_education",
    title=Text("Varhaiskasvatuksen rekisteri", "Småbarnspedagogikens register", "Register of early education"),
    owner="early_education",
    controller="city",
    marking=Marking.SYNTHETIC,
    tables=(_PLACEMENTS, _ATTENDANCE),
    code_lists=(FORM, UNIT),
    information=InformationKind.NEEDS_OVER_LIFESPAN,
)

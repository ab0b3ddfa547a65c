"""The description of the schools' register: four tables of lines of fixed width, without a header.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from jalostamo.city.describing import identity
from jalostamo.city.schools.vocabularies import (
    ABSENCE,
    CLASS_LANGUAGE,
    HOME_LANGUAGE,
    PROFESSION,
    SCHOOL,
    SEX,
    SUBJECT,
    SUPPORT_LEVEL,
    WELFARE_OUTCOME,
    WELFARE_REASON,
)
from jalostamo.concepts.code_lists import CodeList
from jalostamo.concepts.information import BehaviourKind, InformationKind
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, FieldType, Marking, Register, RegisterTable, Sensitivity
from jalostamo.concepts.writings import Writing

_WRITING: Final = Writing(format="fixed_width", encoding="iso-8859-15", timezone="Europe/Helsinki")
_INDIRECT, _CONFIDENTIAL = Sensitivity.INDIRECT_IDENTIFIER, Sensitivity.CONFIDENTIAL
_SPECIAL: Final = Sensitivity.SPECIAL_CATEGORY
_WIDTHS: Final = {FieldType.PERSONAL_IDENTITY_CODE: 11, FieldType.DATE: 10, FieldType.INTEGER: 2}


def _in_line(*fields: Field) -> tuple[Field, ...]:
    """The fields one after another, each as wide as its values, with a space between."""
    placed, start = [], 1
    for field in fields:
        width = field.width or _WIDTHS[field.type]
        placed.append(replace(field, start=start, width=width))
        start += width + 1
    return tuple(placed)


_PUPIL: Final = identity(
    "pupil", "OPPILAS", Text("Oppilaan henkilötunnus", "Elevens personbeteckning", "Pupil's personal identity code")
)


def _code(
    name: str, code_list: CodeList, title: Text, behaviour: BehaviourKind, *, sensitivity: Sensitivity = _INDIRECT
) -> Field:
    return Field(
        name,
        name.upper(),
        FieldType.CODE,
        sensitivity,
        title,
        code_list=code_list.name,
        required=True,
        width=max(len(code) for code in code_list.allowed),
        behaviour=behaviour,
    )


def _date(name: str, title: Text, *, required: bool = True, sensitivity: Sensitivity = _INDIRECT) -> Field:
    return Field(
        name,
        name.upper(),
        FieldType.DATE,
        sensitivity,
        title,
        format="%d.%m.%Y",
        required=required,
        behaviour=BehaviourKind.TRANSACTION,
    )


def _number(name: str, title: Text) -> Field:
    return Field(
        name, name.upper(), FieldType.INTEGER, _INDIRECT, title, required=True, behaviour=BehaviourKind.SERVICE
    )


_SCHOOL: Final = _code("school", SCHOOL, Text("Koulu", "Skola", "School"), BehaviourKind.CUSTOMER_SERVICE)
_ENROLMENTS: Final = RegisterTable(
    name="enrolments",
    file="OPPILAAT.TXT",
    fields=_in_line(
        _PUPIL,
        _code("sex", SEX, Text("Sukupuoli", "Kön", "Sex"), BehaviourKind.CUSTOMER),
        _code("home_language", HOME_LANGUAGE, Text("Kotikieli", "Hemspråk", "Home language"), BehaviourKind.CUSTOMER),
        _SCHOOL,
        _number("grade", Text("Vuosiluokka", "Årskurs", "Grade")),
        _code("class_language", CLASS_LANGUAGE, Text("Opetuskieli", "Språk", "Class language"), BehaviourKind.SERVICE),
        _date("since", Text("Alkaen", "Från", "From")),
        # Empty as long as the pupil is there.
        _date("until", Text("Päättyen", "Till", "Until"), required=False),
    ),
    writing=_WRITING,
    occurred="since",
    unit="school",
)
_ABSENCES: Final = RegisterTable(
    name="absences",
    file="POISSA.TXT",
    fields=_in_line(
        _PUPIL,
        _SCHOOL,
        _date("day", Text("Päivä", "Dag", "Day")),
        _number("lessons", Text("Oppitunteja", "Lektioner", "Lessons")),
        _code("reason", ABSENCE, Text("Syy", "Orsak", "Reason"), BehaviourKind.REASON, sensitivity=_CONFIDENTIAL),
    ),
    writing=_WRITING,
    occurred="day",
    unit="school",
)
_WELFARE: Final = RegisterTable(
    name="pupil_welfare",
    file="HUOLTO.TXT",
    fields=_in_line(
        _PUPIL,
        _SCHOOL,
        _date("day", Text("Päivä", "Dag", "Day"), sensitivity=_CONFIDENTIAL),
        _code(
            "profession", PROFESSION, Text("Ammatti", "Yrke", "Profession"), BehaviourKind.CUSTOMER_SERVICE,
            sensitivity=_CONFIDENTIAL,
        ),
        _code("reason", WELFARE_REASON, Text("Syy", "Orsak", "Reason"), BehaviourKind.REASON, sensitivity=_SPECIAL),
        _code("outcome", WELFARE_OUTCOME, Text("Tulos", "Resultat", "Outcome"), BehaviourKind.MEASURE,
              sensitivity=_CONFIDENTIAL),
        _date("recorded", Text("Kirjattu", "Antecknad", "Recorded"), sensitivity=_CONFIDENTIAL),
    ),
    writing=_WRITING,
    occurred="day",
    recorded="recorded",
    unit="school",
)  # fmt: skip
_SUPPORT: Final = RegisterTable(
    name="support",
    file="TUKI.TXT",
    fields=_in_line(
        _PUPIL,
        _SCHOOL,
        _code("level", SUPPORT_LEVEL, Text("Tuen taso", "Stödnivå", "Level of support"), BehaviourKind.MEASURE,
              sensitivity=_SPECIAL),
        _code("subject", SUBJECT, Text("Aine", "Ämne", "Subject"), BehaviourKind.SERVICE, sensitivity=_CONFIDENTIAL),
        _date("since", Text("Alkaen", "Från", "Since"), sensitivity=_CONFIDENTIAL),
        # Empty as long as the support goes on.
        _date("until", Text("Päättyen", "Till", "Until"), required=False, sensitivity=_CONFIDENTIAL),
    ),
    writing=_WRITING,
    occurred="since",
    unit="school",
)  # fmt: skip

SCHOOLS: Final = Register(
    name="schools",
    title=Text("Koulujen oppilasrekisteri", "Skolornas elevregister", "Pupil register of the schools"),
    owner="basic_education",
    controller="city",
    marking=Marking.SYNTHETIC,
    tables=(_ENROLMENTS, _ABSENCES, _WELFARE, _SUPPORT),
    code_lists=(
        SCHOOL, CLASS_LANGUAGE, HOME_LANGUAGE, SEX, ABSENCE, PROFESSION, WELFARE_REASON, WELFARE_OUTCOME,
        SUPPORT_LEVEL, SUBJECT,
    ),
    information=InformationKind.BRANCH,
)  # fmt: skip

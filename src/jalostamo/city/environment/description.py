"""The description of the operating environment's register: nothing in it tells of a person.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.vocabularies import DISTRICT as DISTRICT_OF_RESIDENCE
from jalostamo.concepts.code_lists import Code, CodeList
from jalostamo.concepts.information import InformationKind
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, FieldType, Marking, Register, RegisterTable, Sensitivity
from jalostamo.concepts.writings import Writing

_WRITING: Final = Writing(delimiter="\t", encoding="utf-16", decimal_mark=",", timezone="Europe/Helsinki")

AREA: Final = CodeList("area", "1", tuple(Code(f"A{entry.code}", entry.label) for entry in DISTRICT_OF_RESIDENCE.codes))
"""The districts in the statistics' own codes."""


def _field(name: str, column: str, kind: FieldType, title: Text, *, code_list: str | None = None) -> Field:
    form = "%d.%m.%Y" if kind is FieldType.DATE else None
    return Field(name, column, kind, Sensitivity.ORDINARY, title, code_list=code_list, format=form, required=True)


_MONTH: Final = _field("month", "KUUKAUSI", FieldType.DATE, Text("Kuukausi", "Månad", "Month, by its first day"))
_WHOLE, _PART = FieldType.INTEGER, FieldType.DECIMAL
_SHARE_OF_FOREIGN: Final = Text(
    "Vieraskielisten osuus", "Andel med främmande språk", "Share of foreign-language residents"
)
_SHARE_OF_SMALL_INCOMES: Final = Text(
    "Pienituloisten kotitalouksien osuus", "Andel hushåll med låga inkomster", "Share of households with small incomes"
)
_DISTRICTS: Final = RegisterTable(
    name="districts",
    file="alueet.tsv",
    fields=(
        _MONTH,
        _field("area", "ALUE", FieldType.CODE, Text("Alue", "Område", "Area"), code_list="area"),
        _field("job_seekers", "TYOTTOMIA", _WHOLE, Text("Työttömiä työnhakijoita", "Arbetslösa", "Unemployed job seekers")),
        _field("vacancies", "AVOIMIA_PAIKKOJA", _WHOLE, Text("Avoimia työpaikkoja", "Lediga platser", "Vacancies")),
        _field("dwellings_built", "ASUNTOJA", _WHOLE, Text("Valmistuneita asuntoja", "Färdiga bostäder", "Dwellings built")),
        _field("rent", "VUOKRA", _PART, Text("Keskivuokra, euroa/m2", "Medelhyra, euro/m2", "Average rent, EUR/m2")),
        _field("foreign_share", "VIERASKIELISIA", _PART, _SHARE_OF_FOREIGN),
        _field("small_income", "PIENITULOISIA", _PART, _SHARE_OF_SMALL_INCOMES),
    ),
    writing=_WRITING,
    key=("month", "area"),
    occurred="month",
)  # fmt: skip
_WEATHER: Final = RegisterTable(
    name="weather",
    file="saa.tsv",
    fields=(
        _MONTH,
        _field("temperature", "LAMPOTILA", _PART, Text("Keskilämpötila, astetta", "Medeltemperatur, grader", "Mean temperature, degrees")),
        _field("rain", "SADE", _PART, Text("Sademäärä, mm", "Nederbörd, mm", "Rain, mm")),
    ),
    writing=_WRITING,
    key=("month",),
    occurred="month",
)  # fmt: skip

ENVIRONMENT: Final = Register(
    name="environment",
    title=Text("Toimintaympäristön tilastot", "Statistik över omvärlden", "Statistics of the operating environment"),
    owner="statistics",
    controller="city",
    marking=Marking.SYNTHETIC,
    tables=(_DISTRICTS, _WEATHER),
    code_lists=(AREA,),
    information=InformationKind.OPERATING_ENVIRONMENT,
)

"""The description of costs and capacity: two workbooks that somebody keeps by hand, with a title above the header.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.vocabularies import listed
from jalostamo.concepts.information import BehaviourKind, InformationKind
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, FieldType, Marking, Register, RegisterTable, Sensitivity
from jalostamo.concepts.writings import Writing

COUNTED: Final = listed(
    "counted",
    ("visit", "käynti", "besök", "Visit"),
    ("day", "vuorokausi", "dygn", "Day"),
    ("month", "kuukausi", "månad", "Month"),
)
SYSTEM: Final = listed(
    "system",
    ("health", "Terveyspalvelut", "Hälsovård", "Health services"),
    ("social_services", "Sosiaalipalvelut", "Socialservice", "Social services"),
    ("early_education", "Varhaiskasvatus", "Småbarnspedagogik", "Early education"),
)


def _field(name: str, column: str, kind: FieldType, title: Text, *, code_list: str | None = None) -> Field:
    behaviour = BehaviourKind.SERVICE if code_list or kind is FieldType.TEXT else BehaviourKind.MEASURE
    return Field(
        name, column, kind, Sensitivity.ORDINARY, title, code_list=code_list, required=True, behaviour=behaviour
    )


_MONTH_TITLE: Final = Text("Kuukausi", "Månad", "Month, by its first day")
_UNIT_COSTS: Final = RegisterTable(
    name="unit_costs",
    file="yksikkokustannukset.xlsx",
    fields=(
        _field("month", "Kuukausi", FieldType.DATE, _MONTH_TITLE),
        _field("system", "Palveluala", FieldType.CODE, Text("Palveluala", "Servicebransch", "Branch"), code_list="system"),
        _field("service", "Palvelu", FieldType.TEXT, Text("Palvelun koodi", "Tjänstens kod", "Code of the service")),
        _field("counted", "Suoritelaji", FieldType.CODE, Text("Suorite", "Prestation", "Counted"), code_list="counted"),
        _field("cost", "Yksikkökustannus", FieldType.DECIMAL, Text("Yksikkökustannus, euroa", "Enhetskostnad, euro", "Unit cost, EUR")),
    ),
    writing=Writing(format="xlsx", sheet="Yksikkökustannukset", cells="A4:E", timezone="Europe/Helsinki"),
    key=("month", "system", "service"),
    occurred="month",
)  # fmt: skip
_CAPACITY: Final = RegisterTable(
    name="capacity",
    file="kapasiteetti.xlsx",
    fields=(
        _field("unit", "Yksikkö", FieldType.TEXT, Text("Yksikkö", "Enhet", "Unit")),
        _field("month", "Kuukausi", FieldType.DATE, _MONTH_TITLE),
        _field("places", "Paikkoja", FieldType.INTEGER, Text("Paikkoja", "Platser", "Places")),
        _field("staff_years", "Henkilötyövuosia", FieldType.DECIMAL, Text("Henkilötyövuosia", "Årsverken", "Staff years")),
        _field("used_days", "Käytettyjä päiviä", FieldType.INTEGER, Text("Käytettyjä päiviä", "Använda dagar", "Days used")),
    ),
    writing=Writing(format="xlsx", sheet="Kapasiteetti", cells="A4:E", timezone="Europe/Helsinki"),
    key=("unit", "month"),
    occurred="month",
    unit="unit",
)  # fmt: skip

COSTS: Final = Register(
    name="costs",
    title=Text("Kustannukset ja kapasiteetti", "Kostnader och kapacitet", "Costs and capacity"),
    owner="finance",
    controller="city",
    marking=Marking.SYNTHETIC,
    tables=(_UNIT_COSTS, _CAPACITY),
    code_lists=(SYSTEM, COUNTED),
    information=InformationKind.CITY_LEVEL,
)

"""The population register's further tables: what it has known since when, and which codes it has changed.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.describing import CONFIDENTIAL, CUSTOMER, LINK, coded_by, day, identity, text
from jalostamo.city.homes import POSTCODES
from jalostamo.city.name_lists import REGISTER_ENCODING
from jalostamo.city.vocabularies import DISTRICT, NATIVE_LANGUAGE, listed
from jalostamo.concepts.holdings import Holding
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, RegisterTable
from jalostamo.concepts.writings import Writing

POPULATION_DATE: Final = "%d.%m.%Y"
WRITING: Final = Writing(delimiter=";", encoding=REGISTER_ENCODING, timezone="Europe/Helsinki")

POSTCODE: Final = listed("postcode", *((code, code, code, code) for code in POSTCODES))
GUARDIANSHIP: Final = listed(
    "guardianship",
    ("1", "yhteishuolto", "gemensam vårdnad", "Joint guardianship"),
    ("2", "yksinhuolto", "ensam vårdnad", "Sole guardianship"),
)

_CODE: Final = Text("Henkilötunnus", "Personbeteckning", "Personal identity code")


def dated(name: str, column: str, title: Text, *, required: bool = False) -> Field:
    """A date as this register writes it."""
    return day(name, column, title, format=POPULATION_DATE, required=required, behaviour=CUSTOMER)


# Empty where it has held since before the register begins.
_SINCE: Final = dated("since", "ALKUPV", Text("Voimassa alkaen", "Gäller från", "In force from"))
# Empty where it holds still.
_UNTIL: Final = dated(
    "until", "LOPPUPV", Text("Viimeinen voimassaolopäivä", "Sista giltighetsdag", "Last day in force")
)
# Empty for what was recorded before the register begins.
_RECORDED: Final = dated("recorded", "KIRJAUSPV", Text("Kirjauspäivä", "Registreringsdag", "Recorded on"))

ADDRESSES: Final = RegisterTable(
    name="addresses",
    file="addresses.csv",
    fields=(
        identity("identity_code", "HETU", _CODE, required=True),
        coded_by(
            DISTRICT,
            "ALUE",
            Text("Asuinalue", "Bostadsområde", "District of residence"),
            required=True,
            locates=True,
            behaviour=CUSTOMER,
        ),
        coded_by(
            POSTCODE,
            "POSTINUMERO",
            Text("Postinumero", "Postnummer", "Postcode"),
            required=True,
            locates=True,
            behaviour=CUSTOMER,
        ),
        text(
            "household_id",
            "KOTITALOUS",
            Text("Kotitalous", "Hushåll", "Household"),
            sensitivity=LINK,
            required=True,
            locates=True,
            behaviour=CUSTOMER,
        ),
        _SINCE,
        _UNTIL,
        _RECORDED,
    ),
    writing=WRITING,
    occurred="since",
    recorded="recorded",
)

LANGUAGES: Final = RegisterTable(
    name="languages",
    file="languages.csv",
    fields=(
        identity("identity_code", "HETU", _CODE, required=True),
        coded_by(
            NATIVE_LANGUAGE,
            "AIDINKIELI",
            Text("Äidinkieli", "Modersmål", "Native language"),
            required=True,
            behaviour=CUSTOMER,
        ),
        _SINCE,
        _RECORDED,
    ),
    writing=WRITING,
    occurred="since",
    recorded="recorded",
)

GUARDIANSHIPS: Final = RegisterTable(
    name="guardianships",
    file="guardianships.csv",
    fields=(
        identity(
            "child", "LAPSI", Text("Lapsen henkilötunnus", "Barnets personbeteckning", "Child's code"), required=True
        ),
        identity(
            "guardian",
            "HUOLTAJA",
            Text("Huoltajan henkilötunnus", "Vårdnadshavarens personbeteckning", "Guardian's code"),
            required=True,
        ),
        _SINCE,
        _UNTIL,
        coded_by(
            GUARDIANSHIP,
            "HUOLTOMUOTO",
            Text("Huoltomuoto", "Vårdnadsform", "Kind of guardianship"),
            name="kind",
            required=True,
            sensitivity=CONFIDENTIAL,
            behaviour=CUSTOMER,
        ),
    ),
    writing=WRITING,
    occurred="since",
)

IDENTITY_CODES: Final = RegisterTable(
    name="identity_codes",
    file="identity_codes.csv",
    fields=(
        identity(
            "former_code",
            "ENTINEN_HETU",
            Text("Entinen henkilötunnus", "Tidigare personbeteckning", "Former code"),
            required=True,
        ),
        identity(
            "current_code",
            "NYKYINEN_HETU",
            Text("Nykyinen henkilötunnus", "Nuvarande personbeteckning", "Present code"),
            required=True,
        ),
        dated("changed_on", "MUUTOSPV", Text("Muutospäivä", "Ändringsdag", "Changed on"), required=True),
    ),
    writing=WRITING,
    holds=Holding.CODE_HISTORY,
    occurred="changed_on",
)

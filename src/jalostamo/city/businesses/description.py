"""The description of the trade register, as its owner gives it.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.businesses.vocabularies import CHANNEL, FORM, INDUSTRY, SERVICE, STAFF
from jalostamo.city.describing import (
    CUSTOMER,
    CUSTOMER_SERVICE,
    DIRECT,
    LINK,
    ORDINARY,
    TRANSACTION,
    coded_by,
    day,
    identity,
    text,
)
from jalostamo.city.describing import SERVICE as OF_SERVICE
from jalostamo.city.population.tables import POSTCODE
from jalostamo.city.vocabularies import DISTRICT
from jalostamo.concepts.holdings import Through
from jalostamo.concepts.information import InformationKind
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, FieldType, Marking, Register, RegisterTable
from jalostamo.concepts.writings import Writing

_WRITING: Final = Writing(delimiter="\t", timezone="Europe/Helsinki")
# A sole trader's business id points at a natural person.
_BUSINESS_ID: Final = Field(
    "business_id",
    "Y_TUNNUS",
    FieldType.BUSINESS_ID,
    LINK,
    Text("Y-tunnus", "FO-nummer", "Business id"),
    required=True,
    behaviour=CUSTOMER,
)

_BUSINESSES: Final = RegisterTable(
    name="businesses",
    file="businesses.txt",
    fields=(
        _BUSINESS_ID,
        identity(
            "personal_identity_code",
            "ELINKEINONHARJOITTAJA",
            Text("Elinkeinonharjoittajan henkilötunnus", "Näringsidkarens personbeteckning", "Sole trader's code"),
        ),
        # A sole trader's name is a person's.
        text("name", "NIMI", Text("Nimi", "Namn", "Name"), sensitivity=DIRECT, required=True, behaviour=CUSTOMER),
        coded_by(FORM, "YRITYSMUOTO", Text("Yritysmuoto", "Företagsform", "Form"), required=True, behaviour=CUSTOMER),
        coded_by(INDUSTRY, "TOIMIALA", Text("Toimiala", "Näringsgren", "Industry"), behaviour=CUSTOMER),
        coded_by(
            POSTCODE, "POSTINUMERO", Text("Postinumero", "Postnummer", "Postcode"), locates=True, behaviour=CUSTOMER
        ),
        coded_by(DISTRICT, "ALUE", Text("Alue", "Område", "District"), locates=True, behaviour=CUSTOMER),
        coded_by(
            STAFF,
            "HENKILOSTO",
            Text("Henkilöstön määrä", "Personal", "Staff"),
            sensitivity=ORDINARY,
            behaviour=CUSTOMER,
        ),
        day("founded", "PERUSTETTU", Text("Perustettu", "Grundat", "Founded"), required=True, behaviour=CUSTOMER),
        day("ended", "LAKANNUT", Text("Lakannut", "Upphört", "Ended"), behaviour=CUSTOMER),
    ),
    writing=_WRITING,
    key=("business_id",),
    occurred="founded",
)

_CONTACTS: Final = RegisterTable(
    name="contacts",
    file="contacts.txt",
    fields=(
        text(
            "contact_number",
            "ASIA_NRO",
            Text("Asian numero", "Ärendenummer", "Matter number"),
            sensitivity=LINK,
            required=True,
            behaviour=TRANSACTION,
        ),
        _BUSINESS_ID,
        day("day", "PAIVA", Text("Päivä", "Dag", "Day"), required=True, behaviour=TRANSACTION),
        coded_by(SERVICE, "PALVELU", Text("Palvelu", "Tjänst", "Service"), sensitivity=ORDINARY, behaviour=OF_SERVICE),
        coded_by(
            CHANNEL, "KANAVA", Text("Kanava", "Kanal", "Channel"), sensitivity=ORDINARY, behaviour=CUSTOMER_SERVICE
        ),
    ),
    writing=_WRITING,
    key=("contact_number",),
    through=Through("businesses", "business_id"),
    occurred="day",
)

BUSINESSES: Final = Register(
    name="businesses",
    title=Text("Yritysrekisteri", "Företagsregistret", "Trade register"),
    owner="business_services",
    controller="city",
    marking=Marking.SYNTHETIC,
    tables=(_BUSINESSES, _CONTACTS),
    code_lists=(FORM, INDUSTRY, POSTCODE, DISTRICT, STAFF, SERVICE, CHANNEL),
    information=InformationKind.OPERATING_ENVIRONMENT,
)

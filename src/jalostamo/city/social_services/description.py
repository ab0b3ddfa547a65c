"""The description of the social services' register, as its owner gives it.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.describing import (
    CONFIDENTIAL,
    CUSTOMER,
    CUSTOMER_SERVICE,
    LINK,
    MEASURE,
    TRANSACTION,
    coded_by,
    day,
    identity,
    text,
)
from jalostamo.city.describing import REASON as OF_REASON
from jalostamo.city.describing import SERVICE as OF_SERVICE
from jalostamo.city.social_services.vocabularies import (
    CHANNEL,
    NOTIFIED_OUTCOME,
    NOTIFIED_REASON,
    NOTIFIER,
    OUTCOME,
    REASON,
)
from jalostamo.city.vocabularies import RECORDED_LANGUAGE, SERVICE, UNIT
from jalostamo.concepts.information import InformationKind
from jalostamo.concepts.languages import Text
from jalostamo.concepts.organisations import Controller
from jalostamo.concepts.registers import Field, Marking, Register, RegisterTable
from jalostamo.concepts.writings import Writing

_WRITING: Final = Writing(delimiter=",", encoding="utf-8", timezone="Europe/Helsinki")


def _day(name: str, column: str, title: Text, *, required: bool = False) -> Field:
    return day(name, column, title, sensitivity=CONFIDENTIAL, required=required, behaviour=TRANSACTION)


def _text(name: str, column: str, title: Text) -> Field:
    return text(name, column, title, sensitivity=LINK, required=True, behaviour=TRANSACTION)


_DECISIONS: Final = RegisterTable(
    name="decisions",
    file="decisions.csv",
    fields=(
        _text("decision_number", "paatos_nro", Text("Päätöksen numero", "Beslutets nummer", "Decision number")),
        identity(
            "client_code",
            "asiakas_hetu",
            Text("Asiakkaan henkilötunnus", "Klientens personbeteckning", "Client's personal identity code"),
        ),
        coded_by(
            SERVICE,
            "palvelu",
            Text("Palvelu", "Tjänst", "Service"),
            sensitivity=CONFIDENTIAL,
            required=True,
            behaviour=OF_SERVICE,
        ),
        _day("start", "alku", Text("Alkamispäivä", "Begynnelsedag", "First day"), required=True),
        _day("end", "loppu", Text("Päättymispäivä", "Slutdag", "Last day")),
        coded_by(
            RECORDED_LANGUAGE,
            "asiointikieli",
            Text("Asiointikieli", "Kontaktspråk", "Contact language"),
            required=True,
            behaviour=CUSTOMER,
        ),
        coded_by(
            UNIT,
            "yksikko",
            Text("Yksikkö", "Enhet", "Unit"),
            sensitivity=CONFIDENTIAL,
            required=True,
            behaviour=CUSTOMER_SERVICE,
        ),
    ),
    writing=_WRITING,
    key=("decision_number",),
    occurred="start",
    unit="unit",
)

_CONTACTS: Final = RegisterTable(
    name="contacts",
    file="contacts.csv",
    fields=(
        _text("contact_number", "kontakti_nro", Text("Kontaktin numero", "Kontaktens nummer", "Contact number")),
        identity(
            "client_code",
            "asiakas_hetu",
            Text("Asiakkaan henkilötunnus", "Klientens personbeteckning", "Client's personal identity code"),
        ),
        coded_by(
            SERVICE, "palvelu", Text("Palvelu", "Tjänst", "Service"), sensitivity=CONFIDENTIAL, behaviour=OF_SERVICE
        ),
        _day("requested", "pyydetty", Text("Pyydetty", "Begärd", "Asked for on")),
        _day("day", "pvm", Text("Päivä", "Dag", "Day"), required=True),
        coded_by(
            CHANNEL,
            "kanava",
            Text("Kanava", "Kanal", "Channel"),
            sensitivity=CONFIDENTIAL,
            behaviour=CUSTOMER_SERVICE,
        ),
        coded_by(REASON, "syy", Text("Syy", "Orsak", "Reason"), sensitivity=CONFIDENTIAL, behaviour=OF_REASON),
        coded_by(OUTCOME, "tulos", Text("Tulos", "Utfall", "Outcome"), sensitivity=CONFIDENTIAL, behaviour=MEASURE),
        coded_by(
            UNIT, "yksikko", Text("Yksikkö", "Enhet", "Unit"), sensitivity=CONFIDENTIAL, behaviour=CUSTOMER_SERVICE
        ),
        _day("recorded", "kirjattu", Text("Kirjattu", "Registrerad", "Recorded on"), required=True),
    ),
    writing=_WRITING,
    occurred="day",
    recorded="recorded",
    unit="unit",
)

_NOTIFICATIONS: Final = RegisterTable(
    name="notifications",
    file="notifications.csv",
    fields=(
        _text(
            "notification_number", "ilmoitus_nro", Text("Ilmoituksen numero", "Anmälans nummer", "Notification number")
        ),
        identity(
            "client_code",
            "lapsi_hetu",
            Text("Lapsen henkilötunnus", "Barnets personbeteckning", "Child's personal identity code"),
        ),
        _day("received", "saapunut", Text("Saapunut", "Inkommen", "Received"), required=True),
        _day("handled", "kasitelty", Text("Käsitelty", "Behandlad", "Handled")),
        coded_by(NOTIFIER, "ilmoittaja", Text("Ilmoittaja", "Anmälare", "Notifier"), sensitivity=CONFIDENTIAL),
        coded_by(
            NOTIFIED_REASON,
            "ilmoituksen_syy",
            Text("Ilmoituksen syy", "Orsak till anmälan", "Reason"),
            sensitivity=CONFIDENTIAL,
            behaviour=OF_REASON,
        ),
        coded_by(
            NOTIFIED_OUTCOME,
            "ratkaisu",
            Text("Ratkaisu", "Avgörande", "Outcome"),
            sensitivity=CONFIDENTIAL,
            behaviour=MEASURE,
        ),
    ),
    writing=_WRITING,
    key=("notification_number",),
    occurred="received",
    recorded="received",
)

SOCIAL_SERVICES: Final = Register(
    name="social_services",
    title=Text("Sosiaalipalvelujen asiakkaat", "Socialservicens klienter", "Clients of the social services"),
    owner="family_services",
    controller="city",
    marking=Marking.SYNTHETIC,
    tables=(_DECISIONS, _CONTACTS, _NOTIFICATIONS),
    code_lists=(
        SERVICE,
        RECORDED_LANGUAGE,
        UNIT,
        CHANNEL,
        REASON,
        OUTCOME,
        NOTIFIER,
        NOTIFIED_REASON,
        NOTIFIED_OUTCOME,
    ),
    information=InformationKind.BRANCH,
    # Social services moved from the cities to the wellbeing services counties on one day.
    controllers=(
        Controller("city", "1900-01-01", "2022-12-31"),
        Controller("wellbeing_county", "2023-01-01"),
    ),
)

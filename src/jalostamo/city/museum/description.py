"""The description of the museum's live database, as its owner gives it.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.describing import identity
from jalostamo.city.museum import vocabularies
from jalostamo.city.museum.vocabularies import NEEDS
from jalostamo.concepts.code_lists import CodeList
from jalostamo.concepts.holdings import Through
from jalostamo.concepts.information import BehaviourKind, InformationKind
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, FieldType, Marking, Register, RegisterTable, Sensitivity
from jalostamo.concepts.writings import Writing

FILE: Final = "museum.sqlite"
ATTENDED: Final = "1;0"

_ORDINARY, _INDIRECT, _LINK = Sensitivity.ORDINARY, Sensitivity.INDIRECT_IDENTIFIER, Sensitivity.LINK
_CUSTOMER, _TRANSACTION = BehaviourKind.CUSTOMER, BehaviourKind.TRANSACTION
_SERVICE, _REASON = BehaviourKind.SERVICE, BehaviourKind.REASON


def _text(name: str, title: Text, sensitivity: Sensitivity, behaviour: BehaviourKind = _TRANSACTION) -> Field:
    return Field(name, name, FieldType.TEXT, sensitivity, title, required=True, behaviour=behaviour)


def _code(code_list: CodeList, title: Text, sensitivity: Sensitivity, *, behaviour: BehaviourKind) -> Field:
    name, kind = code_list.name, FieldType.CODE
    return Field(name, name, kind, sensitivity, title, code_list=name, required=True, behaviour=behaviour)


def _date(name: str, title: Text) -> Field:
    return Field(name, name, FieldType.DATE, _INDIRECT, title, required=True, behaviour=_TRANSACTION)


def _flag(name: str, title: Text, behaviour: BehaviourKind) -> Field:
    kind = FieldType.BOOLEAN
    return Field(name, name, kind, _ORDINARY, title, format=ATTENDED, required=True, behaviour=behaviour)


def _relation(name: str) -> Writing:
    return Writing(format="sqlite", relation=name, timezone="Europe/Helsinki")


_NUMBER: Final = _text("customer_number", Text("Asiakasnumero", "Kundnummer", "Customer number"), _LINK, _CUSTOMER)
_RECORDED: Final = _date("recorded", Text("Kirjattu", "Registrerad", "Recorded"))
_SITE: Final = _code(
    vocabularies.SITE, Text("Kohde", "Plats", "Site"), _ORDINARY, behaviour=BehaviourKind.CUSTOMER_SERVICE
)
_COMPANY: Final = _code(vocabularies.COMPANY, Text("Seura", "Sällskap", "Company"), _INDIRECT, behaviour=_CUSTOMER)
_LANGUAGE: Final = _code(vocabularies.LANGUAGE, Text("Kieli", "Språk", "Language"), _INDIRECT, behaviour=_CUSTOMER)
_EVENT_NUMBER: Final = _text(
    "event_number", Text("Tapahtuman numero", "Evenemangets nummer", "Event number"), _ORDINARY, _SERVICE
)
_THROUGH: Final = Through("museum_customers", "customer_number")

_CUSTOMERS: Final = RegisterTable(
    name="museum_customers",
    file=FILE,
    fields=(
        _NUMBER,
        identity("identity_code", "identity_code", Text("Henkilötunnus", "Personbeteckning", "Personal identity code")),
        _code(vocabularies.GENDER, Text("Sukupuoli", "Kön", "Gender"), _INDIRECT, behaviour=_CUSTOMER),
        _LANGUAGE,
        _date("joined", Text("Asiakkaana alkaen", "Kund sedan", "Customer since")),
        _flag("newsletter", Text("Uutiskirje", "Nyhetsbrev", "Newsletter"), BehaviourKind.MEASURE),
    ),
    writing=_relation("museum_customers"),
    key=("customer_number",),
    recorded="joined",
)
_VISITS: Final = RegisterTable(
    name="visits",
    file=FILE,
    fields=(
        _text("visit_number", Text("Käynnin numero", "Besökets nummer", "Visit number"), _LINK),
        _NUMBER,
        _date("visited", Text("Käyntipäivä", "Besöksdag", "Day of the visit")),
        _SITE,
        _COMPANY,
        _code(vocabularies.TICKET, Text("Lippu", "Biljett", "Ticket"), _ORDINARY, behaviour=_TRANSACTION),
        _RECORDED,
    ),
    writing=_relation("visits"),
    key=("visit_number",),
    through=_THROUGH,
    occurred="visited",
    recorded="recorded",
    unit="site",
)
_EVENTS: Final = RegisterTable(
    name="events",
    file=FILE,
    fields=(
        _EVENT_NUMBER,
        _code(
            vocabularies.EVENT_TYPE,
            Text("Tapahtuman laji", "Evenemangets art", "Kind of event"),
            _ORDINARY,
            behaviour=_SERVICE,
        ),
        _text("title", Text("Tapahtuman nimi", "Evenemangets namn", "Title of the event"), _ORDINARY, _SERVICE),
        Field(
            "day",
            "day",
            FieldType.DATE,
            _ORDINARY,
            Text("Tapahtumapäivä", "Evenemangsdag", "Day of the event"),
            required=True,
            behaviour=_SERVICE,
        ),
        _SITE,
    ),
    writing=_relation("events"),
    key=("event_number",),
    occurred="day",
    unit="site",
)
_SIGNUPS: Final = RegisterTable(
    name="event_signups",
    file=FILE,
    fields=(
        _text("signup_number", Text("Ilmoittautumisen numero", "Anmälans nummer", "Sign-up number"), _LINK),
        _EVENT_NUMBER,
        _NUMBER,
        _date("signed_up", Text("Ilmoittautunut", "Anmäld", "Signed up")),
        _flag("attended", Text("Osallistui", "Deltog", "Attended"), BehaviourKind.MEASURE),
        _RECORDED,
    ),
    writing=_relation("event_signups"),
    key=("signup_number",),
    through=_THROUGH,
    occurred="signed_up",
    recorded="recorded",
)


def _need(name: str, title: Text) -> Field:
    return Field(f"need_{name}", f"need_{name}", FieldType.INTEGER, _ORDINARY, title, behaviour=_REASON)


_SURVEY: Final = RegisterTable(
    name="survey",
    file=FILE,
    fields=(
        _text("respondent_number", Text("Vastauksen numero", "Svarets nummer", "Respondent number"), _LINK, _CUSTOMER),
        _NUMBER,
        _date("answered", Text("Vastattu", "Besvarad", "Answered")),
        *(_need(name, title) for name, title in NEEDS.items()),
        _code(
            vocabularies.FREQUENCY,
            Text("Käyntitiheys", "Besöksfrekvens", "Frequency of visits"),
            _ORDINARY,
            behaviour=BehaviourKind.FEEDBACK,
        ),
        _COMPANY,
        _code(vocabularies.AGE_CLASS, Text("Ikäluokka", "Åldersklass", "Age class"), _INDIRECT, behaviour=_CUSTOMER),
        _LANGUAGE,
        _RECORDED,
    ),
    writing=_relation("survey"),
    key=("respondent_number",),
    through=_THROUGH,
    occurred="answered",
    recorded="recorded",
)

MUSEUM: Final = Register(
    name="museum",
    title=Text("Kaupunginmuseon asiakkaat", "Stadsmuseets kunder", "Customers of the city museum"),
    owner="museum",
    controller="city",
    marking=Marking.SYNTHETIC,
    tables=(_CUSTOMERS, _VISITS, _EVENTS, _SIGNUPS, _SURVEY),
    code_lists=(
        vocabularies.LANGUAGE,
        vocabularies.GENDER,
        vocabularies.SITE,
        vocabularies.COMPANY,
        vocabularies.TICKET,
        vocabularies.EVENT_TYPE,
        vocabularies.FREQUENCY,
        vocabularies.AGE_CLASS,
    ),
    information=InformationKind.NEEDS_OVER_LIFESPAN,
)

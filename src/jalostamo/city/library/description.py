"""The description of the library's register, as its owner gives it.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.describing import identity
from jalostamo.city.library.classes import SUBJECT_CLASS
from jalostamo.city.vocabularies import listed
from jalostamo.concepts.code_lists import CodeList
from jalostamo.concepts.holdings import Through
from jalostamo.concepts.information import BehaviourKind, InformationKind
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, FieldType, Marking, Register, RegisterTable, Sensitivity
from jalostamo.concepts.writings import Writing

LANGUAGE: Final = listed(
    "reader_language",
    ("FIN", "suomi", "finska", "Finnish"),
    ("SVE", "ruotsi", "svenska", "Swedish"),
    ("ENG", "englanti", "engelska", "English"),
    ("MUU", "muu kieli", "annat språk", "Other language"),
)
BRANCH: Final = listed(
    "branch",
    ("PK", "Pääkirjasto", "Huvudbiblioteket", "Main Library"),
    ("SK", "Satamakirjasto", "Hamnbiblioteket", "Harbour Library"),
    ("MK", "Myllykirjasto", "Kvarnbiblioteket", "Mill Library"),
    ("KK", "Koivukirjasto", "Björkbiblioteket", "Birch Library"),
    ("JK", "Järvikirjasto", "Sjöbiblioteket", "Lake Library"),
    ("KA", "Kirjastoauto", "Bokbussen", "Mobile Library"),
    ("VK", "Verkkokirjasto", "Nätbiblioteket", "Online Library"),
)
CHANNEL: Final = listed(
    "channel",
    ("desk", "Palvelutiski", "Kundtjänst", "Desk"),
    ("self", "Itsepalvelu", "Självbetjäning", "Self-service"),
    ("renewal", "Uusinta", "Omlån", "Renewal"),
    ("eloan", "E-laina", "E-lån", "E-loan"),
)

_WRITING: Final = Writing(delimiter=",", encoding="utf-8", timezone="Europe/Helsinki")
_ORDINARY, _INDIRECT = Sensitivity.ORDINARY, Sensitivity.INDIRECT_IDENTIFIER


def _text(name: str, title: Text, sensitivity: Sensitivity, behaviour: BehaviourKind) -> Field:
    return Field(name, name, FieldType.TEXT, sensitivity, title, required=True, behaviour=behaviour)


def _code(name: str, code_list: CodeList, title: Text, sensitivity: Sensitivity, *, behaviour: BehaviourKind) -> Field:
    kind = FieldType.CODE
    return Field(name, name, kind, sensitivity, title, code_list=code_list.name, required=True, behaviour=behaviour)


def _date(name: str, title: Text, *, required: bool = True) -> Field:
    kind = BehaviourKind.TRANSACTION
    return Field(name, name, FieldType.DATE, _INDIRECT, title, required=required, behaviour=kind)


_CARD: Final = _text(
    "card_number", Text("Kortin numero", "Kortets nummer", "Card number"), Sensitivity.LINK, BehaviourKind.CUSTOMER
)

_BORROWERS: Final = RegisterTable(
    name="borrowers",
    file="borrowers.csv",
    fields=(
        _CARD,
        identity("identity_code", "identity_code", Text("Henkilötunnus", "Personbeteckning", "Personal identity code")),
        _code(
            "language",
            LANGUAGE,
            Text("Asiointikieli", "Kontaktspråk", "Contact language"),
            _INDIRECT,
            behaviour=BehaviourKind.CUSTOMER,
        ),
        _date("joined", Text("Kortti saatu", "Kortet erhållet", "Joined")),
        _code(
            "home_branch",
            BRANCH,
            Text("Oma kirjasto", "Eget bibliotek", "Home branch"),
            _INDIRECT,
            behaviour=BehaviourKind.CUSTOMER_SERVICE,
        ),
        Field(
            "marketing_consent",
            "marketing_consent",
            FieldType.BOOLEAN,
            _ORDINARY,
            Text("Lupa markkinointiin", "Samtycke till marknadsföring", "Marketing consent"),
            format="yes;no",
            required=True,
            behaviour=BehaviourKind.CUSTOMER,
        ),
    ),
    writing=_WRITING,
    key=("card_number",),
    recorded="joined",
    unit="home_branch",
)

_LOANS: Final = RegisterTable(
    name="loans",
    file="loans.csv",
    fields=(
        _text(
            "loan_number",
            Text("Lainan numero", "Lånets nummer", "Loan number"),
            Sensitivity.LINK,
            BehaviourKind.TRANSACTION,
        ),
        _CARD,
        _text("title_number", Text("Nimeke", "Titel", "Title"), Sensitivity.CONFIDENTIAL, BehaviourKind.SERVICE),
        _code(
            "subject_class",
            SUBJECT_CLASS,
            Text("Aiheluokka", "Ämnesklass", "Subject class"),
            Sensitivity.SPECIAL_CATEGORY,
            behaviour=BehaviourKind.REASON,
        ),
        _code(
            "title_language",
            LANGUAGE,
            Text("Nimekkeen kieli", "Titelns språk", "Language of the title"),
            _INDIRECT,
            behaviour=BehaviourKind.SERVICE,
        ),
        _code(
            "branch",
            BRANCH,
            Text("Kirjasto", "Bibliotek", "Branch"),
            _ORDINARY,
            behaviour=BehaviourKind.CUSTOMER_SERVICE,
        ),
        _code(
            "channel", CHANNEL, Text("Asiointitapa", "Kanal", "Channel"), _ORDINARY, behaviour=BehaviourKind.TRANSACTION
        ),
        _date("loaned", Text("Lainattu", "Utlånad", "Loaned")),
        _date("due", Text("Eräpäivä", "Förfallodag", "Due")),
        # Empty while the loan lasts.
        _date("returned", Text("Palautettu", "Återlämnad", "Returned"), required=False),
        _date("recorded", Text("Kirjattu", "Registrerad", "Recorded")),
    ),
    writing=_WRITING,
    key=("loan_number",),
    through=Through("borrowers", "card_number"),
    occurred="loaned",
    recorded="recorded",
    unit="branch",
)

LIBRARY: Final = Register(
    name="library",
    title=Text("Kirjaston lainat", "Bibliotekets lån", "Loans of the library"),
    owner="library",
    controller="city",
    marking=Marking.SYNTHETIC,
    tables=(_BORROWERS, _LOANS),
    code_lists=(LANGUAGE, BRANCH, CHANNEL, SUBJECT_CLASS),
    information=InformationKind.STORED_AND_ANALYSED,
)

"""The feedback register's own vocabularies: services, their units, channels, languages.

Handbook 2.2 (master data).
"""

from __future__ import annotations

from typing import Final

from jalostamo.concepts.code_lists import Code, CodeList
from jalostamo.concepts.languages import Text


def _list(name: str, *rows: tuple[str, str, str, str]) -> CodeList:
    return CodeList(name, "1", tuple(Code(code, Text(fi, sv, en)) for code, fi, sv, en in rows))


SERVICE: Final = _list(
    "service",
    ("KIR", "Kirjasto", "Bibliotek", "Library"),
    ("MUS", "Museo", "Museum", "Museum"),
    ("LII", "Liikunta", "Idrott", "Sports"),
    ("TER", "Terveyspalvelut", "Hälsovård", "Health services"),
    ("KOU", "Koulu", "Skola", "School"),
    ("VAR", "Varhaiskasvatus", "Småbarnspedagogik", "Early education"),
    ("SOS", "Sosiaalipalvelut", "Socialservice", "Social services"),
    ("ASI", "Verkkoasiointi", "E-tjänster", "Online services"),
)
UNIT: Final = _list(
    "unit",
    ("kir-keskusta", "Pääkirjasto", "Huvudbiblioteket", "Main Library"),
    ("kir-satama", "Satamakirjasto", "Hamnbiblioteket", "Harbour Library"),
    ("kir-mylly", "Myllykirjasto", "Kvarnbiblioteket", "Mill Library"),
    ("mus-kaupunki", "Kaupunginmuseo", "Stadsmuseet", "City Museum"),
    ("mus-satama", "Satamatalo", "Hamnhuset", "Harbour House"),
    ("lii-uimahalli", "Keskustan uimahalli", "Centrums simhall", "Town Centre Swimming Hall"),
    ("lii-jaahalli", "Jäähalli", "Ishallen", "Ice Rink"),
    ("lii-halli", "Liikuntahalli", "Sporthallen", "Sports Hall"),
    ("ter-itainen", "Itäinen terveysasema", "Östra hälsostationen", "Eastern Health Centre"),
    ("ter-lantinen", "Läntinen terveysasema", "Västra hälsostationen", "Western Health Centre"),
    ("ter-suu", "Hammashoitola", "Tandkliniken", "Dental Clinic"),
    ("kou-rinne", "Koivurinteen koulu", "Björkbrinkens skola", "Birch Slope School"),
    ("kou-niitty", "Myllyniityn koulu", "Kvarnängens skola", "Mill Meadow School"),
    ("var-saari", "Lehtosaaren päiväkoti", "Lundholmens daghem", "Grove Island Nursery"),
    ("var-keskusta", "Keskustan päiväkoti", "Centrums daghem", "Town Centre Nursery"),
    ("sos-perhe", "Perhekeskus", "Familjecentret", "Family Centre"),
    ("sos-aikuiset", "Aikuisten sosiaalipalvelut", "Socialservicen för vuxna", "Social Services for Adults"),
    ("asi-verkko", "Asiointipalvelu", "E-tjänsten", "Online Service"),
)
CHANNEL: Final = _list(
    "channel",
    ("verkko", "Verkkolomake", "Webbformulär", "Web form"),
    ("sovellus", "Mobiilisovellus", "Mobilapp", "Mobile app"),
    ("sposti", "Sähköposti", "E-post", "E-mail"),
    ("paperi", "Palautelaatikko", "Responslåda", "Feedback box"),
    ("puhelin", "Puhelin", "Telefon", "Telephone"),
)
LANGUAGE: Final = _list(
    "language",
    ("fi", "suomi", "finska", "Finnish"),
    ("sv", "ruotsi", "svenska", "Swedish"),
    ("en", "englanti", "engelska", "English"),
)
FINNISH, SWEDISH, ENGLISH = range(3)

_PREFIXES: Final = ("kir", "mus", "lii", "ter", "kou", "var", "sos", "asi")
UNITS_OF: Final = tuple(
    tuple(place for place, code in enumerate(UNIT.allowed) if code.startswith(prefix)) for prefix in _PREFIXES
)
"""The units of each service, as places."""

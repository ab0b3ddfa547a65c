"""The feedback register's own vocabularies: services, their units, channels, languages.

Handbook 2.2 (master data).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.vocabularies import listed

SERVICE: Final = listed(
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
UNIT: Final = listed(
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
CHANNEL: Final = listed(
    "channel",
    ("verkko", "Verkkolomake", "Webbformulär", "Web form"),
    ("sovellus", "Mobiilisovellus", "Mobilapp", "Mobile app"),
    ("sposti", "Sähköposti", "E-post", "E-mail"),
    ("paperi", "Palautelaatikko", "Responslåda", "Feedback box"),
    ("puhelin", "Puhelin", "Telefon", "Telephone"),
)
LANGUAGE: Final = listed(
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

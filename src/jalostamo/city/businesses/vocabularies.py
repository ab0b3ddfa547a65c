"""The closed vocabularies of the trade register.

Handbook 2.2 (master data).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.vocabularies import listed

FORM: Final = listed(
    "form",
    ("TMI", "toiminimi", "enskild näringsidkare", "Sole trader"),
    ("OY", "osakeyhtiö", "aktiebolag", "Limited company"),
    ("KY", "henkilöyhtiö", "personbolag", "Partnership"),
    ("RY", "yhdistys", "förening", "Association"),
)
SOLE_TRADER, COMPANY, PARTNERSHIP, ASSOCIATION = range(4)
INDUSTRY: Final = listed(
    "industry",
    ("A", "maa-, metsä- ja kalatalous", "jord- och skogsbruk, fiske", "Agriculture, forestry and fishing"),
    ("C", "teollisuus", "tillverkning", "Manufacturing"),
    ("F", "rakentaminen", "byggverksamhet", "Construction"),
    ("G", "kauppa", "handel", "Trade"),
    ("H", "kuljetus ja varastointi", "transport och lager", "Transport and storage"),
    ("I", "majoitus ja ravitsemus", "hotell och restaurang", "Accommodation and food"),
    ("J", "informaatio ja viestintä", "information och kommunikation", "Information and communication"),
    ("L", "kiinteistöala", "fastigheter", "Real estate"),
    ("M", "asiantuntijapalvelut", "juridik, ekonomi, vetenskap, teknik", "Professional services"),
    ("N", "hallinto- ja tukipalvelut", "uthyrning och stödtjänster", "Administrative services"),
    ("P", "koulutus", "utbildning", "Education"),
    ("Q", "terveys- ja sosiaalipalvelut", "vård och omsorg", "Health and social work"),
    ("R", "taiteet, viihde ja virkistys", "kultur, nöje och fritid", "Arts and recreation"),
    ("S", "muu palvelutoiminta", "annan serviceverksamhet", "Other services"),
)
STAFF: Final = listed(
    "staff_class",
    ("1", "0-1", "0-1", "0-1"),
    ("2", "2-4", "2-4", "2-4"),
    ("3", "5-9", "5-9", "5-9"),
    ("4", "10-49", "10-49", "10-49"),
    ("5", "50-249", "50-249", "50-249"),
    ("6", "250-", "250-", "250 and more"),
)
SERVICE: Final = listed(
    "business_service",
    ("advice", "yritysneuvonta", "företagsrådgivning", "Advice"),
    ("permit", "lupa-asia", "tillståndsärende", "Permit"),
    ("inspection", "tarkastus", "inspektion", "Inspection"),
    ("premises", "toimitila-asia", "lokalärende", "Premises"),
    ("recruitment", "rekrytointituki", "rekryteringsstöd", "Help in recruiting"),
)
CHANNEL: Final = listed(
    "business_channel",
    ("office", "toimisto", "kontor", "Office"),
    ("phone", "puhelin", "telefon", "Telephone"),
    ("online", "verkkopalvelu", "webbtjänst", "Online"),
    ("on_site", "paikan päällä", "på plats", "On site"),
)

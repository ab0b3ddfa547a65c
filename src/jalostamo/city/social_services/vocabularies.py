"""The closed vocabularies of the social services' contacts and notifications.

Handbook 2.2 (master data).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.vocabularies import listed

CHANNEL: Final = listed(
    "channel",
    ("K", "kotikäynti", "hembesök", "Home visit"),
    ("T", "toimistokäynti", "besök på byrån", "Visit to the office"),
    ("P", "puhelu", "telefonsamtal", "Telephone call"),
    ("V", "verkkotapaaminen", "möte på nätet", "Meeting online"),
    ("N", "verkostoneuvottelu", "nätverksmöte", "Network meeting"),
)
REASON: Final = listed(
    "reason",
    ("10", "vanhemmuuden tuki", "stöd i föräldraskapet", "Support in parenthood"),
    ("20", "lapsen psyykkinen vointi", "barnets psykiska hälsa", "Child's mental health"),
    ("30", "vanhemman jaksaminen", "förälderns ork", "Parent's coping"),
    ("40", "päihteet", "rusmedel", "Intoxicants"),
    ("50", "lähisuhdeväkivalta", "våld i nära relationer", "Domestic violence"),
    ("60", "koulunkäynti", "skolgång", "School attendance"),
    ("70", "ristiriidat perheessä", "konflikter i familjen", "Conflicts in the family"),
    ("80", "taloudellinen tilanne", "ekonomisk situation", "Economic situation"),
    ("90", "muu syy", "annan orsak", "Other reason"),
)
OUTCOME: Final = listed(
    "outcome",
    ("1", "jatketaan suunnitelman mukaan", "fortsätter enligt planen", "Continues as planned"),
    ("2", "uusi tapaaminen sovittu", "nytt möte avtalat", "New meeting agreed"),
    ("3", "ohjattu muuhun palveluun", "hänvisad till annan tjänst", "Referred to another service"),
    ("4", "asiakas ei saapunut", "klienten uteblev", "Client did not come"),
    ("5", "asiakkuus päättyy", "klientförhållandet avslutas", "Client relationship ends"),
)
NOTIFIER: Final = listed(
    "notifier",
    ("KOU", "koulu", "skola", "School"),
    ("VAR", "varhaiskasvatus", "småbarnspedagogik", "Early education"),
    ("POL", "poliisi", "polis", "Police"),
    ("TER", "terveydenhuolto", "hälsovård", "Health care"),
    ("SOS", "sosiaalitoimi", "socialväsendet", "Social services"),
    ("VAN", "vanhempi tai lapsi itse", "förälder eller barnet självt", "Parent or the child"),
    ("YKS", "yksityishenkilö", "privatperson", "Private person"),
    ("MUU", "muu", "annan", "Other"),
)
NOTIFIED_REASON: Final = listed(
    "notification_reason",
    ("A", "lapsen hoidon puutteet", "brister i barnets vård", "Neglect of the child's care"),
    ("B", "vanhemman päihteiden käyttö", "förälderns rusmedelsbruk", "Parent's use of intoxicants"),
    ("C", "perheväkivalta", "familjevåld", "Violence in the family"),
    ("D", "vanhemman jaksaminen", "förälderns ork", "Parent's coping"),
    ("E", "lapsen päihteiden käyttö", "barnets rusmedelsbruk", "Child's use of intoxicants"),
    ("F", "lapsen käytös tai rikos", "barnets beteende eller brott", "Child's conduct or offence"),
    ("G", "koulupoissaolot", "skolfrånvaro", "Absence from school"),
    ("H", "huoltoriita", "vårdnadstvist", "Dispute over custody"),
    ("X", "muu huoli", "annan oro", "Other concern"),
)
NOTIFIED_OUTCOME: Final = listed(
    "notification_outcome",
    ("1", "palvelutarpeen arviointi", "bedömning av servicebehovet", "Assessment of service need"),
    ("2", "tiedoksi omalle työntekijälle", "för kännedom till egen arbetare", "To the child's own worker"),
    ("3", "ei toimenpiteitä", "inga åtgärder", "No measures"),
)

"""The museum's own vocabularies, and the five groups of its customers with what each needs.

Handbook 3.1.2 (grouping of customers).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from jalostamo.city.vocabularies import listed
from jalostamo.concepts.languages import Text

LANGUAGE: Final = listed(
    "visitor_language",
    ("1", "suomi", "finska", "Finnish"),
    ("2", "ruotsi", "svenska", "Swedish"),
    ("3", "englanti", "engelska", "English"),
    ("9", "muu", "annat", "Other"),
)
GENDER: Final = listed(
    "gender",
    ("M", "mies", "man", "Man"),
    ("N", "nainen", "kvinna", "Woman"),
    ("X", "ei kerrottu", "ej uppgivet", "Not told"),
)
SITE: Final = listed(
    "site",
    ("KM", "Kaupunginmuseo", "Stadsmuseet", "City Museum"),
    ("ST", "Satamatalo", "Hamnhuset", "Harbour House"),
    ("MM", "Myllymuseo", "Kvarnmuseet", "Mill Museum"),
)
COMPANY: Final = listed(
    "company",
    ("yksin", "Yksin", "Ensam", "Alone"),
    ("pari", "Puolison kanssa", "Med partner", "With a partner"),
    ("lapset", "Lasten kanssa", "Med barn", "With children"),
    ("ystavat", "Ystävien kanssa", "Med vänner", "With friends"),
    ("ryhma", "Ryhmässä", "I grupp", "In a group"),
)
TICKET: Final = listed(
    "ticket",
    ("kortti", "Museokortti", "Museikort", "Museum card"),
    ("maksu", "Maksettu lippu", "Betald biljett", "Paid ticket"),
    ("vapaa", "Vapaa pääsy", "Fritt inträde", "Free entry"),
)
EVENT_TYPE: Final = listed(
    "event_type",
    ("OPA", "Opastus", "Guidning", "Guided tour"),
    ("LUE", "Luento", "Föreläsning", "Lecture"),
    ("PAJ", "Työpaja", "Verkstad", "Workshop"),
    ("PER", "Perhepäivä", "Familjedag", "Family day"),
    ("ILT", "Museoilta", "Museikväll", "Museum night"),
    ("KER", "Harrastajien kerho", "Hobbyklubb", "Hobby club"),
    ("HIL", "Hiljainen tunti", "Stilla timme", "Quiet hour"),
)
FREQUENCY: Final = listed(
    "frequency",
    ("1", "Ensimmäistä kertaa", "Första gången", "First time"),
    ("2", "Harvemmin kuin vuosittain", "Mer sällan än årligen", "Less than yearly"),
    ("3", "Vuosittain", "Årligen", "Yearly"),
    ("4", "Muutaman kerran vuodessa", "Några gånger om året", "Some times a year"),
    ("5", "Kuukausittain", "Varje månad", "Monthly"),
)
AGE_CLASS: Final = listed(
    "age_class",
    ("A", "15-24", "15-24", "15-24"),
    ("B", "25-44", "25-44", "25-44"),
    ("C", "45-64", "45-64", "45-64"),
    ("D", "65 tai yli", "65 eller över", "65 or more"),
)
AGE_BOUNDS: Final = (0, 25, 45, 65)

NEEDS: Final = {
    "information": Text("Tieto", "Kunskap", "Information"),
    "conviviality": Text("Viihtyminen", "Trivsel", "Conviviality"),
    "sociality": Text("Sosiaalisuus", "Socialt umgänge", "Sociality"),
    "activities": Text("Tekeminen", "Aktiviteter", "Activities"),
    "peers": Text("Vertaiset", "Likasinnade", "Peers"),
    "well_being": Text("Hyvinvointi", "Välmående", "Well-being"),
    "advice": Text("Neuvot", "Råd", "Advice"),
}
GROUPS: Final = ("learners", "families", "meeters", "restorers", "makers")
# How much each group needs what, from 1 to 7, and how far a customer is from the group's middle.
CENTROIDS: Final = np.array([
    [6.1, 3.1, 2.5, 2.9, 2.6, 4.0, 5.3],
    [4.0, 5.7, 4.4, 6.1, 3.8, 4.4, 3.0],
    [2.9, 5.8, 6.0, 3.3, 5.5, 4.5, 2.6],
    [3.5, 4.5, 2.2, 2.4, 2.1, 6.0, 2.3],
    [5.3, 3.4, 4.3, 5.4, 6.0, 2.9, 5.6],
])  # fmt: skip
SPREAD: Final = 1.06
CHANGING: Final = 0.15
# Of each age class, how common the groups are.
SHARES: Final = np.array([
    [0.18, 0.12, 0.34, 0.14, 0.22],
    [0.16, 0.40, 0.15, 0.13, 0.16],
    [0.29, 0.14, 0.16, 0.22, 0.19],
    [0.36, 0.08, 0.20, 0.23, 0.13],
])  # fmt: skip
VISITING: Final = np.array([1.25, 1.30, 0.75, 0.95, 0.80])
SIGNING_UP: Final = np.array([1.0, 1.3, 0.9, 0.5, 1.5])
# Which events and which company each group prefers.
EVENTS: Final = np.array([
    [4.0, 5.0, 0.6, 0.2, 1.0, 0.8, 0.4],
    [0.8, 0.3, 3.0, 6.0, 0.8, 0.2, 0.1],
    [1.5, 0.6, 0.8, 0.5, 5.0, 1.5, 0.1],
    [1.2, 1.0, 0.5, 0.2, 1.0, 0.2, 4.0],
    [0.8, 1.2, 4.0, 0.3, 0.8, 5.0, 0.2],
])  # fmt: skip
COMPANIES: Final = np.array([
    [4.5, 2.5, 0.6, 1.2, 1.2],
    [0.3, 1.0, 7.0, 0.7, 1.0],
    [0.4, 1.8, 0.8, 5.0, 2.0],
    [6.0, 2.0, 0.4, 1.0, 0.6],
    [2.0, 1.0, 1.0, 2.5, 3.5],
])  # fmt: skip

"""The sports department's own vocabularies, and who goes where to do what.

Handbook 2.2 (master data).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from jalostamo.city.vocabularies import listed

FACILITY: Final = listed(
    "facility",
    ("SIM", "Keskustan uimahalli", "Centrums simhall", "Town Centre Swimming Hall"),
    ("ÖSI", "Itäinen uimahalli", "Östra simhallen", "Eastern Swimming Hall"),
    ("ISH", "Jäähalli", "Ishallen", "Ice Rink"),
    ("SPO", "Liikuntahalli", "Sporthallen", "Sports Hall"),
    ("KON", "Kuntosali Myllyniitty", "Konditionssalen i Kvarnängen", "Mill Meadow Gym"),
    ("PLA", "Urheilukenttä", "Idrottsplanen", "Sports Ground"),
    ("FRI", "Ulkoilumaja", "Friluftsgården", "Outdoor Lodge"),
)
ACTIVITY: Final = listed(
    "activity",
    ("sim", "Uinti", "Simning", "Swimming"),
    ("vgy", "Vesijumppa", "Vattengymnastik", "Water gymnastics"),
    ("gym", "Kuntosali", "Gym", "Gym"),
    ("gru", "Ryhmäliikunta", "Gruppmotion", "Group exercise"),
    ("bol", "Pallopelit", "Bollspel", "Ball games"),
    ("skr", "Luistelu", "Skridskoåkning", "Skating"),
    ("fri", "Yleisurheilu", "Friidrott", "Athletics"),
    ("ski", "Hiihto ja retkeily", "Skidåkning och vandring", "Skiing and hiking"),
)
PASS_KIND: Final = listed(
    "pass_kind",
    ("BA", "Lapsen kortti", "Barnkort", "Child's pass"),
    ("VU", "Aikuisen kortti", "Vuxenkort", "Adult's pass"),
    ("SE", "Seniorin maksuton kortti", "Avgiftsfritt seniorkort", "Free senior pass"),
)
PRICE_CLASS: Final = listed(
    "price_class",
    ("N", "Normaalihinta", "Normalpris", "Full price"),
    ("R", "Alennettu hinta", "Rabatterat pris", "Reduced price"),
    ("B", "Lapsen hinta", "Barnpris", "Child's price"),
    ("F", "Maksuton", "Avgiftsfri", "Free"),
)
OUTCOME: Final = listed(
    "signup_outcome",
    ("plats", "Paikka saatu", "Plats", "Place given"),
    ("reserv", "Varasijalla", "Reservplats", "Waiting list"),
    ("avbokad", "Peruttu", "Avbokad", "Cancelled"),
)
CHILD, ADULT, SENIOR = range(3)

JUMPING: Final = FACILITY.allowed.index("ÖSI")
"""The facility whose visits jump."""

UNRECORDED: Final = (FACILITY.allowed.index("SPO"), ACTIVITY.allowed.index("gym"))
"""A facility, and its activity that never reaches the register."""

# How common each facility is, and which districts lie near it.
COMMON: Final = np.array([0.26, 0.12, 0.14, 0.17, 0.14, 0.08, 0.09])
NEAR: Final = (
    {"01", "02", "03", "04"},
    {"07", "08", "09"},
    {"04", "05"},
    {"01", "10"},
    {"06", "10"},
    {"03", "08"},
    {"11", "12"},
)
# What is done in each facility by children, adults and the old.
_DONE: Final = (
    ((9.0, 0.2, 0.3, 0, 0, 0, 0, 0), (5.0, 1.2, 2.5, 0.8, 0, 0, 0, 0), (4.0, 4.0, 1.5, 0.6, 0, 0, 0, 0)),
    ((9.0, 0.2, 0, 0, 0, 0, 0, 0), (6.0, 1.5, 0, 0.8, 0, 0, 0, 0), (4.0, 4.0, 0, 0.6, 0, 0, 0, 0)),
    ((0, 0, 0, 0, 0.5, 9.0, 0, 0), (0, 0, 0, 0, 0.5, 5.0, 0, 0), (0, 0, 0, 0.2, 0, 3.0, 0, 0)),
    ((0, 0, 0.5, 1.5, 8.0, 0, 0, 0), (0, 0, 2.5, 3.5, 4.0, 0, 0, 0), (0, 0, 2.0, 6.0, 1.0, 0, 0, 0)),
    ((0, 0, 3.0, 1.0, 0, 0, 0, 0), (0, 0, 7.0, 2.0, 0, 0, 0, 0), (0, 0, 5.0, 4.0, 0, 0, 0, 0)),
    ((0, 0, 0, 0, 5.0, 0, 4.0, 0), (0, 0, 0, 1.0, 4.0, 0, 3.0, 0), (0, 0, 0, 2.0, 0.3, 0, 1.0, 0)),
    ((0, 0, 0, 0, 0, 0, 0, 5.0), (0, 0, 0, 0, 0, 0, 0, 5.0), (0, 0, 0, 0.5, 0, 0, 0, 5.0)),
)
DONE: Final = np.array(_DONE, dtype=np.float64).reshape(-1, len(ACTIVITY.codes))
# The part of its usual visits that each facility has in each month: no ice in summer, no athletics in winter.
OPEN: Final = np.array([
    [1.0] * 12,
    [1.0] * 12,
    [1.0, 1.0, 1.0, 0.8, 0.1, 0.0, 0.0, 0.7, 1.0, 1.0, 1.0, 1.0],
    [1.0, 1.0, 1.0, 1.0, 1.0, 0.7, 0.3, 0.8, 1.0, 1.0, 1.0, 1.0],
    [1.0] * 12,
    [0.1, 0.1, 0.2, 0.6, 1.0, 1.0, 1.0, 1.0, 1.0, 0.6, 0.2, 0.1],
    [1.0, 1.0, 1.0, 0.5, 0.4, 0.5, 0.7, 0.6, 0.7, 0.6, 0.4, 0.7],
])  # fmt: skip

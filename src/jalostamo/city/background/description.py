"""The description of the statistics of living conditions, as their owner gives it.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.background.vocabularies import ACTIVITY, DWELLING, EDUCATION, INCOME, OCCUPATION
from jalostamo.city.describing import CONFIDENTIAL, CUSTOMER, coded_by, day, identity
from jalostamo.concepts.information import InformationKind
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Marking, Register, RegisterTable
from jalostamo.concepts.writings import Writing

_YEARLY: Final = RegisterTable(
    name="yearly",
    file="yearly.csv",
    fields=(
        identity("identity_code", "code", Text("Henkilötunnus", "Personbeteckning", "Personal identity code")),
        day("since", "since", Text("Tilanne päivänä", "Situation den dag", "As on"), required=True, behaviour=CUSTOMER),
        coded_by(EDUCATION, "education", Text("Koulutusaste", "Utbildningsnivå", "Education"), behaviour=CUSTOMER),
        coded_by(
            ACTIVITY, "activity", Text("Pääasiallinen toiminta", "Verksamhet", "Main activity"), behaviour=CUSTOMER
        ),
        coded_by(OCCUPATION, "occupation", Text("Ammattiryhmä", "Yrkesgrupp", "Occupation"), behaviour=CUSTOMER),
        coded_by(
            INCOME,
            "income_class",
            Text("Kotitalouden tuloluokka", "Hushållets inkomstklass", "Income class of the household"),
            sensitivity=CONFIDENTIAL,
            behaviour=CUSTOMER,
        ),
        coded_by(DWELLING, "dwelling", Text("Asumismuoto", "Boendeform", "Kind of dwelling"), behaviour=CUSTOMER),
    ),
    writing=Writing(timezone="Europe/Helsinki"),
    occurred="since",
)

BACKGROUND: Final = Register(
    name="background",
    title=Text("Elinolot vuosittain", "Levnadsförhållanden årligen", "Living conditions by year"),
    owner="statistics_office",
    controller="city",
    marking=Marking.SYNTHETIC,
    tables=(_YEARLY,),
    code_lists=(EDUCATION, ACTIVITY, OCCUPATION, INCOME, DWELLING),
    information=InformationKind.NEEDS_OVER_LIFESPAN,
)

"""The closed vocabularies of living conditions.

Handbook 2.2 (master data).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.vocabularies import listed

EDUCATION: Final = listed(
    "education",
    ("0", "ei tutkintoa, lapsi", "ingen examen, barn", "None, child"),
    ("1", "perusaste", "grundskola", "Basic"),
    ("2", "toinen aste", "andra stadiet", "Upper secondary"),
    ("3", "alin tai alempi korkea-aste", "lägre högskolenivå", "Lower tertiary"),
    ("4", "ylempi korkea-aste", "högre högskolenivå", "Higher tertiary"),
)
ACTIVITY: Final = listed(
    "activity",
    ("child", "lapsi", "barn", "Child"),
    ("student", "opiskelija", "studerande", "Student"),
    ("employed", "työllinen", "sysselsatt", "Employed"),
    ("unemployed", "työtön", "arbetslös", "Unemployed"),
    ("pensioner", "eläkeläinen", "pensionär", "Pensioner"),
    ("other", "muu", "annan", "Other"),
)
OCCUPATION: Final = listed(
    "occupation",
    ("1", "johtajat", "chefer", "Managers"),
    ("2", "erityisasiantuntijat", "specialister", "Professionals"),
    ("3", "asiantuntijat", "experter", "Technicians and associate professionals"),
    ("4", "toimisto- ja asiakaspalvelu", "kontor och kundtjänst", "Clerical support workers"),
    ("5", "palvelu- ja myyntityö", "service och försäljning", "Service and sales workers"),
    ("6", "maa- ja metsätalous", "jord- och skogsbruk", "Agricultural and forestry workers"),
    ("7", "rakennus-, korjaus- ja valmistustyö", "byggnad, reparation och tillverkning", "Craft workers"),
    ("8", "prosessi- ja kuljetustyö", "process och transport", "Plant and machine operators"),
    ("9", "muu työ", "övrigt arbete", "Elementary occupations"),
)
INCOME: Final = listed(
    "income_class",
    *((str(n), f"{n}. kymmenys", f"tiondel {n}", f"Tenth {n}") for n in range(1, 11)),
)
DWELLING: Final = listed(
    "dwelling",
    ("detached", "omakotitalo", "egnahemshus", "Detached house"),
    ("terraced", "rivitalo", "radhus", "Terraced house"),
    ("owned_flat", "omistuskerrostalo", "ägd lägenhet", "Owned flat"),
    ("rented_flat", "vuokrakerrostalo", "hyrd lägenhet", "Rented flat"),
    ("other", "muu asuminen", "annat boende", "Other housing"),
)

"""The same files with one column dealt out anew among their records: what was planted there must no longer be found.

Handbook 2.2, step 5.
"""

from __future__ import annotations

from typing import Final

import polars as pl
from tests.spec.planted.files import Files

NEEDS: Final = (
    "need_information", "need_conviviality", "need_sociality", "need_activities", "need_peers", "need_well_being",
    "need_advice",
)  # fmt: skip
# For each planted truth the column that carries it.
SHUFFLED: Final = (
    ("population.persons", "native_language"),
    ("social_services.decisions", "client_code"),
    ("library.loans", "title_number"),
    ("museum.survey", "customer_number"),
    *(("museum.survey", need) for need in NEEDS),
    ("sports.visits", "facility"),
    ("health.visits", "reason"),
    ("health.visits", "patient"),
    ("schools.absences", "reason"),
    ("schools.pupil_welfare", "reason"),
    ("early_education.placements", "form"),
)
# What must be lost with them. A truth that nothing differs cannot be, and neither can the concentration of costs: who
# has how many visits is what a shuffle keeps; nor the free pass: dealt out anew, the same people visit
# before and after its day, two years older, and as many more of them are 65 as the pass brings.
LOST: Final = (
    "reach_ratio",
    "volume_ratio_HS",
    "step_difference_ASM_EMP",
    "precursor_FC_support",
    "library_taste_crime",
    "library_taste_worlds",
    "library_taste_sagas",
    "library_taste_past",
    "library_taste_green",
    "library_taste_making",
    "library_taste_sound",
    "library_taste_mind",
    "library_recall_by_taste",
    "museum_groups.agreement",
    "museum_migration",
    "sports_facility_jump",
)


def shuffled(files: Files) -> Files:
    """The town with each of the columns above dealt out anew."""
    for seed, (name, column) in enumerate(SHUFFLED):
        table = files.table(name)
        files = files.replaced(name, table.with_columns(pl.col(column).shuffle(seed)))
    return files


def with_a_record_less(files: Files) -> Files:
    """The town without the last record of each table of which records are counted."""
    for register, tables in files.truth["registers"].items():
        for table in tables:
            name = f"{register}.{table}"
            files = files.replaced(name, files.table(name).head(-1))
    return files

"""The truths about sports: a free pass for those aged 65, and a facility that grew, after one day against before.

Handbook 3.1.2, effects of a change.
"""

from __future__ import annotations

from datetime import date

import polars as pl
from tests.spec.planted.files import Description, Files
from tests.spec.planted.people import linked, residents
from tests.spec.planted.rates import Estimate, ratio_of_counts

WORKING_AGE = (18, 64)
OLD = (65, 130)
Counts = dict[tuple[bool, bool], float]


def measure_sports(files: Files) -> dict[str, Estimate]:
    """Measure what the two changes did to the visits."""
    visits = _visits(files)
    planted = files.truth["planted"]
    return {
        "sports_free_pass": _free_pass(files, visits, planted["sports_free_pass"]),
        "sports_facility_jump": _facility_jump(visits, planted["sports_facility_jump"]),
    }


def _visits(files: Files) -> pl.DataFrame:
    passes = linked(files, "sports.passes", "identity_code").join(residents(files), on="code")
    visits = files.records("sports.visits").join(
        passes.select("pass_number", "born", "first", "last"), on="pass_number"
    )
    day = pl.col("visited").dt.date()
    return visits.with_columns(day=day, age=day.dt.year() - pl.col("born"))


def _sides(truth: Description) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    since = pl.lit(date.fromisoformat(truth["since"]))
    months = truth["months"]
    return since.dt.offset_by(f"-{months}mo"), since, since.dt.offset_by(f"{months}mo")


def _counts(visits: pl.DataFrame, truth: Description, group: pl.Expr) -> Counts:
    before, since, end = _sides(truth)
    seen = visits.filter(pl.col("day") >= before, pl.col("day") < end)
    rows = seen.group_by(after=pl.col("day") >= since, group=group).len().rows()
    return {(after, in_group): count for after, in_group, count in rows}


def _compared(counts: Counts) -> Estimate:
    return ratio_of_counts(counts[True, True], counts[False, True], counts[True, False], counts[False, False])


def _facility_jump(visits: pl.DataFrame, truth: Description) -> Estimate:
    young = visits.filter(pl.col("age") <= WORKING_AGE[1])
    return _compared(_counts(young, truth, pl.col("facility") == truth["group"]))


def _free_pass(files: Files, visits: pl.DataFrame, truth: Description) -> Estimate:
    elsewhere = visits.filter(pl.col("facility") != "ÖSI", pl.col("age") >= WORKING_AGE[0])
    counts = _counts(elsewhere, truth, pl.col("age") >= OLD[0])
    lived = _years_lived(files, truth)
    rates = {side: counts[side] / lived[side] for side in counts}
    ratio = _compared(rates)
    spread = _compared(counts)
    return Estimate(ratio.value, ratio.value * spread.low / spread.value, ratio.value * spread.high / spread.value)


def _years_lived(files: Files, truth: Description) -> Counts:
    before, since, end = _sides(truth)
    one_day = pl.duration(days=1)
    lived: Counts = {}
    for after, (opens, closes) in {False: (before, since - one_day), True: (since, end - one_day)}.items():
        for old, (youngest, oldest) in {False: WORKING_AGE, True: OLD}.items():
            days = _days_at_age(residents(files), opens, closes, (youngest, oldest))
            lived[after, old] = days / 365.25
    return lived


def _days_at_age(people: pl.DataFrame, opens: pl.Expr, closes: pl.Expr, ages: tuple[int, int]) -> int:
    first = pl.max_horizontal("first", opens, pl.date(pl.col("born") + ages[0], 1, 1))
    last = pl.min_horizontal("last", closes, pl.date(pl.col("born") + ages[1], 12, 31))
    return people.select(((last - first).dt.total_days() + 1).clip(0).sum()).item()

"""The truth about what goes before support at school: family counselling does, its companions do not.

Handbook 3.1.2, anticipating needs.
"""

from __future__ import annotations

from math import sqrt
from typing import Final

import polars as pl
from tests.spec.planted.files import Files
from tests.spec.planted.people import linked, residents
from tests.spec.planted.rates import Estimate, Z, rate_ratio

FIRST_AGE: Final = 8
LAST_AGE: Final = 15
LAG: Final = (120, 360)
BEFORE_THE_LAG: Final = (0, 119)
AFTER_THE_LAG: Final = (361, 600)


def measure_precursor(files: Files) -> dict[str, Estimate]:
    """Measure how much oftener support starts in the days after each kind of event."""
    children, support = _children(files), _starts_of_support(files)
    counselling = _spells(files, "FC")
    starts = {
        "precursor_FC_support": counselling,
        "companion_HS_support": _spells(files, "HS"),
        "companion_dental_visits": _dental_visits(files),
        "companion_library_loans": _through(files, "library.loans", "library.borrowers", "card_number", "loaned"),
        "companion_sports_visits": _through(files, "sports.visits", "sports.passes", "pass_number", "visited"),
    }
    found = {name: _ratio(children, support, days, LAG) for name, days in starts.items()}
    return found | {
        "precursor_FC_support.before_the_lag": _ratio(children, support, counselling, BEFORE_THE_LAG),
        "precursor_FC_support.after_the_lag": _ratio(children, support, counselling, AFTER_THE_LAG),
        "precursor_FC_support.middle_of_the_lag": _middle(children, support, counselling),
    }


def _children(files: Files) -> pl.DataFrame:
    """Everyone's days of residence at the ages of 8-15, which are one run of days."""
    at_age = residents(files).select(
        "code",
        first=pl.max_horizontal("first", pl.date(pl.col("born") + FIRST_AGE, 1, 1)),
        last=pl.min_horizontal("last", pl.date(pl.col("born") + LAST_AGE, 12, 31)),
    )
    return at_age.filter(pl.col("first") <= pl.col("last"))


def _starts_of_support(files: Files) -> pl.DataFrame:
    return linked(files, "schools.support", "pupil").select("code", day="since")


def _spells(files: Files, service: str) -> pl.DataFrame:
    spells = linked(files, "social_services.decisions", "client_code")
    return spells.filter(pl.col("service") == service).select("code", start="start")


def _dental_visits(files: Files) -> pl.DataFrame:
    dental = files.table("health.visits").filter(pl.col("form") == "DEN")
    return linked(files.replaced("health.visits", dental), "health.visits", "patient").select("code", start="visited")


def _through(files: Files, table: str, holders: str, key: str, day: str) -> pl.DataFrame:
    holder = linked(files, holders, "identity_code").select(key, "code")
    return files.records(table).join(holder, on=key).select("code", start=pl.col(day).cast(pl.Date))


def _windows(children: pl.DataFrame, starts: pl.DataFrame, lag: tuple[int, int]) -> pl.DataFrame:
    """The days at a lag after a start, cut to the child's days; windows are alike long, so each yields to the last."""
    first, last = (pl.col("start") + pl.duration(days=days) for days in lag)
    previous = pl.col("closes").shift(1).over("code") + pl.duration(days=1)
    cut = (
        starts.unique()
        .sort("code", "start")
        .with_columns(opens=first, closes=last)
        .with_columns(opens=pl.max_horizontal("opens", previous))
        .join(children, on="code")
        .with_columns(opens=pl.max_horizontal("opens", "first"), closes=pl.min_horizontal("closes", "last"))
    )
    return cut.filter(pl.col("opens") <= pl.col("closes")).select("code", "start", "opens", "closes")


def _ratio(children: pl.DataFrame, support: pl.DataFrame, starts: pl.DataFrame, lag: tuple[int, int]) -> Estimate:
    windows = _windows(children, starts, lag)
    inside = len(_inside(support, windows, children))
    everywhere = len(_at_age(support, children))
    days_inside = _days(windows, "opens", "closes")
    days = _days(children, "first", "last")
    row = {"events": inside, "time": days_inside, "events_0": everywhere - inside, "time_0": days - days_inside}
    return rate_ratio(pl.DataFrame([row]).cast(pl.Float64))


def _at_age(support: pl.DataFrame, children: pl.DataFrame) -> pl.DataFrame:
    return support.join(children, on="code").filter(pl.col("day").is_between("first", "last"))


def _inside(support: pl.DataFrame, windows: pl.DataFrame, children: pl.DataFrame) -> pl.DataFrame:
    events = _at_age(support, children).join(windows, on="code")
    return events.filter(pl.col("day").is_between("opens", "closes"))


def _days(spans: pl.DataFrame, opens: str, closes: str) -> int:
    return spans.select(((pl.col(closes) - pl.col(opens)).dt.total_days() + 1).sum()).item()


def _middle(children: pl.DataFrame, support: pl.DataFrame, starts: pl.DataFrame) -> Estimate:
    """The mean lag of the starts inside: days of the excess and all others are spread evenly over the window."""
    inside = _inside(support, _windows(children, starts, LAG), children)
    lags = inside.select((pl.col("day") - pl.col("start")).dt.total_days()).to_series()
    error = (LAG[1] - LAG[0] + 1) / sqrt(12 * len(lags))
    mean = float(lags.mean())  # type: ignore[arg-type]  # a mean of whole numbers is a number
    return Estimate(mean, mean - Z * error, mean + Z * error)

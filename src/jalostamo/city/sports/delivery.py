"""Delivering the sports register year by year: passes as they are first used, visits and sign-ups as they are recorded.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import NEVER, Days, Flags, Whole, last_of
from jalostamo.city.delivering import Delivered, delivered
from jalostamo.city.frames import coded, dates
from jalostamo.city.lateness import Recording, deficient, numbers_of_records, own_numbers
from jalostamo.city.sports.description import SPORTS
from jalostamo.city.sports.tally import Tally
from jalostamo.city.sports.visits import (
    FREE_PASS_YEAR,
    GROWN,
    PENSION,
    Active,
    active_in,
    courses_in,
    signups_in,
    visits_in,
)
from jalostamo.city.sports.vocabularies import (
    ACTIVITY,
    ADULT,
    CHILD,
    FACILITY,
    OUTCOME,
    PASS_KIND,
    PRICE_CLASS,
    SENIOR,
    UNRECORDED,
)
from jalostamo.city.town import Town
from jalostamo.city.truth import Truth, joined

_KINDS: Final = len(PASS_KIND.codes)
_MINUTE: Final = 60_000_000
_DAY: Final = 24 * 60 * _MINUTE
_REDUCED: Final = 0.15


class _Office:
    """The office gives out passes, and records what happens."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.given = np.zeros(len(town.people) * _KINDS, dtype=np.bool_)
        self.bad_codes = 0
        self.recordings = {
            name: Recording(town.plan, f"sports {name}", occurred="day") for name in ("visits", "course_signups")
        }

    def with_pass(self, year: int, drawn: pl.DataFrame) -> pl.DataFrame:
        """What was drawn for a year, with the pass that was used."""
        age, free = drawn["age"].to_numpy(), year >= self.town.plan.first_year + FREE_PASS_YEAR
        kind = np.where(age < GROWN, CHILD, np.where((age >= PENSION) & free, SENIOR, ADULT))
        held = drawn["person"].to_numpy().astype(np.int64) * _KINDS + kind
        return drawn.with_columns(kind=kind.astype(np.int32), held=held)

    def suffers(self) -> Truth:
        """What the records suffer from, by table."""
        facility, activity = UNRECORDED
        never = {"unit": FACILITY.allowed[facility], "activity": ACTIVITY.allowed[activity]}
        told: Truth = {name: recording.suffers() for name, recording in self.recordings.items()}
        missing = {"missing_unit": never | {"what": "Its visits of this activity are missing in every year."}}
        return joined(told, {"passes": {"bad_codes": self.bad_codes}, "visits": missing})


def deliver_sports(folder: Path, town: Town) -> Truth:
    """Write the sports register, and tell what was planted in it."""
    active, office, tally = active_in(town), _Office(town), Tally(town)
    with delivered(folder, SPORTS, line_end="\r\n") as tables:
        for year in town.plan.years:
            visits, signups = (office.with_pass(year, f) for f in (visits_in(active, year), _signups(active, year)))
            _give_out(tables["passes"], office, visits, signups)
            visits = office.recordings["visits"].made_in(year, visits)
            signups = office.recordings["course_signups"].made_in(year, signups)
            tally.add(year, visits.filter(~pl.col("doubled")))
            tables["visits"].append(_visit_records(active, year, visits))
            tables["course_signups"].append(_signup_records(year, signups))
    records = {name: table.records for name, table in tables.items()}
    return {"planted": tally.planted(), "suffers": {"sports": office.suffers()}, "registers": {"sports": records}}


def _signups(active: Active, year: int) -> pl.DataFrame:
    return signups_in(active, courses_in(active.town.plan, year), year)


def _give_out(table: Delivered, office: _Office, visits: pl.DataFrame, signups: pl.DataFrame) -> None:
    """Write the passes that are used for the first time, by the day of that."""
    first = np.full(len(office.given), NEVER)
    for frame in (visits, signups):
        np.minimum.at(first, frame["held"].to_numpy(), frame["day"].to_numpy())
    new = np.flatnonzero((first < NEVER) & ~office.given)
    new = new[np.argsort(first[new], kind="stable")]
    office.given[new] = True
    table.append(_pass_records(office, new, first[new]))


def _pass_records(office: _Office, held: Whole, since: Days) -> pl.DataFrame:
    town = office.town
    person, kind = held // _KINDS, held % _KINDS
    codes = town.recorded_by("sports").at(person, since)
    office.bad_codes += deficient(town, codes, person, since)
    grown_up = town.people.birth_year[person] + GROWN
    ends = np.array([last_of(year - 1) for year in range(1900, 2200)])[np.clip(grown_up - 1900, 0, 299)]
    return pl.DataFrame(
        {
            "pass_number": own_numbers(held, prefix=""),
            "identity_code": codes,
            "pass_kind": coded(PASS_KIND, kind),
            "valid_from": dates(since),
            "valid_to": dates(np.where(kind == CHILD, ends, NEVER)),
        }
    )


def _visit_records(active: Active, year: int, visits: pl.DataFrame) -> pl.DataFrame:
    kind = visits["kind"].to_numpy()
    reduced: Flags = active.town.traits("sports reduced")[visits["person"].to_numpy()] < _REDUCED
    price = np.select([kind == CHILD, kind == SENIOR, reduced], [2, 3, 1], 0)
    moment = pl.col("day").cast(pl.Int64) * _DAY + pl.col("minute").cast(pl.Int64) * _MINUTE
    return pl.DataFrame(
        {
            "visit_number": numbers_of_records(visits, year, width=7),
            "pass_number": own_numbers(visits["held"].to_numpy(), prefix=""),
            "facility": coded(FACILITY, visits["facility"].to_numpy()),
            "visited": visits.select(moment.cast(pl.Datetime("us"))).to_series(),
            "activity": coded(ACTIVITY, visits["activity"].to_numpy()),
            "price_class": coded(PRICE_CLASS, price),
            "recorded": dates(visits["recorded"].to_numpy()),
        }
    )


def _signup_records(year: int, signups: pl.DataFrame) -> pl.DataFrame:
    course = pl.col("year").cast(pl.String) + "-K" + (pl.col("course") + 1).cast(pl.String).str.zfill(3)
    return pl.DataFrame(
        {
            "signup_number": numbers_of_records(signups, year, width=7),
            "pass_number": own_numbers(signups["held"].to_numpy(), prefix=""),
            "course_number": signups.select(course).to_series(),
            "facility": coded(FACILITY, signups["facility"].to_numpy()),
            "activity": coded(ACTIVITY, signups["activity"].to_numpy()),
            "signed_up": dates(signups["day"].to_numpy()),
            "starts": dates(signups["starts"].to_numpy()),
            "signup_outcome": coded(OUTCOME, signups["outcome"].to_numpy()),
            "recorded": dates(signups["recorded"].to_numpy()),
        }
    )

"""When records are made: most at once, some late, a few twice; a year's records are those that are made in it.

What is recorded after the registers' last day is not in them; a longer period has it.

Handbook 2.6, phase 4.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import Days, Whole, last_of, working_day_from
from jalostamo.city.identity_codes import Codes
from jalostamo.city.plan import Plan
from jalostamo.city.town import Recorded, Town
from jalostamo.city.truth import Truth

DOUBLED: Final = 0.0005
LATE: Final = 0.08
LATE_DAYS: Final = 30
SOON: Final = 1.2
_LATER: Final = 45.0
_LONGEST: Final = 400
# A prime above every number of persons: the multiples of another number fill its range without a repetition.
_NUMBERS: Final = 9_999_991
_STRIDE: Final = 6_700_417


def recording_days(
    chance: np.random.Generator, occurred: Days, *, late: float = LATE, soon: float = SOON, weekends: bool = False
) -> Days:
    """The day on which each record is made, `soon` days after on average; a share `late` after more than thirty.

    Where nobody writes on `weekends`, what is not written at once waits for Monday.
    """
    number = len(occurred)
    at_once = np.minimum(chance.exponential(soon, number), LATE_DAYS - 2)
    later = np.minimum(LATE_DAYS + 1 + chance.exponential(_LATER, number), _LONGEST)
    recorded = occurred + np.where(chance.random(number) < late, later, at_once).astype(np.int64)
    return recorded if weekends else np.where(recorded > occurred, working_day_from(recorded), recorded)


class Recording:
    """A recording carries what has happened to the day on which it is recorded, and counts what goes wrong there.

    Frames have columns `person`, `recorded` and that of what `occurred`, all whole numbers, beside others.
    """

    def __init__(self, plan: Plan, purpose: str, *, occurred: str = "occurred", late_after: int = LATE_DAYS) -> None:
        self.plan = plan
        self.purpose = purpose
        self.occurred = occurred
        self.late_after = late_after
        self.waiting: pl.DataFrame | None = None
        self.late = self.doubled = 0
        self.bad_codes: int | None = None

    def made_in(self, year: int, happened: pl.DataFrame, *, bad: pl.Series | None = None) -> pl.DataFrame:
        """The records made in a year, in the order of recording, some of them twice; what is made later waits.

        `bad` tells whose code is recorded wrongly, where records have codes; `doubled` marks the second of two alike.
        """
        known = happened if self.waiting is None else pl.concat([self.waiting, happened])
        made = known.filter(pl.col("recorded") <= last_of(year)).sort("recorded", maintain_order=True)
        self.waiting = known.filter(pl.col("recorded") > last_of(year))
        twice = self.plan.chance(f"doubled {self.purpose}", year).random(made.height) < DOUBLED
        times = np.repeat(np.arange(made.height), 1 + twice)
        again = np.concatenate([[False], times[1:] == times[:-1]])[: len(times)]
        records = made[times].with_columns(doubled=pl.Series(again, dtype=pl.Boolean))
        self.doubled += int(np.count_nonzero(twice))
        self.late += records.filter(pl.col("recorded") - pl.col(self.occurred) > self.late_after).height
        if bad is not None:
            self.add_bad_codes(int(bad.gather(records["person"]).sum()))
        return records

    def add_bad_codes(self, number: int) -> None:
        """Count records whose code is not the person's."""
        self.bad_codes = (self.bad_codes or 0) + number

    def suffers(self) -> Truth:
        """How many of the records suffer from what, and how many have not been made by the last day."""
        told: Truth = {} if self.bad_codes is None else {"bad_codes": self.bad_codes}
        return told | {
            "exact_duplicates": self.doubled,
            "late": self.late,
            "late_after_days": self.late_after,
            "not_recorded_yet": 0 if self.waiting is None else self.waiting.height,
        }


def numbers_of_records(made: pl.DataFrame, year: int, *, width: int = 8) -> pl.Series:
    """Numbers in the order of recording, from one in each year; a record that stands twice has the same one."""
    number = (~made["doubled"]).cum_sum().cast(pl.String).str.zfill(width)
    return pl.select(pl.concat_str(pl.lit(f"{year}-"), number)).to_series()


def own_numbers(places: Whole, *, prefix: str) -> pl.Series:
    """A number for each place, always the same one, which tells nothing of the order."""
    numbers = pl.Series((places.astype(np.int64) * _STRIDE + 1_234_567) % _NUMBERS).cast(pl.String).str.zfill(7)
    return pl.Series([prefix]).new_from_index(0, len(places)) + numbers


def badly_recorded(recorded: Recorded, codes: Codes) -> pl.Series:
    """Whose code a system records wrongly, or not at all."""
    right = pl.Series(codes.tolist(), dtype=pl.String)
    return (recorded.now != right).fill_null(True)


def deficient(town: Town, recorded: pl.Series, person: Whole, day: Days) -> int:
    """How many recorded codes are not the person's code of that day, missing ones included."""
    now, before = (pl.Series(codes.tolist(), dtype=pl.String) for codes in (town.codes, town.former))
    right = Recorded(now, before, town.changed).at(person, day)
    return int((~recorded.eq_missing(right)).sum())

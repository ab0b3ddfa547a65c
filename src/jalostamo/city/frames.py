"""Columns of frames out of the town's arrays: days as dates, places of a code list as its codes.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from jalostamo.city.days import BEFORE, NEVER, Days, years_of
from jalostamo.concepts.code_lists import CodeList


def dates(days: Days | pl.Series, *, until: int = NEVER - 1) -> pl.Series:
    """The days as dates; those outside every calendar, and those after `until`, are null."""
    days = np.asarray(days)
    outside = (days > until) | (days <= BEFORE)
    known = pl.Series(np.where(outside, 0, days).astype(np.int32)).cast(pl.Date)
    return known.set(pl.Series(outside), None)


def coded(codes: CodeList | Sequence[str], places: NDArray[np.integer[Any]] | pl.Series) -> pl.Series:
    """The code of each place in a list of codes; a negative place is null."""
    listed = codes.allowed if isinstance(codes, CodeList) else codes
    return gathered(pl.Series(listed, dtype=pl.String), np.asarray(places))


def gathered(values: pl.Series, places: NDArray[np.integer[Any]]) -> pl.Series:
    """The value at each place; a negative place is null."""
    known = places >= 0
    taken = values.gather(np.where(known, places, 0))
    return (
        taken
        if known.all()
        else taken.to_frame("taken").select(pl.when(pl.Series(known)).then(pl.col("taken")).alias("taken"))["taken"]
    )


def texts(words: NDArray[Any]) -> pl.Series:
    """Words as strings; an empty word is null."""
    return pl.Series(words.tolist(), dtype=pl.String).replace("", None)


def numbered_by_year(days: Days, *, width: int = 6) -> pl.Series:
    """Numbers from one in each year, such as 2010-000001; the days are in order."""
    years = years_of(days)
    _, first, place = np.unique(years, return_index=True, return_inverse=True)
    numbers = pl.Series(np.arange(len(days)) - first[place] + 1).cast(pl.String).str.zfill(width)
    return pl.select(pl.concat_str([pl.Series(years).cast(pl.String), numbers], separator="-")).to_series()

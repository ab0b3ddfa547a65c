"""Columns of a twin: values drawn from a domain by dice, in the type that a release has them in.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from jalostamo.managing.twins.lives import DAYS_OF_A_YEAR, NEVER, between, later
from jalostamo.managing.twins.marginals import MISSING, weight_of
from jalostamo.managing.twins.outlines import Domain, Kind

if TYPE_CHECKING:
    from jalostamo.managing.twins.lives import Days

type Mask = npt.NDArray[np.bool_]

_MISSING: Final = 0.03
"""How often a field is missing that may be, where nothing tells how often."""
_QUARTER: Final = 3


def drawn(dice: np.random.Generator, domain: Domain, number: int, *, printed: Mapping[str, int] | None) -> pa.Array:
    """So many values of a domain that is no day, each for itself."""
    missing = missed(dice, domain, number, printed=printed)
    match domain.kind:
        case Kind.CODE:
            weights = np.array([weight_of(printed, code) for code in domain.codes])
            places = dice.choice(len(domain.codes), size=number, p=weights / weights.sum())
            return pa.array(domain.codes, pa.string()).take(pa.array(places, mask=missing))
        case Kind.TRUTH:
            truths = np.array([weight_of(printed, word) for word in ("false", "true")])
            return pa.array(dice.choice(2, size=number, p=truths / truths.sum()) == 1, mask=missing)
        case Kind.DECIMAL:
            tenths = dice.uniform(*domain.range, size=number).round(1)
            values = [None if absent else Decimal(str(each)) for each, absent in zip(tenths, missing, strict=True)]
            return pa.array(values, pa.decimal128(18, 4))
        case _:
            least, most = (int(end) for end in domain.range)
            return pa.array(dice.integers(least, most, size=number, endpoint=True), pa.int64(), mask=missing)


def missed(dice: np.random.Generator, domain: Domain, number: int, *, printed: Mapping[str, int] | None) -> Mask:
    """Whose value is missing: as often as was printed, or seldom, and never where the field is required."""
    if not domain.may_miss:
        return np.zeros(number, dtype=bool)
    share = printed.get(MISSING, 0) / max(sum(printed.values()), 1) if printed else _MISSING
    found: Mask = dice.random(number) < share
    return found


def told(days: Days, domain: Domain) -> pa.Array:
    """Days as a release tells them by the calendar of a field: a year as a number, else the first day of month or quarter."""
    absent = np.isnat(days)
    if domain.calendar == "year":
        years = np.where(absent, 0, days.astype("datetime64[Y]").astype("int64") + 1970)
        return pa.array(years, pa.int32(), mask=absent)
    if domain.kind is Kind.MOMENT and domain.calendar is None:
        return pa.array(days.astype("datetime64[us]"), pa.timestamp("us", tz="UTC"), mask=absent)
    months = days.astype("datetime64[M]")
    if domain.calendar == "quarter":
        numbers = np.where(absent, 0, months.astype("int64"))
        months = np.where(absent, np.datetime64("NaT", "M"), (numbers - numbers % _QUARTER).astype("datetime64[M]"))
    coarse = days if domain.calendar in {None, "day"} else months.astype("datetime64[D]")
    return pa.array(coarse, pa.date32(), mask=absent)


def days_within(
    dice: np.random.Generator, since: Days, until: Days, *, printed: Mapping[str, int] | None = None
) -> Days:
    """A day for each within her own bounds, in years drawn as they were printed where these lie within them."""
    found = between(dice, since, until)
    years = sorted(int(year) for year in printed or {} if year.lstrip("-").isdigit())
    if not years or printed is None:
        return found
    weights = np.array([float(printed[str(year)]) for year in years])
    start = (dice.choice(years, size=len(since), p=weights / weights.sum()) - 1970).astype("datetime64[Y]")
    wished = later(start.astype("datetime64[D]"), dice.random(len(since)) * DAYS_OF_A_YEAR)
    return np.where((wished >= since) & (wished <= until), wished, found)


def without(days: Days, absent: Mask) -> Days:
    """The days, but for those that are absent."""
    return np.where(absent, NEVER, days)

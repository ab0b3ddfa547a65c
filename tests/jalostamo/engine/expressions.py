"""Expressions as the rooms above use them, each with the rows that it must give on every engine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

EVENTS = pa.table(
    {
        "row": pa.array([1, 2, 3, 4, 5, 6, 7], pa.int64()),
        "person": ["a", "a", "a", "b", "b", None, "c"],
        "service": ["x", "y", "x", None, "x", "z", "y"],
        "day": pa.array([date(2024, m, d) for m, d in [(1, 31), (1, 31), (2, 29), (12, 1), (4, 1), (6, 30), (7, 15)]]),
        "price": pa.array([10, 20, 40, None, 7, None, None], pa.int64()),
        "written": ["7", " 7", "007", "7.5", "1E5", "", None],
    }
)
PERSONS = pa.table({"person": ["a", "b", None, "d"], "area": ["north", None, "south", "east"]})

type Rows = list[dict[str, object]]


@dataclass(frozen=True)
class Case:
    """An expression of the events and the persons, and what it gives, in order."""

    build: Callable[[Any, Any], ir.Table]
    gives: Rows


def rows(names: str, *values: tuple[object, ...]) -> Rows:
    """Rows drawn as a table: the names of the columns, then a tuple for each row."""
    return [dict(zip(names.split(), line, strict=True)) for line in values]


def _numbered(events: Any) -> ir.Table:
    window = ibis.window(group_by=events.person, order_by=[events.day, events.row])
    numbered = events.select(
        "row",
        place=ibis.row_number().over(window),
        following=events.service.lead().over(window),
        gap=events.row.lead().over(window) - events.row,
    )
    return numbered.order_by("row")


CASES: dict[str, Case] = {
    "an inner join leaves missing keys out": Case(
        lambda events, persons: events.inner_join(persons, "person").select("row", "area").order_by("row"),
        rows("row area", (1, "north"), (2, "north"), (3, "north"), (4, None), (5, None)),
    ),
    "a left join keeps every row": Case(
        lambda events, persons: events.left_join(persons, "person").select("row", "area").order_by("row").limit(7),
        rows("row area", (1, "north"), (2, "north"), (3, "north"), (4, None), (5, None), (6, None), (7, None)),
    ),
    "a join on identical values joins missing ones": Case(
        lambda events, persons: (
            events.inner_join(persons, events.person.identical_to(persons.person))
            .select("row", "area")
            .filter(lambda joined: joined.row > 5)
            .order_by("row")
        ),
        rows("row area", (6, "south")),
    ),
    "a semi join keeps whom the other knows": Case(
        lambda events, persons: events.semi_join(persons, "person").select("row").order_by("row"),
        rows("row", (1,), (2,), (3,), (4,), (5,)),
    ),
    "an anti join keeps whom the other does not know": Case(
        lambda events, persons: events.anti_join(persons, "person").select("row").order_by("row"),
        rows("row", (6,), (7,)),
    ),
    "windows number and look ahead": Case(
        lambda events, _: _numbered(events),
        rows(
            "row place following gap",
            (1, 0, "y", 1),
            (2, 1, "x", 1),
            (3, 2, None, None),
            (4, 1, None, None),
            (5, 0, None, -1),
            (6, 0, None, None),
            (7, 0, None, None),
        ),
    ),
    "groups count rows, values and distinct values": Case(
        lambda events, _: (
            events.group_by("service")
            .agg(
                n=lambda t: t.count(),
                persons=lambda t: t.person.nunique(),
                priced=lambda t: t.price.count(),
                total=lambda t: t.price.sum(),
            )
            .order_by(ibis.asc("service", nulls_first=True))
        ),
        rows(
            "service n persons priced total",
            (None, 1, 1, 0, None),
            ("x", 3, 2, 3, 57),
            ("y", 2, 2, 1, 20),
            ("z", 1, 0, 0, None),
        ),
    ),
    # A median of some rows is that of a filtered table: `where` is beyond Spark.
    "the median of an even number is the middle of two": Case(
        lambda events, _: events.agg(median=events.price.median()), rows("median", (15.0,))
    ),
    "the median of an odd number is one of them": Case(
        lambda events, _: events.filter(events.row < 4).agg(median=lambda t: t.price.median()), rows("median", (20.0,))
    ),
    "the median of nothing is missing": Case(
        lambda events, _: events.filter(events.row > 5).agg(median=lambda t: t.price.median()), rows("median", (None,))
    ),
    "missing values have no say in least and greatest": Case(
        lambda events, _: events.select(
            "row", low=ibis.least(events.price, events.row), high=ibis.greatest(events.price, events.row)
        ).order_by("row"),
        rows("row low high", (1, 1, 10), (2, 2, 20), (3, 3, 40), (4, 4, 4), (5, 5, 7), (6, 6, 6), (7, 7, 7)),
    ),
    "least and greatest of nothing are missing": Case(
        lambda events, _: events.filter(events.row == 6).select(
            low=ibis.least(events.price, events.price), high=ibis.greatest(events.price, events.price)
        ),
        rows("low high", (None, None)),
    ),
    "days are cut to their month, quarter and year": Case(
        lambda events, _: (
            events.filter(events.row.isin([3, 4]))
            .select(
                "row", month=events.day.truncate("M"), quarter=events.day.truncate("Q"), year=events.day.truncate("Y")
            )
            .order_by("row")
        ),
        rows(
            "row month quarter year",
            (3, date(2024, 2, 1), date(2024, 1, 1), date(2024, 1, 1)),
            (4, date(2024, 12, 1), date(2024, 10, 1), date(2024, 1, 1)),
        ),
    ),
    "a year and a month are numbers": Case(
        lambda events, _: events.filter(events.row == 3).select(year=events.day.year(), month=events.day.month()),
        rows("year month", (2024, 2)),
    ),
    "a text of digits is a number, and any other is none": Case(
        lambda events, _: events.select(
            "row",
            number=events.written.re_search("^[0-9]+$").ifelse(events.written.try_cast("int64"), ibis.null("int64")),
            price=events.written.re_search("^[0-9.]+$").ifelse(
                events.written.try_cast("decimal(9, 2)"), ibis.null("decimal(9, 2)")
            ),
        ).order_by("row"),
        rows(
            "row number price",
            (1, 7, Decimal("7.00")),
            (2, None, None),
            (3, 7, Decimal("7.00")),
            (4, None, Decimal("7.50")),
            (5, None, None),
            (6, None, None),
            (7, None, None),
        ),
    ),
    "a text that is no day is none": Case(
        lambda events, _: events.limit(1).select(
            day=ibis.literal("2024-02-29").try_cast("date"), none=ibis.literal("2024-02-30").try_cast("date")
        ),
        rows("day none", (date(2024, 2, 29), None)),
    ),
    "missing values stand where they are told to": Case(
        lambda events, _: events.order_by([ibis.desc("price", nulls_first=False), "row"]).select("row").limit(5),
        rows("row", (3,), (2,), (1,), (5,), (4,)),
    ),
    "cases are tried in order": Case(
        lambda events, _: (
            events.select(
                "row", size=ibis.cases((events.price > 15, "large"), (events.price > 5, "small"), else_="none")
            )
            .order_by("row")
            .limit(4)
        ),
        rows("row size", (1, "small"), (2, "large"), (3, "large"), (4, "none")),
    ),
}

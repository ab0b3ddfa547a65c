"""Whoever lived here in a year of the asked ages is a customer; when is told by the month, and the month of birth never."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.jalostamo.managing.sensitive.small_town import request_in

from jalostamo.engine.connection import Engine
from jalostamo.managing.requests import Customers
from jalostamo.managing.sensitive.preparing.customers import asked_customers

ASKED = Customers("birth_date", "arrived", "left", "died", (0, 17))
FRAME = (date(2010, 1, 1), date(2016, 12, 31))

type Life = tuple[date, date | None, date | None, date | None]


def chosen(engine: Engine, folder: Path, lives: list[Life]) -> dict[int, tuple[date | None, date | None]]:
    """Which of the lives are customers', by their places, and the residence that is told of each."""
    names = ("birth_date", "arrived", "left", "died")
    columns = {name: [life[place] for life in lives] for place, name in enumerate(names)}
    table = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.Date)).with_row_index("place")
    found = asked_customers(engine.in_memory(table.to_arrow()), ASKED, request_in(folder))
    return {row["place"]: (row["resident_from"], row["resident_to"]) for row in engine.rows(found)}  # type: ignore[index, misc]


def is_customer(life: Life) -> bool:
    """The same, said year by year and day by day."""
    born, arrived, left, died = life
    arrived, gone = arrived or date.min, min(left or date.max, died or date.max)
    here = arrived <= FRAME[1] and gone >= FRAME[0] and born <= FRAME[1]
    return here and any(
        0 <= year - born.year <= 17 and arrived.year <= year <= gone.year
        for year in range(FRAME[0].year, FRAME[1].year + 1)
    )


days = st.dates(date(1985, 1, 1), date(2020, 12, 31))
some_day = st.one_of(st.none(), days)


# Many lives in few tables: the engine is asked once for all of an example.
@settings(max_examples=settings.default.max_examples // 5)
@given(lives=st.lists(st.tuples(days, some_day, some_day, some_day), min_size=1, max_size=60))
def test_customers_are_those_who_lived_here_at_the_asked_ages(
    lives: list[Life], engine: Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = chosen(engine, tmp_path_factory.mktemp("request"), lives)
    assert set(found) == {place for place, life in enumerate(lives) if is_customer(life)}


KNOWN: dict[str, tuple[Life, bool]] = {
    "a child": ((date(2005, 5, 5), None, None, None), True),
    "seventeen in the first year": ((date(1993, 12, 31), None, None, None), True),
    "eighteen in the first year": ((date(1992, 1, 1), None, None, None), False),
    "born on the last day": ((date(2016, 12, 31), None, None, None), True),
    "born later": ((date(2017, 1, 1), None, None, None), False),
    "moved in as an adult": ((date(1995, 1, 1), date(2015, 1, 1), None, None), False),
    "moved out before": ((date(2000, 1, 1), None, date(2009, 12, 31), None), False),
    "moved out on the first day": ((date(2000, 1, 1), None, date(2010, 1, 1), None), True),
    "died before": ((date(2000, 1, 1), None, None, date(2009, 6, 1)), False),
    "moved in later": ((date(2000, 1, 1), date(2017, 1, 1), None, None), False),
}


def test_the_edges_of_the_frame_and_of_the_ages_count(engine: Engine, tmp_path: Path) -> None:
    found = chosen(engine, tmp_path, [life for life, _ in KNOWN.values()])
    assert {name: place in found for place, name in enumerate(KNOWN)} == {
        name: held for name, (_, held) in KNOWN.items()
    }


TOLD: dict[str, tuple[Life, tuple[date | None, date | None]]] = {
    "always here": ((date(2000, 3, 3), None, None, None), (None, None)),
    "before the frame": ((date(2000, 3, 3), date(2009, 5, 5), None, None), (None, None)),
    "beyond the frame": ((date(2000, 3, 3), None, date(2017, 2, 2), None), (None, None)),
    "within it": ((date(2000, 3, 3), date(2012, 5, 5), date(2014, 8, 9), None), (date(2012, 5, 1), date(2014, 8, 1))),
    "until death": ((date(2000, 3, 3), None, date(2015, 1, 1), date(2014, 8, 9)), (None, date(2014, 8, 1))),
    "from birth": ((date(2012, 3, 3), date(2012, 3, 3), None, None), (None, None)),
    "soon after birth": ((date(2012, 3, 3), date(2012, 3, 30), None, None), (None, None)),
    "later in the year of birth": ((date(2012, 3, 3), date(2012, 7, 7), None, None), (date(2012, 7, 1), None)),
}


def test_residence_is_told_by_the_month_and_never_from_birth(engine: Engine, tmp_path: Path) -> None:
    found = chosen(engine, tmp_path, [life for life, _ in TOLD.values()])
    assert {name: found[place] for place, name in enumerate(TOLD)} == {name: told for name, (_, told) in TOLD.items()}

"""Working days are those of the calendar in Finland, and an analysis that asks for them tells all durations by them."""

from __future__ import annotations

import datetime
from pathlib import Path

import pyarrow as pa
import pytest
from tests.jalostamo.producing.analyses.naive_journeys import CASE_SCHEMA, EVENT_SCHEMA

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import Engine
from jalostamo.producing.analyses.answering import answer
from jalostamo.producing.analyses.asked import read_analysis
from jalostamo.producing.analyses.journeys import Grain, Journeys
from jalostamo.producing.analyses.public_holidays import is_working, working_days_before
from jalostamo.producing.prepared_log import Tie

EPOCH = datetime.date(1970, 1, 1)
CLOSED = tuple(
    f"2026-{day}" for day in ["01-01", "01-06", "04-03", "04-06", "05-01", "05-14", "06-19", "12-24", "12-25"]
)
"""The days from Monday to Friday on which offices were closed in 2026, from a printed calendar."""

FILE = """
[analysis]
name = "waits"
method = "step_map"
days = "working"
[groups]
field = "x"
values = { one = ["1"] }
age_bands = [[0, 200]]
"""


def test_the_holidays_of_a_year_are_those_of_a_printed_calendar() -> None:
    days = [datetime.date(2026, 1, 1) + datetime.timedelta(days=n) for n in range(365)]
    assert tuple(str(day) for day in days if day.weekday() < 5 and not is_working(day)) == CLOSED  # noqa: PLR2004  # Friday
    assert working_days_before(datetime.date(2027, 1, 1)) - working_days_before(days[0]) == 261 - len(CLOSED)


def journeys(engine: Engine, grain: Grain, moments: list[tuple[int, str]], window: tuple[int, int]) -> Journeys:
    """One case with its events."""
    events = [{"case": "c", "row": n, "service": name, "at": at, "until": None} for n, (at, name) in enumerate(moments)]
    cases = [{"case": "c", "unit": "c", "group": "one", "birth_year": 1980, "since": window[0], "left": window[1]}]
    held = (
        pa.Table.from_pylist(rows, schema=schema) for rows, schema in ((events, EVENT_SCHEMA), (cases, CASE_SCHEMA))
    )
    return Journeys(*(engine.in_memory(table) for table in held), grain, Tie.ROW, window)


@pytest.mark.parametrize("grain", [Grain.DAY, Grain.MICROSECOND])
def test_steps_over_a_holiday_take_the_working_days_between(duckdb: Engine, tmp_path: Path, grain: Grain) -> None:
    (tmp_path / "asked.toml").write_text(FILE)
    analysis = read_analysis(tmp_path / "asked.toml")
    each = 1 if grain is Grain.DAY else 86_400_000_000
    # From the Wednesday before Easter to Saturday, to Easter Monday, to the Wednesday after.
    days = [datetime.date(2026, 4, day) for day in (1, 4, 6, 8)]
    moments = [((day - EPOCH).days * each, name) for day, name in zip(days, "ABCD", strict=True)]
    window = tuple((datetime.date(2026, month, 1) - EPOCH).days * each for month in (1, 7))
    found = answer(duckdb, journeys(duckdb, grain, moments, window), analysis, source="s", progress=lambda _: None)
    assert found.time_unit == "working days"
    medians = {(row["from"], row["to"]): row["median"] for row in found.tables["steps"].mappings() if not row["group"]}
    assert medians == {("A", "B"): 2, ("B", "C"): 0, ("C", "D"): 1}
    assert found.tables["shares"].rows, "the age is that of the year"


def test_months_have_no_working_days(duckdb: Engine, tmp_path: Path) -> None:
    (tmp_path / "asked.toml").write_text(FILE)
    with pytest.raises(Unfit, match="by months"):
        answer(
            duckdb,
            journeys(duckdb, Grain.MONTH, [(24_100, "A")], (24_000, 24_200)),
            read_analysis(tmp_path / "asked.toml"),
            source="s",
            progress=lambda _: None,
        )

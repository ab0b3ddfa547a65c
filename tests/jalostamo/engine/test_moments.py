"""A text is a time only where it is written exactly as declared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest

from jalostamo.concepts.errors import Misused
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.engine.moments import microseconds, moment_in, pattern_of

HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An embedded engine whose local times are Helsinki's."""
    with open_engine(workspace=tmp_path_factory.mktemp("engine"), timezone="Europe/Helsinki") as opened:
        yield opened


def read(engine: Engine, text: str, form: str | None = None) -> datetime | None:
    """Read one text as a time, from a table and not as a constant."""
    table = engine.in_memory(pa.table({"text": [text]}))
    found = engine.only_row(table.select(moment=microseconds(moment_in(table.text, form))))["moment"]
    if found is None:
        return None
    assert isinstance(found, int)
    seconds, rest = divmod(found, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest)


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-28",
        "2024-02-28 23:59",
        "2024-02-28T23:59Z",
        "2024-02-28T23:59+02:00",
        "2024-02-28T23:59:58",
        "2024-02-28T23:59:58.5-05:30",
        "2024-02-28 23:59:58.123456+0200",
        "2024-07-01T12:00:00",
    ],
)
def test_iso_times_are_read_as_python_reads_them(text: str, engine: Engine) -> None:
    expected = datetime.fromisoformat(text)
    if expected.tzinfo is None:
        expected = expected.replace(tzinfo=HELSINKI)
    assert read(engine, text) == expected


@pytest.mark.parametrize(
    "text",
    ["", "today", "2024-2-8", "2024-02-30", " 2024-02-28", "2024-02-28T25:00:00", "28.2.2024", "20240228", "infinity"],
)
def test_what_is_not_iso_is_no_time(text: str, engine: Engine) -> None:
    assert read(engine, text) is None


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("28.02.2024 09:05", "%d.%m.%Y %H:%M"),
        ("28.2.2024 9:05", "%d.%m.%Y %H:%M"),
        ("28.2.2024 klo 9.05", "%d.%m.%Y klo %H.%M"),
        ("02/28/24 09:05:01 PM", "%m/%d/%y %I:%M:%S %p"),
        ("2024059 12:00:00.25", "%Y%j %H:%M:%S.%f"),
        ("Feb 28 2024", "%b %d %Y"),
        ("100% 2024-02-28", "100%% %Y-%m-%d"),
        ("2024-02-28 23:59 +0530", "%Y-%m-%d %H:%M %z"),
    ],
)
def test_a_declared_form_is_read_as_python_reads_it(text: str, form: str, engine: Engine) -> None:
    expected = datetime.strptime(text, form)  # noqa: DTZ007 - the zone is given in the next line
    if expected.tzinfo is None:
        expected = expected.replace(tzinfo=HELSINKI)
    assert read(engine, text, form) == expected


@pytest.mark.parametrize("text", ["28.02.24", " 28.02.2024", "28.02.2024 ", "30.02.2024", "2024-02-28", "28-02-2024"])
def test_what_is_not_in_the_declared_form_is_no_time(text: str, engine: Engine) -> None:
    assert read(engine, text, "%d.%m.%Y") is None


@pytest.mark.parametrize("form", ["", "%H:%M", "%Y-%q", "%Y %", "%s", "%Y %Z"])
def test_a_form_that_is_not_understood_is_answered_with_what_is(form: str) -> None:
    with pytest.raises(Misused, match="%Y %y") as refused:
        pattern_of(form)
    assert refused.value.reason == "time_format"

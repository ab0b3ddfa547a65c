"""A hierarchy makes a value coarser level by level; a file that is not one is refused with its line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import ibis
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalostamo.concepts.errors import JalostamoError, Misused, Unfit
from jalostamo.engine.connection import Engine
from jalostamo.managing.hierarchies import Hierarchy, read_hierarchy
from jalostamo.managing.sensitive.preparing.hierarchies import by_calendar, combined, generalised

LANGUAGES = "fi;domestic;*\nsv;domestic;*\nso;foreign;*\n"
ADULT = [
    "age",
    "education",
    "marital-status",
    "native-country",
    "occupation",
    "race",
    "salary-class",
    "sex",
    "workclass",
]


def hierarchy_in(folder: Path, content: str | bytes) -> Hierarchy:
    path = folder / "languages.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_hierarchy(path)


def coarse(engine: Engine, hierarchy: Hierarchy, level: int, values: list[str | None]) -> list[object]:
    table = engine.in_memory(pa.table({"place": range(len(values)), "language": pa.array(values, pa.string())}))
    made = generalised(engine, table, "language", hierarchy=hierarchy, level=level)
    return [row["language"] for row in engine.rows(made.order_by("place"))]


@pytest.mark.parametrize(
    ("level", "called"),
    [(0, ["fi", "so", None]), (1, ["domestic", "foreign", None]), (2, ["*", "*", None])],
    ids=["as recorded", "grouped", "gone"],
)
def test_a_value_is_called_as_its_level_says(level: int, called: list[object], engine: Engine, tmp_path: Path) -> None:
    hierarchy = hierarchy_in(tmp_path, LANGUAGES)
    assert coarse(engine, hierarchy, level, ["fi", "so", None]) == called


REFUSED: dict[str, tuple[str | bytes, str, str]] = {
    "a ragged line": ("fi;domestic;*\nsv;domestic\n", "line 2: 2 levels, but the first line has 3", "hierarchy_ragged"),
    "a value twice": ("fi;a;*\nsv;a;*\nfi;a;*\n", "line 3: the value stands on an earlier line", "hierarchy_doubled"),
    "levels that do not nest": (
        "fi;a;b;*\nsv;a;c;*\n",
        "line 2: level 1 leads to another level 2",
        "hierarchy_nesting",
    ),
    "a late level that does not nest": ("fi;a;b;c\nsv;d;b;e\n", "line 2: level 2 leads to", "hierarchy_nesting"),
    "an empty file": ("\n\n", "is empty", "file_empty"),
    "another encoding": ("fi;ä;*\n".encode("latin-1"), "not UTF-8", "encoding"),
    "an open quote": ('fi;"a;*\nsv;b;*\n', "a quote that is not closed", "file_form"),
    "a long field": (f'fi;"{"a" * 200_000}";*\n', "a quote that is not closed", "file_form"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_what_is_no_hierarchy_is_refused_with_its_line(fault: str, tmp_path: Path) -> None:
    content, sentence, reason = REFUSED[fault]
    with pytest.raises(Unfit, match=sentence) as refused:
        hierarchy_in(tmp_path, content)
    assert refused.value.reason == reason


def test_empty_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    assert len(hierarchy_in(tmp_path, f"\ufeff\n{LANGUAGES}\n").levels[0]) == 3
    with pytest.raises(Unfit, match="line 5: the value stands"):
        hierarchy_in(tmp_path, f"\n{LANGUAGES}fi;domestic;*\n")


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_hierarchy_that_cannot_be_opened_is_misuse(name: str, tmp_path: Path) -> None:
    with pytest.raises(Misused, match="name a file"):
        read_hierarchy(tmp_path / name)


@pytest.mark.parametrize("level", [-1, 3])
def test_a_level_out_of_range_is_answered_with_those_that_exist(level: int, tmp_path: Path) -> None:
    with pytest.raises(Unfit, match="levels 0 to 2") as refused:
        hierarchy_in(tmp_path, LANGUAGES).at(level)
    assert refused.value.reason == "hierarchy_level"


@pytest.mark.parametrize("level", [0, 1])
def test_an_unmapped_value_stops_the_preparation_and_is_not_told(level: int, engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Unfit, match="2 records of field 'language' have a value that") as refused:
        coarse(engine, hierarchy_in(tmp_path, LANGUAGES), level, ["fi", "savo", "savo", None])
    assert refused.value.reason == "unmapped"
    assert "savo" not in str(refused.value)


@pytest.mark.parametrize("recorded", [" fi", "FI", "fi "])
def test_a_value_is_not_matched_loosely(recorded: str, engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Unfit, match="1 records"):
        coarse(engine, hierarchy_in(tmp_path, LANGUAGES), 1, [recorded])


rows = st.lists(st.tuples(*[st.sampled_from("abc")] * 3), min_size=1, max_size=6)


def nests(lines: list[tuple[str, ...]]) -> bool:
    """Whether values are distinct, and those alike at one level alike at the next, said over all pairs."""
    pairs = [(one, other) for place, one in enumerate(lines) for other in lines[:place]]
    return all(
        one[0] != other[0] and all(one[n] != other[n] or one[n + 1] == other[n + 1] for n in range(1, len(one) - 1))
        for one, other in pairs
    )


def is_read(folder: Path, lines: list[tuple[str, ...]]) -> bool:
    try:
        hierarchy_in(folder, "\n".join(";".join(line) for line in lines))
    except JalostamoError:
        return False
    return True


@given(lines=rows)
def test_exactly_what_nests_is_read(lines: list[tuple[str, ...]], tmp_path_factory: pytest.TempPathFactory) -> None:
    assert is_read(tmp_path_factory.mktemp("hierarchy"), lines) is nests(lines)


@pytest.mark.parametrize("name", ADULT)
def test_a_hierarchy_made_for_another_tool_is_read(name: str, shared_data: Callable[[str], Path]) -> None:
    path = shared_data(f"adult/adult_hierarchy_{name}.csv")
    lines = [line.split(";") for line in path.read_text().splitlines()]
    hierarchy = read_hierarchy(path)
    assert [dict(level) for level in hierarchy.levels] == [
        {line[0]: line[level] for line in lines} for level in range(len(lines[0]))
    ]
    assert set(hierarchy.levels[-1].values()) == {"*"}


@pytest.mark.parametrize(
    ("step", "first"),
    [("year", 2015), ("quarter", date(2015, 10, 1)), ("month", date(2015, 11, 1)), ("day", date(2015, 11, 23))],
)
@pytest.mark.parametrize("moment", [date(2015, 11, 23), datetime(2015, 11, 23, 23, 59)], ids=["date", "time"])  # noqa: DTZ001  # a local time
def test_a_date_becomes_the_first_day_of_its_step(step: str, first: object, moment: date, engine: Engine) -> None:
    table = engine.in_memory(pa.table({"day": pa.array([moment, None])}))
    found = engine.rows(table.select(day=by_calendar(table.day, step)).order_by(ibis.desc("day")))
    assert [row["day"] for row in found] == [first, None] or [row["day"] for row in found] == [None, first]


@pytest.mark.parametrize(
    ("values", "one"),
    [(("a", "a"), "a"), (("a", "b"), "mixed"), (("a", None), "a"), ((None, "b"), "b"), ((None, None), None)],
    ids=["agreed", "mixed", "second missing", "first missing", "both missing"],
)
def test_fields_of_one_vocabulary_become_what_they_agree_on(
    values: tuple[str | None, str | None], one: str | None, engine: Engine
) -> None:
    table = engine.in_memory(pa.table({n: pa.array([v], pa.string()) for n, v in zip("xy", values, strict=True)}))
    assert engine.only_row(combined(table, ("x", "y"), "both"))["both"] == one

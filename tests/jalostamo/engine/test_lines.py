"""A record is found by the line on which a person sees it begin, whatever fields span lines before it."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalostamo.concepts.writings import Writing
from jalostamo.engine.lines import is_told_rightly, lines_at, lines_of_records, may_reopen_quotes

FIELDS = st.lists(st.lists(st.text('a",\n', max_size=4), min_size=2, max_size=2), max_size=8)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where files are written."""
    return tmp_path_factory.mktemp("files")


def file(folder: Path, text: str) -> Path:
    """A file of this text."""
    path = folder / "persons.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def lines(path: Path, records: Sequence[int], *, may_be_empty: bool = False, quote: str = '"') -> tuple[int, ...]:
    """The lines of records of a file in which none was turned away."""
    return lines_of_records(path, Writing(quote=quote), records, turned_away=(), may_be_empty=may_be_empty)


@given(records=FIELDS)
def test_every_record_is_found_where_it_begins(records: list[list[str]], folder: Path) -> None:
    text = io.StringIO(newline="")
    writer, begins = csv.writer(text, lineterminator="\n"), []
    writer.writerow(["id", "name"])
    for record in records:
        begins.append(text.getvalue().count("\n") + 1)
        writer.writerow(record)
    path = file(folder, text.getvalue())
    assert lines(path, range(1, len(records) + 1)) == tuple(begins)


def test_what_is_not_asked_for_is_not_looked_for(folder: Path) -> None:
    path = file(folder, 'id,name\n1,"a\nb"\n\n2,c\n')
    assert lines(path, []) == ()
    assert lines(path, [2, 1]) == (2, 5)
    assert lines_at(path, Writing(), set()) == {}


def test_records_that_were_turned_away_have_no_number(folder: Path) -> None:
    path = file(folder, "id,name\nx\n1,a\n\nx\n2,b\n")
    assert lines_of_records(path, Writing(), [1, 2], turned_away=[2, 5], may_be_empty=False) == (3, 6)


def test_an_empty_line_is_a_record_where_there_is_one_field(folder: Path) -> None:
    path = file(folder, "name\na\n\nb\n")
    assert lines(path, [2, 3], may_be_empty=True) == (3, 4)


def test_a_place_counts_records_that_span_lines_once(folder: Path) -> None:
    path = file(folder, 'id,name\n1,"a\nb"\n\n2,"c\n')
    assert lines_at(path, Writing(), {1, 2, 3, 4}) == {1: 1, 2: 2, 3: 4, 4: 5}


def test_a_place_behind_the_end_is_told_as_it_was_counted(folder: Path) -> None:
    assert lines_at(file(folder, "id\n1\n"), Writing(), {9}) == {9: 9}


def test_without_quotes_every_line_is_a_record(folder: Path) -> None:
    path = file(folder, 'id,name\n1,"a\n2,b"\n')
    assert lines(path, [1, 2], quote="") == (2, 3)


@pytest.mark.parametrize(
    ("text", "rightly"),
    [
        ("id\n1\n2", True),
        ("id\r\n1\r\n", True),
        ("id\r1\r", True),
        ('id\n"a\r\nb\rc"\n', True),
        ("id\n1\r\n", False),
        ("id\r\n1\n", False),
        ("id\n1\r2\n", False),
        ('id\n"a"b\r2\n', False),
        ('id\n"a\r2\n', True),
        ('id,name\n1,"a" "b"\n', False),
        ('id,name\n1,"a\nb"  "c"\n', False),
        ('id,name\n"1" ,"a" \n', True),
        ('id,name\n1,"a "" "" b"\n', True),
        ('id,name\n1,a" "b\n', True),
        ('id,name\n1,"a"x "b"\n', True),
    ],
)
def test_what_the_engine_would_tell_wrongly_is_seen(text: str, rightly: bool, folder: Path) -> None:
    path = file(folder, text)
    assert is_told_rightly(path, Writing()) is rightly
    # The quick look may see what is not so, but never misses it.
    assert may_reopen_quotes(path, Writing()) or rightly or '" ' not in text


def test_without_quotes_nothing_reopens_them(folder: Path) -> None:
    assert may_reopen_quotes(file(folder, 'id\n"a" "b"\n'), Writing(quote="")) is False

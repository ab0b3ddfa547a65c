"""A hierarchy that is written is the one that is read; lists of values and of codes are read as strictly."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.managing.hierarchies import (
    DEEPEST,
    Hierarchy,
    read_hierarchy,
    read_parents,
    read_values,
    write_hierarchy,
)

odd = st.text(st.sampled_from('a;"\r\n\ufeff\0 \t\u2028'), max_size=4)


def in_file(folder: Path, content: str) -> Path:
    path = folder / "list.csv"
    path.write_text(content, encoding="utf-8", newline="")
    return path


@given(values=st.lists(odd, min_size=1, max_size=6, unique=True))
@example(values=["\ufeffa"])
@example(values=["", "\r"])
def test_any_text_is_read_as_it_was_written(values: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    made = Hierarchy("odd.csv", ({v: v for v in values}, dict.fromkeys(values, "a;\nb"), dict.fromkeys(values, "*")))
    path = tmp_path_factory.mktemp("odd") / "odd.csv"
    write_hierarchy(made, path)
    assert read_hierarchy(path) == made


def test_a_file_is_utf_8_with_semicolons_and_no_header(tmp_path: Path) -> None:
    path = tmp_path / "made.csv"
    write_hierarchy(Hierarchy("made.csv", ({"ä": "ä", "b;c": "b;c"}, {"ä": "x", "b;c": '"'})), path)
    assert path.read_bytes() == 'ä;x\n"b;c";""""\n'.encode()


def test_a_file_that_is_there_is_replaced_only_when_asked(tmp_path: Path) -> None:
    made = Hierarchy("made.csv", ({"a": "a"}, {"a": "*"}))
    path = in_file(tmp_path, "before")
    with pytest.raises(Misused, match="--force"):
        write_hierarchy(made, path)
    write_hierarchy(made, path, force=True)
    assert path.read_text() == "a;*\n"


def test_a_file_that_is_too_deep_is_refused(tmp_path: Path) -> None:
    assert len(read_hierarchy(in_file(tmp_path, ";".join("a" * DEEPEST))).levels) == DEEPEST
    with pytest.raises(Unfit, match="has 17 levels.*16 are read at most") as refused:
        read_hierarchy(in_file(tmp_path, ";".join("a" * (DEEPEST + 1))))
    assert refused.value.reason == "hierarchy_deep"


def test_a_level_that_does_not_nest_is_told_with_its_first_line_and_their_number(tmp_path: Path) -> None:
    with pytest.raises(Unfit, match=r"line 3: level 1 leads to another level 2 .*\(2 lines do\)"):
        read_hierarchy(in_file(tmp_path, "a;x;p\nb;y;p\nc;x;q\nd;x;q\n"))


def test_values_are_read_in_their_order(tmp_path: Path) -> None:
    assert read_values(in_file(tmp_path, '\ufeffb\n\na\n"c;d"\n')) == ["b", "a", "c;d"]


def test_codes_are_read_with_their_parents(tmp_path: Path) -> None:
    assert read_parents(in_file(tmp_path, "a;b\nb;\n")) == {"a": "b", "b": ""}


@pytest.mark.parametrize(
    ("content", "told", "reason"),
    [
        ("", "is empty", "file_empty"),
        ("a;b\n\na\n", "line 3: expected a code", "list_form"),
        ("a;b;c\n", "line 1: expected a code", "list_form"),
        (";b\n", "line 1: expected a code", "list_form"),
        ("a;b\nc;b\na;d\n", "line 3: the code stands", "hierarchy_doubled"),
    ],
    ids=["empty", "no parent", "two parents", "no code", "a code twice"],
)
def test_what_is_no_list_of_codes_is_refused_with_its_line(
    content: str, told: str, reason: str, tmp_path: Path
) -> None:
    with pytest.raises(Unfit, match=told) as refused:
        read_parents(in_file(tmp_path, content))
    assert refused.value.reason == reason


def test_a_list_with_more_than_a_value_on_a_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unfit, match="line 2: expected one value on each line"):
        read_values(in_file(tmp_path, "a\nb;c\n"))

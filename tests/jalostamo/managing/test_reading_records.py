"""Every record is loaded as it was recorded, or rejected with its reason and its line; the two add up."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.jalostamo.managing.delivered import SECRET, TITLE, field, loaded, read, sentences, table, told

from jalostamo.concepts.code_lists import Code, CodeList
from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.registers import FieldType
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.managing.reading import Reading, Rejection, read_table, refuse_rejected

type Told = list[tuple[str, str | None, int, tuple[int, ...]]]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An embedded engine."""
    with open_engine(workspace=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


REJECTED: dict[str, tuple[str, Told, list[int]]] = {
    "too few columns": ("id,name\n1\n2,b\n", [("too_few_columns", None, 1, (2,))], [2]),
    "too many columns": (f"id,name\n1,{SECRET},x\n2,b\n", [("too_many_columns", None, 1, (2,))], [2]),
    "both": (
        f"id,name\n1\n2,{SECRET},x\n3,c\n4\n",
        [("too_few_columns", None, 2, (2, 5)), ("too_many_columns", None, 1, (3,))],
        [3],
    ),
    "more than are told": (
        "id,name\n" + f"{SECRET}\n" * 5 + "1,a\n",
        [("too_few_columns", None, 5, (2, 3, 4))],
        [1],
    ),
    "after empty lines": ("id,name\n\n1,a\n\n\n2\n", [("too_few_columns", None, 1, (6,))], [1]),
    "after a record of many lines": ('id,name\n1,"a\nb\nc"\n2\n3,c\n', [("too_few_columns", None, 1, (5,))], [1, 3]),
    "text after a quote": (f'id,name\n1,"{SECRET}"x\n2,b\n', [("unclosed_quote", None, 1, (2,))], [2]),
    "text beyond ASCII after a quote": (f'id,name\n1,"{SECRET}"ä\n2,b\n', [("unclosed_quote", None, 1, (2,))], [2]),
    "a quote without end": (f'id,name\n1,a\n2,"{SECRET}\n3,c\n', [("unclosed_quote", None, 1, (3,))], [1]),
    "text after a quote, and a column more": (
        f'id,name\n1,"{SECRET}"x,z\n2,b\n',
        [("too_many_columns", None, 1, (2,))],
        [2],
    ),
    "a line of spaces": ("id,name\n1,a\n   \n2,b\n", [("too_few_columns", None, 1, (3,))], [1, 2]),
    "an end of file of old": ("id,name\n1,a\n\x1a", [("too_few_columns", None, 1, (3,))], [1]),
    "a record of 5 MB": (f"id,name\n1,{'x' * 5_000_000}\n2,b\n", [("record_too_long", None, 1, (2,))], [2]),
    "a wrong number": (f"id,name\n{SECRET},a\n2,b\n", [("not_integer", "id", 1, (2,))], [2]),
    "a wrong number after others": (
        f'id,name\n1\n\n2,"a\nb"\nx,{SECRET}\n3,c,d\ny,d\n',
        [
            ("too_few_columns", None, 1, (2,)),
            ("too_many_columns", None, 1, (7,)),
            ("not_integer", "id", 2, (6, 8)),
        ],
        [2],
    ),
    "a wrong number behind a stray quote": ('id,name\n1,a"b\n2,c"\nx,d\n', [("not_integer", "id", 1, (4,))], [1, 2]),
}


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize("case", REJECTED.values(), ids=REJECTED)
def test_a_rejected_record_is_told_with_its_line(
    case: tuple[str, Told, list[int]], line_end: str, engine: Engine, tmp_path: Path
) -> None:
    text, rejections, ids = case
    reading = read(engine, table(), text.replace("\n", line_end).encode(), tmp_path)
    assert told(reading) == rejections
    assert [row["id"] for row in loaded(engine, reading)] == ids
    assert reading.records == len(ids) + sum(records for _, _, records, _ in rejections)
    assert SECRET not in sentences(reading) + repr(reading.rejections)


def test_a_quote_without_end_is_told_by_its_line_in_a_large_file(engine: Engine, tmp_path: Path) -> None:
    swallowed = f"{SECRET * 12}\n" * 200_000
    reading = read(engine, table(), f'id,name\n1,a\n2,"{swallowed}', tmp_path)
    assert told(reading) == [("unclosed_quote", None, 1, (3,))]
    assert reading.loaded == 1


def test_records_that_one_reader_bends_the_others_count_finds(engine: Engine, tmp_path: Path) -> None:
    # A quote without end, and far behind it another: a thread that begins between the two takes texts for records.
    line = f"2,{SECRET * 10}\n"
    with pytest.raises(Unfit, match="quote") as refused:
        read(engine, table(), f'id,name\n1,"a\n{line * 450_000}3,"b"\n{line * 10}', tmp_path)
    # Which of the two it is, the places of the readers' blocks decide.
    assert refused.value.reason in {"count", "record_too_long"}
    assert SECRET not in refused.value.sentence


KEPT: dict[str, tuple[str, dict[str, str], list[str | None]]] = {
    "leading zeros": ("id,name\n1,007\n", {}, ["007"]),
    "what looks like a power": ("id,name\n1,1E5\n", {}, ["1E5"]),
    "what looks like a date": ("id,name\n1,01/02/2024\n", {}, ["01/02/2024"]),
    "what looks missing": ("id,name\n1,NULL\n2,NA\n3,nan\n", {}, ["NULL", "NA", "nan"]),
    "spaces": ('id,name\n1, a \n2," b "\n', {}, [" a ", " b "]),
    "nothing": ('id,name\n1,\n2,""\n', {}, [None, None]),
    "lines in quotes": ('id,name\n1,"a\nb\r\nc"\n', {}, ["a\nb\r\nc"]),
    "delimiters in quotes": ('id,name\n1,"a,b"\n', {}, ["a,b"]),
    "quotes in quotes": ('id,name\n1,"a ""b"" c"\n2,""""\n', {}, ['a "b" c', '"']),
    "a quote within": ('id,name\n1,a"b\n2,b"\n', {}, ['a"b', 'b"']),
    "a byte of nothing": ("id,name\n1,a\0b\n", {}, ["a\0b"]),
    "a backslash": ("id,name\n1,a\\\n2,\\n\n", {}, ["a\\", "\\n"]),
    "a formula": ("id,name\n1,=1+1\n2,@x\n", {}, ["=1+1", "@x"]),
    "a comment": ("id,name\n1,#a\n", {}, ["#a"]),
    "a byte order mark": ('\ufeff"id",name\n1,a\n', {}, ["a"]),
    "a byte order mark of UTF-16": ("\ufeffid,name\n1,ä\n", {"encoding": "utf-16-le"}, ["ä"]),
    "semicolons": ("id;name\n1;a,b\n", {"delimiter": ";"}, ["a,b"]),
    "tabs": ("id\tname\n1\ta b\n", {"delimiter": "\t"}, ["a b"]),
    "bars": ("id|name\n1|a\n", {"delimiter": "|"}, ["a"]),
    "other quotes": ("id,name\n1,'a,b'\n2,\"c\n", {"quote": "'"}, ["a,b", '"c']),
    "no quotes": ('id,name\n1,"a\n2,b"c"\n', {"quote": ""}, ['"a', 'b"c"']),
    "UTF-8": ("id,name\n1,Åsa 😀\n", {"encoding": "utf-8"}, ["Åsa 😀"]),
    "UTF-8 by another name": ("id,name\n1,Åsa\n", {"encoding": "UTF8"}, ["Åsa"]),
    "UTF-8 with its mark": ("id,name\n1,Åsa\n", {"encoding": "utf-8-sig"}, ["Åsa"]),
    "latin-1": ("id,name\n1,Åsa\n", {"encoding": "iso-8859-1"}, ["Åsa"]),
    "cp1252": ("id,name\n1,Åsa €\n", {"encoding": "cp1252"}, ["Åsa €"]),
    "UTF-16": ("id,name\n1,Åsa 😀\n", {"encoding": "utf-16"}, ["Åsa 😀"]),
    "UTF-16, big end first": ("id,name\n1,Åsa\n", {"encoding": "utf-16-be"}, ["Åsa"]),
    "ASCII": ("id,name\n1,Asa\n", {"encoding": "ascii"}, ["Asa"]),
    "no end of the last line": ("id,name\n1,a", {}, ["a"]),
    "empty lines": ("id,name\n\n1,a\n\n\n", {}, ["a"]),
    "columns that are not declared": ("x,name,y,id\n9,a,9,1\n", {}, ["a"]),
    "a header in quotes": ('"id","name"\n1,a\n', {}, ["a"]),
}


@pytest.mark.parametrize("case", KEPT.values(), ids=KEPT)
def test_a_text_stays_as_it_was_recorded(
    case: tuple[str, dict[str, str], list[str | None]], engine: Engine, tmp_path: Path
) -> None:
    text, writing, names = case
    reading = read(engine, table(**writing), text, tmp_path)
    assert [row["name"] for row in loaded(engine, reading)] == names
    assert reading.rejections == ()
    assert reading.records == len(names)


@pytest.mark.parametrize("text", ["id,name", "id,name\n", "id,name\n\n\n"])
def test_a_header_without_records_is_no_delivery(text: str, engine: Engine, tmp_path: Path) -> None:
    reading = read(engine, table(), text, tmp_path)
    assert (reading.records, reading.loaded, loaded(engine, reading)) == (0, 0, [])
    with pytest.raises(Unfit, match="has a header and no record") as refused:
        refuse_rejected(reading, at_most=1)
    assert refused.value.reason == "file_without_records"


def test_an_empty_line_of_a_one_column_file_is_a_record(engine: Engine, tmp_path: Path) -> None:
    declared = table(field("name", required=True))
    reading = read(engine, declared, f"name\n{SECRET}\n\na,b\n\nb\n", tmp_path)
    assert told(reading) == [("too_many_columns", None, 1, (4,)), ("missing", "name", 2, (3, 5))]
    assert reading.loaded == 2


def test_records_with_codes_stand_in_the_order_of_the_file(engine: Engine, tmp_path: Path) -> None:
    # Several threads read it. A join with the codes would have each write what it has read, in whichever order.
    codes = [f"C{number}" for number in range(12)]
    listed = CodeList("letters", "1", tuple(Code(code, TITLE) for code in codes))
    declared = table(
        field("id", FieldType.INTEGER), replace(field("code", FieldType.CODE), code_list="letters"), field("text")
    )
    lines = [f"{number},{codes[number % 12]},{'.' * 60}" for number in range(400_000)]
    (tmp_path / declared.file).write_text("\n".join(["id,code,text", *lines, ""]), encoding="ascii")
    reading = read_table(engine, declared, tmp_path, code_lists={"letters": listed}, into=tmp_path / "typed.parquet")
    assert reading.table.filter(reading.table.id != reading.table.record_ - 1).count().execute() == 0


def test_lines_are_right_in_a_million_records(engine: Engine, tmp_path: Path) -> None:
    # Larger than one buffer of the reader, so that several threads read it, each from somewhere within.
    chance = random.Random(1)
    lines, wrong, short = ["id,name"], [], []
    for number in range(1_200_000):
        dice = chance.random()
        if dice < 0.00002:
            wrong.append(len(lines) + 1)
        elif dice < 0.00004:
            short.append(len(lines) + 1)
        elif dice < 0.00006:
            lines += ["", f'{number},"two'] if dice < 0.00005 else [f'{number},"two']
        text = "lines" if dice >= 0.00006 else 'lines"'
        lines.append({0: f"x{number},a", 1: f"{number}"}.get(int(dice / 0.00002), f"{number},{text}{'.' * 40}"))
        if 0.00004 <= dice < 0.00006:
            lines[-1] = 'lines"'
    reading = read(engine, table(), "\r\n".join([*lines, ""]).encode(), tmp_path)
    assert told(reading) == [
        ("too_few_columns", None, len(short), tuple(short[:3])),
        ("not_integer", "id", len(wrong), tuple(wrong[:3])),
    ]
    assert reading.loaded == 1_200_000 - len(short) - len(wrong)
    ids = reading.table.order_by("record_").id.to_pyarrow().to_pylist()
    assert ids == sorted(ids)


def test_a_rejection_is_one_sentence(engine: Engine, tmp_path: Path) -> None:
    reading = read(engine, table(), f"id,name\n1\nx,{SECRET}\ny,b\nz,c\nw,d\n", tmp_path)
    assert [rejection.sentence(reading.declared) for rejection in reading.rejections] == [
        "persons.csv, line 2: the record has too few columns (1 record).",
        "persons.csv, lines 3, 4, 5 ...: column 'id' is not a whole number (4 records).",
    ]


@pytest.mark.parametrize(
    ("rejected", "at_most", "fits"), [(0, 0, True), (1, 0, False), (29, 0.29, True), (30, 0.29, False), (100, 1, True)]
)
def test_more_rejected_records_than_allowed_refuse_the_file(
    rejected: int, at_most: float, fits: bool, engine: Engine, tmp_path: Path
) -> None:
    lines = [f"{'x' if number < rejected else ''}{number},{SECRET}" for number in range(100)]
    reading = read(engine, table(), "\n".join(["id,name", *lines]), tmp_path)
    if fits:
        refuse_rejected(reading, at_most=at_most)
        return
    with pytest.raises(
        Unfit, match=rf"{rejected} of 100 records were rejected, more than the share {at_most:g}"
    ) as refused:
        refuse_rejected(reading, at_most=at_most)
    assert refused.value.reason == "not_integer"
    assert SECRET not in str(refused.value)


def test_a_record_that_is_neither_loaded_nor_rejected_refuses_the_file(engine: Engine, tmp_path: Path) -> None:
    reading = read(engine, table(field("id", FieldType.INTEGER)), "id\n1\n2\n", tmp_path)
    rejection = Rejection("not_integer", "id", 1, (2,))
    with pytest.raises(Unfit, match="3 records were counted, but 1 loaded and 1 rejected") as refused:
        Reading(reading.table, reading.declared, 3, 1, (rejection,))
    assert refused.value.reason == "count"

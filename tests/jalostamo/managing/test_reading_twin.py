"""Whatever is delivered, nothing is lost or bent unseen: what was written soundly is loaded to the letter, all else told."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.jalostamo.managing.delivered import SECRET, field, loaded, read, sentences, table

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import Engine, open_engine

WAYS = {
    "short": "too_few_columns",
    "long": "too_many_columns",
    "text after a quote": "unclosed_quote",
    "no number": "not_integer",
}
NAMES = st.text(st.sampled_from("aä0 ,;|\t\n\r\"'\\#="), max_size=6)


@dataclass(frozen=True)
class Drawn:
    """A record to be written: its place is its id, its way is how it is spoilt, if it is."""

    name: str
    way: str | None
    quoted: bool
    empty_lines_before: int


@dataclass(frozen=True)
class Delivery:
    """Records, and how they are written."""

    records: tuple[Drawn, ...]
    delimiter: str
    quote: str
    line_end: str
    encoding: str
    marked: bool

    @property
    def text(self) -> str:
        """The file."""
        lines = [f"id{self.delimiter}name"]
        for number, drawn in enumerate(self.records):
            lines += [""] * drawn.empty_lines_before + [self._record(number, drawn)]
        return ("\ufeff" if self.marked else "") + self.line_end.join([*lines, ""])

    def _record(self, number: int, drawn: Drawn) -> str:
        quoted = self.quote + drawn.name.replace(self.quote, self.quote * 2) + self.quote
        must = {self.delimiter, self.quote, "\n", "\r"} & set(drawn.name)
        name = quoted if must or drawn.quoted else drawn.name
        return {
            None: f"{number}{self.delimiter}{name}",
            "short": f"{number}",
            "long": f"{number}{self.delimiter}{name}{self.delimiter}x",
            "text after a quote": f"{number}{self.delimiter}{quoted}x",
            "no number": f"x{number}{self.delimiter}{name}",
        }[drawn.way]

    def lines(self) -> Iterator[int]:
        """The line on which each record begins."""
        line = 2
        for number, drawn in enumerate(self.records):
            line += drawn.empty_lines_before
            yield line
            line += len(io.StringIO(self._record(number, drawn) + "\n", newline="").readlines())


DRAWN = st.builds(
    Drawn, NAMES, st.sampled_from((None, None, None, *WAYS)), st.booleans(), st.sampled_from((0, 0, 0, 1, 2))
)
DELIVERIES = st.builds(
    Delivery,
    st.lists(DRAWN, max_size=12).map(tuple),
    st.sampled_from(",;|\t"),
    st.sampled_from("\"'"),
    st.sampled_from(("\n", "\r\n")),
    st.sampled_from(("utf-8", "iso-8859-1", "utf-16")),
    st.booleans(),
).filter(lambda delivery: not delivery.marked or delivery.encoding == "utf-8")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An embedded engine."""
    with open_engine(workspace=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where every delivery lies, one after the other."""
    return tmp_path_factory.mktemp("delivered")


@given(delivery=DELIVERIES)
def test_every_record_is_loaded_to_the_letter_or_told_with_its_line(
    delivery: Delivery, engine: Engine, folder: Path
) -> None:
    declared = table(delimiter=delivery.delimiter, quote=delivery.quote, encoding=delivery.encoding)
    reading = read(engine, declared, delivery.text, folder)
    sound = [(n, drawn.name or None) for n, drawn in enumerate(delivery.records) if drawn.way is None]
    assert [(row["id"], row["name"]) for row in loaded(engine, reading)] == sound
    places = list(zip(delivery.records, delivery.lines(), strict=True))
    for way, reason in WAYS.items():
        lines = [line for drawn, line in places if drawn.way == way]
        told = [(r.records, r.first_lines) for r in reading.rejections if r.reason == reason]
        assert told == ([(len(lines), tuple(lines[:3]))] if lines else [])
    assert reading.records == len(delivery.records)


@st.composite
def spoilt_files(draw: st.DrawFn) -> bytes:
    """Sound files of which some bytes were changed, lost or added."""
    names = draw(st.lists(NAMES.map(lambda name: SECRET + name), min_size=1, max_size=8))
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([("id", "name"), *enumerate(names)])
    data = bytearray(text.getvalue().encode())
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(8, max(8, len(data) - 1)))
        data[place : place + draw(st.integers(0, 3))] = draw(
            st.sampled_from((b"", b'"', b",", b"\n", b"\r", b"\0", b"\xe4", b"x"))
        )
    return bytes(data)


@given(data=spoilt_files())
@example(data=b'id,name\n0,"Salainen\n1,Salainen\n2,"Salainen"\n')
@example(data=b'id,name\n0,Salainen"\n1,"Salainen""\n')
@example(data=b'id,name\n0,"Salainen"b\r1,Salainen\n2,Salainen\n')
@example(data=b'id,name\n0,"Salainen" "Salainen"\n')
@example(data=b"id,name\n0,Salainen\n1\n2,\xe4,x\n")
def test_a_spoilt_file_gives_what_stands_in_it_or_is_refused(data: bytes, engine: Engine, folder: Path) -> None:
    try:
        reading = read(engine, table(field("id"), field("name")), data, folder)
    except Unfit as unfit:
        assert SECRET[:4] not in unfit.sentence
        return
    # Another reader, which takes everything, must have seen every record that was loaded, and as often.
    rows = csv.reader(io.StringIO(data.decode(errors="replace"), newline=""))
    seen = Counter((row[0] or None, row[1] or None) for row in rows if len(row) > 1 and not any(row[2:]))
    assert Counter((row["id"], row["name"]) for row in loaded(engine, reading)) <= seen
    assert SECRET[:4] not in sentences(reading)

"""The same register, written in every way that is read, gives the same typed rows."""

from __future__ import annotations

import datetime
import io
import json
import os
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl  # type: ignore[import-untyped]  # openpyxl has no types
import polars
import pytest
import tomli_w
from tests.jalostamo.doors.homes import door
from tests.jalostamo.engine.servers import PASSWORD, TestServer, running_server
from tests.jalostamo.managing.delivered import CODE_LISTS, SEX, TITLE, field

from jalostamo.concepts.descriptions import as_description
from jalostamo.concepts.errors import Misused
from jalostamo.concepts.registers import FieldType, Marking, Register, RegisterTable, Sensitivity
from jalostamo.concepts.writings import FORMATS, Server, Writing
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.engine.intake import RECORD
from jalostamo.managing.reading.reader import Reader

VARIABLE = "TOWN_PASSWORD"
SERVED = "postgresql"
FIELDS = (
    field("id", FieldType.INTEGER, required=True),
    field("code", FieldType.PERSONAL_IDENTITY_CODE),
    field("name", sensitivity=Sensitivity.DIRECT_IDENTIFIER),
    field("sex", FieldType.CODE),
    field("born", FieldType.DATE),
    field("sum", FieldType.DECIMAL),
    field("ok", FieldType.BOOLEAN, format="K;E"),
)
type Row = tuple[int, str, str | None, str | None, datetime.date | None, Decimal | None, bool | None]
ROWS: tuple[Row, ...] = (
    (1, "010150-900R", "Äijä, Ö", "1", datetime.date(1950, 1, 1), Decimal("1.5000"), True),
    (2, "020260A901S", "007", "2", datetime.date(2024, 2, 29), Decimal("-12345.6789"), False),
    (3, "030370-902T", None, None, None, None, None),
    (10, "040480-903U", "=1+1", "1", datetime.date(1999, 12, 31), Decimal("0.0000"), None),
)
WIDTHS = (4, 11, 10, 1, 10, 12, 1)


def texts(row: Row) -> list[str]:
    """A row as delimited text tells it."""
    id_, code, name, sex, born, sum_, ok = row
    words = {True: "K", False: "E", None: ""}
    told = [str(id_), code, name or "", sex or "", born.isoformat() if born else ""]
    return [*told, "" if sum_ is None else str(sum_), words[ok]]


def csv(path: Path) -> None:
    lines = [[f.column for f in FIELDS], *map(texts, ROWS)]
    path.write_text("".join(",".join(f'"{word}"' for word in line) + "\n" for line in lines), encoding="utf-8")


def parquet(path: Path) -> None:
    columns = dict(zip([f.column for f in FIELDS], zip(*ROWS, strict=True), strict=True))
    told = {name: list(values) for name, values in columns.items()}
    told["ok"] = [texts(row)[6] or None for row in ROWS]
    polars.DataFrame(told).write_parquet(path)


def xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "S"
    sheet.append([f.column for f in FIELDS])
    for row in ROWS:
        sheet.append([*row[:2], None, *row[3:]])
        if row[2]:
            # As a text, even where it looks like a formula.
            cell = sheet.cell(sheet.max_row, 3, row[2])
            cell.data_type = "s"
    saved = io.BytesIO()
    book.save(saved)
    path.write_bytes(saved.getvalue())


def fixed_width(path: Path) -> None:
    lines = ("".join(f"{word:<{width}}" for word, width in zip(texts(row), WIDTHS, strict=True)) for row in ROWS)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def json_lines(path: Path) -> None:
    def line(row: Row) -> str:
        named = dict(zip([f.column for f in FIELDS], [word or None for word in texts(row)], strict=True))
        return json.dumps(named | {"id": row[0], "ok": row[6]}, ensure_ascii=False)

    path.write_text("".join(f"{line(row)}\n" for row in ROWS), encoding="utf-8")


def sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute("CREATE TABLE persons (id INTEGER PRIMARY KEY, code, name, sex, born, sum, ok)")
        for row in ROWS:
            told = [word or None for word in texts(row)]
            opened.execute("INSERT INTO persons VALUES (?, ?, ?, ?, ?, ?, ?)", [row[0], *told[1:6], row[6]])


WRITERS: dict[str, tuple[Callable[[Path], None], Writing]] = {
    "csv": (csv, Writing()),
    "parquet": (parquet, Writing("parquet")),
    "xlsx": (xlsx, Writing("xlsx", sheet="S", cells="A1:G")),
    "fixed_width": (fixed_width, Writing("fixed_width")),
    "json_lines": (json_lines, Writing("json_lines")),
    "sqlite": (sqlite, Writing("sqlite", relation="persons")),
}


def described(form: str, server: TestServer) -> RegisterTable:
    """The table as it is described in one writing."""
    if form == SERVED:
        place = Server("127.0.0.1", server.port, "postgres", "reader", VARIABLE)
        return RegisterTable("persons", "", FIELDS, Writing(form, relation="persons", server=place), key=("id",))
    starts = [1 + sum(WIDTHS[:place]) for place in range(len(WIDTHS))]
    placed = tuple(replace(f, start=s, width=w) for f, s, w in zip(FIELDS, starts, WIDTHS, strict=True))
    fields = placed if form == "fixed_width" else FIELDS
    return RegisterTable("persons", f"persons.{form}", fields, WRITERS[form][1], key=("id",))


@pytest.fixture(scope="module")
def server() -> Iterator[TestServer]:
    """A server with the same rows, which one user may read."""
    values = ", ".join(
        "("
        + ", ".join("NULL" if v is None else str(v) if isinstance(v, bool | int | Decimal) else f"'{v}'" for v in row)
        + ")"
        for row in ROWS
    )
    with running_server() as started:
        started.run(
            f"CREATE ROLE reader LOGIN PASSWORD '{PASSWORD}'; CREATE TABLE persons (id integer PRIMARY KEY, code char(11), "
            "name text, sex char(1), born date, sum numeric(14, 4), ok boolean);"
            f"INSERT INTO persons VALUES {values}; GRANT SELECT ON persons TO reader;"
        )
        yield started


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An embedded engine with a workspace of its own."""
    workspace = tmp_path / "engine"
    workspace.mkdir()
    with open_engine(workspace=workspace) as opened:
        yield opened


def rows_in(engine: Engine, form: str, server: TestServer, folder: Path) -> list[Row]:
    """The typed rows of one writing, as the reading process gives them."""
    declared = described(form, server)
    if form in WRITERS:
        WRITERS[form][0](folder / declared.file)
    reader = engine.company(Reader, lambda: Reader(engine.workspace, {VARIABLE: PASSWORD}))
    reading = reader.read(engine, declared, folder, code_lists=CODE_LISTS, in_engine=True)
    assert (reading.records, reading.rejections) == (len(ROWS), ())
    rows = engine.rows(reading.table.order_by("id").drop(RECORD))
    return [tuple(row.values()) for row in rows]  # type: ignore[misc]  # compared with typed rows below


pytestmark = [pytest.mark.needs("postgresql"), pytest.mark.slow, pytest.mark.xdist_group("postgresql")]


@pytest.mark.requirement("S25-01")
@pytest.mark.parametrize("form", [*WRITERS, SERVED])
def test_a_register_is_the_same_in_every_writing(form: str, engine: Engine, server: TestServer, tmp_path: Path) -> None:
    assert rows_in(engine, form, server, tmp_path) == list(ROWS)


def test_every_writing_is_compared() -> None:
    assert {*WRITERS, SERVED} == set(FORMATS)


def delivered(server: TestServer, folder: Path) -> Path:
    """A register whose table is on the server, by its description alone."""
    folder.mkdir()
    register = Register(
        "town", TITLE, "office", "city", Marking.SYNTHETIC, (described(SERVED, server),), tuple(CODE_LISTS.values())
    )
    (folder / "register.toml").write_text(tomli_w.dumps(as_description(register)), encoding="utf-8")
    assert SEX in register.code_lists
    return folder


class Watch(threading.Thread):
    """Looks, while a command runs, into the environment of each process beneath it for the password."""

    def __init__(self, root: subprocess.Popen[str]) -> None:
        super().__init__()
        self.holders: dict[int, list[str]] = {}
        self.done = threading.Event()
        self._root = root.pid
        self._command = root.args

    def run(self) -> None:
        while not self.done.wait(0.002):
            for process in self._beneath(self._root):
                self._look(process)

    def _beneath(self, process: int) -> list[int]:
        try:
            told = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
        except OSError:
            return [process]
        return [process, *(below for child in told for below in self._beneath(int(child)))]

    def _look(self, process: int) -> None:
        place = Path(f"/proc/{process}")
        try:
            holds = PASSWORD.encode() in (place / "environ").read_bytes()
            words = (place / "cmdline").read_bytes().decode().split("\0")[:-1]
            assert not any(PASSWORD in word for word in words)
            # Until a process that is started is another program, it is the door still.
            if holds and words != self._command:
                self.holders[process] = words
        except OSError:
            return


def profiled(folder: Path, environment: dict[str, str]) -> tuple[subprocess.CompletedProcess[str], Watch]:
    """`closed-room profile` with an environment, and who held the password meanwhile."""
    command = door("closed_room", "profile", str(folder))
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "TMPDIR"}}
    with subprocess.Popen(
        command, env=kept | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as started:
        watch = Watch(started)
        watch.start()
        out, err = started.communicate(timeout=120)
        watch.done.set()
        watch.join()
    return subprocess.CompletedProcess(command, started.returncode, out, err), watch


def test_a_live_register_is_profiled_and_its_password_goes_nowhere(server: TestServer, tmp_path: Path) -> None:
    left = tmp_path / "left"
    left.mkdir()
    told, watch = profiled(delivered(server, tmp_path / "town"), {VARIABLE: PASSWORD, "TMPDIR": str(left)})
    assert told.returncode == 0, told.stderr
    assert "persons: 4 of 4 records read as described." in told.stdout
    assert PASSWORD not in told.stdout + told.stderr
    assert not [p for p in tmp_path.rglob("*") if p.is_file() and PASSWORD.encode() in p.read_bytes()]
    # The door was given it; of those that it starts, the one that reads from the server alone, and its copy: both have ended.
    assert 1 <= len(watch.holders) <= 2
    for reads, words in watch.holders.items():
        assert "jalostamo.managing.reading.child" in words
        assert not Path(f"/proc/{reads}").exists()


def test_a_live_register_without_its_password_is_refused(server: TestServer, tmp_path: Path) -> None:
    told, _ = profiled(delivered(server, tmp_path / "town"), {})
    assert told.returncode == Misused("", reason="").exit_code
    assert f"The variable {VARIABLE} is not set" in told.stderr
    assert told.stdout == ""

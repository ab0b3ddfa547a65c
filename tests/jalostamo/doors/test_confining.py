"""A command of the closed room really runs within its walls: what it does after it has ended is refused by the kernel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path

import pytest
import tomli_w
from tests.jalostamo.doors.homes import jalostamo

from jalostamo.concepts.descriptions import as_description
from jalostamo.concepts.errors import Refused
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, FieldType, Marking, Register, RegisterTable, Sensitivity
from jalostamo.concepts.writings import Server, Writing
from jalostamo.confinement import Network
from jalostamo.doors.closed_room.confining import within_walls
from jalostamo.doors.home import Home
from jalostamo.doors.installation import Level, lay_out
from jalostamo.doors.walls import declared_network, walls_of_closed_room

TITLE = Text("Asia", "Sak", "Thing")
FIELD = Field("id", "id", FieldType.INTEGER, Sensitivity.ORDINARY, TITLE)
AFTER = """
import json, os, runpy, socket, sys
from pathlib import Path
tried, *words = sys.argv[1:]
sys.argv = ["closed_room", *words]
try: runpy.run_module("jalostamo.doors.closed_room", run_name="__main__")
except SystemExit as ended: came = {"code": ended.code}
for name, text in json.loads(tried).items():
    try: exec(text); came[name] = "done"
    except OSError as error: came[name] = type(error).__name__
print(json.dumps(came))
"""


def after(folder: Path, tried: Mapping[str, str], *words: str) -> dict[str, object]:
    """What trials come to in the very process of a command, once it has ended; every file lies in the folder."""
    run = subprocess.run(
        [sys.executable, "-P", "-c", AFTER, json.dumps(dict(tried)), *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=folder,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    came = json.loads(run.stdout.splitlines()[-1])
    assert isinstance(came, dict)
    return came


@pytest.mark.requirement("S26-05")
def test_what_a_command_of_a_home_may_not_have_its_process_does_not_get(tmp_path: Path) -> None:
    home = Home(tmp_path / "town")
    for folder in (home.sources, home.results, home.publications, home.status):
        folder.mkdir(parents=True)
    lay_out(home, Level.DEMO)
    for place in (home.sources, home.results, home.orders, home.folder.parent, home.townhall, home.closed):
        (place / "file").write_text("kept")
    refused = {
        "read results": "Path('town/exchange/results/file').read_bytes()",
        "read townhall": "Path('town/townhall/file').read_bytes()",
        "read what lies elsewhere": "Path('file').read_bytes()",
        "write a source": "Path('town/sources/file').write_text('x')",
        "write an order": "Path('town/exchange/orders/new').touch()",
        "publish": "Path('town/exchange/publications/new').touch()",
        "write elsewhere": "Path('new').touch()",
        "connect": "socket.create_connection(('127.0.0.1', 9))",
        "change the code": "Path(runpy.__file__).open('r+b')",
    }
    done = {
        "read a source": "Path('town/sources/file').read_bytes()",
        "read an order": "Path('town/exchange/orders/file').read_bytes()",
        "keep": "Path('town/closed/file').write_text('x')",
        "let out": "Path('town/exchange/releases/new').touch()",
        "start another of ours": "os.waitpid(os.fork() or os._exit(0), 0)",
    }
    came = after(tmp_path, refused | done, "status", "--home", "town")
    assert came.pop("code") == 0
    assert came == dict.fromkeys(refused, "PermissionError") | dict.fromkeys(done, "done")


def test_a_misspelt_home_is_not_made_by_putting_up_walls(tmp_path: Path) -> None:
    told = jalostamo("closed-room", "status", "--home", tmp_path / "misspelt")
    assert (told.code, told.account["reason"]) == (2, "home_missing")
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_a_command_of_ones_own_table_reads_what_its_words_name_and_nothing_else(tmp_path: Path) -> None:
    for folder in ("asked", "hierarchies", "out"):
        (tmp_path / folder).mkdir()
    (tmp_path / "table.csv").write_text("age;town\n" + "30;A\n31;B\n" * 9)
    (tmp_path / "hierarchies/age.csv").write_text("30;*\n31;*\n")
    written = '[table]\ndelimiter = ";"\n[[quasi_identifier]]\ncolumn = "age"\nhierarchy = "../hierarchies/age.csv"\n'
    (tmp_path / "asked/recipe.toml").write_text(f"{written}[model]\nk = 2\n")
    (tmp_path / "other.csv").write_text("x")
    words = ("anonymise", "table.csv", "--recipe", "asked/recipe.toml", "--out", "out/out.parquet")
    tried = {
        "read another": "Path('other.csv').read_bytes()",
        "change the table": "Path('table.csv').open('r+b')",
        "connect": "socket.create_connection(('127.0.0.1', 9))",
    }
    before = set(tmp_path.iterdir())
    came = after(tmp_path, tried, *words, "--report", "out/report.json")
    assert came.pop("code") == 0
    assert (tmp_path / "out/out.parquet").is_file()
    assert came == dict.fromkeys(tried, "PermissionError")
    assert set(tmp_path.iterdir()) == before


def test_a_port_is_left_where_a_register_declares_its_server_and_nowhere_else(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert walls_of_closed_room(home).network is None
    for number, host in enumerate(("192.0.2.7", "registers.example")):
        (home.sources / str(number)).mkdir(parents=True)
        server = Server(host, 5432 + number, "d", "u")
        table = RegisterTable("persons", "", (FIELD,), Writing("postgresql", relation="persons", server=server))
        register = Register("town", TITLE, "office", "city", Marking.SYNTHETIC, (table,))
        (home.sources / f"{number}/register.toml").write_text(tomli_w.dumps(as_description(register)))
        ports = tuple(range(5432, 5433 + number))
        assert walls_of_closed_room(home).network == Network(connect=ports, lookups=number == 1)
    (home.sources / "0/register.toml").write_text("server = [")
    assert declared_network([home.sources / "0"]) is None


def test_spark_is_no_part_of_the_closed_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "JALOSTAMO_ENGINE", "spark://cluster:7077")
    with pytest.raises(Refused) as refused, within_walls("closed-room run", Namespace(home=tmp_path)):
        pass
    assert refused.value.reason == "spark_not_declared"

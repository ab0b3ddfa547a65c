"""Each wall stands: a breach planted in a copy of the package is found, and by the contract that is meant for it."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = [
    contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
]
LAYERS = "Layers: doors, utilising, producing, managing, ground, permits, concepts"
SENSITIVE = "Only the closed room's door reaches the sensitive rooms"
DOORS = "Nobody imports a door"
FRONT_DOOR = "The door jalostamo imports no room"
CITY = "The city imports the concepts alone"
ENGINE = "DuckDB and Spark stay in the engine"
IBIS = "Ibis is spoken from managing upward"
WEB = "The library knows no web"
TOWNHALL = "The library knows no townhall"
OUTSIDE = "Townhall reaches neither persons nor an engine"
TOWN_ROOMS = "Townhall's rooms: managing above permits above people above pages"
CIRCLES = "No circles"

# contract, module that is given a line, the line
BREACHES = [
    (LAYERS, "producing.breach", "import jalostamo.utilising"),
    (LAYERS, "managing.breach", "import jalostamo.producing"),
    (LAYERS, "engine.breach", "import jalostamo.managing"),
    (LAYERS, "charts.breach", "import jalostamo.engine"),
    (LAYERS, "concepts.breach", "import jalostamo.engine"),
    (LAYERS, "doors.breach", "import jalostamo.city"),
    (LAYERS, "unplanned", "SIZE = 1"),
    (SENSITIVE, "managing.nonsensitive.breach", "import jalostamo.managing.sensitive.breach"),
    (SENSITIVE, "managing.breach", "from jalostamo.managing import sensitive"),
    (SENSITIVE, "producing.breach", "def run():\n    from jalostamo.managing.sensitive import breach"),
    (SENSITIVE, "doors.open_room", "import jalostamo.managing.sensitive"),
    (DOORS, "doors.open_room", "import jalostamo.doors.closed_room"),
    (DOORS, "producing.breach", "import jalostamo.doors.closed_room"),
    (FRONT_DOOR, "doors.jalostamo", "import jalostamo.producing"),
    (FRONT_DOOR, "doors.jalostamo", "import jalostamo.concepts"),
    (CITY, "city.breach", "import jalostamo.engine"),
    (CITY, "city.breach", "import jalostamo.managing"),
    (ENGINE, "managing.breach", "import duckdb"),
    (ENGINE, "city.breach", "from duckdb import connect"),
    (ENGINE, "producing.breach", "from pyspark.sql import SparkSession"),
    (IBIS, "concepts.breach", "import ibis"),
    (IBIS, "doors.breach", "from ibis import _"),
    (WEB, "utilising.breach", "from django.conf import settings"),
    (TOWNHALL, "doors.breach", "import townhall.config"),
    (OUTSIDE, "/townhall.permits.breach", "import jalostamo.managing.sensitive"),
    (OUTSIDE, "/townhall.managing.breach", "from jalostamo.managing import nonsensitive\nimport jalostamo.engine"),
    (TOWN_ROOMS, "/townhall.people.breach", "import townhall.permits"),
    (CIRCLES, "managing.breach", "import jalostamo.managing.reading"),
]
# A breach that needs a second line elsewhere.
SECOND_LINES = {CIRCLES: ("managing.reading", "import jalostamo.managing.breach")}

SQL = re.compile(r"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE|DROP|ALTER|ATTACH|COPY|PRAGMA|WITH) ", re.ASCII)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Copy the package and the contracts, with nothing else that could be imported instead."""
    for root in ("jalostamo", "townhall"):
        shutil.copytree(ROOT / "src" / root, tmp_path / root, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for room in (
        "managing.sensitive.breach",
        "managing.reading",
        "doors.closed_room",
        "doors.open_room",
        "city.quarter",
    ):
        plant(tmp_path, room, "")
    for room in ("engine", "charts", "producing", "utilising", "managing.nonsensitive", "doors.jalostamo"):
        plant(tmp_path, room if room.startswith("doors") else f"{room}.room", "")
    return tmp_path


def plant(copy: Path, module: str, line: str) -> None:
    """Add a line to a module (of the library; of another root after a stroke), making what is not there yet."""
    place = copy if module.startswith("/") else copy / "jalostamo"
    *packages, name = module.removeprefix("/").split(".")
    for package in packages:
        place = place / package
        place.mkdir(exist_ok=True)
        (place / "__init__.py").touch()
    file = place / name / "__init__.py" if (place / name).is_dir() else place / f"{name}.py"
    with file.open("a") as text:
        text.write(f"\n{line}\n")


def broken_contracts(copy: Path) -> set[str]:
    """Run the linter on the copy and return the names of the contracts it found broken."""
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run(
        [linter, "--config", copy / "pyproject.toml", "--no-cache"],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )
    verdicts = {
        name: verdict for name in CONTRACTS for verdict in ("KEPT", "BROKEN") if f"{name} {verdict}" in run.stdout
    }
    assert verdicts.keys() == set(CONTRACTS), run.stdout[-2000:] + run.stderr[-2000:]
    return {name for name, verdict in verdicts.items() if verdict == "BROKEN"}


def test_every_wall_stands(copy: Path) -> None:
    assert broken_contracts(copy) == set()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("contract", "module", "line"), BREACHES, ids=[f"{m}-{i}" for i, (_, m, _) in enumerate(BREACHES)]
)
def test_a_breach_is_found_by_the_contract_meant_for_it(contract: str, module: str, line: str, copy: Path) -> None:
    plant(copy, module, line)
    if contract in SECOND_LINES:
        plant(copy, *SECOND_LINES[contract])
    assert contract in broken_contracts(copy)


def test_every_contract_has_a_breach_that_proves_it() -> None:
    assert {contract for contract, _, _ in BREACHES} == set(CONTRACTS)


def test_sql_text_stands_only_in_the_engine_and_the_register_connectors() -> None:
    package = ROOT / "src/jalostamo"
    allowed = (package / "engine", package / "managing/sensitive/retrieval")
    files = [file for file in package.rglob("*.py") if not str(file).startswith(tuple(map(str, allowed)))]
    assert [file.name for file in files for text in texts(file) if SQL.match(text)] == []


def test_sql_text_is_recognised() -> None:
    assert all(
        SQL.match(text) for text in ("SELECT 1", "\n  INSERT INTO t", "ATTACH 'file' AS x", "WITH a AS (SELECT 1)")
    )
    assert not any(SQL.match(text) for text in ("Select a source.", "SET", "COPYING", "a SELECT in prose"))


def texts(file: Path) -> list[str]:
    """Return every piece of text of a module."""
    nodes = ast.walk(ast.parse(file.read_text()))
    return [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]

"""`closed-room profile` tells what a register is like, and never what stands in it."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import tomli_w

from jalostamo.city.generation import generate
from jalostamo.city.plan import Plan


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town") / "sources"
    generate(folder, Plan(2000, 2010, 2011, 1), only=("population", "social_services"))
    return folder


def profile(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "jalostamo.doors.jalostamo", "closed-room", "profile", str(folder), *words]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.requirement("S22-08")
def test_a_register_is_described_without_showing_a_value_of_it(sources: Path) -> None:
    told = profile(sources / "population")
    assert told.returncode == 0
    assert "native_language" in told.stdout
    with (sources / "population" / "persons.csv").open(encoding="iso-8859-1", newline="") as opened:
        records = list(csv.DictReader(opened, delimiter=";"))
    recorded = {record[column] for record in records for column in ("HETU", "SUKUNIMI", "SYNTYMAPV", "KOTITALOUS")}
    assert not [value for value in recorded if value in told.stdout]


def test_the_counts_are_those_of_the_file(sources: Path) -> None:
    told = json.loads(profile(sources / "social_services", "--json").stdout)
    table = told["tables"][0]
    lines = (sources / "social_services" / "decisions.csv").read_text(encoding="utf-8-sig").splitlines()
    assert table["records"] == table["loaded"] == len(lines) - 1
    unended = sum(line.split(",")[4] == "" for line in lines[1:])
    assert next(field["missing"] for field in table["profile"] if field["field"] == "end") == unended


def test_an_identity_code_in_an_unmarked_field_is_suspected(sources: Path, tmp_path: Path) -> None:
    description = (sources / "population" / "register.toml").read_text(encoding="utf-8")
    unmarked = description.replace('type = "personal_identity_code"', 'type = "text"').replace(
        'sensitivity = "direct_identifier"', 'sensitivity = "ordinary"'
    )
    described = tomllib.loads(unmarked)
    # A table of changed codes without identity codes is none: what is looked at here are the persons.
    described["table"] = [table for table in described["table"] if table["name"] == "persons"]
    (tmp_path / "register.toml").write_text(tomli_w.dumps(described), encoding="utf-8")
    shutil.copy(sources / "population" / "persons.csv", tmp_path)
    (table,) = json.loads(profile(tmp_path, "--json").stdout)["tables"]
    suspected = {field["field"]: field["suspected"] for field in table["profile"] if field["suspected"]}
    assert suspected == dict.fromkeys(("identity_code", "guardian_1", "guardian_2"), ["personal_identity_code"])

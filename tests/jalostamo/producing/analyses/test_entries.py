"""The catalogue tells of every method, and its examples are files that can be put as they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jalostamo.doors.open_room import main
from jalostamo.producing.analyses.asked import read_analysis
from jalostamo.producing.analyses.entries import Entry, entries


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry.method.name)
def test_an_entry_explains_every_parameter_and_its_example_is_read(entry: Entry, tmp_path: Path) -> None:
    assert entry.answers.endswith(".")
    assert entry.read_with.endswith(".")
    assert entry.tables
    assert [key for key, told in entry.parameters.items() if not told] == []
    file = tmp_path / "example.toml"
    file.write_text(entry.file)
    assert read_analysis(file).method is entry.method


@pytest.mark.requirement("S23-24")
def test_the_command_tells_of_all_methods_and_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["methods", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["methods"]
    assert [each["name"] for each in told] == [entry.method.name for entry in entries()]
    assert {each["kind"] for each in told} >= {"descriptive", "diagnostic"}
    assert main(["methods", "around"]) == 0
    assert 'index = ["notification"]' in capsys.readouterr().out
    assert main(["methods", "astrology"]) == 4

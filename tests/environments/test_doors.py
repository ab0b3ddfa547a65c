"""Each door loads the rooms it is for, and none of the others."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ("duckdb", "ibis", "numpy", "pandas", "pyarrow", "pyspark")


def loaded_by(program: str) -> set[str]:
    """Run a program in a process of its own and return the modules that are loaded at its end."""
    telling = f"{program}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    run = subprocess.run([sys.executable, "-c", telling], capture_output=True, text=True, check=True)
    return set(json.loads(run.stderr.splitlines()[-1]))


@pytest.mark.requirement("S26-06")
@pytest.mark.parametrize("words", [["--help"], ["--version"], ["unknown"], ["paths", "--help"]])
def test_the_front_door_loads_no_room(words: list[str]) -> None:
    loaded = loaded_by(f"from jalostamo.doors.jalostamo import main\nmain({words!r})")
    assert {name for name in loaded if name.startswith("jalostamo")} == {
        "jalostamo",
        "jalostamo.doors",
        "jalostamo.doors.jalostamo",
    }
    assert not loaded & set(HEAVY)


def test_the_open_room_loads_no_library_before_it_knows_what_is_asked() -> None:
    assert not loaded_by("from jalostamo.doors.open_room import main\nmain(['paths', '--help'])") & set(HEAVY)


@pytest.mark.requirement("S26-06")
def test_the_open_room_never_loads_a_sensitive_room() -> None:
    loaded = loaded_by("import jalostamo.doors.open_room, jalostamo.managing.logs, jalostamo.producing.paths")
    assert "jalostamo.producing.paths" in loaded
    assert not {name for name in loaded if "sensitive" in name.split(".")}

"""In a notebook `import jalostamo` is enough: it loads late and prints nothing, and an answer shows itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.jalostamo.doors.test_analysing import FILE, LOG, analysed

import jalostamo
from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.doors.notebook import Answer

SESSION = """
import json, sys
import jalostamo
early = sorted(sys.modules)
shown = jalostamo.analyse("steps.toml", log="log.csv")._repr_html_()
json.dump([early, sorted(sys.modules), shown], open("session.json", "w"))
"""


@pytest.fixture
def answer(tmp_path: Path) -> Answer:
    (tmp_path / "log.csv").write_text(LOG)
    (tmp_path / "steps.toml").write_text(FILE)
    return jalostamo.analyse(str(tmp_path / "steps.toml"), log=tmp_path / "log.csv")


def test_an_answer_holds_what_the_command_writes(answer: Answer, tmp_path: Path) -> None:
    assert analysed(tmp_path, FILE) == 0
    assert answer.findings.written == (tmp_path / "f.json").read_bytes()
    steps = answer.table("steps")
    assert list(steps["cases"]) == [2, 1, 1]
    assert answer.arrow("steps").column_names == list(steps.columns)
    assert "2 cases" in repr(answer)
    with pytest.raises(Misused, match="steps, services"):
        answer.table("leaps")


def test_an_answer_shows_itself_as_a_drawing_and_a_table(answer: Answer) -> None:
    shown = answer._repr_html_()
    assert (shown.count("<table"), shown.count("<svg"), shown.count("<figcaption>")) == (1, 2, 2)
    assert "not for publication" in shown
    assert "<script" not in shown


def test_a_notebook_prints_nothing_and_loads_no_sensitive_room(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(LOG)
    (tmp_path / "steps.toml").write_text(FILE)
    run = subprocess.run([sys.executable, "-c", SESSION], capture_output=True, text=True, check=True, cwd=tmp_path)
    early, late, shown = json.loads((tmp_path / "session.json").read_text())
    assert (run.stdout, run.stderr) == ("", "")
    assert [name for name in early if name.startswith("jalostamo.")] == []
    assert [name for name in late if "sensitive" in name.split(".")] == []
    assert shown.startswith("<div")


def test_what_is_asked_wrongly_is_told_without_a_value(tmp_path: Path) -> None:
    (tmp_path / "steps.toml").write_text(FILE)
    (tmp_path / "log.csv").write_text(LOG.replace("2026-02-05", "Matti Meikäläinen"))
    with pytest.raises(Misused, match="one source"):
        jalostamo.analyse(tmp_path / "steps.toml")
    with pytest.raises(Unfit) as told:
        jalostamo.analyse(tmp_path / "steps.toml", log=tmp_path / "log.csv")
    assert "Matti" not in str(told.value)
    assert set(jalostamo.methods()["kind"]) >= {"descriptive", "diagnostic"}

"""The folder of a run's own: rows that a killed run left there are gone with the next run, and those of a living one stay."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

import pytest
from tests.jalostamo.doors.homes import door
from tests.jalostamo.doors.recipes import recipe

from jalostamo.doors.own_folder import PREFIX, own_folder


@pytest.fixture
def above(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of temporary files."""
    found = tmp_path / "temporary"
    found.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(found))
    return found


def test_rows_of_a_run_that_was_killed_are_gone_with_the_next_run(above: Path, tmp_path: Path) -> None:
    (tmp_path / "age.csv").write_text("30;*\n31;*\n")
    (tmp_path / "town.csv").write_text("A;*\nB;*\n")
    (tmp_path / "table.csv").write_text("age;town;service;person\n" + "30;A;x;1\n31;B;y;2\n" * 9)
    asked = tmp_path / "recipe.toml"
    os.mkfifo(asked)
    words = ["anonymise", "table.csv", "--recipe", "recipe.toml", "--out", "out.parquet", "--report", "report.json"]
    command = door("closed_room", *words, "--releases", "register", "--population", "residents")
    run = subprocess.Popen(command, cwd=tmp_path, env={**os.environ, "TMPDIR": str(above)})
    with asked.open("w") as end:
        asked.unlink()
        os.mkfifo(asked)
        end.write(recipe(diversity=1, k=2, limit="0.2"))
    # It is digested for the register when the rows have been laid down: the run waits there for this end to be opened.
    with asked.open("w"):
        run.kill()
        run.wait()
    (left,) = above.glob(f"{PREFIX}*")
    (staged,) = left.rglob("staged.parquet")
    assert staged.stat().st_size
    with own_folder() as folder:
        assert list(above.iterdir()) == [folder]
    assert list(above.iterdir()) == []


def test_the_folder_of_a_run_that_lives_stays_and_nobody_elses_is_touched(above: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (above / f"{PREFIX}link").symlink_to(elsewhere)
    with own_folder() as one, own_folder() as other:
        assert one != other
        assert one.is_dir()
        assert other.stat().st_mode & 0o777 == 0o700
    assert elsewhere.is_dir()

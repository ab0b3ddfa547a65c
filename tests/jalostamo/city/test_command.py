"""The command line makes a city, refuses what it must not replace, and says what it made."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from jalostamo.city import Plan, generate
from jalostamo.city.__main__ import main
from jalostamo.concepts.errors import Misused

SMALL = ["--people", "500", "--from", "2012", "--to", "2013", "--seed", "4"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_it_makes_a_city_and_says_what_is_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "new" / "city"
    assert main([str(folder), *SMALL]) == 0
    shown = capsys.readouterr()
    assert "a synthetic city of 500 people, 2012-2013, seed 4" in shown.out
    assert shown.err == ""
    assert json.loads((folder / "truth.json").read_text(encoding="utf-8"))["people"] == 500


def test_a_terminal_is_told_what_is_being_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert main([str(tmp_path), *SMALL, "--only", "population"]) == 0
    assert terminal.getvalue().splitlines() == ["Founding a city of 500 people ...", "Writing population ..."]


def test_a_folder_with_content_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert main([str(tmp_path), *SMALL]) == 2
    assert "--force" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_force_replaces_the_city_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    assert main([str(tmp_path), *SMALL, "--force"]) == 0
    assert main([str(tmp_path), *SMALL[:-1], "5", "--force"]) == 0
    assert json.loads((tmp_path / "truth.json").read_text(encoding="utf-8"))["seed"] == 5
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "file"
    file.write_text("", encoding="utf-8")
    assert main([str(file), *SMALL]) == 2
    assert "DIR is a file" in capsys.readouterr().err
    assert main([str(file / "below"), *SMALL]) == 2
    assert "DIR cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    "asked",
    [
        ["--people", "99"],
        ["--people", "600001"],
        ["--from", "2014", "--to", "2013"],
        ["--from", "1909"],
        ["--to", "2100"],
        ["--seed", "-1"],
    ],
    ids=["too few", "too many", "to before from", "from too early", "to too late", "negative seed"],
)
def test_what_no_city_can_be_made_of_is_a_misuse(tmp_path: Path, asked: list[str]) -> None:
    assert main([str(tmp_path / "city"), *asked]) == 2
    assert not (tmp_path / "city").exists()


def test_a_word_for_a_number_is_a_misuse(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(tmp_path), "--people", "many"])
    assert ended.value.code == 2


def test_the_library_refuses_as_the_command_does(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(Misused) as refused:
        generate(tmp_path, Plan(500, 2012, 2013, 4))
    assert refused.value.reason == "city_folder"


def test_a_city_of_a_hundred_people_can_be_made(tmp_path: Path) -> None:
    truth = generate(tmp_path, Plan(100, 2010, 2010, 1))
    assert truth["match"]["population"]["codes"] >= 100


def test_it_runs_as_a_module(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "jalostamo.city", str(tmp_path / "city"), *SMALL]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "truth.json" in ended.stdout


def test_help_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--help"])
    assert ended.value.code == 0
    assert "jalostamo city demo-city --people 20000" in capsys.readouterr().out

"""The command `answerable` tells beforehand what could be shown, and reads nothing."""

from __future__ import annotations

import json

import pytest

from jalostamo.doors.open_room import main

ASKED = ["answerable", "--sizes", "40", "2000"]


def test_a_person_is_told_in_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ASKED, "--share", "10%", "--years", "1"]) == 0
    told, errors = capsys.readouterr()
    assert told.splitlines()[0] == (
        "With 40 and 2,000 customers a difference under 21 percentage points would not be seen."
    )
    assert (len(told.splitlines()), errors) == (4, "")


def test_the_sentences_are_there_in_the_readers_language(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ASKED, "--rate", "30", "--years", "1", "--language", "fi"]) == 0
    assert capsys.readouterr().out.startswith("Kun ryhmissä on 40 ja 2 000 asiakasta")


def test_a_machine_is_told_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ASKED, "--share", "0.1", "--years", "2", "--rule", "inside", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["command"], told["exit_code"], told["rule"], told["scale"]) == ("answerable", 0, "inside", "share")
    assert told["smallest"]["sizes"] == told["sizes"] == [40, 2000]
    assert told["smallest"]["difference"] == pytest.approx(0.21, abs=0.005)
    assert [each["sizes"] for each in told["pooled"]] == [[40, 2000], [80, 4000]]
    assert set(told["sentences"][0]) == {"fi", "sv", "en"}


@pytest.mark.parametrize(
    ("words", "code", "reason"),
    [
        ([], 2, "usage"),
        (["--share", "10%", "--rate", "3"], 2, "usage"),
        (["--share", "a tenth"], 2, "usage"),
        (["--share", "110%"], 2, "expected"),
        (["--share", "nan"], 2, "expected"),
        (["--rate", "-1"], 2, "expected"),
        (["--share", "10%", "--years", "0"], 2, "pool"),
        (["--share", "10%", "--rule", "mine"], 2, "rule_unknown"),
        (["--share", "10%", "--noise", "mine"], 4, "noise_table_unknown"),
    ],
)
def test_what_is_asked_wrongly_is_refused_with_its_reason(
    words: list[str], code: int, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*ASKED, *words, "--json"]) == code
    assert json.loads(capsys.readouterr().out)["reason"] == reason

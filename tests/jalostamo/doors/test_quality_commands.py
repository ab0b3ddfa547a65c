"""`closed-room quality`, `catalogue` and `deficiencies` tell of sources, and of nobody in them."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.jalostamo.doors.homes import Told, door, jalostamo

from jalostamo.doors.home import Home


def ask(*words: str | Path) -> Told:
    return jalostamo("closed-room", *words)


@pytest.fixture(scope="module")
def report(sources: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("quality") / "report"
    told = ask("quality", sources / "population", "--out", folder)
    assert told.code == 0, told.err
    return folder


def test_a_report_has_pages_in_three_languages_that_load_nothing(report: Path) -> None:
    for language in ("fi", "sv", "en"):
        page = (report / f"index.{language}.html").read_text(encoding="utf-8")
        assert f'lang="{language}"' in page
        assert "<script" not in page
        assert 'src="http' not in page


def test_no_value_of_a_person_is_in_a_report(report: Path, sources: Path) -> None:
    written = "".join(path.read_text(encoding="utf-8") for path in report.iterdir())
    table = json.loads((report / "quality.json").read_text(encoding="utf-8"))["tables"][0]["profile"]["name"]
    file = next((sources / "population").glob("persons*.csv"))
    with file.open(encoding="iso-8859-1", newline="") as opened:
        records = list(csv.DictReader(opened, delimiter=";"))
    assert table
    assert not [r["HETU"] for r in records if r["HETU"] and r["HETU"] in written]


@pytest.mark.requirement("S26-01")
def test_names_telephones_and_codes_in_a_free_text_are_counted_and_not_told(sources: Path, tmp_path: Path) -> None:
    """The twin of the register has the same records with other words, and nothing is found in it."""
    town = tmp_path / "town"
    shutil.copytree(sources / "population", town / "population")
    shutil.copytree(sources / "feedback", town / "feedback")
    assert ask("quality", town / "feedback", "--out", tmp_path / "report").code == 0
    planted = json.loads((sources / "truth.json").read_text(encoding="utf-8"))["planted"]
    (found,) = _in_free_text(tmp_path / "report")
    assert {"name", "telephone"} <= set(found["figures"])
    assert int(found["figures"]["name"]) >= planted["feedback_texts_with_name"]["value"] - 5
    records = (town / "feedback" / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    plain = [json.dumps({**json.loads(line), "text": "x y"}) for line in records]
    (town / "feedback" / "feedback.jsonl").write_text("\n".join(plain) + "\n", encoding="utf-8")
    assert ask("quality", town / "feedback", "--out", tmp_path / "twin").code == 0
    assert _in_free_text(tmp_path / "twin") == []


def _in_free_text(report: Path) -> list[dict[str, dict[str, str]]]:
    findings = json.loads((report / "quality.json").read_text(encoding="utf-8"))["findings"]
    return [each for each in findings if each["kind"] == "in_free_text"]


def test_a_place_that_is_taken_is_refused_before_reading(report: Path, sources: Path) -> None:
    told = ask("quality", sources / "population", "--out", report)
    assert (told.code, told.account["reason"]) == (2, "out_exists")


@pytest.mark.requirement("C312-40", "C312-61")
def test_the_catalogue_shows_the_kinds_that_no_source_gives(sources: Path, tmp_path: Path) -> None:
    assert ask("catalogue", sources).account["missing"] == []
    fewer = tmp_path / "fewer"
    for name in ("population", "library"):
        (fewer / name).mkdir(parents=True)
        shutil.copy(sources / name / "register.toml", fewer / name)
    account = ask("catalogue", fewer, "--out", tmp_path / "catalogue").account
    assert len(account["kinds"]) == 7
    assert "qualitative_and_tacit" in account["missing"]
    assert all(len(source["behaviour"]) == 7 for source in account["sources"])
    assert (tmp_path / "catalogue" / "index.sv.html").is_file()


def test_the_catalogue_needs_no_data(sources: Path, tmp_path: Path) -> None:
    (tmp_path / "population").mkdir()
    description = (sources / "population" / "register.toml").read_bytes()
    (tmp_path / "population" / "register.toml").write_bytes(description)
    assert ask("catalogue", tmp_path).code == 0


def test_a_deficiency_is_led_to_its_end(tmp_path: Path) -> None:
    home = ("--home", tmp_path / "home")
    words = ("record", "--source", "health", "--en", "Reasons are missing.", "--by", "analyst", *home)
    assert ask("deficiencies", *words).code == 0
    assert ask("deficiencies", "close", "1", "--as", "corrected", "--by", "analyst", *home).code == 3
    assert ask("deficiencies", "send", "1", "--out", tmp_path / "letters", "--by", "analyst", *home).code == 0
    assert "Reasons are missing." in (tmp_path / "letters" / "letter.en.txt").read_text(encoding="utf-8")
    assert ask("deficiencies", "answer", "1", "--text", "We fill them now.", "--by", "owner", *home).code == 0
    assert ask("deficiencies", "close", "1", "--as", "corrected", "--by", "analyst", *home).code == 0
    assert ask("deficiencies", "list", *home).account["open"] == {"health": 0}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("record", "--source", "health", "--en", "x"), "by_missing"),
        (("record", "--by", "a"), "record_what"),
        (("send", "--by", "a"), "nothing_to_send"),
        (("close", "1", "--by", "a"), "outcome_missing"),
        (("answer", "--text", "yes", "--by", "a"), "number_missing"),
    ],
)
def test_what_is_asked_wrongly_is_told(words: tuple[str, ...], reason: str, tmp_path: Path) -> None:
    told = ask("deficiencies", *words, "--home", tmp_path)
    assert (told.code, told.account["reason"]) == (2, reason)


def test_two_at_once_lose_nothing(tmp_path: Path) -> None:
    command = door("jalostamo", "closed-room", "deficiencies", "record", "--source", "s", "--en", "x", "--by", "a")
    started = [subprocess.Popen([*command, "--home", str(tmp_path)], stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [each.wait() for each in started] == [0, 0, 0]
    found = ask("deficiencies", "list", "--home", Home(tmp_path).folder).account["deficiencies"]
    assert [each["number"] for each in found] == [1, 2, 3]

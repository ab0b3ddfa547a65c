"""The command `attack` tells what can be found out of written rows, in words, and writes its evidence in any case."""

from __future__ import annotations

import json
import random
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.jalostamo.doors.recipes import recipe

from jalostamo.doors.closed_room import main

RECIPE = recipe(diversity=3, k=11, unit="person")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a table of six hundred, whose services have nothing to do with age or town, and its rows."""
    ages, chance = range(30, 46), random.Random(4)  # noqa: S311  # people of a test
    (tmp_path / "age.csv").write_text("".join(f"{a};{a // 8 * 8}+8;*\n" for a in ages))
    (tmp_path / "town.csv").write_text("".join(f"{town};*\n" for town in "ABCD"))
    (tmp_path / "recipe.toml").write_text(RECIPE)
    people = [(chance.choice(ages), chance.choice("ABCD"), chance.choice("uvwxyz")) for _ in range(600)]
    rows = [f"{age};{town};{service};{number}" for number, (age, town, service) in enumerate(people)]
    (tmp_path / "table.csv").write_text("\n".join(("age;town;service;person", *rows)) + "\n")
    monkeypatch.chdir(tmp_path)
    words = ("--out", "rows.parquet", "--report", "report.json")
    assert main(["anonymise", "table.csv", "--recipe", "recipe.toml", *words]) == 0
    return tmp_path


def attack(*words: str, out: str = "rows.parquet") -> int:
    given = ("--recipe", "recipe.toml", "--source", "table.csv", "--evidence", "evidence.json")
    return main(["attack", out, *given, "--force", *words])


def evidence(folder: Path) -> dict[str, object]:
    return json.loads((folder / "evidence.json").read_bytes())


def outcomes(folder: Path) -> dict[str, str]:
    found = evidence(folder)["findings"]
    assert isinstance(found, list)
    return {finding["figure"]: finding["outcome"] for finding in found}


def leaky(folder: Path) -> None:
    """Rows in which one person is alone in her class, as no sound tool would write them."""
    rows = pq.read_table(folder / "rows.parquet").to_pylist()
    level = rows[0]["age"]
    alone = [row for row in rows if row["age"] != level or row["town"] != rows[0]["town"]]
    pq.write_table(pa.Table.from_pylist([rows[0], *alone]), folder / "leaky.parquet")


def test_sound_rows_withstand_and_the_evidence_is_written(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert attack() == 0
    told, said = evidence(folder), capsys.readouterr().out
    assert (told["suite"], told["withstood"], told["units"]) == ("3", True, ["person"])
    assert "a named person decides and signs" in said
    assert "anonymous" not in said + json.dumps(told)
    assert {"minimality.gain", "downcoding.risk", "singling_out.risk"} <= outcomes(folder).keys()


def test_a_class_of_one_ends_in_words_and_its_evidence_is_written_all_the_same(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    leaky(folder)
    capsys.readouterr()
    assert attack("--json", out="leaky.parquet") == 3
    told = json.loads(capsys.readouterr().out)
    assert told["reason"] == "attack_succeeded"
    assert "rows that are alike in the smallest class. Found 1; at least 5 was wanted" in told["sentence"]
    assert outcomes(folder)["singling_out.smallest_class"] == "succeeded"
    assert evidence(folder)["withstood"] is False


def test_no_value_of_anybody_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    leaky(folder)
    capsys.readouterr()
    attack("--json", out="leaky.parquet")
    said = capsys.readouterr()
    assert not any(label in said.out + said.err + json.dumps(evidence(folder)) for label in ("24+8", "32+8", "40+8"))


def test_a_control_group_is_held_back_from_a_release_at_the_same_levels(folder: Path) -> None:
    assert attack("--control", "0.5", "--seed", "7") in {0, 3}
    assert evidence(folder)["control_group"] == "people not in the release"
    first = evidence(folder)
    assert attack("--control", "0.5", "--seed", "7") in {0, 3}
    assert evidence(folder) == first
    smallest = [f["found"] for f in first["findings"] if f["figure"] == "singling_out.smallest_class"]
    # Counts are of the rows themselves, not of the half of them.
    assert smallest == [json.loads((folder / "report.json").read_bytes())["smallest_class"]]


def test_for_anybody_more_is_asked_than_under_a_permit(folder: Path) -> None:
    assert attack("--outside") in {0, 3}
    assert evidence(folder)["criteria"]["recipient"] == "outside"


def test_an_earlier_release_of_the_same_people_is_crossed(folder: Path) -> None:
    (folder / "fine.toml").write_text(RECIPE.replace("k = 11", "k = 1").replace("l = 3", "l = 1"))
    for out, name in (("one", "fine.toml"), ("two", "recipe.toml")):
        words = ("--out", f"{out}.parquet", "--report", f"{out}.json", "--releases", "register", "--population", out)
        assert main(["anonymise", "table.csv", "--recipe", name, *words]) == 0
    assert attack(out="two.parquet") == 0
    assert attack("--releases", "register", "--population", "one", out="two.parquet") == 3
    assert outcomes(folder)["crossing.fewest_candidates"] == "succeeded"
    assert "release 1 (one.parquet" in str(evidence(folder)["beside"])


def test_levels_are_read_from_the_rows_and_a_report_of_others_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert attack("--report", "report.json") == 0
    digests = {name: sha256((folder / name).read_bytes()).hexdigest() for name in ("rows.parquet", "recipe.toml")}
    assert [evidence(folder)[name] for name in ("release", "recipe")] == list(digests.values())
    assert json.loads((folder / "report.json").read_bytes())["sha256"] == dict(
        zip(("out", "recipe"), digests.values(), strict=True)
    )
    leaky(folder)
    capsys.readouterr()
    assert attack("--report", "report.json", "--json", out="leaky.parquet") == 4
    assert json.loads(capsys.readouterr().out)["reason"] == "report_other"
    other = json.loads((folder / "report.json").read_bytes())
    other["levels"]["town"] = 1 - other["levels"]["town"]
    (folder / "report.json").write_text(json.dumps(other))
    capsys.readouterr()
    assert attack("--report", "report.json", "--json") == 4
    assert json.loads(capsys.readouterr().out)["reason"] == "report_other"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--control", "0.6"), 2),
        (("--control", "0"), 2),
        (("--people", "0"), 2),
        (("--seed", "-1"), 2),
        (("--releases", "register"), 2),
        (("--evidence", "table.csv"), 2),
        (("--report", "nowhere.json"), 2),
        (("--cube", "rows.parquet"), 4),
    ],
)
def test_what_cannot_be_meant_is_refused(folder: Path, words: tuple[str, ...], code: int) -> None:
    assert attack(*words) == code


def test_rows_of_another_recipe_are_refused(folder: Path) -> None:
    pq.write_table(pa.table({"age": ["77"], "town": ["A"], "service": ["x"]}), folder / "other.parquet")
    assert attack(out="other.parquet") == 4
    pq.write_table(pa.table({"age": ["30"]}), folder / "other.parquet")
    assert attack(out="other.parquet") == 4
    assert attack(out="nowhere.parquet") == 2

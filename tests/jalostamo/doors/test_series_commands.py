"""Releases of the same people: chosen from a catalogue, entered in a register, attacked together, kept as they began."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.jalostamo.doors.recipes import recipe

from jalostamo.doors.closed_room import main

AGES = "".join(f"{age};{age // 10 * 10}s;*\n" for age in (30, 31, 40, 41, 99))
TOWNS = "A;N;*\nB;N;*\nC;S;*\nD;S;*\n"
RECIPE = recipe(diversity=2, k=5, unit="person", limit="0.2")
# Four of each age in each town: alone by age or by town they are many, by both few.
PEOPLE = [(age, town, "xyz"[n % 3]) for age in (30, 31, 40, 41) for town in "ABCD" for n in range(4)]

type Person = tuple[int, str, str]


def write_table(path: Path, people: list[Person], *, first: int = 0) -> None:
    rows = [f"{age};{town};{service};{first + n}" for n, (age, town, service) in enumerate(people)]
    path.write_text("\n".join(("age;town;service;person", *rows)) + "\n")


def write_catalogue(
    path: Path, *vectors: tuple[int, int], choice: str = "least_loss", approved: str = "2026-11-01"
) -> None:
    listed = "".join(
        f'[[vector]]\nlevels = {{ age = {age}, town = {town} }}\napproved = {approved}\napproved_by = "privacy_person"\n'
        for age, town in vectors
    )
    path.write_text(f'[product]\nname = "services"\ncolumns = ["age", "town"]\nchoice = "{choice}"\n{listed}')


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a table, its recipe, and catalogues of one generalisation each."""
    (tmp_path / "age.csv").write_text(AGES)
    (tmp_path / "town.csv").write_text(TOWNS)
    (tmp_path / "recipe.toml").write_text(RECIPE)
    write_table(tmp_path / "table.csv", PEOPLE)
    for name, vector in {"by_age": (0, 2), "by_town": (2, 0), "coarse": (1, 2)}.items():
        write_catalogue(tmp_path / f"{name}.toml", vector)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def anonymise(out: str, *words: str, table: str = "table.csv") -> int:
    return main(
        ["anonymise", table, "--recipe", "recipe.toml", "--out", f"{out}.parquet", "--report", f"{out}.json", *words]
    )


def release(out: str, *words: str, table: str = "table.csv") -> int:
    return anonymise(out, "--releases", "register", "--population", "town", *words, table=table)


def report(folder: Path, out: str) -> dict[str, object]:
    return json.loads((folder / f"{out}.json").read_bytes())


def reason_of(capsys: pytest.CaptureFixture[str]) -> str:
    return str(json.loads(capsys.readouterr().out)["reason"])


# The catalogue.


def test_of_a_catalogue_the_best_that_holds_is_chosen_and_its_bits_are_told(folder: Path) -> None:
    write_catalogue(folder / "catalogue.toml", (2, 2), (0, 0), (1, 2), (0, 2))
    assert anonymise("out", "--catalogue", "catalogue.toml") == 0
    told = report(folder, "out")
    assert told["levels"] == {"age": 0, "town": 2}
    assert told["catalogue"] == {"product": "services", "vectors": 4, "bits": 2.0, "choice": "least_loss"}
    assert told["nodes"]["total"] == 4
    assert told["proved_optimal"] is True


def test_by_policy_the_first_that_holds_is_chosen(folder: Path) -> None:
    write_catalogue(folder / "catalogue.toml", (0, 0), (2, 1), (0, 2), choice="first")
    assert anonymise("out", "--catalogue", "catalogue.toml") == 0
    assert report(folder, "out")["levels"] == {"age": 2, "town": 1}


def test_without_a_catalogue_another_generalisation_is_chosen(folder: Path) -> None:
    assert anonymise("out") == 0
    assert report(folder, "out")["levels"] == {"age": 1, "town": 0}
    assert "catalogue" not in report(folder, "out")


def test_where_nothing_that_is_approved_holds_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for choice in ("least_loss", "first"):
        write_catalogue(folder / "catalogue.toml", (0, 0), choice=choice)
        assert anonymise("out", "--catalogue", "catalogue.toml", "--json") == 3
        assert reason_of(capsys) == "infeasible"
    assert not (folder / "out.parquet").exists()


def test_what_is_proposed_holds_and_is_refused_until_somebody_approves_it(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert anonymise("out", "--propose-catalogue", "proposed.toml") == 0
    capsys.readouterr()
    assert anonymise("later", "--catalogue", "proposed.toml", "--json") == 3
    assert reason_of(capsys) == "not_approved"
    proposed = (folder / "proposed.toml").read_text()
    assert 2 <= proposed.count("[[vector]]") <= 8
    approved = proposed.replace('"not approved"', "2026-11-01").replace('by = ""', 'by = "validator"')
    (folder / "proposed.toml").write_text(approved.replace("least_loss", "first"))
    assert anonymise("later", "--catalogue", "proposed.toml") == 0
    # The best stands first, and each of the others holds as well.
    assert report(folder, "later")["levels"] == report(folder, "out")["levels"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('columns = ["age", "town"]', 'columns = ["age"]', "'town' is missing"),
        ('columns = ["age", "town"]', 'columns = ["age", "town", "shoe"]', "'shoe' is no quasi-identifier"),
        (
            "levels = { age = 0, town = 2 }",
            "levels = { age = 0, town = 3 }",
            "[[vector]] 1, levels: 'town' is a level from 0 to 2",
        ),
        ("levels = { age = 0, town = 2 }", "levels = { age = 0 }", "[[vector]] 1, levels: 'town'"),
        ("levels = { age = 0, town = 2 }", "levels = { age = 0, town = 2, shoe = 1 }", "knows no 'shoe'"),
        ("levels = { age = 0, town = 2 }", "levels = { age = 1, town = 2 }", "[[vector]] 2: the same levels"),
        ('"privacy_person"', '"somebody"', "'approved_by' is one of"),
        ("2026-11-01", "2999-01-01", "approved from a later day on"),
        ('choice = "least_loss"', 'choice = "best"', "'choice' is one of"),
    ],
)
def test_a_catalogue_that_cannot_be_meant_is_refused_with_its_place(
    folder: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, told: str
) -> None:
    write_catalogue(folder / "catalogue.toml", (0, 2), (1, 2))
    content = (folder / "catalogue.toml").read_text()
    (folder / "catalogue.toml").write_text(content.replace(old, new, 1))
    assert anonymise("out", "--catalogue", "catalogue.toml") in {3, 4}
    said = capsys.readouterr().err
    assert "catalogue.toml" in said
    assert told in said


# The register, and what releases tell together.


def test_a_release_is_entered_with_its_digest_and_rounded_numbers(folder: Path) -> None:
    assert release("one", "--catalogue", "by_age.toml") == 0
    entry = json.loads((folder / "register" / "0001.json").read_bytes())
    assert (entry["population"], entry["levels"], entry["rows_about"]) == ("town", {"age": 0, "town": 2}, 65)
    assert entry["out"]["file"] == str(folder / "one.parquet")
    assert sorted(path.name for path in (folder / "register").iterdir()) == ["0001.json", "0001.put"]


def test_two_releases_that_cross_are_refused_and_the_same_without_the_register_is_not(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert release("one", "--catalogue", "by_age.toml") == 0
    capsys.readouterr()
    assert release("two", "--catalogue", "by_town.toml", "--json") == 3
    told = json.loads(capsys.readouterr().out)
    assert told["reason"] == "releases_cross"
    assert "release 1 (one.parquet" in told["sentence"]
    assert "--as-before" in told["sentence"]
    assert not (folder / "two.parquet").exists()
    assert not (folder / "register" / "0002.json").exists()
    # Of another population nothing is out yet; and without a register nobody looks.
    assert anonymise("two", "--catalogue", "by_town.toml", "--releases", "register", "--population", "village") == 0
    assert anonymise("three", "--catalogue", "by_town.toml") == 0


def test_the_same_levels_and_coarser_ones_are_let_out(folder: Path) -> None:
    assert release("one", "--catalogue", "by_age.toml") == 0
    assert release("two", "--as-before", "register/0001.json") == 0
    assert release("three", "--catalogue", "coarse.toml") == 0
    told = report(folder, "three")["together"]
    assert [name.split(" (")[0] for name in told["attacked_with"]] == ["release 1", "release 2"]


@pytest.mark.parametrize("lost", ["gone", "changed"])
def test_an_earlier_release_that_is_gone_stops_the_next_unless_somebody_says_why_not(
    folder: Path, capsys: pytest.CaptureFixture[str], lost: str
) -> None:
    assert release("one", "--catalogue", "by_age.toml") == 0
    (folder / "one.parquet").unlink() if lost == "gone" else (folder / "one.parquet").write_bytes(b"x")
    capsys.readouterr()
    assert release("two", "--catalogue", "by_age.toml", "--json") == 3
    assert reason_of(capsys) == "earlier_gone"
    assert release("two", "--catalogue", "by_age.toml", "--without-earlier", "it was withdrawn") == 0
    assert json.loads((folder / "register" / "0002.json").read_bytes())["without_earlier"] == "it was withdrawn"
    assert report(folder, "two")["together"]["not_attacked_with"]


@pytest.mark.parametrize("spoil", ["changed", "first taken out"])
def test_a_register_that_was_changed_is_refused(folder: Path, capsys: pytest.CaptureFixture[str], spoil: str) -> None:
    for out in ("one", "two"):
        assert release(out, "--catalogue", "by_age.toml") == 0
    first = folder / "register" / "0001.json"
    if spoil == "changed":
        first.write_text(first.read_text().replace('"town": 2', '"town": 1'))
    else:
        first.unlink()
    capsys.readouterr()
    assert release("three", "--catalogue", "by_age.toml", "--json") == 4
    assert reason_of(capsys) in {"releases_changed", "manifest_changed"}


def test_a_release_that_was_entered_and_never_put_in_its_place_is_none(folder: Path) -> None:
    assert release("one", "--catalogue", "by_age.toml") == 0
    (folder / "register" / "0001.put").unlink()
    # It lies there: it is out, whatever was noted.
    assert release("two", "--catalogue", "by_town.toml") == 3
    (folder / "one.parquet").unlink()
    assert release("two", "--catalogue", "by_town.toml") == 0


def test_people_of_two_times_are_known_by_their_unit(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One of age 30 is of age 40 now: only what both classes tell is left of her, and that is one value."""
    (folder / "recipe.toml").write_text(RECIPE.replace("k = 5", "k = 2"))
    first = [(30, "A", s) for s in "xy"] * 3 + [(40, "A", s) for s in "yz"] * 3
    write_table(folder / "table.csv", first)
    write_table(folder / "later.csv", [(40, "A", "y"), *first[1:]])
    assert release("one", "--catalogue", "by_age.toml") == 0
    capsys.readouterr()
    assert release("two", "--as-before", "register/0001.json", "--json", table="later.csv") == 3
    told = json.loads(capsys.readouterr().out)
    assert "crossing.one_value" in told["sentence"]
    # Were she in the same class still, nothing would be told.
    write_table(folder / "later.csv", [(30, "A", "x"), *first[1:], (30, "A", "y")])
    assert release("two", "--as-before", "register/0001.json", table="later.csv") == 0


# Continuous analyses.


def ages_in(folder: Path, out: str) -> Counter[str]:
    return Counter(pq.read_table(folder / f"{out}.parquet")["age"].to_pylist())


def with_one_old(folder: Path) -> None:
    """Sixteen of each age, and one of 99; later six more of that age, who are new."""
    write_table(folder / "table.csv", [*PEOPLE, (99, "A", "x")])
    write_table(folder / "later.csv", [*PEOPLE, (99, "A", "x"), *((99, "A", s) for s in "xyzxyz")])


def test_who_was_left_out_once_stays_left_out(folder: Path) -> None:
    with_one_old(folder)
    assert release("one", "--catalogue", "by_age.toml") == 0
    assert ages_in(folder, "one") == {"30": 16, "31": 16, "40": 16, "41": 16}
    assert release("two", "--as-before", "register/0001.json", table="later.csv") == 0
    assert ages_in(folder, "two")["99"] == 6
    assert report(folder, "two")["as_before"]["left_out_before"] == 1
    assert report(folder, "two")["suppressed_rows"] == 1


@pytest.mark.spark
@pytest.mark.deep
def test_spark_leaves_out_and_proposes_whom_and_what_the_embedded_engine_does(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_one_old(folder)
    found = []
    for engine in ("duckdb", "local[2]"):
        monkeypatch.setenv("JALOSTAMO_ENGINE", engine)
        assert release("one", "--catalogue", "by_age.toml") == 0
        words = ("--as-before", "register/0001.json", "--frontier", "frontier.json")
        assert release("two", *words, table="later.csv") == 0
        reports = [report(folder, out) for out in ("one", "two")]
        for told in reports:
            assert told.pop("seconds")
            assert told.pop("cpu_seconds")
        rows = [pq.read_table(folder / f"{out}.parquet").to_pylist() for out in ("one", "two")]
        found.append((reports, rows, json.loads((folder / "frontier.json").read_bytes())))
        for path in (*folder.glob("*.parquet"), *folder.glob("*.json"), *folder.glob("register/*")):
            path.unlink()
    assert sum(row["age"] == "99" for row in found[0][1][1]) == 6
    assert found[0] == found[1]


def test_where_only_the_levels_are_kept_she_is_let_out(folder: Path) -> None:
    with_one_old(folder)
    assert anonymise("one", "--catalogue", "by_age.toml") == 0
    assert anonymise("two", "--as-before", "one.json", table="later.csv") == 0
    assert ages_in(folder, "two")["99"] == 7


def test_whom_a_second_release_left_out_stays_left_out_of_the_third(folder: Path) -> None:
    with_one_old(folder)
    assert release("one", "--catalogue", "by_age.toml", table="later.csv") == 0
    assert ages_in(folder, "one")["99"] == 7
    # Three of them are gone: the four who are left are too few.
    write_table(folder / "second.csv", [*PEOPLE, *((99, "A", s) for s in "xyzx")])
    assert release("two", "--as-before", "register/0001.json", table="second.csv") == 0
    assert "99" not in ages_in(folder, "two")
    assert release("three", "--as-before", "register/0001.json", table="later.csv") == 0
    # Of the seven the four stay left out, and the three who are left are too few.
    assert "99" not in ages_in(folder, "three")
    assert report(folder, "three")["as_before"]["left_out_before"] == 4


def test_whom_one_release_left_out_and_another_let_out_is_told_of_by_a_third(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_one_old(folder)
    assert release("one", "--catalogue", "by_age.toml") == 0
    # A choice of its own, not as before: she is let out in it.
    assert release("two", "--catalogue", "by_age.toml", table="later.csv") == 0
    assert ages_in(folder, "two")["99"] == 7
    capsys.readouterr()
    # She stays left out of what goes on from the first; taken from the second, the third leaves her alone.
    assert release("three", "--as-before", "register/0001.json", "--json", table="later.csv") == 3
    told = json.loads(capsys.readouterr().out)
    assert (told["reason"], len(told["objections"])) == ("releases_cross", 1)
    assert "release 2" in told["sentence"]
    assert "crossing.left_over is 1" in told["sentence"]


def test_where_the_table_of_an_earlier_release_is_gone_nobody_knows_whom_it_left_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_one_old(folder)
    assert release("one", "--catalogue", "by_age.toml") == 0
    (folder / "table.csv").unlink()
    words = ("--as-before", "register/0001.json")
    capsys.readouterr()
    assert release("two", *words, "--json", table="later.csv") == 3
    assert reason_of(capsys) == "earlier_gone"
    assert release("two", *words, "--without-earlier", "the table was destroyed", table="later.csv") == 0
    assert report(folder, "two")["as_before"]["not_known_of"]


def test_when_the_models_no_longer_hold_it_stops_with_a_notice(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "recipe.toml").write_text(RECIPE.replace("0.2", "0.1"))
    assert release("one", "--catalogue", "by_age.toml") == 0
    few = [person for n, person in enumerate(PEOPLE) if person[0] < 40 or n % 4 == 0]
    write_table(folder / "later.csv", few)
    capsys.readouterr()
    words = ("--as-before", "register/0001.json", "--notice", "notice.json", "--json")
    assert release("two", *words, table="later.csv") == 3
    assert reason_of(capsys) == "no_longer_holds"
    notice = json.loads((folder / "notice.json").read_bytes())
    assert [model["model"] for model in notice["models"] if model["fails"]] == ["k_anonymity", "l_diversity:service"]
    assert notice["rows_that_would_be_left_out"] == 8 > notice["rows_that_may_be_left_out"]
    assert notice["no_longer_holds_since"]
    assert notice["what_to_do"]
    assert not (folder / "two.parquet").exists()
    assert not (folder / "register" / "0002.json").exists()
    # Without the levels of before another generalisation is found at once.
    assert anonymise("two", table="later.csv") == 0


def test_the_report_whose_levels_are_kept_is_not_replaced(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert anonymise("one", "--catalogue", "by_age.toml") == 0
    capsys.readouterr()
    assert anonymise("one", "--as-before", "one.json", "--force", "--json") == 2
    assert reason_of(capsys) == "out_is_given"


def test_levels_of_another_recipe_are_refused(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "other.json").write_text('{"levels": {"age": 1}}')
    assert anonymise("out", "--as-before", "other.json", "--json") == 4
    assert reason_of(capsys) == "as_before"


@pytest.mark.parametrize(
    "words",
    [
        ("--releases", "register"),
        ("--population", "town"),
        ("--without-earlier", "so"),
        ("--as-before", "one.json", "--catalogue", "by_age.toml"),
    ],
)
def test_words_that_do_not_go_together_are_refused(folder: Path, words: tuple[str, ...]) -> None:
    assert anonymise("out", *words) == 2

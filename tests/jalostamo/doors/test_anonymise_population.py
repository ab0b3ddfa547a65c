"""`anonymise` and `check-anonymity` beside a population: figures worked out by hand, and recipes that it cannot answer."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from jalostamo.doors.closed_room import main

AREAS = '[[quasi_identifier]]\ncolumn = "area"\nhierarchy = "area.csv"\n'
REGISTER = '[population]\nfile = "people.csv"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the caller's: four districts of two towns, eight people of a population of twenty."""
    monkeypatch.chdir(tmp_path)
    Path("area.csv").write_text("a;A;*\nb;A;*\nc;C;*\nd;C;*\n")
    Path("table.csv").write_text(rows("aaab" + "ccdd"))
    Path("people.csv").write_text(rows("aaaaa" + "bbb" + "cccccccc" + "dddd"))
    return tmp_path


def rows(areas: str, header: str = "area,number") -> str:
    return f"{header}\n" + "".join(f"{area},{n}\n" for n, area in enumerate(areas))


def anonymise(models: str, population: str = REGISTER, quasi: str = AREAS) -> int:
    Path("recipe.toml").write_text(f"{quasi}{population}[model]\n{models}\n")
    words = ["--recipe", "recipe.toml", "--out", "out.parquet", "--report", "report.json"]
    return main(["anonymise", "table.csv", *words, "--force"])


def check() -> int:
    words = ["--recipe", "recipe.toml", "--report", "check.json", "--force"]
    return main(["check-anonymity", "out.parquet", *words])


def told(file: str = "report.json") -> dict[str, dict[str, object]]:
    found = json.loads(Path(file).read_bytes())["models"]
    assert isinstance(found, dict)
    return found


BY_HAND = {
    # Of the population a, b, c, d hold 5, 3, 8 and 4: at level 0 b has 3; at level 1 A has 8 and C 12.
    "k_map = 4": (1, {"k_map": (4, 8)}),
    "k_map = 3": (0, {"k_map": (3, 3)}),
    # Shares at level 0: 3/5, 1/3, 2/8, 2/4. At level 1: 4/8 and 4/12.
    "presence = { most = 0.5 }": (1, {"presence": (0.5, 0.5)}),
    "presence = { least = 0.3, most = 1.0 }": (1, {"presence": (1, 0.5), "presence:least": (0.3, 1 / 3)}),
    "presence = { least = 0.25 }": (0, {"presence:least": (0.25, 0.25)}),
    # Classes of 3, 1, 2 and 2 at level 0: of four classes, eight people. At level 1 two of four.
    "maximum_risk = 0.3": (1, {"maximum_risk": (0.3, 0.25)}),
    "average_risk = 0.5": (0, {"average_risk": (0.5, 0.5)}),
    "average_risk = 0.49": (1, {"average_risk": (0.49, 0.25)}),
    "sample_uniqueness = 0.12": (1, {"sample_uniqueness": (0.12, 0)}),
    "sample_uniqueness = 0.13": (0, {"sample_uniqueness": (0.13, 1 / 8)}),
    # Looked up in the population: 3 people at 1/5, 1 at 1/3, 2 at 1/8, 2 at 1/4, of 8; or 4 at 1/8 and 4 at 1/12.
    'maximum_risk = 0.3\nagainst = "population"': (1, {"maximum_risk": (0.3, 1 / 8)}),
    'average_risk = 0.3\nagainst = "population"': (0, {"average_risk": (0.3, (3 / 5 + 1 / 3 + 2 / 8 + 2 / 4) / 8)}),
    'average_risk = 0.2\nagainst = "population"': (1, {"average_risk": (0.2, (4 / 8 + 4 / 12) / 8)}),
    "population_uniqueness = 0.0": (0, {"population_uniqueness": (0, 0)}),
}


@pytest.mark.parametrize("models", BY_HAND)
def test_the_figures_are_those_worked_out_by_hand(models: str) -> None:
    reads = any(word in models for word in ("k_map", "presence", "against", "population_"))
    level, found = BY_HAND[models]
    assert anonymise(models, REGISTER if reads else "") == 0
    assert json.loads(Path("report.json").read_bytes())["levels"] == {"area": level}
    expected = {
        name: {"asked": asked, "found": pytest.approx(figure), "holds": True} for name, (asked, figure) in found.items()
    }
    assert told() == expected
    assert check() == 0
    assert told("check.json") == expected


def test_who_is_alone_in_the_population_is_counted_in_it() -> None:
    Path("people.csv").write_text(rows("aaaaa" + "b" + "cccc" + "dd"))
    assert anonymise("population_uniqueness = 0.125") == 0
    assert told()["population_uniqueness"]["found"] == pytest.approx(1 / 8)
    assert anonymise("population_uniqueness = 0.12") == 0
    assert told()["population_uniqueness"]["found"] == 0


def test_classes_that_fail_by_themselves_are_left_out_before_the_whole_is_judged() -> None:
    # Without k the one person of b keeps the average at 4 classes of 8; with it 3 of 7 are left.
    assert anonymise("k = 2\naverage_risk = 0.43\nsuppression_limit = 0.13", "") == 0
    assert told()["average_risk"]["found"] == pytest.approx(3 / 7)
    assert json.loads(Path("report.json").read_bytes())["levels"] == {"area": 0}
    assert anonymise("average_risk = 0.43\nsuppression_limit = 0.13", "") == 0
    assert json.loads(Path("report.json").read_bytes())["levels"] == {"area": 1}


def test_an_estimate_says_by_which_model_it_was_made(capsys: pytest.CaptureFixture[str]) -> None:
    assert anonymise("population_uniqueness = 0.2", "[population]\nsize = 300\n") == 0
    assert "Population uniqueness, of 300 people: estimated by Pitman's model." in capsys.readouterr().out
    assert 0 < float(str(told()["population_uniqueness"]["found"])) < 0.2
    assert check() == 0


def test_where_everybody_is_alone_no_estimate_is_made_and_the_check_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    Path("table.csv").write_text(rows("abcd"))
    assert anonymise("sample_uniqueness = 1.0", "") == 0
    Path("recipe.toml").write_text(f"{AREAS}[population]\nsize = 300\n[model]\npopulation_uniqueness = 0.9\n")
    capsys.readouterr()
    assert check() == 3
    assert "population uniqueness: asked 0.9, found 1: does not hold" in capsys.readouterr().err
    assert "no estimate can be made" in json.loads(Path("check.json").read_bytes())["remarks"][0]


def test_rows_that_the_population_does_not_hold_are_told_by_their_number(capsys: pytest.CaptureFixture[str]) -> None:
    Path("people.csv").write_text(rows("aaaaa" + "cccccccc" + "dddd"))
    assert anonymise("k_map = 2") == 0
    assert "people.csv has no row like 1 of the table's 8" in capsys.readouterr().err
    assert json.loads(Path("report.json").read_bytes())["levels"] == {"area": 1}


def test_a_file_with_people_whom_the_population_does_not_hold_fails_every_model_that_is_counted_in_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert anonymise("sample_uniqueness = 1.0", "") == 0
    Path("people.csv").write_text(rows("aaaaa" + "cccccccc" + "dddd"))
    models = 'presence = { most = 1.0 }\nk_map = 1\nmaximum_risk = 1.0\naverage_risk = 1.0\nagainst = "population"'
    Path("recipe.toml").write_text(f"{AREAS}{REGISTER}[model]\n{models}\npopulation_uniqueness = 1.0\n")
    capsys.readouterr()
    assert check() == 3
    assert not any(model["holds"] for model in told("check.json").values())
    assert "It has no class of 1 of the people released" in json.loads(Path("check.json").read_bytes())["remarks"][1]


def test_the_population_may_be_written_in_its_own_way_and_have_values_that_the_table_has_not() -> None:
    Path("table.csv").write_text(rows("aaa" + "cc"))
    Path("people.csv").write_text(rows("aaaaa" + "bbb" + "cccccccc" + "dddd").replace(",", "|"))
    assert anonymise("k_map = 5\npresence = { least = 0.15 }", f'{REGISTER}delimiter = "|"\n') == 0
    assert told()["presence:least"]["found"] == pytest.approx(2 / 12)
    assert check() == 0


def test_values_without_a_hierarchy_are_looked_up_as_they_are() -> None:
    assert anonymise("k_map = 3", quasi='[[quasi_identifier]]\ncolumn = "area"\n') == 0
    assert told()["k_map"]["found"] == 3
    assert check() == 0


def test_missing_values_are_alike_in_the_table_and_in_the_population() -> None:
    Path("area.csv").write_text("a;A;*\nb;;*\nc;C;*\nd;C;*\n")
    Path("table.csv").write_text(rows(["a", "a", "", "", "b"]))  # type: ignore[arg-type]  # a text for each row
    Path("people.csv").write_text(rows(["a", "a", "a", "", "", "b", "b"]))  # type: ignore[arg-type]
    assert anonymise("k_map = 3") == 0
    assert json.loads(Path("report.json").read_bytes())["levels"] == {"area": 1}
    assert pq.read_table("out.parquet")["area"].to_pylist() == ["A"] * 2 + [None] * 3
    assert told()["k_map"]["found"] == 3
    assert check() == 0


def test_of_two_levels_that_could_be_written_the_check_takes_the_one_that_flatters_less() -> None:
    # "A" is what both levels call a and b; only the second calls c so.
    Path("area.csv").write_text("a;A;A\nb;A;A\nc;C;A\n")
    Path("table.csv").write_text(rows("aab"))
    Path("people.csv").write_text(rows("aabccc"))
    assert anonymise("k_map = 6") == 0
    assert told()["k_map"]["found"] == 6
    assert check() == 3
    assert told("check.json")["k_map"]["found"] == 3


REFUSED = {
    "k_map without a population": ("k_map = 2", "", "k_map is read from the population: name it in a [population]"),
    "several without a population": (
        "presence = { most = 0.5 }\npopulation_uniqueness = 0.1",
        "",
        "presence, population_uniqueness are read from the population",
    ),
    "uniqueness without a population": ("population_uniqueness = 0.1", "", "by its file or its size"),
    "k_map of a size": ("k_map = 2", "[population]\nsize = 90\n", "k_map cannot be told from the population's size"),
    "a population that nobody reads": ("k = 2", REGISTER, "no model is read from it"),
    "a file and a size": ("k_map = 2", f"{REGISTER}size = 9\n", "either 'file', its rows, or 'size'"),
    "neither": ("k_map = 2", "[population]\n", "either 'file', its rows, or 'size'"),
    "an unknown key": ("k_map = 2", f"{REGISTER}lines = 3\n", "knows no 'lines'"),
    "shares that contradict": ("presence = { least = 0.4, most = 0.3 }", REGISTER, "no share is both"),
    "a presence of nothing": ("presence = { }", REGISTER, "give 'least', 'most' or both"),
    "a presence that nobody has": ("presence = { most = 0 }", REGISTER, "'most' is a risk above 0"),
    "a risk of nothing": ("maximum_risk = 0", "", "'maximum_risk' is a risk above 0 and up to 1"),
    "a risk above 1": ("average_risk = 1.5", "", "'average_risk' is a risk above 0 and up to 1"),
    "a share below 0": ("sample_uniqueness = -0.1", "", "'sample_uniqueness' is a share from 0 to 1"),
    "a part of a person": ("k_map = 2.5", REGISTER, "'k_map' is a whole number of 1 or more"),
    "nobody to look up": ('k = 2\nagainst = "population"', REGISTER, "neither is asked for"),
    "an unknown view": ('maximum_risk = 0.5\nagainst = "all"', "", "one of sample, population"),
    "a size below the table": (
        "population_uniqueness = 0.1",
        "[population]\nsize = 7\n",
        "the population's size is 7, but the table has 8 rows",
    ),
    "a file that is not there": ("k_map = 2", '[population]\nfile = "none.csv"\n', "none.csv is missing"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_recipe_that_cannot_be_answered_is_refused_with_its_place(
    case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    models, population, sentence = REFUSED[case]
    assert anonymise(models, population) in (2, 4)
    assert sentence in capsys.readouterr().err
    assert not Path("out.parquet").exists()


def test_a_population_without_a_column_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("people.csv").write_text(rows("aabb", "district,number"))
    assert anonymise("k_map = 2") == 4
    assert "people.csv" in (said := capsys.readouterr().err)
    assert "'area'" in said


def test_a_value_of_the_population_that_the_hierarchy_does_not_name_is_told_by_its_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("people.csv").write_text(rows("aabbx"))
    assert anonymise("k_map = 2") == 4
    assert (
        "people.csv, line 6 (1 row): column 'area' has a value that area.csv does not name" in capsys.readouterr().err
    )


HOPELESS = {
    "k_map = 21": "21 of the population are asked for in each class, but it has 20 rows",
    'maximum_risk = 0.04\nagainst = "population"': "25 of the population are asked for in each class",
    "maximum_risk = 0.1": "needs 10 rows alike, but the table has 8",
}


@pytest.mark.parametrize("models", HOPELESS)
def test_what_no_generalisation_can_bring_about_is_told_before_the_search(
    models: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert anonymise(models, "" if models == "maximum_risk = 0.1" else REGISTER) == 3
    assert HOPELESS[models] in capsys.readouterr().err


def test_values_that_too_few_of_the_population_share_are_told_by_their_column(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("area.csv").write_text("a;A\nb;A\nc;C\nd;C\n")
    assert anonymise("k_map = 9") == 3
    assert "Column 'area', even at its last level, has 4 rows with a value that fewer than 9" in capsys.readouterr().err


WAYS_ON = {
    "presence = { least = 0.5 }": "A least presence holds only where each class of the population has rows",
    "average_risk = 0.1": "A k (or k_map) leaves small classes out",
}


@pytest.mark.parametrize("models", WAYS_ON)
def test_what_the_whole_release_cannot_meet_ends_with_a_way_on(models: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert anonymise(models, REGISTER if "presence" in models else "") == 3
    said = capsys.readouterr().err
    assert "None of the 3 generalisations meets the models" in said
    assert WAYS_ON[models] in said

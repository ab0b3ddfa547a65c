"""What `anonymise` tells beside its report, and the pages of `anonymity-page`, by real commands on real files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from jalostamo.doors.closed_room import main

LANGUAGES = "fi;domestic;*\nsv;domestic;*\nru;foreign;*\n"
AREAS = "A;*\nB;*\n"
RECIPE = """
[table]
delimiter = ";"
[[quasi_identifier]]
column = "language"
hierarchy = "language.csv"
[[quasi_identifier]]
column = "area"
hierarchy = "area.csv"
[[sensitive]]
column = "service"
[[keep]]
column = "year"
[model]
k = 12
suppression_limit = 0.25
"""
# 40 Finnish speakers in two areas, 12 Swedish speakers in one, and 10 of Russian who are too few.
PEOPLE = [
    *(("fi", "AB"[n % 2], "xy"[n % 4 == 0], "2025" if n < 30 else "2024") for n in range(40)),
    *(("sv", "A", "xy"[n % 2], "2025") for n in range(12)),
    *(("ru", "A", "y", "2024") for _ in range(10)),
]
PAGES = ["index.en.html", "index.fi.html", "index.html", "index.sv.html"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the caller's with a table, hierarchies and a recipe in it."""
    (tmp_path / "language.csv").write_text(LANGUAGES)
    (tmp_path / "area.csv").write_text(AREAS)
    rows = [("language", "area", "service", "year"), *PEOPLE]
    (tmp_path / "table.csv").write_text("\n".join(map(";".join, rows)) + "\n")
    (tmp_path / "recipe.toml").write_text(RECIPE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def anonymise(*words: str) -> int:
    files = ["--recipe", "recipe.toml", "--out", "out.parquet", "--report", "report.json"]
    return main(["anonymise", "table.csv", *files, *words])


def read(name: str) -> dict[str, object]:
    return json.loads(Path(name).read_bytes())  # type: ignore[no-any-return]


def test_the_report_tells_who_was_left_out_and_what_changed(folder: Path) -> None:
    assert anonymise("--groups", "language") == 0
    report = read("report.json")
    assert report["levels"] == {"language": 0, "area": 0}
    utility = report["utility"]
    (left,) = utility["left_out"]  # type: ignore[index]
    assert [(g["group"], g["rows"], g["suppressed"]) for g in left["groups"]] == [
        ("ru", 10, 10),
        ("sv", 12, 0),
        ("fi", 40, 0),
    ]
    compared = {(found["column"], found["value"]) for found in utility["differences"]}  # type: ignore[index]
    assert compared == {("service", "y"), ("year", "2024")}


def test_of_a_kept_column_rows_are_counted_before_and_after(folder: Path) -> None:
    assert anonymise("--groups", "language") == 0
    differences = read("report.json")["utility"]["differences"]  # type: ignore[index]
    found = next(each for each in differences if each["value"] == "2024")
    told = {group["group"]: (group["before"]["value"], group["after"]["rows"]) for group in found["groups"]}
    assert told == {"fi": (0.25, 40), "sv": (0.0, 12), "ru": (1.0, 0)}


def test_what_else_could_be_chosen_is_written_only_where_it_is_asked_for(folder: Path) -> None:
    assert anonymise() == 0
    assert "frontier" not in read("report.json")
    assert anonymise("--force", "--frontier", "frontier.json") == 0
    frontier = read("frontier.json")
    assert frontier == read("report.json")["frontier"]
    assert frontier["whole"]
    choices = frontier["choices"]
    assert [choice["levels"] for choice in choices if choice["chosen"]] == [{"language": 0, "area": 0}]  # type: ignore[attr-defined]
    assert len(choices) > 1  # type: ignore[arg-type]


@pytest.mark.usefixtures("assets")
def test_pages_are_the_same_at_once_or_later(folder: Path) -> None:
    assert anonymise("--page", "pages") == 0
    assert sorted(path.name for path in (folder / "pages").iterdir()) == PAGES
    assert main(["anonymity-page", "--report", "report.json", "--out", "later"]) == 0
    for name in PAGES:
        assert (folder / "pages" / name).read_bytes() == (folder / "later" / name).read_bytes()


@pytest.mark.usefixtures("assets")
def test_a_check_stands_on_the_page_and_one_of_other_rows_is_refused(folder: Path) -> None:
    assert anonymise() == 0
    assert main(["check-anonymity", "out.parquet", "--recipe", "recipe.toml", "--report", "check.json"]) == 0
    words = ["anonymity-page", "--report", "report.json", "--check", "check.json", "--out", "pages"]
    assert main(words) == 0
    assert "Read anew" in (folder / "pages" / "index.en.html").read_text(encoding="utf-8")
    (folder / "check.json").write_text(json.dumps({**read("check.json"), "classes": 9}))
    assert main([*words, "--force"]) == 4


@pytest.mark.usefixtures("assets")
def test_pages_that_exist_are_refused_before_anything_is_written(folder: Path) -> None:
    (folder / "pages").mkdir()
    (folder / "pages" / "index.sv.html").write_text("mine")
    assert anonymise("--page", "pages") == 2
    assert not (folder / "out.parquet").exists()
    assert anonymise("--page", "pages", "--force") == 0


def test_a_column_of_many_values_parts_no_table(folder: Path) -> None:
    (folder / "recipe.toml").write_text(RECIPE.replace('hierarchy = "area.csv"', ""))
    rows = ["language;area;service;year", *(f"fi;{n % 9};x;2024" for n in range(120))]
    (folder / "table.csv").write_text("\n".join(rows) + "\n")
    assert anonymise("--groups", "area") == 2
    assert anonymise("--groups", "language") == 0


def test_no_value_of_the_table_reaches_the_terminal(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert anonymise("--json", "--frontier", "frontier.json", "--groups", "language") == 0
    told = capsys.readouterr().out
    assert '"language"' in told, "columns are named"
    assert '"sv"' in (folder / "report.json").read_text()
    assert '"sv"' not in told


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--groups", "service"), "groups_unknown"),
        (("--frontier", "report.json"), "out_is_given"),
    ],
)
def test_what_is_asked_wrongly_is_told(
    folder: Path, words: tuple[str, ...], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert anonymise(*words, "--json") == 2
    assert json.loads(capsys.readouterr().out)["reason"] == reason
    assert not (folder / "out.parquet").exists()

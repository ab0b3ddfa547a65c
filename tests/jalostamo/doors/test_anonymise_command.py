"""The commands `anonymise` and `check-anonymity` keep their contract: what they write, what they say, what they refuse."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.jalostamo.doors.recipes import recipe

from jalostamo.doors.closed_room import main
from jalostamo.managing.manifests import digest_of

SECRET = "Korhonen-010190-900A"
AGES = "30;30-39;*\n31;30-39;*\n40;40-49;*\n41;40-49;*\n"
TOWNS = "A;*\nB;*\n"
PEOPLE = [
    ("30", "A", "x", "1"),
    ("31", "A", "y", "2"),
    ("30", "A", "x", "3"),
    ("40", "B", "x", "4"),
    ("41", "B", "z", "5"),
    ("41", "B", "x", "6"),
    ("40", "A", "y", "7"),
]
HEADER = ("age", "town", "service", "person")
RECIPE = recipe(diversity=2, k=3, limit="0.2")


def written(rows: list[tuple[str, ...]], header: tuple[str, ...] = HEADER) -> str:
    return "\n".join(";".join(row) for row in (header, *rows)) + "\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the caller's with a table, hierarchies and a recipe in it."""
    (tmp_path / "age.csv").write_text(AGES)
    (tmp_path / "town.csv").write_text(TOWNS)
    (tmp_path / "table.csv").write_text(written(PEOPLE))
    (tmp_path / "recipe.toml").write_text(RECIPE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def anonymise(*words: str, table: str = "table.csv") -> int:
    return main(
        ["anonymise", table, "--recipe", "recipe.toml", "--out", "out.parquet", "--report", "report.json", *words]
    )


def check(*words: str) -> int:
    return main(["check-anonymity", "out.parquet", "--recipe", "recipe.toml", "--report", "check.json", *words])


def test_rows_are_called_as_their_levels_say_and_stand_in_the_order_of_their_content(folder: Path) -> None:
    assert anonymise() == 0
    rows = pq.read_table(folder / "out.parquet")
    assert rows.column_names == ["age", "town", "service"]
    assert [tuple(row.values()) for row in rows.to_pylist()] == [
        ("30-39", "A", "x"),
        ("30-39", "A", "x"),
        ("30-39", "A", "y"),
        ("40-49", "B", "x"),
        ("40-49", "B", "x"),
        ("40-49", "B", "z"),
    ]


def test_the_report_has_the_keys_that_the_contract_names(folder: Path) -> None:
    assert anonymise() == 0
    report = json.loads((folder / "report.json").read_bytes())
    timed = {key: set(report.pop(key)) for key in ("seconds", "cpu_seconds")}
    assert timed == dict.fromkeys(timed, {"load", "search", "apply"})
    assert report.pop("nodes")["total"] == 6
    beside = {key: report.pop(key) for key in ("allowed_rows", "columns", "risks", "utility")}
    assert beside["allowed_rows"] == 1
    digests = {key: digest_of(folder / name) for key, name in {"out": "out.parquet", "recipe": "recipe.toml"}.items()}
    assert report.pop("sha256") == digests
    assert beside["columns"]["dropped"] == ["person"]
    assert report == {
        "rows": 7,
        "released_rows": 6,
        "suppressed_rows": 1,
        "levels": {"age": 1, "town": 0},
        "loss": report["loss"],
        "objective": {"metric": "loss", "value": report["loss"]},
        "classes": 2,
        "smallest_class": 3,
        "models": {
            "k_anonymity": {"asked": 3, "found": 3, "holds": True},
            "l_diversity:service": {"asked": 2, "found": 2, "holds": True},
        },
        "proved_optimal": True,
        "gap": 0.0,
    }


def test_the_summary_says_what_was_left_out_and_dropped(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert anonymise() == 0
    said = capsys.readouterr().out
    assert "Rows: 7. Released: 6. Left out: 1 of at most 1." in said
    assert "Levels: age 1 of 2, town 0 of 1." in said
    assert "Dropped columns: person." in said


def test_what_was_written_holds_when_it_is_read_anew(folder: Path) -> None:
    assert anonymise() == 0
    assert check() == 0
    found = json.loads((folder / "check.json").read_bytes())
    assert found.pop("sha256") == json.loads((folder / "report.json").read_bytes())["sha256"]
    assert found == {
        "holds": True,
        "rows": 6,
        "classes": 2,
        "smallest_class": 3,
        "models": {
            "k_anonymity": {"asked": 3, "found": 3, "holds": True},
            "l_diversity:service": {"asked": 2, "found": 2, "holds": True},
        },
        "risks": {"maximum": 1 / 3, "average": 2 / 6, "unique_share": 0.0},
    }


def test_what_does_not_hold_is_refused_and_written_all_the_same(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = {"age": ["30"] * 3 + ["40"], "town": ["A"] * 4, "service": ["x", "y", "x", "x"]}
    pq.write_table(pa.table(table), folder / "out.parquet")
    assert check() == 3
    found = json.loads((folder / "check.json").read_bytes())
    assert not found["holds"]
    assert found["models"]["l_diversity:service"] == {"asked": 2, "found": 1, "holds": False}
    assert found["risks"] == {"maximum": 1.0, "average": 0.5, "unique_share": 0.25}
    assert "k-anonymity: asked 3, found 1: does not hold." in capsys.readouterr().err


def test_without_its_source_t_is_measured_against_the_written_rows(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    closer = RECIPE.replace('l_diversity = { kind = "distinct", l = 2 }', 't_closeness = { kind = "equal", t = 1 }')
    (folder / "recipe.toml").write_text(closer)
    assert anonymise() == 0
    assert check() == 0
    assert "t is measured against the rows of out.parquet itself" in capsys.readouterr().out
    assert check("--source", "table.csv", "--force") == 0
    assert "t is measured against the rows of table.csv" in capsys.readouterr().out


def test_k_counts_persons_and_suppresses_them_whole(folder: Path) -> None:
    # Person 1 has a row among those of forty, where too few persons are: her other rows go as well.
    rows = [("30", "A", "x", str(n)) for n in (1, 2, 3, 4)] + [("40", "A", "y", "1")] * 5
    (folder / "table.csv").write_text(written(rows))
    by_person = RECIPE.replace('delimiter = ";"', 'delimiter = ";"\nunit = "person"').replace("0.2", "0.7")
    (folder / "recipe.toml").write_text(by_person.replace(", l = 2", ", l = 1").replace("AGES", ""))
    (folder / "age.csv").write_text("30;30\n40;40\n")
    assert anonymise() == 0
    report = json.loads((folder / "report.json").read_bytes())
    assert (report["released_rows"], report["suppressed_rows"]) == (3, 6)
    assert report["models"]["k_anonymity"]["found"] == 3


def test_a_column_in_its_own_type_stays_so_where_it_is_not_made_coarser(folder: Path) -> None:
    columns = {name: [row[place] for row in PEOPLE] for place, name in enumerate(HEADER)}
    years = pa.array([2020] * 7, pa.int16())
    ages = pa.array([int(age) for age in columns["age"]], pa.int32())
    services = pa.array([{"x": 1, "y": 2, "z": 3}[s] for s in columns["service"]], pa.int8())
    pq.write_table(pa.table({**columns, "age": ages, "service": services, "year": years}), folder / "table.parquet")
    (folder / "recipe.toml").write_text(RECIPE.replace("[model]", '[[keep]]\ncolumn = "year"\n[model]'))
    assert anonymise(table="table.parquet") == 0
    kinds = {field.name: str(field.type) for field in pq.read_schema(folder / "out.parquet")}
    assert kinds == {"age": "string", "town": "string", "service": "int8", "year": "int16"}


def test_a_missing_value_is_a_value_of_its_own(folder: Path) -> None:
    rows = [("", "A", "x", "1"), ("", "A", "y", "2"), ("", "A", "y", "3"), *PEOPLE]
    (folder / "table.csv").write_text(written(rows))
    assert anonymise() == 0
    found = Counter(pq.read_table(folder / "out.parquet")["age"].to_pylist())
    assert found[None] == 3


REFUSED = {
    "a value that the hierarchy does not name": (
        lambda f: (f / "table.csv").write_text(written([*PEOPLE, (SECRET, "A", "x", "9"), (SECRET, "A", "x", "9")])),
        4,
        "table.csv, lines 9, 10 (2 rows): column 'age' has a value that age.csv does not name",
    ),
    "a missing value that is refused": (
        lambda f: (
            (f / "table.csv").write_text(written([*PEOPLE, ("30", "", "x", "9")])),
            (f / "recipe.toml").write_text(RECIPE.replace('";"', '";"\nnulls = "refuse"')),
        ),
        4,
        "table.csv, line 9 (1 row): column 'town' is empty, and the recipe refuses that",
    ),
    "a row that is nobody's": (
        lambda f: (
            (f / "table.csv").write_text(written([("30", "A", "x", ""), *PEOPLE])),
            (f / "recipe.toml").write_text(RECIPE.replace('";"', '";"\nunit = "person"')),
        ),
        4,
        "table.csv, line 2 (1 row): column 'person' is empty",
    ),
    "a row of too few columns": (
        lambda f: (f / "table.csv").write_text(written([*PEOPLE, (SECRET,)])),
        4,
        "table.csv, line 9 (1 row): the row has too few columns",
    ),
    "a quote that never closes": (
        lambda f: (f / "table.csv").write_text(written([*PEOPLE, ("30", "A", f'"{SECRET}', "1")])),
        4,
        "table.csv",
    ),
    "another encoding": (
        lambda f: (f / "table.csv").write_bytes(written([*PEOPLE, ("30", "A", "ä", "1")]).encode("latin-1")),
        4,
        "bytes that are not utf-8",
    ),
    "no row": (lambda f: (f / "table.csv").write_text(written([])), 4, "table.csv has no row"),
    "a column that is missing": (
        lambda f: (f / "table.csv").write_text(written(PEOPLE, ("age", "place", "service", "person"))),
        4,
        "no column 'town'",
    ),
    "a hierarchy that does not nest": (
        lambda f: (f / "age.csv").write_text("30;a;x;*\n31;a;y;*\n40;b;x;*\n41;a;z;*\n"),
        4,
        "age.csv, line 2: level 1 leads to another level 2 than on an earlier line (2 lines do)",
    ),
    "k beyond the table": (
        lambda f: (f / "recipe.toml").write_text(RECIPE.replace("k = 3", "k = 8")),
        3,
        "k is 8, but the table has 7 rows",
    ),
    "l beyond the values": (
        lambda f: (f / "recipe.toml").write_text(RECIPE.replace("l = 2", "l = 4")),
        3,
        "Column 'service' has 3 different values, but l is 4",
    ),
    "a column of rare values without a hierarchy": (
        lambda f: (f / "recipe.toml").write_text(RECIPE.replace('"town"\nhierarchy = "town.csv"', '"person"')),
        3,
        "Column 'person' has 7 different values and no hierarchy: 7 rows",
    ),
    "a last level that keeps people apart": (
        lambda f: (f / "town.csv").write_text("A;A\nB;B\n") and (f / "table.csv").write_text(written(PEOPLE[3:])),
        3,
        "Column 'town', even at its last level, has 1 rows",
    ),
    "a key that is not known": (
        lambda f: (f / "recipe.toml").write_text(RECIPE.replace("suppression_limit", "supression_limit")),
        4,
        "knows no 'supression_limit'",
    ),
    "a weight of nothing": (
        lambda f: (f / "recipe.toml").write_text(RECIPE.replace('"age.csv"', '"age.csv"\nweight = 0')),
        4,
        "'weight' is a number above 0",
    ),
    "a distance beyond all": (
        lambda f: (f / "recipe.toml").write_text(
            RECIPE.replace("[model]", 't_closeness = { kind = "equal", t = 1.5 }\n[model]')
        ),
        4,
        "'t' is a number from 0 to 1",
    ),
    "a quasi-identifier that is sensitive too": (
        lambda f: (f / "recipe.toml").write_text(RECIPE.replace('"service"', '"age"')),
        4,
        "names 'age' in more than one place",
    ),
    "a quasi-identifier that is kept too": (
        lambda f: (f / "recipe.toml").write_text(RECIPE.replace("[model]", '[[keep]]\ncolumn = "town"\n[model]')),
        4,
        "names 'town' in more than one place",
    ),
    "no model": (
        lambda f: (f / "recipe.toml").write_text(RECIPE.replace("k = 3", "").replace("l_diversity", "# ")),
        4,
        "asks for no model",
    ),
    "a recipe that is missing": (lambda f: (f / "recipe.toml").unlink(), 2, "recipe.toml is missing"),
    "a hierarchy that is missing": (lambda f: (f / "age.csv").unlink(), 2, "age.csv is missing"),
    "a table that is missing": (lambda f: (f / "table.csv").unlink(), 2, "table.csv is missing"),
    "rows that exist": (lambda f: (f / "out.parquet").write_text("mine"), 2, "out.parquet exists"),
    "a report that exists": (lambda f: (f / "report.json").write_text("mine"), 2, "report.json exists"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_refused_with_a_way_on(
    case: tuple[object, int, str], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil, code, sentence = case
    assert callable(spoil)
    spoil(folder)
    before = sorted(path.name for path in folder.iterdir())
    assert anonymise() == code
    said = capsys.readouterr()
    assert sentence in said.err
    assert SECRET not in said.err + said.out
    assert sorted(path.name for path in folder.iterdir()) == before


def test_an_existing_file_is_replaced_only_when_told_so(folder: Path) -> None:
    (folder / "out.parquet").write_text("mine")
    (folder / "report.json").write_text("mine")
    assert anonymise("--force") == 0
    assert pq.read_metadata(folder / "out.parquet").num_rows == 6


@pytest.mark.parametrize("option", ["--out", "--report"])
def test_the_table_is_never_written_over(option: str, folder: Path) -> None:
    (folder / "table.parquet").write_bytes((folder / "table.csv").read_bytes())
    assert anonymise(option, "table.parquet", "--force", table="table.parquet") == 2


def test_a_report_that_cannot_be_written_is_told_before_the_work(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert anonymise("--report", "nowhere/report.json") == 2
    assert "report.json cannot be written" in capsys.readouterr().err
    assert not (folder / "out.parquet").exists()


def test_machines_are_told_the_reason(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "recipe.toml").write_text(RECIPE.replace("k = 3", "k = 8"))
    assert anonymise("--json") == 3
    assert json.loads(capsys.readouterr().out)["reason"] == "infeasible"


def test_units_that_are_not_written_cannot_be_checked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "recipe.toml").write_text(RECIPE.replace('";"', '";"\nunit = "person"'))
    assert anonymise() == 0
    assert check() == 4
    assert "a unit can be counted only where it is written" in capsys.readouterr().err


def test_the_same_rows_in_another_order_give_the_same_file(folder: Path) -> None:
    assert anonymise() == 0
    first = (folder / "out.parquet").read_bytes()
    (folder / "table.csv").write_text(written(PEOPLE[::-1]))
    assert anonymise("--force") == 0
    assert (folder / "out.parquet").read_bytes() == first


def test_nothing_is_left_in_the_temporary_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = folder / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", os.fspath(temporary))
    monkeypatch.setattr("tempfile.tempdir", None)
    assert anonymise() == 0
    assert not list(temporary.glob("jalostamo-*"))

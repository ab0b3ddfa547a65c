"""The commands `anonymise` and `check-anonymity` at their corners: odd columns, odd numbers, and nothing left to write."""

from __future__ import annotations

import datetime
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jalostamo.doors.closed_room import main
from jalostamo.managing.sensitive.preparing.anonymity import tables

ONE = '[[quasi_identifier]]\ncolumn = "q"\n'
COARSER = f'{ONE}hierarchy = "h.csv"\n'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of the caller's, in which the commands run."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def anonymise(recipe: str, table: str = "table.csv") -> int:
    Path("recipe.toml").write_text(recipe)
    words = ["--recipe", "recipe.toml", "--out", "out.parquet", "--report", "report.json"]
    return main(["anonymise", table, *words, "--force"])


def check(*words: str) -> int:
    return main(
        ["check-anonymity", "out.parquet", "--recipe", "recipe.toml", "--report", "check.json", "--force", *words]
    )


def report() -> dict[str, object]:
    found = json.loads(Path("report.json").read_bytes())
    assert isinstance(found, dict)
    return found


def test_who_is_called_nothing_is_alike_to_those_of_whom_nothing_is_known() -> None:
    Path("h.csv").write_text("a;;*\nb;B;*\n")
    Path("table.csv").write_text("q,x\n" + "a,1\n" * 2 + ",1\n" * 2 + "b,1\n" * 4)
    assert anonymise(f"{COARSER}[model]\nk = 4\n") == 0
    assert (report()["levels"], report()["classes"]) == ({"q": 1}, 2)
    assert pq.read_table("out.parquet")["q"].to_pylist() == ["B"] * 4 + [None] * 4


def test_who_was_called_nothing_goes_on_with_them() -> None:
    Path("h.csv").write_text("a;;*\nb;B;*\n")
    Path("table.csv").write_text("q,x\n" + "a,1\n" * 2 + ",1\n" * 2 + "b,1\n")
    assert anonymise(f"{COARSER}[model]\nk = 5\n") == 0
    assert pq.read_table("out.parquet")["q"].to_pylist() == ["*"] * 5


@pytest.mark.parametrize("with_care", [False, True])
def test_columns_may_be_many(with_care: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if with_care:
        monkeypatch.setattr(tables, "_is_sound", lambda *_, **__: False)
    names = [f"c{number}" for number in range(36)]
    Path("h.csv").write_text("a;A\nb;A\n")
    Path("table.csv").write_text("\n".join([",".join(names), *[",".join("a" * 36), ",".join("b" * 36)] * 2]))
    quasi = [
        f'[[quasi_identifier]]\ncolumn = "{n}"\n' + 'hierarchy = "h.csv"\n' * (i < 12) for i, n in enumerate(names)
    ]
    assert anonymise("".join(quasi) + "[model]\nk = 2\n") == 0
    assert report()["classes"] == 2


def test_more_generalisations_than_memory_holds_are_refused_before_the_table_is_read(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("h.csv").write_text("a;b;c;d;e;f;g;h;i;*\n")
    names = [f"c{number}" for number in range(8)]
    Path("table.csv").write_text(",".join(names) + "\nof no form")
    quasi = (f'[[quasi_identifier]]\ncolumn = "{name}"\nhierarchy = "h.csv"\n' for name in names)
    assert anonymise("".join(quasi) + "[model]\nk = 2\n") == 3
    assert "allows 100,000,000 generalisations, more than the 20,000,000" in capsys.readouterr().err


@pytest.mark.parametrize(
    "number",
    ["l = 1" + "0" * 400, "l = 9007199254740993", "l = nan", "l = inf"],
    ids=["long", "odd", "none", "endless"],
)
def test_a_number_beyond_reckoning_is_refused_as_the_recipes_fault(number: str) -> None:
    Path("table.csv").write_text("q,s\na,x\n")
    sensitive = f'[[sensitive]]\ncolumn = "s"\nl_diversity = {{ kind = "distinct", {number} }}\n'
    assert anonymise(ONE + sensitive) == 4


def test_spans_of_time_are_refused_by_their_column(capsys: pytest.CaptureFixture[str]) -> None:
    pq.write_table(pa.table({"q": [datetime.timedelta(days=1)] * 2}), "table.parquet")
    assert anonymise(f"{ONE}[model]\nk = 2\n", "table.parquet") == 4
    assert "column 'q' holds spans of time" in capsys.readouterr().err


def test_a_column_in_which_nothing_is_known_of_anybody_is_no_fault() -> None:
    pq.write_table(pa.table({"q": pa.nulls(2), "x": [1, 2]}), "table.parquet")
    assert anonymise(f"{ONE}[model]\nk = 2\n", "table.parquet") == 0
    assert pq.read_table("out.parquet")["q"].to_pylist() == [None, None]


def test_rows_of_nobody_are_refused_when_they_are_read_anew(capsys: pytest.CaptureFixture[str]) -> None:
    pq.write_table(pa.table({"q": ["a", "a", "b"], "person": ["1", "2", None]}), "out.parquet")
    Path("recipe.toml").write_text(f'[table]\nunit = "person"\n{ONE}[[keep]]\ncolumn = "person"\n[model]\nk = 1\n')
    assert check() == 4
    assert "column 'person' is empty in 1 rows: each row must tell whose it is." in capsys.readouterr().err


def test_where_no_row_is_left_no_model_is_said_to_hold(capsys: pytest.CaptureFixture[str]) -> None:
    Path("table.csv").write_text("q,x\na,1\nb,1\n")
    limited = '[model]\nk = 2\nsuppression_limit = 1\n[objective]\nmetric = "average_class_size"\n'
    assert anonymise(ONE + limited) == 0
    said = capsys.readouterr().out
    assert "No row is left: there is no class that a model could be read from." in said
    assert "holds" not in said
    assert "inf" not in said


def test_the_summary_names_what_no_model_protects(capsys: pytest.CaptureFixture[str]) -> None:
    Path("table.csv").write_text("q,service,year\na,x,2010\na,y,2011\n")
    assert anonymise(f'{ONE}[[sensitive]]\ncolumn = "service"\n[[keep]]\ncolumn = "year"\n[model]\nk = 2\n') == 0
    assert "Kept as they are, protected by no model: service, year." in capsys.readouterr().out


def test_a_recipe_may_begin_with_a_byte_order_mark() -> None:
    Path("table.csv").write_text("q,x\na,1\na,1\n")
    assert anonymise(f"\ufeff{ONE}[model]\nk = 2\n") == 0

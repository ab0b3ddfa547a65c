"""The command writes the very rows of the best node that trying everything finds, and what it wrote holds what was asked.

Each guarantee has its twin: with that one taken out, what is written must be told, by two readings that share nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
import pytest
from hypothesis import given, seed, settings
from tests.jalostamo.managing.sensitive.preparing.anonymity import oracle, written
from tests.jalostamo.managing.sensitive.preparing.anonymity.drawn import tasks
from tests.jalostamo.managing.sensitive.preparing.anonymity.oracle import Column, Diversity, Sensitive, Task
from tests.jalostamo.managing.sensitive.preparing.anonymity.oracle_distances import Closeness, distance, shares

from jalostamo.doors.closed_room import main

AREAS = Column("area", (("a", "*"), ("b", "*"), ("c", "*")))


@dataclass(frozen=True)
class Done:
    """What the commands said and wrote about one table."""

    code: int
    folder: Path

    @property
    def out(self) -> Path:
        return self.folder / "out.parquet"

    @property
    def report(self) -> dict[str, object]:
        found = json.loads((self.folder / "report.json").read_bytes())
        assert isinstance(found, dict)
        return found


def anonymised(task: Task, folder: Path) -> Done:
    """The real command on the files of a task."""
    table, recipe = written.write(task, folder)
    out, report = folder / "out.parquet", folder / "report.json"
    return Done(
        main(["anonymise", str(table), "--recipe", str(recipe), "--out", str(out), "--report", str(report)]), folder
    )


def checked(task: Task, out: Path, folder: Path) -> tuple[int, dict[str, bool], dict[str, float]]:
    """The exit code of the real check of a file against a recipe, which models it says to hold, and the risks it sees."""
    folder.mkdir(exist_ok=True)
    table, recipe = written.write(task, folder)
    words = [
        str(out),
        "--recipe",
        str(recipe),
        "--source",
        str(table),
        "--report",
        str(folder / "check.json"),
        "--force",
    ]
    code = main(["check-anonymity", *words])
    found = json.loads((folder / "check.json").read_bytes())
    assert found["holds"] == (code == 0) == all(model["holds"] for model in found["models"].values())
    return (code, {name: model["holds"] for name, model in found["models"].items()}, found["risks"])


@pytest.mark.slow
@seed(2026)
@settings(max_examples=settings.default.max_examples // 2)
@given(tasks())
def test_the_command_writes_what_trying_everything_finds(task: Task) -> None:
    found = oracle.optimum(task)
    with TemporaryDirectory() as place:
        done = anonymised(task, Path(place))
        assert done.code == (3 if found is None else 0)
        assert done.out.exists() == (found is not None)
        if found is not None:
            told_as_found(task, found, done.report)
            released = written.read(done.out)
            assert Counter(tuple(row.values()) for row in released) == written.expected(task, found)
            assert written.failing(task, released) == set()
            code, _, risks = checked(task, done.out, Path(place, "check"))
            assert code == 0
            # Of units, risks are told by units: here those of rows alone.
            assert task.units or risks == pytest.approx(risks_of(task, found))


def told_as_found(task: Task, found: oracle.Found, report: dict[str, object]) -> None:
    """The report says what trying everything found."""
    names = [column.name for column in task.columns]
    assert report["levels"] == dict(zip(names, found.levels, strict=True))
    assert report["loss"] == pytest.approx(found.loss, abs=1e-9)
    assert report["objective"] == {"metric": task.metric, "value": pytest.approx(found.value, abs=1e-9)}
    assert (report["classes"], report["smallest_class"]) == (found.classes, found.smallest_class)
    assert (report["rows"], report["released_rows"]) == (len(task.rows), len(found.kept))
    assert report["suppressed_rows"] == len(task.rows) - len(found.kept)
    assert (report["proved_optimal"], report["gap"]) == (True, 0.0)
    assert isinstance(report["models"], dict)
    models_as_found(task, found, report["models"])


def models_as_found(task: Task, found: oracle.Found, models: dict[str, object]) -> None:
    """The report says how many units the smallest class has, and how far the farthest is from the table."""
    classes = [[task.rows[i] for i in members] for members in oracle.released(task, found.levels)]
    if task.k is not None:
        least = min(oracle.least_units(task, members) for members in classes)
        assert models["k_anonymity"] == {"asked": task.k, "found": least, "holds": True}
    for column in task.sensitive:
        if column.closeness is not None:
            whole = shares(row[column.name] for row in task.rows)
            ways = (shares(row[column.name] for row in members) for members in classes)
            farthest = max(distance(column.closeness, way, whole) for way in ways)
            told = models[f"t_closeness:{column.name}"]
            assert told == {
                "asked": float(column.closeness.t),
                "found": pytest.approx(farthest, abs=1e-9),
                "holds": True,
            }


def risks_of(task: Task, found: oracle.Found) -> dict[str, float]:
    """One of so many at most, on average, and how many of the released rows are alone."""
    sizes = [len(members) for members in oracle.released(task, found.levels)]
    return {"maximum": 1 / min(sizes), "average": len(sizes) / sum(sizes), "unique_share": sizes.count(1) / sum(sizes)}


def rows(*drawn: str) -> tuple[dict[str, str], ...]:
    """Rows of an area, a service and a person, a letter each."""
    return tuple(dict(zip(("area", "service", "person"), letters, strict=True)) for letters in drawn)


def planted(models: tuple[Sensitive, ...], *drawn: str, k: int | None = 2, unit: str | None = None) -> Task:
    return Task(rows(*drawn), (AREAS,), k=k, sensitive=models, units=(unit,) if unit else (), limit="0")


ANY = Sensitive("service", Diversity("distinct", 1))
PLANTED = {
    "k_anonymity": planted((ANY,), "axp", "byq", "bxr", "cyt"),
    "l_diversity:service": planted((Sensitive("service", Diversity("distinct", 2)),), "axp", "axq", "bxr", "byt"),
    "l_diversity:service, entropy": planted(
        (Sensitive("service", Diversity("entropy", 2)),), "axp", "axq", "ayr", "byt", "byu", "bxv"
    ),
    "l_diversity:service, recursive": planted(
        (Sensitive("service", Diversity("recursive", 2, "2")),), "axp", "axq", "ayr", "byt", "byu", "bxv"
    ),
    "t_closeness:service, equal": planted(
        (Sensitive("service", closeness=Closeness("equal", "0.1")),), "axp", "axq", "ayr", "byt", "byu", "bxv"
    ),
    "t_closeness:service, ordered": planted(
        (Sensitive("service", closeness=Closeness("ordered", "0.1", ("x", "z", "y"))),), "axp", "axq", "byt", "byu"
    ),
    "t_closeness:service, hierarchical": planted(
        (Sensitive("service", closeness=Closeness("hierarchical", "0.1", (), (("x", "v", "*"), ("y", "w", "*")))),),
        *("axp", "axq", "byt", "byu"),
    ),
    "unit": planted((ANY,), "axp", "axp", "bxq", "bxr", unit="person"),
}


@pytest.mark.parametrize("guarantee", PLANTED)
def test_with_its_guarantee_a_planted_table_holds_and_without_it_both_readings_tell(
    guarantee: str, tmp_path: Path
) -> None:
    task, model = PLANTED[guarantee], guarantee.partition(",")[0]
    failed = "k_anonymity" if model == "unit" else model
    kept, left_out = tmp_path / "kept", tmp_path / "left_out"
    kept.mkdir()
    left_out.mkdir()
    held = anonymised(task, kept)
    assert (held.code, held.report["levels"]) == (0, {"area": 1})
    assert (written.failing(task, written.read(held.out)), checked(task, held.out, kept)[0]) == (set(), 0)
    weak = anonymised(written.without(task, model), left_out)
    assert (weak.code, weak.report["levels"]) == (0, {"area": 0})
    assert written.failing(task, written.read(weak.out)) == {failed}
    code, holds, _ = checked(task, weak.out, tmp_path / "check")
    assert (code, [name for name, held in holds.items() if not held]) == (3, [failed])


LIMITED = planted((), *["axp"] * 71, *["bxq"] * 29, k=30)


def test_a_limit_is_a_decimal(tmp_path: Path) -> None:
    done = anonymised(replace(LIMITED, limit="0.29"), tmp_path)
    assert (done.code, done.report["levels"], done.report["suppressed_rows"]) == (0, {"area": 0}, 29)


def test_suppressed_rows_left_in_are_told_by_both_readings(tmp_path: Path) -> None:
    task = replace(LIMITED, limit="0.29")
    done = anonymised(task, tmp_path)
    assert checked(task, done.out, tmp_path)[0] == 0
    left_in = pl.DataFrame(rows("bxq")).select(pl.read_parquet(done.out).columns)
    pl.concat([pl.read_parquet(done.out), left_in]).write_parquet(done.out)
    assert written.failing(task, written.read(done.out)) == {"k_anonymity"}
    assert checked(task, done.out, tmp_path)[0] == 3


@pytest.mark.parametrize("metric", oracle.METRICS)
def test_a_table_of_which_nothing_can_be_released_ends_in_words(metric: str, tmp_path: Path) -> None:
    task = replace(planted((), "axp", "byq"), columns=(Column("area"),), limit="1", metric=metric)
    done = anonymised(task, tmp_path)
    assert done.code in (0, 3)
    assert done.out.exists() == (done.code == 0)

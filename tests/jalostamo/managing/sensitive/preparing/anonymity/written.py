"""A small table, its hierarchies and its recipe as the files that the command reads; and what it wrote, read back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
import tomli_w
from tests.jalostamo.managing.sensitive.preparing.anonymity import oracle, oracle_exposure
from tests.jalostamo.managing.sensitive.preparing.anonymity.oracle import Row, Task


def write(task: Task, folder: Path) -> tuple[Path, Path]:
    """The table and the recipe, which keeps every other column, so that what is written can be counted in units."""
    table, recipe = folder / "table.csv", folder / "recipe.toml"
    names = list(task.rows[0])
    lines([names, *([row[name] or "" for name in names] for row in task.rows)], table)
    recipe.write_text(tomli_w.dumps(recipe_of(task, folder)))
    return table, recipe


def lines(rows: Iterable[Sequence[str]], path: Path) -> str:
    """A file with `;` between; its name."""
    path.write_text("".join(";".join(row) + "\n" for row in rows))
    return path.name


def kept(task: Task) -> list[str]:
    """The columns that are kept as they are: those of the units, whether these are counted or not."""
    return [name for name in task.rows[0] if name not in {column.name for column in (*task.columns, *task.sensitive)}]


def recipe_of(task: Task, folder: Path) -> dict[str, object]:
    unit: object = "row" if not task.units else task.units[0] if len(task.units) == 1 else list(task.units)
    model: dict[str, object] = {"suppression_limit": float(task.limit)} | ({} if task.k is None else {"k": task.k})
    beside = exposed(task, folder) if task.exposed else {}
    return {
        **({"population": beside["population"]} if "population" in beside else {}),
        "table": {"delimiter": ";", "unit": unit},
        "quasi_identifier": [quasi_identifier(column, folder) for column in task.columns],
        "sensitive": [sensitive(column, folder) for column in task.sensitive],
        "keep": [{"column": name} for name in kept(task)],
        "model": model | {key: value for key, value in beside.items() if key != "population"},
        "objective": {"metric": task.metric},
    }


def exposed(task: Task, folder: Path) -> dict[str, object]:
    """The keys of [model], and the population with a column that the recipe does not name."""
    asked, told = task.exposed, {}
    assert asked is not None
    for key in ("maximum_risk", "average_risk", "sample_uniqueness", "population_uniqueness"):
        told |= {} if getattr(asked, key) is None else {key: float(getattr(asked, key))}
    told |= {"k_map": asked.k_map} if asked.k_map else {}
    presence = {key: float(share) for key in ("least", "most") if (share := getattr(asked, key)) is not None}
    told |= {"presence": presence} if presence else {}
    told |= {"against": "population"} if asked.against_population else {}
    if asked.size is not None:
        return told | {"population": {"size": asked.size}}
    names = [column.name for column in task.columns]
    if asked.population:
        rows = [[f"{n}", *(row[name] or "" for name in names)] for n, row in enumerate(asked.population)]
        told["population"] = {"file": lines([["number", *names], *rows], folder / "people.csv")}
    return told


def quasi_identifier(column: oracle.Column, folder: Path) -> dict[str, object]:
    told: dict[str, object] = {"column": column.name, "weight": column.weight}
    if column.hierarchy:
        told["hierarchy"] = lines(column.hierarchy, folder / f"{column.name}.csv")
    return told


def sensitive(column: oracle.Sensitive, folder: Path) -> dict[str, object]:
    told: dict[str, object] = {"column": column.name}
    if (diversity := column.diversity) is not None:
        c = {"c": float(diversity.c)} if diversity.kind == "recursive" else {}
        told["l_diversity"] = {"kind": diversity.kind, "l": diversity.l, **c}
    if (closeness := column.closeness) is not None:
        order = {"order": list(closeness.order)} if closeness.order else {}
        tree = {"hierarchy": lines(closeness.tree, folder / f"tree_{column.name}.csv")} if closeness.tree else {}
        told["t_closeness"] = {"kind": closeness.kind, "t": float(closeness.t), **order, **tree}
    return told


def read(path: Path) -> list[Row]:
    """The rows of a written file, all as text."""
    frame = pl.read_parquet(path)
    return frame.select(pl.all().cast(pl.String)).to_dicts()


def expected(task: Task, found: oracle.Found) -> Counter[tuple[str | None, ...]]:
    """The rows that must be released, in the recipe's column order, however they are sorted."""
    called, rest = (oracle.generalised(task, found.levels), [*(s.name for s in task.sensitive), *kept(task)])
    return Counter((*called[i], *(task.rows[i][name] for name in rest)) for i in found.kept)


def failing(task: Task, released: Sequence[Row]) -> set[str]:
    """The models that a written file does not hold, by the oracle's own reading of it: its columns are as they stand."""
    names = [column.name for column in task.columns]
    classes = oracle.alike([tuple(row[name] for name in names) for row in released], range(len(released)))
    return {failure for members in classes for failure in oracle.failures(task, [released[i] for i in members])}


def exposing(task: Task, levels: oracle.Levels, released: Sequence[Row]) -> set[str]:
    """The models of how exposed people are that a written file does not hold, by the oracle's own reading of it."""
    asked, there = task.exposed, oracle.held(task, levels)
    if asked is None:
        return set()
    names = [column.name for column in task.columns]
    called = [tuple(row[name] for name in names) for row in released]
    left = {
        called[members[0]]: oracle.people(task, [released[i] for i in members])
        for members in oracle.alike(called, range(len(called)))
    }
    found = {failure for name, n in left.items() for failure in oracle_exposure.class_failures(asked, n, there[name])}
    return found if "stranger" in found else found | set(oracle_exposure.release_failures(asked, left, there))


def without(task: Task, model: str) -> Task:
    """The task with one of its guarantees taken out."""
    if model == "k_anonymity":
        return replace(task, k=None)
    if model == "unit":
        return replace(task, units=())
    field = "diversity" if model.startswith("l_diversity") else "closeness"
    return replace(task, sensitive=tuple(replace(column, **{field: None}) for column in task.sensitive))

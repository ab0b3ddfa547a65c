"""A small table, its hierarchies and its recipe as the files that the command reads; and what it wrote, read back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
import tomli_w
from tests.jalostamo.managing.sensitive.preparing.anonymity import oracle
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
    return {
        "table": {"delimiter": ";", "unit": unit},
        "quasi_identifier": [quasi_identifier(column, folder) for column in task.columns],
        "sensitive": [sensitive(column, folder) for column in task.sensitive],
        "keep": [{"column": name} for name in kept(task)],
        "model": model,
        "objective": {"metric": task.metric},
    }


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
    called, rest = oracle.generalised(task, found.levels), [*(s.name for s in task.sensitive), *kept(task)]
    return Counter((*called[i], *(task.rows[i][name] for name in rest)) for i in found.kept)


def failing(task: Task, released: Sequence[Row]) -> set[str]:
    """The models that a written file does not hold, by the oracle's own reading of it: its columns are as they stand."""
    names = [column.name for column in task.columns]
    classes = oracle.alike([tuple(row[name] for name in names) for row in released], range(len(released)))
    return {failure for members in classes for failure in oracle.failures(task, [released[i] for i in members])}


def without(task: Task, model: str) -> Task:
    """The task with one of its guarantees taken out."""
    if model == "k_anonymity":
        return replace(task, k=None)
    if model == "unit":
        return replace(task, units=())
    field = "diversity" if model.startswith("l_diversity") else "closeness"
    return replace(task, sensitive=tuple(replace(column, **{field: None}) for column in task.sensitive))

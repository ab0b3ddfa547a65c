"""Of a whole public table, too, every node is tried, and the command finds the best of them by each metric."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import tomli_w
from numpy.typing import NDArray
from tests.jalostamo.managing.sensitive.preparing.anonymity.oracle import CLOSE, METRICS, Levels

from jalostamo.doors.closed_room import main

NAMES = (
    *("sex", "age", "race", "marital-status", "education", "native-country", "workclass"),
    *("occupation", "salary-class"),
)
ASKED = ((5, "0"), (5, "0.01"), (5, "0.05"), (100, "0"))

type Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Scale:
    """A column's codes at each level for each combination, with what a released cell costs there."""

    codes: list[NDArray[np.int64]]
    shares: list[Reals]
    bits: list[Reals]
    hidden: Reals
    d: int


@dataclass(frozen=True)
class Tried:
    """What each node suppresses and costs by each metric, for one k."""

    suppressed: dict[Levels, int]
    values: dict[str, dict[Levels, float]]

    def best(self, metric: str, limit: int) -> tuple[Levels, float]:
        held = {node: value for node, value in self.values[metric].items() if self.suppressed[node] <= limit}
        least = min(held.values())
        node = min((node for node in held if held[node] <= least + CLOSE), key=lambda node: (sum(node), node))
        return node, held[node]


def scale(values: list[str], rows: NDArray[np.int64], path: Path) -> Scale:
    tree = {line.split(";")[0]: line.split(";") for line in path.read_text().splitlines()}
    made = Scale([], [], [], np.empty(0), len(tree))
    recorded = Counter[str]()
    for value, times in zip(values, rows.tolist(), strict=True):
        recorded[value] += times
    own = np.array([recorded[value] for value in values])
    for level in range(len(next(iter(tree.values())))):
        names = [tree[value][level] for value in values]
        in_file, called = Counter(row[level] for row in tree.values()), Counter[str]()
        for value, times in recorded.items():
            called[tree[value][level]] += times
        made.codes.append(np.unique(names, return_inverse=True)[1].astype(np.int64))
        made.shares.append(np.array([in_file[name] / len(tree) for name in names]))
        made.bits.append(-np.log2(own / np.array([called[name] for name in names])))
    return Scale(made.codes, made.shares, made.bits, -np.log2(own / rows.sum()), made.d)


def tried(scales: list[Scale], rows: NDArray[np.int64], k: int) -> Tried:
    """Every node, on the combinations that occur."""
    found = Tried({}, {metric: {} for metric in METRICS})
    for node in product(*(range(len(one.codes)) for one in scales)):
        key = np.zeros(len(rows), np.int64)
        for one, level in zip(scales, node, strict=True):
            key = key * (int(one.codes[level].max()) + 1) + one.codes[level]
        of = np.unique(key, return_inverse=True)[1]
        sizes = np.bincount(of, weights=rows)
        kept = np.where(sizes[of] >= k, rows, 0)
        found.suppressed[node] = int(rows.sum() - kept.sum())
        for metric, value in priced(scales, node, (rows, kept, sizes[sizes >= k])).items():
            found.values[metric][node] = value
    return found


def priced(
    scales: list[Scale], node: Levels, counted: tuple[NDArray[np.int64], NDArray[np.int64], Reals]
) -> dict[str, float]:
    """Each metric of a node."""
    rows, kept, sizes = counted
    n, total, bits, levels = int(rows.sum()), 1.0, 0.0, 0.0
    gone = n - int(kept.sum())
    left, out = kept.astype(np.float64), (rows - kept).astype(np.float64)
    for one, level in zip(scales, node, strict=True):
        x = float(left @ one.shares[level]) + gone
        total *= 1 + max(0.0, (x - n / one.d) / (n - n / one.d))
        bits += float(left @ one.bits[level] + out @ one.hidden)
        levels += level / (len(one.codes) - 1)
    return {
        "loss": total ** (1 / len(scales)) - 1,
        "precision": ((n - gone) * levels + gone * len(scales)) / (n * len(scales)),
        "discernibility": float((sizes**2).sum() + gone * n),
        "average_class_size": (n - gone) / len(sizes) if len(sizes) else math.inf,
        "entropy": bits,
    }


@pytest.mark.deep
def test_of_every_generalisation_of_a_public_table_the_command_finds_the_best(
    shared_data: Callable[[str], Path], tmp_path: Path
) -> None:
    table = shared_data("adult/adult.csv")
    counted = pl.read_csv(table, separator=";", infer_schema=False).group_by(NAMES).len().sort(NAMES)
    rows = counted["len"].to_numpy().astype(np.int64)
    files = {name: table.with_name(f"adult_hierarchy_{name}.csv") for name in NAMES}
    scales = [scale(counted[name].to_list(), rows, path) for name, path in files.items()]
    of_k = {k: tried(scales, rows, k) for k in {k for k, _ in ASKED}}
    for name, path in files.items():
        (tmp_path / f"{name}.csv").write_bytes(path.read_bytes())
    for (k, limit), metric in product(ASKED, METRICS):
        node, value = of_k[k].best(metric, math.floor(Fraction(limit) * int(rows.sum())))
        report = anonymised(table, tmp_path, {"k": k, "suppression_limit": float(limit)}, metric)
        assert (report["levels"], report["proved_optimal"]) == (dict(zip(NAMES, node, strict=True)), True)
        assert report["objective"] == {"metric": metric, "value": pytest.approx(value, rel=1e-9)}


def anonymised(table: Path, folder: Path, model: dict[str, object], metric: str) -> dict[str, object]:
    """The report of the real command."""
    quasi = [{"column": name, "hierarchy": f"{name}.csv"} for name in NAMES]
    asked = {"table": {"delimiter": ";"}, "quasi_identifier": quasi, "model": model, "objective": {"metric": metric}}
    recipe, out, report = folder / "recipe.toml", folder / "out.parquet", folder / "report.json"
    recipe.write_text(tomli_w.dumps(asked))
    words = ["--recipe", str(recipe), "--out", str(out), "--report", str(report), "--force"]
    assert main(["anonymise", str(table), *words]) == 0
    found = json.loads(report.read_bytes())
    assert isinstance(found, dict)
    return found

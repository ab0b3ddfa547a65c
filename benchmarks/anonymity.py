"""How long anonymising one table takes, beside anjana on the same table.

Ours is measured in a child process for each case: once cold, then as often as asked warm, of which the median is told, in
CPU seconds, and the most memory of the process. The peer, as often, runs in an environment of its own, which `--peers` makes.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import io
import json
import os
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import tomli_w
from measuring import child

from jalostamo.doors.closed_room import main as closed_room

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
ADULT, MAKER = SHARED / "data" / "adult", SHARED / "tools" / "population.py"
PEERS = {"pycanon": "1.3.6", "anjana": "1.2.3"}
TIMES_ANJANA = 500
NINE = (
    *("sex", "age", "race", "marital-status", "education", "native-country", "workclass"),
    *("occupation", "salary-class"),
)
SEVEN = ("birth_year", "sex", "native_language", "postcode", "household_type", "income_class", "education")
SERVICES = {"l": {"l_diversity": {"kind": "distinct", "l": 3}}, "t": {"t_closeness": {"kind": "equal", "t": 0.2}}}
ADULT_PROMISED = ((5, 0.0, 0.07), (5, 0.01, 0.3), (5, 0.05, 0.25), (100, 0.0, 0.05))


@dataclass(frozen=True)
class Case:
    """A table of the shared data or so many people, what is asked of it, and what is promised, of load and search or search."""

    name: str
    people: int
    columns: tuple[str, ...]
    k: int
    limit: float
    promised: float
    gibibytes: float | None = None
    sensitive: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    loaded: bool = True


def people(rows: int, limit: float, promised: float, model: str = "k", *, columns: tuple[str, ...] = SEVEN) -> Case:
    sensitive = {"service": SERVICES[model]} if model in SERVICES else {}
    asked = {"k": "k=5", "l": "k=5 l=3", "t": "k=5 t=0.2"}[model]
    gibibytes = {10_000_000: 1.5, 100_000: 1.0}.get(rows)
    name = f"{rows:,} people, {len(columns)} columns, {asked}, {limit:.0%}"
    return Case(name, rows, columns, 5, limit, promised, gibibytes, sensitive)


CASES = (
    *(Case(f"adult, k={k}, {limit:.0%}", 0, NINE, k, limit, most, loaded=False) for k, limit, most in ADULT_PROMISED),
    Case(
        "adult, k=5 t=0.2, 5%", 0, NINE[:7] + NINE[8:], 5, 0.05, 0.45, None, {"occupation": SERVICES["t"]}, loaded=False
    ),
    *(people(1_000_000, limit, 2, model) for model in "kl" for limit in (0.01, 0.05)),
    *(people(1_000_000, limit, 6, "t") for limit in (0.01, 0.05)),
    *(
        people(100_000, limit, 5, m, columns=(*SEVEN, "occupation", "dwelling"))
        for m in "klt"
        for limit in (0.01, 0.05)
    ),
    *(people(10_000_000, limit, 25) for limit in (0.01, 0.05)),
)


ANJANA = """
import csv, json, statistics, sys, time
import pandas as pd
from anjana.anonymity import k_anonymity
asked = json.loads(sys.argv[1])
data = pd.read_csv(asked["table"], sep=";", dtype=str, keep_default_na=False)[list(asked["hierarchies"])]
trees = {}
for column, path in asked["hierarchies"].items():
    rows = list(csv.reader(open(path), delimiter=";"))
    trees[column] = {level: pd.Series([row[level] for row in rows]) for level in range(len(rows[0]))}
took = []
for _ in range(asked["runs"]):
    began = time.process_time()
    out = k_anonymity(data, [], list(trees), asked["k"], 100 * asked["limit"], trees)
    took.append(time.process_time() - began)
print(statistics.median(took))
out[list(trees)].to_csv(asked["out"], sep=";", index=False)
"""


def laid_out(case: Case, folder: Path) -> tuple[Path, Path]:
    """The table of a case, made where there is none yet, and its recipe, beside the hierarchies."""
    place = folder / (f"people_{case.people}" if case.people else "adult")
    table = place / (f"pop_{case.people}.csv" if case.people else "adult.csv")
    if not table.exists() and case.people:
        subprocess.run([sys.executable, MAKER, place, str(case.people)], check=True)
    elif not table.exists():
        place.mkdir()
        table.write_bytes((ADULT / "adult.csv").read_bytes())
        for path in ADULT.glob("adult_hierarchy_*.csv"):
            (place / path.name.replace("adult_hierarchy_", "h_")).write_bytes(path.read_bytes())
    recipe = place / "recipe.toml"
    recipe.write_text(tomli_w.dumps(recipe_of(case)))
    return table, recipe


def recipe_of(case: Case) -> dict[str, object]:
    """What the recipe of a case says."""
    return {
        "table": {"delimiter": ";", "unit": "row"},
        "quasi_identifier": [{"column": column, "hierarchy": f"h_{column}.csv"} for column in case.columns],
        "sensitive": [{"column": column, **models} for column, models in case.sensitive.items()],
        "model": {"k": case.k, "suppression_limit": case.limit},
    }


def measure(case: Case, folder: Path, runs: int) -> dict[str, float]:
    """A case anonymised cold, then warm, in a process of its own: the report of a run, of each figure the median."""
    table, recipe = laid_out(case, folder)
    asked = {"table": str(table), "recipe": str(recipe), "runs": runs}
    run = child([sys.executable, __file__, str(folder), "--run", json.dumps(asked)])
    peak, said = run.memory, run.last
    cold, *warm = json.loads(said)
    seconds = {step: statistics.median(run["cpu_seconds"][step] for run in warm) for step in cold["cpu_seconds"]}
    rest = {"peak": peak, "cold": sum(cold["cpu_seconds"].values()), "loss": warm[0]["loss"], "rows": warm[0]["rows"]}
    found: dict[str, float] = seconds | rest | warm[0]["nodes"]
    return found


def line(case: Case, found: Mapping[str, float]) -> str:
    """A line of the report."""
    took = found["search"] + found["load"] * case.loaded
    kept = took <= case.promised and (case.gibibytes is None or found["peak"] <= case.gibibytes)
    memory = f" of {case.gibibytes:.1f}" if case.gibibytes else ""
    return (
        f"{case.name}: {'load and search' if case.loaded else 'search'} {took:.3f} of {case.promised} CPU s"
        f" (load {found['load']:.3f}, search {found['search']:.3f}, apply {found['apply']:.3f}, cold {found['cold']:.2f});"
        f" {found['peak']:.2f}{memory} GiB; {found['evaluated']:,} of {found['total']:,} nodes; loss {found['loss']:.6f};"
        f" {'kept' if kept else 'MISSED'} (load of the machine {os.getloadavg()[0]:.1f})"
    )


def peer_python(name: str, folder: Path, *, make: bool) -> Path | None:
    """The Python of a peer's own environment; made when asked, None where there is none."""
    python = folder / f"env_{name}" / "bin" / "python"
    if not python.exists() and make:
        subprocess.run([sys.executable, "-m", "venv", folder / f"env_{name}"], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"{name}=={PEERS[name]}"], check=True)
    return python if python.exists() else None


def loss_of(path: Path, rows: int, files: Mapping[str, str]) -> float:
    """The metric "loss" of a written table: of each column by the lowest level that has all of its values."""
    with path.open(newline="") as opened:
        written = list(csv.DictReader(opened, delimiter=";"))
    total = 1.0
    for column, file in files.items():
        tree = [line.split(";") for line in Path(file).read_text().splitlines()]
        counts = Counter(row[column] for row in written)
        levels = [Counter(row[level] for row in tree) for level in range(len(tree[0]))]
        level = next(level for level in levels if level.keys() >= counts.keys())
        d = len(tree)
        x = sum(n * level[value] / d for value, n in counts.items()) + rows - len(written)
        total *= 1 + max(0.0, (x - rows / d) / (rows - rows / d) if d > 1 else 0.0)
    return float(total ** (1 / len(files)) - 1)


def beside_anjana(case: Case, found: Mapping[str, float], table: Path, *, python: Path, runs: int) -> str:
    """The same table, columns and k by anjana, with its loss by the same formula."""
    out = table.with_name("anjana.csv")
    files = {column: str(table.parent / f"h_{column}.csv") for column in case.columns}
    asked = {"table": str(table), "hierarchies": files, "k": case.k, "limit": case.limit, "out": str(out)}
    asked["runs"] = runs
    run = child([python, "-W", "ignore", "-c", ANJANA, json.dumps(asked)])
    peak, said = run.memory, run.last
    lost, theirs = loss_of(out, int(found["rows"]), files), float(said)
    ours, search = found["load"] + found["search"], found["search"]
    verdict = "kept" if theirs / search >= TIMES_ANJANA and found["loss"] <= lost + 1e-9 else "MISSED"
    return (
        f"  anjana: {theirs:.2f} CPU s in memory, {peak:.2f} GiB; ours {search:.3f} in memory, {theirs / search:.0f} times as"
        f" fast, of {TIMES_ANJANA}, or {ours:.3f} with reading the file, {theirs / ours:.0f} times; loss {lost:.6f},"
        f" ours {found['loss']:.6f}: {verdict}"
    )


def run(asked: Mapping[str, str | int]) -> None:
    """Anonymise in this process, cold and then warm, and print the reports."""
    table, recipe = Path(str(asked["table"])), str(asked["recipe"])
    out, report = (str(table.with_name(name)) for name in ("out.parquet", "report.json"))
    reports = []
    for _ in range(1 + int(asked["runs"])):
        do("anonymise", str(table), "--recipe", recipe, "--out", out, "--report", report, "--force")
        reports.append(json.loads(Path(report).read_bytes()))
    print(json.dumps(reports))


def do(*words: str, held: tuple[int, ...] = (0,)) -> None:
    """A command of the closed room in this process, which says nothing of its own."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        code = closed_room(words)
    if code not in held:
        raise SystemExit(f"{words[0]} ended with {code}")


def main() -> None:
    """Measure every case that is promised, and the peer where it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where tables, and the environments of the peers, are made")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--most", type=int, default=10_000_000, help="leave out tables of more people")
    parser.add_argument("--peers", action="store_true", help="make the environments of the peers first")
    parser.add_argument("--run", type=json.loads, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        run(asked.run)
        return
    anjana = peer_python("anjana", asked.folder, make=asked.peers)
    for case in CASES:
        missing = MAKER if case.people else ADULT
        if case.people > asked.most or not missing.exists():
            print(f"{case.name}: left out, {'as asked' if missing.exists() else f'without ../shared/{missing.name}'}")
            continue
        found = measure(case, asked.folder, asked.runs)
        print(line(case, found), flush=True)
        if anjana is not None and case.people <= 100_000 and not case.sensitive:
            table, _ = laid_out(case, asked.folder)
            print(beside_anjana(case, found, table, python=anjana, runs=asked.runs), flush=True)


if __name__ == "__main__":
    main()

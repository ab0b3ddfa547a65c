"""How long the independent check of written rows takes, beside pycanon on the same rows.

Ours reads a file, and pycanon has the same rows in memory; both know what is asked, and measure t against those rows. In CPU
seconds, medians, warm and cold, each in a process of its own; the peer in an environment of its own, which `--peers` makes.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
import tomli_w
from anonymity import (
    ADULT,
    CASES,
    MAKER,
    NINE,
    SERVICES,
    Case,
    do,
    laid_out,
    measure,
    peer_python,
    people,
    recipe_of,
)
from measuring import child

from jalostamo.engine.connection import Engine, open_engine
from jalostamo.managing.sensitive.preparing.anonymity.checking import check as library_check
from jalostamo.managing.sensitive.preparing.anonymity.reading import read_recipe

TIMES_PYCANON = 50


@dataclass(frozen=True)
class Check:
    """A table that is checked, as it was recorded or as its case releases it, and what its ratio shows."""

    name: str
    file: str
    case: Case
    released: bool
    shows: str


_ADULT_T = CASES[4]
_LONG, _TOO_MANY = 20.0, 2_000_000_000
CHECKS = (
    Check(
        "adult as recorded",
        "recorded",
        _ADULT_T,
        False,
        "many classes, most of one row: pycanon goes through them in turn",
    ),
    Check(
        "adult, k=5 1%",
        "k5",
        Case("adult, k=5, 1%, occupation", 0, NINE[:7] + NINE[8:], 5, 0.01, 9, None, {"occupation": {}}),
        True,
        "a release as it is usual",
    ),
    Check("adult, k=5 t=0.2, 5%", "t02", _ADULT_T, True, "hardly any class: what is left is reading the rows once"),
    *(
        Check(
            f"{rows:,} people, k={k} 1%",
            f"people_k{k}",
            replace(people(rows, 0.01, 9), k=k, sensitive={"service": {}}),
            True,
            shows,
        )
        for rows, k, shows in (
            (100_000, 5, "three times the rows"),
            (1_000_000, 5, "a city's rows, thousands of classes"),
            (1_000_000, 1_000, "a city's rows, few classes"),
        )
    ),
)


PYCANON = """
import json, statistics, sys, time
import pandas as pd
from pycanon import anonymity
asked = json.loads(sys.argv[1])
data = pd.read_csv(asked["table"], sep=";", dtype=str, keep_default_na=False)
took = []
for _ in range(asked["runs"]):
    began = time.process_time()
    anonymity.k_anonymity(data, asked["columns"])
    anonymity.l_diversity(data, asked["columns"], [asked["sensitive"]])
    anonymity.t_closeness(data, asked["columns"], [asked["sensitive"]])
    took.append(time.process_time() - began)
    if took[-1] > asked["long"]:
        break
print(statistics.median(took))
"""


def checks(folder: Path, runs: int, python: Path | None, *, most: int) -> None:
    """k, l and t of tables as they were recorded and as they are released, ours beside pycanon's; and what our command takes."""
    print(
        f"checks of k, l and t; pycanon once where it takes over {_LONG:.0f} CPU s, and not where rows times classes pass {_TOO_MANY:,}"
    )
    for each in CHECKS:
        missing = MAKER if each.case.people else ADULT
        if each.case.people > most or not missing.exists():
            print(f"{each.name}: left out, {'as asked' if missing.exists() else f'without ../shared/{missing.name}'}")
            continue
        table, rows = rows_of(each, folder)
        said = child(
            [sys.executable, __file__, str(folder), "--check", json.dumps(asked_of(each, table, rows, runs))]
        ).last
        found = json.loads(said)
        print(check_line(each, found), flush=True)
        if python is not None and found["classes"] * found["rows"] < _TOO_MANY:
            print(beside_pycanon(each, found["check"], rows, python=python, runs=runs), flush=True)


def rows_of(each: Check, folder: Path) -> tuple[Path, Path]:
    """The table of a check, and its rows in a file of Parquet and one of text: recorded, or released by their case."""
    table, _ = laid_out(each.case, folder)
    rows = table.with_name(f"{each.file}.parquet")
    if each.released:
        measure(each.case, folder, 1)
        found = pl.read_parquet(table.with_name("out.parquet"))
    else:
        names = [*each.case.columns, *each.case.sensitive]
        found = pl.read_csv(table, separator=";", infer_schema=False).select(names)
    found.write_parquet(rows)
    found.write_csv(rows.with_suffix(".csv"), separator=";")
    return table, rows


def asked_of(each: Check, table: Path, rows: Path, runs: int) -> dict[str, str | int]:
    """What a check is told: its recipe asks for k, l and t, whatever the rows were released by."""
    recipe = table.with_name("check.toml")
    models = {column: {**SERVICES["l"], **SERVICES["t"]} for column in each.case.sensitive}
    recipe.write_text(tomli_w.dumps(recipe_of(replace(each.case, sensitive=models))))
    return {"out": str(rows), "recipe": str(recipe), "source": str(table), "runs": runs}


def check_line(each: Check, found: Mapping[str, float]) -> str:
    """A line of what our check took."""
    return (
        f"{each.name}, {found['rows']:,.0f} rows in {found['classes']:,.0f} classes: {found['check']:.4f} CPU s"
        f" (cold {found['cold']:.2f}); with its recipe and t against the whole table, as a command, {found['command']:.3f}"
        f" (load of the machine {os.getloadavg()[0]:.1f})"
    )


def beside_pycanon(each: Check, ours: float, rows: Path, *, python: Path, runs: int) -> str:
    """The same rows by pycanon, and what the ratio shows."""
    (column,) = each.case.sensitive
    asked = {"table": str(rows.with_suffix(".csv")), "columns": each.case.columns, "sensitive": column, "long": _LONG}
    said = child([python, "-W", "ignore", "-c", PYCANON, json.dumps({**asked, "runs": runs})]).last
    ratio = float(said) / ours
    verdict = "kept" if ratio >= TIMES_PYCANON else "MISSED"
    return f"  pycanon: {float(said):.2f} CPU s; ours {ratio:,.0f} times as fast, of {TIMES_PYCANON}: {verdict}; {each.shows}"


def check(asked: Mapping[str, str | int]) -> None:
    """Check in this process, cold and then warm, by the library and by the command, and print the CPU seconds."""
    out, recipe, runs = Path(str(asked["out"])), Path(str(asked["recipe"])), int(asked["runs"])
    read = read_recipe(recipe)
    cold, *warm = [timed(lambda: library_check(_opened, out, read)) for _ in range(1 + 3 * runs)]
    found = library_check(_opened, out, read)
    words = (str(out), "--recipe", str(recipe), "--source", str(asked["source"]))
    report = str(out.with_name("check.json"))
    commands = [
        timed(lambda: do("check-anonymity", *words, "--report", report, "--force", held=(0, 3)))
        for _ in range(1 + runs)
    ]
    told = {"rows": found.rows, "classes": found.classes, "cold": cold, "check": statistics.median(warm)}
    print(json.dumps({**told, "command": statistics.median(commands[1:])}))


def timed(work: Callable[[], object]) -> float:
    """The CPU seconds that something takes."""
    began = time.process_time()
    work()
    return time.process_time() - began


@contextlib.contextmanager
def _opened() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder, open_engine(workspace=Path(folder)) as engine:
        yield engine


def main() -> None:
    """Measure every check, and the peer where it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where tables, and the environment of the peer, are made")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--most", type=int, default=1_000_000, help="leave out tables of more people")
    parser.add_argument("--peers", action="store_true", help="make the environment of the peer first")
    parser.add_argument("--check", type=json.loads, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.check:
        check(asked.check)
        return
    checks(asked.folder, asked.runs, peer_python("pycanon", asked.folder, make=asked.peers), most=asked.most)


if __name__ == "__main__":
    main()

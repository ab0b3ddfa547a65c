"""How long the time to event of ten million rows takes, by the command and by the library, beside lifelines on the same file.

Each is measured in a process of its own: CPU seconds and the most memory. lifelines runs in an environment of its own, which
`--peer` makes in the folder; its Kaplan-Meier is told beside ours, and how far its jittered Aalen-Johansen lies from it.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from measuring import child

PEER = "0.30.3"
COLUMNS = ("--time", "days", "--status", "ended", "--group", "area")
TABLE = """
COPY (
  SELECT least(t, c)::INTEGER AS days, CASE WHEN t <= c THEN 1 + (hash(i, 3) % 4 = 0)::INTEGER ELSE 0 END AS ended,
    'area ' || area AS area, age
  FROM (
    SELECT i, area, age, ceil(-ln(1 - u) * 900 / (1 + area / 20 + age / 10)) AS t, 1 + hash(i, 2) % 3650 AS c
    FROM (
      SELECT i, (hash(i, 1) % 1000000) / 1000000.0 AS u, hash(i, 4) % 5 AS area, hash(i, 5) % 8 AS age
      FROM range({rows}) AS r(i)
    )
  )
) TO '{path}' ({options})
"""
LIFELINES = """
import json, resource, sys, time
import numpy as np
import pandas as pd
import lifelines
from lifelines import AalenJohansenFitter, CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import multivariate_logrank_test
table, methods = sys.argv[1], sys.argv[2].split(",")
began = time.process_time()
data = pd.read_parquet(table)
took, found = {"load": time.process_time() - began}, {"version": lifelines.__version__}
for method in methods:
    began = time.process_time()
    event = data["ended"] == 1
    if method == "kaplan_meier":
        KaplanMeierFitter().fit(data["days"], event)
        for _, part in data.groupby("area"):
            KaplanMeierFitter().fit(part["days"], part["ended"] == 1)
    if method == "log_rank":
        found["log_rank"] = multivariate_logrank_test(data["days"], data["area"], event).test_statistic
    if method == "aalen_johansen":
        fitted = AalenJohansenFitter(calculate_variance=False, seed=1).fit(data["days"], data["ended"], event_of_interest=1)
        curve = fitted.cumulative_density_.iloc[:, 0]
        found["at_365"] = float(curve[curve.index <= 365.5].iloc[-1])
    if method == "cox":
        wide = pd.get_dummies(data, columns=["area"], drop_first=True, dtype=float)
        wide["ended"] = event
        model = CoxPHFitter().fit(wide, "days", "ended")
        found["age"] = float(model.params_["age"])
    took[method] = time.process_time() - began
print(json.dumps({"seconds": took, "found": found}))
"""


def made(folder: Path, rows: int) -> tuple[Path, Path]:
    """The table as Parquet and as CSV, made where they are missing."""
    places = folder / f"times_{rows}.parquet", folder / f"times_{rows}.csv"
    for path, options in zip(places, ("FORMAT parquet", "FORMAT csv, HEADER"), strict=True):
        if not path.exists():
            duckdb.sql(TABLE.format(rows=rows, path=path, options=options))
    return places


def library(table: Path) -> dict[str, object]:
    """Ours without the command, in this process: counted and curved, then Cox's model by area and age."""
    from jalostamo.engine.connection import open_engine
    from jalostamo.producing.survival.cox import cox
    from jalostamo.producing.survival.patterns import patterns_of
    from jalostamo.producing.survival.results import time_to_event

    seconds, began = {}, time.process_time()
    with tempfile.TemporaryDirectory() as folder, open_engine(workspace=Path(folder)) as engine:
        rows = engine.read_parquet(table).rename(time="days", status="ended", group="area")
        found = time_to_event(engine, rows, grouped=True)
        seconds["curves_and_tests"] = time.process_time() - began
        began = time.process_time()
        patterns = patterns_of(engine, rows, ["group", "age"])
        model = cox(patterns)
        seconds["cox"] = time.process_time() - began
    curve = found.all.aalen_johansen[1]
    told = {
        "log_rank": found.log_rank and found.log_rank.statistic,
        "at_365": float(curve.estimate[curve.time.searchsorted(365, side="right") - 1]),
        "patterns": len(patterns.n),
        "age": model.coefficients[-1].log_ratio,
    }
    return {"seconds": seconds, "found": told}


def peer_python(folder: Path) -> Path:
    """The Python of lifelines' own environment, made where there is none."""
    python = folder / "env_lifelines" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "env_lifelines"], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"lifelines=={PEER}", "pyarrow"], check=True)
    return python


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the tables are made, and stay for the next run")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--peer", action="store_true", help="measure lifelines too")
    parser.add_argument("--methods", default="kaplan_meier,log_rank,aalen_johansen,cox", help="what lifelines is asked")
    parser.add_argument("--library", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.library:
        print(json.dumps(library(asked.library)))
        return
    parquet, csv = made(asked.folder, asked.rows)
    for table in (parquet, csv):
        out = asked.folder / "out.json"
        words = ["-m", "jalostamo.doors.open_room", "time-to-event", table, *COLUMNS, "--out", out, "--force"]
        run = child([sys.executable, *words])
        seconds, peak = run.cpu, run.memory
        print(f"command, {table.suffix}: {seconds:.1f} CPU s, {peak:.2f} GiB")
        out.unlink()
    run = child([sys.executable, __file__, asked.folder, "--library", parquet])
    seconds, peak, said = run.cpu, run.memory, run.last
    print(f"library, .parquet: {seconds:.1f} CPU s, {peak:.2f} GiB: {said}")
    if asked.peer:
        run = child([peer_python(asked.folder), "-c", LIFELINES, parquet, asked.methods])
        seconds, peak, said = run.cpu, run.memory, run.last
        print(f"lifelines, .parquet: {seconds:.1f} CPU s, {peak:.2f} GiB: {said}")
    print(f"load of the machine {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()

"""How long maps, whole paths and pairs of services take in a log of 10 million events, and how much memory, beside PM4Py.

Each is a process of its own. PM4Py, which is AGPL and no dependency, lives in an environment of its own in the folder that is
given, made when asked for; it gives the same map: counts of steps, then their medians.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from measuring import child

from jalostamo.engine.connection import Engine, open_engine
from jalostamo.managing.logs import Days, LogColumns, LogFile, read_log
from jalostamo.managing.manifests import digest_of
from jalostamo.producing.log_files import Origin, open_log, write_log
from jalostamo.producing.paths import paths_in, paths_of
from jalostamo.producing.prepared_log import prepare
from jalostamo.producing.service_pairs import service_pairs
from jalostamo.producing.step_maps import step_map_of

PEER = "pm4py==2.7.23.11"
OF_PEER = (PEER, "polars>=2.1,<3", "pyarrow>=26,<27")
COLUMNS = LogColumns("case", "activity", "time")
# Ten events a customer on average, heavy users more; some services are used often and others hardly; rows in order of time.
MAKING = """
COPY (
    SELECT 'C' || lpad(((customer * 2654435761) % 4294967296)::BIGINT::VARCHAR, 10, '0') AS "case",
        'service ' || lpad(service::VARCHAR, 3, '0') AS activity, moment AS time
    FROM (
        SELECT (pow((hash(i) % 1000000007) / 1000000007.0, 1.3) * {customers})::BIGINT AS customer,
            (pow((hash(i + 77777777777) % 1000003) / 1000003.0, 2) * 100)::INT AS service,
            TIMESTAMP '2018-01-01' + to_minutes((hash(i * 3 + 5) % 3153600)::BIGINT) AS moment
        FROM range({events}) r(i)
    ) ORDER BY moment, customer, service
) TO '{folder}/log.parquet' (FORMAT parquet);
COPY (FROM '{folder}/log.parquet') TO '{folder}/log.csv' (HEADER);
"""
WITH_POLARS = """
import sys, polars, pm4py
names = {"case": "case:concept:name", "activity": "concept:name", "time": "time:timestamp"}
log = polars.scan_parquet(sys.argv[1]).rename(names).sort("case:concept:name", "time:timestamp")
steps, _, _ = pm4py.discover_dfg(log)
spread, _, _ = pm4py.discover_performance_dfg(log)
print(len(steps), sum(steps.values()), len(spread))
"""
WITH_PANDAS = """
import sys, pandas, pm4py
log = pm4py.format_dataframe(pandas.read_parquet(sys.argv[1]), case_id="case", activity_key="activity", timestamp_key="time")
steps, _, _ = pm4py.discover_dfg(log)
spread, _, _ = pm4py.discover_performance_dfg(log)
print(len(steps), sum(steps.values()), len(spread))
"""


def events_of(engine: Engine, folder: Path, days: Days | None = None) -> object:
    """The events of the Parquet log."""
    return read_log(engine, LogFile(folder / "log.parquet"), COLUMNS, days=days)


def to_map(engine: Engine, folder: Path) -> str:
    """From the Parquet file to the step map, with medians and cases."""
    found = step_map_of(engine, prepare(engine, events_of(engine, folder)))
    return f"{len(found.edges)} {sum(edge.count for edge in found.edges)}"


def to_paths(engine: Engine, folder: Path) -> str:
    """From the Parquet file to map, whole paths and durations."""
    return str(paths_in(engine, events_of(engine, folder)).variants)


def csv_to_paths(engine: Engine, folder: Path) -> str:
    """The same from the CSV file."""
    return str(paths_in(engine, read_log(engine, LogFile(folder / "log.csv"), COLUMNS)).variants)


def to_prepared(engine: Engine, folder: Path) -> str:
    """From the Parquet file to a prepared log that is written."""
    log = prepare(engine, events_of(engine, folder, Days.AS_WRITTEN))
    origin = Origin(digest_of(folder / "log.parquet"), "UTC")
    write_log(engine, log, folder / "prepared.parquet", origin=origin, force=True)
    return f"{(folder / 'prepared.parquet').stat().st_size / 1e6:.0f} MB"


def prepared_to_map(engine: Engine, folder: Path) -> str:
    """From the prepared log to the step map."""
    return str(len(step_map_of(engine, open_log(engine, folder / "prepared.parquet")[0]).edges))


def prepared_to_paths(engine: Engine, folder: Path) -> str:
    """From the prepared log to map, whole paths and durations."""
    return str(paths_of(engine, open_log(engine, folder / "prepared.parquet")[0]).variants)


def prepared_to_pairs(engine: Engine, folder: Path) -> str:
    """From the prepared log to before, same day, after and lift of every ordered pair of services."""
    return str(service_pairs(engine, open_log(engine, folder / "prepared.parquet")[0]).num_rows)


STEPS: dict[str, tuple[Callable[[Engine, Path], str], float]] = {
    "Parquet to map": (to_map, 12.0),
    "Parquet to paths": (to_paths, 12.0),
    "CSV to paths": (csv_to_paths, 25.0),
    "Parquet to prepared log": (to_prepared, 25.0),
    "prepared log to map": (prepared_to_map, 1.5),
    "prepared log to paths": (prepared_to_paths, 10.0),
    "prepared log to all pairs": (prepared_to_pairs, 10.0),
}


def run_step(folder: Path, name: str) -> None:
    """Do one step in this process; the engine and its libraries are part of what is measured."""
    with tempfile.TemporaryDirectory(dir=folder) as workspace, open_engine(workspace=Path(workspace)) as engine:
        print(STEPS[name][0](engine, folder))


def peer_python(folder: Path) -> str:
    """The Python of PM4Py's own environment in the folder, made if it is not there."""
    home = folder / "env_pm4py"
    if not (home / "bin/python").exists():
        subprocess.run([sys.executable, "-m", "venv", home], check=True)
        subprocess.run([home / "bin/python", "-m", "pip", "install", "--quiet", *OF_PEER], check=True)
    return str(home / "bin/python")


def main() -> None:
    """Make the log, do every step, and print what it took; beside PM4Py where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument(
        "--peers", action="store_true", help="also measure PM4Py, in an environment of its own in FOLDER"
    )
    parser.add_argument("--step", choices=STEPS, help="do one step in this process")
    asked = parser.parse_args()
    if asked.step:
        run_step(asked.folder, asked.step)
        return
    making = MAKING.format(folder=asked.folder, events=asked.events, customers=asked.events // 10)
    subprocess.run(
        [
            sys.executable,
            "-c",
            "import duckdb, sys; duckdb.execute('SET enable_progress_bar = false'); duckdb.execute(sys.argv[1])",
            making,
        ],
        check=True,
    )
    took = {}
    for name, (_, promised) in STEPS.items():
        took[name] = child([sys.executable, __file__, str(asked.folder), "--step", name])
        print(f"{name}: {took[name]}; promised for 10 million: {promised:g} s", flush=True)
    ours = took["Parquet to map"]
    for name, program in (("Polars", WITH_POLARS), ("pandas", WITH_PANDAS)) if asked.peers else ():
        theirs = child([peer_python(asked.folder), "-c", program, str(asked.folder / "log.parquet")])
        ratios = f"{theirs.seconds / ours.seconds:.1f} times by the clock, {theirs.cpu / ours.cpu:.1f} in CPU"
        print(f"PM4Py with {name}: {theirs}; to ours {ratios}, {theirs.memory / ours.memory:.1f} in memory", flush=True)
    for name in ("log.parquet", "log.csv", "prepared.parquet"):
        (asked.folder / name).unlink()


if __name__ == "__main__":
    main()

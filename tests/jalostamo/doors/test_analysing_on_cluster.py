"""The command `analyse` on a standalone cluster of two workers finds what it finds on the embedded engine: counts and medians exactly."""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.jalostamo.engine.clusters import PATIENCE, cluster_of

from jalostamo.engine.connection import SETTING

pytestmark = [pytest.mark.spark, pytest.mark.deep]

SERVICES = ("notification", "assessment", "counselling", "family work", "placement")
FILE = """
[analysis]
name = "{method}"
method = "{method}"
[log]
case = "client"
activity = "service"
time = "start"
group = "language"
[groups]
field = "language"
values = {{ finnish = ["fi"], swedish = ["sv"] }}
compare = ["swedish", "finnish"]
"""
PARAMETERS = {
    "step_map": "",
    "before_after": '[parameters]\nindex = ["assessment"]\n',
    "time_to_event": '[parameters]\nfrom = ["notification"]\nto = ["placement"]\ncompeting = ["counselling"]\n',
}
# Each analysis opens the engine anew, as a command of its own does, in one process: that starts Java but once.
COMMANDS = """
import sys
from jalostamo.doors.open_room import main
sys.exit(max(main(["analyse", f"{m}.toml", "--log", "log.csv", "--out", f"{m}-{sys.argv[1]}.json"]) for m in sys.argv[2:]))
"""


def write(folder: Path) -> None:
    """A log of clients with many events on one day, some services twice, and the three files."""
    draw = random.Random(8)
    rows = [
        (
            client,
            draw.choice(SERVICES),
            date(2026, 1, 1) + timedelta(days=draw.randrange(60)),
            "fi" if client % 3 else "sv",
        )
        for client in range(300)
        for _ in range(draw.randrange(1, 9))
    ]
    with (folder / "log.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("client", "service", "start", "language"), *rows])
    for method, parameters in PARAMETERS.items():
        (folder / f"{method}.toml").write_text(FILE.format(method=method) + parameters, encoding="utf-8")


def found(folder: Path, engine: str, name: str) -> Mapping[str, bytes]:
    """The files that the engine's commands wrote, by method."""
    command = [sys.executable, "-c", COMMANDS, name, *PARAMETERS]
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {SETTING: engine, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        timeout=10 * PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return {method: (folder / f"{method}-{name}.json").read_bytes() for method in PARAMETERS}


@pytest.mark.requirement("S25-02")
def test_two_workers_find_the_same_counts_and_medians_to_the_byte(tmp_path: Path) -> None:
    write(tmp_path)
    embedded = found(tmp_path, "duckdb", "embedded")
    with cluster_of(2, cores=1, folder=tmp_path) as address:
        clustered = found(tmp_path, address, "clustered")
    for method in PARAMETERS:
        assert json.loads(clustered[method]) == json.loads(embedded[method])
    assert clustered == embedded
    steps = json.loads(embedded["step_map"])["tables"]["steps"]
    medians = [row[steps["columns"].index("median")] for row in steps["rows"]]
    assert len(medians) > len(SERVICES) ** 2
    # What executors left behind shows that both workers computed, in each of the three.
    for number in range(2):
        assert len(list((tmp_path / f"work-{number}").glob("app-*/*"))) >= len(PARAMETERS)

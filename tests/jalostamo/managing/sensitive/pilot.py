"""The demonstration city and the pilot's request run on it, once per process of tests."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.jalostamo.managing.sensitive.small_town import TODAY
from tests.made_once import made_once

from jalostamo.engine.connection import open_engine
from jalostamo.managing.requests import read_request
from jalostamo.managing.sensitive.combinability import CombinabilityReport
from jalostamo.managing.sensitive.corridor import Refined, Rooms, refine

ROOT = Path(__file__).resolve().parents[4]
PILOT = ROOT / "examples" / "pilot" / "request.toml"


@dataclass(frozen=True)
class PilotRun:
    """The pilot's run: its rooms, what it gave, and the city's truth."""

    rooms: Rooms
    workspace: Path
    refined: Refined
    truth: dict[str, dict[str, dict[str, object]]]

    @property
    def report(self) -> CombinabilityReport:
        assert self.refined.linked.report is not None
        return self.refined.linked.report


def founded_city(folder: Path) -> Path:
    """The city's two registers, written once below a folder."""

    def write(city: Path) -> None:
        registers = ("--only", "population", "--only", "social_services")
        command = [sys.executable, "-m", "jalostamo.city", str(city), "--people", "20000", "--seed", "1", *registers]
        subprocess.run(command, check=True, capture_output=True)

    return made_once(folder / "city", write)


@cache
def pilot_run(city: Path, home: Path) -> PilotRun:
    """The pilot's run on the city, in a home of its own."""
    workspace = home / "workspace"
    workspace.mkdir(parents=True, mode=0o700)
    rooms = Rooms(city, home / "vault", home / "releases")
    with open_engine(workspace=workspace, timezone="Europe/Helsinki") as engine:
        refined = refine(engine, read_request(PILOT), rooms, progress=lambda _: None, today=TODAY)
    return PilotRun(rooms, workspace, refined, json.loads((city / "truth.json").read_text(encoding="utf-8")))

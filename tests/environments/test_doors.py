"""Each door loads the rooms it is for, and none of the others; the open room opens nothing of the closed one."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.jalostamo.doors.homes import PILOT, door, home_in, ordered, releases_of, request_in, without_definition

from jalostamo.doors.home import Home

HEAVY = ("duckdb", "ibis", "numpy", "pandas", "pyarrow", "pyspark")
WEB = {"django", "townhall", "closedroom"}
TRACED = "openat,open,openat2,connect,bind"
IMPORTED = re.compile(r"^import time: +\d+ \| +\d+ \| +(\S+)$", re.MULTILINE)
# A call that another thread's cuts in two ends on a line of its own.
OPENED = re.compile(r"^\d+ +(?:open(?:at|at2)?\(|<\.\.\. open(?:at|at2)? resumed>).* = \d+<(/[^>]*)>", re.MULTILINE)
# What every process of the machine reads: its libraries, its settings, itself.
OF_THE_MACHINE = ("/usr", "/lib", "/lib64", "/etc", "/proc", "/sys", "/dev", "/var/lib")


@dataclass(frozen=True)
class Watched:
    """A door that was run to its end under watch: what it loaded, opened and called."""

    imported: frozenset[str]
    opened: frozenset[Path]
    calls: str

    @property
    def rooms(self) -> set[str]:
        """Our own rooms, two names deep, such as managing.sensitive."""
        ours = [name.split(".")[1:3] for name in self.imported if name.startswith("jalostamo.")]
        return {".".join(parts) for parts in ours} | {parts[0] for parts in ours}

    def outside(self, folders: Iterable[Path]) -> set[Path]:
        """The files opened that are in none of the folders, nor the machine's or the interpreter's own."""
        allowed = [*folders, *map(Path, OF_THE_MACHINE), *map(Path, (sys.prefix, sys.base_prefix)), ROOT / "src"]
        places = [place.resolve() for place in allowed]
        return {path for path in self.opened if not any(path.is_relative_to(place) for place in places)}


def imported_by(*words: str) -> Watched:
    """Run a door to its end; what it imports, early or late, is written down as it happens."""
    command = [sys.executable, "-X", "importtime", *door(*words)[1:]]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return Watched(frozenset(IMPORTED.findall(run.stderr)), frozenset(), "")


def watched(strace: Path, place: Path, *command: str) -> Watched:
    """Run a command to its end, and write down also which files and connections it and its threads ask for."""
    calls, private = place / "calls", place / "private"
    private.mkdir()
    traced = [strace, "-f", "-qq", "-y", "-s", "4096", f"--trace={TRACED}", f"--output={calls}", sys.executable]
    environment = os.environ | {"TMPDIR": str(private)}
    run = subprocess.run(
        [*traced, "-X", "importtime", *command], env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr[-2000:]
    assert list(private.iterdir()) == []
    told = calls.read_text(encoding="utf-8")
    opened = frozenset(Path(path) for path in OPENED.findall(told))
    return Watched(frozenset(IMPORTED.findall(run.stderr)), opened, told)


def loaded_by(program: str) -> set[str]:
    """Run a program in a process of its own and return the modules that are loaded at its end."""
    telling = f"{program}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    run = subprocess.run([sys.executable, "-c", telling], capture_output=True, text=True, check=True)
    return set(json.loads(run.stderr.splitlines()[-1]))


@pytest.mark.requirement("S26-06")
@pytest.mark.parametrize("words", [["--help"], ["--version"], ["unknown"], ["paths", "--help"]])
def test_the_front_door_loads_no_room(words: list[str]) -> None:
    loaded = loaded_by(f"from jalostamo.doors.jalostamo import main\nmain({words!r})")
    assert {name for name in loaded if name.startswith("jalostamo")} == {
        "jalostamo",
        "jalostamo.doors",
        "jalostamo.doors.jalostamo",
    }
    assert not loaded & set(HEAVY)


def test_the_open_room_loads_no_library_before_it_knows_what_is_asked() -> None:
    assert not loaded_by("from jalostamo.doors.open_room import main\nmain(['paths', '--help'])") & set(HEAVY)


def test_what_reads_workbooks_is_loaded_only_for_one() -> None:
    loaded = loaded_by("import jalostamo.managing.reading.child")
    assert "jalostamo.engine.workbooks" in loaded
    assert "openpyxl" not in loaded


@pytest.mark.requirement("S26-06")
def test_the_open_room_never_loads_a_sensitive_room() -> None:
    loaded = loaded_by("import jalostamo.doors.open_room, jalostamo.managing.logs, jalostamo.producing.paths")
    assert "jalostamo.producing.paths" in loaded
    assert not {name for name in loaded if "sensitive" in name.split(".")}


@pytest.mark.requirement("S26-06")
@pytest.mark.parametrize("name", ["demo", "showing", "refining"])
def test_who_leads_a_request_or_shows_its_pages_is_in_no_room(name: str) -> None:
    loaded = loaded_by(f"import jalostamo.doors.{name}")
    assert {part for part in loaded if part.startswith("jalostamo.")} <= {
        *(
            f"jalostamo.doors.{part}"
            for part in ("children", "demo", "detached", "home", "installation", "progress", "town")
        ),
        *(f"jalostamo.doors.{part}" for part in ("publishing", "refining", "sides")),
        *("jalostamo.doors", "jalostamo.doors.showing", "jalostamo.doors.terminal", "jalostamo.concepts"),
        *("jalostamo.concepts.errors", "jalostamo.concepts.languages"),
    }
    assert not loaded & set(HEAVY)


@pytest.mark.requirement("S26-20")
def test_who_has_cells_ordered_loads_nothing_that_counts_or_prints() -> None:
    """Townhall's side reads a definition, and leads to what was printed: no engine, no rule of disclosure, no record key."""
    loaded = loaded_by(
        "import jalostamo.doors.playing.townhall, jalostamo.doors.counting, jalostamo.producing.cubes.reading"
    )
    rooms = (
        "jalostamo.engine",
        "jalostamo.utilising",
        "jalostamo.managing.sensitive",
        "jalostamo.managing.nonsensitive",
    )
    assert {name for name in loaded if name.startswith(rooms)} == set()
    assert not loaded & set(HEAVY)


@pytest.mark.slow
@pytest.mark.requirement("S26-06")
def test_who_leads_a_request_loads_no_room_that_reads_a_register(sources: Path, tmp_path: Path) -> None:
    home, request = home_in(tmp_path, sources), request_in(tmp_path)
    (home.sources / "population" / "persons.csv").unlink()
    run = imported_by("refining", str(request), "--home", str(home.folder), "--play")
    assert "jalostamo.managing.requests" in run.imported
    assert run.rooms & {"managing.sensitive", "managing.nonsensitive", "engine", "utilising", "charts", "city"} == set()
    assert not {name.partition(".")[0] for name in run.imported} & {*HEAVY, *WEB}


@pytest.mark.slow
@pytest.mark.requirement("S26-06")
def test_the_closed_room_loads_nothing_that_answers_or_publishes(sources: Path, tmp_path: Path) -> None:
    home, request = home_in(tmp_path, sources), request_in(tmp_path, without_definition)
    run = imported_by("closed_room", "run", str(ordered(request, home)), "--home", str(home.folder))
    assert len(releases_of(home)) == 1
    assert "managing.sensitive" in run.rooms
    assert run.rooms & {"producing", "utilising", "charts", "city"} == set()
    assert not {name.partition(".")[0] for name in run.imported} & WEB


@pytest.mark.requirement("S26-06")
def test_the_city_loads_the_concepts_alone(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-X",
        "importtime",
        "-P",
        "-m",
        "jalostamo.city",
        str(tmp_path / "town"),
        "--people",
        "2000",
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = set(IMPORTED.findall(run.stderr))
    assert {name.split(".")[1] for name in loaded if name.startswith("jalostamo.")} == {"city", "concepts"}
    assert not {name.partition(".")[0] for name in loaded} & {"duckdb", "ibis", "pyspark", *WEB}


@pytest.mark.slow
@pytest.mark.needs("strace")
@pytest.mark.requirement("S26-06")
@pytest.mark.xdist_group("demonstration")
def test_answering_opens_the_release_the_definition_and_the_results_and_nothing_else_of_a_home(
    demonstrated: Home, tmp_path: Path, tool: Callable[[str], Path]
) -> None:
    (release,), out = releases_of(demonstrated), tmp_path / "out"
    out.mkdir()
    words = ("answer", str(release), str(PILOT / "definition.toml"), "--out", str(out / "results.json"))
    run = watched(tool("strace"), tmp_path, *door("open_room", *words)[1:])
    assert_open_room(run, demonstrated)
    assert run.rooms >= {"producing", "managing.nonsensitive"}
    # Its own key alone, and who is whose side: this release is sealed to her.
    own = [demonstrated.folder / "open/people/f-ana.key", demonstrated.folder / "installation.json"]
    assert run.outside([release, PILOT, out, tmp_path / "private", *own]) == set()
    assert {path.name for path in run.opened if path.is_relative_to(release)} == {
        *("manifest.json", "keys.json", "persons.parquet", "events.parquet", release.name)
    }


@pytest.mark.slow
@pytest.mark.needs("strace")
@pytest.mark.requirement("S26-06")
@pytest.mark.xdist_group("demonstration")
def test_publishing_opens_the_release_the_results_and_the_assets_and_nothing_else_of_a_home(
    demonstrated: Home, tmp_path: Path, tool: Callable[[str], Path]
) -> None:
    (release,), (results,) = releases_of(demonstrated), demonstrated.results.glob("*/*.json")
    out = tmp_path / "out"
    words = ("publish", str(release), str(PILOT / "definition.toml"), str(results), "--out", str(out))
    run = watched(tool("strace"), tmp_path, *door("open_room", *words)[1:])
    assert_open_room(run, demonstrated)
    assert run.rooms >= {"utilising.publication", "charts"}
    sides = demonstrated.folder / "installation.json"
    assert run.outside([release, PILOT, results, out, ROOT / "node_modules", tmp_path / "private", sides]) == set()


def assert_open_room(run: Watched, home: Home) -> None:
    """Nothing that may see a person is loaded, opened, or even asked for; and nobody is called."""
    assert "managing.sensitive" not in run.rooms
    assert "city" not in run.rooms
    assert not {name.partition(".")[0] for name in run.imported} & WEB
    assert not [place for place in (home.closed, home.sources) if str(place) in run.calls]
    assert "AF_INET" not in run.calls


@pytest.mark.needs("strace")
def test_what_a_process_opens_and_whom_it_calls_is_seen(tmp_path: Path, tool: Callable[[str], Path]) -> None:
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed" / "rows").touch()
    program = (
        "import socket, threading\n"
        f"threading.Thread(target=open, args=({str(tmp_path / 'closed' / 'rows')!r},)).start()\n"
        "socket.create_server(('127.0.0.1', 0)).close()\n"
    )
    run = watched(tool("strace"), tmp_path, "-P", "-c", program)
    assert run.outside([tmp_path / "private"]) == {tmp_path / "closed" / "rows"}
    assert str(tmp_path / "closed") in run.calls
    assert "AF_INET" in run.calls
    assert "socket" in run.imported

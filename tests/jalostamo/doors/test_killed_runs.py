"""A run that is stopped or killed, at any moment, leaves no rows for longer than the next run, and never half a release."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.jalostamo.doors.homes import (
    door,
    files_but_orders,
    folders_of_rows,
    home_in,
    jalostamo,
    ordered,
    other_end,
    processes_with,
    releases_of,
    request_in,
    until,
    without_definition,
)

from jalostamo.doors.home import Home
from jalostamo.managing.nonsensitive.releases import open_release

pytestmark = pytest.mark.slow

# Files that the closed room reads in the middle of a step: a pipe in the place of one holds the run at that very moment.
# The closed room reads its own copy of the recipe, which lies there as soon as the order is obeyed.
# A description is read before the walls are put up, too, for the servers that it may declare.
EXCLUSIONS = "sources/exclusions/register.toml"
MOMENTS = {
    "retrieving": (EXCLUSIONS, EXCLUSIONS),
    "preparing": (EXCLUSIONS, EXCLUSIONS, "closed/orders/*/hierarchies/country_of_birth.csv"),
}
# At which rename the closed room is killed, counted from the one by which the release appears.
RENAMES = {"what goes before is named": -1, "the release appears": 0, "the release has appeared": 1}


class Held:
    """A run of `refine` that is held at a moment; its closed room waits, with rows in its vault."""

    def __init__(self, home: Home, request: Path, moment: tuple[str, ...]) -> None:
        self.home, self.request = home, request
        first, *others = moment
        self._file, self._content = self._pipe(first)
        command = door("jalostamo", "refine", str(request), "--home", str(home.folder), "--play")
        self.front = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self._end = other_end(self._file, self.front)
        for name in others:
            before, content, end = self._file, self._content, self._end
            # Who has begun to read keeps the pipe; who comes later finds the file.
            before.unlink()
            before.write_bytes(content)
            self._file, self._content = self._pipe(name)
            end.write(content)
            end.close()
            self._end = other_end(self._file, self.front)

    def _pipe(self, name: str) -> tuple[Path, bytes]:
        """Put a pipe in the place of a file."""
        # What a run that was killed before has left lies there no more: this one has cleared it away.
        (file,) = self.home.folder.glob(name)
        content = file.read_bytes()
        file.unlink()
        os.mkfifo(file)
        return file, content

    @property
    def closed_room(self) -> int:
        (found,) = processes_with("jalostamo.doors.closed_room") & processes_with(str(self.home.folder))
        return found

    def put_back(self) -> None:
        """Put the file in its place again, for the next run; this one waits on."""
        self._file.unlink(missing_ok=True)
        if self._file.parent.is_dir():
            self._file.write_bytes(self._content)

    def go_on(self) -> None:
        """Let the run have what it waits for."""
        self._end.write(self._content)
        self.leave()

    def leave(self) -> None:
        """Close the end that the run waits for."""
        self._end.close()

    def over(self) -> tuple[int, str]:
        """How the run ended: its code and what it said."""
        _, said = self.front.communicate(timeout=120)
        return self.front.returncode, said


@pytest.mark.parametrize(("moment", "number"), [("retrieving", signal.SIGTERM), ("preparing", signal.SIGINT)])
def test_a_stopped_run_clears_its_rows_away_itself(
    moment: str, number: signal.Signals, sources: Path, tmp_path: Path
) -> None:
    home, request = home_in(tmp_path, sources), request_in(tmp_path)
    held = Held(home, request, MOMENTS[moment])
    assert len(folders_of_rows(home)) == 2
    held.front.send_signal(number)
    assert held.over() == (128 + number, "jalostamo refine: it was stopped.\n")
    held.leave()
    assert processes_with(str(home.folder)) == set()
    assert folders_of_rows(home) == []
    left = [name for name in files_but_orders(home) if name.startswith(("closed/", "exchange/"))]
    # What was laid out, and nothing of the run.
    assert [name for name in left if not name.startswith(("closed/trust/", "closed/keys"))] == []
    assert list(home.closed.glob("orders/*/")) == []


def test_rows_of_killed_runs_are_gone_after_the_next_run(sources: Path, tmp_path: Path) -> None:
    home, request = home_in(tmp_path, sources), request_in(tmp_path, without_definition)
    for moment in MOMENTS.values():
        held = Held(home, request, moment)
        os.kill(held.closed_room, signal.SIGKILL)
        code, said = held.over()
        assert (code, said.count("\n")) == (5, 1)
        assert "ended before its end" in said
        held.leave()
        held.put_back()
    left = folders_of_rows(home)
    assert any("rows" in folder for folder in left)
    assert any("workspace" in folder for folder in left)
    # Another request's rows go too: nobody may come back to that one.
    other = request_in(tmp_path / "other", lambda text: without_definition(text).replace("child", "other", 1))
    assert jalostamo("refine", other, "--home", home.folder, "--play").code == 0
    assert folders_of_rows(home) == []
    (release,) = releases_of(home)
    open_release(release)


def test_a_closed_room_that_outlives_its_run_and_the_next_run_do_not_disturb_each_other(
    sources: Path, tmp_path: Path
) -> None:
    home, request = home_in(tmp_path, sources), request_in(tmp_path, without_definition)
    held = Held(home, request, MOMENTS["retrieving"])
    orphan = held.closed_room
    for leader in processes_with(str(home.folder)) - {orphan}:
        os.kill(leader, signal.SIGKILL)
    held.over()
    held.put_back()
    next_run = door("jalostamo", "refine", str(request), "--home", str(home.folder), "--play")
    with subprocess.Popen(next_run, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as running:
        until(lambda: len(holders_of(home.closed / "leases" / "jobs.sqlite")) == 2)
        held.go_on()
        _, said = running.communicate(timeout=240)
    # Both had the same order, and it is carried out once.
    assert (running.returncode, "has been carried out" in said) == (3, True)
    until(lambda: orphan not in processes_with(str(home.folder)))
    (release,) = releases_of(home)
    open_release(release)
    assert folders_of_rows(home) == []
    # Townhall finds what left under the order that nobody noted, and orders another run.
    assert jalostamo("refine", request, "--home", home.folder, "--play").code == 0
    assert len(releases_of(home)) == 2


def holders_of(lock: Path) -> set[int]:
    """The processes that have a file open."""
    found = set()
    for place in Path("/proc").glob("[0-9]*/fd"):
        try:
            if any(fd.resolve() == lock.resolve() for fd in place.iterdir()):
                found.add(int(place.parent.name))
        except OSError:
            # It has ended meanwhile, or is another user's.
            continue
    return found


@pytest.mark.deep
@pytest.mark.needs("strace")
def test_no_kill_while_a_release_is_written_shows_half_of_one(
    sources: Path, tmp_path: Path, tool: Callable[[str], Path]
) -> None:
    prototype, request = home_in(tmp_path, sources), request_in(tmp_path, without_definition)
    order = ordered(request, prototype).name
    appearing = _rename_of_the_release(tool("strace"), copied(prototype, tmp_path / "traced"), order)
    for happening, offset in RENAMES.items():
        home = copied(prototype, tmp_path / happening)
        killing = [f"--inject=rename:signal=KILL:when={appearing + offset}", "--trace=rename", "--output=/dev/null"]
        killed = subprocess.run([tool("strace"), "-qq", *killing, *_words(home, order)], check=False)
        assert killed.returncode in {-signal.SIGKILL, 128 + signal.SIGKILL}, happening
        appeared = releases_of(home)
        assert len(appeared) == (happening == "the release has appeared"), happening
        assert all(open_release(release) for release in appeared)
    assert jalostamo("refine", request, "--home", home.folder, "--play").code == 0
    assert folders_of_rows(home) == []
    assert all(open_release(release) for release in releases_of(home))


def copied(home: Home, folder: Path) -> Home:
    """A home as it was laid out, to be used once: a second run in it does not do the same."""
    shutil.copytree(home.folder, folder)
    return Home(folder)


def _words(home: Home, order: str) -> list[str]:
    return door("closed_room", "run", str(home.orders / order), "--home", str(home.folder))


def _rename_of_the_release(strace: Path, home: Home, order: str) -> int:
    """Which rename of the closed room lets the release appear, counted from 1; those of its heartbeat are not followed."""
    told = home.folder / "renames"
    words = [strace, "-qq", "--trace=rename", f"--output={told}", *_words(home, order)]
    subprocess.run(words, check=True, capture_output=True)
    renames = [call for call in told.read_text().splitlines() if call.startswith("rename(")]
    (found,) = [place for place, call in enumerate(renames, 1) if f'"{home.releases}/' in call]
    return found

"""Orders are carried out once, whatever happens to whoever carries them out; they can be given up, laid aside and looked at."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.jalostamo.doors.homes import PILOT, ordered, releases_of, until
from tests.jalostamo.doors.small_lane import MOMENTS, SmallLane, carried_out

from jalostamo.concepts.errors import Refused, Unfit
from jalostamo.doors.closed_room import main
from jalostamo.doors.closed_room.jobs import opened_leases
from jalostamo.doors.home import Home
from jalostamo.doors.installation import Level, lay_out
from jalostamo.doors.playing.townhall import play
from jalostamo.doors.status_sheets import Standing, standings
from jalostamo.managing.requests import read_request
from jalostamo.permits import papers

FAST = ("linking", "held", "out")
"""The moments that are not left to the deep tests."""


@dataclass(frozen=True)
class Server:
    """A process in which everything is loaded, and which begins others."""

    process: subprocess.Popen[str]

    def ask(self, told: object) -> int:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(told) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@dataclass(frozen=True)
class Place:
    """A home with an order, and workers that are let loose on it."""

    home: Home
    order: Path
    server: Server

    def start(self, **told: str) -> int:
        """Begin to carry the order out; the number of the process."""
        where = {"home": str(self.home.folder), "order": str(self.order), "said": str(self.home.folder / "said")}
        return self.server.ask(where | told)

    def ended(self, process: int) -> str:
        """How a process ended, or that it is held: a signal, or what it said."""
        status = self.server.ask(process)
        if os.WIFSTOPPED(status):
            return "held"
        return signal.Signals(os.WTERMSIG(status)).name if os.WIFSIGNALED(status) else self.said

    @property
    def said(self) -> str:
        return (self.home.folder / "said").read_text()

    @property
    def standing(self) -> Standing:
        """How far the order is, as the exchange knows it."""
        (standing,) = standings(self.home.status)
        return standing

    @property
    def rows(self) -> list[Path]:
        """What lies of persons in the vault."""
        return [path for path in self.home.closed.glob("vault/*/rows*/*")]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    words = [sys.executable, "-P", "-c", "from tests.jalostamo.doors.small_lane import serve; serve()"]
    path = os.pathsep.join(map(str, (ROOT, ROOT / "src", ROOT / "scripts")))
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": path}
    ) as process:
        yield Server(process)
        process.communicate()


@pytest.fixture(scope="module")
def prototype(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("leased") / "home")
    home.sources.mkdir(parents=True)
    lay_out(home, Level.DEMO)
    ordered(PILOT / "request.toml", home)
    return home


@pytest.fixture
def place(prototype: Home, server: Server, tmp_path: Path) -> Place:
    shutil.copytree(prototype.folder, tmp_path / "home")
    home = Home(tmp_path / "home")
    (order,) = home.orders.iterdir()
    return Place(home, order, server)


def command(*words: str | Path) -> int:
    return main([*map(str, words)])


@pytest.mark.parametrize("moment", [m if m in FAST else pytest.param(m, marks=pytest.mark.deep) for m in MOMENTS])
def test_a_kill_at_any_moment_and_another_run_give_one_release(moment: str, place: Place) -> None:
    assert place.ended(place.start(moment=moment, signal="SIGKILL")) == "SIGKILL"
    left = MOMENTS.index(moment) >= MOMENTS.index("out")
    assert len(releases_of(place.home)) == left
    assert place.standing.state == "running" or left
    if left:
        # What left is remembered, though its worker could not say so.
        with pytest.raises(Refused, match="has been carried out"):
            carried_out(place.home, place.order)
    else:
        # Nobody waits for the lease of a worker that is known to have ended.
        carried_out(place.home, place.order)
    assert len(releases_of(place.home)) == 1
    assert (place.standing.state, place.rows) == ("done", [])


@pytest.mark.parametrize("moment", [pytest.param("preparing", marks=pytest.mark.deep), "admitting"])
def test_whoever_wakes_after_another_has_finished_is_refused(moment: str, place: Place) -> None:
    # At the former moment there is more to be done, at the latter but the last act.
    held = place.start(moment=moment, signal="SIGSTOP")
    assert place.ended(held) == "held"
    # The lease of the one that is held runs out, and what it has laid down stays its own.
    carried_out(place.home, place.order)
    assert len(place.rows) == (3 if moment == "preparing" else 4)
    os.kill(held, signal.SIGCONT)
    assert place.ended(held) == "lease_lost"
    assert (len(releases_of(place.home)), place.rows, place.standing.state) == (1, [], "done")


def test_without_the_fence_it_releases_a_second_time(place: Place) -> None:
    held = place.start(moment="admitting", signal="SIGSTOP", without="fence")
    assert place.ended(held) == "held"
    carried_out(place.home, place.order)
    os.kill(held, signal.SIGCONT)
    place.ended(held)
    assert len(releases_of(place.home)) == 2


def test_an_order_whose_workers_are_killed_three_times_is_parked_until_somebody_resumes_it(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(1, 4):
        assert place.ended(place.start(moment="linking", signal="SIGKILL")) == "SIGKILL"
        assert (place.standing.state, place.standing.name, place.standing.tries) == ("running", "link", max(1, number))
    with pytest.raises(Refused) as refused:
        carried_out(place.home, place.order)
    assert refused.value.reason == "order_parked"
    assert (place.standing.state, place.standing.reason) == ("parked", "worker_lost")
    assert command("status", "--home", place.home.folder) == 0
    assert "parked (worker lost): look at it" in capsys.readouterr().out
    assert command("resume", place.order, "--home", place.home.folder) == 0
    carried_out(place.home, place.order)
    assert len(releases_of(place.home)) == 1


def test_cancelling_stops_a_run_within_its_step_and_leaves_nothing(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    running = place.start(waits="preparing")
    until(lambda: len(place.rows) == 3)
    assert command("cancel", place.order, "--home", place.home.folder, "--json") == 0
    assert json.loads(capsys.readouterr().out)["destroyed"] is True
    assert place.ended(running) == "order_cancelled"
    assert (place.rows, releases_of(place.home), place.standing.state) == ([], [], "cancelled")
    assert "job_cancelled" in acts(place.home)
    with pytest.raises(Refused, match="another run be ordered"):
        carried_out(place.home, place.order)


def test_what_has_left_cannot_be_cancelled_even_where_its_worker_was_killed(place: Place) -> None:
    place.ended(place.start(moment="out", signal="SIGKILL"))
    assert command("cancel", place.order, "--home", place.home.folder) == 2
    with opened_leases(place.home) as leases:
        (job,) = leases.jobs()
    assert job.state == "done"


def acts(home: Home) -> str:
    return (home.audit / "000000000000.jsonl").read_text()


def suspended(place: Place) -> None:
    """Townhall suspends the permit, and publishes that."""
    request = read_request(PILOT / "request.toml")
    case = play(place.home, PILOT / "request.toml", request, at=datetime.datetime.now(datetime.UTC)).case
    case._give(case.initiative, "suspend", papers.Suspension("Something has happened to the material."))
    from jalostamo.managing.permit_events import publish_events

    publish_events(place.home.permits, request.permit, case.events)


@pytest.mark.parametrize("moment", [pytest.param("preparing", marks=pytest.mark.deep), "admitting"])
def test_a_suspension_during_the_run_reaches_it_before_anything_leaves(moment: str, place: Place) -> None:
    lane = SmallLane(lambda now: suspended(place) if now == moment else None)
    with pytest.raises(Refused) as refused:
        carried_out(place.home, place.order, lane)
    assert refused.value.reason == "permit_not_standing"
    assert (releases_of(place.home), place.rows) == ([], [])
    assert (place.standing.state, place.standing.reason) == ("refused", "refused")
    with pytest.raises(Refused):
        # Nor can the suspension be taken back by publishing the shorter chain.
        shutil.rmtree(place.home.permits)
        carried_out(place.home, place.order)


@pytest.mark.deep
def test_without_the_look_at_the_newest_events_the_suspension_comes_too_late(place: Place) -> None:
    lane = SmallLane(lambda now: suspended(place) if now == "admitting" else None, guarded=False)
    carried_out(place.home, place.order, lane)
    assert len(releases_of(place.home)) == 1


def test_a_chain_that_cannot_be_read_stops_the_run(place: Place) -> None:
    events = next(place.home.permits.glob("*/events.json"))
    for spoilt in (b"[]", b"{", b'[{"a": 1}]'):
        events.write_bytes(spoilt)
        with pytest.raises((Unfit, Refused)):
            carried_out(place.home, place.order)
    assert releases_of(place.home) == []


@pytest.mark.deep
def test_whoever_wants_to_carry_out_what_another_does_waits_for_its_end(place: Place) -> None:
    first = place.start(moment="linking", signal="SIGSTOP")
    assert place.ended(first) == "held"
    second = place.start()
    os.kill(first, signal.SIGCONT)
    assert place.ended(second) == "order_done"
    place.ended(first)
    assert len(releases_of(place.home)) == 1


@pytest.mark.deep
def test_a_stopped_run_waits_again_and_counts_for_no_try(place: Place) -> None:
    running = place.start(waits="preparing")
    until(lambda: len(place.rows) == 3)
    os.kill(running, signal.SIGTERM)
    assert place.ended(running) == "stopped"
    assert (place.standing.state, place.standing.tries, place.rows) == ("waiting", 0, [])


def test_a_status_says_words_of_a_closed_list_and_rounded_counts(place: Place) -> None:
    seen: list[Standing] = []
    carried_out(place.home, place.order, SmallLane(lambda _: seen.append(place.standing)))
    assert [standing.name for standing in seen[:5]] == ["retrieve", "link", "prepare", "validate", "admit"]
    assert [(standing.step, standing.steps) for standing in seen[:3]] == [(1, 5), (2, 5), (3, 5)]
    assert all(standing.rows % 5 == 0 and standing.rows for standing in seen[:4])
    sheet = next(place.home.status.glob("*.json"))
    assert set(json.loads(sheet.read_bytes())) == {*Standing.__slots__, "format"}
    spoilt = sheet.read_text().replace('"done"', '"Matti Meikäläinen"')
    sheet.write_text(spoilt)
    with pytest.raises(Unfit, match="not as it writes one"):
        standings(place.home.status)


@pytest.mark.deep
def test_the_worker_takes_what_waits_and_leaves_alone_what_is_no_order(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    (place.home.orders / "ab").mkdir()
    (place.home.orders / "ab" / "order.json").write_text("{}")
    # The order is refused, as there is no source: the worker ends all the same.
    assert command("work", "--home", place.home.folder, "--once", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["orders"], told["unreadable"]) == ({"parked": 1}, 1)
    assert place.standing.reason == "misused"

"""The demonstration is started and stopped as often as one likes, and touches no process and no folder but its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.jalostamo.doors.homes import DEMONSTRATED, Told, door, files_in, jalostamo, processes_with, until

from jalostamo.doors.home import Home

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demonstration")]

SECONDS = 15.0
"""More than a start may take once the town is made, on a machine that others use too."""


@pytest.fixture
def home(demonstrated: Home, tmp_path: Path) -> Iterator[Path]:
    """The home of a demonstration of one's own, made before; whatever runs of it is ended with the test."""
    yield (copy := Path(shutil.copytree(demonstrated.folder, tmp_path / "home")))
    for left in desks_of(copy):
        os.kill(left, signal.SIGKILL)


def demo(action: str, home: Path, *words: str, people: int = DEMONSTRATED) -> Told:
    port = () if "--port" in words else ("--port", "0")
    # Townhall's own start is tested once, below: it has no part in what is tried of the reading desk.
    town = () if "--no-town" in words or "--town" in words else ("--no-town",)
    said = [word for word in words if word != "--town"]
    return jalostamo("demo", action, "--home", home, "--people", str(people), *port, *town, *said)


def address_of(told: Told) -> str:
    assert told.code == 0, told.err
    return str(told.account["address"])


def desks_of(home: Path) -> set[int]:
    """The reading desks that run for a home."""
    return processes_with(f"{home}/address") & processes_with("jalostamo.doors.showing")


def page_at(address: str) -> str | None:
    """The page at an address, or None where nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return str(answer.read().decode("utf-8"))
    except urllib.error.URLError:
        return None


def test_starting_twice_gives_the_same_address_in_seconds(home: Path) -> None:
    first = address_of(demo("start", home))
    since = time.monotonic()
    assert address_of(demo("start", home)) == first
    assert time.monotonic() - since < SECONDS
    assert len(desks_of(home)) == 1
    page = page_at(first)
    assert page is not None
    assert page == (Home(home).publications / "child-protection-pilot" / "index.html").read_text(encoding="utf-8")


def test_two_starts_at_once_give_the_same_address(home: Path) -> None:
    command = door(
        "jalostamo", "demo", "start", "--home", str(home), "--people", str(DEMONSTRATED), "--port", "0", "--no-town"
    )
    starts = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = [start.communicate()[0] for start in starts]
    assert [start.returncode for start in starts] == [0, 0]
    assert len({re.search(r"http://127\.0\.0\.1:\d+/", words)[0] for words in told}) == 1  # type: ignore[index]
    assert len(desks_of(home)) == 1


def test_stopping_ends_the_homes_own_desk_and_no_other(home: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(home, tmp_path / "other"))
    mine, others = address_of(demo("start", home)), address_of(demo("start", other))
    stopped = demo("stop", home)
    assert (stopped.code, stopped.account["stopped"]) == (0, True)
    assert desks_of(home) == set()
    assert page_at(mine) is None
    assert page_at(others) is not None
    assert demo("stop", other).account["stopped"] is True


def test_stopping_what_does_not_run_is_no_fault(home: Path, tmp_path: Path) -> None:
    for place in (home, tmp_path / "nowhere"):
        told = demo("stop", place)
        assert (told.code, told.account["stopped"]) == (0, False)
    assert not (tmp_path / "nowhere").exists()


def test_another_process_that_was_given_the_number_is_left_alone(home: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(home, tmp_path / "other"))
    others = address_of(demo("start", other))
    (desk_of_other,) = desks_of(other)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as foreign:
        for number in (foreign.pid, desk_of_other, os.getpid()):
            (home / "process").write_text(f"{number}\n", encoding="ascii")
            (home / "address").write_text("http://127.0.0.1:1/\n", encoding="ascii")
            assert demo("stop", home).account["stopped"] is False
        mine = address_of(demo("start", home))
        assert foreign.poll() is None
        assert demo("stop", home).account["stopped"] is True
        assert foreign.poll() is None
        foreign.kill()
    assert mine not in {"http://127.0.0.1:1/", others}
    assert page_at(others) is not None
    assert demo("stop", other).account["stopped"] is True


@pytest.mark.parametrize("written", ["", "-1", "0", "one", "99999999999999999999"])
def test_a_number_that_is_none_is_passed_over(written: str, home: Path) -> None:
    (home / "process").write_text(written, encoding="ascii")
    assert demo("stop", home).account["stopped"] is False


def test_a_desk_that_was_killed_is_started_anew(home: Path) -> None:
    address_of(demo("start", home))
    (killed,) = desks_of(home)
    os.kill(killed, signal.SIGKILL)
    until(lambda: not desks_of(home))
    again = address_of(demo("start", home))
    assert page_at(again) is not None
    assert len(desks_of(home)) == 1


def test_a_desk_that_never_told_its_address_is_replaced(home: Path) -> None:
    address_of(demo("start", home))
    (silent,) = desks_of(home)
    (home / "address").unlink()
    assert page_at(address_of(demo("start", home))) is not None
    assert len(desks_of(home)) == 1
    assert silent not in desks_of(home)


def test_a_port_that_is_taken_is_left_to_whoever_has_it(home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        address = address_of(demo("start", home, "--port", str(port)))
    assert f":{port}/" not in address
    assert page_at(address) is not None


def test_the_desk_listens_on_loopback_alone(home: Path) -> None:
    port = int(address_of(demo("start", home)).rstrip("/").rpartition(":")[2])
    listening = {
        local
        for table in ("tcp", "tcp6")
        for _, local, _, state, *_ in (line.split() for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:])
        if state == "0A" and local.endswith(f":{port:04X}")
    }
    # 127.0.0.1 as the kernel writes it.
    assert {local.rpartition(":")[0] for local in listening} == {"0100007F"}


def test_a_folder_that_holds_something_else_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "town" / "sources").mkdir(parents=True)
    (tmp_path / "town" / "sources" / "mine.csv").write_text("mine", encoding="utf-8")
    before = files_in(tmp_path)
    told = demo("start", tmp_path / "town")
    assert (told.code, told.account["reason"]) == (2, "home_taken")
    assert told.err.startswith("jalostamo demo: 'town' holds something else: name a folder")
    assert files_in(tmp_path) == before


def test_what_the_city_refuses_is_told_as_it_says_it(tmp_path: Path) -> None:
    told = demo("start", tmp_path / "home", people=1)
    assert told.code == 2
    assert re.fullmatch(r"jalostamo demo: (?!jalostamo).*people.*\n", told.err)
    assert desks_of(tmp_path / "home") == set()


def test_a_town_that_cannot_be_refined_leaves_no_older_one_to_look_at(home: Path) -> None:
    told = demo("start", home, people=2000)
    assert (told.code, told.account["reason"]) == (3, "suppression_limit")
    assert "fewer than 5 alike" in told.err
    # What was decided and ordered, and how far it came, is told; nothing else is there.
    told_of = ("orders/", "checkpoints/", "permits/", "status/")
    left = [name for name in files_in(home / "exchange") if not name.startswith(told_of)]
    assert left == []
    assert desks_of(home) == set()


def test_townhall_opens_beside_the_desk_with_its_cast_and_stops_with_it(home: Path) -> None:
    told = demo("start", home, "--town")
    assert told.code == 0, told.err
    townhall = str(told.account["townhall"])
    assert "Fiktiivinen Inka Initiatiivi" in (page_at(townhall + "sign-in/") or "")
    assert demo("start", home, "--town").account["townhall"] == townhall
    for name in ("process", "worker"):
        status = Path(f"/proc/{(home / 'townhall' / name).read_text().strip()}/status").read_text()
        assert re.search(r"^Seccomp:\s*2$", status, re.MULTILINE), name
    assert demo("stop", home).account["stopped"] is True
    assert page_at(townhall) is None

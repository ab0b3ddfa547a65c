"""A home keeps the closed room for itself, and one process at a time at work in it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from jalostamo.concepts.errors import Misused
from jalostamo.doors.home import Home, alone, made

HOLDER = """
    import sys
    from pathlib import Path
    from jalostamo.doors.home import alone
    with alone(Path(sys.argv[1]), doing="at work"):
        print("in", flush=True)
        sys.stdin.read()
"""


def holder_of(folder: Path) -> subprocess.Popen[str]:
    """A process that holds a folder from now on until its standard input ends."""
    holder = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLDER), folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "in\n"
    return holder


def is_held(folder: Path) -> bool:
    try:
        with alone(folder, doing="at work", patience=0.0):
            return False
    except Misused:
        return True


def test_the_closed_room_is_for_its_own_eyes(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        made_now = Home(tmp_path).private("vault")
    finally:
        os.umask(before)
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in (made_now, made_now.parent)] == [0o700, 0o700]


def test_a_closed_room_that_stood_open_is_closed_again(tmp_path: Path) -> None:
    (tmp_path / "closed" / "vault").mkdir(parents=True)
    (tmp_path / "closed").chmod(0o755)
    Home(tmp_path).private("vault")
    assert stat.S_IMODE((tmp_path / "closed").stat().st_mode) == 0o700


def test_the_exchange_holds_nothing_of_the_closed_room() -> None:
    home = Home(Path("home"))
    shared = {home.releases, home.results, home.publications}
    assert all(Path("home/exchange") in folder.parents for folder in shared)
    assert home.closed not in {parent for folder in shared for parent in folder.parents}


def test_a_folder_in_a_files_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Misused, match="cannot be written: Not a directory. Check its permissions") as refused:
        made(tmp_path / "file" / "folder")
    assert refused.value.reason == "home_unwritable"


def test_a_home_without_sources_is_told_what_they_are(tmp_path: Path) -> None:
    with pytest.raises(Misused, match="has no folder 'sources': it holds a folder for each register"):
        Home(tmp_path).delivered()


def test_who_is_alone_in_a_folder_keeps_others_out_until_it_leaves(tmp_path: Path) -> None:
    with holder_of(tmp_path) as holder:
        assert is_held(tmp_path)
        told = "another process is at work there: try again when it has ended"
        with pytest.raises(Misused, match=told), alone(tmp_path, doing="at work", patience=0.0):
            pass
        holder.communicate()
    assert not is_held(tmp_path)


def test_who_is_killed_lets_go(tmp_path: Path) -> None:
    with holder_of(tmp_path) as holder:
        holder.kill()
        holder.wait()
    assert not is_held(tmp_path)


def test_who_waits_comes_in_when_the_other_leaves(tmp_path: Path) -> None:
    with holder_of(tmp_path) as holder:
        assert holder.stdin is not None
        holder.stdin.close()
        with alone(tmp_path, doing="at work"):
            assert is_held(tmp_path)


def test_two_folders_are_held_apart(tmp_path: Path) -> None:
    other = made(tmp_path / "other")
    with alone(tmp_path, doing="at work"):
        assert not is_held(other)

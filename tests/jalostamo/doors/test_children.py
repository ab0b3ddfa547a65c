"""A door that starts another one takes its facts or its refusal as its own, and never leaves it running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from tests.jalostamo.doors.homes import other_end, processes_with

from jalostamo.concepts.errors import Broken, JalostamoError, Misused, Unfit
from jalostamo.doors.children import ask, bid

OPEN_ROOM = "jalostamo.doors.open_room"
LEADER = """
    import os, signal, sys
    from jalostamo.doors.children import ask
    from jalostamo.doors.terminal import Account, Command, run

    def act(asked, progress):
        ask("jalostamo.doors.open_room", "paths", *sys.argv[2:])
        return Account(())

    # A process tells of the child that it is about to start: a signal that comes at this moment is the worst one.
    moment = sys.argv[1]
    sys.addaudithook(lambda event, _: event == moment and os.kill(os.getpid(), signal.SIGTERM))
    sys.exit(run(Command("lead", "Lead.", "lead", lambda parser: None, act), []))
"""


def paths_words(log: Path, out: Path) -> list[str]:
    return [str(log), "--case", "who", "--activity", "what", "--time", "when", "--out", str(out)]


def led(moment: str, log: Path, out: Path) -> subprocess.Popen[str]:
    """A process that leads a child, and stops itself at a moment of its own (never, where there is no such one)."""
    command = [sys.executable, "-c", textwrap.dedent(LEADER), moment, *paths_words(log, out)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log.csv"
    path.write_text("who,what,when\na,x,2020-01-01\na,y,2020-01-02\n", encoding="utf-8")
    return path


def test_the_facts_of_a_child_are_given_back(log: Path, tmp_path: Path) -> None:
    account = ask(OPEN_ROOM, "paths", *paths_words(log, tmp_path / "paths.json"))
    assert (account["events"], account["cases"], account["exit_code"]) == (2, 1, 0)


@pytest.mark.parametrize(
    ("content", "error", "reason"),
    [(None, Misused, "log_unreadable"), ("who,what,when\na,,2020-01-01\n", Unfit, "activity_missing")],
    ids=["missing", "unfit"],
)
def test_the_refusal_of_a_child_is_raised_as_ones_own(
    content: str | None, error: type[JalostamoError], reason: str, log: Path, tmp_path: Path
) -> None:
    log.unlink() if content is None else log.write_text(content, encoding="utf-8")
    with pytest.raises(error) as raised:
        ask(OPEN_ROOM, "paths", *paths_words(log, tmp_path / "paths.json"))
    assert raised.value.reason == reason
    assert "log.csv" in raised.value.sentence


def test_a_child_that_tells_nothing_is_our_fault_and_not_quoted() -> None:
    with pytest.raises(Broken, match="^a step of it ended before its end") as raised:
        ask("this")
    assert raised.value.reason == "child_ended"
    with pytest.raises(Broken, match="^a step of it ended before its end"):
        bid("jalostamo.no_such_door")


def test_a_child_is_bidden_without_facts(tmp_path: Path) -> None:
    bid("jalostamo.city", str(tmp_path / "town"), "--people", "2000")
    assert (tmp_path / "town" / "population" / "register.toml").is_file()
    with pytest.raises(Misused, match=r"^[^:]+ is not empty") as raised:
        bid("jalostamo.city", str(tmp_path / "town"), "--people", "2000")
    assert "jalostamo city" not in raised.value.sentence


def test_a_childs_input_is_not_the_terminals(log: Path, tmp_path: Path) -> None:
    words = [OPEN_ROOM, "paths", *paths_words(log, tmp_path / "paths.json")]
    program = f"from jalostamo.doors.children import ask\nask(*{words!r})\nprint(input())"
    done = subprocess.run([sys.executable, "-c", program], input="untouched\n", capture_output=True, text=True)
    assert done.stdout == "untouched\n"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_child_does_not_outlive_a_parent_that_is_stopped(number: signal.Signals, tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    os.mkfifo(log)
    # The child has opened its end then, and waits for a line that never comes.
    with led("never", log, tmp_path / "paths.json") as parent, other_end(log, parent):
        parent.send_signal(number)
        _, said = parent.communicate(timeout=120)
    assert (parent.returncode, said) == (128 + number, "jalostamo lead: it was stopped.\n")
    assert processes_with(str(tmp_path)) == set()
    assert list(tmp_path.iterdir()) == [log]


def test_a_signal_while_a_child_is_started_is_not_lost_and_ends_the_child(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    os.mkfifo(log)
    with led("subprocess.Popen", log, tmp_path / "paths.json") as parent:
        _, said = parent.communicate(timeout=120)
    assert (parent.returncode, said) == (143, "jalostamo lead: it was stopped.\n")
    assert processes_with(str(tmp_path)) == set()

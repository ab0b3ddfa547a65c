"""Every outcome of a command has its exit code and one clear sentence, and no value of the data is ever in it."""

from __future__ import annotations

import json
import os
import signal
import warnings
from argparse import ArgumentParser, Namespace
from collections.abc import Callable

import pytest

from jalostamo.concepts.errors import Broken, JalostamoError, Misused, Objection, Refused, Unfit
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command, run

SECRET = "010190-900A"


def command(act: Callable[[], Account]) -> Command:
    """A command called `try` that does one thing."""

    def add_arguments(parser: ArgumentParser) -> None:
        parser.add_argument("--kind", choices=("one", "two"))
        parser.add_argument("--number", type=int)
        parser.add_argument("--out", required=True)
        parser.add_argument("--force", action="store_true")

    def act_on(_asked: Namespace, _progress: Progress) -> Account:
        return act()

    return Command("try", "Try something.", "jalostamo try --out FILE", add_arguments, act_on)


def fail_with(error: BaseException) -> Callable[[], Account]:
    """Something that fails so."""

    def act() -> Account:
        raise error

    return act


def succeed() -> Account:
    """Something that is done."""
    return Account(("One sentence.", "Another."), {"events": 3})


def test_what_is_done_is_told_in_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command(succeed), ["--out", "x"]) == 0
    assert capsys.readouterr() == ("One sentence.\nAnother.\n", "")


def test_what_is_done_is_told_in_json_where_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command(succeed), ["--out", "x", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "command": "try",
        "exit_code": 0,
        "summary": ["One sentence.", "Another."],
        "events": 3,
    }


@pytest.mark.parametrize(
    ("error", "exit_code"),
    [
        (Misused("Give a name.", reason="name"), 2),
        (Unfit("Line 3 is empty.", reason="empty"), 4),
        (Broken("The sums differ.", reason="sums"), 5),
    ],
)
def test_an_error_of_ours_has_its_exit_code_and_one_sentence(
    error: JalostamoError, exit_code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command(fail_with(error)), ["--out", "x", "--json"]) == exit_code
    told = capsys.readouterr()
    assert told.err == f"jalostamo try: {error.sentence}\n"
    assert json.loads(told.out) == {
        "command": "try",
        "exit_code": exit_code,
        "reason": error.reason,
        "sentence": error.sentence,
    }


def test_a_refusal_lists_its_objections(capsys: pytest.CaptureFixture[str]) -> None:
    refused = Refused([Objection("No permit.", "2.6"), Objection("No owner.", "2.2")], reason="not_allowed")
    assert run(command(fail_with(refused)), ["--out", "x", "--json"]) == 3
    told = capsys.readouterr()
    assert told.err == "jalostamo try: No permit. No owner.\n"
    assert json.loads(told.out)["objections"] == [
        {"sentence": "No permit.", "section": "2.6"},
        {"sentence": "No owner.", "section": "2.2"},
    ]


@pytest.mark.parametrize("error", [ValueError(SECRET), KeyError(SECRET), MemoryError(SECRET), RecursionError(SECRET)])
def test_anything_else_is_told_by_its_kind_and_place_alone(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command(fail_with(error)), ["--out", "x", "--json"]) == 5
    told = capsys.readouterr()
    assert SECRET not in told.out + told.err
    assert told.err.count("\n") == 1
    assert f"our fault, not yours ({type(error).__name__}, terminal.py, line " in told.err
    assert json.loads(told.out)["reason"] == "our_fault"


def test_a_librarys_warning_is_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    def act() -> Account:
        warnings.warn(SECRET, UserWarning, stacklevel=1)
        return succeed()

    assert run(command(act), ["--out", "x"]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "the following arguments are required: --out"),
        (["--out", "x", SECRET], "there are words that no option expects"),
        (["--out", "x", f"--secret={SECRET}"], "there are words that no option expects"),
        (["--out", "x", "--kind", SECRET], "argument --kind: invalid choice (choose from "),
        (["--out", "x", "--number", SECRET], "argument --number: invalid int value"),
        (["--out", "x", f"--force={SECRET}"], "argument --force: ignored explicit argument"),
        (["--ou", "x"], "the following arguments are required: --out"),
    ],
    ids=["missing", "too-many", "unknown", "choice", "type", "flag", "shortened"],
)
def test_a_wrong_word_is_told_but_not_repeated(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command(succeed), words) == 2
    told = capsys.readouterr()
    assert told.err.startswith(f"jalostamo try: {said}")
    assert told.err.endswith("see jalostamo try --help.\n")
    assert SECRET not in told.out + told.err


def test_help_shows_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command(succeed), ["--help"]) == 0
    assert "example:\n  jalostamo try --out FILE" in capsys.readouterr().out


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_the_command_from_within(number: signal.Signals, capsys: pytest.CaptureFixture[str]) -> None:
    cleared = []

    def act() -> Account:
        try:
            os.kill(os.getpid(), number)
        finally:
            cleared.append(number)
        return succeed()

    before = signal.getsignal(number)
    assert run(command(act), ["--out", "x"]) == 128 + number
    assert capsys.readouterr().err == "jalostamo try: it was stopped.\n"
    assert cleared == [number]
    assert signal.getsignal(number) == before


def test_a_signal_that_an_engine_turned_into_its_own_error_is_still_a_stop(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def act() -> Account:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        except BaseException:
            raise RuntimeError(SECRET) from None
        return succeed()

    assert run(command(act), ["--out", "x"]) == 128 + signal.SIGTERM
    assert SECRET not in capsys.readouterr().err

"""The frame that every command is hung in: words in, a short account out, and one clear sentence when it fails.

Nothing that was read from data reaches the terminal: an unexpected error is told by its kind and place alone.

Handbook 2.6 (data protection by design).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sys
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from jalostamo.concepts.errors import JalostamoError, Misused, Refused
from jalostamo.doors.progress import Progress

_STOPPING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_OUR_FAULT: Final = 5
_PACKAGE: Final = Path(__file__).parents[1]
# What argparse quotes of the words it was given: a word may be a value.
_QUOTED: Final = (
    (r"^unrecognized arguments: .*", "there are words that no option expects"),
    (r"(invalid choice): .*? \((choose from .*)\)$", r"\1 (\2)"),
    (r"(invalid [\w ]+ value): .*", r"\1"),
    (r"(ignored explicit argument) .*", r"\1"),
)


@dataclass(frozen=True, slots=True)
class Account:
    """An account is what a command tells when it is done: sentences for people, the same facts for machines."""

    sentences: tuple[str, ...]
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name, what it does in one sentence, an example, its arguments, and the function that runs it."""

    name: str
    purpose: str
    example: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Progress], Account]


class Stopped(BaseException):
    """A signal asked the command to stop."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


type Within = Callable[[str, argparse.Namespace], AbstractContextManager[None]]
"""In what a command runs, by its name and its words."""


def anywhere(_name: str, _asked: argparse.Namespace) -> AbstractContextManager[None]:
    """In nothing of its own."""
    return nullcontext()


def run(command: Command, words: Sequence[str], *, within: Within = anywhere) -> int:
    """Run a command on its words, tell how it went, and return its exit code."""
    telling = _Telling(command.name, as_json="--json" in words)
    stopped: list[int] = []
    with _stopped_by_signals(stopped), warnings.catch_warnings():
        # A library's warning may quote what it stumbled on.
        warnings.simplefilter("ignore")
        try:
            asked = _parser(command).parse_args(words)
            with within(command.name, asked), Progress(sys.stderr) as progress:
                account = command.run(asked, progress)
            return telling.done(account)
        except SystemExit as shown_help:
            return int(shown_help.code or 0)
        except JalostamoError as error:
            return telling.refused(error)
        except BaseException as error:
            # The engine turns a signal into an error of its own, so that what arrives here is not always `Stopped`.
            if stopped or isinstance(error, KeyboardInterrupt):
                return telling.stopped(stopped[0] if stopped else signal.SIGINT)
            return telling.failed(error)


@dataclass(frozen=True, slots=True)
class _Telling:
    """How an outcome is told: one sentence on stderr if it is a failure, and JSON on stdout where asked."""

    name: str
    as_json: bool

    def done(self, account: Account) -> int:
        if self.as_json:
            self._write({"command": self.name, "exit_code": 0, "summary": account.sentences, **account.facts})
        else:
            _say("\n".join(account.sentences))
        return 0

    def refused(self, error: JalostamoError) -> int:
        objections = error.objections if isinstance(error, Refused) else ()
        listed = [{"sentence": objection.sentence, "section": objection.section} for objection in objections]
        self._fail(error.sentence, error.reason, error.exit_code, **({"objections": listed} if listed else {}))
        return error.exit_code

    def stopped(self, number: int) -> int:
        self._fail("it was stopped.", "stopped", 128 + number)
        return 128 + number

    def failed(self, error: BaseException) -> int:
        sentence = f"something went wrong that is our fault, not yours ({kind_and_place(error)}). Please report it."
        self._fail(sentence, "our_fault", _OUR_FAULT)
        return _OUR_FAULT

    def _fail(self, sentence: str, reason: str, exit_code: int, **facts: object) -> None:
        print(f"jalostamo {self.name}: {sentence}", file=sys.stderr)
        if self.as_json:
            self._write({"command": self.name, "exit_code": exit_code, "reason": reason, "sentence": sentence, **facts})

    def _write(self, content: Mapping[str, object]) -> None:
        _say(json.dumps(content, ensure_ascii=False))


def _say(text: str) -> None:
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # Whoever listened has gone, as `head` does; the work is done all the same, and nothing more is said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        for quoted, without in _QUOTED:
            message = re.sub(quoted, without, message, flags=re.DOTALL)
        raise Misused(f"{message}; see {self.prog} --help.", reason="usage")


def _parser(command: Command) -> argparse.ArgumentParser:
    parser = _Parser(
        prog=f"jalostamo {command.name}",
        description=command.purpose,
        epilog=f"example:\n  {command.example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.add_arguments(parser)
    parser.add_argument("--json", action="store_true", help="tell how it went as JSON on standard output")
    return parser


@contextmanager
def _stopped_by_signals(stopped: list[int]) -> Iterator[None]:
    """Let a signal end the command from within, so that its private folders are removed."""

    def stop(number: int, _frame: FrameType | None) -> None:
        # A terminal's Ctrl-C arrives twice, the second time through the front door.
        for each in _STOPPING:
            signal.signal(each, signal.SIG_IGN)
        stopped.append(number)
        raise Stopped(number)

    before = {number: signal.signal(number, stop) for number in _STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def was_asked_to_stop() -> bool:
    """Whether a signal has asked this process to stop: the engine makes an error of its own of what the signal raised."""
    return signal.getsignal(signal.SIGTERM) is signal.SIG_IGN


def kind_and_place(error: BaseException) -> str:
    """The kind of an error, and the last place of ours that it came through; never what it says."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)] or frames
    place = f", {Path(ours[-1].filename).name}, line {ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{place}"

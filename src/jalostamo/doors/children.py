"""Starting the other doors as processes of their own, and taking their account when they are done.

The rooms are kept apart by processes: whoever leads a request through several of them is in none.

Handbook 2.6 (the sensitive and the non-sensitive environment).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import Final, cast

from jalostamo.concepts.errors import Broken, JalostamoError, Misused, Objection, Refused, Unfit

_ERRORS: Final[Mapping[int, type[Misused | Unfit | Broken]]] = {2: Misused, 4: Unfit, 5: Broken}
_STOPPING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PATIENCE: Final = 20.0


def ask(module: str, *words: str) -> Mapping[str, object]:
    """Run a command of another door to its end and return its facts; its refusal is raised here as its own."""
    code, told, _ = _run(module, *words, "--json")
    account = _account(told)
    if code or not account:
        raise _error(code, account)
    return account


def bid(module: str, *words: str) -> None:
    """Run a command that tells no facts to its end; the sentence by which it refuses is raised here."""
    code, _, said = _run(module, *words)
    if code:
        # Only a refusal is repeated: what a child says when it breaks may be anything.
        sentence = said.decode("utf-8", "replace").rpartition("jalostamo ")[2].partition(": ")[2].strip()
        raise _error(code, {"sentence": sentence} if code in _ERRORS and sentence else {})


def _run(module: str, *words: str) -> tuple[int, bytes, bytes]:
    """A child's exit code and what it wrote. Whatever ends this process from within, a signal too, ends the child first."""
    child: subprocess.Popen[bytes] | None = None
    try:
        with _signals_held():
            child = subprocess.Popen(
                [sys.executable, "-P", "-m", module, *words],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        told, said = child.communicate()
    except BaseException:
        if child is not None:
            _end(child)
        raise
    return child.returncode, told, said


@contextmanager
def _signals_held() -> Iterator[None]:
    """Hold back signals to stop until the block is over: one that came while a child is started would leave it running."""
    held: list[int] = []

    def hold(number: int, _frame: FrameType | None) -> None:
        held.append(number)

    before = {number: signal.signal(number, hold) for number in _STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for missed in held:
            os.kill(os.getpid(), missed)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ask a child to stop, so that it clears its rows away; what does not answer is ended by force."""
    child.terminate()
    try:
        child.communicate(timeout=_PATIENCE)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()


def _account(told: bytes) -> Mapping[str, object]:
    try:
        account = json.loads(told)
    except ValueError:
        return {}
    return cast("Mapping[str, object]", account) if isinstance(account, dict) else {}


def _error(code: int, account: Mapping[str, object]) -> JalostamoError:
    sentence = str(account.get("sentence", "a step of it ended before its end, and told no reason: run it again."))
    reason = str(account.get("reason", "child_ended"))
    listed = cast("Sequence[Mapping[str, str]]", account.get("objections", ()))
    if code == Refused.exit_code and listed:
        return Refused([Objection(entry["sentence"], entry["section"]) for entry in listed], reason=reason)
    return _ERRORS.get(code, Broken)(sentence, reason=reason)

"""A lane that takes no time: it tells its steps as the real ones do, has rows in the vault, and lets an empty release out.

As a process it begins, for each JSON text of a home, an order and what happens at which moment, a process that carries that
order out.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from io import StringIO
from pathlib import Path

from jalostamo.concepts.errors import JalostamoError
from jalostamo.doors.closed_room import jobs, taking
from jalostamo.doors.closed_room.attempts import Attempt
from jalostamo.doors.home import Home
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Stopped, _stopped_by_signals
from jalostamo.engine.lease_store import LeaseStore
from jalostamo.leases.times import Terms
from jalostamo.managing.manifests import Manifest
from jalostamo.managing.nonsensitive.releases import MANIFEST, place_of
from jalostamo.managing.orders import named_in_manifest
from jalostamo.managing.sensitive.obeying import Obeyed
from jalostamo.storage.publishing import Publication, publish

STEPS = {"retrieving": "retrieve", "linking": "link", "preparing": "prepare", "validating": "validate"}
MOMENTS = (*STEPS, "admitting", "held", "out", "remembered")
SHORT = Terms(beat=0.2, expiry=2.5)


@dataclass(frozen=True)
class SmallLane:
    """The lane, and what happens at each moment of it; without its guard it lets out what nobody may stop any more.

    Whoever is held at a moment does not hold the leases: that would hold everybody else off.
    """

    moment: Callable[[str], object] = lambda _: None
    guarded: bool = True
    waits: str = ""

    def __call__(self, obeyed: Obeyed, attempt: Attempt) -> Account:
        rows = attempt.home.private("vault") / "small" / f"rows.{attempt.worker}"
        rows.mkdir(parents=True)
        try:
            with attempt.record.run():
                digest = self._steps(obeyed, attempt, rows)
        finally:
            shutil.rmtree(rows)
        attempt.carried_out(digest)
        self.at("remembered", attempt)
        return Account((f"Release {digest}",), {"digest": digest})

    def at(self, name: str, attempt: Attempt) -> None:
        """A moment, at which no heartbeat is under way."""
        store = attempt.leases.store
        assert isinstance(store, LeaseStore)
        with store._lock:
            self.moment(name)

    def _steps(self, obeyed: Obeyed, attempt: Attempt, rows: Path) -> str:
        for word, step in STEPS.items():
            attempt.telling(word)
            (rows / step).write_text("somebody")
            attempt.course.rows(len(step) * 1_000, 40_000)
            self.at(word, attempt)
            if self.waits == word:
                time.sleep(600)
            attempt.course.given(step, "ab" * 32)
        attempt.telling("admitting")
        self.at("admitting", attempt)
        manifest = Manifest("release", {"tables": {}, "salt": secrets.token_hex(8), **named_in_manifest(obeyed.order)})
        place = place_of(attempt.home.releases, obeyed.order.permit, manifest)
        allowed = partial(self._allowed, attempt, manifest.digest)
        content = {MANIFEST: manifest.written}
        publish(Publication(place, content, attempt.home.folder, attempt.worker, allowed=allowed))
        self.at("out", attempt)
        return manifest.digest

    @contextmanager
    def _allowed(self, attempt: Attempt, digest: str) -> Iterator[None]:
        with attempt.leave.entered(digest) if self.guarded else nullcontext():
            self.moment("held")
            yield


def carried_out(home: Home, place: Path, lane: SmallLane | None = None) -> Account:
    """Carry an order out by the small lane, in this process."""
    return taking.carried_out(home, place, Progress(StringIO()), carry=lane or SmallLane())


def main(told: dict[str, str]) -> int:
    """Carry an order out; the exit code is that of the error, and its reason is noted."""
    home, where = Home(Path(told["home"])), told.get("moment", "")

    def at(moment: str) -> None:
        if moment == where:
            os.kill(os.getpid(), signal.Signals[told["signal"]])

    jobs.terms = lambda: SHORT
    if "without" in told:
        # Nothing stops whoever was overtaken: neither the look at each step, nor the heart, nor the guard.
        taking._Losing.__call__ = lambda _: None  # type: ignore[method-assign]
        Attempt._given = lambda *_: None  # type: ignore[assignment]
    said, code = "done", 0
    try:
        carried_out(home, Path(told["order"]), SmallLane(at, "without" not in told, told.get("waits", "")))
    except JalostamoError as error:
        said, code = error.reason, error.exit_code
    except Stopped:
        said, code = "stopped", 128
    Path(told["said"]).write_text(said)
    return code


def serve() -> None:
    """Have everything loaded once: each line is a run to begin in a process of its own, or the number of one to wait for."""
    for line in sys.stdin:
        told = json.loads(line)
        if isinstance(told, int):
            print(os.waitpid(told, os.WUNTRACED)[1], flush=True)
            continue
        child = os.fork()
        if child:
            print(child, flush=True)
            continue
        os.setpgid(0, 0)
        with _stopped_by_signals([]):
            code = main(told)
        os._exit(code)


if __name__ == "__main__":
    serve()

"""A server of ours that goes on when its command has ended: started apart, found again by its process, and stopped.

Handbook 2.3 (publishing for users).
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Broken

LOOPBACK: Final = "127.0.0.1"
_PATIENCE: Final = 60.0
_EVERY: Final = 0.05


@dataclass(frozen=True, slots=True)
class Detached:
    """A server that may run apart: the file that holds the id of its process, and words by which that process is known.

    Ids are given again to others: a process that was not started with these words is not ours.
    """

    told: Path
    known_by: Sequence[str]

    @property
    def process(self) -> int | None:
        """The id of the process, if it still is one of ours."""
        try:
            number = int(self.told.read_text(encoding="ascii"))
            words = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return number if all(word.encode() in words for word in self.known_by) else None

    def start(
        self, words: Sequence[str], *, ready: Callable[[], bool], variables: Mapping[str, str], log: Path | None = None
    ) -> bool:
        """Start it apart from this process, and wait until it is ready; False where it ended, or never was."""
        with (log or Path(os.devnull)).open("ab") as said:
            child = subprocess.Popen(
                words,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
                env=os.environ | variables,
            )
        # Known from its first moment, so that it can be stopped even if this process is killed while it waits.
        self.told.write_text(f"{child.pid}\n", encoding="ascii")
        until = time.monotonic() + _PATIENCE
        while child.poll() is None and time.monotonic() < until:
            if ready():
                return True
            time.sleep(_EVERY)
        child.kill()
        child.wait()
        return False

    def stop(self) -> bool:
        """Stop it and wait until it has; False where it did not run."""
        number = self.process
        if number is None:
            return False
        os.kill(number, signal.SIGTERM)
        until = time.monotonic() + _PATIENCE
        while self.process and time.monotonic() < until:
            time.sleep(_EVERY)
        if self.process:
            raise Broken("a server of ours did not stop.", reason="server_stuck")
        return True


def free_port(wanted: int) -> int:
    """The port that is wanted, or any that is free where it is taken (or none is wanted: 0)."""
    for number in (wanted, 0):
        with socket.socket() as asked:
            asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                asked.bind((LOOPBACK, number))
            except OSError:
                continue
            port: int = asked.getsockname()[1]
            return port
    raise Broken(f"no port of {LOOPBACK} could be opened.", reason="port")

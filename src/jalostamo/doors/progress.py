"""Progress on a terminal: what is being done and for how long, once it has taken more than two seconds.

Handbook 2.5.
"""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Final, Self, TextIO

PATIENCE: Final = 2.0
_EVERY: Final = 0.5
_CLEAR_LINE: Final = "\r\x1b[K"


class Progress:
    """Progress shows the step a command is at, on a stream that is a terminal; on any other it is silent.

    It waits `patience` seconds before it says anything.
    """

    def __init__(self, stream: TextIO, *, patience: float = PATIENCE) -> None:
        self._stream = stream
        self._patience = patience
        self._step = "starting"
        self._since = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._show, daemon=True) if stream.isatty() else None

    def __enter__(self) -> Self:
        if self._thread:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._thread:
            self._thread.join()

    def step(self, name: str) -> None:
        """Say what is being done from now on."""
        self._step = name

    def _show(self) -> None:
        if self._over.wait(self._patience):
            return
        while True:
            seconds = time.monotonic() - self._since
            self._stream.write(f"{_CLEAR_LINE}{self._step} ... {seconds:.0f} s")
            self._stream.flush()
            if self._over.wait(_EVERY):
                self._stream.write(_CLEAR_LINE)
                self._stream.flush()
                return

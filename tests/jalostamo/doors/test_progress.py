"""Progress is shown on a terminal, and nowhere else."""

from __future__ import annotations

import io
import re
import threading

from jalostamo.doors.progress import PATIENCE, Progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal, and tells when it is written to."""

    def __init__(self) -> None:
        super().__init__()
        self.written = threading.Event()

    def isatty(self) -> bool:
        return True

    def flush(self) -> None:
        self.written.set()


def test_a_long_step_is_named_with_its_seconds_and_wiped_away() -> None:
    terminal = Terminal()
    with Progress(terminal, patience=0.0) as progress:
        progress.step("making paths")
        terminal.written.clear()
        assert terminal.written.wait(timeout=60)
    shown = terminal.getvalue()
    assert re.search(r"making paths \.\.\. \d+ s", shown)
    assert shown.endswith("\r\x1b[K")


def test_a_short_command_shows_nothing() -> None:
    terminal = Terminal()
    with Progress(terminal, patience=600.0) as progress:
        progress.step("making paths")
    assert terminal.getvalue() == ""
    assert PATIENCE == 2.0


def test_a_stream_that_is_no_terminal_stays_empty() -> None:
    stream = io.StringIO()
    with Progress(stream, patience=0.0) as progress:
        progress.step("making paths")
    assert stream.getvalue() == ""

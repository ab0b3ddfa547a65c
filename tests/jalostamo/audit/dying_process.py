"""Forks processes that each die at a line of the log's code, later and later, until one survives; tells what each had done."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from types import FrameType

from tests.jalostamo.audit.sample_logs import entry, log_in, runs_in, verified

AUDITED = f"{os.sep}jalostamo{os.sep}audit{os.sep}"
DEEDS = 3
MOST_LINES = 20_000


class Dying:
    """Counts lines of the log's code, and kills its own process at one of them."""

    def __init__(self, last: int) -> None:
        self.left = last

    def trace(self, frame: FrameType, event: str, _argument: object) -> Dying.trace | None:  # type: ignore[name-defined]
        """Count a line, if it is the log's or ours."""
        ours = AUDITED in frame.f_code.co_filename or frame.f_code.co_filename == __file__
        if event == "line" and ours:
            self.left -= 1
            if self.left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return self.trace if ours else None


def act(folder: Path, order: str) -> None:
    """Do a few deeds, each written down before it is done, or after."""
    log = log_in(folder)
    for number in range(DEEDS):
        recorded = entry(3 * number + 1)
        if order == "record-first":
            with log.recorded(recorded):
                do(folder, recorded.run)
        else:
            do(folder, recorded.run)
            log.append(recorded)


def do(folder: Path, run: str) -> None:
    """A deed that stays: a line in a file."""
    descriptor = os.open(folder.with_suffix(".deeds"), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(descriptor, f"{run}\n".encode())
    os.close(descriptor)


def main(folder: Path, order: str, every: int) -> None:
    """Let one process after the other die, each in a log of its own, and look at what it has left."""
    for last in range(1, MOST_LINES, every):
        log = folder / f"{last}"
        child = os.fork()
        if not child:
            sys.settrace(Dying(last).trace)
            act(log, order)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        deeds = log.with_suffix(".deeds").read_text().split() if log.with_suffix(".deeds").exists() else []
        # The lines are read without opening the log, which would mend what was left.
        recorded = whole_lines(log)
        for deed in deeds:
            print("done" if any(f'"run":"{deed}"' in line for line in recorded) else "unrecorded", f"{last}", deed)
        log_in(log).append(entry(0))
        if verified(log).doubts or runs_in(log)[: len(deeds)] != deeds[: len(runs_in(log)) - 1]:
            print("broken", f"{last}", "log")
        if status == 0:
            print("survived", f"{last}", "all")
            return


def whole_lines(folder: Path) -> list[str]:
    """All lines that were finished."""
    return [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text().split("\n")[:-1]]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))

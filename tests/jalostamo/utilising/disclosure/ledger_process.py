"""A process of its own that admits cubes to a ledger, and dies where it is told to: at its n-th write to the disk."""

from __future__ import annotations

import datetime
import os
import signal
import sys
from pathlib import Path

from tests.jalostamo.utilising.disclosure.sample_cubes import AGE, RESIDENTS, Town, definition

from jalostamo.utilising.disclosure.gate import disclose
from jalostamo.utilising.disclosure.ledger.ledger import Ledger
from jalostamo.utilising.disclosure.noise import noise_table
from jalostamo.utilising.disclosure.rules import OUTSIDE


def admit(folder: Path, day: int) -> None:
    """Admit the cube of one day."""
    when = datetime.date(2020, 1, 1) + datetime.timedelta(days=day)
    asked = definition(first_day=when, last_day=when, dimensions=(AGE,), measures=(RESIDENTS,))
    counted = Town(day, units=100).counted(asked)
    disclose(counted, rule=OUTSIDE, noise=noise_table(), ledger=Ledger(folder), series="series-1", source=str(day))


def die_at(write: int) -> None:
    """Let the process be killed just before its n-th write is made durable."""
    durable, made = os.fsync, 0

    def counting(descriptor: int) -> None:
        nonlocal made
        made += 1
        if made == write:
            os.kill(os.getpid(), signal.SIGKILL)
        durable(descriptor)

    os.fsync = counting


if __name__ == "__main__":
    ledger_folder, first, last, killed_at = Path(sys.argv[1]), *map(int, sys.argv[2:])
    if killed_at:
        die_at(killed_at)
    for number in range(first, last):
        admit(ledger_folder, number)

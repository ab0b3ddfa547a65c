"""The command `closed-room refusals`: which cubes were refused for what the records hold, and letting cubes be asked for again.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Misused
from jalostamo.doors.home import Home, alone
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command

_SHORT: Final = 12


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("population", metavar="POPULATION", help="of the cubes, as their definitions name it")
    parser.add_argument("--home", metavar="DIR", type=Path, required=True, help="where sources and cubes are")
    parser.add_argument(
        "--by", metavar="STAFF-ID", help="who has looked at the refusals, and lets cubes be asked for again"
    )
    parser.add_argument("--because", metavar="WORDS", help="with --by: why nobody can be told by what was refused")


def _run(asked: Namespace, _progress: Progress) -> Account:
    from jalostamo.managing.quality.deficiencies import refuse_identifying
    from jalostamo.utilising.disclosure.ledger.ledger import Ledger

    if (asked.by is None) != (asked.because is None):
        raise Misused("Who lets cubes be asked for again says why: give --by and --because.", reason="because_missing")
    home = Home(asked.home)
    # A misspelt home is not made.
    home.delivered()
    ledger = Ledger(home.private("ledger"))
    with alone(home.closed, doing="at work in this closed room"):
        if asked.by is None:
            told = ledger.refusals(asked.population)
        else:
            refuse_identifying(asked.by, asked.because)
            told = ledger.lift(asked.population, by=asked.by, because=asked.because)
    listed = [f"'{each.name}' ({each.definition[:_SHORT]}): {each.reason}." for each in told]
    state = "nobody has looked at yet" if asked.by is None else "no longer count"
    return Account(
        (f"Refusals of population '{asked.population}' that {state}: {len(told)}.", *listed),
        {"population": asked.population, "refusals": [each.facts for each in told], "lifted": asked.by is not None},
    )


COMMAND: Final = Command(
    name="closed-room refusals",
    purpose="See which cubes were refused for what the records hold, and let cubes be asked for again.",
    example="jalostamo closed-room refusals children --home town --by analyst --because 'three spellings of one service'",
    add_arguments=_add_arguments,
    run=_run,
)

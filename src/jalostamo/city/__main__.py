"""The command line of the demonstration city: `python -m jalostamo.city DIR`, or `jalostamo city DIR`.

Handbook 2.2 (the example of child protective services).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from jalostamo.city.generation import City, founded, write
from jalostamo.city.plan import FEWEST_PEOPLE, MOST_PEOPLE, Plan
from jalostamo.city.writing import place_for
from jalostamo.concepts.errors import JalostamoError, Misused

_EXAMPLE: Final = """example:
  jalostamo city demo-city --people 20000 --from 2010 --to 2016 --seed 1

Writes the folders population/ and social_services/, each with its records and register.toml, and truth.json.
Everything in them is synthetic: nobody in these registers has ever lived."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the demonstration city that the arguments ask for; the answer is the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        city = _made(asked)
    except JalostamoError as error:
        print(f"jalostamo city: {error.sentence}", file=sys.stderr)
        return error.exit_code
    print(_summary(city, asked.folder))
    return 0


def _made(asked: argparse.Namespace) -> City:
    plan = Plan(asked.people, asked.first_year, asked.last_year, asked.seed)
    try:
        place_for(asked.folder, force=asked.force)
        _tell(f"Founding a city of {plan.people:,} people ...")
        city = founded(plan)
        _tell("Writing its registers ...")
        write(asked.folder, city)
    except OSError as error:
        raise Misused(f"DIR cannot be written: {error.strerror}.", reason="city_folder") from error
    return city


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jalostamo city",
        description="Make a synthetic city: extracts of two registers, and the truth about what was planted in them.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", metavar="DIR", type=Path, help="the folder to fill; it is made if missing")
    people = f"how many live there on the first day, {FEWEST_PEOPLE}-{MOST_PEOPLE} (default %(default)s)"
    parser.add_argument("--people", type=int, default=20_000, help=people)
    parser.add_argument("--from", dest="first_year", type=int, default=2010, help="first year (default %(default)s)")
    parser.add_argument("--to", dest="last_year", type=int, default=2016, help="last year (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="seed of all chance (default %(default)s)")
    parser.add_argument("--force", action="store_true", help="replace the city in a folder that is not empty")
    return parser


def _tell(sentence: str) -> None:
    """What is being done, for somebody who watches."""
    if sys.stderr.isatty():
        print(sentence, file=sys.stderr)


def _summary(city: City, folder: Path) -> str:
    plan = city.plan
    return "\n".join((
        f"{folder}: a synthetic city of {plan.people:,} people, {plan.first_year}-{plan.last_year}, seed {plan.seed}",
        f"  population/       {len(city.people):,} persons in {len(city.households):,} households",
        f"  social_services/  {len(city.spells):,} decisions on children's services",
        f"  truth.json        what was planted, with {len(city.pairs)} pairs of look-alike identity codes",
    ))  # fmt: skip


if __name__ == "__main__":  # pragma: no cover - the tests run it in a process of its own
    sys.exit(main())

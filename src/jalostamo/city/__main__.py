"""The command line of the demonstration city: `python -m jalostamo.city DIR`, or `jalostamo city DIR`.

Handbook 2.2 (the example of child protective services).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from jalostamo.city.generation import REGISTERS, founded, write
from jalostamo.city.place import place_for
from jalostamo.city.plan import FEWEST_PEOPLE, MOST_PEOPLE, Plan
from jalostamo.city.truth import Truth
from jalostamo.concepts.errors import JalostamoError, Misused

_EXAMPLE: Final = """example:
  jalostamo city demo-city --people 20000 --from 2010 --to 2016 --seed 1

Writes a folder for each source register, with its records and register.toml, and truth.json beside them.
Everything in them is synthetic: nobody in these registers has ever lived."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the demonstration city that the arguments ask for; the answer is the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        truth = _made(asked)
    except JalostamoError as error:
        print(f"jalostamo city: {error.sentence}", file=sys.stderr)
        if asked.json:
            print(json.dumps({"refused": error.sentence, "reason": error.reason}))
        return error.exit_code
    print(json.dumps(_counted(truth)) if asked.json else _summary(truth, asked.folder))
    return 0


def _made(asked: argparse.Namespace) -> Truth:
    plan = Plan(asked.people, asked.first_year, asked.last_year, asked.seed)
    try:
        place_for(asked.folder, force=asked.force)
        _tell(f"Founding a city of {plan.people:,} people ...")
        town = founded(plan)
        return write(asked.folder, town, only=asked.only, tell=lambda name: _tell(f"Writing {name} ..."))
    except OSError as error:
        raise Misused(f"DIR cannot be written: {error.strerror}.", reason="city_folder") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jalostamo city",
        description="Make a synthetic city: extracts of its registers, and the truth about what was planted in them.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", metavar="DIR", type=Path, help="the folder to fill; it is made if missing")
    people = f"how many live there on the first day, {FEWEST_PEOPLE}-{MOST_PEOPLE} (default %(default)s)"
    parser.add_argument("--people", type=int, default=20_000, help=people)
    parser.add_argument("--from", dest="first_year", type=int, default=2010, help="first year (default %(default)s)")
    parser.add_argument("--to", dest="last_year", type=int, default=2016, help="last year (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="seed of all chance (default %(default)s)")
    names = [register.name for register in REGISTERS]
    only = f"write this register and no other; may be given several times ({', '.join(names)})"
    parser.add_argument("--only", metavar="NAME", action="append", default=[], choices=names, help=only)
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    parser.add_argument("--force", action="store_true", help="replace the city in a folder that is not empty")
    return parser


def _tell(sentence: str) -> None:
    """What is being done, for somebody who watches."""
    if sys.stderr.isatty():
        print(sentence, file=sys.stderr)


def _counted(truth: Truth) -> Truth:
    """The summary for machines: what was asked, and the records of each register by table."""
    return {key: truth[key] for key in ("marking", "people", "from", "to", "seed", "registers")}


def _summary(truth: Truth, folder: Path) -> str:
    people, first, last, seed = (truth[key] for key in ("people", "from", "to", "seed"))
    head = f"{folder}: a synthetic city of {people:,} people, {first}-{last}, seed {seed}"
    written = {name + "/": _tables(told) for name, told in _section(truth, "registers").items()}
    planted = ", ".join(_section(truth, "planted")) or "nothing"
    lines = [
        f"  {name:<18} {told}" for name, told in (written | {"truth.json": f"what was planted: {planted}"}).items()
    ]
    return "\n".join([head, *lines])


def _tables(told: object) -> str:
    counted = told if isinstance(told, Mapping) else {}
    return ", ".join(f"{table} {records:,}" for table, records in counted.items())


def _section(truth: Truth, key: str) -> Mapping[str, object]:
    section = truth[key]
    return section if isinstance(section, Mapping) else {}


if __name__ == "__main__":  # pragma: no cover - the tests run it in a process of its own
    sys.exit(main())

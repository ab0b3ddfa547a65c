"""The command `attack`: a written release attacked by the suite, and the evidence written for whoever decides and signs.

It opens no room but the one that is handed to it: what may see persons is the closed room's.

Handbook 2.6, phase 5 (the results of the processing are validated).
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from jalostamo.concepts.errors import Misused, Objection, Refused
from jalostamo.doors import policies
from jalostamo.doors.own_folder import own_folder
from jalostamo.doors.terminal import Account, Command
from jalostamo.managing.releasing import Attacking
from jalostamo.storage.pairs import end_begun
from jalostamo.storage.places import check_place, write_whole

if TYPE_CHECKING:
    from jalostamo.doors.progress import Progress

_SECTION: Final = "2.6, phase 5"
_MOST_HELD_BACK: Final = 0.5


class Found(Protocol):
    """What the suite found: whether every attack was withstood, in words, and for a file."""

    @property
    def withstood(self) -> bool: ...

    def sentences(self) -> Sequence[str]: ...

    def objections(self) -> Sequence[str]: ...

    def as_mapping(self) -> dict[str, object]: ...


class Attacked(Protocol):
    """The room's function that runs the suite."""

    def __call__(self, workspace: Path, out: Path, *, recipe: Path, source: Path, asked: Attacking) -> Found: ...


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("out", metavar="OUT.parquet", type=Path, help="the file that `anonymise` wrote, or another")
    parser.add_argument("--recipe", metavar="RECIPE.toml", type=Path, required=True, help="what was asked for")
    parser.add_argument("--source", metavar="TABLE", type=Path, required=True, help="the table that it was made of")
    parser.add_argument("--evidence", metavar="FILE.json", type=Path, required=True, help="the file to write")
    parser.add_argument(
        "--report", metavar="REPORT.json", type=Path, help="its report: whether levels were kept as before"
    )
    parser.add_argument("--catalogue", metavar="CATALOGUE.toml", type=Path, help="what its levels were chosen from")
    policies.add_others(parser)
    parser.add_argument(
        "--control", metavar="SHARE", type=float, help="hold back so many people, up to half, as a control group"
    )
    parser.add_argument("--seed", metavar="N", type=int, default=1, help="by which people are drawn (1)")
    parser.add_argument("--people", metavar="N", type=int, help="how many are drawn (2000)")
    parser.add_argument("--criteria", metavar="FILE.toml", type=Path, help="newer criteria than those of the product")
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")


def command(run: Callable[[Namespace, Progress], Account]) -> Command:
    """The command `attack`, run by the room that may see persons."""
    return Command(
        name="attack",
        purpose="Attack written rows as somebody would who has them, and say what was found out of whom.",
        example="jalostamo attack rows.parquet --recipe recipe.toml --source table.csv --evidence evidence.json",
        add_arguments=_add_arguments,
        run=run,
    )


def attack(asked: Namespace, progress: Progress, attacked: Attacked) -> Account:
    """Attack a written release, and write the evidence, also where an attack succeeds."""
    wanted = _wanted(asked)
    if end_begun(asked.out):
        progress.step("ending what was begun")
    progress.step("attacking the rows")
    with own_folder() as folder:
        found = attacked(folder, asked.out, recipe=asked.recipe, source=asked.source, asked=wanted)
    content = json.dumps(found.as_mapping(), ensure_ascii=False, allow_nan=False, indent=1)
    write_whole(asked.evidence, f"{content}\n".encode(), force=asked.force)
    if not found.withstood:
        objections = [Objection(sentence, _SECTION) for sentence in found.objections()]
        raise Refused(objections, reason="attack_succeeded")
    return Account((*found.sentences(), f"Written to {asked.evidence.name}."), found.as_mapping())


def _wanted(asked: Namespace) -> Attacking:
    if asked.control is not None and not 0 < asked.control <= _MOST_HELD_BACK:
        raise Misused("--control is a share above 0 and up to 0.5: as many attacked as held back.", reason="usage")
    if asked.people is not None and asked.people < 1:
        raise Misused("--people is a number of 1 or more.", reason="usage")
    if asked.seed < 0:
        raise Misused("--seed is a number of 0 or more.", reason="usage")
    if (asked.releases is None) != (asked.population is None):
        raise Misused("--releases and --population go together: whose releases are attacked with it.", reason="usage")
    given = {"the rows": asked.out, "the recipe": asked.recipe, "the source": asked.source}
    same = next((name for name, path in given.items() if asked.evidence.resolve() == path.resolve()), None)
    if same:
        raise Misused(f"--evidence is {same}: give it another name.", reason="out_is_given")
    check_place(asked.evidence, force=asked.force)
    return Attacking(
        today=policies.today(),
        seed=asked.seed,
        people=asked.people,
        control=asked.control,
        catalogue=asked.catalogue,
        report=asked.report,
        releases=asked.releases,
        population=asked.population,
        without_earlier=asked.without_earlier is not None,
        cubes=policies.cells_of(asked),
        outside=asked.outside,
        criteria=asked.criteria,
    )

"""The commands `anonymise` and `check-anonymity`: one table of one's own made coarser by a recipe, and the result read anew.

They open no room but the one that is handed to them: what may see persons is the closed room's.

Handbook 2.6 (anonymising the data) and phase 5.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol

from jalostamo.concepts.errors import Misused, Objection, Refused
from jalostamo.doors import policies
from jalostamo.doors.anonymity_page import check_folder, write_pages
from jalostamo.doors.own_engine import own_engine
from jalostamo.doors.publishing import browser_assets
from jalostamo.doors.terminal import Account, Command
from jalostamo.storage.pairs import end_begun, put_pair
from jalostamo.storage.places import check_place, write_whole

if TYPE_CHECKING:
    from jalostamo.doors.anonymity_page import Drawing
    from jalostamo.doors.progress import Progress
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.releasing import Policy

_WITH_VALUES: Final = ("utility", "frontier")
_NOT_ANONYMOUS: Final = "By that alone the rows are not anonymous: what else is known of people is not in them."


def _anonymise_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("table", metavar="TABLE", type=Path, help="a file .csv or .parquet")
    parser.add_argument("--recipe", metavar="RECIPE.toml", type=Path, required=True, help="what is asked for")
    parser.add_argument("--out", metavar="OUT.parquet", type=Path, required=True, help="the file to write the rows to")
    parser.add_argument(
        "--report", metavar="REPORT.json", type=Path, required=True, help="the file to write the report to"
    )
    parser.add_argument("--groups", metavar="COLUMN", help="the one column whose groups the report compares (all)")
    parser.add_argument(
        "--frontier", metavar="FILE.json", type=Path, help="the file to write what else could be chosen to"
    )
    parser.add_argument("--page", metavar="DIR", type=Path, help="the folder to write the report's pages to")
    policies.add_arguments(parser)
    parser.add_argument("--force", action="store_true", help="replace the files if they exist")


def _check_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("out", metavar="OUT.parquet", type=Path, help="the file that `anonymise` wrote, or another")
    parser.add_argument("--recipe", metavar="RECIPE.toml", type=Path, required=True, help="what was asked for")
    parser.add_argument(
        "--source", metavar="TABLE", type=Path, help="the table that it was made of: t is measured against it"
    )
    parser.add_argument("--report", metavar="CHECK.json", type=Path, required=True, help="the file to write")
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")


def command(run: Callable[[Namespace, Progress], Account]) -> Command:
    """The command `anonymise`, run by the room that may see persons."""
    return Command(
        name="anonymise",
        purpose="Make one table of your own coarser, as little as can be, until every class meets the models of a recipe.",
        example="jalostamo anonymise table.csv --recipe recipe.toml --out rows.parquet --report report.json",
        add_arguments=_anonymise_arguments,
        run=run,
    )


def check_command(run: Callable[[Namespace, Progress], Account]) -> Command:
    """The command `check-anonymity`, run by the same room."""
    return Command(
        name="check-anonymity",
        purpose="Read written rows anew, and say whether the models of a recipe hold, and whom the rows single out.",
        example="jalostamo check-anonymity rows.parquet --recipe recipe.toml --source table.csv --report check.json",
        add_arguments=_check_arguments,
        run=run,
    )


class Told(Protocol):
    """What became of a table, or was found in one: in words, for a file, and whether what was asked for holds."""

    @property
    def holds(self) -> bool: ...

    def sentences(self) -> Sequence[str]: ...

    def as_mapping(self) -> dict[str, object]: ...


class Made(Told, Protocol):
    """What became of a table, with the catalogue that is proposed, and what is to be entered of it."""

    @property
    def proposal(self) -> bytes | None: ...

    @property
    def let_out(self) -> Entered: ...


class Entered(Protocol):
    """What enters a release in its register while the files are put in their places."""

    def entered(self) -> AbstractContextManager[None]: ...


class Making(Protocol):
    """The room's function that makes a table coarser; `step` and `advise` are told how it gets on."""

    def __call__(
        self,
        engine: Engine,
        recipe: Path,
        table: Path,
        *,
        out: Path,
        step: Callable[[str], None],
        advise: Callable[[str], None],
        groups: str | None,
        frontier: bool,
        policy: Policy,
    ) -> Made: ...


class Checking(Protocol):
    """The room's function that reads a written table anew; it opens an engine where it needs one."""

    def __call__(
        self, opened: Callable[[], AbstractContextManager[Engine]], recipe: Path, out: Path, *, source: Path | None
    ) -> Told: ...


def anonymise(asked: Namespace, progress: Progress, making: Making, *, drawing: Drawing) -> Account:
    """Make a table coarser in a folder of its own, then put rows and report in their places, and its pages if asked."""
    if end_begun(asked.out):
        _advise(
            f"the last run was cut short while it wrote {asked.out.name}: it and its report are in their places now."
        )
    _check_files(asked)
    if asked.page is not None:
        check_folder(asked.page, force=asked.force)
    beside = {"groups": asked.groups, "frontier": asked.frontier is not None, "policy": policies.policy_of(asked)}
    with policies.notified(asked.notice, force=asked.force), own_engine() as engine:
        staged = engine.workspace / "staged.parquet"
        made = making(engine, asked.recipe, asked.table, out=staged, step=progress.step, advise=_advise, **beside)
        report = _report_of(made)
        progress.step("putting the files in their places")
        with made.let_out.entered():
            put_pair(staged, asked.out, second=asked.report, data=report, force=asked.force)
    written = f"Written to {asked.out.name}, and the report to {asked.report.name}: exact figures, for yourself."
    more = _write_beside(asked, made, progress, drawing=drawing)
    # Groups are called by values of the table: these are for its report alone.
    facts = {key: told for key, told in made.as_mapping().items() if key not in _WITH_VALUES}
    return Account((*made.sentences(), written, *more, _NOT_ANONYMOUS), facts)


def _write_beside(asked: Namespace, made: Made, progress: Progress, *, drawing: Drawing) -> Iterator[str]:
    """Write what was asked for beside the report, and say so."""
    if asked.propose_catalogue is not None and made.proposal is not None:
        write_whole(asked.propose_catalogue, made.proposal, force=asked.force)
        yield f"A catalogue is proposed in {asked.propose_catalogue.name}: nobody has approved it yet."
    if asked.frontier is not None:
        write_whole(asked.frontier, _as_json(made.as_mapping()["frontier"]), force=asked.force)
        yield f"What else could be chosen is in {asked.frontier.name}."
    if asked.page is not None:
        progress.step("drawing")
        pages = drawing(asked.report, check=None, evidence=None, assets=browser_assets())
        yield write_pages(pages, asked.page, force=asked.force)


def check_anonymity(asked: Namespace, progress: Progress, checking: Checking) -> Account:
    """Read a written table anew and write what was found, also where what was asked for does not hold."""
    _check_files(asked)
    progress.step("reading the rows")
    found = checking(own_engine, asked.recipe, asked.out, source=asked.source)
    write_whole(asked.report, _report_of(found), force=asked.force)
    if not found.holds:
        sentences = [sentence for sentence in found.sentences() if "does not hold" in sentence]
        raise Refused(
            [Objection(f"{asked.out.name}, {sentence}", "2.6, phase 5") for sentence in sentences],
            reason="does_not_hold",
        )
    return Account((*found.sentences(), f"Written to {asked.report.name}."), found.as_mapping())


def _check_files(asked: Namespace) -> None:
    """Refuse places that cannot be written, or that are one another, before the work whose result would go there."""
    given: dict[str, Path] = {"the recipe": asked.recipe}
    places: dict[str, Path] = {"--report": asked.report}
    if "table" in asked:
        given |= {"the table": asked.table, **policies.given(asked)}
        places = {"--out": asked.out, **places, **_more_places(asked)}
        if asked.out.suffix.lower() != ".parquet":
            raise Misused("--out is a Parquet file: let its name end with .parquet.", reason="out_kind")
    else:
        given |= {"the file that is checked": asked.out} | ({"the source": asked.source} if asked.source else {})
    for option, place in places.items():
        same = next((name for name, path in given.items() if _are_one(place, path)), None)
        if same:
            raise Misused(f"{option} is {same} itself: give it another name.", reason="out_is_given")
        given[option] = place
        check_place(place, force=asked.force)


def _more_places(asked: Namespace) -> dict[str, Path]:
    named = {
        "--frontier": asked.frontier,
        "--propose-catalogue": asked.propose_catalogue,
        "--notice": asked.notice,
    }
    return {option: path for option, path in named.items() if path is not None}


def _are_one(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve() or (one.exists() and other.exists() and one.samefile(other))


def _advise(sentence: str) -> None:
    """Say something at once that is no refusal: the work goes on."""
    print(f"jalostamo anonymise: {sentence}", file=sys.stderr, flush=True)


def _report_of(told: Told) -> bytes:
    return _as_json(told.as_mapping())


def _as_json(content: object) -> bytes:
    return f"{json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)}\n".encode()

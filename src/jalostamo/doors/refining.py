"""The command `refine`: a request led through the corridor, from sources to pages or to printed cells.

Each environment is in its own process.

Handbook 2.2 (the process of refining data).
"""

from __future__ import annotations

import datetime
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.doors.children import ask
from jalostamo.doors.home import Home, made
from jalostamo.doors.installation import level_of
from jalostamo.doors.progress import Progress
from jalostamo.doors.publishing import browser_assets
from jalostamo.doors.terminal import Account, Command, run

if TYPE_CHECKING:
    from jalostamo.managing.requests import Request

CLOSED_ROOM: Final = "jalostamo.doors.closed_room"
OPEN_ROOM: Final = "jalostamo.doors.open_room"


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("request", metavar="REQUEST.toml", type=Path, help="what is asked, and the questions it is for")
    parser.add_argument("--home", metavar="DIR", type=Path, required=True, help="where sources are, and releases go")
    parser.add_argument(
        "--play", action="store_true", help="have the fictional cast decide the permit (level demo alone)"
    )


def _run(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.managing.requests import read_request
    from jalostamo.permits.terms import Lane
    from jalostamo.producing.definitions import read_definition

    request, home = read_request(asked.request), Home(asked.home)
    home.delivered()
    _refuse_unpermitted(asked, request, home)
    if request.lane is Lane.CELLS:
        from jalostamo.doors.counting import definition_for

        # What the definition alone decides is decided before anybody is asked for a permit.
        definition_for(request, request.folder / str(request.definition))
        told, facts = _left(asked, request, home, progress)
        return Account(tuple(told), facts)
    if request.definition is None:
        told, facts = _left(asked, request, home, progress)
        return Account((*told, "The request names no definition: the release waits for its questions."), facts)
    definition = request.folder / request.definition
    # What the last steps need is looked at first: without it a release would be left that nobody can use.
    read_definition(definition)
    browser_assets()
    shelf, pages = made(home.results / request.id), made(home.publications / request.id)
    told, facts = _left(asked, request, home, progress)
    release = Path(str(facts["release"]))
    results = shelf / f"{release.name}.json"
    progress.step("answering the questions")
    answered = ask(OPEN_ROOM, "answer", str(release), str(definition), "--out", str(results), "--force")
    progress.step("making the pages")
    found = (str(release), str(definition), str(results))
    published = ask(OPEN_ROOM, "publish", *found, "--out", str(pages), "--force")
    told += [*_summary(answered), *_summary(published)]
    return Account(tuple(told), facts | {"results": str(results), "pages": str(pages)})


def _refuse_unpermitted(asked: Namespace, request: Request, home: Home) -> None:
    """Refuse what nobody has allowed: but for the cast, where it plays, nobody can sign for townhall yet."""
    # A home that was not laid out has nobody who could sign.
    level_of(home)
    if not asked.play:
        raise Refused(
            [
                Objection(
                    f"No permit '{request.permit}' allows this run: the closed room obeys signed orders alone. At level demo, "
                    "--play has the fictional cast decide one.",
                    "2.6, phases 3 and 4",
                )
            ],
            reason="permit_missing",
        )


def _left(asked: Namespace, request: Request, home: Home, progress: Progress) -> tuple[list[str], dict[str, object]]:
    """What the closed room told of its run, and what it let out: a release, or printed cells."""
    from jalostamo.doors.playing.townhall import play

    progress.step("in townhall, where the cast decides")
    played = play(home, asked.request, request, at=datetime.datetime.now(datetime.UTC))
    progress.step("in the closed room")
    inside = ask(CLOSED_ROOM, "run", str(played.place), "--home", str(home.folder))
    played.noted()
    left = ("release", "cube", "digest")
    return _summary(inside), {name: inside[name] for name in left if name in inside}


def _summary(account: Mapping[str, object]) -> list[str]:
    return list(cast("Sequence[str]", account["summary"]))


COMMAND: Final = Command(
    name="refine",
    purpose="Refine a request: from registers through the closed room to a release, results and pages, or to printed cells.",
    example="jalostamo refine examples/pilot/request.toml --home town --play",
    add_arguments=_add_arguments,
    run=_run,
)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    return run(COMMAND, sys.argv[1:] if words is None else words)


if __name__ == "__main__":
    sys.exit(main())

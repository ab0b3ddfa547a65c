"""The command `twin`: the synthetic twin of a request, drawn from descriptions alone, to write and try definitions on.

Townhall's side: it opens no record, only what owners say of their registers.

Handbook 2.2 (the analytic environment) and 2.6, phase 7.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from jalostamo.doors.home import Home, made
from jalostamo.doors.own_engine import own_engine
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command, run


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("request", metavar="REQUEST.toml", type=Path, help="the request whose release it stands in for")
    parser.add_argument("--home", metavar="DIR", type=Path, required=True, help="where descriptions are, and twins go")
    parser.add_argument("--persons", metavar="N", type=int, default=2_000, help="how many persons, or rows (2000)")
    parser.add_argument("--seed", metavar="N", type=int, default=1, help="the same number gives the same twin (1)")


def _run(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.engine.versions import check_versions
    from jalostamo.managing.requests import read_request
    from jalostamo.managing.twins.writing import Asked, write_twin

    check_versions()
    home, request = Home(asked.home), read_request(asked.request)
    wished, sources = Asked(asked.persons, asked.seed), home.delivered()
    with own_engine() as engine:
        progress.step("drawing the twin")
        twin = write_twin(engine, request, sources, twins=made(home.twins), asked=wished)
    return Account(
        (
            f"A synthetic twin of {asked.persons:,}: {', '.join(twin.tables)}. Nobody is in it, and nothing is known by it.",
            f"Written to {twin.folder}: put to it what you will put to the release.",
        ),
        {"twin": str(twin.folder), "digest": twin.digest, "persons": asked.persons, "seed": asked.seed},
    )


COMMAND: Final = Command(
    name="twin",
    purpose="Draw a synthetic twin of a request: tables in the form of its release, without opening a record.",
    example="jalostamo twin examples/pilot/request.toml --home town",
    add_arguments=_add_arguments,
    run=_run,
)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    return run(COMMAND, sys.argv[1:] if words is None else words)


if __name__ == "__main__":
    sys.exit(main())

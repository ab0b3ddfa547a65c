"""The command `trace`: from a figure's page back to the decision that allowed it, step by step, by digests.

Handbook 2.6 (what is done is documented).
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from jalostamo.doors.home import Home
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command, run

_SHOWN: Final = 16


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("figure", metavar="FIGURE", help="a page, a file of results, a release, or how a digest begins")
    parser.add_argument("--home", metavar="DIR", type=Path, required=True, help="the installation")


def _run(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.doors.playing.townhall import all_events
    from jalostamo.managing.nonsensitive.tracing import Exchange, broken, chain

    home = Home(asked.home)
    progress.step("reading manifests")
    whole = Exchange(home.releases, home.results, home.publications, home.cubes).links(all_events(home))
    found = chain(whole, asked.figure)
    lacking = broken(found, whole)
    width = max(len(link.step) for link in found)
    lines = [f"{link.step:{width}}  {link.digest[:_SHOWN]}  {link.name}" for link in found]
    ends = [f"{'missing':{width}}  {digest[:_SHOWN]}  named, and not found here" for digest in lacking]
    facts = {"chain": [asdict(link) for link in found], "missing": list(lacking)}
    return Account((*lines, *ends), facts)


COMMAND: Final = Command(
    name="trace",
    purpose="Follow a figure back to the decision that allowed it, and forward to what was made of it, by digests.",
    example="jalostamo trace .demo/exchange/publications/child-protection-pilot/index.en.html --home .demo",
    add_arguments=_add_arguments,
    run=_run,
)


def main(words: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    return run(COMMAND, sys.argv[1:] if words is None else words)


if __name__ == "__main__":
    sys.exit(main())

"""The command `answer`: the questions of a definition, put to a release; true results, for the people of the request.

Handbook 2.6, phase 7.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from jalostamo.doors.own_engine import own_engine
from jalostamo.doors.people import OWN_KEY, key_of
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("release", metavar="RELEASE", type=Path, help="the folder of a release")
    parser.add_argument("definition", metavar="DEFINITION.toml", type=Path, help="the questions")
    parser.add_argument("--own-key", metavar="FILE", type=Path, help=OWN_KEY)
    parser.add_argument("--out", metavar="RESULTS.json", type=Path, required=True, help="the file to write")
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")


def _run(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.engine.versions import check_versions
    from jalostamo.managing.nonsensitive.releases import open_to_analyse
    from jalostamo.producing.definitions import read_definition
    from jalostamo.producing.questions import answer
    from jalostamo.storage.places import check_place, write_whole

    check_versions()
    definition = read_definition(asked.definition)
    check_place(asked.out, force=asked.force)
    progress.step("verifying the release")
    release = open_to_analyse(asked.release)
    release = release.with_key(key_of(release.folder, asked.own_key))
    with own_engine() as engine:
        progress.step("answering")
        results = answer(engine, release, definition)
    told = {**release.stamp, "results": [r.as_mapping() for r in results]}
    content = json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1)
    write_whole(asked.out, f"{content}\n".encode(), force=asked.force)
    differing = sum(comparison.differs for result in results for comparison in result.comparisons)
    compared = sum(len(result.comparisons) for result in results)
    return Account(
        (
            f"{len(results)} questions answered: {differing} of {compared} comparisons differ. Written to {asked.out.name}.",
            *release.warnings,
        ),
        {**release.stamp, "results": len(results), "comparisons": compared, "differing": differing},
    )


COMMAND: Final = Command(
    name="answer",
    purpose="Put the questions of a definition to a release; the results are true and not protected.",
    example="jalostamo answer town/exchange/releases/pilot/0123456789abcdef definition.toml --out results.json",
    add_arguments=_add_arguments,
    run=_run,
)

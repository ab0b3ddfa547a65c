"""The command `paths`: customer paths in one log of one's own, exact, and not meant for publication.

Handbook 2.2 (the pilot's fourth question) and 3.2.4.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Final

from jalostamo.doors.own_engine import own_engine
from jalostamo.doors.own_logs import add_log_arguments, log_asked
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command
from jalostamo.storage.places import write_whole

if TYPE_CHECKING:
    from jalostamo.producing.path_results import Paths


def _add_arguments(parser: ArgumentParser) -> None:
    add_log_arguments(parser, group="also count each group, by its value at a case's first event", out="PATHS.json")
    parser.add_argument(
        "--tie", choices=("row", "activity"), default="row", help="which of two events at one time comes first (row)"
    )


def _run(asked: Namespace, progress: Progress) -> Account:
    log, columns = log_asked(asked)
    from jalostamo.managing.logs import read_log
    from jalostamo.producing.paths import paths_in
    from jalostamo.producing.prepared_log import Tie

    with own_engine(log.text.timezone) as engine:
        progress.step("reading the log")
        events = read_log(engine, log, columns)
        progress.step("making paths")
        found = paths_in(engine, events, tie=Tie(asked.tie), grouped=asked.group is not None)
    progress.step("writing")
    content = json.dumps(found.as_mapping(), ensure_ascii=False, allow_nan=False, indent=1)
    write_whole(asked.out, f"{content}\n".encode(), force=asked.force)
    return _account(found, asked)


def _account(found: Paths, asked: Namespace) -> Account:
    facts = {
        "events": found.events,
        "cases": found.cases,
        "activities": found.activities,
        "edges": len(found.edges),
        "variants": found.variants,
        "tied_neighbour_pairs": found.tied_neighbour_pairs,
        "groups": len(found.groups),
    }
    order = "the file's order" if asked.tie == "row" else "the order of their names"
    sentences = (
        f"Events: {found.events:,}. Cases: {found.cases:,}. Activities: {found.activities:,}.",
        f"Different paths: {found.variants:,}. Different steps: {len(found.edges):,}.",
        *(
            (f"Neighbours at the same time: {found.tied_neighbour_pairs:,}, in {order}.",)
            * bool(found.tied_neighbour_pairs)
        ),
        *(("No event meets the filters.",) * (not found.events)),
        f"Written to {asked.out.name}: exact figures, not meant for publication.",
    )
    return Account(sentences, facts)


COMMAND: Final = Command(
    name="paths",
    purpose="Find the customer paths in one log of your own: starts, ends, steps, whole paths and how long they take.",
    example=(
        "jalostamo paths log.csv --case client --activity service --time start --group language \\\n"
        "      --timezone Europe/Helsinki --out paths.json"
    ),
    add_arguments=_add_arguments,
    run=_run,
)

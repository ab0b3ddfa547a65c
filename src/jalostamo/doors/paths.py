"""The command `paths`: customer paths in one log of one's own, exact, and not meant for publication.

Handbook 2.2 (the pilot's fourth question) and 3.2.4.
"""

from __future__ import annotations

import json
import os
import tempfile
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.writings import Writing
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command
from jalostamo.engine.transcoding import python_name
from jalostamo.storage.places import check_place, write_whole

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from jalostamo.engine.connection import Engine
    from jalostamo.producing.path_results import Paths

_OF_TEXT: Final = ("delimiter", "encoding")


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("log", metavar="LOG", type=Path, help="a file .csv, .parquet, .xes or .xes.gz")
    parser.add_argument("--case", metavar="COL", required=True, help="the column that tells whose event it is")
    parser.add_argument("--activity", metavar="COL", required=True, help="the column that tells what happened")
    parser.add_argument("--time", metavar="COL", required=True, help="the column that tells when")
    parser.add_argument("--group", metavar="COL", help="also count each group, by its value at a case's first event")
    parser.add_argument(
        "--tie", choices=("row", "activity"), default="row", help="which of two events at one time comes first (row)"
    )
    parser.add_argument(
        "--filter",
        metavar="COL=VALUE",
        action="append",
        default=[],
        help="take only events with this value; repeatable",
    )
    parser.add_argument("--out", metavar="PATHS.json", type=Path, required=True, help="the file to write")
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")
    parser.add_argument("--delimiter", help="between the columns of a .csv file (,)")
    parser.add_argument("--encoding", help="of a .csv file (utf-8)")
    parser.add_argument("--time-format", metavar="FORM", help="how times are written, such as %%d.%%m.%%Y (ISO 8601)")
    parser.add_argument("--timezone", metavar="ZONE", default="UTC", help="of times without an offset (UTC)")


def _run(asked: Namespace, progress: Progress) -> Account:
    filters, writing = _filters(asked), _writing(asked)
    _check_files(asked)
    # The libraries are loaded only now, so that a wrong word is told at once.
    from jalostamo.managing.logs import LogColumns, LogFile, read_log
    from jalostamo.producing.paths import Tie, paths_in

    columns = LogColumns(asked.case, asked.activity, asked.time, asked.group, filters)
    with tempfile.TemporaryDirectory(prefix="jalostamo-") as folder, _engine(asked, Path(folder)) as engine:
        progress.step("reading the log")
        events = read_log(engine, LogFile(asked.log, writing, asked.time_format), columns)
        progress.step("making paths")
        found = paths_in(engine, events, tie=Tie(asked.tie), grouped=asked.group is not None)
    progress.step("writing")
    content = json.dumps(found.as_mapping(), ensure_ascii=False, allow_nan=False, indent=1)
    write_whole(asked.out, f"{content}\n".encode(), force=asked.force)
    return _account(found, asked)


def _filters(asked: Namespace) -> tuple[tuple[str, str], ...]:
    pairs = [written.partition("=") for written in asked.filter]
    if any(not column or not equals for column, equals, _ in pairs):
        raise Misused("--filter is a column, '=' and a value: --filter COL=VALUE.", reason="filter")
    return tuple((column, value) for column, _, value in pairs)


def _writing(asked: Namespace) -> Writing:
    of_text = {name: getattr(asked, name) for name in _OF_TEXT if getattr(asked, name) is not None}
    if of_text and not asked.log.name.lower().endswith(".csv"):
        raise Misused(f"--{' and --'.join(of_text)} can be declared of a .csv file only.", reason="not_text")
    try:
        python_name(of_text.get("encoding", "utf-8"))
        return Writing(timezone=asked.timezone, **of_text)
    except Unfit as unfit:
        raise Misused(unfit.sentence, reason=unfit.reason) from None


def _check_files(asked: Namespace) -> None:
    try:
        with asked.log.open("rb"):
            pass
    except OSError as error:
        raise Misused(f"{asked.log.name} cannot be read: {error.strerror}.", reason="log_unreadable") from None
    check_place(asked.out, force=asked.force)
    if asked.out.exists() and asked.out.samefile(asked.log):
        raise Misused("--out is the log itself: give it another name.", reason="out_is_log")


def _engine(asked: Namespace, workspace: Path) -> AbstractContextManager[Engine]:
    from jalostamo.engine.connection import SETTING, open_engine

    return open_engine(os.environ.get(SETTING), workspace=workspace, timezone=asked.timezone)


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

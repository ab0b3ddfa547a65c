"""The words that tell of a log of one's own, the same for every command that reads one, and how they are checked.

Handbook 2.2 (retrieving the data).
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.writings import Writing
from jalostamo.engine.transcoding import python_name
from jalostamo.storage.places import check_place

if TYPE_CHECKING:
    from jalostamo.managing.logs import LogColumns, LogFile

ZONE: Final = "UTC"
"""The zone of times without an offset, where none is declared."""

_OF_TEXT: Final = ("delimiter", "encoding")


def add_log_arguments(parser: ArgumentParser, *, group: str, out: str) -> None:
    """Add the log, its columns and how it is written, and the file to write: `group` and `out` say what they are for."""
    parser.add_argument("log", metavar="LOG", type=Path, help="a file .csv, .parquet, .xes or .xes.gz")
    parser.add_argument("--case", metavar="COL", required=True, help="the column that tells whose event it is")
    parser.add_argument("--activity", metavar="COL", required=True, help="the column that tells what happened")
    parser.add_argument("--time", metavar="COL", required=True, help="the column that tells when")
    parser.add_argument("--group", metavar="COL", help=group)
    parser.add_argument(
        "--filter",
        metavar="COL=VALUE",
        action="append",
        default=[],
        help="take only events with this value; repeatable",
    )
    parser.add_argument("--out", metavar=out, type=Path, required=True, help="the file to write")
    parser.add_argument("--force", action="store_true", help="replace the file if it exists")
    parser.add_argument("--delimiter", help="between the columns of a .csv file (,)")
    parser.add_argument("--encoding", help="of a .csv file (utf-8)")
    parser.add_argument("--time-format", metavar="FORM", help="how times are written, such as %%d.%%m.%%Y (ISO 8601)")
    parser.add_argument("--timezone", metavar="ZONE", help=f"of times without an offset ({ZONE})")


def log_asked(asked: Namespace) -> tuple[LogFile, LogColumns]:
    """The log and its columns as they were asked for; what was asked wrongly is told before anything is read."""
    filters, writing = _filters(asked), text_asked(asked, asked.log, timezone=asked.timezone)
    _check_files(asked)
    # The libraries are loaded only now, so that a wrong word is told at once.
    from jalostamo.managing.logs import LogColumns, LogFile

    columns = LogColumns(asked.case, asked.activity, asked.time, asked.group, filters)
    return LogFile(asked.log, writing, asked.time_format), columns


def _filters(asked: Namespace) -> tuple[tuple[str, str], ...]:
    pairs = [written.partition("=") for written in asked.filter]
    if any(not column or not equals for column, equals, _ in pairs):
        raise Misused("--filter is a column, '=' and a value: --filter COL=VALUE.", reason="filter")
    return tuple((column, value) for column, _, value in pairs)


def text_asked(asked: Namespace, path: Path, *, timezone: str | None = None) -> Writing:
    """How a delimited text of one's own is written, by --delimiter and --encoding; refused of what is no text."""
    of_text = {name: getattr(asked, name) for name in _OF_TEXT if getattr(asked, name) is not None}
    if of_text and not path.name.lower().endswith(".csv"):
        raise Misused(f"--{' and --'.join(of_text)} can be declared of a .csv file only.", reason="not_text")
    try:
        python_name(of_text.get("encoding", "utf-8"))
        return Writing(timezone=timezone or ZONE, **of_text)
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

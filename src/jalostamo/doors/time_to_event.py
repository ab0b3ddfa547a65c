"""The command `time-to-event`: how long it takes in one table of one's own until something happens, exact, not for publication.

Handbook 2.2 (the pilot's questions) and 2.3 (methods of analysis).
"""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused
from jalostamo.concepts.languages import LANGUAGES
from jalostamo.doors.own_engine import own_engine
from jalostamo.doors.own_logs import text_asked
from jalostamo.doors.progress import Progress
from jalostamo.doors.publishing import browser_assets
from jalostamo.doors.terminal import Account, Command
from jalostamo.storage.places import check_place, write_whole

if TYPE_CHECKING:
    from jalostamo.managing.durations import DurationColumns
    from jalostamo.producing.survival.results import TimeToEvent
    from jalostamo.utilising.survival_page.pictures import Tongue


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "table", metavar="TABLE", type=Path, help="a file .csv or .parquet, a row for each one followed"
    )
    parser.add_argument("--time", metavar="COL", required=True, help="the column that tells how long, a number from 0")
    parser.add_argument(
        "--status", metavar="COL", required=True, help="how that ended: 0 followed no further, 1, 2, ... kinds of event"
    )
    parser.add_argument("--group", metavar="COL", help="also each group, and whether they differ")
    parser.add_argument("--out", metavar="FILE.json", type=Path, required=True, help="the file to write")
    parser.add_argument("--chart", metavar="FILE.svg", type=Path, help="draw the curves")
    parser.add_argument("--page", metavar="FILE.html", type=Path, help="make a page of curves, shares and tests")
    parser.add_argument("--unit", metavar="WORD", help="what the unit of time is called in a chart and on a page")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="of the chart and the page (en)")
    parser.add_argument("--force", action="store_true", help="replace the files if they exist")
    parser.add_argument("--delimiter", help="between the columns of a .csv file (,)")
    parser.add_argument("--encoding", help="of a .csv file (utf-8)")


def _run(asked: Namespace, progress: Progress) -> Account:
    writing = text_asked(asked, asked.table)
    columns = _checked(asked)
    # The libraries are loaded only now, so that a wrong word is told at once.
    from jalostamo.managing.durations import read_durations
    from jalostamo.producing.survival.results import time_to_event

    with own_engine() as engine:
        progress.step("reading the table")
        rows = read_durations(engine, asked.table, writing, columns)
        progress.step("making curves")
        found = time_to_event(engine, rows, grouped=asked.group is not None, weight="n")
    _write(found, asked, progress)
    return _account(found, asked)


def _checked(asked: Namespace) -> DurationColumns:
    """The columns, and nothing in the way of the files."""
    from jalostamo.managing.durations import DurationColumns, check_named_as_table

    columns = DurationColumns(asked.time, asked.status, asked.group)
    check_named_as_table(asked.table)
    try:
        with asked.table.open("rb"):
            pass
    except OSError as error:
        raise Misused(f"{asked.table.name} cannot be read: {error.strerror}.", reason="table_unreadable") from None
    places = [place for place in (asked.out, asked.chart, asked.page) if place is not None]
    for place in places:
        check_place(place, force=asked.force)
        if place.exists() and place.samefile(asked.table):
            raise Misused(f"{place.name} is the table itself: give the file another name.", reason="out_is_table")
    if len({place.resolve() for place in places}) < len(places):
        raise Misused("--out, --chart and --page are files of their own: name each otherwise.", reason="out_twice")
    if asked.chart or asked.page:
        browser_assets()
    return columns


def _write(found: TimeToEvent, asked: Namespace, progress: Progress) -> None:
    """Write the files that were asked for: the pictures first, so that the result stands only when all is done."""
    files: dict[Path, bytes] = {}
    if asked.chart or asked.page:
        progress.step("drawing")
        from jalostamo.utilising.survival_page.paging import survival_page, survival_picture
        from jalostamo.utilising.survival_page.pictures import Tongue

        tongue = Tongue(asked.language, asked.unit)
        for place, drawn in ((asked.chart, survival_picture), (asked.page, survival_page)):
            if place is not None:
                files[place] = drawn(found, tongue, assets=browser_assets())
    progress.step("writing")
    files[asked.out] = json.dumps(found.as_mapping(), ensure_ascii=False, allow_nan=False).encode() + b"\n"
    for place, content in files.items():
        write_whole(place, content, force=asked.force)


def _account(found: TimeToEvent, asked: Namespace) -> Account:
    """The whole in a few sentences; what groups are called is the table's own, and stands in the files alone."""
    from jalostamo.producing.survival.curves import share_at
    from jalostamo.producing.survival.results import EVENT
    from jalostamo.utilising.publication.numerals import said
    from jalostamo.utilising.survival_page.paging import median_said
    from jalostamo.utilising.survival_page.pictures import Tongue, horizons_of

    of_all, tongue = found.all, Tongue("en", asked.unit)
    kinds = "".join(f" Event {kind}: {number:,}." for kind, number in of_all.events.items())
    horizons = [(tongue.time(at), said(share_at(of_all.kaplan_meier, at), "share", "en")) for at in horizons_of(found)]
    shares = "; ".join(f"{time}: {share.together}" for time, share in horizons).replace("\u00a0", " ")
    some = "Less than half" if of_all.events.get(EVENT) else "Nobody"
    unreached = f"{some} had event 1 while they were followed."
    median = f"Half had event 1 by time {median_said(of_all, tongue)}."
    sentences = (
        f"Rows: {of_all.rows:,}. Followed no further: {of_all.censored:,}.{kinds}",
        unreached if of_all.median.estimate is None else median,
        *((f"Without event 1 at time {shares}.",) * bool(horizons)),
        *((f"Groups: {len(found.groups)}.",) * bool(found.groups)),
        *_tests_said(found, tongue),
        f"Written to {asked.out.name}: exact figures, not meant for publication.",
    )
    facts = {"rows": of_all.rows, "censored": of_all.censored, "groups": len(found.groups)}
    events = {str(kind): number for kind, number in of_all.events.items()}
    return Account(sentences, {**facts, "events": events, "median": asdict(of_all.median)})


def _tests_said(found: TimeToEvent, tongue: Tongue) -> list[str]:
    from jalostamo.utilising.survival_page.paging import p_said

    tests = {"Log-rank test": found.log_rank}
    tests |= {f"Gray's test, event {kind}": test for kind, test in (found.gray or {}).items()}
    return [f"{name}: p {p_said(test, tongue)}." for name, test in tests.items() if test]


COMMAND: Final = Command(
    name="time-to-event",
    purpose="Find how long it takes until something happens, in one table of your own: curves, and tests between groups.",
    example="jalostamo time-to-event stays.csv --time months --status ended --group language --out time.json",
    add_arguments=_add_arguments,
    run=_run,
)

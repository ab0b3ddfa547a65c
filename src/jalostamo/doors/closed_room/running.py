"""The commands of a request: through the closed room to a release, or to printed cells.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.doors import counting
from jalostamo.doors.closed_room.at_work import at_work, today
from jalostamo.doors.closed_room.obeying import obeyed_order
from jalostamo.doors.home import Home
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from jalostamo.concepts.customers import CustomerKind
    from jalostamo.managing.requests import Request
    from jalostamo.managing.sensitive.combinability import RegisterMatch
    from jalostamo.managing.sensitive.corridor import Counting, Refined


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("order", metavar="ORDER", type=Path, help="an order of the exchange: its folder")
    parser.add_argument("--home", metavar="DIR", type=Path, required=True, help="where sources and releases are")


def _run(asked: Namespace, progress: Progress) -> Account:
    # The libraries are loaded only now, so that a wrong word is told at once.
    from jalostamo.engine.versions import check_versions
    from jalostamo.managing.sensitive.corridor import refine

    check_versions()
    home = Home(asked.home)
    with obeyed_order(home, asked.order, progress) as (obeyed, memory, record):
        with record.run(), at_work(obeyed.request, home, progress, order=obeyed.order) as (engine, rooms):
            refined = refine(engine, obeyed.request, rooms, progress=record.telling(progress.step), today=today())
            record.admitted(refined.release.digest)
        memory.carried_out(obeyed.order, refined.release.digest)
    return _account(refined)


def _account(refined: Refined) -> Account:
    release, prepared = refined.release, refined.prepared
    extracts = [
        f"Retrieved {e.manifest.content['loaded']:,} of {e.manifest.content['records']:,} records of {e.source.register}."
        for e in refined.extracts
    ]
    report = refined.linked.report
    linked = [_match(match) for match in report.joined] if report else []
    alike = ", ".join(f"{count} {unit}s" for unit, count in prepared.smallest.items())
    left_out = (
        f"Released {prepared.released:,} customers, left out {prepared.suppressed:,} with fewer than {prepared.k} alike"
    )
    return Account(
        (
            *extracts,
            *refined.protection.sentences,
            *linked,
            f"{left_out} (smallest class: {alike}).",
            f"Release {release.folder.name} of class '{prepared.data_class.value}': not anonymous; its key is destroyed.",
        ),
        {"release": str(release.folder), "digest": release.digest, "released": prepared.released},
    )


def _match(match: RegisterMatch) -> str:
    invalid = match.codes - match.valid
    return (
        f"Linked {match.register}: {match.matched:,} of {match.codes:,} identity codes found; {invalid:,} not valid, "
        f"{match.unmatched:,} unknown, of which {match.look_alikes:,} differ from a person's by the sign alone."
    )


def _run_cells(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.engine.versions import check_versions
    from jalostamo.managing.requests import read_request
    from jalostamo.managing.sensitive.corridor import opened_for_counting
    from jalostamo.managing.sensitive.preparing.record_keys import RecordKeys
    from jalostamo.producing.cubes.definition import refuse_changed
    from jalostamo.producing.cubes.reading import read_cube_definition
    from jalostamo.utilising.disclosure.rules import rule_of

    check_versions()
    request, definition, rule = read_request(asked.request), read_cube_definition(asked.definition), rule_of(asked.rule)
    if asked.frozen is not None:
        refuse_changed(definition, asked.frozen)
    counting.refuse_other_period(definition, request)
    home = Home(asked.home)
    with at_work(request, home, progress) as (engine, rooms):
        keys = RecordKeys.of_series(counting.series_file(home, asked.series)) if asked.series else RecordKeys()

        def opened(asked_for: Request, unit: CustomerKind) -> AbstractContextManager[Counting]:
            return opened_for_counting(
                engine, asked_for, rooms, keys=keys, unit=unit, progress=progress.step, today=today()
            )

        try:
            lane = counting.Lane(engine, request, home, opened, progress, series=keys.series_mark)
            return counting.print_cells(lane, definition, rule)
        finally:
            keys.destroy()


RUN: Final = Command(
    name="closed-room run",
    purpose="Carry out a signed order in the closed room: retrieve, link, prepare, validate, admit.",
    example="jalostamo closed-room run town/exchange/orders/0123456789abcdef --home town",
    add_arguments=_add_arguments,
    run=_run,
)
CELLS: Final = Command(
    name="closed-room cells",
    purpose="Count a frozen definition in the closed room and print its cells: no row leaves.",
    example="jalostamo closed-room cells request.toml cells.toml --home town",
    add_arguments=counting.add_cells_arguments,
    run=_run_cells,
)

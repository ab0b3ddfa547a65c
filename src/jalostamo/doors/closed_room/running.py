"""The command of an order: through the closed room to a release, or to printed cells.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.doors.closed_room.at_work import at_work, today
from jalostamo.doors.closed_room.counting_run import print_ordered
from jalostamo.doors.closed_room.looking_ahead import looked_ahead
from jalostamo.doors.closed_room.taking import carried_out
from jalostamo.doors.closed_room.twins import draw_twin
from jalostamo.doors.cube_outlet import Outlet
from jalostamo.doors.home import Home
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command

if TYPE_CHECKING:
    from jalostamo.doors.closed_room.attempts import Attempt
    from jalostamo.managing.sensitive.combinability import RegisterMatch
    from jalostamo.managing.sensitive.corridor import Refined
    from jalostamo.managing.sensitive.obeying import Obeyed


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("order", metavar="ORDER", type=Path, help="an order of the exchange: its folder")
    parser.add_argument("--home", metavar="DIR", type=Path, required=True, help="where sources and releases are")
    parser.add_argument(
        "--dry-run", action="store_true", help="judge the order and look at its sources, and open no record"
    )


def _run(asked: Namespace, progress: Progress) -> Account:
    # The libraries are loaded only now, so that a wrong word is told at once.
    from jalostamo.engine.versions import check_versions

    check_versions()
    home = Home(asked.home)
    if asked.dry_run:
        return looked_ahead(home, asked.order, progress)
    return carried_out(home, asked.order, progress, carry=_carry)


def _carry(obeyed: Obeyed, attempt: Attempt) -> Account:
    """Carry an order out by its lane."""
    from jalostamo.managing.sensitive.corridor import refine
    from jalostamo.permits.terms import Lane

    order, home, record = obeyed.order, attempt.home, attempt.record
    if order.lane is Lane.CELLS:
        return print_ordered(obeyed, attempt, Outlet(home, order, record.printed, attempt.leave))
    with record.run():
        with at_work(obeyed.request, home, attempt.progress, order=order, worker=attempt.worker) as (engine, rooms):
            refined = refine(
                engine,
                obeyed.request,
                rooms,
                progress=attempt.telling,
                today=today(),
                leave=attempt.leave,
                course=attempt.course,
            )
            record.admitted(refined.release.digest)
        attempt.carried_out(refined.release.digest)
        drawn = draw_twin(attempt, obeyed.request, refined.marginals)
    account = _account(refined)
    return Account((*account.sentences, *drawn), account.facts)


def _account(refined: Refined) -> Account:
    release, prepared = refined.release, refined.prepared
    extracts = [
        f"Retrieved {e.manifest.content['loaded']:,} of {e.manifest.content['records']:,} records of {e.source.register}."
        for e in refined.extracts
    ]
    report = refined.linked.report
    linked = [_match(match) for match in report.joined] if report else []
    key = "the key of its pseudonyms is destroyed"
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
            f"Release {release.folder.name} of class '{prepared.data_class.value}': not anonymous; {key}.",
        ),
        {"release": str(release.folder), "digest": release.digest, "released": prepared.released},
    )


def _match(match: RegisterMatch) -> str:
    invalid = match.codes - match.valid
    return (
        f"Linked {match.register}: {match.matched:,} of {match.codes:,} identity codes found; {invalid:,} not valid, "
        f"{match.unmatched:,} unknown, of which {match.look_alikes:,} differ from a person's by the sign alone."
    )


RUN: Final = Command(
    name="closed-room run",
    purpose="Carry out a signed order in the closed room: to a release, or to printed cells.",
    example="jalostamo closed-room run town/exchange/orders/0123456789abcdef --home town",
    add_arguments=_add_arguments,
    run=_run,
)

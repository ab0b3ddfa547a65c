"""The lane of cells in the closed room: by a signed order everywhere, and by hand at the level of a demonstration alone.

Handbook 2.6, phases 4, 5 and 8.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from jalostamo.concepts.errors import JalostamoError, Objection, Refused
from jalostamo.doors import counting
from jalostamo.doors.closed_room.at_work import at_work, clear_away, today
from jalostamo.doors.closed_room.opened_vault import opened_vault
from jalostamo.doors.closed_room.twins import draw_twin
from jalostamo.doors.cube_outlet import Outlet
from jalostamo.doors.home import Home
from jalostamo.doors.installation import Level, level_inside
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from jalostamo.concepts.customers import CustomerKind
    from jalostamo.doors.closed_room.attempts import Attempt
    from jalostamo.managing.process_counts import Tree
    from jalostamo.managing.requests import Request
    from jalostamo.managing.sensitive.corridor import Counting
    from jalostamo.managing.sensitive.obeying import Obeyed
    from jalostamo.managing.sensitive.preparing.record_keys import RecordKeys
    from jalostamo.permits.orders import Order
    from jalostamo.producing.cubes.definition import CubeDefinition

_BY_HAND: Final = "by.hand"
"""No permit's folder is called so."""


def refuse_other_definition(request: Request, order: Order) -> None:
    """Refuse an order of cells whose definition is not the very one that the permit's people ordered."""
    from jalostamo.producing.cubes.definition import refuse_changed

    counting.rule_for(request)
    refuse_changed(_definition(request), str(order.definition))


def _definition(request: Request) -> CubeDefinition:
    return counting.definition_for(request, request.folder / str(request.definition))


def print_ordered(obeyed: Obeyed, attempt: Attempt, outlet: Outlet) -> Account:
    """Carry out an order of cells, once: count its definition and print it, or finish what a killed run had printed."""
    noted: list[Mapping[str, Tree]] = []
    with attempt.record.run():
        try:
            clear_away(outlet.home)
            left = outlet.finished()
            account = counting.account_of_cells(*left) if left else _counted(obeyed, outlet, attempt, noted)
        except JalostamoError:
            attempt.record.unprinted()
            raise
        attempt.carried_out(str(account.facts["digest"]))
        outlet.forget()
        drawn = draw_twin(attempt, obeyed.request, noted[0]) if noted else ()
    return Account((*account.sentences, *drawn), account.facts)


def _counted(obeyed: Obeyed, outlet: Outlet, attempt: Attempt, noted: list[Mapping[str, Tree]]) -> Account:
    """Count and print; of what was opened first the marginals are noted."""
    request = obeyed.request
    series = _series(request.series, permit=obeyed.order.permit) if request.series else None
    with _opened_lane(request, outlet, series, progress=attempt.progress, attempt=attempt) as lane:

        @contextmanager
        def opened(asked_for: Request, unit: CustomerKind) -> Iterator[counting.Opened]:
            with lane.opened(asked_for, unit) as found:
                noted.append(cast("Counting", found).marginals)
                yield found

        return counting.print_cells(replace(lane, opened=opened), _definition(request), counting.rule_for(request))


@contextmanager
def _opened_lane(
    request: Request, outlet: Outlet, series: str | None, *, progress: Progress, attempt: Attempt | None = None
) -> Iterator[counting.Lane]:
    """The lane of cells at work, with the keys of a series, or with keys that are destroyed when it ends."""
    from jalostamo.managing.sensitive.corridor import opened_for_counting
    from jalostamo.managing.sensitive.courses import UNWATCHED

    tell = attempt.telling if attempt else progress.step
    course, worker = (attempt.course, attempt.worker) if attempt else (UNWATCHED, None)
    with at_work(request, outlet.home, progress, order=outlet.order, worker=worker) as (engine, rooms):
        keys = _keys(outlet.home, series)

        def opened(asked_for: Request, unit: CustomerKind) -> AbstractContextManager[Counting]:
            return opened_for_counting(
                engine, asked_for, rooms, keys=keys, unit=unit, progress=tell, today=today(), course=course
            )

        try:
            yield counting.Lane(engine, request, opened, outlet, tell, series=keys.series_mark)
        finally:
            keys.destroy()


def _keys(home: Home, series: str | None) -> RecordKeys:
    """The keys of a series, or those of one publication alone."""
    from jalostamo.managing.sensitive.preparing.record_keys import RecordKeys

    if series is None:
        return RecordKeys()
    with opened_vault(home) as vault:
        return RecordKeys.of_series(vault.keys, series)


def _series(name: str, *, permit: str | None = None) -> str:
    """What the secret of a series is kept as: each permit has its own, and so has what is printed by hand."""
    from jalostamo.managing.nonsensitive.releases import folder_of

    counting.refuse_no_series(name)
    return f"{_BY_HAND if permit is None else folder_of(permit)}/{name}"


def _run_by_hand(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.engine.versions import check_versions
    from jalostamo.managing.requests import read_request
    from jalostamo.producing.cubes.definition import refuse_changed

    check_versions()
    home, request = Home(asked.home), read_request(asked.request)
    _refuse_by_hand(home)
    # A misspelt home is not made.
    home.delivered()
    definition, rule = counting.definition_for(request, asked.definition), counting.rule_for(request, asked.rule)
    if asked.frozen is not None:
        refuse_changed(definition, asked.frozen)
    name = asked.series or request.series
    series = _series(name) if name else None
    with _opened_lane(request, Outlet(home), series, progress=progress) as lane:
        account = counting.print_cells(lane, definition, rule)
    return Account((*account.sentences, "Printed by hand, under no permit: its manifest says so."), account.facts)


def _refuse_by_hand(home: Home) -> None:
    if level_inside(home) is not Level.DEMO:
        sentence = "Cells are printed by hand at the level of a demonstration alone: have them ordered, and use `closed-room run`."
        raise Refused([Objection(sentence, "2.6, phases 3 and 4")], reason="cells_by_hand")


CELLS: Final = Command(
    name="closed-room cells",
    purpose="Count a definition by hand and print its cells, at the level of a demonstration alone: no row leaves.",
    example="jalostamo closed-room cells request.toml cells.toml --home town",
    add_arguments=counting.add_cells_arguments,
    run=_run_by_hand,
)

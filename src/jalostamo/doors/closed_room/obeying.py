"""The closed room before an order: it is judged by the signed events of its permit, and laid down where nobody else writes.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import datetime
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from jalostamo.concepts.errors import Refused
from jalostamo.doors.closed_room.counting_run import refuse_other_definition
from jalostamo.doors.closed_room.jobs import JUDGING
from jalostamo.doors.closed_room.recording import record_refusal
from jalostamo.doors.closed_room.workers import clear_after_the_dead
from jalostamo.doors.home import Home, alone
from jalostamo.doors.installation import townhall_verifier

if TYPE_CHECKING:
    from jalostamo.managing.orders import Ordered
    from jalostamo.managing.sensitive.obeying import Memory, Obeyed
    from jalostamo.permits.orders import Order


@contextmanager
def obeyed_order(home: Home, ordered: Ordered, *, worker: str) -> Iterator[tuple[Obeyed, Memory]]:
    """An order that may be carried out, laid down for a worker while the block lasts, with the memory of what was.

    Nobody else judges an order while this one is judged, so that none is carried out twice.
    """
    from jalostamo.managing.sensitive.obeying import Memory, obey
    from jalostamo.permits.terms import Lane

    verifier, memory = townhall_verifier(home), Memory(home.private("permits"))
    place = home.private("orders")
    clear_after_the_dead(home, place.glob("*/"))
    with tempfile.TemporaryDirectory(prefix=f"{worker}.", dir=place) as folder:
        with alone(home.private("permits"), doing=JUDGING):
            at = datetime.datetime.now(datetime.UTC)
            _remember_what_left(home, memory, ordered.order)
            try:
                obeyed = obey(ordered, verifier=verifier, memory=memory, at=at, into=Path(folder))
                if obeyed.order.lane is Lane.CELLS:
                    refuse_other_definition(obeyed.request, obeyed.order)
            except Refused:
                record_refusal(home, ordered)
                raise
        yield obeyed, memory


def _remember_what_left(home: Home, memory: Memory, order: Order) -> None:
    """A run that was killed after its release or its cells had appeared, before that was remembered, is not run again."""
    from jalostamo.managing.manifests import released_under
    from jalostamo.managing.nonsensitive.releases import open_release

    if memory.head(order.permit) is None or memory.outcome(order) is not None:
        return
    release = released_under(home.releases, order.head) if home.releases.is_dir() else None
    if release is not None:
        memory.carried_out(order, open_release(release).digest)
    elif (cube := _printed(home, order)) is not None:
        memory.carried_out(order, cube)


def _printed(home: Home, order: Order) -> str | None:
    """The cube that left under an order, by its digest; None where none did."""
    from jalostamo.managing.orders import printed_under

    if (manifest := printed_under(home.cubes, order.head)) is None:
        return None
    from jalostamo.utilising.disclosure.ledger.ledger import Ledger

    cube = str(manifest.content["cube"])
    # The exchange may tell of anything: what was printed stands in the closed room's own ledger.
    return cube if Ledger(home.private("ledger")).has_printed(cube) else None

"""The closed room before an order: it is judged by the signed events of its permit, and laid down where nobody else writes.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import datetime
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from jalostamo.concepts.errors import Refused
from jalostamo.doors.closed_room.recording import Recorder, record_refusal, recorder_of
from jalostamo.doors.home import Home, alone
from jalostamo.doors.installation import townhall_verifier

if TYPE_CHECKING:
    from jalostamo.doors.progress import Progress
    from jalostamo.managing.sensitive.obeying import Memory, Obeyed
    from jalostamo.permits.orders import Order


@contextmanager
def obeyed_order(home: Home, place: Path, progress: Progress) -> Iterator[tuple[Obeyed, Memory, Recorder]]:
    """An order that may be carried out, while the block lasts, with the memory and the log in which that is noted.

    Nobody else judges an order meanwhile, so that none is carried out twice.
    """
    from jalostamo.managing.orders import read_order
    from jalostamo.managing.sensitive.obeying import Memory, obey

    progress.step("reading the order")
    verifier, memory = townhall_verifier(home), Memory(home.private("permits"))
    with (
        alone(home.private("permits"), doing="carrying out an order"),
        tempfile.TemporaryDirectory(dir=_emptied(home.private("orders"))) as folder,
    ):
        ordered, at = read_order(place), datetime.datetime.now(datetime.UTC)
        _remember_what_left(home, memory, ordered.order)
        try:
            obeyed = obey(ordered, verifier=verifier, memory=memory, at=at, into=Path(folder))
        except Refused:
            record_refusal(home, ordered)
            raise
        yield obeyed, memory, recorder_of(home, ordered)


def _emptied(folder: Path) -> Path:
    """What runs that were killed left behind: nobody else carries out an order now, so whatever lies there is nobody's."""
    for left in folder.glob("*/"):
        shutil.rmtree(left)
    return folder


def _remember_what_left(home: Home, memory: Memory, order: Order) -> None:
    """A run that was killed after its release had appeared, and before that was remembered, is not run again."""
    from jalostamo.managing.manifests import released_under
    from jalostamo.managing.nonsensitive.releases import open_release

    seen = memory.head(order.permit) is not None and memory.outcome(order) is None
    release = released_under(home.releases, order.head) if seen and home.releases.is_dir() else None
    if release is not None:
        memory.carried_out(order, open_release(release).digest)

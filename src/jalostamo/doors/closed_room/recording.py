"""What the closed room writes into its log before it does it: the order, each step of its run, and the run's end.

Handbook 2.6 (what is done is documented).
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jalostamo.doors.auditing import log_of, take_checkpoint

if TYPE_CHECKING:
    from jalostamo.audit.acts import Act, Step
    from jalostamo.audit.log import Log
    from jalostamo.doors.home import Home
    from jalostamo.managing.orders import Ordered
    from jalostamo.permits.orders import Order

STEPS: Final = {
    "retrieving": "retrieve",
    "linking": "link",
    "preparing": "prepare",
    "validating": "validate",
    "admitting": "admit",
    "counting": "count",
    "printing": "print",
}
_ID: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9]|[._-](?=[A-Za-z0-9])){0,63}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Recorder:
    """Who writes one order's entries: each is on the disk before what it tells of is begun."""

    log: Log
    order: Order
    sheet: str

    @contextmanager
    def run(self) -> Iterator[None]:
        """The taking up of the order, and the beginning and the end of its run, however it ends."""
        from jalostamo.audit.acts import Act

        self._write(Act.ORDER_TAKEN, objects=(self.sheet,))
        self._write(Act.RUN_BEGUN)
        try:
            yield
        finally:
            self._write(Act.RUN_ENDED)
            take_checkpoint(self.log, by="")

    def admitted(self, digest: str) -> None:
        """That the last step has ended, with the release that it let out."""
        from jalostamo.audit.acts import Act, Step

        self._write(Act.STEP_ENDED, step=Step.ADMIT, objects=(digest,))

    def printed(self, digest: str) -> None:
        """That a cube of printed cells, by its digest, is about to be let out."""
        from jalostamo.audit.acts import Act

        self._write(Act.CELLS_PRINTED, objects=(digest,))

    def unprinted(self) -> None:
        """That no cells are let out."""
        from jalostamo.audit.acts import Act

        self._write(Act.CELLS_REFUSED)

    def held_back(self) -> None:
        """That nothing leaves: a rule said no, or the permit's newest events did."""
        from jalostamo.audit.acts import Act

        self._write(Act.RELEASE_REFUSED)

    def cancelled(self) -> None:
        """That the order is about to be given up."""
        from jalostamo.audit.acts import Act

        self._write(Act.JOB_CANCELLED)

    def parked(self) -> None:
        """That the order was laid aside, until somebody has looked at it."""
        from jalostamo.audit.acts import Act

        self._write(Act.JOB_PARKED)

    def telling(self, progress: Callable[[str], None]) -> Callable[[str], None]:
        """How the corridor tells of its steps: each is written down before it begins."""
        from jalostamo.audit.acts import Act, Step

        def tell(name: str) -> None:
            if name in STEPS:
                self._write(Act.STEP_BEGUN, step=Step(STEPS[name]))
            progress(name)

        return tell

    def _write(self, act: Act, *, step: Step | None = None, objects: tuple[str, ...] = ()) -> None:
        from jalostamo.audit.entries import Entry
        from jalostamo.permits.people import Automaton

        self.log.append(
            Entry(
                act,
                datetime.datetime.now(datetime.UTC),
                Automaton.CLOSED_ROOM,
                permit=_id(self.order.permit),
                run=_id(self.order.run),
                step=step,
                objects=objects,
            )
        )


def recorder_of(home: Home, ordered: Ordered) -> Recorder:
    """The recorder of an order as it was read."""
    return Recorder(log_of(home)[0], ordered.order, ordered.digest)


def record_refusal(home: Home, ordered: Ordered) -> None:
    """That an order is refused, by the digest of its sheet alone: nothing that it says is believed."""
    from jalostamo.audit.acts import Act
    from jalostamo.audit.entries import Entry
    from jalostamo.permits.people import Automaton

    entry = Entry(
        Act.ORDER_REFUSED, datetime.datetime.now(datetime.UTC), Automaton.CLOSED_ROOM, objects=(ordered.digest,)
    )
    log_of(home)[0].append(entry)


def _id(text: str) -> str:
    """An id as the log takes it; one of another form by its digest."""
    return text if _ID.fullmatch(text) else f"d{hashlib.sha256(text.encode()).hexdigest()[:62]}"

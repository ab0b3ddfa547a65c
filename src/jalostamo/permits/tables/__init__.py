"""The whole process as one table, found by state and command; a case stays on the version with which it was opened.

Handbook 2.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from jalostamo.permits.machines import Machine, State
from jalostamo.permits.tables import dataset, permit, publication, request, run
from jalostamo.permits.transitions import Transition

PROCESS_VERSION: Final = "1"

TRANSITIONS: Final[tuple[Transition, ...]] = (
    *permit.ROWS,
    *request.ROWS,
    *dataset.ROWS,
    *run.ROWS,
    *publication.ROWS,
)
"""Every row of the process, machine by machine."""

MACHINES: Final[Mapping[str, Machine]] = {row.command: row.machine for row in TRANSITIONS}
"""Which machine a command moves; a name of a command belongs to one machine only."""

BY_STATE_AND_COMMAND: Final[Mapping[tuple[State, str], Transition]] = {
    (state, row.command): row for row in TRANSITIONS for state in row.sources
}
"""The one row for a state and a command."""

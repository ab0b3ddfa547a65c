"""An engine of a command's own, the one that the environment names, in a private folder that goes with the command.

The closed room's is another: it reads registers, and lies within its own walls.

Handbook 2.2 (managing data).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from jalostamo.doors.own_folder import own_folder

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine


@contextmanager
def own_engine(timezone: str = "UTC") -> Iterator[Engine]:
    """The engine while the block lasts, its clocks those of the zone."""
    # The libraries are loaded only now, so that a wrong word is told at once.
    from jalostamo.engine.connection import SETTING, open_engine

    with own_folder() as folder, open_engine(os.environ.get(SETTING), workspace=folder, timezone=timezone) as engine:
        yield engine

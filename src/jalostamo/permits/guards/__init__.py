"""The guards: each looks at a move and returns its objections; none changes anything, and none knows who acts.

Every name that a row of the table uses is here, and nothing else.

Handbook 2.6.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from jalostamo.concepts.errors import Objection
from jalostamo.permits.guards.deciding import GUARDS as DECIDING
from jalostamo.permits.guards.ending import GUARDS as ENDING
from jalostamo.permits.guards.preparing import GUARDS as PREPARING
from jalostamo.permits.guards.publishing import GUARDS as PUBLISHING
from jalostamo.permits.guards.requesting import GUARDS as REQUESTING
from jalostamo.permits.guards.reviewing import GUARDS as REVIEWING
from jalostamo.permits.guards.running import GUARDS as RUNNING
from jalostamo.permits.guards.writing import GUARDS as WRITING
from jalostamo.permits.moves import Move

type Guard = Callable[[Move], tuple[Objection, ...]]

GUARDS: Final[Mapping[str, Guard]] = {
    **WRITING,
    **DECIDING,
    **REQUESTING,
    **PREPARING,
    **REVIEWING,
    **RUNNING,
    **PUBLISHING,
    **ENDING,
}
"""Every guard by its name."""

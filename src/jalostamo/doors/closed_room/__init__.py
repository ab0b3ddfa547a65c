"""The door of the closed room: the one process that may see persons; it gives releases, printed cells, and no value.

Handbook 2.6, phases 4 and 5.
"""

from jalostamo.doors.closed_room.commands import COMMANDS, main

__all__ = ["COMMANDS", "main"]

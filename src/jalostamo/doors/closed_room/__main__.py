"""The closed room as a process of its own.

Handbook 2.6 (the sensitive and the non-sensitive environment).
"""

import sys

from jalostamo.confinement import hide
from jalostamo.doors.closed_room.commands import main

if __name__ == "__main__":
    # Before anything of persons, or a key, is in its memory.
    hide()
    sys.exit(main())

"""The closed room as a process of its own.

Handbook 2.6 (the sensitive and the non-sensitive environment).
"""

import sys

from jalostamo.doors.closed_room.commands import main

if __name__ == "__main__":
    sys.exit(main())

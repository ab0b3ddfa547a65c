"""The closed room as a process of its own, which puts up its walls before it does what it is asked.

Handbook 2.6 (the sensitive and the non-sensitive environment).
"""

import os
import sys

from jalostamo.confinement import hide
from jalostamo.doors.closed_room.commands import main
from jalostamo.doors.closed_room.confining import within_walls
from jalostamo.engine.leaving_out import leave_out_pandas_of, look_seldom_for_circles
from jalostamo.engine.versions import SETTING

if __name__ == "__main__":
    # Before anything of persons, or a key, is in its memory.
    hide()
    look_seldom_for_circles()
    leave_out_pandas_of(os.environ.get(SETTING))
    sys.exit(main(within=within_walls))

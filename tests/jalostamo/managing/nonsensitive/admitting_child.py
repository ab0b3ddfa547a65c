"""A process that admits what is prepared in a folder, and ends: with 0, or with 2 where it was told why not."""

import sys
from pathlib import Path

sys.path[:0] = sys.argv[1:3]

from tests.jalostamo.managing.nonsensitive.ready_data import admitted  # noqa: E402 - found by the line above

from jalostamo.concepts.errors import JalostamoError  # noqa: E402

try:
    admitted(Path(sys.argv[3]), Path(sys.argv[4]))
except JalostamoError:
    sys.exit(2)

"""The worker's process: it does what waits, looks again every few seconds, and ends when it is asked to.

Handbook 2.6.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType
from typing import Final

import django

_LOOK: Final = 10.0


def main() -> int:
    """Work until a signal asks to stop."""
    stopping = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    django.setup()
    from django.db import close_old_connections

    from townhall.working.daily import work_once

    worker = f"town-{os.getpid()}"
    while not stopping.is_set():
        close_old_connections()
        work_once(worker)
        stopping.wait(_LOOK)
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The child of one job: it confines itself, opens the release, does what was asked, and ends.

What it prints is for the people of its job; what others hear is its exit code.

Handbook 2.6 (the non-sensitive environment).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import JalostamoError
from jalostamo.confinement import entered_by
from jalostamo.confinement.running import OUT_OF_MEMORY, TOO_MUCH_OUTPUT

_FAILED: Final = 1


def main() -> int:
    """Do one job, of which nothing is begun before the walls stand."""
    kind, release, asked, results, scratch = entered_by(sys.argv[1:])
    # Where Python and its libraries would else look for a folder of the machine's.
    os.environ["TMPDIR"] = scratch
    from jalostamo.doors.job_lanes.lanes import LANES, TooMuch
    from jalostamo.engine.sealing import TableKey
    from jalostamo.managing.nonsensitive.releases import open_to_analyse

    handed = sys.stdin.readline().strip()
    try:
        opened = open_to_analyse(Path(release)).with_key(TableKey.handed_over(handed) if handed else None)
        for warning in opened.warnings:
            print(warning, flush=True)
        LANES[kind](opened, Path(asked), Path(results), Path(scratch))
    except JalostamoError as error:
        print(error.sentence)
        return error.exit_code
    except MemoryError:
        return OUT_OF_MEMORY
    except TooMuch:
        return TOO_MUCH_OUTPUT
    except Exception as error:  # noqa: BLE001  # a door; its words are for the people of the job alone
        print(f"{type(error).__name__}: {error}")
        return TOO_MUCH_OUTPUT if isinstance(error, OSError) and error.errno == 27 else _FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""A worker in a process of its own: it works off what there is and ends with 0, or with 3 where it was refused.

Its settings come as one JSON text: the folder, its name, and what happens to it at which moment.
"""

import sys

sys.path[:0] = [sys.argv[1], sys.argv[2]]

import json  # noqa: E402 - the library is found by the line above
import os  # noqa: E402
import signal  # noqa: E402
from pathlib import Path  # noqa: E402

from tests.jalostamo.leases.small_work import KIND, steps_in  # noqa: E402

from jalostamo.concepts.errors import Misused, Refused  # noqa: E402
from jalostamo.engine.lease_store import LeaseStore  # noqa: E402
from jalostamo.leases.leasing import Leases  # noqa: E402
from jalostamo.leases.times import Instant, Terms, machine_clock  # noqa: E402
from jalostamo.leases.working import work_off  # noqa: E402

told = json.loads(sys.argv[3])
folder = Path(told["folder"])
machine = machine_clock()


def clock() -> Instant:
    """The machine's clock, and what a test has put it forward by."""
    now = machine()
    ahead = folder / "ahead"
    return Instant(now.boot, now.seconds + (float(ahead.read_text()) if ahead.exists() else 0.0))


def at(moment: str) -> None:
    """Do at a moment what was told for it."""
    if told.get("moment") == moment:
        os.kill(os.getpid(), signal.Signals[told["signal"]])


try:
    with LeaseStore(folder / "leases.sqlite", wait=told.get("wait", 20.0)) as store:
        leases = Leases(store, clock, Terms(**told.get("terms", {})))
        while lease := leases.claim(told["worker"], [KIND]):
            steps = steps_in(folder, at=at, salt=told.get("salt", ""), guarded=told.get("guarded", True))
            wanted = leases.job(lease.job).steps
            job = work_off(leases, lease, [step for step in steps if step.name in wanted])
            print(job.id, job.state, flush=True)
except Refused as refused:
    print(refused.reason)
    sys.exit(3)
except Misused as misused:
    print(misused.reason)
    sys.exit(2)

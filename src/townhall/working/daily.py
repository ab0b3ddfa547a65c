"""The work itself: what time does to cases, reminders, and the letters that wait; each a step that can be done again.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from jalostamo.leases.jobs import Job
from jalostamo.leases.leasing import Leases
from jalostamo.leases.times import machine_clock
from jalostamo.leases.working import Step, Work, work_off
from townhall.permits.actions import let_time_pass
from townhall.permits.letters import letters_wait, remind, send_letters
from townhall.permits.models import Case
from townhall.working.models import Kept, TownStore

KINDS: Final = ("day", "letters")
_A_PAGE: Final = 200
_KEPT: Final = 500
"""So many jobs are kept after they are done, to be looked at."""


@dataclass(frozen=True, slots=True)
class Doing:
    """A step of the work: what it does may be done twice, and changes nothing the second time."""

    name: str
    do: Callable[[Work], int]

    def run(self, work: Work) -> str:
        """Do it, and return the digest of how much was done."""
        return hashlib.sha256(f"{self.name} {self.do(work)}".encode()).hexdigest()

    def stands(self, digest: str) -> bool:
        """What was done stays done."""
        return True


def _pass_time(work: Work) -> int:
    """Do in each open case what its deadlines bring about by themselves."""
    done, now = 0, timezone.now()
    cases = list(Case.objects.filter(is_open=True).order_by("id").values_list("id", flat=True))
    for number, case_id in enumerate(cases, 1):
        done += let_time_pass(case_id, at=now)
        if number % _A_PAGE == 0:
            work.tell(number, len(cases))
    return done


def _remind(work: Work) -> int:
    return remind(timezone.localdate())


def _send(work: Work) -> int:
    return send_letters(_A_PAGE)


_STEPS: Final[dict[str, Sequence[Step]]] = {
    "day": (Doing("time", _pass_time), Doing("remind", _remind), Doing("send", _send)),
    "letters": (Doing("send", _send),),
}


def leases() -> Leases:
    """Townhall's leases."""
    return Leases(TownStore(), machine_clock())


def enrol(now: datetime.datetime, held: Leases) -> None:
    """Add what is to be done now: the day's work once a day, and letters once a minute while some wait."""
    held.add(_job("day", f"day-{timezone.localtime(now):%Y%m%d}"))
    if letters_wait(at=now):
        held.add(_job("letters", f"letters-{now:%Y%m%d%H%M}"))


def work_once(worker: str) -> int:
    """Do what is to be done, and return how many jobs were taken up; another worker's are left to it."""
    held = leases()
    enrol(timezone.now(), held)
    taken = 0
    while (lease := held.claim(worker, KINDS)) is not None:
        work_off(held, lease, _STEPS[held.job(lease.job).kind])
        taken += 1
    _forget_old()
    return taken


def _job(kind: str, name: str) -> Job:
    payload = hashlib.sha256(name.encode()).hexdigest()
    return Job(name, kind, payload, tuple(step.name for step in _STEPS[kind]))


def _forget_old() -> None:
    newest = Kept.objects.order_by("-place").values_list("place", flat=True).first() or 0
    Kept.objects.filter(state="done", place__lt=newest - _KEPT).delete()

"""Jobs: what is to be done, in which steps, how far it is and who has it; told by digests and counts alone.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Final

from jalostamo.concepts.errors import Broken
from jalostamo.leases.times import Instant

_ID: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}", re.ASCII)
_WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class JobState(StrEnum):
    """Where a job stands."""

    WAITING = "waiting"
    LEASED = "leased"
    DONE = "done"
    PARKED = "parked"
    CANCELLED = "cancelled"


class ParkReason(StrEnum):
    """Why a job was parked: a closed vocabulary, since these words leave the closed room."""

    WORKER_LOST = "worker_lost"  # its workers ended, or were held, without an account
    OUR_FAULT = "our_fault"
    MISUSED = "misused"
    REFUSED = "refused"
    UNFIT = "unfit"
    STORAGE = "storage"  # the disk would not write, or not read
    EFFECT_DIFFERS = "effect_differs"  # it had begun to let out something else


@dataclass(frozen=True, slots=True)
class Progress:
    """Progress is how far a step is: rows that are done, rows there are (0 while unknown), and since when."""

    step: str
    done: int
    total: int
    started: Instant

    def left(self, now: Instant) -> float | None:
        """Seconds that the step still takes if it goes on as it went; None where nobody can say."""
        passed = now.since(self.started)
        if passed is None or not 0 < self.done <= self.total:
            return None
        return passed * (self.total - self.done) / self.done


@dataclass(frozen=True, slots=True)
class Job:
    """A job is one order's way through its steps.

    `payload` is the digest of what it is to do; `recorded` the digest of what each step gave, in the order of the
    steps; `reached` how many steps were ever recorded; `tries` how often it was taken up since the last of those.
    `effect` is the digest of what it has begun to let out: of one job nothing else ever comes out.
    """

    id: str
    kind: str
    payload: str
    steps: tuple[str, ...]
    state: JobState = JobState.WAITING
    recorded: tuple[str, ...] = ()
    reached: int = 0
    tries: int = 0
    token: int = 0
    worker: str = ""
    until: Instant | None = None
    effect: str = ""
    reason: ParkReason | None = None
    progress: Progress | None = None

    def __post_init__(self) -> None:
        digests = (self.payload, *self.recorded, *([self.effect] if self.effect else []))
        words = (self.kind, *self.steps, *([self.progress.step] if self.progress else []))
        if not all(map(_DIGEST.fullmatch, digests)) or not all(map(_WORD.fullmatch, words)):
            raise ValueError("a job is told in digests and plain words")
        if not _ID.fullmatch(self.id) or (self.worker and not _ID.fullmatch(self.worker)):
            raise ValueError("a job, and a worker, is called by small letters, digits and signs")
        if not self.steps or len(set(self.steps)) < len(self.steps) or len(self.recorded) > len(self.steps):
            raise ValueError("a job has steps, each of a name of its own")
        if (self.state is JobState.LEASED) != (self.until is not None) or (
            (self.state is JobState.PARKED) != (self.reason is not None)
        ):
            raise ValueError("a leased job has an end of its lease, a parked one a reason, and no other has")

    @property
    def next_step(self) -> str | None:
        """The first step that is not recorded."""
        return self.steps[len(self.recorded)] if len(self.recorded) < len(self.steps) else None

    def taken_by(self, worker: str, *, token: int, until: Instant) -> Job:
        """The job as a worker has it that takes it up."""
        leased = JobState.LEASED
        return replace(self, state=leased, tries=self.tries + 1, token=token, worker=worker, until=until, progress=None)

    def let_go(self, state: JobState, reason: ParkReason | None = None) -> Job:
        """The job in a state in which nobody has it."""
        return replace(self, state=state, reason=reason, worker="", until=None, progress=None)


def written(job: Job) -> str:
    """Write a job down: one way to write it."""
    return json.dumps(asdict(job), sort_keys=True, separators=(",", ":"))


def read(text: str) -> Job:
    """Read a job as it was written; what cannot be one was not written by this room."""
    try:
        # What JSON holds; the job looks at it as it is made.
        content: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in json.loads(text).items()
        }
        reason, progress = content["reason"], content["progress"]
        values = {
            "state": JobState(content["state"]),
            "until": _instant(content["until"]),
            "reason": ParkReason(reason) if reason else None,
            "progress": Progress(**progress | {"started": _instant(progress["started"])}) if progress else None,
        }
        job = Job(**content | values)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Broken("A job among the leases is not as it was written.", reason="lease_job") from None
    return job


def _instant(content: Mapping[str, object] | None) -> Instant | None:
    return Instant(str(content["boot"]), float(str(content["seconds"]))) if content else None

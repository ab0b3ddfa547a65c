"""A job tells of its work in digests and plain words, so that nothing from the data can be among them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.jalostamo.leases.stores import DIGEST, job_of

from jalostamo.concepts.errors import Broken
from jalostamo.leases.jobs import JobState, ParkReason, Progress, read, written
from jalostamo.leases.times import Instant

NOW = Instant("one", 5.0)

IMPOSSIBLE: dict[str, dict[str, object]] = {
    "a payload that is no digest": {"payload": "Matti Meikalainen"},
    "a recorded text": {"recorded": ("Matti",)},
    "an effect that is no digest": {"effect": "release"},
    "a step that is a sentence": {"steps": ("Read the register",)},
    "a kind that is a sentence": {"kind": "Two words"},
    "progress in a sentence": {"progress": Progress("Two words", 0, 0, NOW)},
    "a name with a path": {"id": "../job"},
    "no name": {"id": ""},
    "a worker with a path": {"worker": "a/b"},
    "no steps": {"steps": ()},
    "a step twice": {"steps": ("link", "link")},
    "more recorded than there is": {"recorded": (DIGEST,) * 4},
    "leased without an end": {"state": JobState.LEASED},
    "an end without a lease": {"until": NOW},
    "parked without a reason": {"state": JobState.PARKED},
    "a reason without parking": {"reason": ParkReason.UNFIT},
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_a_job_that_cannot_be_is_not_made(name: str) -> None:
    with pytest.raises(ValueError, match=r"^a (leased )?job"):
        replace(job_of(), **IMPOSSIBLE[name])  # type: ignore[arg-type]  # by name


def test_a_written_job_comes_back() -> None:
    leased = replace(job_of(), state=JobState.LEASED, until=NOW, progress=Progress("link", 1, 2, NOW), worker="w-1")
    parked = replace(job_of(), state=JobState.PARKED, reason=ParkReason.UNFIT, recorded=(DIGEST,), effect=DIGEST)
    for job in (job_of(), leased, parked):
        assert read(written(job)) == job


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", written(job_of()).replace("waiting", "resting")])
def test_what_is_no_job_is_told_so(text: str) -> None:
    with pytest.raises(Broken, match="not as it was written"):
        read(text)


def test_the_reasons_of_parking_are_plain_words() -> None:
    assert {reason.value for reason in ParkReason} == {
        *("worker_lost", "our_fault", "misused", "refused", "unfit", "storage", "effect_differs"),
    }

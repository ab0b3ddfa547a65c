"""The acts that the log knows: a closed list, each with what an entry about it must name.

An act is written down before it is done. An entry without its deed may stand in the log; a deed without its entry may not be.

Handbook 2.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Act(StrEnum):
    """What somebody, or the closed room by itself, is about to do."""

    ORDER_TAKEN = "order_taken"
    ORDER_REFUSED = "order_refused"
    RUN_BEGUN = "run_begun"
    RUN_ENDED = "run_ended"
    STEP_BEGUN = "step_begun"
    STEP_ENDED = "step_ended"
    JOB_PARKED = "job_parked"
    JOB_CANCELLED = "job_cancelled"
    SOURCE_READ = "source_read"
    EXTRACT_OPENED = "extract_opened"
    LINKED_OPENED = "linked_opened"
    PREPARED_OPENED = "prepared_opened"
    RELEASE_ADMITTED = "release_admitted"
    RELEASE_REFUSED = "release_refused"
    CELLS_PRINTED = "cells_printed"
    CELLS_REFUSED = "cells_refused"
    REFUSALS_LIFTED = "refusals_lifted"
    PERSON_ENROLLED = "person_enrolled"
    PERSON_STRUCK = "person_struck"
    PERSONS_FOUND_AGAIN = "persons_found_again"
    KEY_MADE = "key_made"
    KEY_OPENED = "key_opened"
    KEY_HELD = "key_held"
    KEY_DESTROYED = "key_destroyed"
    KEYS_ROTATED = "keys_rotated"
    EXTRACT_DESTROYED = "extract_destroyed"
    ERASURE_VERIFIED = "erasure_verified"
    CHECKPOINT_EXPORTED = "checkpoint_exported"
    TAIL_CUT = "tail_cut"


class Step(StrEnum):
    """A step of a run, as the corridor names it."""

    RETRIEVE = "retrieve"
    LINK = "link"
    PREPARE = "prepare"
    VALIDATE = "validate"
    ADMIT = "admit"
    COUNT = "count"
    PRINT = "print"


class Part(StrEnum):
    """What an entry may have to name beside its act, its time and who acts."""

    PERMIT = "permit"
    RUN = "run"
    STEP = "step"
    OBJECTS = "objects"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Described:
    """An act in words, and the parts without which an entry about it says too little."""

    words: str
    needs: frozenset[Part] = frozenset()


def _of(words: str, *needs: Part) -> Described:
    return Described(words, frozenset(needs))


ACTS: Final[Mapping[Act, Described]] = {
    Act.ORDER_TAKEN: _of("an order is taken up", Part.PERMIT, Part.OBJECTS),
    Act.ORDER_REFUSED: _of("an order is refused", Part.OBJECTS),
    Act.RUN_BEGUN: _of("a run under an order begins", Part.PERMIT, Part.RUN),
    Act.RUN_ENDED: _of("a run ends, and its rows are cleared away", Part.RUN),
    Act.STEP_BEGUN: _of("a step of a run begins", Part.RUN, Part.STEP),
    Act.STEP_ENDED: _of("a step of a run ends, with what it made", Part.RUN, Part.STEP),
    Act.JOB_PARKED: _of("a job that failed too often is laid aside", Part.RUN),
    Act.JOB_CANCELLED: _of("a job is given up", Part.RUN),
    Act.SOURCE_READ: _of("records of a source are read into an extract", Part.PERMIT, Part.RUN, Part.OBJECTS),
    Act.EXTRACT_OPENED: _of("an extract in the vault is opened", Part.PERMIT, Part.RUN, Part.OBJECTS),
    Act.LINKED_OPENED: _of("linked rows in the vault are opened", Part.PERMIT, Part.RUN, Part.OBJECTS),
    Act.PREPARED_OPENED: _of("prepared rows in the vault are opened", Part.PERMIT, Part.RUN, Part.OBJECTS),
    Act.RELEASE_ADMITTED: _of("a release is let out", Part.PERMIT, Part.RUN, Part.OBJECTS),
    Act.RELEASE_REFUSED: _of("a release is held back", Part.RUN),
    Act.CELLS_PRINTED: _of("printed cells are let out", Part.RUN, Part.OBJECTS),
    Act.CELLS_REFUSED: _of("cells are not printed", Part.RUN),
    Act.REFUSALS_LIFTED: _of("refusals of cubes are looked at and lifted", Part.OBJECTS),
    Act.PERSON_ENROLLED: _of("releases may be sealed to a person's key", Part.OBJECTS),
    Act.PERSON_STRUCK: _of("nothing is sealed to a person's key any more", Part.OBJECTS),
    Act.PERSONS_FOUND_AGAIN: _of("persons behind pseudonyms are found again", Part.PERMIT, Part.OBJECTS),
    Act.KEY_MADE: _of("a key is made", Part.OBJECTS),
    Act.KEY_OPENED: _of("a key is unwrapped for use", Part.OBJECTS),
    Act.KEY_HELD: _of("a key is kept beyond its day, by a hold", Part.OBJECTS),
    Act.KEY_DESTROYED: _of("a key is destroyed", Part.OBJECTS),
    Act.KEYS_ROTATED: _of("the keys are wrapped anew under another key or passphrase"),
    Act.EXTRACT_DESTROYED: _of("an extract is destroyed", Part.OBJECTS),
    Act.ERASURE_VERIFIED: _of("a certificate of destruction is tried against what is left", Part.OBJECTS),
    Act.CHECKPOINT_EXPORTED: _of("a checkpoint of this log is given out"),
    Act.TAIL_CUT: _of("a torn end of this log, never acknowledged, is cut off", Part.OBJECTS, Part.COUNT),
}
"""Every act, in the order in which they come in a run."""

"""One row of the permit process: from where, by which command, whereto, who signs, under which guards, with what paper.

The rows themselves are in `tables`.

Handbook 2.6.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from jalostamo.concepts.roles import Role
from jalostamo.permits.machines import Machine, State
from jalostamo.permits.people import Party

type Slot = frozenset[Party]
"""One signature: whoever of these parties gives it."""


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who must sign before a row fires: one party for each slot, in one submission or each apart."""

    slots: tuple[Slot, ...]
    in_one_submission: bool = False

    @property
    def parties(self) -> frozenset[Party]:
        """Everyone who may give one of them."""
        return frozenset().union(*self.slots)


def one_of(*parties: Party) -> Signatures:
    """One signature, of any of these."""
    return Signatures((frozenset(parties),))


def together(*parties: Party) -> Signatures:
    """All of these in one submission."""
    return Signatures(tuple(frozenset({party}) for party in parties), in_one_submission=True)


def each_of(*slots: Party | frozenset[Party]) -> Signatures:
    """A separate signature of each of these."""
    return Signatures(tuple(slot if isinstance(slot, frozenset) else frozenset({slot}) for slot in slots))


@dataclass(frozen=True, slots=True)
class Transition:
    """A transition is one row of the process.

    `to` is None where the state stays, and where a suspension ends it is the state that was left (`goes_back`).
    `paper` is the kind of content that the command carries; `event` is its name once it has happened; `guards` are the
    names of rules that must have no objection; `protects` marks commands that a municipality may not remove.
    """

    id: str
    machine: Machine
    sources: tuple[State, ...]
    command: str
    to: State | None
    signatures: Signatures
    paper: type
    event: str
    guards: tuple[str, ...] = ()
    notifies: tuple[Party, ...] = ()
    goes_back: bool = False
    protects: bool = False

    def with_signature(self, party: Party) -> Transition:
        """The same row with one more signature, which is always given apart."""
        slots = (*self.signatures.slots, frozenset({party}))
        return replace(self, signatures=replace(self.signatures, slots=slots, in_one_submission=False))


INSPECTION_GROUP: Final = (Role.DATA_SECURITY_PERSON, Role.TECHNICAL_DATA_SECURITY_PERSON)
"""Who must sign for the inspection group; the person responsible for privacy is consulted."""

"""How a command is judged: deny by default, then the row, the signatures, the duties, and the guards, in that order.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.concepts.languages import LANGUAGES, Text
from jalostamo.concepts.roles import Role
from jalostamo.permits.duties import objections_to_acting
from jalostamo.permits.guards import GUARDS, Guard
from jalostamo.permits.initiative import Initiative, Pending
from jalostamo.permits.machines import STATES, Machine
from jalostamo.permits.moves import Command, Move, state_of
from jalostamo.permits.objections import objection
from jalostamo.permits.people import Actor, Automaton, called, holding
from jalostamo.permits.tables import BY_STATE_AND_COMMAND, MACHINES
from jalostamo.permits.terms import title_of
from jalostamo.permits.transitions import Transition
from jalostamo.permits.work_papers import Clearance


@dataclass(frozen=True, slots=True)
class Occurrence:
    """What a command brings about: its row fires, or, where signatures are still missing, one more is given."""

    row: Transition
    command: Command
    at: datetime.datetime
    fires: bool
    slots: tuple[int, ...]


def perform(initiative: Initiative, command: Command, *, at: datetime.datetime) -> Occurrence:
    """What a command brings about; refused, with every objection, where a rule says no."""
    found = judge(initiative, command, at=at)
    if isinstance(found, Occurrence):
        return found
    first = found[0]
    raise Refused(found, reason=getattr(first, "code", "refused"))


def objections_to(initiative: Initiative, command: Command, *, at: datetime.datetime) -> tuple[Objection, ...]:
    """Why a command may not be given now, by these people, in this way; empty where it may."""
    found = judge(initiative, command, at=at)
    return () if isinstance(found, Occurrence) else found


def judge(
    initiative: Initiative,
    command: Command,
    *,
    at: datetime.datetime,
    guards: Mapping[str, Guard] = GUARDS,
) -> Occurrence | tuple[Objection, ...]:
    """What a command brings about, or the objections to it; `guards` are replaced only to prove what each is for."""
    row = row_for(initiative, command)
    if not isinstance(row, Transition):
        return row
    if not isinstance(command.content, row.paper):
        return (objection("paper_other"),)
    if at.tzinfo is None or at < initiative.last_at:
        return (objection("clock_backwards"),)
    move = Move(initiative, row, command, at)
    slots = _slots(move)
    if slots is None and {actor for _, actor in _signed(move)} & set(command.actors):
        return (objection("signed_already"),)
    if slots is None:
        return (objection("not_this_role", parties=_parties(row)),)
    wrong = [*_against_people(move), *_against_signing(move), *objections_to_acting(initiative, command.actors)]
    if wrong:
        return tuple(wrong)
    wrong = [found for name in row.guards for found in guards[name](move)]
    if wrong:
        return tuple(wrong)
    signed = {slot for slot, _ in _signed(move)} | set(slots)
    return Occurrence(row, command, at, len(signed) == len(row.signatures.slots), slots)


def row_for(initiative: Initiative, command: Command) -> Transition | tuple[Objection, ...]:
    """The row that a command asks for in this case, with the municipality's own signatures; or why there is none."""
    machine = MACHINES.get(command.name)
    if machine is None:
        return (objection("command_unknown"),)
    if command.name in initiative.settings.removed:
        return (objection("command_removed"),)
    if (machine is Machine.PERMIT) != (command.subject == ""):
        return (objection("subject_other"),)
    state = state_of(initiative, machine, command.subject)
    row = None if state is None else BY_STATE_AND_COMMAND.get((STATES[machine](state), command.name))
    if state is None:
        return (objection("subject_unknown"),)
    if row is None:
        return (objection("not_in_this_state", state=title_of(state)),)
    for more in initiative.settings.more_signatures:
        if more.command == command.name:
            row = row.with_signature(more.role)
    return row


def _parties(row: Transition) -> Text:
    """Who may, in each language."""
    titles = [called(party) for party in sorted(row.signatures.parties, key=lambda party: party.value)]
    return Text(*(", ".join(title.in_language(language) for title in titles) for language in LANGUAGES))


def _signed(move: Move) -> tuple[tuple[int, Actor], ...]:
    pending = move.initiative.waiting_for(move.command.name, move.command.subject)
    return pending.signed if pending is not None and _is_same(pending, move) else ()


def _is_same(pending: Pending, move: Move) -> bool:
    return bound_of(pending.content) == bound_of(move.command.content)


def bound_of(content: object) -> object:
    """What two who sign the same must agree on: all of it, or of a clearance the outputs alone, since each is blind."""
    return content.outputs if isinstance(content, Clearance) else content


def _slots(move: Move) -> tuple[int, ...] | None:
    """The open slots that the actors fill, one each; None where they do not fit."""
    signatures = move.row.signatures
    taken = {slot for slot, _ in _signed(move)}
    wanted = len(signatures.slots) if signatures.in_one_submission else 1
    if len(move.command.actors) != wanted:
        return None
    filled: list[int] = []
    for actor in move.command.actors:
        fitting = (n for n, slot in enumerate(signatures.slots) if actor.role in slot and n not in {*taken, *filled})
        found = next(fitting, None)
        if found is None:
            return None
        filled.append(found)
    return tuple(filled)


def _against_people(move: Move) -> Iterator[Objection]:
    """Whether each who acts holds her role today, for this subject; automatons act under their own names."""
    for actor in move.command.actors:
        if isinstance(actor.role, Automaton):
            if actor.person != actor.role.value:
                yield objection("role_not_held", role=called(actor.role))
        elif holding(move.initiative.people, actor, day=move.day, scope=scope_of(move, actor.role)) is None:
            yield objection("role_not_held", role=called(actor.role))


_OWN_OF_A_SOURCE: Final = frozenset({Role.SOURCE_SYSTEM_OWNER, Role.SYSTEMS_EXPERT})


def scope_of(move: Move, role: Role) -> str | None:
    """For what a role must be held: an owner and an expert for the register, a branch manager for the branch."""
    named = getattr(move.command.content, "register", None)
    subject = move.command.subject if move.row.machine is Machine.REQUEST else named
    return scope_for(move.initiative, move.row.machine, subject, role)


def scope_for(initiative: Initiative, machine: Machine, register: str | None, role: Role) -> str | None:
    """The same of a machine whose subject is a register, or of a paper that names one; None where no register is meant."""
    description = initiative.description
    if role in _OWN_OF_A_SOURCE:
        return register
    if role is Role.BRANCH_MANAGER and description is not None:
        if machine is Machine.REQUEST:
            owning = (source.owning_unit for source in description.sources if source.register == register)
            return next(owning, None)
        return description.commissioning_unit
    return None


def _against_signing(move: Move) -> Iterator[Objection]:
    """Those who sign the same thing are different people, but for the group's two in a case of low risk."""
    for actor in move.command.actors:
        before = [signed.role for _, signed in _signed(move) if signed.person == actor.person]
        if before and not _may_sign_twice(move, actor, before):
            yield objection("signed_already")
    pending = move.initiative.waiting_for(move.command.name, move.command.subject)
    if pending is not None and not _is_same(pending, move):
        others = {actor.person for _, actor in pending.signed} - {actor.person for actor in move.command.actors}
        if others:
            yield objection("other_text_signed")


def _may_sign_twice(move: Move, actor: Actor, before: list[Role | Automaton]) -> bool:
    """A low risk needs one approver: the two of the group may be one person, in her two roles."""
    group = {Role.DATA_SECURITY_PERSON, Role.TECHNICAL_DATA_SECURITY_PERSON}
    return move.row.command == "confirm_low" and {actor.role, *before} <= group and actor.role not in before

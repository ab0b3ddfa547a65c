"""A case as the cast plays it: from the need to an order, and from what the closed room gave to the end of phase 5.

Handbook 2.6, phases 1 to 5.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from jalostamo.concepts.roles import Role
from jalostamo.doors.playing.cast import assignments, holding
from jalostamo.doors.playing.papers import PLAYED, TECHNIQUE, Papers
from jalostamo.permits import papers, work_papers
from jalostamo.permits.events import Event, Signer, Verifier, append, open_case, replay
from jalostamo.permits.initiative import Initiative, Opening
from jalostamo.permits.machines import RunState
from jalostamo.permits.moves import Command
from jalostamo.permits.orders import Order, order_of
from jalostamo.permits.people import Actor, Automaton, automaton
from jalostamo.permits.performing import perform, row_for
from jalostamo.permits.terms import Lane, Level
from jalostamo.permits.transitions import Transition
from jalostamo.permits.work_papers import Prepared as PreparedPaper

_WAITING: Final = frozenset({RunState.ORDERED, RunState.PREPARING})


@dataclass(frozen=True, slots=True)
class Case:
    """A case of the play: its events so far, which are signed by townhall's key as any others are."""

    papers: Papers
    signer: Signer
    verifier: Verifier
    at: datetime.datetime
    events: list[Event] = field(default_factory=list)

    @property
    def initiative(self) -> Initiative:
        """The case as its events make it."""
        return replay(self.events, verifier=self.verifier)

    def ordered(self) -> Order:
        """Play until a run is ordered by the papers' recipe, and give its order; one that waits by the same is given again."""
        made = self._opened()
        waiting = next((run for run in made.runs if run.state in _WAITING), None)
        if waiting is not None and waiting.order is not None and waiting.order.recipe != self.papers.recipe:
            made = self._give(made, "cancel_run", papers.Reasoned(PLAYED), waiting.id)
            waiting = None
        if waiting is None:
            made = self._give(made, "order_run", self.papers.order(), f"run-{len(made.runs) + 1}")
            waiting = made.runs[-1]
        return order_of(self.events, waiting.id, verifier=self.verifier)

    def answered(self, order: Order, *, outcome: str, account: str, report: str) -> None:
        """Play phase 5 of a run that the closed room has carried out, by the digests that it gave."""
        made = self.initiative
        fields = {source.register: source.fields for source in order.sources}
        for register, agreed in fields.items():
            made = self._give(made, "pick", work_papers.Picked(order.run, agreed), register)
            made = self._give(made, "transfer", work_papers.Transferred(TECHNIQUE, account), register)
            made = self._give(made, "receive", work_papers.Received(account), register)
        for command in ("start_preparing", "take_in"):
            made = self._give(made, command, papers.Note(), order.run)
        for command in ("merge", "prepare"):
            made = self._give(made, command, PreparedPaper(outcome, account), order.run)
        made = self._give(made, "describe_dataset", work_papers.Described(account, "1"), order.run)
        expires = self.at.date() + datetime.timedelta(days=180)
        if order.lane is Lane.ROWS:
            found = work_papers.Validated(report, order.data_class, "1", expires, True, True, True, True)
            made = self._give(made, "validate", found, order.run)
            made = self._give(made, "release", papers.Note(), order.run)
        else:
            made = self._give(made, "confirm_quality", papers.Note(), order.run)
        self._give(made, "report_prepared", papers.Note(), order.run)

    def _opened(self) -> Initiative:
        if self.events:
            return self.initiative
        by = Actor(next(holding(Role.INITIATOR)).staff_id, Role.INITIATOR)
        opening = Opening(people=assignments(self.at.date()))
        event, made = open_case(self.papers.request.permit, opening, by=by, at=self.at, signer=self.signer)
        self.events.append(event)
        for command, paper in (
            ("describe", self.papers.description()),
            ("open_assessment", papers.Note()),
            ("submit_assessment", self.papers.assessment()),
            ("give_privacy_statement", papers.Statement(PLAYED)),
        ):
            made = self._give(made, command, paper)
        return self._granted(self._decided(made))

    def _decided(self, made: Initiative) -> Initiative:
        """The decision, by whom the level asks for."""
        mine, today = self.papers, self.at.date()
        if mine.level is Level.LOW:
            return self._give(made, "confirm_low", papers.GroupStatement(PLAYED, Level.LOW, mine.decision(made, today)))
        made = self._give(made, "escalate_to_city", papers.GroupStatement(PLAYED, Level.HIGH))
        made = self._give(made, "attach_impact_assessment", mine.impact(made, today))
        made = self._give(made, "advise_on_consultation", papers.PrivacyAdvice(False, PLAYED))
        return self._give(made, "decide_to_continue", papers.DecisionPaper(mine.decision(made, today)))

    def _granted(self, made: Initiative) -> Initiative:
        """What each owner grants, and that the analyst has no login to any source."""
        made = self._give(made, "open_requests", papers.Note())
        for register, asked in self.papers.fields.items():
            made = self._give(made, "send_request", papers.Note(), register)
            made = self._give(made, "agree_fields", papers.FieldsAgreed(asked, TECHNIQUE), register)
            made = self._give(made, "grant_access", self.papers.law(register), register)
        made = self._give(made, "note_all_granted", papers.Note())
        for register in self.papers.fields:
            made = self._give(made, "state_login", papers.LoginStatement(register, "f-ana", False))
        return made

    def _give(self, made: Initiative, command: str, content: object, subject: str = "") -> Initiative:
        """A command with every signature that it takes."""
        signed: set[str] = set()
        fires = False
        while not fires:
            row = row_for(made, Command(command, (), None, subject))
            if not isinstance(row, Transition):
                # Refused, with the objections, by the process itself.
                perform(made, Command(command, (), content, subject), at=self.at)
                raise AssertionError(command)
            actors = _next(made, row, command, subject, signed)
            occurrence = perform(made, Command(command, actors, content, subject), at=self.at)
            event, made = append(made, occurrence, signer=self.signer)
            self.events.append(event)
            signed |= {actor.person for actor in actors}
            fires = occurrence.fires
        return made


def _next(made: Initiative, row: Transition, command: str, subject: str, signed: set[str]) -> tuple[Actor, ...]:
    """Who of the cast signs next: one for each open slot where all sign at once, one for the first open slot otherwise."""
    pending = made.waiting_for(command, subject)
    filled = {slot for slot, _ in pending.signed} if pending else set()
    slots = [slot for number, slot in enumerate(row.signatures.slots) if number not in filled]
    chosen: list[Actor] = []
    for slot in slots if row.signatures.in_one_submission else slots[:1]:
        chosen.append(_fitting(sorted(slot, key=lambda party: (isinstance(party, Automaton), party.value)), signed))
        signed = signed | {chosen[-1].person}
    return tuple(chosen)


def _fitting(parties: Sequence[Role | Automaton], signed: set[str]) -> Actor:
    for party in parties:
        if isinstance(party, Automaton):
            return automaton(party)
        member = next((member for member in holding(party) if member.staff_id not in signed), None)
        if member is not None:
            return Actor(member.staff_id, member.role)
    raise AssertionError("the cast has nobody for this")

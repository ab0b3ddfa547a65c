"""A command as somebody gives it, and a move: the command beside the initiative and the row of the table it asks for.

Guards look at a move and at nothing else.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from jalostamo.permits.initiative import Initiative, Publication, Run, SourceRequest
from jalostamo.permits.machines import Machine, PublicationState, RunState, State
from jalostamo.permits.people import Actor
from jalostamo.permits.transitions import Transition


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its name, who gives it, the paper it carries, and its subject where it is not the permit itself.

    `subject` is the register of a data request, or the id of a run or of a publication.
    """

    name: str
    actors: tuple[Actor, ...]
    content: object
    subject: str = ""

    def __repr__(self) -> str:
        """Its name and subject; what it carries stays out of logs."""
        return f"Command({self.name!r}, subject={self.subject!r})"


@dataclass(frozen=True, slots=True)
class Move:
    """A move is a command that has found its row."""

    initiative: Initiative
    row: Transition
    command: Command
    at: datetime.datetime

    @property
    def day(self) -> datetime.date:
        """The day on which it is made, where the municipality is."""
        return self.initiative.local_day(self.at)

    @property
    def request(self) -> SourceRequest:
        """The data request that it moves; only moves of that machine have one."""
        found = self.initiative.request_to(self.command.subject)
        if found is None:
            raise KeyError("request")
        return found

    @property
    def run(self) -> Run:
        """The run, or the run of the dataset, that it moves."""
        return self.initiative.run_called(self.command.subject) or Run(self.command.subject, RunState.NOT_YET)

    @property
    def publication(self) -> Publication:
        """The publication that it moves."""
        found = self.initiative.publication_called(self.command.subject)
        return found or Publication(self.command.subject, PublicationState.NOT_YET)


def state_of(initiative: Initiative, machine: Machine, subject: str) -> State | None:
    """The state of one machine of a case; None where there is no such subject.

    A run and a publication that do not exist yet are in the state from which they begin.
    """
    if machine is Machine.PERMIT:
        return initiative.state
    if machine is Machine.REQUEST:
        asked = initiative.request_to(subject)
        return None if asked is None else asked.state
    if machine is Machine.PUBLICATION:
        made = initiative.publication_called(subject)
        return PublicationState.NOT_YET if made is None else made.state
    run = initiative.run_called(subject)
    if machine is Machine.DATASET:
        return None if run is None else run.dataset
    return RunState.NOT_YET if run is None else run.state

"""The initiative: what travels through the eight phases, exactly as its events have made it.

It holds no rule: what may happen next is asked of the guards, and what did happen is applied by `applying`.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from enum import StrEnum
from zoneinfo import ZoneInfo

from jalostamo.concepts.roles import Role
from jalostamo.permits.contents import written
from jalostamo.permits.decisions import Appeal, AppealOutcome, Decision
from jalostamo.permits.descriptions import Description
from jalostamo.permits.estimates.answers import Estimate
from jalostamo.permits.estimates.matrices import DecisionCell
from jalostamo.permits.impact import ConsultationOpinion, ImpactAssessment
from jalostamo.permits.law import SourceLaw
from jalostamo.permits.machines import DatasetState, PermitState, PublicationState, RequestState, RunState
from jalostamo.permits.papers import FollowUp, LoginStatement, PrivacyAdvice
from jalostamo.permits.people import Actor, Assignment
from jalostamo.permits.settings import Settings
from jalostamo.permits.terms import DataClass, Level
from jalostamo.permits.work_papers import PublicationDraft, RunOrdered, Validated, View


class LinkKind(StrEnum):
    """Why a case is linked to an older one."""

    AMENDMENT = "amendment"
    RENEWAL = "renewal"
    AFTER_APPEAL = "after_appeal"


@written
@dataclass(frozen=True, slots=True)
class Link:
    """A link to the older case that this one amends, renews or takes up after an appeal; `head` is its last digest."""

    case: str
    kind: LinkKind
    head: str


@written
@dataclass(frozen=True, slots=True)
class Opening:
    """What a case is opened with: its settings, the holders of standing roles, and the link to an older case."""

    settings: Settings = field(default_factory=Settings)
    people: tuple[Assignment, ...] = ()
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Assessed:
    """An assessment as it was submitted: version, form, description, and the levels that follow from them.

    `level` is that of processing, with the floors and the class that was reached; `cell` advises on publishing only.
    """

    version: int
    description: Description
    estimate: Estimate
    level: Level
    data_class: DataClass
    cell: DecisionCell | None
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided: the level and the class it covers, on which assessment, until which day."""

    level: Level
    data_class: DataClass
    description: Description
    version: int
    valid_until: datetime.date
    decision: Decision
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Reassessed:
    """The last reassessment that let the analysis go on: when, at which level, for which recipe, schema and class."""

    level: Level
    data_class: DataClass
    recipe: str | None
    schema: str | None
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Pending:
    """A command that waits for more signatures: who has signed what, by which slots."""

    command: str
    subject: str
    content: object = field(repr=False)
    signed: tuple[tuple[int, Actor], ...]


@dataclass(frozen=True, slots=True)
class SourceRequest:
    """The data request to one source; a source is a register. `since` is when its present state was entered."""

    register: str
    state: RequestState = RequestState.DRAFT
    fields: tuple[str, ...] = ()
    technique: str = ""
    law: SourceLaw | None = None
    run: str | None = None
    checksum: str | None = None
    since: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One run, with the dataset that is prepared for it.

    `signed` says that a person, and not the closed room by itself, signed the class in `validated`; `earlier` marks a
    run under a decision that no longer speaks: it is kept in the record, and nothing stands on it.
    """

    id: str
    state: RunState
    order: RunOrdered | None = None
    dataset: DatasetState = DatasetState.AWAITED
    schema: str | None = None
    validated: Validated | None = None
    results: tuple[str, ...] = ()
    gate_record: str | None = None
    on_run: str | None = None
    earlier: bool = False
    signed: bool = False


@dataclass(frozen=True, slots=True)
class Publication:
    """One publication, with what it was cleared for: the outputs in `cleared` are the only ones that may be in use.

    `since` is when its present state was entered.
    """

    id: str
    state: PublicationState
    draft: PublicationDraft | None = None
    view: View | None = None
    overridden: bool = False
    cleared: tuple[str, ...] = ()
    clearances: int = 0
    gate_record: str | None = None
    since: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Initiative:
    """An initiative, equal to the replay of its events.

    `acts` are who has acted in which role, over the whole history: duties are judged by them. `asked_since` is when the
    present state was entered, from which deadlines count; `head` and `length` are those of the chain of events.
    """

    id: str
    settings: Settings
    people: tuple[Assignment, ...]
    link: Link | None
    state: PermitState
    last_at: datetime.datetime
    asked_since: datetime.datetime
    head: str = ""
    length: int = 0
    left_for_suspension: PermitState | None = None
    description: Description | None = None
    assessed: Assessed | None = None
    privacy_statement_on: int | None = None
    referred_up: bool = False
    impact: ImpactAssessment | None = None
    advice: PrivacyAdvice | None = None
    consulted: bool = False
    opinion: ConsultationOpinion | None = None
    decided: Decided | None = None
    reassessed: Reassessed | None = None
    pending: tuple[Pending, ...] = ()
    acts: frozenset[tuple[str, Role]] = frozenset()
    given_roles: frozenset[tuple[str, Role]] = frozenset()
    requests: tuple[SourceRequest, ...] = ()
    runs: tuple[Run, ...] = ()
    publications: tuple[Publication, ...] = ()
    logins: tuple[LoginStatement, ...] = ()
    follow_up: FollowUp | None = None
    incidents: int = 0
    appeal: Appeal | None = None
    appeal_outcome: AppealOutcome | None = None

    def __repr__(self) -> str:
        """Only where it stands: what people wrote in it stays out of logs."""
        return f"Initiative({self.id!r}, {self.state.value!r}, {self.length} events)"

    def local_day(self, at: datetime.datetime) -> datetime.date:
        """The day of a moment, where the municipality is."""
        return at.astimezone(ZoneInfo(self.settings.timezone)).date()

    def request_to(self, register: str) -> SourceRequest | None:
        """The data request to a register, or None."""
        return next((asked for asked in self.requests if asked.register == register), None)

    def run_called(self, run: str) -> Run | None:
        """The run of that id, or None."""
        return next((made for made in self.runs if made.id == run), None)

    def publication_called(self, publication: str) -> Publication | None:
        """The publication of that id, or None."""
        return next((made for made in self.publications if made.id == publication), None)

    def waiting_for(self, command: str, subject: str) -> Pending | None:
        """The signatures given so far to a command on one subject, or None."""
        return next((p for p in self.pending if (p.command, p.subject) == (command, subject)), None)

"""What a command carries: the papers of phases 1 to 4 and 6, and of a permit's life. Those of runs are in `work_papers`.

Each is a frozen value that is written into the event, so that the case can be replayed from its events alone.

Handbook 2.6.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

from jalostamo.permits.contents import written
from jalostamo.permits.decisions import Appeal, AppealOutcome, Decision
from jalostamo.permits.descriptions import Description
from jalostamo.permits.estimates.answers import Estimate
from jalostamo.permits.impact import ConsultationOpinion, ImpactAssessment
from jalostamo.permits.law import SourceLaw
from jalostamo.permits.people import Assignment
from jalostamo.permits.terms import Level


@written
@dataclass(frozen=True, slots=True)
class Note:
    """A note may say something, and need not."""

    text: str = ""


@written
@dataclass(frozen=True, slots=True)
class Reasoned:
    """A reasoned paper says why: it is asked wherever someone stops, returns, refuses or changes."""

    reason: str


@written
@dataclass(frozen=True, slots=True)
class AnalysisDescription:
    """The analysis description of phase 1."""

    description: Description


@written
@dataclass(frozen=True, slots=True)
class Assessment:
    """The filled form of Appendix 1; `description` only where phase 6 adds to it."""

    estimate: Estimate
    description: Description | None = None


@written
@dataclass(frozen=True, slots=True)
class Statement:
    """What the person responsible for privacy says of the assessment."""

    text: str


@written
@dataclass(frozen=True, slots=True)
class GroupStatement:
    """What the inspection group says of the risks, with the level it finds; `decision` where the level is low."""

    text: str
    level: Level
    decision: Decision | None = None


@written
@dataclass(frozen=True, slots=True)
class DecisionPaper:
    """A decision to continue."""

    decision: Decision


@written
@dataclass(frozen=True, slots=True)
class PrivacyAdvice:
    """Whether the person responsible for privacy advises to consult the Data Protection Commissioner, and why."""

    consult: bool
    text: str


@written
@dataclass(frozen=True, slots=True)
class ImpactPaper:
    """A data-protection impact assessment, attached."""

    assessment: ImpactAssessment


@written
@dataclass(frozen=True, slots=True)
class OpinionPaper:
    """What the Data Protection Commissioner answered."""

    opinion: ConsultationOpinion


@written
@dataclass(frozen=True, slots=True)
class SourceDropped:
    """A source that the analysis goes on without."""

    register: str
    reason: str


@written
@dataclass(frozen=True, slots=True)
class MoreData:
    """What is asked of a source once more, within what was decided."""

    register: str
    reason: str


@written
@dataclass(frozen=True, slots=True)
class Suspension:
    """Why a permit is suspended; whether something has happened to data."""

    reason: str
    is_incident: bool = False


@written
@dataclass(frozen=True, slots=True)
class ReviewRound:
    """A round in which commissioner and analyst look at what was found (2.1)."""

    held_on: datetime.date
    findings: str
    next_step: str


class Outcome(StrEnum):
    """What came of an analysis: a measure, or a reasoned decision to do nothing."""

    MEASURE = "measure"
    NO_ACTION = "no_action"


@written
@dataclass(frozen=True, slots=True)
class FollowUp:
    """What came of the analysis, measured against the benefit that was expected."""

    outcome: Outcome
    text: str


@written
@dataclass(frozen=True, slots=True)
class Destruction:
    """The certificate that the data of a run is destroyed, by its digest."""

    run: str
    certificate: str


@written
@dataclass(frozen=True, slots=True)
class LoginStatement:
    """Whether an analyst has a login to a source system, as its owner states."""

    register: str
    analyst: str
    has_login: bool


@written
@dataclass(frozen=True, slots=True)
class RoleGiven:
    """A role that is given in this case."""

    assignment: Assignment


@written
@dataclass(frozen=True, slots=True)
class RoleEnded:
    """A role that ends in this case."""

    person: str
    role: str
    reason: str


@written
@dataclass(frozen=True, slots=True)
class SuccessorPermitted:
    """That a case which amends or renews this one has been permitted: its id, and the digest of that event."""

    case: str
    event: str


@written
@dataclass(frozen=True, slots=True)
class AppealPaper:
    """An appeal that was lodged."""

    appeal: Appeal


@written
@dataclass(frozen=True, slots=True)
class AppealOutcomePaper:
    """What became of an appeal."""

    outcome: AppealOutcome


@written
@dataclass(frozen=True, slots=True)
class FieldsAgreed:
    """The fields that the analyst and the systems expert agreed on, and the technique by which they travel."""

    fields: tuple[str, ...]
    technique: str


@written
@dataclass(frozen=True, slots=True)
class AccessGranted:
    """What an owner grants: by which legal route, and under which outside permits, the source may be used."""

    law: SourceLaw

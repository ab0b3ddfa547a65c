"""The machines of the permit process and their states: one permit, its data requests, its runs and their datasets, its publications.

Handbook 2.6 has eight phases; a state's value begins with the number of its phase, or with X where everything ends.

Handbook 2.6.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Machine(StrEnum):
    """A machine is one thing that moves through states of its own."""

    PERMIT = "permit"
    REQUEST = "request"
    DATASET = "dataset"
    RUN = "run"
    PUBLICATION = "publication"


class PermitState(StrEnum):
    """Where an initiative and its permit stand: phases 1 to 4 and 6, the life of the permit, and its end."""

    DRAFT = "1.draft"
    DESCRIBED = "1.described"
    ASSESSING = "2.assessing"
    INSPECTION = "3.inspection"
    MANAGEMENT = "3.management"
    CITY = "3.city"
    COMMISSIONER = "3.commissioner"
    PERMITTED = "3.permitted"
    REQUESTING = "4.requesting"
    GRANTED = "4.granted"
    REVIEW = "6.review"
    REASSESSING = "6.reassessing"
    REASSESSING_MANAGEMENT = "6.management"
    REASSESSING_CITY = "6.city"
    REASSESSING_COMMISSIONER = "6.commissioner"
    ANALYSIS = "7.analysis"
    PERIODIC = "8.periodic"
    PERIODIC_REVIEW = "8.periodic_review"
    OVERDUE = "8.overdue"
    SUSPENDED = "S.suspended"
    REJECTED = "X.rejected"
    WITHDRAWN = "X.withdrawn"
    REVOKED = "X.revoked"
    EXPIRED = "X.expired"
    CLOSED = "X.closed"


class RequestState(StrEnum):
    """Where the data request to one source stands (phase 4), and its present delivery."""

    DRAFT = "4.draft"
    SENT = "4.sent"
    FIELDS_AGREED = "4.fields_agreed"
    GRANTED = "4.granted"
    REFUSED = "4.refused"
    DROPPED = "4.dropped"
    PICKED = "4.picked"
    TRANSFERRED = "4.transferred"
    DELIVERED = "4.delivered"


class DatasetState(StrEnum):
    """Where the dataset of one run stands (phase 5)."""

    AWAITED = "5.awaited"
    RECEIVED = "5.received"
    MERGED = "5.merged"
    PREPARED = "5.prepared"
    DESCRIBED = "5.described"
    FAILED = "5.failed"
    VALIDATED = "5.validated"
    RELEASED = "5.released"
    HELD = "5.held"
    DESTROYED = "X.destroyed"


class RunState(StrEnum):
    """Where one run of an analysis stands (phases 5 and 7)."""

    NOT_YET = "5.not_yet"
    ORDERED = "5.ordered"
    PREPARING = "5.preparing"
    STOPPED = "5.stopped"
    PREPARED = "5.ready"
    ANALYSING = "7.analysing"
    FINISHED = "7.finished"
    CANCELLED = "X.cancelled"


class PublicationState(StrEnum):
    """Where one publication stands (phase 8)."""

    NOT_YET = "8.not_yet"
    REPORTING = "8.reporting"
    CONSIDERING = "8.considering"
    CLEARING = "8.clearing"
    CLEARED = "8.cleared"
    IN_USE = "8.in_use"
    SUSPENDED = "8.suspended"
    WITHDRAWN = "X.withdrawn"
    CLOSED = "X.closed"


type State = PermitState | RequestState | DatasetState | RunState | PublicationState

STATES: Final[dict[Machine, type[State]]] = {
    Machine.PERMIT: PermitState,
    Machine.REQUEST: RequestState,
    Machine.DATASET: DatasetState,
    Machine.RUN: RunState,
    Machine.PUBLICATION: PublicationState,
}

ENDS: Final = frozenset(
    {
        PermitState.REJECTED,
        PermitState.WITHDRAWN,
        PermitState.REVOKED,
        PermitState.EXPIRED,
        PermitState.CLOSED,
    }
)
LIVE: Final = tuple(state for state in PermitState if state not in ENDS)
"""Every state from which a case can still go on."""

_BEFORE: Final = {
    PermitState.DRAFT,
    PermitState.DESCRIBED,
    PermitState.ASSESSING,
    PermitState.INSPECTION,
    PermitState.MANAGEMENT,
    PermitState.CITY,
    PermitState.COMMISSIONER,
}
PERMITTED_ONWARD: Final = tuple(state for state in LIVE if state not in _BEFORE)
"""Every live state in which a decision to continue has been made; suspension may also come before it."""

ANALYSING: Final = (PermitState.ANALYSIS, PermitState.PERIODIC, PermitState.PERIODIC_REVIEW)
"""The states in which analysing may be allowed; the rest of the rule is in `may_analyse`."""

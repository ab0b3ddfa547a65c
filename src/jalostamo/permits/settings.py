"""What a municipality has set for its cases: floors, intervals, deadlines, signatures, and what it does without.

A case keeps the settings with which it was opened. How they are read from a file, and why they can only tighten what
is shipped, is said in `municipality`.

Handbook 2.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from jalostamo.concepts.roles import Role
from jalostamo.permits.contents import written
from jalostamo.permits.decisions import Intervals
from jalostamo.permits.estimates.costs import CostThresholds
from jalostamo.permits.estimates.risks import Floor


class Deadline(StrEnum):
    """A deadline is how long somebody has for an answer, in days."""

    PRIVACY_STATEMENT = "privacy_statement"
    GROUP_STATEMENT = "group_statement"
    MANAGEMENT_DECISION = "management_decision"
    CITY_DECISION = "city_decision"
    COMMISSIONER_OPINION = "commissioner_opinion"
    OWNER_ANSWER = "owner_answer"
    SUPPORT_VIEW = "support_view"
    CLEARANCE = "clearance"
    REASSESSMENT_NOTICE = "reassessment_notice"
    DELETION = "deletion"


DEADLINES: Final[Mapping[Deadline, int]] = {
    Deadline.PRIVACY_STATEMENT: 7,
    Deadline.GROUP_STATEMENT: 14,
    Deadline.MANAGEMENT_DECISION: 28,
    Deadline.CITY_DECISION: 56,
    # GDPR, article 36: eight weeks, and six more where the case is complex.
    Deadline.COMMISSIONER_OPINION: 98,
    Deadline.OWNER_ANSWER: 14,
    Deadline.SUPPORT_VIEW: 14,
    Deadline.CLEARANCE: 5,
    # How long before the end of an interval its reassessment is announced.
    Deadline.REASSESSMENT_NOTICE: 30,
    # How long after a permit's end its data is destroyed at the latest; until then it can be renewed.
    Deadline.DELETION: 60,
}
"""The days as shipped."""


@written
@dataclass(frozen=True, slots=True)
class MoreSignature:
    """A signature that a municipality asks beyond those of the table."""

    command: str
    role: Role


@written
@dataclass(frozen=True, slots=True)
class KeptApart:
    """Two roles that a municipality keeps apart beyond the duties of the table."""

    one: Role
    other: Role


@written
@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one municipality; those as shipped where it says nothing.

    `group_unit` is the unit of the group's analysts (operating models B and C); `reminders` are days before an end.
    """

    timezone: str = "Europe/Helsinki"
    group_unit: str = "group"
    floors: tuple[Floor, ...] = ()
    intervals: Intervals = Intervals()
    thresholds: CostThresholds = CostThresholds()
    deadlines: Mapping[Deadline, int] = field(default_factory=lambda: dict(DEADLINES))
    reminders: tuple[int, ...] = (60, 30, 7)
    removed: frozenset[str] = frozenset()
    more_signatures: tuple[MoreSignature, ...] = ()
    apart: tuple[KeptApart, ...] = ()

"""Organisations and their units: who is an authority, who is the controller of a register, and who works for whom.

Several authorities and controllers exist from the first day: a city, a wellbeing services county, partners.

Handbook 2.1; Concepts.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.identifiers import BusinessId
from jalostamo.concepts.languages import Text


class OrganisationKind(StrEnum):
    """An organisation's kind decides what it may be: only the first three are authorities."""

    MUNICIPALITY = "municipality"
    WELLBEING_SERVICES_COUNTY = "wellbeing_services_county"
    STATE_AUTHORITY = "state_authority"
    PARTNER = "partner"


class OperatingModel(StrEnum):
    """An operating model says how a unit and the group's management share the refining of data (2.1, A to C)."""

    GROUP_ENABLES = "A"
    GROUP_SUPPORTS = "B"
    GROUP_ORIGINATES = "C"


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation is a legal person with which a city shares the care of customers."""

    id: str
    name: Text
    kind: OrganisationKind
    business_id: BusinessId | None = None

    @property
    def is_authority(self) -> bool:
        """Whether it exercises public power; a partner never does."""
        return self.kind is not OrganisationKind.PARTNER


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit is a part of one organisation: a branch, a service unit, the group's management."""

    id: str
    name: Text
    organisation: str
    operating_model: OperatingModel = OperatingModel.GROUP_SUPPORTS
    parent: str | None = None

    def __post_init__(self) -> None:
        if self.parent == self.id:
            raise Unfit(
                f"Unit '{self.id}' is its own parent: name the unit above it, or none.", reason="unit_own_parent"
            )


@dataclass(frozen=True, slots=True)
class Controller:
    """A controller is the organisation that answers for a register, for as long as it does.

    `until` is None while the responsibility lasts; ISO dates, both inclusive.
    """

    organisation: str
    since: str
    until: str | None = None

    def __post_init__(self) -> None:
        days = [self.since] if self.until is None else [self.since, self.until]
        if not all(_is_iso_day(day) for day in days) or days != sorted(days):
            raise Unfit(
                f"A controller '{self.organisation}' answers since one day, until the same or a later one: write YYYY-MM-DD.",
                reason="controller_days",
            )


def _is_iso_day(text: str) -> bool:
    try:
        return datetime.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False

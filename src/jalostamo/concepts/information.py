"""What kinds of information a source gives, and under which permits of others it may be used at all.

Handbook 3.1.2 (the kinds of information used in grouping, and those related to behaviour) and 2.6.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

from jalostamo.concepts.errors import Unfit


class InformationKind(StrEnum):
    """An information kind is one of the seven that a city's grouping of customers draws upon (3.1.2)."""

    OPERATING_ENVIRONMENT = "operating_environment"
    CITY_LEVEL = "city_level"
    BRANCH = "branch"
    NEEDS_OVER_LIFESPAN = "needs_over_lifespan"
    EXTERNAL = "external"
    STORED_AND_ANALYSED = "stored_and_analysed"
    QUALITATIVE_AND_TACIT = "qualitative_and_tacit"


class BehaviourKind(StrEnum):
    """A behaviour kind is one of the seven that tell of the use of services: who, when, what, by whom, why, and after (3.1.2)."""

    CUSTOMER = "customer"
    TRANSACTION = "transaction"
    SERVICE = "service"
    CUSTOMER_SERVICE = "customer_service"
    REASON = "reason"
    MEASURE = "measure"
    FEEDBACK = "feedback"


@dataclass(frozen=True, slots=True)
class OutsidePermit:
    """An outside permit is what another authority granted for a source: its number, its purpose, its last day (ISO)."""

    number: str
    purpose: str
    expires: str

    def __post_init__(self) -> None:
        if not self.number.strip() or not self.purpose.strip():
            raise Unfit("An outside permit has a number and a purpose.", reason="outside_permit")
        try:
            datetime.date.fromisoformat(self.expires)
        except ValueError:
            raise Unfit("An outside permit expires on a day: write YYYY-MM-DD.", reason="outside_permit") from None

    @property
    def last_day(self) -> datetime.date:
        """The last day on which it holds."""
        return datetime.date.fromisoformat(self.expires)

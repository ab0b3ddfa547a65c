"""The cast: one fictional person for each role of the handbook, the same in every demonstration and page.

None of them exists. Each has one staff id on both sides, so that duties are compared by person.

Handbook 2.4 and 2.6.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from jalostamo.concepts.roles import Role
from jalostamo.permits.people import Assignment


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the cast: a staff id, a name that nobody bears, a role, and the unit where she works."""

    staff_id: str
    name: str
    role: Role
    unit: str | None = None


CAST: Final = (
    Member("f-ini", "Fiktiivinen Inka Initiatiivi", Role.INITIATOR),
    Member("f-ana", "Fiktiivinen Anu Analyysi", Role.ANALYST, "group"),
    Member("f-prv", "Fiktiivinen Pirkko Privaatti", Role.PRIVACY_PERSON),
    Member("f-sec", "Fiktiivinen Sakari Suoja", Role.DATA_SECURITY_PERSON),
    Member("f-tec", "Fiktiivinen Teija Tekniikka", Role.TECHNICAL_DATA_SECURITY_PERSON),
    Member("f-brn", "Fiktiivinen Birgit Branschen", Role.BRANCH_MANAGER),
    Member("f-rsk", "Fiktiivinen Risto Riski", Role.RISK_MANAGER),
    Member("f-cty", "Fiktiivinen Stina Staden", Role.CITY_MANAGER),
    Member("f-own", "Fiktiivinen Outi Omistaja", Role.SOURCE_SYSTEM_OWNER),
    Member("f-sys", "Fiktiivinen Simo Systeemi", Role.SYSTEMS_EXPERT),
    Member("f-ano", "Fiktiivinen Aatos Anonymi", Role.ANONYMISATION_EXPERT),
    Member("f-val", "Fiktiivinen Valma Validointi", Role.VALIDATOR),
    Member("f-ch1", "Fiktiivinen Tarmo Tarkka", Role.OUTPUT_CHECKER),
    Member("f-ch2", "Fiktiivinen Greta Granskare", Role.OUTPUT_CHECKER),
    Member("f-pub", "Fiktiivinen Julia Julkaisu", Role.PUBLISHER),
    Member("f-ser", "Fiktiivinen Seija Service", Role.SERVICE_UNIT_READER),
    Member("f-sup", "Fiktiivinen Tuulia Tuki", Role.SUPPORT_FUNCTION_EXPERT),
    Member("f-out", "Fiktiivinen Ulla Ulkopuoli", Role.OUTSIDE_RESEARCHER),
    Member("f-aud", "Fiktiivinen Auli Auditointi", Role.AUDITOR),
    Member("f-adm", "Fiktiivinen Kalle Konehuone", Role.ADMINISTRATOR),
)

GRANTS, CONFIRMS = "f-hr", "f-board"
"""Who gives the cast its roles, and who confirms that: nobody of the cast."""


def holding(role: Role) -> Iterator[Member]:
    """The members of the cast who hold a role."""
    return (member for member in CAST if member.role is role)


def assignments(today: datetime.date) -> tuple[Assignment, ...]:
    """The roles of the cast, held for two years around a day."""
    year = datetime.timedelta(days=365)
    return tuple(
        Assignment(member.staff_id, member.role, today - year, today + year, GRANTS, CONFIRMS, unit=member.unit)
        for member in CAST
    )

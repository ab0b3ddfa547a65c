"""The people of the handbook as roles: who acts in which part of refining, and what each must be able to do.

A role is a duty in one case; what a person can do is a competence profile. Access rules are not here but in the permits.

Handbook 2.4 and 2.6.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from jalostamo.concepts.languages import Text


class Role(StrEnum):
    """A role is one person's duty in the handling of one analysis."""

    INITIATOR = "initiator"
    ANALYST = "analyst"
    PRIVACY_PERSON = "privacy_person"
    DATA_SECURITY_PERSON = "data_security_person"
    TECHNICAL_DATA_SECURITY_PERSON = "technical_data_security_person"
    BRANCH_MANAGER = "branch_manager"
    RISK_MANAGER = "risk_manager"
    CITY_MANAGER = "city_manager"
    SOURCE_SYSTEM_OWNER = "source_system_owner"
    SYSTEMS_EXPERT = "systems_expert"
    ANONYMISATION_EXPERT = "anonymisation_expert"
    VALIDATOR = "validator"
    OUTPUT_CHECKER = "output_checker"
    PUBLISHER = "publisher"
    SERVICE_UNIT_READER = "service_unit_reader"
    SUPPORT_FUNCTION_EXPERT = "support_function_expert"
    OUTSIDE_RESEARCHER = "outside_researcher"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class CompetenceProfile(StrEnum):
    """A competence profile is what a person is able to do; one person may have several."""

    SPONSOR = "sponsor"
    EXPERT = "expert"
    ANALYST = "analyst"
    VISUALISATION_EXPERT = "visualisation_expert"
    DATA_ARCHITECT = "data_architect"


class Environment(StrEnum):
    """An environment is one of the two wholes that usage rights keep apart."""

    SENSITIVE = "sensitive"
    NON_SENSITIVE = "non_sensitive"


@dataclass(frozen=True, slots=True)
class RoleDescription:
    """What a role is called, and in which of the two environments its duty lies."""

    role: Role
    title: Text
    environment: Environment


def _described(role: Role, titles: tuple[str, str, str], environment: Environment) -> RoleDescription:
    return RoleDescription(role, Text(*titles), environment)


_SENSITIVE = Environment.SENSITIVE
_NON_SENSITIVE = Environment.NON_SENSITIVE

ROLES: Final[tuple[RoleDescription, ...]] = (
    _described(Role.INITIATOR, ("Aloitteen tekijä", "Initiativtagare", "Initiator"), _NON_SENSITIVE),
    _described(Role.ANALYST, ("Analyytikko", "Analytiker", "Analyst"), _NON_SENSITIVE),
    _described(
        Role.PRIVACY_PERSON,
        ("Tietosuojasta vastaava", "Ansvarig för dataskydd", "Person responsible for privacy"),
        _NON_SENSITIVE,
    ),
    _described(
        Role.DATA_SECURITY_PERSON,
        ("Tietoturvavastaava", "Datasäkerhetsansvarig", "Person responsible for data security"),
        _NON_SENSITIVE,
    ),
    _described(
        Role.TECHNICAL_DATA_SECURITY_PERSON,
        (
            "Teknisen tietoturvan vastaava",
            "Ansvarig för teknisk datasäkerhet",
            "Person responsible for technical data security",
        ),
        _NON_SENSITIVE,
    ),
    _described(Role.BRANCH_MANAGER, ("Toimialajohtaja", "Sektordirektör", "Branch manager"), _NON_SENSITIVE),
    _described(Role.RISK_MANAGER, ("Riskienhallinnan edustaja", "Riskhanterare", "Risk manager"), _NON_SENSITIVE),
    _described(Role.CITY_MANAGER, ("Kaupunginjohtaja", "Stadsdirektör", "City manager"), _NON_SENSITIVE),
    _described(
        Role.SOURCE_SYSTEM_OWNER,
        ("Lähdejärjestelmän omistaja", "Källsystemets ägare", "Source-system owner"),
        _NON_SENSITIVE,
    ),
    _described(Role.SYSTEMS_EXPERT, ("Järjestelmäasiantuntija", "Systemexpert", "Systems expert"), _SENSITIVE),
    _described(
        Role.ANONYMISATION_EXPERT,
        ("Anonymisoinnin asiantuntija", "Anonymiseringsexpert", "Anonymisation expert"),
        _SENSITIVE,
    ),
    _described(Role.VALIDATOR, ("Validoija", "Validerare", "Validator"), _SENSITIVE),
    _described(Role.OUTPUT_CHECKER, ("Tulosten tarkastaja", "Resultatgranskare", "Output checker"), _NON_SENSITIVE),
    _described(Role.PUBLISHER, ("Julkaisija", "Publicerare", "Publisher"), _NON_SENSITIVE),
    _described(
        Role.SERVICE_UNIT_READER,
        ("Palveluyksikön lukija", "Läsare vid serviceenhet", "Service-unit reader"),
        _NON_SENSITIVE,
    ),
    _described(
        Role.SUPPORT_FUNCTION_EXPERT,
        ("Tukitoiminnon asiantuntija", "Expert i stödfunktion", "Support-function expert"),
        _NON_SENSITIVE,
    ),
    _described(
        Role.OUTSIDE_RESEARCHER, ("Ulkopuolinen tutkija", "Utomstående forskare", "Outside researcher"), _NON_SENSITIVE
    ),
    _described(Role.AUDITOR, ("Tarkastaja", "Revisor", "Auditor"), _NON_SENSITIVE),
    _described(Role.ADMINISTRATOR, ("Ylläpitäjä", "Administratör", "Administrator"), _NON_SENSITIVE),
)

"""The dated criteria of law: what each legal route allows, and when an impact assessment is needed.

They lie in `law.toml`, unconfirmed until a lawyer of the installation confirms them; what one source's own ground is, and
what follows for an order, is in `law`.

Handbook 2.6; 2.6, phase 3.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from importlib.resources import files
from itertools import combinations
from typing import Final

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import Text
from jalostamo.permits.contents import value_from, written
from jalostamo.permits.terms import DataSubjects, Level


class LegalRoute(StrEnum):
    """A legal route is the kind of ground on which a source may be used for refining; what it allows is dated data."""

    OWN_KNOWLEDGE_MANAGEMENT_SOCIAL_AND_HEALTH = "own_knowledge_management_social_and_health"
    OWN_KNOWLEDGE_MANAGEMENT = "own_knowledge_management"
    STATISTICS = "statistics"
    SCIENTIFIC_RESEARCH = "scientific_research"
    SOCIAL_AND_HEALTH_DATA_PERMIT = "social_and_health_data_permit"
    POPULATION_REGISTER_PERMIT = "population_register_permit"
    STATUTORY_DISCLOSURE = "statutory_disclosure"
    CONSENT = "consent"
    OPEN_DATA = "open_data"
    NOT_ESTABLISHED = "not_established"


class OutputLevel(StrEnum):
    """How far what comes out of a source may go: nowhere, as printed cells, to its controller's own use, to persons' rows."""

    NONE = "none"
    AGGREGATES_ONLY = "aggregates_only"
    OWN_KNOWLEDGE_MANAGEMENT = "own_knowledge_management"
    INDIVIDUAL_LEVEL = "individual_level"


class PurposeOfUse(StrEnum):
    """What a source is used for, where the law tells purposes apart."""

    KNOWLEDGE_MANAGEMENT = "knowledge_management"
    PLANNING_AND_REPORTING = "planning_and_reporting"
    STATISTICS = "statistics"
    SCIENTIFIC_RESEARCH = "scientific_research"
    DEVELOPMENT = "development"
    EDUCATION = "education"
    STEERING_AND_SUPERVISION = "steering_and_supervision"


class ImpactTrait(StrEnum):
    """A trait of processing that may call for an impact assessment whatever the level of risk."""

    PROFILING = "profiling"
    LARGE_SCALE_SPECIAL_CATEGORIES = "large_scale_special_categories"
    SYSTEMATIC_MONITORING = "systematic_monitoring"
    LOCATION = "location"
    BIOMETRIC_OR_GENETIC = "biometric_or_genetic"


@written
@dataclass(frozen=True, slots=True)
class RouteTerms:
    """What a legal route allows from one day until another, both inclusive, and who has confirmed that it is so.

    `discloses_to_others` says whether another authority than the controller may have the output by this route alone.
    """

    route: LegalRoute
    valid_from: date
    allowed_output: OutputLevel
    purposes: tuple[PurposeOfUse, ...]
    statute: Text
    needs_outside_permit: bool
    discloses_to_others: bool
    valid_until: date | None = None
    confirmed_by: str | None = None
    confirmed_on: date | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether a lawyer of this installation has confirmed it."""
        return bool(self.confirmed_by) and self.confirmed_on is not None


@written
@dataclass(frozen=True, slots=True)
class ImpactCriterion:
    """When an impact assessment is needed: at a level or above, with any of the subjects and all of the traits named."""

    name: str
    valid_from: date
    at_least: Level
    statute: Text
    subjects: tuple[DataSubjects, ...] = ()
    traits: tuple[ImpactTrait, ...] = ()
    valid_until: date | None = None
    confirmed_by: str | None = None
    confirmed_on: date | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether a lawyer of this installation has confirmed it."""
        return bool(self.confirmed_by) and self.confirmed_on is not None


@written
@dataclass(frozen=True, slots=True)
class LawBook:
    """The dated criteria of one installation; a route has at most one set of terms on any day."""

    routes: tuple[RouteTerms, ...]
    impact_criteria: tuple[ImpactCriterion, ...]

    def __post_init__(self) -> None:
        if any(one.route is other.route and _overlap(one, other) for one, other in combinations(self.routes, 2)):
            raise Unfit(
                "A legal route has two sets of terms on the same day: end one before the next.", reason="law_overlap"
            )


AS_SHIPPED: Final = value_from(
    LawBook, tomllib.loads(files("jalostamo.permits").joinpath("law.toml").read_text(encoding="utf-8"))
)
"""The criteria as they are shipped; none is confirmed."""


def route_on(route: LegalRoute, day: date, *, book: LawBook = AS_SHIPPED) -> RouteTerms | None:
    """What a route allows on a day, or None if it is no route then.

    >>> route_on(LegalRoute.STATISTICS, date(2026, 1, 1)).allowed_output
    <OutputLevel.AGGREGATES_ONLY: 'aggregates_only'>
    """
    return next((terms for terms in book.routes if terms.route is route and _in_force(terms, day)), None)


def impact_criteria_met(
    level: Level,
    subjects: Collection[DataSubjects],
    traits: Collection[ImpactTrait] = (),
    *,
    day: date,
    book: LawBook = AS_SHIPPED,
) -> tuple[ImpactCriterion, ...]:
    """By which criteria an impact assessment is needed on a day; unclear risk counts as moderate."""
    return tuple(
        criterion
        for criterion in book.impact_criteria
        if _in_force(criterion, day)
        and level.rank >= criterion.at_least.rank
        and (not criterion.subjects or set(criterion.subjects) & set(subjects))
        and set(criterion.traits) <= set(traits)
    )


def needs_impact_assessment(
    level: Level,
    subjects: Collection[DataSubjects],
    traits: Collection[ImpactTrait] = (),
    *,
    day: date,
    book: LawBook = AS_SHIPPED,
) -> bool:
    """Whether an impact assessment is needed before the decision.

    >>> needs_impact_assessment(Level.MODERATE, {DataSubjects.CHILDREN}, day=date(2026, 1, 1))
    True
    """
    return bool(impact_criteria_met(level, subjects, traits, day=day, book=book))


def said(day: date) -> Text:
    """A day as each language writes it.

    >>> said(date(2026, 1, 31)).fi
    '31.1.2026'
    """
    written_out = f"{day.day}.{day.month}.{day.year}"
    return Text(written_out, written_out, day.isoformat())


def _in_force(entry: RouteTerms | ImpactCriterion, day: date) -> bool:
    return entry.valid_from <= day <= (entry.valid_until or date.max)


def _overlap(one: RouteTerms, other: RouteTerms) -> bool:
    return _in_force(one, other.valid_from) or _in_force(other, one.valid_from)

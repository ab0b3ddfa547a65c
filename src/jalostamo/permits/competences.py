"""The five competence profiles: what each answers for in the six steps, which an initiative needs, and which are lacking.

A profile is what a person can do; what she may do in a case is her role, and never follows from a profile.

Handbook 2.4.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final

from jalostamo.concepts.languages import Text, text_from
from jalostamo.concepts.roles import CompetenceProfile
from jalostamo.permits.contents import written
from jalostamo.permits.steps import RefiningStep
from jalostamo.permits.terms import KindOfAnalysis


class Involvement(StrEnum):
    """How far a profile is involved in a step."""

    RESPONSIBLE = "responsible"
    TAKES_PART = "takes_part"
    CONSULTED = "consulted"
    INFORMED = "informed"


class MethodKind(StrEnum):
    """One of the four kinds of method of phase 7, from what happened to what should be done."""

    DESCRIPTIVE = "descriptive"
    DIAGNOSTIC = "diagnostic"
    PREDICTIVE = "predictive"
    RECOMMENDING = "recommending"


@written
@dataclass(frozen=True, slots=True)
class ProfileDescription:
    """What a competence profile is, in words that an organisation may make its own."""

    profile: CompetenceProfile
    description: Text


# `Any` is what TOML may hold; each entry is looked at as it is taken.
_READ: Final[Mapping[str, Any]] = tomllib.loads(
    files("jalostamo.permits").joinpath("competences.toml").read_text(encoding="utf-8")
)

DESCRIPTIONS: Final[tuple[ProfileDescription, ...]] = tuple(
    ProfileDescription(profile, text_from(_READ["description"][profile.value], place=f"competences.toml, {profile}"))
    for profile in CompetenceProfile
)
"""The profiles as the handbook describes them."""

RESPONSIBILITIES: Final[Mapping[tuple[CompetenceProfile, RefiningStep], Involvement]] = {
    (profile, step): Involvement(involvement)
    for profile in CompetenceProfile
    for step, involvement in zip(RefiningStep, _READ["responsibility"][profile.value], strict=True)
}
"""The matrix of areas of responsibility: every profile in every step of refining."""


def descriptions_with(own: Iterable[ProfileDescription]) -> tuple[ProfileDescription, ...]:
    """All profiles, with an organisation's own descriptions in place of the handbook's; the last one of a profile holds."""
    worded = {described.profile: described for described in (*DESCRIPTIONS, *own)}
    return tuple(worded[profile] for profile in CompetenceProfile)


def responsible_in(step: RefiningStep) -> CompetenceProfile:
    """The one profile that is responsible in a step.

    >>> responsible_in(RefiningStep.PREPARING_INFORMATION)
    <CompetenceProfile.DATA_ARCHITECT: 'data_architect'>
    """
    return next(profile for profile in CompetenceProfile if RESPONSIBILITIES[profile, step] is Involvement.RESPONSIBLE)


def profiles_needed(kind: KindOfAnalysis, methods: Collection[MethodKind] = ()) -> tuple[CompetenceProfile, ...]:
    """Which profiles an initiative of this kind needs, by these methods."""
    needed = _READ["needed"]
    named = {*needed["always"], *needed["by_kind"][kind.value]}
    named |= {profile for method in methods for profile in needed["by_method"][method.value]}
    return tuple(profile for profile in CompetenceProfile if profile.value in named)


def gaps(
    needed: Iterable[CompetenceProfile], held: Iterable[Collection[CompetenceProfile]]
) -> tuple[CompetenceProfile, ...]:
    """Which needed profiles nobody has; `held` is what each person has, and one person may have several.

    >>> gaps([CompetenceProfile.EXPERT, CompetenceProfile.ANALYST], [{CompetenceProfile.EXPERT}])
    (<CompetenceProfile.ANALYST: 'analyst'>,)
    """
    present = {profile for person in held for profile in person}
    lacking = set(needed) - present
    return tuple(profile for profile in CompetenceProfile if profile in lacking)

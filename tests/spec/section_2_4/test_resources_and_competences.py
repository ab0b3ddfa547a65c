"""Handbook 2.4, Resources and competences."""

from __future__ import annotations

import pytest

from jalostamo.concepts.roles import CompetenceProfile
from jalostamo.permits.competences import MethodKind, gaps, profiles_needed, responsible_in
from jalostamo.permits.steps import RefiningStep
from jalostamo.permits.terms import KindOfAnalysis, title_of


@pytest.mark.requirement("S24-01")
def test_there_are_five_competence_profiles() -> None:
    """Sponsor or leader, expert, analyst or scientist, visualisation expert, data architect or technical expert."""
    assert [title_of(profile).en for profile in CompetenceProfile] == [
        "sponsor or leader of analytics",
        "data and analytics expert",
        "data analyst or data scientist",
        "visualisation expert",
        "data architect or technical expert",
    ]


@pytest.mark.requirement("S24-01", "S24-09")
def test_one_person_may_have_several_profiles() -> None:
    """A small town whose two people have all five profiles between them lacks nothing."""
    first = {CompetenceProfile.SPONSOR, CompetenceProfile.EXPERT, CompetenceProfile.VISUALISATION_EXPERT}
    second = {CompetenceProfile.ANALYST, CompetenceProfile.DATA_ARCHITECT}
    assert gaps(CompetenceProfile, [first, second]) == ()


@pytest.mark.requirement("S24-03")
@pytest.mark.parametrize(
    ("step", "profile"),
    [
        (RefiningStep.BUSINESS_AIM, CompetenceProfile.SPONSOR),
        (RefiningStep.NEED_FOR_INFORMATION, CompetenceProfile.EXPERT),
        (RefiningStep.PREPARING_INFORMATION, CompetenceProfile.DATA_ARCHITECT),
        (RefiningStep.MODELLING_AND_ANALYSIS, CompetenceProfile.ANALYST),
        (RefiningStep.UNDERSTANDING_AND_ASSESSMENT, CompetenceProfile.EXPERT),
        (RefiningStep.UTILISING_INFORMATION, CompetenceProfile.SPONSOR),
    ],
)
def test_each_step_has_someone_who_answers_for_it(step: RefiningStep, profile: CompetenceProfile) -> None:
    """The expert fits needs and methods together, the architect prepares data, the scientist answers for the models."""
    assert responsible_in(step) is profile


@pytest.mark.requirement("S24-09")
def test_a_town_without_a_scientist_is_told_so_before_it_predicts() -> None:
    """A predictive analysis needs an analyst or scientist; where nobody is one, that profile is listed as lacking."""
    needed = profiles_needed(KindOfAnalysis.ONE_OFF, [MethodKind.PREDICTIVE])
    held = [{CompetenceProfile.EXPERT}, {CompetenceProfile.DATA_ARCHITECT, CompetenceProfile.SPONSOR}]
    assert gaps(needed, held) == (CompetenceProfile.ANALYST,)

"""Competence profiles: their descriptions, their areas of responsibility, what an initiative needs and lacks."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalostamo.concepts.languages import LANGUAGES, Text
from jalostamo.concepts.roles import CompetenceProfile
from jalostamo.permits.competences import (
    DESCRIPTIONS,
    RESPONSIBILITIES,
    Involvement,
    MethodKind,
    ProfileDescription,
    descriptions_with,
    gaps,
    profiles_needed,
    responsible_in,
)
from jalostamo.permits.contents import content_of, value_from
from jalostamo.permits.steps import RefiningStep
from jalostamo.permits.terms import KindOfAnalysis, title_of

PROFILES = st.frozensets(st.sampled_from(CompetenceProfile))


@pytest.mark.requirement("S24-03")
def test_the_matrix_has_every_profile_in_every_step() -> None:
    assert set(RESPONSIBILITIES) == {(profile, step) for profile in CompetenceProfile for step in RefiningStep}


@pytest.mark.requirement("S24-03")
@pytest.mark.parametrize("step", RefiningStep)
def test_exactly_one_profile_is_responsible_in_a_step(step: RefiningStep) -> None:
    responsible = [p for p in CompetenceProfile if RESPONSIBILITIES[p, step] is Involvement.RESPONSIBLE]
    assert responsible == [responsible_in(step)]


@pytest.mark.requirement("S24-02")
def test_descriptions_are_trilingual() -> None:
    assert [described.profile for described in DESCRIPTIONS] == list(CompetenceProfile)
    for described in DESCRIPTIONS:
        assert len({described.description.in_language(language) for language in LANGUAGES}) == len(LANGUAGES)


@pytest.mark.requirement("S24-02")
def test_an_organisation_words_its_own_description_and_keeps_the_others() -> None:
    own = ProfileDescription(CompetenceProfile.EXPERT, Text("Oma kuvaus.", "Egen beskrivning.", "Our own words."))
    worded = descriptions_with([own])
    assert own in worded
    assert [d for d in worded if d != own] == [d for d in DESCRIPTIONS if d.profile is not CompetenceProfile.EXPERT]
    assert value_from(ProfileDescription, content_of(own)) == own


@pytest.mark.requirement("S24-09")
@given(PROFILES, st.lists(PROFILES, max_size=4))
def test_gaps_are_what_is_needed_and_nobody_has(
    needed: frozenset[CompetenceProfile], held: list[frozenset[CompetenceProfile]]
) -> None:
    lacking = gaps(needed, held)
    assert set(lacking) <= needed
    assert all((profile in lacking) == all(profile not in person for person in held) for profile in needed)


@pytest.mark.parametrize("kind", KindOfAnalysis)
def test_every_initiative_needs_an_expert_and_an_architect(kind: KindOfAnalysis) -> None:
    assert {CompetenceProfile.EXPERT, CompetenceProfile.DATA_ARCHITECT} <= set(profiles_needed(kind))


@pytest.mark.parametrize("method", [MethodKind.DIAGNOSTIC, MethodKind.PREDICTIVE, MethodKind.RECOMMENDING])
def test_models_need_someone_responsible_for_them(method: MethodKind) -> None:
    needed = profiles_needed(KindOfAnalysis.ONE_OFF, [method])
    assert CompetenceProfile.ANALYST in needed
    assert CompetenceProfile.ANALYST not in profiles_needed(KindOfAnalysis.ONE_OFF, [MethodKind.DESCRIPTIVE])


@pytest.mark.parametrize("kind", KindOfAnalysis)
@given(methods=st.sets(st.sampled_from(MethodKind)), more=st.sampled_from(MethodKind))
def test_one_more_method_never_needs_fewer_profiles(
    kind: KindOfAnalysis, methods: set[MethodKind], more: MethodKind
) -> None:
    assert set(profiles_needed(kind, methods)) <= set(profiles_needed(kind, {*methods, more}))


def test_the_lists_of_needs_name_profiles_that_exist() -> None:
    kept = files("jalostamo.permits").joinpath("competences.toml").read_text(encoding="utf-8")
    assert set(_names(tomllib.loads(kept)["needed"])) <= {profile.value for profile in CompetenceProfile}


@pytest.mark.parametrize("closed_list", [CompetenceProfile, Involvement, MethodKind])
def test_every_entry_of_a_closed_list_has_a_title(closed_list: type[MethodKind]) -> None:
    assert len({title_of(member).sv for member in closed_list}) == len(closed_list)


def _names(read: object) -> Iterator[str]:
    if isinstance(read, dict):
        for entry in read.values():
            yield from _names(entry)
    elif isinstance(read, list):
        yield from read

"""Handbook 2.2, The process of refining data."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.jalostamo.permits.test_descriptions import DESCRIBED, codes_of

from jalostamo.concepts.organisations import OperatingModel
from jalostamo.permits.describing import objections_to_describing, unused_fields
from jalostamo.permits.descriptions import Approach
from jalostamo.permits.ideas import Idea, Origin, objections_to_proposing
from jalostamo.permits.steps import STEPS, Party
from jalostamo.permits.terms import title_of


def objected(**changed: object) -> list[str]:
    return codes_of(objections_to_describing(replace(DESCRIBED, **changed)))


@pytest.mark.requirement("S22-01")
def test_refining_goes_in_six_steps() -> None:
    """From the business aim to its use in decisions, each step has those who act, an aim, and tasks."""
    assert [title_of(each.step).en for each in STEPS] == [
        "Business aim and understanding",
        "Understanding the need for information",
        "Preparing the information",
        "Modelling and analysis",
        "Understanding and assessment",
        "Utilising information",
    ]


@pytest.mark.requirement("S22-01")
def test_the_data_team_prepares_and_the_analysis_team_is_asked() -> None:
    """Those who analyse retrieve, combine and anonymise nothing: in the third step they only give advice."""
    preparing = STEPS[2]
    assert preparing.act == (Party.DATA_TEAM,)
    assert preparing.consulted == (Party.ANALYSIS_TEAM,)


@pytest.mark.requirement("S22-02")
@pytest.mark.parametrize("model", [OperatingModel.GROUP_ENABLES, OperatingModel.GROUP_SUPPORTS])
def test_refining_always_starts_from_a_need(model: OperatingModel) -> None:
    """An analysis without a need, or with a need that is nobody's, goes no further."""
    assert objected(need="", operating_model=model) == ["describing_need"]
    assert objected(need_owner=None, operating_model=model) == ["describing_need_owner"]


@pytest.mark.requirement("S21-05", "S22-02")
def test_only_the_data_centric_model_starts_from_the_data() -> None:
    """In model C ideas are born out of the data, so an idea and a description may be there before their need."""
    nothing = {"need": "", "need_owner": None, "business_aim": ""}
    assert objected(**nothing, operating_model=OperatingModel.GROUP_ORIGINATES) == []
    idea = Idea("i-1", "Paths", "A path nobody asked about.", Origin.GROUP, OperatingModel.GROUP_ORIGINATES, "", "p-01")
    assert objections_to_proposing(idea) == ()
    assert codes_of(objections_to_proposing(replace(idea, operating_model=OperatingModel.GROUP_SUPPORTS))) == [
        "idea_need"
    ]


@pytest.mark.requirement("S22-03")
@pytest.mark.parametrize("model", OperatingModel)
@pytest.mark.parametrize("origin", Origin)
def test_a_need_from_anywhere_is_tied_to_an_aim(origin: Origin, model: OperatingModel) -> None:
    """A need may come from within or from an interest group; once stated, it serves an aim, in model C too."""
    assert objected(origin=origin, operating_model=model) == []
    assert objected(origin=origin, operating_model=model, business_aim="") == ["describing_business_aim"]


@pytest.mark.requirement("S22-04")
@pytest.mark.parametrize("approach", Approach)
def test_questions_are_stated_before_data_is_asked_for(approach: Approach) -> None:
    """Whatever the approach, at least one business question stands at the beginning."""
    assert "describing_questions" in objected(approach=approach, questions=())


@pytest.mark.requirement("S22-14")
def test_an_analysis_says_how_it_sets_out() -> None:
    """From hypotheses, by experiment, or both: only experiment alone may begin without a hypothesis."""
    assert objected(approach=None) == ["describing_approach"]
    without = {approach: objected(approach=approach, hypotheses=()) for approach in Approach}
    assert [approach for approach, found in without.items() if not found] == [Approach.EXPERIMENTAL]


@pytest.mark.requirement("S22-06")
def test_data_is_derived_from_hypotheses() -> None:
    """A field that no hypothesis needs is not asked for; the codes by which registers are joined need none."""
    idle = replace(DESCRIBED, hypotheses=(replace(DESCRIBED.hypotheses[0], variables=DESCRIBED.sources[0].analysed),))
    assert unused_fields(DESCRIBED) == ()
    assert unused_fields(idle) == ("population.persons.native_language",)
    assert codes_of(objections_to_describing(idle)) == ["describing_field_unused"]

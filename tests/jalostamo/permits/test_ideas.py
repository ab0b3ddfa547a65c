"""The backlog of ideas: what an idea needs to stand in it, and which status may follow which."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from tests.jalostamo.permits.test_descriptions import codes_of

from jalostamo.concepts.errors import Refused
from jalostamo.concepts.organisations import OperatingModel
from jalostamo.permits.contents import content_of, value_from
from jalostamo.permits.ideas import (
    IDEA_TRANSITIONS,
    Idea,
    IdeaStatus,
    Origin,
    ideas_from,
    moved,
    objections_to_moving,
    objections_to_proposing,
)
from jalostamo.permits.terms import title_of

IDEA = Idea(
    "i-1",
    name="Earlier help",
    text="Find the services that come before placement.",
    origin=Origin.UNIT,
    operating_model=OperatingModel.GROUP_SUPPORTS,
    need="Placements have grown.",
    proposed_by="p-01",
    handed_to="family_services",
    method="A family coach calls.",
    reason="Already studied.",
    outcome="Family coaching began.",
)
FOLLOWING = {
    ("proposed", "accepted"),
    ("proposed", "refused"),
    ("accepted", "under_way"),
    ("accepted", "refused"),
    ("under_way", "done"),
    ("under_way", "refused"),
}


def test_a_whole_idea_stands_in_the_backlog() -> None:
    assert objections_to_proposing(IDEA) == ()


@pytest.mark.parametrize(
    ("entry", "empty", "code"),
    [
        ("name", " ", "idea_unnamed"),
        ("text", "", "idea_empty"),
        ("origin", None, "idea_origin"),
        ("operating_model", None, "idea_operating_model"),
        ("need", "", "idea_need"),
        ("proposed_by", None, "idea_proposer"),
    ],
)
def test_what_an_idea_lacks_is_asked_for(entry: str, empty: object, code: str) -> None:
    assert codes_of(objections_to_proposing(replace(IDEA, **{entry: empty}))) == [code]


def test_a_draft_of_an_idea_can_be_written_and_read_back() -> None:
    assert value_from(Idea, content_of(Idea("i-2"))) == Idea("i-2")
    assert value_from(Idea, content_of(IDEA)) == IDEA


def test_the_transitions_name_every_status() -> None:
    assert set(IDEA_TRANSITIONS) == set(IdeaStatus)


@pytest.mark.parametrize(("now", "then"), list(product(IdeaStatus, IdeaStatus)))
def test_a_status_follows_only_those_of_the_table(now: IdeaStatus, then: IdeaStatus) -> None:
    found = codes_of(objections_to_moving(replace(IDEA, status=now), then))
    assert found == ([] if (now.value, then.value) in FOLLOWING else ["idea_status"])


@pytest.mark.requirement("S21-07")
@pytest.mark.parametrize("now", [IdeaStatus.PROPOSED, IdeaStatus.ACCEPTED, IdeaStatus.UNDER_WAY])
def test_no_idea_is_refused_without_a_reason(now: IdeaStatus) -> None:
    silent = replace(IDEA, status=now, reason=" ")
    with pytest.raises(Refused) as refusal:
        moved(silent, IdeaStatus.REFUSED)
    assert codes_of(refusal.value.objections) == ["idea_refusal_reason"]


def test_a_refused_idea_keeps_its_reason() -> None:
    refused = moved(IDEA, IdeaStatus.REFUSED)
    assert (refused.status, refused.reason) == (IdeaStatus.REFUSED, IDEA.reason)


@pytest.mark.requirement("S21-07")
def test_an_idea_is_done_once_it_is_said_what_came_of_it() -> None:
    under_way = replace(IDEA, status=IdeaStatus.UNDER_WAY)
    assert codes_of(objections_to_moving(replace(under_way, outcome=""), IdeaStatus.DONE)) == ["idea_outcome"]
    assert moved(under_way, IdeaStatus.DONE).status is IdeaStatus.DONE


def test_an_idea_that_is_not_whole_is_not_accepted() -> None:
    assert codes_of(objections_to_moving(replace(IDEA, text=""), IdeaStatus.ACCEPTED)) == ["idea_empty"]


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (OperatingModel.GROUP_ENABLES, []),
        (OperatingModel.GROUP_SUPPORTS, []),
        (OperatingModel.GROUP_ORIGINATES, ["idea_unit", "idea_method"]),
    ],
)
def test_the_unit_devises_the_method_of_what_the_group_originates(model: OperatingModel, expected: list[str]) -> None:
    accepted = replace(IDEA, operating_model=model, status=IdeaStatus.ACCEPTED, handed_to=None, method="")
    assert codes_of(objections_to_moving(accepted, IdeaStatus.UNDER_WAY)) == expected


def test_what_the_group_originates_goes_on_with_a_unit_and_its_method() -> None:
    born_of_data = replace(IDEA, operating_model=OperatingModel.GROUP_ORIGINATES, status=IdeaStatus.ACCEPTED)
    assert moved(born_of_data, IdeaStatus.UNDER_WAY).status is IdeaStatus.UNDER_WAY


@pytest.mark.requirement("S21-06")
@pytest.mark.parametrize("origin", Origin)
def test_ideas_are_found_by_their_origin(origin: Origin) -> None:
    backlog = [replace(IDEA, id=each.value, origin=each) for each in Origin] + [Idea("unsaid")]
    assert [idea.id for idea in ideas_from(backlog, origin)] == [origin.value]


def test_every_word_has_a_title() -> None:
    assert all(title_of(each).en for each in (*Origin, *IdeaStatus))

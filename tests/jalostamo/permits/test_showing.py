"""What a checker sees: not the other's clearance before both are in, but every release that went before."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.jalostamo.permits.cases import PUBLICATION, RESULT, START, Kind, opening_of, papers_for
from tests.jalostamo.permits.exploring import ROWS_OF

from jalostamo.concepts.roles import Role
from jalostamo.permits.applying import opened
from jalostamo.permits.events import Event, append, open_case
from jalostamo.permits.initiative import Initiative, Publication, Run
from jalostamo.permits.machines import Machine, PermitState, PublicationState, RunState
from jalostamo.permits.moves import Command
from jalostamo.permits.people import Actor
from jalostamo.permits.performing import perform
from jalostamo.permits.showing import as_shown_to, earlier_releases
from jalostamo.permits.signing import Ed25519Signer
from jalostamo.permits.terms import DataClass, Lane, Level
from jalostamo.permits.work_papers import Clearance, OutputKind

pytestmark = pytest.mark.requirement("S26-18")
KIND = Kind(Level.HIGH, Lane.ROWS, DataClass.PSEUDONYMISED_WITH_KEY, output=OutputKind.MICRODATA)


def being_cleared(signer: Ed25519Signer) -> tuple[list[Event], Initiative]:
    """A case whose microdata waits for its checkers."""
    event, initiative = open_case(
        "case-1", opening_of(KIND), by=Actor("initiator", Role.INITIATOR), at=START, signer=signer
    )
    done = replace(initiative, runs=(Run("run-1", RunState.FINISHED, results=(RESULT,)),))
    (row,) = (row for row in ROWS_OF[Machine.PUBLICATION] if row.command == "draft_publication")
    draft = papers_for(KIND, done, row, subject=PUBLICATION, at=START)[0]
    made = Publication(PUBLICATION, PublicationState.CLEARING, draft=draft)
    return [event], replace(done, state=PermitState.ANALYSIS, publications=(made,))


def cleared_by(
    person: str, remarks: str, initiative: Initiative, events: list[Event], signer: Ed25519Signer
) -> Initiative:
    command = Command(
        "clear_microdata", (Actor(person, Role.OUTPUT_CHECKER),), Clearance((RESULT,), remarks), PUBLICATION
    )
    event, after = append(initiative, perform(initiative, command, at=START), signer=signer)
    events.append(event)
    return after


def test_the_second_checker_does_not_see_the_first_ones_remarks() -> None:
    signer = Ed25519Signer.new("town")
    events, initiative = being_cleared(signer)
    cleared_by("checker_1", "Row 7 of the sample looks odd.", initiative, events, signer)
    assert as_shown_to("checker_2", events)[-1].content == {}
    assert as_shown_to("checker_1", events)[-1].content["remarks"]


def test_when_both_are_in_each_sees_the_other() -> None:
    signer = Ed25519Signer.new("town")
    events, initiative = being_cleared(signer)
    between = cleared_by("checker_1", "Row 7 of the sample looks odd.", initiative, events, signer)
    after = cleared_by("checker_2", "", between, events, signer)
    assert after.publications[0].clearances == 2
    assert all(event.content for event in as_shown_to("checker_2", events)[1:])


def test_earlier_releases_are_in_view() -> None:
    made = tuple(
        Publication(name, state, cleared=cleared)
        for name, state, cleared in (
            ("p-1", PublicationState.IN_USE, (RESULT,)),
            ("p-2", PublicationState.REPORTING, ()),
            (PUBLICATION, PublicationState.CLEARING, ()),
        )
    )
    initiative = replace(opened("case-1", opening_of(KIND), at=START), publications=made)
    assert list(earlier_releases(initiative, PUBLICATION)) == [("p-1", (RESULT,))]

"""Cases that follow others: amended, renewed, or taken up again after an appeal, and always as a new linked case."""

from __future__ import annotations

import datetime

import pytest
from tests.jalostamo.permits.cases import DIGEST, opening_of
from tests.jalostamo.permits.walking import LOW, MODERATE, SIGNER, VERIFIER, Player, head_of

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.concepts.roles import Role
from jalostamo.permits.decisions import AppealOutcome, AppealResult
from jalostamo.permits.events import open_case, replay
from jalostamo.permits.initiative import Initiative, Link, LinkKind, Opening
from jalostamo.permits.machines import PermitState
from jalostamo.permits.moves import Command
from jalostamo.permits.papers import AppealOutcomePaper, SuccessorPermitted
from jalostamo.permits.people import Actor, Automaton, automaton
from jalostamo.permits.standing import ends_on
from jalostamo.permits.successors import link_to, objections_to_following

DAY = datetime.timedelta(days=1)


def codes(objections: tuple[Objection, ...]) -> list[str]:
    """The codes of objections, in their order."""
    return [getattr(said, "code", "") for said in objections]


def noon(day: datetime.date) -> datetime.datetime:
    """Noon of a day, in Greenwich: the same day in Helsinki."""
    return datetime.datetime.combine(day, datetime.time(12), datetime.UTC)


def last_day(initiative: Initiative) -> datetime.date:
    """The last day of its permit."""
    last = ends_on(initiative)
    assert last is not None
    return last


def following(case: Player, kind: LinkKind, day: datetime.date | None = None) -> list[str]:
    """Why no such case can follow it on that day."""
    at = case.at if day is None else noon(day)
    return codes(objections_to_following(case.initiative, kind, at=at))


# --- Amending --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("until", ["confirm_low", "order_run", "open_review", "start_analysis"])
def test_a_permit_in_force_can_be_amended(until: str) -> None:
    """At every phase after the decision."""
    assert following(Player(LOW).until(until), LinkKind.AMENDMENT) == []


def test_what_is_not_in_force_is_not_amended() -> None:
    """Not a draft, not what is suspended, and not after the last day."""
    assert following(Player(LOW).until("describe"), LinkKind.AMENDMENT) == ["permit_not_in_force"]
    case = Player(LOW).until("start_analysis")
    last = last_day(case.initiative)
    assert following(case, LinkKind.AMENDMENT, last) == []
    assert following(case, LinkKind.AMENDMENT, last + DAY) == ["permit_not_in_force"]
    assert following(case.give("suspend"), LinkKind.AMENDMENT) == ["permit_not_in_force"]


# --- Renewing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_noted", [True, False], ids=["the_end_was_noted", "nobody_noted_the_end"])
def test_a_permit_is_renewed_until_sixty_days_after_its_last_day(is_noted: bool) -> None:  # noqa: FBT001
    """As long as its data may still be there, and not a day longer; whether or not a scheduler has run."""
    case = Player(LOW).until("start_analysis")
    last = last_day(case.initiative)
    case.at = noon(last + DAY)
    if is_noted:
        case.give("expire")
    for day in (last + DAY, last + 59 * DAY, last + 60 * DAY):
        assert following(case, LinkKind.RENEWAL, day) == []
    for day in (last + 61 * DAY, last + 1000 * DAY):
        assert following(case, LinkKind.RENEWAL, day) == ["renewal_too_late"]


def test_a_permit_in_force_can_be_renewed_before_it_ends() -> None:
    """So that nothing has to stop in between."""
    case = Player(MODERATE).until("start_analysis")
    assert following(case, LinkKind.RENEWAL, last_day(case.initiative)) == []


def test_a_case_without_a_permit_is_not_renewed() -> None:
    """Neither before its decision, nor withdrawn before it, nor after a rescoping took the decision away."""
    rescoped = Player(LOW).until("open_review").give("rescope").give("withdraw")
    assert following(rescoped, LinkKind.RENEWAL) == ["nothing_to_renew"]
    case = Player(LOW).until("submit_assessment")
    assert following(case, LinkKind.RENEWAL) == ["nothing_to_renew"]
    assert following(case.give("withdraw"), LinkKind.RENEWAL) == ["nothing_to_renew"]


def test_the_day_of_the_sentence_is_the_last_one_on_which_renewing_was_possible() -> None:
    """Whoever comes too late is told by how much."""
    case = Player(LOW).until("start_analysis")
    last = last_day(case.initiative)
    (said,) = objections_to_following(case.initiative, LinkKind.RENEWAL, at=noon(last + 61 * DAY))
    assert str(last + 60 * DAY) in said.sentence


# --- After an appeal -------------------------------------------------------------------------------------------------


def appealed(result: AppealResult | None) -> Player:
    """A case that was appealed against, with what became of it."""
    case = Player(LOW).until("confirm_low").wait(days=5).give("record_appeal").wait(days=30)
    if result is not None:
        day = case.initiative.local_day(case.at)
        case.give("record_appeal_outcome", content=AppealOutcomePaper(AppealOutcome(result, day, DIGEST)))
    return case


@pytest.mark.parametrize("result", AppealResult)
def test_a_new_case_follows_an_appeal_that_succeeded(result: AppealResult) -> None:
    """In full or in part; and none follows one that was dismissed."""
    wanted = ["appeal_not_upheld"] if result is AppealResult.DISMISSED else []
    assert following(appealed(result), LinkKind.AFTER_APPEAL) == wanted


def test_no_case_follows_an_appeal_that_is_open_or_was_never_made() -> None:
    """The outcome has to be there."""
    assert following(appealed(None), LinkKind.AFTER_APPEAL) == ["appeal_not_upheld"]
    assert following(Player(LOW).until("confirm_low"), LinkKind.AFTER_APPEAL) == ["appeal_not_upheld"]


def test_one_appeal_has_one_outcome() -> None:
    """What was dismissed does not become upheld by another record."""
    case = appealed(AppealResult.DISMISSED)
    with pytest.raises(Refused) as caught:
        case.give("record_appeal_outcome")
    assert codes(caught.value.objections) == ["no_open_appeal"]


# --- The link --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", LinkKind)
def test_a_following_case_names_the_older_one_as_it_stood(kind: LinkKind) -> None:
    """By its name and the digest of its last event; the link is in the opening, and so in every replay."""
    old = Player(LOW).until("start_analysis")
    link = link_to(old.initiative, kind)
    assert link == Link("case-1", kind, head_of(tuple(old.events))[1])
    opening = opening_of(LOW)
    by = Actor("initiator", Role.INITIATOR)
    event, made = open_case("case-2", Opening(opening.settings, opening.people, link), by=by, at=old.at, signer=SIGNER)
    assert replay([event], verifier=VERIFIER) == made
    assert (made.link, made.state, made.decided) == (link, PermitState.DRAFT, None)


def test_an_older_case_is_closed_once_its_successor_is_permitted() -> None:
    """By the process, with the event of the new permit; what came before is not changed."""
    old, new = Player(LOW).until("start_analysis"), Player(LOW, case="case-2").until("confirm_low")
    before = list(old.events)
    paper = SuccessorPermitted("case-2", new.events[-1].digest)
    old.do(Command("supersede", (automaton(Automaton.PROCESS),), paper))
    assert old.initiative.state is PermitState.CLOSED
    assert old.events[:-1] == before


@pytest.mark.parametrize("paper", [SuccessorPermitted("case-1", DIGEST), SuccessorPermitted("case-2", "no digest")])
def test_a_case_is_not_its_own_successor_nor_that_of_an_event_that_is_none(paper: SuccessorPermitted) -> None:
    """It names another case, and the event by which that one was permitted."""
    with pytest.raises(Refused) as caught:
        Player(LOW).until("start_analysis").do(Command("supersede", (automaton(Automaton.PROCESS),), paper))
    assert codes(caught.value.objections) == ["successor_unnamed"]

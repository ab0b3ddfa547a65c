"""Orders: what a permit lets the closed room do, and everything by which the closed room would refuse one."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, replace

import pytest
from tests.jalostamo.permits.cases import DIGEST, REGISTER, RUN, WHY, law_of, opening_of
from tests.jalostamo.permits.walking import (
    HIGH,
    KINDS,
    LOW,
    MODERATE,
    STRANGER,
    VERIFIER,
    Player,
    head_of,
    preparing,
    signed_anew,
)

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.concepts.roles import Role
from jalostamo.permits.contents import content_of, value_from
from jalostamo.permits.law import OutsidePermit, PurposeOfUse, SourceLaw
from jalostamo.permits.machines import PermitState
from jalostamo.permits.moves import Command
from jalostamo.permits.orders import Order, objections_to, order_of
from jalostamo.permits.papers import AccessGranted, Reasoned
from jalostamo.permits.people import Actor, Automaton, automaton
from jalostamo.permits.performing import objections_to as objections_to_command
from jalostamo.permits.settings import MoreSignature, Settings
from jalostamo.permits.standing import ends_on, may_analyse
from jalostamo.permits.terms import DataClass, Lane
from jalostamo.permits.work_papers import AdHocQuestion, RunKind, RunOrdered

DAY = datetime.timedelta(days=1)
BY_DATA_SECURITY = (Actor("data_security_person", Role.DATA_SECURITY_PERSON),)


def codes(objections: tuple[Objection, ...]) -> list[str]:
    """The codes of objections, in their order."""
    return [getattr(said, "code", "") for said in objections]


def ordered(case: Player, run: str = RUN) -> Order:
    """The order of a run, as the case allows it."""
    return order_of(case.events, run, verifier=VERIFIER)


def refusal(case: Player, order: Order, *, head: tuple[int, str] | None = None) -> list[str]:
    """Why the closed room would not carry out an order now."""
    return codes(objections_to(order, case.events, verifier=VERIFIER, at=case.at, head=head))


# --- What is obeyed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KINDS)
def test_the_order_of_a_permit_in_force_is_obeyed_until_its_run_is_prepared(name: str) -> None:
    """From the moment it was given, through picking, transfer and preparing; and then no more."""
    kind = KINDS[name]
    case = Player(kind).until("order_run")
    order = ordered(case)
    assert refusal(case, order, head=head_of(tuple(case.events))) == []
    for command, subject, pick in preparing(kind, RUN):
        assert refusal(case, order) == [], command
        case.give(command, subject, pick=pick)
    assert refusal(case, order) == ["order_done"]


def test_an_order_says_all_that_the_closed_room_needs() -> None:
    """Which fields of which source by which law, for whom, until when, and when its data is gone."""
    case = Player(HIGH).until("order_run")
    order, decided = ordered(case), case.initiative.decided
    assert decided is not None
    assert (order.permit, order.run, order.kind) == ("case-1", RUN, RunKind.FIRST)
    assert (order.number, order.head) == (case.events[-1].number, case.events[-1].digest)
    assert [(source.register, source.fields) for source in order.sources] == [
        (REGISTER, ("spells.began", "spells.identity_code"))
    ]
    assert order.sources[0].law == law_of(REGISTER)
    assert (order.lane, order.data_class, order.users) == (Lane.ROWS, DataClass.ROW_LEVEL_KEY_DESTROYED, ("analyst",))
    assert order.expires == decided.valid_until
    assert order.destroy_by == decided.valid_until + 60 * DAY


def test_an_order_that_went_through_json_is_the_same_order() -> None:
    """And what is no order is refused, with the places of what is wrong in it."""
    case = Player(HIGH).until("order_run")
    order = ordered(case)
    told = json.loads(json.dumps(content_of(order)))
    assert value_from(Order, told) == order
    for wrong in ({**told, "more": 1}, {**told, "users": "analyst"}, {**told, "expires": "tomorrow"}, None, [told]):
        with pytest.raises(Refused):
            value_from(Order, wrong)


def test_a_rerun_is_ordered_by_the_scheduler_and_obeyed() -> None:
    """A repeated analysis runs again by itself, as it was decided; the first order stays done."""
    case = Player(MODERATE).until("finish_analysis")
    first = ordered(case)
    again = replace(_run_paper(first), kind=RunKind.RERUN)
    case.do(Command("order_run", (automaton(Automaton.SCHEDULER),), again, "run-2"))
    assert refusal(case, ordered(case, "run-2")) == []
    assert refusal(case, first) == ["order_done"]


def _run_paper(order: Order) -> RunOrdered:
    asked = tuple((source.register, source.fields) for source in order.sources)
    return RunOrdered(order.kind, order.recipe, order.definition, asked, order.since, order.until, order.users)


def test_an_order_that_a_second_person_must_sign_is_one_once_she_has() -> None:
    """Where a municipality asks one more signature, the first alone is no order yet."""
    more = MoreSignature("order_run", Role.DATA_SECURITY_PERSON)
    case = Player(LOW, opening=opening_of(LOW, settings=Settings(more_signatures=(more,)))).until("state_login")
    assert not case.sign("order_run", RUN)
    with pytest.raises(Refused) as caught:
        ordered(case)
    assert codes(caught.value.objections) == ["no_order"]
    assert case.sign("order_run", RUN)
    assert ordered(case).number == case.events[-1].number
    assert refusal(case, ordered(case)) == []


# --- What is forged --------------------------------------------------------------------------------------------------


def _other_law(order: Order, law: SourceLaw) -> Order:
    return replace(order, sources=(replace(order.sources[0], law=law),))


FORGED: Mapping[str, Callable[[Order], Order]] = {
    "permit": lambda order: replace(order, permit="case-2"),
    "run": lambda order: replace(order, run="run-9"),
    "number": lambda order: replace(order, number=order.number - 1),
    "head": lambda order: replace(order, head=DIGEST),
    "kind": lambda order: replace(order, kind=RunKind.RERUN),
    "lane": lambda order: replace(order, lane=Lane.CELLS),
    "data_class": lambda order: replace(order, data_class=DataClass.IDENTIFIED),
    "sealed_job": lambda order: replace(order, sealed_job=True),
    "recipe": lambda order: replace(order, recipe="another"),
    "definition": lambda order: replace(order, definition="another"),
    "sources": lambda order: replace(order, sources=()),
    "since": lambda order: replace(order, since=order.since - DAY),
    "until": lambda order: replace(order, until=order.until + DAY),
    "users": lambda order: replace(order, users=(*order.users, "somebody_else")),
    "redactions": lambda order: replace(order, redactions=("one",)),
    "expires": lambda order: replace(order, expires=order.expires + DAY),
    "destroy_by": lambda order: replace(order, destroy_by=order.destroy_by + DAY),
}
FORGED_SOURCES: Mapping[str, Callable[[Order], Order]] = {
    "another_register": lambda order: replace(order, sources=(replace(order.sources[0], register="social"),)),
    "one_field_more": lambda order: replace(
        order, sources=(replace(order.sources[0], fields=(*order.sources[0].fields, "spells.name")),)
    ),
    "another_technique": lambda order: replace(order, sources=(replace(order.sources[0], technique="By mail"),)),
    "another_law": lambda order: _other_law(order, replace(order.sources[0].law, authority="county")),
    "twice": lambda order: replace(order, sources=order.sources * 2),
}


def test_every_field_of_an_order_is_forged_below() -> None:
    """A field that is added to orders is added here."""
    assert set(FORGED) == {field.name for field in fields(Order)}


@pytest.mark.parametrize("what", [*FORGED, *FORGED_SOURCES])
def test_an_order_with_one_thing_changed_is_not_the_permits(what: str) -> None:
    """The closed room makes the order itself, from the signed events, and compares."""
    case = Player(HIGH).until("order_run")
    forged = {**FORGED, **FORGED_SOURCES}[what](ordered(case))
    wanted = "no_order" if what == "run" else "order_is_not_the_permits"
    assert wanted in refusal(case, forged)


def test_an_order_is_not_carried_out_on_the_events_of_another_permit() -> None:
    """Both permits were played alike: only their names and digests differ."""
    case, other = Player(LOW).until("order_run"), Player(LOW, case="case-2").until("order_run")
    assert refusal(other, ordered(case)) == ["order_is_not_the_permits"]
    mixed = [*other.events[:-1], case.events[-1]]
    found = codes(objections_to(ordered(case), mixed, verifier=VERIFIER, at=case.at))
    assert found == ["chain_of_another_case"]


def test_there_is_no_order_where_none_was_given() -> None:
    """Of a run that nobody ordered, in a case that was hardly opened, and of an ad hoc question."""
    case = Player(LOW).until("start_analysis")
    case.do(Command("ask_ad_hoc", (Actor("analyst", Role.ANALYST),), AdHocQuestion(RUN, "definition", WHY), "run-2"))
    for events, run in ((case.events, "run-9"), (case.events, "run-2"), (case.events[:1], RUN)):
        with pytest.raises(Refused) as caught:
            order_of(events, run, verifier=VERIFIER)
        assert codes(caught.value.objections) == ["no_order"]


def test_events_that_nobody_known_signed_order_nothing() -> None:
    """The last event forged: neither is there an order in it, nor is the true order obeyed on it."""
    case = Player(LOW).until("order_run")
    order = ordered(case)
    case.events[-1] = signed_anew(case.events[-1], STRANGER)
    assert refusal(case, order) == ["signature_wrong"]
    with pytest.raises(Refused):
        ordered(case)


# --- What has come to an end -----------------------------------------------------------------------------------------

STOPPED: Mapping[str, tuple[Callable[[Player], object], list[str]]] = {
    "suspended": (lambda case: case.give("suspend"), ["permit_not_in_force"]),
    "revoked": (
        lambda case: case.do(Command("revoke", BY_DATA_SECURITY, Reasoned(WHY))),
        ["permit_not_in_force"],
    ),
    "withdrawn": (lambda case: case.give("withdraw"), ["permit_not_in_force"]),
    "access_withdrawn": (lambda case: case.give("withdraw_access", REGISTER), ["sources_not_granted"]),
    "run_cancelled": (lambda case: case.give("cancel_run", RUN), ["order_done"]),
    "run_stopped": (lambda case: case.give("stop_run", RUN), ["order_done"]),
    "rescoped": (lambda case: case.give("rescope"), ["order_done", "permit_not_in_force"]),
}


@pytest.mark.parametrize("name", ["low", "high"])
@pytest.mark.parametrize("how", STOPPED)
def test_an_order_ends_with_what_it_stands_on(name: str, how: str) -> None:
    """Whatever stops the permit, the source or the run stops the order, in the lane of cells and in that of rows."""
    case = Player(KINDS[name]).until("order_run")
    order = ordered(case)
    end, wanted = STOPPED[how]
    end(case)
    assert refusal(case, order) == wanted


@pytest.mark.parametrize("how", STOPPED)
def test_whoever_hides_the_end_is_found_out_by_the_head_that_was_seen(how: str) -> None:
    """The twin that must fail: a closed room that remembers nothing would obey the shorter chain."""
    case = Player(LOW).until("order_run")
    order, before = ordered(case), list(case.events)
    STOPPED[how][0](case)
    seen = head_of(tuple(case.events))
    case.events[:] = before
    assert refusal(case, order, head=seen) == ["chain_rolled_back"]
    assert refusal(case, order) == []


def test_a_suspension_that_was_lifted_leaves_the_order_standing() -> None:
    """And a run that was started again."""
    case = Player(LOW).until("order_run")
    order = ordered(case)
    case.give("suspend").give("resume")
    assert refusal(case, order) == []
    case.give("stop_run", RUN).give("restart_run", RUN)
    assert refusal(case, order) == []


def test_an_order_expires_with_the_last_day_of_its_permit() -> None:
    """At midnight where the municipality is, whether or not any scheduler has run."""
    case = Player(LOW).until("order_run")
    order = ordered(case)
    midnight = datetime.datetime(2027, 2, 25, 22, 0, tzinfo=datetime.UTC)
    assert order.expires == datetime.date(2027, 2, 25)
    case.at = midnight - datetime.timedelta(microseconds=1)
    assert refusal(case, order) == []
    case.at = midnight
    assert refusal(case, order) == ["order_expired", "permit_not_in_force"]
    case.give("expire")
    assert case.initiative.state is PermitState.EXPIRED
    assert refusal(case, order) == ["order_expired", "permit_not_in_force"]


def test_an_order_is_not_obeyed_by_a_clock_that_is_behind_or_has_no_zone() -> None:
    """A closed room whose clock was set back would obey what has expired."""
    case = Player(LOW).until("order_run")
    order = ordered(case)
    case.at -= datetime.timedelta(seconds=1)
    assert refusal(case, order) == ["clock_backwards"]
    case.at = case.at.replace(tzinfo=None)
    assert refusal(case, order) == ["clock_backwards"]


# --- The permits of others -------------------------------------------------------------------------------------------


def _with_outside_permits(*days: datetime.date) -> Player:
    case = Player(LOW).until("agree_fields")
    purpose = PurposeOfUse.KNOWLEDGE_MANAGEMENT
    permits = tuple(OutsidePermit(f"{n}/2026", purpose, day) for n, day in enumerate(days))
    law = replace(law_of(REGISTER), outside_permits=permits)
    case.give("grant_access", REGISTER, content=AccessGranted(law))
    for command in ("note_all_granted", "state_login"):
        case.give(command)
    return case


@pytest.mark.requirement("L-02")
def test_an_outside_permit_that_has_expired_stops_the_run() -> None:
    """Of several the earliest counts; the day after it the order is not obeyed, and nothing is picked."""
    last = datetime.date(2026, 6, 30)
    case = _with_outside_permits(datetime.date(2026, 12, 31), last, datetime.date(2027, 12, 31))
    case.give("order_run", RUN)
    order = ordered(case)
    assert (order.expires, ends_on(case.initiative)) == (last, last)
    case.at = datetime.datetime(2026, 6, 30, 20, 59, tzinfo=datetime.UTC)
    assert refusal(case, order) == []
    case.at += datetime.timedelta(minutes=1)
    assert refusal(case, order) == ["order_expired", "permit_not_in_force"]
    with pytest.raises(Refused) as caught:
        case.give("pick", REGISTER)
    assert codes(caught.value.objections) == ["permit_not_in_force", "outside_permit_expired"]


@pytest.mark.requirement("L-02")
def test_an_outside_permit_that_has_expired_stops_analysing_too() -> None:
    """No run is ordered or started, though the city's own decision holds for months."""
    case = _with_outside_permits(datetime.date(2026, 6, 30)).give("order_run", RUN)
    for command, subject, pick in preparing(LOW, RUN):
        case.give(command, subject, pick=pick)
    case.give("open_review").give("confirm_fit")
    assert may_analyse(case.initiative, case.at)
    start = Command("start_analysis", (Actor("analyst", Role.ANALYST),), _note(case), RUN)
    assert objections_to_command(case.initiative, start, at=case.at) == ()
    case.at = datetime.datetime(2026, 7, 1, 9, 0, tzinfo=datetime.UTC)
    assert not may_analyse(case.initiative, case.at)
    assert codes(objections_to_command(case.initiative, start, at=case.at)) == ["analysing_not_allowed"]


def _note(case: Player) -> object:
    return case.row("start_analysis", RUN).paper()


@pytest.mark.requirement("L-02")
def test_a_source_is_not_granted_by_an_outside_permit_that_is_over() -> None:
    """It is looked at when the owner grants, and not only later."""
    with pytest.raises(Refused) as caught:
        _with_outside_permits(datetime.date(2026, 3, 1))
    assert codes(caught.value.objections) == ["outside_permit_expired"]

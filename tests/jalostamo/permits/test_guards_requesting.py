"""The guards of the data request, each with what it refuses and the neighbour that it lets pass."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from tests.jalostamo.permits.cases import DIGEST, REGISTER, RUN, START, WHY, law_of
from tests.jalostamo.permits.played import (
    LOW,
    ROWS,
    GuardCase,
    after,
    before,
    by,
    move,
    objects_and_lets_pass,
    paper_of,
    with_request,
    with_run,
)

from jalostamo.concepts.roles import Role
from jalostamo.permits import papers, work_papers
from jalostamo.permits.guards.requesting import GUARDS, fields_asked_of
from jalostamo.permits.initiative import SourceRequest
from jalostamo.permits.law import LegalRoute, OutsidePermit, PurposeOfUse
from jalostamo.permits.machines import PermitState, RequestState, RunState
from jalostamo.permits.moves import Move
from jalostamo.permits.people import Actor, Automaton, automaton
from jalostamo.permits.work_papers import RunKind

TODAY = START.date()
BEGAN, CODE, NAME = "spells.began", "spells.identity_code", "spells.name"
ROOM = (automaton(Automaton.CLOSED_ROOM),)
EXPERT: tuple[Actor, ...] = by(Role.SYSTEMS_EXPERT)
ANOTHER = SourceRequest("another", RequestState.SENT)
DROPPED = SourceRequest("another", RequestState.DROPPED)
AGGREGATES = replace(law_of(REGISTER), route=LegalRoute.STATISTICS, purpose=PurposeOfUse.STATISTICS)
ORDER = paper_of(LOW, before(LOW, "order_run"), "order_run", RUN)
REPORT = paper_of(ROWS, before(ROWS, "validate"), "validate", RUN)


def asked(command: str = "send_request", *, on: int = 0, **changed: object) -> Move:
    return move(LOW, command, REGISTER, at=replace(before(LOW, command), **changed), on=on)


def all_granted(*more: SourceRequest, **changed: object) -> Move:
    stands = with_request(before(LOW, "note_all_granted"), **changed)
    return move(LOW, "note_all_granted", at=replace(stands, requests=(*stands.requests, *more)))


def dropped(register: str, *more: SourceRequest) -> Move:
    stands = before(LOW, "note_all_granted")
    case = replace(stands, requests=(*stands.requests, *more))
    return move(LOW, "drop_source", at=case, paper=papers.SourceDropped(register, WHY))


def agreed(fields: tuple[str, ...], technique: str = "SFTP with keys", **changed: object) -> Move:
    case = replace(before(LOW, "agree_fields"), **changed)
    return move(LOW, "agree_fields", REGISTER, at=case, paper=papers.FieldsAgreed(fields, technique))


def granted(law: object, kind: object = LOW, **changed: object) -> Move:
    case = replace(before(kind, "grant_access"), **changed)
    return move(kind, "grant_access", REGISTER, at=case, paper=papers.AccessGranted(law))


def picked_under(law: object, *, on: int = 0) -> Move:
    case = with_request(before(LOW, "pick"), law=law)
    return move(LOW, "pick", REGISTER, at=case, on=on)


def picked(fields: tuple[str, ...], run: str = RUN, **changed: object) -> Move:
    case = with_run(before(LOW, "pick"), **changed)
    return move(LOW, "pick", REGISTER, at=case, paper=work_papers.Picked(run, fields))


def waiting(*, on: int = 0, run: RunState = RunState.ORDERED, **changed: object) -> Move:
    case = with_run(replace(before(LOW, "transfer"), **changed), state=run)
    return move(LOW, "transfer", REGISTER, at=case, on=on, paper=work_papers.Transferred("SFTP with keys", DIGEST))


def sent(technique: str, checksum: str) -> Move:
    return move(LOW, "transfer", REGISTER, paper=work_papers.Transferred(technique, checksum))


def received(checksum: str) -> Move:
    return move(LOW, "receive", REGISTER, paper=work_papers.Received(checksum))


def by_itself(kind: RunKind, actors: tuple[Actor, ...] = ROOM, *, runs: bool = True, validated: object = None) -> Move:
    case = with_run(before(LOW, "pick"), order=replace(ORDER, kind=kind), validated=validated)
    paper = work_papers.Picked(RUN, (BEGAN, CODE))
    return move(LOW, "pick", REGISTER, at=case if runs else replace(case, runs=()), actors=actors, paper=paper)


def by_itself_in_rows(expires: datetime.date) -> Move:
    """The closed room picks for a rerun of rows whose class a person signed until that day."""
    signed = {"validated": replace(REPORT, expires=expires), "signed": True}
    case = with_run(before(ROWS, "pick"), order=replace(ORDER, kind=RunKind.RERUN), **signed)
    return move(ROWS, "pick", REGISTER, at=case, actors=ROOM, paper=work_papers.Picked(RUN, (BEGAN, CODE)))


def more_data(register: str, **changed: object) -> Move:
    case = with_request(after(LOW, "open_review"), **changed)
    return move(LOW, "ask_for_more_data", at=case, paper=papers.MoreData(register, WHY))


def ordered(*, stands: dict[str, object] | None = None, **changed: object) -> Move:
    case = replace(before(LOW, "order_run"), **(stands or {}))
    return move(LOW, "order_run", RUN, at=case, paper=replace(ORDER, **changed))


EXPIRED_OUTSIDE = replace(
    law_of(REGISTER),
    outside_permits=(OutsidePermit("3/2026", PurposeOfUse.KNOWLEDGE_MANAGEMENT, TODAY),),
)
FRAME = {"since": datetime.date(2010, 1, 1), "until": datetime.date(2016, 12, 31)}

CASES = [
    GuardCase(
        "permit_is_requesting",
        "permit_not_requesting",
        "data is asked for in phase 4 only",
        asked(state=PermitState.GRANTED),
        asked(state=PermitState.REQUESTING),
    ),
    GuardCase("permit_is_requesting", "permit_not_requesting", "not after the end", asked(on=361), asked(on=360)),
    GuardCase(
        "every_source_granted",
        "sources_not_granted",
        "one owner has not answered",
        all_granted(ANOTHER),
        all_granted(replace(ANOTHER, state=RequestState.GRANTED)),
    ),
    GuardCase(
        "every_source_granted",
        "sources_not_granted",
        "one owner has refused; a dropped source does not count",
        all_granted(replace(ANOTHER, state=RequestState.REFUSED)),
        all_granted(DROPPED),
    ),
    GuardCase(
        "every_source_granted",
        "sources_not_granted",
        "nothing is left to grant",
        all_granted(state=RequestState.DROPPED),
        all_granted(),
    ),
    GuardCase(
        "source_can_be_dropped",
        "source_unknown",
        "what was not asked for is not dropped",
        dropped("elsewhere", ANOTHER),
        dropped("another", ANOTHER),
    ),
    GuardCase(
        "source_can_be_dropped",
        "source_unknown",
        "nothing is dropped twice",
        dropped("another", DROPPED),
        dropped("another", ANOTHER),
    ),
    GuardCase(
        "source_can_be_dropped",
        "source_is_the_last",
        "the last source stays",
        dropped(REGISTER, DROPPED),
        dropped(REGISTER, ANOTHER),
    ),
    GuardCase(
        "fields_within_decision",
        "fields_beyond_the_decision",
        "a field that was not decided",
        agreed((BEGAN, NAME)),
        agreed((BEGAN, CODE)),
    ),
    GuardCase("fields_within_decision", "fields_beyond_the_decision", "no field at all", agreed(()), agreed((BEGAN,))),
    GuardCase(
        "fields_within_decision",
        "fields_beyond_the_decision",
        "without a decision no field is within it",
        agreed((BEGAN,), decided=None),
        agreed((BEGAN,)),
    ),
    GuardCase(
        "fields_within_decision", "technique_missing", "how it travels is said", agreed((BEGAN,), " "), agreed((BEGAN,))
    ),
    GuardCase(
        "law_allows",
        "law_of_another_source",
        "an owner speaks of her own register",
        granted(law_of("another")),
        granted(law_of(REGISTER)),
    ),
    GuardCase(
        "law_allows",
        "output_beyond_level",
        "aggregates only, and rows are asked for",
        granted(AGGREGATES, ROWS),
        granted(law_of(REGISTER), ROWS),
    ),
    GuardCase(
        "law_allows",
        "route_not_established",
        "a route is named",
        granted(replace(law_of(REGISTER), route=LegalRoute.NOT_ESTABLISHED)),
        granted(law_of(REGISTER)),
    ),
    GuardCase(
        "law_allows",
        "decision_missing",
        "nothing is granted without a decision",
        granted(law_of(REGISTER), decided=None),
        granted(law_of(REGISTER)),
    ),
    GuardCase(
        "law_still_allows",
        "sources_not_granted",
        "nothing is picked without a law",
        picked_under(None),
        picked_under(law_of(REGISTER)),
    ),
    GuardCase(
        "law_still_allows",
        "outside_permit_expired",
        "an outside permit holds to its last day",
        picked_under(EXPIRED_OUTSIDE, on=1),
        picked_under(EXPIRED_OUTSIDE, on=0),
    ),
    GuardCase("order_in_force", "no_order", "there is an order", waiting(run=RunState.CANCELLED), waiting()),
    GuardCase(
        "order_in_force", "no_order", "a finished run waits for nothing", waiting(run=RunState.FINISHED), waiting()
    ),
    GuardCase(
        "order_in_force",
        "permit_not_in_force",
        "nothing is retrieved while the group looks again",
        waiting(state=PermitState.REASSESSING),
        waiting(state=PermitState.ANALYSIS),
    ),
    GuardCase("order_in_force", "permit_not_in_force", "nor after the end", waiting(on=361), waiting(on=360)),
    GuardCase(
        "order_in_force",
        "sources_not_granted",
        "nor once an owner has withdrawn",
        waiting(requests=(*before(LOW, "transfer").requests, replace(ANOTHER, state=RequestState.REFUSED))),
        waiting(requests=(*before(LOW, "transfer").requests, DROPPED)),
    ),
    GuardCase(
        "only_agreed_fields", "fields_not_agreed", "a field beyond", picked((BEGAN, NAME)), picked((BEGAN, CODE))
    ),
    GuardCase("only_agreed_fields", "fields_not_agreed", "no field", picked(()), picked((BEGAN,))),
    GuardCase(
        "only_agreed_fields",
        "fields_not_agreed",
        "agreed, but not ordered for this run",
        picked((BEGAN, CODE), order=replace(ORDER, fields=((REGISTER, (BEGAN,)),))),
        picked((BEGAN,), order=replace(ORDER, fields=((REGISTER, (BEGAN,)),))),
    ),
    GuardCase(
        "only_agreed_fields", "no_order", "for a run that is not", picked((BEGAN,), run="run-9"), picked((BEGAN,))
    ),
    GuardCase(
        "only_agreed_fields",
        "no_order",
        "for a run that has stopped",
        picked((BEGAN,), state=RunState.STOPPED),
        picked((BEGAN,), state=RunState.PREPARING),
    ),
    GuardCase(
        "technique_as_agreed",
        "technique_other",
        "by the technique that was agreed",
        sent("A memory stick", DIGEST),
        sent("SFTP with keys", DIGEST),
    ),
    GuardCase(
        "technique_as_agreed",
        "checksum_missing",
        "with its checksum",
        sent("SFTP with keys", " "),
        sent("SFTP with keys", DIGEST),
    ),
    GuardCase(
        "checksum_agrees", "checksum_differs", "what arrives is what was sent", received("cd" * 32), received(DIGEST)
    ),
    GuardCase(
        "rule_set_was_validated",
        "people_act_first",
        "the first time people act, again the closed room may",
        by_itself(RunKind.FIRST),
        by_itself(RunKind.RERUN),
    ),
    GuardCase(
        "rule_set_was_validated",
        "people_act_first",
        "a changed run is not the one that was validated",
        by_itself(RunKind.ITERATION),
        by_itself(RunKind.ITERATION, EXPERT),
    ),
    GuardCase(
        "rule_set_was_validated",
        "people_act_first",
        "without a run the closed room has nothing to repeat",
        by_itself(RunKind.RERUN, runs=False),
        by_itself(RunKind.RERUN),
    ),
    GuardCase(
        "rule_set_was_validated",
        "validation_expired",
        "by itself only while a validation holds",
        by_itself_in_rows(TODAY - datetime.timedelta(days=1)),
        by_itself_in_rows(TODAY),
    ),
    GuardCase(
        "within_the_decision",
        "source_unknown",
        "more is asked only of a source that grants",
        more_data("elsewhere"),
        more_data(REGISTER),
    ),
    GuardCase(
        "within_the_decision",
        "source_unknown",
        "more is not asked of a source that was dropped",
        more_data(REGISTER, state=RequestState.DROPPED),
        more_data(REGISTER, state=RequestState.DELIVERED),
    ),
    GuardCase(
        "within_the_decision",
        "fields_beyond_the_decision",
        "an order for more fields",
        ordered(fields=((REGISTER, (BEGAN, NAME)),)),
        ordered(fields=((REGISTER, (BEGAN,)),)),
    ),
    GuardCase(
        "within_the_decision",
        "fields_beyond_the_decision",
        "an order for another source",
        ordered(fields=(("another", (BEGAN,)),)),
        ordered(),
    ),
    GuardCase(
        "within_the_decision", "fields_beyond_the_decision", "an order for nothing", ordered(fields=()), ordered()
    ),
    GuardCase("within_the_decision", "decision_missing", "no decision", ordered(stands={"decided": None}), ordered()),
    GuardCase(
        "within_the_decision",
        "time_frame_beyond_the_decision",
        "from a day before the frame",
        ordered(**FRAME | {"since": datetime.date(2009, 12, 31)}),
        ordered(**FRAME),
    ),
    GuardCase(
        "within_the_decision",
        "time_frame_beyond_the_decision",
        "to a day after the frame",
        ordered(**FRAME | {"until": datetime.date(2017, 1, 1)}),
        ordered(**FRAME),
    ),
    GuardCase(
        "within_the_decision",
        "time_frame_beyond_the_decision",
        "the wrong way round",
        ordered(since=datetime.date(2012, 1, 2), until=datetime.date(2012, 1, 1)),
        ordered(since=datetime.date(2012, 1, 1), until=datetime.date(2012, 1, 1)),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_source_gives_what_was_decided_and_granted(case: GuardCase) -> None:
    objects_and_lets_pass(case)


def test_every_guard_of_requesting_has_a_case() -> None:
    assert {case.guard for case in CASES} == set(GUARDS)


def test_the_fields_of_a_register_are_those_to_analyse_and_those_to_link() -> None:
    assert fields_asked_of(asked(), REGISTER) == {BEGAN, CODE}
    assert fields_asked_of(asked(), "another") == frozenset()

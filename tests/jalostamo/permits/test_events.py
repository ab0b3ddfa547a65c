"""The chain of events: what was appended is what is replayed, and nothing that was changed, left out or made up is."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from tests.jalostamo.permits.cases import DIGEST, REGISTER, RUN, START, WHY, Kind, opening_of, people_for
from tests.jalostamo.permits.walking import (
    CANARY,
    HEARD,
    HIGH,
    KINDS,
    LOW,
    MODERATE,
    SIGNER,
    STRANGER,
    VERIFIER,
    Played,
    Player,
    head_of,
    played,
    signed_anew,
)

from jalostamo.concepts.errors import Refused
from jalostamo.concepts.languages import LANGUAGES
from jalostamo.concepts.roles import Role
from jalostamo.permits.contents import canonical, content_of
from jalostamo.permits.events import OPENED, SIGNED, Event, append, event_from, open_case, replay, replayed_on
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.machines import PermitState
from jalostamo.permits.moves import Command
from jalostamo.permits.objections import PermitObjection
from jalostamo.permits.papers import Reasoned
from jalostamo.permits.people import Actor, Automaton
from jalostamo.permits.performing import Occurrence, judge, perform
from jalostamo.permits.signing import Ed25519Signer, Ed25519Verifier

ROOT = Path(__file__).resolve().parents[3]
SOMEBODY = Actor("somebody_else", Role.CITY_MANAGER)
EVERY_KIND = pytest.mark.parametrize("name", KINDS)
TWO_KINDS = pytest.mark.parametrize("name", ["moderate", "commissioner_heard"])


class YesMan:
    """A verifier that believes every signature: what it lets through, only the signature held back."""

    def verify(self, key: str, message: bytes, signature: bytes) -> bool:
        return True


def codes(refused: Refused) -> set[str]:
    """The codes of all objections."""
    return {said.code for said in refused.objections if isinstance(said, PermitObjection)}


def refusal(case: Played, forged: Sequence[Event], at: int) -> Refused:
    """Why a chain is refused whose events are those of the case before a place, and others from there on."""
    with pytest.raises(Refused) as caught:
        replayed_from(case, forged, at)
    return caught.value


def replayed_from(case: Played, forged: Sequence[Event], at: int) -> Initiative:
    """The case as it was before a place, and what others than its own events make of it from there on."""
    if at == 0:
        return replay(forged, verifier=VERIFIER)
    return replayed_on(case.made[at - 1], forged, verifier=VERIFIER)


def chained(events: Iterable[Event], *, after: Event | None = None) -> list[Event]:
    """The same events numbered, chained and signed by one who holds the key, as if they had happened just so."""
    number, previous = (after.number, after.digest) if after else (0, "")
    made: list[Event] = []
    for event in events:
        number += 1
        made.append(signed_anew(replace(event, number=number, previous=previous)))
        previous = made[-1].digest
    return made


# --- What was appended is replayed -----------------------------------------------------------------------------------


@TWO_KINDS
def test_a_replay_of_any_beginning_is_the_case_as_appending_made_it(name: str) -> None:
    """A crash after any event loses nothing: the events alone make the very same case."""
    case = played(name)
    for length in range(1, len(case.events) + 1):
        assert replay(case.events[:length], verifier=VERIFIER) == case.made[length - 1]


@EVERY_KIND
def test_each_way_goes_from_the_opening_to_the_closed_case(name: str) -> None:
    """The cases that are attacked below are whole ones, with signatures given apart."""
    case = played(name)
    assert case.initiative.state is PermitState.CLOSED
    assert case.events[0].name == OPENED
    assert SIGNED in {event.name for event in case.events}
    assert replay(case.events, verifier=VERIFIER, head=head_of(case.events)) == case.initiative


@EVERY_KIND
def test_an_event_that_went_through_json_is_the_same_event(name: str) -> None:
    """It may lie in any store that keeps JSON: what is read back has the same digest and the same signature."""
    for event in played(name).events:
        again = event_from(json.loads(json.dumps(content_of(event))))
        assert (again, again.digest) == (event, event.digest)


IN_ANOTHER_PROCESS = """
import json, sys
from tests.jalostamo.permits.walking import KINDS, VERIFIER, head_of, played
from jalostamo.permits.events import event_from, replay
read = {name: [event_from(told) for told in events] for name, events in json.load(sys.stdin).items()}
for name, events in read.items():
    replay(events, verifier=VERIFIER, head=head_of(tuple(events)))
own = {name: [event.digest for event in played(name).events] for name in KINDS}
print(json.dumps([own, {name: [event.digest for event in events] for name, events in read.items()}]))
"""


def test_another_process_finds_the_same_digests() -> None:
    """No digest hangs on the order of a set, which another process shuffles differently."""
    told = {name: [content_of(event) for event in played(name).events] for name in KINDS}
    done = subprocess.run(
        [sys.executable, "-c", IN_ANOTHER_PROCESS],
        input=json.dumps(told),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "4711", "PYTHONPATH": str(ROOT)},
    )
    wanted = {name: [event.digest for event in played(name).events] for name in KINDS}
    assert json.loads(done.stdout) == [wanted, wanted]


def test_a_moment_is_written_in_one_way_wherever_the_clock_stands() -> None:
    """The same moment told by a clock in Helsinki and by one in Greenwich makes the same event."""
    by = Actor("initiator", Role.INITIATOR)
    told = [START, START.astimezone(ZoneInfo("Europe/Helsinki")), START.astimezone(ZoneInfo("Asia/Tokyo"))]
    events = [open_case("case-1", opening_of(LOW), by=by, at=at, signer=SIGNER)[0] for at in told]
    assert len({event.signature for event in events}) == 1
    assert {event.at.isoformat() for event in events} == {"2026-03-02T09:00:00+00:00"}


# --- One thing forged ------------------------------------------------------------------------------------------------

WITH_PAPERS = {"commissioner_heard"}
"""The longest case: there each entry of each paper is forged too."""

REFUSED_BY_THE_CHAIN = {
    "signature_wrong",
    "chain_broken",
    "chain_of_another_case",
    "chain_against_the_rules",
    "chain_tells_otherwise",
    "chain_without_opening",
    "process_unknown",
}


@dataclass(frozen=True, slots=True)
class Forgery:
    """An event with one thing in it changed."""

    what: str
    event: Event


def forgeries(event: Event, *, papers: bool) -> Iterator[Forgery]:
    """Every field changed in turn, and in the paper every single entry, where `papers` are forged too."""
    for change in changes_of(event):
        forged = replace(event, **change)  # type: ignore[arg-type]  # by name below
        if forged != event:
            yield Forgery("-".join(change), forged)
    for content in altered(event.content) if papers else ():
        yield Forgery("content", replace(event, content=cast("Mapping[str, object]", content)))


def changes_of(event: Event) -> list[Mapping[str, object]]:
    """Every field changed in turn, some in several ways."""
    first = event.actors[0]
    later = event.at + datetime.timedelta(seconds=1)
    return [
        {"case": "case-2"},
        {"number": event.number + 1},
        {"number": event.number - 1},
        {"number": -event.number},
        {"previous": DIGEST},
        {"previous": event.previous[:-1]},
        {"process": "0"},
        {"name": SIGNED if event.name != SIGNED else "Published"},
        {"name": f"{event.name} "},
        {"row": "T13" if event.row != "T13" else "T08"},
        {"command": "decide_to_continue" if event.command != "decide_to_continue" else "refuse"},
        {"command": "no_such_command"},
        {"subject": "another" if event.subject else REGISTER},
        {"actors": ()},
        {"actors": (*event.actors, SOMEBODY)},
        {"actors": (replace(first, person="somebody_else"), *event.actors[1:])},
        {"actors": (replace(first, role=Role.AUDITOR), *event.actors[1:])},
        {"actors": (replace(first, role=Automaton.GATE), *event.actors[1:])},
        {"actors": (replace(first, substitute_for="somebody_else"), *event.actors[1:])},
        {"at": later},
        {"at": later.replace(tzinfo=None)},
        {"at": event.at - datetime.timedelta(days=4000)},
        {"key": "key-2"},
        {"key": ""},
    ]


def altered(told: object) -> Iterator[object]:
    """The same JSON with one entry of it changed, for every entry (of a long list the first); and with one left out."""
    if isinstance(told, Mapping):
        for key, entry in told.items():
            yield from ({**told, key: other} for other in altered(entry))
            yield {other: kept for other, kept in told.items() if other != key}
        yield {**told, "one_more": 1}
    elif isinstance(told, list):
        yield from ([other, *told[1:]] for entry in told[:1] for other in altered(entry))
        yield told[:-1] if told else ["one_more"]
    elif isinstance(told, bool):
        yield not told
    elif isinstance(told, int):
        yield told + 1
    else:
        yield f"{told}x"


@TWO_KINDS
def test_no_event_can_be_changed_after_it_was_signed(name: str) -> None:
    """Whatever is changed in whichever event, the replay ends there."""
    case = played(name)
    for place, event in enumerate(case.events):
        for forgery in forgeries(event, papers=name in WITH_PAPERS):
            found = codes(refusal(case, [forgery.event], place))
            assert found & REFUSED_BY_THE_CHAIN, forgery.what


@TWO_KINDS
def test_no_event_can_be_changed_and_signed_with_a_key_that_nobody_knows(name: str) -> None:
    """Signing is no proof: the key must be known."""
    case = played(name)
    for place, event in enumerate(case.events):
        for forgery in forgeries(event, papers=name in WITH_PAPERS):
            found = codes(refusal(case, [signed_anew(forgery.event, STRANGER)], place))
            assert found & REFUSED_BY_THE_CHAIN, forgery.what


@TWO_KINDS
def test_not_even_who_holds_the_key_changes_one_event_alone(name: str) -> None:
    """The event after it names the digest of what really happened; of the last one somebody remembers it."""
    case = played(name)
    for place, event in enumerate(case.events[:-1]):
        for forgery in forgeries(event, papers=name in WITH_PAPERS):
            anew = signed_anew(forgery.event)
            assert anew == event or refusal(case, [anew, case.events[place + 1]], place), forgery.what


@TWO_KINDS
def test_not_even_who_holds_the_key_changes_the_last_event(name: str) -> None:
    """Nothing follows it; whoever has seen its digest sees that it is another."""
    case = played(name)
    for forgery in forgeries(case.events[-1], papers=True):
        anew = signed_anew(forgery.event)
        if anew != case.events[-1]:
            with pytest.raises(Refused):
                replay([*case.events[:-1], anew], verifier=VERIFIER, head=head_of(case.events))


def test_every_single_byte_of_a_signature_counts() -> None:
    """One bit of it changed, cut, lengthened, emptied or not hexadecimal: it is not the signature."""
    case = played("low")
    event = case.events[-1]
    signature = bytes.fromhex(event.signature)
    flipped = [bytes([*signature[:n], signature[n] ^ 1, *signature[n + 1 :]]).hex() for n in range(len(signature))]
    for other in (*flipped, "", event.signature[:-2], f"{event.signature}00", event.signature[:-1], "not hexadecimal"):
        forged = replace(event, signature=other)
        assert codes(refusal(case, [forged], len(case.events) - 1)) == {"signature_wrong"}


def test_a_signature_of_another_event_is_none_of_this_one() -> None:
    """It covers the case and the number too, so it cannot be carried over."""
    case = played("low")
    other = Player(LOW, case="case-2", canary=True).until("describe").events[-1]
    forged = replace(case.events[1], signature=other.signature)
    assert codes(refusal(case, [forged], 1)) == {"signature_wrong"}


def test_whoever_believes_every_signature_believes_the_forgery() -> None:
    """The twin that must fail: without the signature, a time that was changed in the last event would pass."""
    case = played("low")
    last = case.events[-1]
    forged = replace(last, at=last.at + datetime.timedelta(seconds=1))
    assert replayed_on(case.made[-2], [forged], verifier=YesMan()).state is PermitState.CLOSED
    assert codes(refusal(case, [forged], len(case.events) - 1)) == {"signature_wrong"}


def test_a_key_is_known_by_its_name_and_a_damaged_one_verifies_nothing() -> None:
    """A verifier that lacks the key, knows another by that name, or holds nonsense says no, and never fails."""
    event = played("low").events[0]
    signature = bytes.fromhex(event.signature)
    for keys in ({}, {SIGNER.key: STRANGER.public}, {SIGNER.key: b"short"}, {"other": SIGNER.public}):
        assert not Ed25519Verifier(keys).verify(event.key, event.message, signature)
    assert VERIFIER.verify(event.key, event.message, signature)


def test_a_new_key_signs_what_its_public_half_verifies() -> None:
    """Keys are random, and the private one is in no repr."""
    one, other = Ed25519Signer.new("one"), Ed25519Signer.new("one")
    assert one.private != other.private
    assert Ed25519Verifier({"one": one.public}).verify("one", b"said", one.sign(b"said"))
    assert not Ed25519Verifier({"one": other.public}).verify("one", b"said", one.sign(b"said"))
    assert repr(one.private) not in repr(one)


# --- The order, the length and the case of a chain -------------------------------------------------------------------


def test_a_chain_without_any_event_is_refused() -> None:
    """Nothing is not a case."""
    with pytest.raises(Refused) as caught:
        replay([], verifier=VERIFIER)
    assert codes(caught.value) == {"chain_empty"}


@EVERY_KIND
def test_no_event_can_be_left_out_said_twice_or_moved(name: str) -> None:
    """At every place: dropped, doubled, and changed with the one after it."""
    case = played(name)
    for place in range(len(case.events) - 1):
        one, next_one = case.events[place : place + 2]
        for forged in ([next_one], [one, one], [next_one, one]):
            assert codes(refusal(case, forged, place)) <= {"chain_broken", "chain_without_opening"}


@TWO_KINDS
def test_a_chain_that_was_cut_shows_to_whoever_remembers_its_end(name: str) -> None:
    """The twin that must fail: who remembers nothing takes every beginning for the whole."""
    case = played(name)
    head = head_of(case.events)
    for length in range(1, len(case.events)):
        with pytest.raises(Refused) as caught:
            replay(case.events[:length], verifier=VERIFIER, head=head)
        assert codes(caught.value) == {"chain_rolled_back"}
    assert replay(case.events[:-1], verifier=VERIFIER, head=None) == case.made[-2]


def test_a_chain_that_was_rolled_back_and_written_anew_shows() -> None:
    """Whoever holds the key can write another history; not for those who have seen the first one."""
    seen = Player(LOW).until("submit_assessment")
    other = Player(LOW).until("open_assessment").wait(hours=1)
    for name in ("submit_assessment", "return_for_completion", "submit_assessment"):
        other.give(name)
    assert replay(other.events, verifier=VERIFIER) == other.initiative
    with pytest.raises(Refused) as caught:
        replay(other.events, verifier=VERIFIER, head=head_of(tuple(seen.events)))
    assert codes(caught.value) == {"chain_rolled_back"}


def test_a_case_that_was_opened_anew_under_its_old_name_shows() -> None:
    """To one who has seen no more than its opening, too."""
    seen = played("low", "describe").events[0]
    other = chained([replace(seen, at=START + datetime.timedelta(seconds=1))])
    assert replay(other, verifier=VERIFIER).length == 1
    with pytest.raises(Refused) as caught:
        replay(other, verifier=VERIFIER, head=head_of((seen,)))
    assert codes(caught.value) == {"chain_rolled_back"}


def test_a_chain_that_went_on_still_holds_the_end_that_was_seen() -> None:
    """Remembering an older end does no harm to a longer chain."""
    case = played("moderate")
    for length in range(1, len(case.events) + 1, 4):
        assert replay(case.events, verifier=VERIFIER, head=head_of(case.events[:length])) == case.initiative


def test_events_of_two_cases_do_not_mix() -> None:
    """Two cases played alike, by the same key: none of the one stands in the other, at any place."""
    one = played("low")
    other = Player(LOW, case="case-2", canary=True).until("close").events
    for place in range(1, len(one.events)):
        assert codes(refusal(one, [other[place]], place)) == {"chain_of_another_case"}
        as_ours = signed_anew(replace(other[place], previous=one.events[place - 1].digest))
        assert codes(refusal(one, [as_ours], place)) == {"chain_of_another_case"}


# --- What the rules refuse, whoever signs ----------------------------------------------------------------------------


NOTHING_HANGS_ON = {
    "moderate": {"publish", "destroy_dataset", "record_destruction", "state_login"},
    "commissioner_heard": {"publish", "destroy_dataset", "record_destruction"},
}
"""Nobody has to publish; a case closes once its data is destroyed, by whichever of the two records; and in the lane of
cells nobody gets rows, so that the statement on her login may be missing."""


@TWO_KINDS
def test_every_step_of_the_way_is_needed_by_one_that_follows(name: str) -> None:
    """Whoever holds the key leaves out any step, signs the rest anew, and is refused by the rules."""
    case = played(name)
    needless = set()
    for place in range(1, len(case.events) - 1):
        try:
            replayed_from(case, chained(case.events[place + 1 :], after=case.events[place - 1]), place)
        except Refused as refused:
            assert codes(refused) & {"chain_against_the_rules", "chain_tells_otherwise"}
        else:
            needless.add(case.events[place].command)
    assert needless == NOTHING_HANGS_ON[name]


@EVERY_KIND
def test_a_case_does_not_close_while_its_data_is_there(name: str) -> None:
    """Of the two records of its destruction one may be missing, and not both."""
    events = played(name).events
    kept = chained(event for event in events if event.command not in {"destroy_dataset", "record_destruction"})
    with pytest.raises(Refused) as caught:
        replay(kept, verifier=VERIFIER)
    assert codes(caught.value) == {"chain_against_the_rules", "data_left"}


def with_another(events: Sequence[Event], command: str, *actors: Actor, nth: int = 0) -> list[Event]:
    """The chain with the nth event of a command given by others, signed anew, up to that event."""
    place = [number for number, event in enumerate(events) if event.command == command][nth]
    return chained([*events[:place], replace(events[place], actors=actors)])


OTHERS = {
    "the_analyst_for_branch_management": (Actor("analyst", Role.ANALYST), "not_this_role"),
    "a_stranger_as_branch_management": (Actor("somebody_else", Role.BRANCH_MANAGER), "role_not_held"),
    "the_analyst_calling_herself_branch_management": (Actor("analyst", Role.BRANCH_MANAGER), "duty_deciding"),
    "city_management_for_branch_management": (Actor("city_manager", Role.CITY_MANAGER), "not_this_role"),
    "a_substitute_nobody_named": (Actor("somebody_else", Role.BRANCH_MANAGER, "branch_manager"), "role_not_held"),
    "the_process_by_itself": (Actor("process", Automaton.PROCESS), "not_this_role"),
}


@pytest.mark.parametrize("who", OTHERS)
def test_a_decision_by_the_wrong_person_is_refused_though_it_is_signed(who: str) -> None:
    """A signature of the server's key does not make anybody branch management."""
    actor, code = OTHERS[who]
    with pytest.raises(Refused) as caught:
        replay(with_another(played("moderate").events, "decide_to_continue", actor), verifier=VERIFIER)
    assert {"chain_against_the_rules", code} <= codes(caught.value)


def test_the_second_signature_is_not_the_first_one_again() -> None:
    """Branch management alone does not decide for risk management too."""
    events = played("moderate").events
    twice = with_another(events, "decide_to_continue", Actor("branch_manager", Role.BRANCH_MANAGER), nth=1)
    with pytest.raises(Refused) as caught:
        replay(twice, verifier=VERIFIER)
    assert "signed_already" in codes(caught.value)


def test_one_checker_is_not_two() -> None:
    """Microdata is looked at by two people."""
    events = played("commissioner_heard").events
    first = next(event for event in events if event.command == "clear_microdata")
    with pytest.raises(Refused) as caught:
        replay(with_another(events, "clear_microdata", *first.actors, nth=1), verifier=VERIFIER)
    assert "signed_already" in codes(caught.value)


def doubled(kind: Kind, *roles: Role) -> Player:
    """A case in which one person was made the analyst and holds these roles as well."""
    own = people_for(kind)
    more = tuple(replace(given, person="analyst") for given in own if given.role in roles)
    return Player(kind, opening=opening_of(kind, people=(*own, *more)))


def test_the_analyst_is_not_the_validator_though_she_holds_the_role() -> None:
    """By whoever was deceived into giving it: the duties are by person, over the whole history."""
    case = doubled(HIGH, Role.VALIDATOR).until("validate")
    forged = with_another(case.events, "validate", Actor("analyst", Role.VALIDATOR))
    with pytest.raises(Refused) as caught:
        replay(forged, verifier=VERIFIER)
    assert codes(caught.value) == {"chain_against_the_rules", "duty_analysis"}


def test_the_analyst_does_not_pick_the_data_though_she_holds_the_role() -> None:
    """Nobody who analyses has touched what was not anonymised."""
    case = doubled(MODERATE, Role.SYSTEMS_EXPERT).until("pick")
    forged = with_another(case.events, "pick", Actor("analyst", Role.SYSTEMS_EXPERT))
    with pytest.raises(Refused) as caught:
        replay(forged, verifier=VERIFIER)
    assert codes(caught.value) == {"chain_against_the_rules", "duty_analysis"}


def test_an_event_tells_what_was_done_in_it_and_nothing_else() -> None:
    """A first signature is not called the decision, nor a decision by the row of another."""
    case = played("moderate")
    place = next(n for n, event in enumerate(case.events) if event.command == "decide_to_continue")
    first = case.events[place]
    assert first.name == SIGNED
    for change in ({"name": "ManagementDecided"}, {"row": "T13"}, {"name": "CityDecided", "row": "T13"}):
        forged = signed_anew(replace(first, **change))  # type: ignore[arg-type]  # by name before
        assert codes(refusal(case, [forged], place)) == {"chain_tells_otherwise"}


@pytest.mark.parametrize("place", [0, 1, -1])
def test_an_event_of_another_version_of_the_process_is_refused(place: int) -> None:
    """A case stays on the version with which it was opened; another one is not read by the rules of this one."""
    case = played("low")
    number = place % len(case.events)
    forged = signed_anew(replace(case.events[number], process="2"))
    assert codes(refusal(case, [forged], number)) == {"process_unknown"}


def test_a_time_before_the_last_event_is_refused() -> None:
    """Whoever signs: a case does not go backwards."""
    case = played("low")
    event = case.events[5]
    earlier = signed_anew(replace(event, at=case.made[4].last_at - datetime.timedelta(microseconds=1)))
    assert "clock_backwards" in codes(refusal(case, [earlier], 5))


WITHOUT_ZONE = START.replace(tzinfo=None)
ENDS_OF_THE_CALENDAR = (START.replace(year=datetime.MINYEAR), START.replace(year=datetime.MAXYEAR))
ODD_TIMES = pytest.mark.parametrize("at", [WITHOUT_ZONE, *ENDS_OF_THE_CALENDAR], ids=["no_zone", "first", "last"])


@ODD_TIMES
@pytest.mark.parametrize("place", [0, 1])
def test_a_time_from_which_no_day_can_be_counted_is_refused(at: datetime.datetime, place: int) -> None:
    """Without its time zone, or at the end of the calendar: whoever signs, and never with a failure of the code."""
    case = played("low")
    forged = signed_anew(replace(case.events[place], at=at))
    assert codes(refusal(case, [forged], place)) == {"chain_broken"}


@ODD_TIMES
def test_no_case_is_opened_at_a_time_that_a_replay_would_refuse(at: datetime.datetime) -> None:
    """A time without its zone would depend on the machine."""
    with pytest.raises(Refused) as caught:
        open_case("case-1", opening_of(LOW), by=Actor("initiator", Role.INITIATOR), at=at, signer=SIGNER)
    assert codes(caught.value) == {"clock_backwards"}


def test_nothing_is_appended_at_a_time_that_a_replay_would_refuse() -> None:
    """A server's clock at the end of the calendar writes no event that nobody can read."""
    case = Player(LOW)
    by = (Actor("initiator", Role.INITIATOR),)
    withdrawn = perform(case.initiative, Command("withdraw", by, Reasoned(WHY)), at=case.at)
    with pytest.raises(Refused) as caught:
        append(case.initiative, replace(withdrawn, at=ENDS_OF_THE_CALENDAR[1]), signer=SIGNER)
    assert codes(caught.value) == {"clock_backwards"}


@pytest.mark.parametrize("change", [{"row": "T13"}, {"command": "order_run"}, {"subject": RUN}, {"name": "Published"}])
def test_an_opening_is_nothing_but_an_opening(change: Mapping[str, str]) -> None:
    """It does not pass for a decision or an order, whoever signs it."""
    forged = signed_anew(replace(played("low").events[0], **change))  # type: ignore[arg-type]  # by name before
    with pytest.raises(Refused) as caught:
        replay([forged], verifier=VERIFIER)
    assert codes(caught.value) == {"chain_without_opening"}


def test_what_was_judged_on_an_older_state_is_not_replayed() -> None:
    """Two who act at once: the slower one's event, were it appended, would be refused by everybody who reads it."""
    case = Player(LOW).until("open_assessment")
    by = (Actor("initiator", Role.INITIATOR),)
    stale = judge(case.initiative, Command("withdraw", by, Reasoned(WHY)), at=case.at)
    assert isinstance(stale, Occurrence)
    case.give("withdraw")
    event, _ = append(case.initiative, stale, signer=SIGNER)
    with pytest.raises(Refused) as caught:
        replay([*case.events, event], verifier=VERIFIER)
    assert codes(caught.value) == {"chain_against_the_rules", "not_in_this_state"}


# --- What people wrote stays where they wrote it ---------------------------------------------------------------------


def said_by(refused: Refused) -> str:
    """Everything that a log or a page could show of a refusal."""
    told = [said.text for said in refused.objections if isinstance(said, PermitObjection)]
    words = [text.in_language(language) for text in told for language in LANGUAGES]
    return "\n".join([*traceback.format_exception(refused, limit=1), repr(refused), repr(refused.objections), *words])


@TWO_KINDS
def test_no_refusal_says_again_what_people_wrote(name: str) -> None:
    """Each entry of each paper changed in turn, by one who holds the key: the rules and the reader refuse in own words."""
    case = played(name)
    refusals = 0
    for place, event in enumerate(case.events):
        for forgery in forgeries(event, papers=name in WITH_PAPERS):
            try:
                replayed_from(case, [signed_anew(forgery.event)], place)
            except Refused as refused:
                refusals += 1
                assert CANARY not in said_by(refused)
    assert refusals > (20 if name in WITH_PAPERS else 10) * len(case.events)


def test_people_did_write_it_everywhere() -> None:
    """Were the canary nowhere, the test above would say nothing."""
    told = [canonical(event.content).decode() for event in played("commissioner_heard").events]
    assert sum(CANARY in each for each in told) > 15
    assert "".join(told).count(CANARY) > 30


@EVERY_KIND
def test_what_stands_for_a_case_in_a_log_holds_nothing_that_people_wrote(name: str) -> None:
    """Events, initiatives, commands and occurrences tell their places and names."""
    case = Player(KINDS[name], canary=True).until("close").played
    shown = [repr(value) for value in (*case.events, *case.made)]
    assert not [text for text in shown if CANARY in text]


def test_what_stands_for_a_command_in_a_log_holds_nothing_that_people_wrote() -> None:
    """Not what it carries, and not what it brings about."""
    case = Player(HEARD)
    command = Command("withdraw", (Actor("initiator", Role.INITIATOR),), Reasoned(f"{WHY} {CANARY}"))
    occurrence = perform(case.initiative, command, at=case.at)
    assert CANARY not in repr(command) + repr(occurrence)

"""What is written and read back, and the whole door: whatever comes in, a paper or an answer of the rules comes out."""

from __future__ import annotations

import datetime
import json
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.permits.cases import PUBLICATION, REGISTER, RUN, START, WHY, actors_for, people_for
from tests.jalostamo.permits.walking import CANARY, KINDS, LOW, VERIFIER, Player, played

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.concepts.languages import Text
from jalostamo.concepts.roles import Role
from jalostamo.permits.contents import canonical, content_of, value_from, written
from jalostamo.permits.events import Event, event_from, replay
from jalostamo.permits.initiative import Initiative, Opening
from jalostamo.permits.machines import STATES, Machine
from jalostamo.permits.moves import Command, state_of
from jalostamo.permits.orders import Order
from jalostamo.permits.papers import Note, Reasoned
from jalostamo.permits.people import Actor, Automaton
from jalostamo.permits.performing import Occurrence, judge, objections_to
from jalostamo.permits.tables import MACHINES, TRANSITIONS
from jalostamo.permits.terms import DataSubjects
from jalostamo.permits.transitions import Transition

PAPERS = sorted({row.paper for row in TRANSITIONS}, key=lambda paper: paper.__name__)
READ = [*PAPERS, Opening, Event, Order]
INITIATOR = (Actor("initiator", Role.INITIATOR),)


def codes(objections: tuple[Objection, ...]) -> list[str]:
    """The codes of objections, in their order."""
    return [getattr(said, "code", "") for said in objections]


def refusal(cls: type, content: object) -> list[str]:
    """Why that is no such value."""
    with pytest.raises(Refused) as caught:
        value_from(cls, content)
    return codes(caught.value.objections)


# --- Written and read back -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", KINDS)
def test_every_paper_that_was_handed_in_is_read_back_as_it_was(name: str) -> None:
    """Each of a whole case, through JSON, into the very same value."""
    papers = {row.id: row.paper for row in TRANSITIONS} | {"T00": Opening}
    for event in played(name).events:
        value = value_from(papers[event.row], json.loads(json.dumps(event.content)))
        assert content_of(value) == event.content
        assert value_from(papers[event.row], content_of(value)) == value


@written
@dataclass(frozen=True, slots=True)
class _Sample:
    """A value with a set, a mapping, a day and a letter that is none of ASCII's."""

    subjects: frozenset[DataSubjects]
    names: Mapping[str, int]
    day: datetime.date
    text: str = "å"


SAMPLE = _Sample(frozenset(DataSubjects), {"b": 2, "a": 1}, datetime.date(2026, 2, 28))


def test_a_set_and_a_mapping_are_written_in_one_order() -> None:
    """Keys and members in order, letters as they are, no white space: so its digest is one and the same."""
    told = content_of(SAMPLE)
    assert told["subjects"] == sorted(subject.value for subject in DataSubjects)
    again = replace(SAMPLE, names={"a": 1, "b": 2}, subjects=frozenset(reversed(list(DataSubjects))))
    assert canonical(content_of(again)) == canonical(told)
    assert canonical(told).decode().startswith('{"day":"2026-02-28","names":{"a":1,"b":2},"subjects":["children",')
    assert canonical(told).decode().endswith('"text":"å"}')


WRONG: Mapping[str, tuple[Mapping[str, object], str]] = {
    "missing": ({"day": None}, "entry_kind"),
    "unknown": ({"more": 1}, "entry_unknown"),
    "another_option": ({"subjects": ["adults"]}, "entry_option"),
    "text_for_a_number": ({"names": {"a": "1"}}, "entry_kind"),
    "half_a_number": ({"names": {"a": 1.5}}, "entry_kind"),
    "true_for_a_number": ({"names": {"a": True}}, "entry_kind"),
    "a_number_for_a_text": ({"text": 1}, "entry_kind"),
    "no_such_day": ({"day": "2026-02-30"}, "entry_kind"),
    "a_moment_for_a_day": ({"day": "2026-02-28T12:00:00+00:00"}, "entry_kind"),
    "a_text_for_a_list": ({"subjects": "children"}, "entry_kind"),
    "nothing_for_a_text": ({"text": None}, "entry_kind"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_with_its_place_and_not_with_its_content(what: str) -> None:
    """Reading is strict: nothing is guessed, and what was written is not said again."""
    change, code = WRONG[what]
    with pytest.raises(Refused) as caught:
        value_from(_Sample, {**content_of(SAMPLE), **change})
    assert codes(caught.value.objections) == [code]
    assert all(place in str(caught.value) for place in change)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    """Nobody mends a form one entry at a time."""
    assert refusal(_Sample, {"text": 1, "more": 2}) == ["entry_missing"] * 3 + ["entry_kind", "entry_unknown"]


def test_what_was_written_is_in_no_refusal() -> None:
    """It may be about people."""
    with pytest.raises(Refused) as caught:
        value_from(_Sample, {"text": [CANARY], "day": CANARY, "subjects": [CANARY], "names": CANARY})
    assert CANARY not in str(caught.value) + repr(caught.value.objections)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def _deep(levels: int) -> dict[str, object]:
    nested: dict[str, object] = {}
    for _ in range(levels):
        nested = {"a": nested}
    return nested


NO_JSON = {
    "nothing": None,
    "text": "text",
    "number": 7,
    "list": [],
    "bytes": b"bytes",
    "object": object(),
    "not_a_number": float("nan"),
    "without_end": {"text": float("inf")},
    "half_a_letter": {"text": "\ud800"},
    "keys_that_are_no_texts": {(1, 2): 3},
    "a_set": {"text": {1, 2}},
    "too_deep": _deep(100_000),
    "a_number_too_long_to_read": {"text": 10**5000},
}


@pytest.mark.parametrize("what", NO_JSON)
@pytest.mark.parametrize("cls", [Note, Opening, Event, Order])
def test_what_is_not_even_json_is_refused_like_anything_else(cls: type, what: str) -> None:
    """Never with a failure of the code."""
    assert set(refusal(cls, NO_JSON[what])) <= {"entry_kind", "entry_missing", "entry_unknown"}


def test_a_number_that_is_none_does_not_come_in_with_an_event() -> None:
    """Its digest could not be written down; the paper of an event may hold anything else of JSON."""
    told = content_of(played("low").events[0])
    for odd in (float("nan"), float("-inf")):
        with pytest.raises(Refused):
            event_from({**told, "content": {"x": [odd]}})


def test_a_text_without_one_of_its_languages_is_refused_and_not_a_failure() -> None:
    """The reason of a floor, in settings that came in with an opening."""
    told = content_of(played("low").events[0])
    why = {"fi": "", "sv": "x", "en": "x"}
    content = typing.cast("dict[str, dict[str, object]]", told["content"])
    floors = [{"id": "x", "why": why, "step": 3}]
    assert refusal(Opening, {**content, "settings": {**content["settings"], "floors": floors}}) == ["entry_kind"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(allow_nan=False, allow_infinity=False),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text(max_size=5), children, max_size=3),
    max_leaves=8,
)


@given(st.data())
def test_a_paper_with_anything_in_any_of_its_entries_is_read_or_refused(data: st.DataObject) -> None:
    """Whatever JSON stands in it: a value, or objections that each have their sentence."""
    cls = data.draw(st.sampled_from(READ))
    names = [field.name for field in fields(cls)]
    content = data.draw(st.dictionaries(st.sampled_from([*names, "more"]), JSON))
    try:
        value = value_from(cls, content)
    except Refused as refused:
        assert refused.objections
        assert all(said.sentence for said in refused.objections)
    else:
        assert value_from(cls, content_of(value)) == value


@given(JSON, st.sampled_from([field.name for field in fields(Event)]))
def test_a_chain_with_anything_in_an_event_is_replayed_or_refused(odd: object, entry: str) -> None:
    """From what came in as JSON to the rules."""
    told = [content_of(event) for event in played("low").events[:3]]
    told[2][entry] = odd
    try:
        replay([event_from(each) for each in told], verifier=VERIFIER)
    except Refused as refused:
        assert refused.objections
    else:
        assert event_from(told[2]) == played("low").events[2]


# --- The whole door --------------------------------------------------------------------------------------------------

ODD_COMMANDS: Mapping[str, tuple[Command, str]] = {
    "unknown": (Command("no_such_command", INITIATOR, Note()), "command_unknown"),
    "empty": (Command("", INITIATOR, Note()), "command_unknown"),
    "opening_again": (Command("open", INITIATOR, Opening()), "command_unknown"),
    "not_now": (Command("publish", INITIATOR, Note(), PUBLICATION), "not_in_this_state"),
    "with_a_subject": (Command("withdraw", INITIATOR, Reasoned(WHY), RUN), "subject_other"),
    "without_a_subject": (Command("send_request", INITIATOR, Note()), "subject_other"),
    "of_a_source_nobody_asked": (Command("send_request", INITIATOR, Note(), REGISTER), "subject_unknown"),
    "of_a_run_nobody_ordered": (Command("take_in", INITIATOR, Note(), RUN), "subject_unknown"),
    "with_no_paper": (Command("withdraw", INITIATOR, None), "paper_other"),
    "with_another_paper": (Command("withdraw", INITIATOR, Note()), "paper_other"),
    "with_json_for_a_paper": (Command("withdraw", INITIATOR, {"reason": WHY}), "paper_other"),
    "by_nobody": (Command("withdraw", (), Reasoned(WHY)), "not_this_role"),
    "by_two": (Command("withdraw", INITIATOR * 2, Reasoned(WHY)), "not_this_role"),
    "by_another_role": (Command("withdraw", (Actor("analyst", Role.ANALYST),), Reasoned(WHY)), "not_this_role"),
    "by_a_stranger": (Command("withdraw", (Actor("stranger", Role.INITIATOR),), Reasoned(WHY)), "role_not_held"),
    "by_nobody_with_a_name": (Command("withdraw", (Actor("", Role.INITIATOR),), Reasoned(WHY)), "role_not_held"),
    "by_an_automaton": (Command("withdraw", (Actor("gate", Automaton.GATE),), Reasoned(WHY)), "not_this_role"),
    "for_somebody_she_does_not_substitute": (
        Command("withdraw", (Actor("initiator", Role.INITIATOR, "analyst"),), Reasoned(WHY)),
        "role_not_held",
    ),
    "without_a_reason": (Command("withdraw", INITIATOR, Reasoned("  ")), "reason_missing"),
    "with_a_reason_too_long_to_read": (Command("withdraw", INITIATOR, Reasoned("x" * 10_001)), "reason_missing"),
}


@pytest.mark.parametrize("what", ODD_COMMANDS)
def test_an_odd_command_is_refused_with_a_sentence(what: str) -> None:
    """Deny by default: whatever is not allowed says what it is not."""
    command, code = ODD_COMMANDS[what]
    found = objections_to(Player(LOW).initiative, command, at=START)
    assert codes(found) == [code]
    assert all(said.sentence for said in found)


def test_a_person_is_no_automaton_by_calling_herself_one() -> None:
    """Automatons act under their own names."""
    case = Player(LOW).until("grant_access")
    command = Command("note_all_granted", (Actor("analyst", Automaton.PROCESS),), Note())
    assert codes(objections_to(case.initiative, command, at=case.at)) == ["role_not_held"]


SPOTS = [initiative for name in ("moderate", "commissioner_heard") for initiative in played(name).made[::3]]
"""A case in every phase."""


def rows_at(initiative: Initiative) -> Iterator[tuple[Transition, str]]:
    """Every row that a case has now, with its subject."""
    runs = [made.id for made in initiative.runs] or [RUN]
    subjects = [(Machine.PERMIT, ""), (Machine.REQUEST, REGISTER), (Machine.PUBLICATION, PUBLICATION)]
    for machine, subject in (*subjects, *((m, run) for run in runs for m in (Machine.RUN, Machine.DATASET))):
        state = state_of(initiative, machine, subject)
        for row in TRANSITIONS:
            if row.machine is machine and state is not None and STATES[machine](state) in row.sources:
                yield row, subject


def test_every_command_is_refused_with_every_other_paper() -> None:
    """At every spot of two cases; the right paper is never called another."""
    others = {paper: filled(paper, "empty") for paper in PAPERS}
    for initiative in SPOTS:
        for row, subject in rows_at(initiative):
            who = next(actors_for(initiative, row))
            for paper, content in others.items():
                found = judge(initiative, Command(row.command, who, content, subject), at=initiative.last_at)
                is_other = isinstance(found, tuple) and codes(found) == ["paper_other"]
                assert is_other is (paper is not row.paper)


def test_no_command_of_the_table_fails_on_a_case_that_is_elsewhere() -> None:
    """Every command, on every odd subject, at every spot: an answer."""
    for initiative in SPOTS:
        for name in MACHINES:
            for subject in ("", REGISTER, RUN, "no such thing"):
                assert judge(initiative, Command(name, INITIATOR, Note(), subject), at=initiative.last_at)


FILLED: Mapping[str, Mapping[type, object]] = {
    "empty": {str: "", int: 0, bool: False, datetime.date: datetime.date.min},
    "too_much": {str: "x" * 20_000, int: 10**30, bool: True, datetime.date: datetime.date.max},
    "odd": {str: "\x00 {} {place} %s", int: -1, bool: True, datetime.date: START.date()},
}


def filled[Value](cls: type[Value], how: str) -> Value:
    """A value of that class with nothing in any entry, too much, or something odd."""
    hints = typing.get_type_hints(cls)
    return cls(**{field.name: _entry(hints[field.name], how) for field in fields(cls)})  # type: ignore[arg-type]  # any


def _entry(kind: typing.Any, how: str) -> object:  # noqa: ANN401  # a type, or what typing makes of several
    parts = typing.get_args(kind)
    known = [part for part in parts if part not in {type(None), Ellipsis}]
    if kind in FILLED[how]:
        return FILLED[how][kind]
    if kind is Text:
        return Text("x", "x", "x")
    if isinstance(kind, type) and issubclass(kind, Enum):
        return list(kind)[0 if how == "empty" else -1]
    if is_dataclass(kind):
        return filled(typing.cast("type[object]", kind), how)
    if isinstance(kind, types.UnionType):
        return None if how == "empty" else _entry(known[0], how)
    return _several(typing.cast("type", typing.get_origin(kind)), known, how, is_long=Ellipsis in parts)


def _several(kind: type, parts: list[object], how: str, *, is_long: bool) -> object:
    if kind is tuple and not is_long:
        return tuple(_entry(part, how) for part in parts)
    entries = [] if how == "empty" else [[_entry(part, how) for part in parts]]
    if kind in {tuple, frozenset}:
        return kind(entry for (entry,) in entries)
    return {key: entry for key, entry in entries}


@pytest.mark.parametrize("how", FILLED)
def test_no_paper_makes_a_rule_fail(how: str) -> None:
    """With nothing in any entry, too much in each, or something odd: the rules answer, by whoever may act."""
    answers = 0
    for initiative in SPOTS:
        for row, subject in rows_at(initiative):
            content = filled(row.paper, how)
            for who in actors_for(initiative, row):
                found = judge(initiative, Command(row.command, who, content, subject), at=initiative.last_at)
                assert found if isinstance(found, tuple) else isinstance(found, Occurrence)
                answers += 1
    assert answers > 500


def test_a_role_that_nobody_granted_is_no_role() -> None:
    """By name, both who grants and who confirms are somebody."""
    given_role = people_for(LOW)[0]
    for change in ({"granted_by": ""}, {"confirmed_by": " "}, {"person": ""}):
        with pytest.raises(Refused) as caught:
            Player(LOW, opening=Opening(people=(replace(given_role, **change),)))  # type: ignore[arg-type]  # by name
        assert codes(caught.value.objections) == ["assignment_alone"]

"""What a municipality sets for itself: everything tightens what is shipped, and really does so in a case that is played."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.permits.cases import PUBLICATION, RUN, START, WHY, decision_for, opening_of, people_for
from tests.jalostamo.permits.walking import HEARD, HIGH, LOW, MODERATE, SIGNER, VERIFIER, Player, route, signed_anew

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.concepts.languages import LANGUAGES, Text
from jalostamo.concepts.roles import Role
from jalostamo.permits.contents import content_of
from jalostamo.permits.decisions import Intervals
from jalostamo.permits.estimates.costs import CostThresholds
from jalostamo.permits.estimates.risks import Floor
from jalostamo.permits.events import open_case, replay
from jalostamo.permits.initiative import Opening
from jalostamo.permits.machines import PermitState
from jalostamo.permits.moves import Command
from jalostamo.permits.municipality import MunicipalityFile, municipality_from, objections_to_settings
from jalostamo.permits.objections import PermitObjection
from jalostamo.permits.papers import GroupStatement, Note, Reasoned
from jalostamo.permits.people import Actor, Assignment
from jalostamo.permits.performing import objections_to
from jalostamo.permits.settings import DEADLINES, Deadline, KeptApart, MoreSignature, Settings
from jalostamo.permits.tables import MACHINES, TRANSITIONS
from jalostamo.permits.terms import DataSubjects, Level, Step
from jalostamo.permits.times import answer_by, delete_by

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "municipality.toml"
WRITTEN = EXAMPLE.read_text(encoding="utf-8")
PROTECTED = sorted({row.command for row in TRANSITIONS if row.protects})
PERSON = {
    "person": "s-01",
    "role": "validator",
    "since": datetime.date(2026, 1, 1),
    "until": datetime.date(2026, 12, 31),
    "granted_by": "s-90",
    "confirmed_by": "s-91",
}
WHY_IN_ALL = {"fi": "Syy.", "sv": "Skäl.", "en": "Reason."}


def codes(objections: tuple[Objection, ...]) -> list[str]:
    """The codes of objections, in their order."""
    return [getattr(said, "code", "") for said in objections]


def refusal(content: object) -> list[str]:
    """Why a file is refused; each objection has its sentence in every language."""
    with pytest.raises(Refused) as caught:
        municipality_from(content)
    for said in caught.value.objections:
        assert isinstance(said, PermitObjection)
        assert all(said.text.in_language(language).strip() for language in LANGUAGES)
    return codes(caught.value.objections)


def with_settings(settings: Settings, kind: object = LOW) -> Player:
    """A case that is opened with these settings."""
    assert objections_to_settings(settings) == ()
    return Player(kind, opening=opening_of(kind, settings=settings))  # type: ignore[arg-type]  # a kind


# --- The example -----------------------------------------------------------------------------------------------------


def test_the_example_is_read_as_it_is_written() -> None:
    """It tightens in every way there is."""
    town = municipality_from(tomllib.loads(WRITTEN))
    assert town.settings.removed == frozenset({"ask_ad_hoc"})
    assert town.settings.intervals == Intervals(18, 9, 9, 4)
    assert town.settings.thresholds == CostThresholds(40, 150, 500, 650)
    assert town.settings.deadlines[Deadline.PRIVACY_STATEMENT] == 10
    assert town.settings.more_signatures == (MoreSignature("publish", Role.PRIVACY_PERSON),)
    assert town.settings.apart == (KeptApart(Role.PUBLISHER, Role.OUTPUT_CHECKER),)
    assert [floor.step for floor in town.settings.floors] == [Step.MODERATE]
    assert town.opening == Opening(town.settings, town.people)
    assert {given.substitute_for for given in town.people} == {None, "s-03"}


def test_the_example_shows_every_key() -> None:
    """A key that is added to the file is added to the example."""
    told = tomllib.loads(WRITTEN)
    shown = {
        MunicipalityFile: told,
        Intervals: told["intervals"],
        CostThresholds: told["costs"],
        MoreSignature: told["signature"][0],
        KeptApart: told["apart"][0],
        Floor: told["floor"][0],
        Assignment: {key for person in told["person"] for key in person},
    }
    for cls, keys in shown.items():
        assert {field.name for field in fields(cls)} == set(keys), cls.__name__
    assert set(told["deadlines"]) == {deadline.value for deadline in Deadline}


def test_the_example_explains_every_key_where_it_first_stands() -> None:
    """Beside it, or in the lines above its block."""
    lines = WRITTEN.splitlines()
    unexplained, seen = [], set()
    for number, line in enumerate(lines):
        key = re.match(r"(\w+) = |\[+([\w.]+)\]+", line)
        if key is None or key.group() in seen:
            continue
        seen.add(key.group())
        above = lines[number - 1]
        block = above.startswith(("#", "[")) or re.match(r"(one|sv|en|fi|other) = ", above)
        if "#" not in line and not block:
            unexplained.append(line)
    assert unexplained == []


def test_the_example_says_what_is_shipped_as_it_is_shipped() -> None:
    """Its comments are figures of the code."""
    said = dict(re.findall(r"^(\w+) = .*?; (?:shipped:|at most|at least) (\d+)$", WRITTEN, re.MULTILINE))
    shipped = {deadline.value: days for deadline, days in DEADLINES.items()}
    for told in (Intervals(), CostThresholds()):
        shipped |= {field.name: getattr(told, field.name) for field in fields(told)}
    assert {key: int(figure) for key, figure in said.items()} == shipped


def test_a_case_is_played_by_the_people_of_the_example() -> None:
    """They are enough for a whole case of low risk, with the signature that the town asks for."""
    town = municipality_from(tomllib.loads(WRITTEN))
    unit = town.settings.group_unit
    assert unit == "knowledge-services"
    case = Player(LOW, opening=town.opening)
    for command, subject, pick in route(LOW):
        content = _shorter(case) if command == "confirm_low" else None
        case.give(command, subject, pick=pick, content=content)
    assert case.initiative.state is PermitState.CLOSED
    assert replay(case.events, verifier=VERIFIER) == case.initiative
    assert "privacy_person" in {actor.role for event in case.events[-6:] for actor in event.actors}


def _shorter(case: Player) -> GroupStatement:
    day = case.initiative.local_day(case.at)
    decision = decision_for(case.initiative, Level.LOW, day)
    return GroupStatement(WHY, Level.LOW, replace(decision, valid_until=day + datetime.timedelta(days=200)))


def test_an_empty_file_is_what_is_shipped() -> None:
    """Nothing has to be set."""
    town = municipality_from({})
    assert (town.settings, town.people) == (Settings(), ())
    assert objections_to_settings(Settings()) == ()


# --- What would loosen -----------------------------------------------------------------------------------------------

LOOSENED: Mapping[str, tuple[Mapping[str, object], list[str]]] = {
    "longer_validity": ({"intervals": {"longest": 25}}, ["interval_loosened"]),
    "longer_validity_one_off": ({"intervals": {"longest_one_off": 13}}, ["interval_loosened"]),
    "longer_interval_moderate": ({"intervals": {"reassessment_moderate": 13}}, ["interval_loosened"]),
    "longer_interval_high": ({"intervals": {"reassessment_high": 7}}, ["interval_loosened"]),
    "no_interval": ({"intervals": {"reassessment_high": 0}}, ["interval_loosened"]),
    "interval_below_nothing": ({"intervals": {"reassessment_high": -1}}, ["interval_loosened"]),
    "all_intervals": (
        {"intervals": {field.name: 999 for field in fields(Intervals)}},
        ["interval_loosened"] * len(fields(Intervals)),
    ),
    "shorter_privacy_time": ({"deadlines": {"privacy_statement": 6}}, ["deadline_loosened"]),
    "shorter_notice": ({"deadlines": {"reassessment_notice": 29}}, ["deadline_loosened"]),
    "privacy_time_without_end": ({"deadlines": {"privacy_statement": 366}}, ["deadline_loosened"]),
    "unknown_deadline": ({"deadlines": {"lunch": 1}}, ["entry_option"]),
    "unknown_command_removed": ({"remove": ["no_such_command"]}, ["remove_unknown"]),
    "no_way_left": ({"remove": ["submit_assessment"]}, ["remove_leaves_no_way"]),
    "no_run_left": ({"remove": ["order_run"]}, ["remove_leaves_no_way"]),
    "signature_for_nothing": ({"signature": [{"command": "lunch", "role": "auditor"}]}, ["signature_unknown"]),
    "signature_of_nobody": ({"signature": [{"command": "publish", "role": "king"}]}, ["entry_option"]),
    "signature_of_an_automaton": ({"signature": [{"command": "publish", "role": "gate"}]}, ["entry_option"]),
    "apart_from_itself": ({"apart": [{"one": "analyst", "other": "analyst"}]}, ["apart_from_itself"]),
    "no_reminders": ({"reminders": []}, ["reminders_odd"]),
    "reminder_on_the_day": ({"reminders": [7, 0]}, ["reminders_odd"]),
    "reminder_too_early": ({"reminders": [366]}, ["reminders_odd"]),
    "no_such_zone": ({"timezone": "Europe/Atlantis"}, ["timezone_unknown"]),
    "zone_by_path": ({"timezone": "../../etc/passwd"}, ["timezone_unknown"]),
    "no_zone": ({"timezone": ""}, ["timezone_unknown"]),
    "floor_without_step": ({"floor": [{"id": "x", "why": WHY_IN_ALL}]}, ["entry_missing"]),
    "floor_of_an_odd_step": ({"floor": [{"id": "x", "why": WHY_IN_ALL, "step": "huge"}]}, ["entry_option"]),
    "floor_of_a_number": ({"floor": [{"id": "x", "why": WHY_IN_ALL, "step": 9}]}, ["entry_option"]),
    "floor_without_why": ({"floor": [{"id": "x", "why": {**WHY_IN_ALL, "sv": ""}, "step": "high"}]}, ["entry_kind"]),
    "costs_in_disorder": ({"costs": {"low_from": 999}}, ["estimate_thresholds_order"]),
    "costs_of_nothing": ({"costs": {"euros_per_day": 0}}, ["estimate_thresholds_order"]),
    "outside_without_contract": ({"person": [{**PERSON, "organisation": "naapuri"}]}, ["assignment_contract"]),
    "outside_with_a_blank_contract": (
        {"person": [{**PERSON, "organisation": "naapuri", "contract": "  "}]},
        ["assignment_contract"],
    ),
    "outside_as_analyst": (
        {"person": [{**PERSON, "role": "analyst", "organisation": "naapuri", "contract": "1/2026"}]},
        ["assignment_outside"],
    ),
    "granted_to_herself": ({"person": [{**PERSON, "granted_by": "s-01"}]}, ["assignment_alone"]),
    "confirmed_by_herself": ({"person": [{**PERSON, "confirmed_by": "s-01"}]}, ["assignment_alone"]),
    "granted_by_one_alone": ({"person": [{**PERSON, "confirmed_by": "s-90"}]}, ["assignment_alone"]),
    "granted_by_nobody": ({"person": [{**PERSON, "granted_by": ""}]}, ["assignment_alone"]),
    "given_to_nobody": ({"person": [{**PERSON, "person": " "}]}, ["assignment_alone"]),
    "days_in_disorder": ({"person": [{**PERSON, "until": datetime.date(2025, 1, 1)}]}, ["assignment_days"]),
    "substitute_for_nobody": ({"person": [{**PERSON, "substitute_for": "s-02"}]}, ["substitute_for_nobody"]),
    "substitute_for_another_role": (
        {"person": [{**PERSON, "substitute_for": "s-02"}, {**PERSON, "person": "s-02", "role": "publisher"}]},
        ["substitute_for_nobody"],
    ),
    "substitute_for_a_substitute": (
        {
            "person": [
                {**PERSON, "person": "s-03", "substitute_for": "s-02"},
                {**PERSON, "person": "s-02", "substitute_for": "s-01"},
                PERSON,
            ]
        },
        ["substitute_for_nobody"],
    ),
    "substitute_for_herself": (
        {"person": [PERSON, {**PERSON, "substitute_for": "s-01"}]},
        ["assignment_substitute"],
    ),
    "unknown_role": ({"person": [{**PERSON, "role": "king"}]}, ["entry_option"]),
    "automaton_as_a_role": ({"person": [{**PERSON, "role": "gate"}]}, ["entry_option"]),
    "unknown_key": ({"guards": []}, ["entry_unknown"]),
    "unknown_key_of_a_person": ({"person": [{**PERSON, "is_king": True}]}, ["entry_unknown"]),
    "text_for_days": ({"deadlines": {"deletion": "60"}}, ["entry_kind"]),
    "half_days": ({"deadlines": {"deletion": 1.5}}, ["entry_kind"]),
    "true_for_days": ({"deadlines": {"deletion": True}}, ["entry_kind"]),
    "text_for_a_list": ({"remove": "publish"}, ["entry_kind"]),
    "moment_for_a_day": (
        {"person": [{**PERSON, "since": datetime.datetime(2026, 1, 1, 9, 0, tzinfo=datetime.UTC)}]},
        ["entry_kind"],
    ),
    "list_for_the_file": ({"person": {}}, ["entry_kind"]),
}


@pytest.mark.parametrize("how", LOOSENED)
def test_a_file_that_would_loosen_the_process_is_refused_with_a_sentence(how: str) -> None:
    """Every way that somebody could think of, and every slip of the pen."""
    content, wanted = LOOSENED[how]
    assert refusal(content) == wanted


@pytest.mark.parametrize("content", [None, [], "remove", 7, {7: 8}, datetime.date(2026, 1, 1)])
def test_what_is_no_file_at_all_is_refused(content: object) -> None:
    """Never with a failure of the code."""
    assert set(refusal(content)) <= {"entry_kind", "entry_unknown"}


def test_everything_that_would_loosen_is_said_at_once() -> None:
    """Whoever writes the file mends it once."""
    found = refusal({"remove": ["refuse"], "timezone": "x", "reminders": [0], "intervals": {"longest": 99}})
    assert found == ["timezone_unknown", "remove_protects", "interval_loosened", "reminders_odd"]


@pytest.mark.parametrize("command", PROTECTED)
def test_what_protects_people_is_neither_removed_nor_made_harder(command: str) -> None:
    """A stop that needs one more signature is a slower stop."""
    assert refusal({"remove": [command]}) == ["remove_protects"]
    assert refusal({"signature": [{"command": command, "role": "auditor"}]}) == ["signature_protects"]


@pytest.mark.parametrize("deadline", Deadline)
def test_a_deadline_is_as_shipped_or_tighter(deadline: Deadline) -> None:
    """Of each: as shipped and one day tighter is read, one day looser and no day at all is refused."""
    shipped = DEADLINES[deadline]
    longer = deadline in {Deadline.PRIVACY_STATEMENT, Deadline.REASSESSMENT_NOTICE}
    tighter, looser = (shipped + 1, shipped - 1) if longer else (shipped - 1, shipped + 1)
    for days in (shipped, tighter):
        town = municipality_from({"deadlines": {deadline.value: days}})
        assert town.settings.deadlines == {**DEADLINES, deadline: days}
    for days in (looser, 0, -1, 10**30):
        assert refusal({"deadlines": {deadline.value: days}}) == ["deadline_loosened"]


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=5,
)
SENSIBLE = tomllib.loads(WRITTEN)


@given(st.data())
def test_a_file_with_anything_in_any_place_is_read_or_refused(data: st.DataObject) -> None:
    """Whatever TOML can hold, wherever it stands."""
    file = dict(SENSIBLE)
    key = data.draw(st.sampled_from([*file, "more"]))
    inner = file.get(key)
    if isinstance(inner, dict):
        file[key] = {**inner, data.draw(st.sampled_from([*inner, "more"])): data.draw(ODD)}
    elif isinstance(inner, list) and isinstance(inner[0], dict) and data.draw(st.booleans()):
        file[key] = [{**inner[0], data.draw(st.sampled_from([*inner[0], "more"])): data.draw(ODD)}, *inner[1:]]
    else:
        file[key] = data.draw(ODD)
    try:
        town = municipality_from(file)
    except Refused as refused:
        assert refused.objections
    else:
        assert objections_to_settings(town.settings) == ()


# --- What tightens, in cases that are played -------------------------------------------------------------------------

ON_THE_WAY = sorted({command for command, _, _ in route(HEARD)} - set(PROTECTED))


def test_one_more_signature_is_really_asked_for_and_can_be_given() -> None:
    """Of every command of a whole case that is not protected: none fires without it, and the case comes to its end."""
    more = tuple(MoreSignature(command, Role.AUDITOR) for command in ON_THE_WAY)
    case = with_settings(Settings(more_signatures=more), HEARD)
    for command, subject, pick in route(HEARD):
        slots = case.row(command, subject).signatures.slots
        submissions = 0
        fires = False
        while not fires:
            fires = case.sign(command, subject, pick=pick)
            submissions += 1
        assert (command in ON_THE_WAY) is any(Role.AUDITOR in slot for slot in slots), command
        assert submissions == len(slots) or command not in ON_THE_WAY, command
    assert case.initiative.state is PermitState.CLOSED
    assert replay(case.events, verifier=VERIFIER) == case.initiative


def test_without_the_signature_that_the_town_asks_for_nothing_is_published() -> None:
    """The publisher alone is no longer enough, and does not sign for the other one."""
    case = with_settings(Settings(more_signatures=(MoreSignature("publish", Role.PRIVACY_PERSON),))).until("pass_gate")
    publisher = Command("publish", (Actor("publisher", Role.PUBLISHER),), Note(), PUBLICATION)
    assert not case.do(publisher)
    assert codes(objections_to(case.initiative, publisher, at=case.at)) == ["signed_already"]
    assert case.do(replace(publisher, actors=(Actor("privacy_person", Role.PRIVACY_PERSON),)))


def test_whoever_signs_on_the_town_s_behalf_is_another_person() -> None:
    """Two signatures by one person in two roles are one."""
    settings = Settings(more_signatures=(MoreSignature("publish", Role.PRIVACY_PERSON),))
    own = people_for(LOW)
    both = replace(next(given for given in own if given.role is Role.PRIVACY_PERSON), person="publisher")
    case = Player(LOW, opening=Opening(settings, (*own, both))).until("pass_gate")
    case.do(Command("publish", (Actor("publisher", Role.PUBLISHER),), Note(), PUBLICATION))
    again = Command("publish", (Actor("publisher", Role.PRIVACY_PERSON),), Note(), PUBLICATION)
    assert "signed_already" in codes(objections_to(case.initiative, again, at=case.at))


def test_a_command_that_was_removed_is_refused_where_it_had_a_row() -> None:
    """By the rules, and so in every replay."""
    removed = Settings(removed=frozenset({"hold_review_round", "record_follow_up"}))
    case = with_settings(removed).until("finish_analysis")
    for name in removed.removed:
        command = Command(name, (Actor("initiator", Role.INITIATOR),), Note())
        assert codes(objections_to(case.initiative, command, at=case.at)) == ["command_removed"]


def test_a_shorter_validity_bounds_every_decision() -> None:
    """A permit of one year is refused where the town gives nine months."""
    own = Settings(intervals=Intervals(longest_one_off=9))
    case = with_settings(own).until("give_privacy_statement")
    with pytest.raises(Refused) as caught:
        case.give("confirm_low")
    assert codes(caught.value.objections) == ["ends_too_late"]


def test_a_floor_of_the_town_raises_the_level_and_with_it_who_decides() -> None:
    """What was low is moderate here, and goes to management."""
    floor = Floor(
        "town", Text("Syy.", "Skäl.", "Reason."), Step.MODERATE, data_subjects=frozenset({DataSubjects.OTHERS})
    )
    case = with_settings(Settings(floors=(floor,))).until("give_privacy_statement")
    assert case.initiative.assessed is not None
    assert case.initiative.assessed.level is Level.MODERATE
    with pytest.raises(Refused) as caught:
        case.give("confirm_low")
    assert "level_not_low" in codes(caught.value.objections)


def test_a_floor_of_the_town_never_lowers_a_level() -> None:
    """It is one more, whatever it says."""
    floor = Floor("town", Text("Syy.", "Skäl.", "Reason."), Step.VERY_LOW)
    case = with_settings(Settings(floors=(floor,)), HIGH).until("submit_assessment")
    assert case.initiative.assessed is not None
    assert case.initiative.assessed.level is Level.HIGH


def test_two_roles_that_the_town_keeps_apart_are_not_one_person_s() -> None:
    """Shipped, a publisher may have checked; here she may not."""
    own = people_for(HEARD)
    both = replace(next(given for given in own if given.role is Role.PUBLISHER), person="checker_1")
    kept = Settings(apart=(KeptApart(Role.PUBLISHER, Role.OUTPUT_CHECKER),))
    publish = Command("publish", (Actor("checker_1", Role.PUBLISHER),), Note(), PUBLICATION)
    for settings, wanted in ((Settings(), []), (kept, ["duty_of_the_city"])):
        case = Player(HEARD, opening=Opening(settings, (*own, both))).until("clear_microdata")
        assert codes(objections_to(case.initiative, publish, at=case.at)) == wanted


def test_a_shorter_deadline_is_the_one_that_counts() -> None:
    """Of an answer, and of destroying."""
    days = {**DEADLINES, Deadline.GROUP_STATEMENT: 5, Deadline.DELETION: 10}
    case = with_settings(Settings(deadlines=days)).until("submit_assessment")
    assert answer_by(case.initiative) == START.date() + datetime.timedelta(days=5)
    case = with_settings(Settings(deadlines=days)).until("start_analysis").give("withdraw")
    assert delete_by(case.initiative, at=case.at) == START.date() + datetime.timedelta(days=10)


def test_a_longer_time_for_the_privacy_person_is_kept() -> None:
    """The group waits for her as long as the town says."""
    days = {**DEADLINES, Deadline.PRIVACY_STATEMENT: 20}
    case = with_settings(Settings(deadlines=days)).until("submit_assessment").wait(days=15)
    with pytest.raises(Refused) as caught:
        case.give("confirm_low")
    assert codes(caught.value.objections) == ["privacy_person_unheard"]


# --- Settings that came in with an opening ---------------------------------------------------------------------------

FORGED: Mapping[str, tuple[Callable[[Settings], Settings], str]] = {
    "longer_interval": (lambda own: replace(own, intervals=Intervals(longest=600)), "interval_loosened"),
    "longer_deadline": (
        lambda own: replace(own, deadlines={**DEADLINES, Deadline.DELETION: 3650}),
        "deadline_loosened",
    ),
    "no_privacy_time": (
        lambda own: replace(own, deadlines={**DEADLINES, Deadline.PRIVACY_STATEMENT: 0}),
        "deadline_loosened",
    ),
    "no_deadlines": (lambda own: replace(own, deadlines={}), "deadlines_missing"),
    "no_revoking": (lambda own: replace(own, removed=frozenset({"revoke"})), "remove_protects"),
    "slower_suspending": (
        lambda own: replace(own, more_signatures=(MoreSignature("suspend", Role.ANALYST),)),
        "signature_protects",
    ),
    "no_reminders": (lambda own: replace(own, reminders=()), "reminders_odd"),
    "no_such_zone": (lambda own: replace(own, timezone="Mars/Olympus"), "timezone_unknown"),
}


@pytest.mark.parametrize("how", FORGED)
def test_settings_that_loosen_are_refused_with_the_opening_that_carries_them(how: str) -> None:
    """When a case is opened, and in a forged opening that a known key has signed, when it is replayed."""
    change, code = FORGED[how]
    opening = opening_of(LOW)
    forged = replace(opening, settings=change(opening.settings))
    by = Actor("initiator", Role.INITIATOR)
    with pytest.raises(Refused) as caught:
        open_case("case-1", forged, by=by, at=START, signer=SIGNER)
    assert codes(caught.value.objections) == [code]
    event, _ = open_case("case-1", opening, by=by, at=START, signer=SIGNER)
    with pytest.raises(Refused) as caught:
        replay([signed_anew(replace(event, content=content_of(forged)))], verifier=VERIFIER)
    assert codes(caught.value.objections) == [code]


@pytest.mark.parametrize("change", [{"granted_by": "analyst"}, {"organisation": "naapuri"}, {"until": "2025-01-01"}])
def test_people_who_gave_themselves_their_roles_are_refused_with_the_opening(change: Mapping[str, object]) -> None:
    """Whoever signs it."""
    event, _ = open_case("case-1", opening_of(LOW), by=Actor("initiator", Role.INITIATOR), at=START, signer=SIGNER)
    people = [each | change if each["person"] == "analyst" else each for each in event.content["people"]]  # type: ignore[attr-defined]  # a list
    with pytest.raises(Refused) as caught:
        replay([signed_anew(replace(event, content={**event.content, "people": people}))], verifier=VERIFIER)
    assert {code.partition("_")[0] for code in codes(caught.value.objections)} == {"assignment"}


def test_every_command_is_protected_or_can_be_removed() -> None:
    """Nothing else can be said of one, and a town that keeps to it is read."""
    for command in sorted(set(MACHINES) - set(PROTECTED)):
        try:
            municipality_from({"remove": [command]})
        except Refused as refused:
            assert codes(refused.objections) == ["remove_leaves_no_way"]


def test_a_withdrawal_is_always_open_however_tight_a_town_is() -> None:
    """The whole example set upon a case: its initiator still ends it alone."""
    case = Player(MODERATE, opening=municipality_from(SENSIBLE).opening).until("describe")
    assert case.do(Command("withdraw", (Actor("s-01", Role.INITIATOR),), Reasoned(WHY)))
    assert case.initiative.run_called(RUN) is None

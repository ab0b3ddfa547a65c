"""How a command is judged: deny by default, then the row, the signatures, the duties and the guards, in that order."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from tests.jalostamo.permits.cases import PUBLICATION, REGISTER, RESULT, RUN, START, WHY, Kind, decision_for, opening_of
from tests.jalostamo.permits.played import (
    HIGH,
    HIGH_ROWS,
    LOW,
    MODERATE,
    after,
    along,
    before,
    by,
    codes_of,
    done,
    in_days,
    opened_with,
    paper_of,
    refused,
    row_of,
)

from jalostamo.concepts.errors import Refused
from jalostamo.concepts.roles import Role
from jalostamo.permits import papers
from jalostamo.permits.applying import applied
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.machines import PermitState
from jalostamo.permits.moves import Command, Move
from jalostamo.permits.papers import Note, Reasoned
from jalostamo.permits.people import Actor, Assignment, Automaton, automaton
from jalostamo.permits.performing import Occurrence, bound_of, judge, objections_to, perform, row_for, scope_of
from jalostamo.permits.settings import MoreSignature, Settings
from jalostamo.permits.terms import Level
from jalostamo.permits.work_papers import Clearance, OutputKind

DSP, TDS, BRM = Role.DATA_SECURITY_PERSON, Role.TECHNICAL_DATA_SECURITY_PERSON, Role.BRANCH_MANAGER
OUT, OWN = Role.OUTPUT_CHECKER, Role.SOURCE_SYSTEM_OWNER
MICRODATA = replace(HIGH_ROWS, output=OutputKind.MICRODATA)


def judged(case: Initiative, command: Command, *, at: datetime.datetime = START) -> set[str]:
    return codes_of(objections_to(case, command, at=at))


def given(case: Initiative, command: Command) -> Initiative:
    return applied(case, perform(case, command, at=START))


def cleared(checker: str, *outputs: str, remarks: str = "") -> Command:
    return Command("clear_microdata", (Actor(checker, OUT),), Clearance(outputs or (RESULT,), remarks), PUBLICATION)


def statement(*roles: Role, text: str = WHY, person: str | None = None) -> Command:
    actors = by(*roles) if person is None else tuple(Actor(person, role) for role in roles)
    return Command("refuse", actors, Reasoned(text))


def with_people(case: Initiative, *people: Assignment) -> Initiative:
    return replace(case, people=(*case.people, *people))


def assigned(person: str, role: Role, **changed: object) -> Assignment:
    first, last = datetime.date(2026, 1, 1), datetime.date(2026, 12, 31)
    return replace(Assignment(person, role, first, last, "grants", "confirms"), **changed)


class TestDenyByDefault:
    def test_a_command_that_is_none_is_refused(self) -> None:
        assert judged(before(LOW, "describe"), Command("publish_all", by(Role.PUBLISHER), Note())) == {
            "command_unknown"
        }

    def test_a_command_that_the_municipality_does_without_is_refused(self) -> None:
        case = replace(before(LOW, "open_assessment"), settings=Settings(removed=frozenset({"open_assessment"})))
        assert refused(LOW, case, "open_assessment") == {"command_removed"}
        assert refused(LOW, before(LOW, "open_assessment"), "open_assessment") == set()

    @pytest.mark.parametrize(("name", "subject"), [("describe", RUN), ("send_request", ""), ("publish", "")])
    def test_a_command_of_the_permit_has_no_subject_and_every_other_has_one(self, name: str, subject: str) -> None:
        case = before(LOW, "send_request")
        assert judged(case, Command(name, by(Role.ANALYST), Note(), subject)) == {"subject_other"}

    @pytest.mark.parametrize("name", ["send_request", "merge"])
    def test_a_subject_that_the_case_does_not_have_is_refused(self, name: str) -> None:
        command = Command(name, by(Role.ANALYST), Note(), "elsewhere")
        assert judged(before(LOW, "send_request"), command) == {"subject_unknown"}

    def test_a_state_without_a_row_for_it_refuses_a_command(self) -> None:
        command = Command("open_requests", by(Role.ANALYST), Note())
        assert judged(before(LOW, "describe"), command) == {"not_in_this_state"}

    @pytest.mark.parametrize("content", [None, "a note", Reasoned(WHY)], ids=["nothing", "a text", "another paper"])
    def test_a_command_carries_its_own_paper(self, content: object) -> None:
        command = Command("open_assessment", by(Role.INITIATOR), content)
        assert judged(before(LOW, "open_assessment"), command) == {"paper_other"}

    def test_time_does_not_run_backwards(self) -> None:
        case = after(LOW, "describe")
        command = Command("open_assessment", by(Role.INITIATOR), Note())
        assert judged(case, command, at=START - datetime.timedelta(microseconds=1)) == {"clock_backwards"}
        assert judged(case, command, at=START) == set()

    def test_a_time_says_its_zone(self) -> None:
        command = Command("open_assessment", by(Role.INITIATOR), Note())
        assert judged(after(LOW, "describe"), command, at=START.replace(tzinfo=None)) == {"clock_backwards"}

    def test_a_refusal_is_raised_with_every_objection_and_the_first_as_its_reason(self) -> None:
        with pytest.raises(Refused) as refusal:
            perform(before(LOW, "describe"), Command("publish_all", (), None), at=START)
        assert codes_of(refusal.value.objections) == {"command_unknown"}
        assert refusal.value.reason == "command_unknown"


class TestSignatures:
    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.INITIATOR])
    def test_a_role_that_the_row_does_not_name_is_refused(self, role: Role) -> None:
        case = before(LOW, "open_assessment")
        assert judged(case, Command("open_assessment", by(role), Note())) == {"not_this_role"}

    def test_who_may_is_named_in_each_language(self) -> None:
        case = before(LOW, "describe")
        (found,) = objections_to(case, Command("describe", by(OWN), paper_of(LOW, case, "describe")), at=START)
        assert "analyst" in found.sentence.lower()
        assert len({found.text.fi, found.text.sv, found.text.en}) == 3

    @pytest.mark.parametrize("actors", [(), by(Role.INITIATOR), by(Role.INITIATOR, Role.ANALYST, Role.ANALYST)])
    def test_what_is_handed_in_together_is_handed_in_by_all_and_by_nobody_else(self, actors: tuple[Actor, ...]) -> None:
        case = before(LOW, "submit_assessment")
        paper = paper_of(LOW, case, "submit_assessment")
        assert judged(case, Command("submit_assessment", actors, paper)) == {"not_this_role"}

    def test_those_who_hand_in_together_stand_in_any_order(self) -> None:
        case = before(LOW, "submit_assessment")
        paper = paper_of(LOW, case, "submit_assessment")
        for roles in ((Role.INITIATOR, Role.ANALYST), (Role.ANALYST, Role.INITIATOR)):
            assert judged(case, Command("submit_assessment", by(*roles), paper)) == set()

    def test_two_of_one_side_are_not_both_sides(self) -> None:
        case = before(LOW, "submit_assessment")
        paper = paper_of(LOW, case, "submit_assessment")
        assert judged(case, Command("submit_assessment", by(Role.ANALYST, Role.ANALYST), paper)) == {"not_this_role"}

    @pytest.mark.parametrize("roles", [(DSP, TDS), (TDS, DSP)], ids=["in this order", "in the other"])
    def test_a_row_fires_on_the_last_signature(self, roles: tuple[Role, Role]) -> None:
        case = before(MODERATE, "continue_analysis")
        first, second = (statement(role) for role in roles)
        found = perform(case, first, at=START)
        assert not found.fires
        waiting = applied(case, found)
        assert waiting.state is PermitState.REASSESSING
        assert perform(waiting, second, at=START).fires
        assert given(waiting, second).state is PermitState.REJECTED

    def test_signatures_given_apart_are_not_handed_in_together(self) -> None:
        assert judged(before(MODERATE, "continue_analysis"), statement(DSP, TDS)) == {"not_this_role"}

    def test_a_signature_that_is_there_is_not_given_again(self) -> None:
        case = given(before(MODERATE, "continue_analysis"), statement(DSP))
        assert judged(case, statement(DSP)) == {"signed_already"}

    def test_nobody_signs_for_two(self) -> None:
        case = given(before(MICRODATA, "clear_microdata"), cleared("checker_1"))
        assert judged(case, cleared("checker_1")) == {"signed_already"}
        assert judged(case, cleared("checker_2")) == set()

    def test_nobody_signs_another_text_than_the_one_that_waits(self) -> None:
        case = given(before(MODERATE, "continue_analysis"), statement(DSP))
        assert judged(case, statement(TDS, text="Because of something else.")) == {"other_text_signed"}
        assert judged(case, statement(TDS)) == set()

    def test_whoever_signed_alone_may_still_change_her_text(self) -> None:
        """Her first text is then signed by nobody; the other signs the second one or none."""
        case = given(before(MODERATE, "continue_analysis"), statement(DSP))
        changed = statement(DSP, text="Because of something else.")
        case = given(case, changed)
        assert judged(case, statement(TDS)) == {"other_text_signed"}
        assert given(case, statement(TDS, text="Because of something else.")).state is PermitState.REJECTED

    def test_a_signature_ends_with_the_state_in_which_it_was_given(self) -> None:
        case = given(before(MODERATE, "continue_analysis"), statement(DSP))
        assert case.waiting_for("refuse", "") is not None
        case = done(MODERATE, case, "return_for_completion")
        assert case.waiting_for("refuse", "") is None

    def test_a_record_beside_leaves_a_signature_waiting(self) -> None:
        case = given(before(MODERATE, "continue_analysis"), statement(DSP))
        case = done(MODERATE, case, "attach_impact_assessment")
        assert case.waiting_for("refuse", "") is not None

    def test_two_checkers_may_remark_different_things_on_the_same_outputs(self) -> None:
        """Each is blind to the other: only the outputs have to be the same."""
        case = given(before(MICRODATA, "clear_microdata"), cleared("checker_1", remarks="A small cell."))
        assert judged(case, cleared("checker_2", remarks="Nothing.")) == set()
        assert bound_of(Clearance((RESULT,), "A small cell.")) == bound_of(Clearance((RESULT,), "Nothing."))

    def test_a_municipality_may_ask_for_one_more_signature(self) -> None:
        settings = Settings(more_signatures=(MoreSignature("open_requests", BRM),))
        case = replace(before(LOW, "open_requests"), settings=settings)
        case = given(case, Command("open_requests", by(Role.ANALYST), Note()))
        assert case.state is PermitState.PERMITTED
        assert given(case, Command("open_requests", by(BRM), Note())).state is PermitState.REQUESTING

    def test_one_more_signature_makes_a_joint_submission_one_that_is_signed_apart(self) -> None:
        settings = Settings(more_signatures=(MoreSignature("submit_assessment", BRM),))
        case = replace(before(LOW, "submit_assessment"), settings=settings)
        paper = paper_of(LOW, case, "submit_assessment")
        for role in (Role.INITIATOR, Role.ANALYST):
            case = given(case, Command("submit_assessment", by(role), paper))
            assert case.state is PermitState.ASSESSING
        assert given(case, Command("submit_assessment", by(BRM), paper)).state is PermitState.INSPECTION


class TestLowRisk:
    """A low risk needs one approver: the two of the group may be one person there, and nowhere else."""

    BOTH = tuple(assigned("one_person", role) for role in (DSP, TDS))

    def confirming(self, role: Role, case: Initiative) -> Command:
        decision = decision_for(case, Level.LOW, START.date())
        return Command("confirm_low", (Actor("one_person", role),), papers.GroupStatement(WHY, Level.LOW, decision))

    def test_one_person_in_both_roles_confirms_a_low_risk(self) -> None:
        case = with_people(before(LOW, "confirm_low"), *self.BOTH)
        case = given(case, self.confirming(DSP, case))
        assert case.state is PermitState.INSPECTION
        assert given(case, self.confirming(TDS, case)).state is PermitState.PERMITTED

    def test_one_person_in_one_role_does_not(self) -> None:
        case = with_people(before(LOW, "confirm_low"), self.BOTH[0])
        case = given(case, self.confirming(DSP, case))
        assert judged(case, self.confirming(TDS, case)) == {"role_not_held"}

    @pytest.mark.parametrize("kind", [Kind(Level.UNCLEAR), MODERATE], ids=["unclear", "moderate"])
    def test_one_person_does_not_send_more_than_a_low_risk_to_management(self, kind: Kind) -> None:
        case = with_people(before(kind, "escalate_to_management"), *self.BOTH)
        paper = papers.GroupStatement(WHY, kind.level)
        case = given(case, Command("escalate_to_management", (Actor("one_person", DSP),), paper))
        second = Command("escalate_to_management", (Actor("one_person", TDS),), paper)
        assert judged(case, second) == {"signed_already", "duty_group"}

    def test_at_low_risk_too_everything_else_of_the_group_takes_two(self) -> None:
        """A form of low risk in which the group finds more goes to management by two people."""
        case = with_people(before(LOW, "confirm_low"), *self.BOTH)
        paper = papers.GroupStatement(WHY, Level.MODERATE)
        case = given(case, Command("escalate_to_management", (Actor("one_person", DSP),), paper))
        second = Command("escalate_to_management", (Actor("one_person", TDS),), paper)
        assert judged(case, second) == {"signed_already"}


class TestPeople:
    def opening(self, person: str, role: Role = Role.INITIATOR, **changed: object) -> Command:
        return Command("open_assessment", (Actor(person, role, **changed),), Note())

    def test_a_role_has_to_be_held(self) -> None:
        assert judged(before(LOW, "open_assessment"), self.opening("somebody")) == {"role_not_held"}

    def test_a_role_has_to_be_held_on_the_day(self) -> None:
        last = START.date() + datetime.timedelta(days=3)
        case = with_people(before(LOW, "open_assessment"), assigned("somebody", Role.INITIATOR, until=last))
        assert judged(case, self.opening("somebody"), at=in_days(3)) == set()
        assert judged(case, self.opening("somebody"), at=in_days(4)) == {"role_not_held"}

    def test_the_day_is_that_of_the_municipality(self) -> None:
        """Ten in the evening in UTC is past midnight in Helsinki."""
        last = START.date()
        case = with_people(before(LOW, "open_assessment"), assigned("somebody", Role.INITIATOR, until=last))
        late = START.replace(hour=22, minute=1)
        assert judged(case, self.opening("somebody"), at=late) == {"role_not_held"}
        assert judged(case, self.opening("somebody"), at=START.replace(hour=21, minute=59)) == set()

    def test_a_substitute_acts_in_the_place_of_whom_she_substitutes(self) -> None:
        given_to = assigned("substitute", Role.INITIATOR, substitute_for="initiator")
        case = with_people(before(LOW, "open_assessment"), given_to)
        assert judged(case, self.opening("substitute", substitute_for="initiator")) == set()
        assert judged(case, self.opening("substitute")) == {"role_not_held"}

    def test_a_substitute_has_her_own_duties(self) -> None:
        """What counts is who acted, not in whose place: a substitute who analysed does not decide in another's place."""
        deciding = assigned("analyst", DSP, substitute_for="data_security_person")
        case = with_people(before(MODERATE, "continue_analysis"), deciding)
        actor = Actor("analyst", DSP, substitute_for="data_security_person")
        assert judged(case, Command("refuse", (actor,), Reasoned(WHY))) == {"duty_deciding"}

    def test_an_outside_person_acts_as_any_other_who_holds_the_role(self) -> None:
        outside = assigned("outside_1", OUT, organisation="Another town", contract="Contract 7")
        case = with_people(before(MICRODATA, "clear_microdata"), outside)
        case = given(case, cleared("checker_1"))
        assert given(case, cleared("outside_1")).publications[0].clearances == 2

    @pytest.mark.parametrize(
        ("which", "command", "subject"),
        [
            (Automaton.PROCESS, "note_all_granted", ""),
            (Automaton.GATE, "pass_gate", PUBLICATION),
            (Automaton.SCHEDULER, "expire", ""),
            (Automaton.CLOSED_ROOM, "destroy_dataset", RUN),
        ],
    )
    def test_nobody_acts_in_the_name_of_an_automaton(self, which: Automaton, command: str, subject: str) -> None:
        case = before(LOW, "open_review" if command == "expire" else command)
        paper = paper_of(LOW, case, command, subject)
        at = in_days(361) if command == "expire" else START
        assert judged(case, Command(command, (Actor("analyst", which),), paper, subject), at=at) == {"role_not_held"}
        assert judged(case, Command(command, (automaton(which),), paper, subject), at=at) == set()


class TestScopes:
    """An owner and a systems expert act for their register, a branch manager for her branch."""

    def moved(self, command: str, subject: str = "", content: object = None) -> Move:
        case = before(LOW, command)
        return Move(case, row_of(case, command, subject), Command(command, (), content, subject), START)

    def test_an_owner_answers_for_her_own_register(self) -> None:
        made = self.moved("grant_access", REGISTER)
        assert (scope_of(made, OWN), scope_of(made, Role.SYSTEMS_EXPERT)) == (REGISTER, REGISTER)
        stated = self.moved("state_login", content=papers.LoginStatement("another", "analyst", False))
        assert scope_of(stated, OWN) == "another"

    def test_a_branch_manager_grants_for_the_owning_branch_and_decides_for_the_commissioning_one(self) -> None:
        assert scope_of(self.moved("grant_access", REGISTER), BRM) == "early_years"
        assert scope_of(self.moved("open_requests"), BRM) == "branch"
        undescribed = replace(self.moved("open_requests"), initiative=before(LOW, "describe"))
        assert scope_of(undescribed, BRM) is None

    def test_everybody_else_acts_for_the_whole_case(self) -> None:
        assert scope_of(self.moved("grant_access", REGISTER), DSP) is None

    @pytest.mark.parametrize(("scope", "codes"), [(REGISTER, set()), ("another", {"role_not_held"})])
    def test_the_owner_of_another_register_grants_nothing(self, scope: str, codes: set[str]) -> None:
        case = with_people(before(LOW, "grant_access"), assigned("owner_2", OWN, scope=scope))
        paper = paper_of(LOW, case, "grant_access", REGISTER)
        assert judged(case, Command("grant_access", (Actor("owner_2", OWN),), paper, REGISTER)) == codes

    @pytest.mark.parametrize(("scope", "codes"), [("branch", set()), ("early_years", {"role_not_held"})])
    def test_the_management_of_another_branch_decides_nothing(self, scope: str, codes: set[str]) -> None:
        case = with_people(before(MODERATE, "decide_to_continue"), assigned("manager_2", BRM, scope=scope))
        paper = paper_of(MODERATE, case, "decide_to_continue")
        assert judged(case, Command("decide_to_continue", (Actor("manager_2", BRM),), paper)) == codes


class TestGuards:
    def test_people_are_judged_before_what_they_wrote(self) -> None:
        """Who may not act is not told what is wrong with the paper."""
        case = before(MODERATE, "continue_analysis")
        assert judged(case, statement(DSP, text="", person="somebody")) == {"role_not_held"}
        assert judged(case, statement(DSP, text="")) == {"reason_missing"}

    def test_every_guard_of_the_row_is_heard(self) -> None:
        case = replace(before(HIGH, "decide_to_continue"), advice=None, impact=None)
        assert refused(HIGH, case, "decide_to_continue") == {"privacy_advice_missing", "impact_missing"}

    def test_a_guard_is_heard_at_every_signature(self) -> None:
        """What has changed between two signatures stops the second one."""
        case = before(MODERATE, "continue_analysis")
        paper = papers.GroupStatement(WHY, Level.MODERATE)
        case = given(case, Command("continue_analysis", by(DSP), paper))
        assert case.assessed is not None
        risen = replace(case, assessed=replace(case.assessed, level=Level.HIGH))
        assert "decision_does_not_cover" in judged(risen, Command("continue_analysis", by(TDS), paper))

    def test_guards_are_replaced_only_to_prove_what_each_is_for(self) -> None:
        case = before(MODERATE, "continue_analysis")
        command = statement(DSP, text="")
        assert not isinstance(judge(case, command, at=START), Occurrence)
        assert isinstance(judge(case, command, at=START, guards={"reason_given": lambda move: ()}), Occurrence)

    def test_judging_changes_nothing(self) -> None:
        case = before(MODERATE, "continue_analysis")
        first = judge(case, statement(DSP), at=START)
        assert first == judge(case, statement(DSP), at=START)
        assert case == before(MODERATE, "continue_analysis")


def test_a_command_and_an_occurrence_keep_what_was_written_out_of_logs() -> None:
    command = statement(DSP, text="What nobody else may read.")
    assert "nobody" not in repr(command)
    assert "nobody" not in repr(perform(before(MODERATE, "continue_analysis"), command, at=START))


def test_a_row_is_found_for_every_command_where_it_belongs() -> None:
    case = opened_with(LOW, opening_of(LOW))
    row = row_for(case, Command("describe", (), None))
    assert getattr(row, "id", None) == "T01"
    assert along(LOW, case, until="open_assessment").state is PermitState.DESCRIBED


BROKEN = {
    "an assessment of no description": (LOW, "submit_assessment", "", {"description": None}),
    "a decision on no assessment": (MODERATE, "decide_to_continue", "", {"assessed": None}),
    "a reassessment of no decision": (MODERATE, "continue_analysis", "", {"decided": None}),
    "a referral of no assessment": (MODERATE, "refer_up", "", {"assessed": None}),
    "a renewal of no publication": (LOW, "refresh", PUBLICATION, {"publications": ()}),
}


@pytest.mark.parametrize("told", BROKEN)
def test_a_record_that_contradicts_itself_is_not_carried_on(told: str) -> None:
    """No rule lets it come so far; where a record is broken all the same, nothing is guessed."""
    kind, command, subject, missing = BROKEN[told]
    step = {"refer_up": "decide_to_continue", "refresh": "record_follow_up"}.get(command, command)
    case = before(kind, step)
    row = row_of(case, command, subject)
    given_paper = Command(command, (), paper_of(kind, case, command, subject), subject)
    occurrence = Occurrence(row, given_paper, START, fires=True, slots=())
    with pytest.raises(KeyError):
        applied(replace(case, **missing), occurrence)


def test_a_move_of_a_request_has_one() -> None:
    case = replace(before(LOW, "transfer"), requests=())
    row = row_of(before(LOW, "transfer"), "transfer", REGISTER)
    with pytest.raises(KeyError, match="request"):
        _ = Move(case, row, Command("transfer", (), None, REGISTER), START).request


def test_a_reassessment_of_a_run_that_was_cancelled_speaks_of_no_recipe() -> None:
    """What comes next is then no repetition of anything."""
    case = done(MODERATE, before(MODERATE, "continue_analysis"), "cancel_run", RUN)
    case = done(MODERATE, case, "continue_analysis")
    assert case.reassessed is not None
    assert (case.reassessed.recipe, case.reassessed.schema) == (None, None)

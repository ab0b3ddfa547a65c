"""Handbook 2.6, The permissions process for the refined data: phases 5 to 8, played from raw data to the report."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from tests.jalostamo.permits.cases import (
    REGISTER,
    RESULT,
    RUN,
    START,
    WHY,
    Kind,
    description_of,
    estimate_of,
)
from tests.jalostamo.permits.played import (
    HIGH,
    HIGH_ROWS,
    LOW,
    MODERATE,
    ROWS,
    acts,
    after,
    all_done,
    before,
    by,
    done,
    held_by,
    level_of,
    paper_of,
    refused,
    said_to,
    told,
)

from jalostamo.concepts.roles import Role
from jalostamo.permits import papers, work_papers
from jalostamo.permits.exposure import Audience
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.machines import DatasetState, PermitState, RunState
from jalostamo.permits.papers import Note
from jalostamo.permits.people import Actor, Automaton, automaton
from jalostamo.permits.standing import allowed, may_analyse
from jalostamo.permits.terms import DataClass, KindOfAnalysis, Lane, Level, Step
from jalostamo.permits.work_papers import RunKind

DSP, TDS, PRV = Role.DATA_SECURITY_PERSON, Role.TECHNICAL_DATA_SECURITY_PERSON, Role.PRIVACY_PERSON
INI, ANA, OWN, SYS = Role.INITIATOR, Role.ANALYST, Role.SOURCE_SYSTEM_OWNER, Role.SYSTEMS_EXPERT
UNCLEAR = Kind(Level.UNCLEAR)
CHILDREN = Kind(Level.MODERATE, children=True)
GUIDING = Kind(Level.HIGH, Lane.ROWS, DataClass.PSEUDONYMISED_WITH_KEY, KindOfAnalysis.GUIDING)
MONITORING = Kind(Level.MODERATE, kind=KindOfAnalysis.CONTINUOUS_MONITORING)
STAYS_HIGH = replace(HIGH, residual=Step.HIGH)
PEOPLE = frozenset(Role)


class TestPhase5Preparing:
    """IT experts merge and anonymise; another expert validates; what is not good enough goes back."""

    @pytest.mark.parametrize("who", ["systems_expert", "anonymisation_expert"])
    def test_whoever_picked_or_anonymised_does_not_validate(self, who: str) -> None:
        """Even when she holds that role too."""
        case = before(ROWS, "validate")
        case = replace(case, people=(*case.people, held_by(who, Role.VALIDATOR)))
        paper = paper_of(ROWS, case, "validate", RUN)
        assert said_to(case, "validate", (Actor(who, Role.VALIDATOR),), paper, RUN) == {"duty_validating"}

    def test_anonymisation_goes_on_until_the_data_conforms(self) -> None:
        """A validation that fails sends the data back to be prepared, as often as it takes."""
        case = before(ROWS, "validate")
        for _ in range(3):
            case = all_done(ROWS, case, f"fail_validation {RUN}", f"prepare {RUN}", f"describe_dataset {RUN}")
        case = all_done(ROWS, case, f"validate {RUN}", f"release {RUN}", f"report_prepared {RUN}")
        assert case.runs[0].state is RunState.PREPARED

    @pytest.mark.parametrize("aim", ["no_identification", "no_connection", "no_inference", "redactions_made"])
    def test_each_of_the_three_aims_and_every_redaction_is_found_met(self, aim: str) -> None:
        """A dataset that misses one of them is not validated."""
        case = before(ROWS, "validate")
        paper = replace(paper_of(ROWS, case, "validate", RUN), **{aim: False})
        assert len(refused(ROWS, case, "validate", RUN, paper=paper)) == 1

    def worse(self) -> Initiative:
        case = before(ROWS, "validate")
        report = replace(paper_of(ROWS, case, "validate", RUN), data_class=DataClass.PSEUDONYMISED_WITH_KEY)
        return done(ROWS, case, "validate", RUN, paper=report)

    def test_what_comes_out_worse_than_decided_is_held_and_nobody_sees_its_rows(self) -> None:
        """It goes straight to reassessment, and not to the analyst."""
        case = self.worse()
        assert refused(ROWS, case, "release", RUN) == {"class_is_worse"}
        case = all_done(ROWS, case, f"hold {RUN}", "refer_worse_class")
        assert case.state is PermitState.REVIEW
        assert case.runs[0].dataset is DatasetState.HELD
        now = allowed(case, START)
        assert (now.preparing, now.reviewing, now.analysing) == (False, False, False)

    def test_held_rows_are_released_only_by_a_decision_that_covers_them(self) -> None:
        """Rows with a key are of high risk: the city decides, the group reassesses, and only then are they released."""
        case = all_done(ROWS, self.worse(), f"hold {RUN}", "refer_worse_class")
        case = done(ROWS, case, "submit_revised_assessment", paper=papers.Assessment(estimate_of(HIGH_ROWS)))
        assert level_of(case) is Level.HIGH
        case = all_done(ROWS, case, "give_privacy_statement", "attach_impact_assessment")
        assert "decision_does_not_cover" in refused(ROWS, case, "continue_analysis")
        case = all_done(ROWS, case, "escalate_to_city", "advise_on_consultation")
        case = done(HIGH, case, "decide_to_continue")
        case = all_done(HIGH, case, "continue_analysis", f"release {RUN}", f"report_prepared {RUN}")
        assert done(HIGH, case, "start_analysis", RUN).runs[0].state is RunState.ANALYSING

    @pytest.mark.parametrize("stopped_by", ["cancel_run", "stop_run"])
    def test_a_run_that_was_stopped_releases_nothing(self, stopped_by: str) -> None:
        """Not even while another run is under way."""
        case = done(ROWS, before(ROWS, "release"), stopped_by, RUN)
        if stopped_by == "cancel_run":
            case = done(ROWS, case, "order_run", "run-2")
        assert refused(ROWS, case, "release", RUN) == {"run_not_preparing"}

    def test_in_the_lane_of_cells_nothing_leaves_the_closed_room(self) -> None:
        """The prepared data stays inside: its quality is confirmed there, and there is no release."""
        case = before(LOW, "confirm_quality")
        assert refused(LOW, case, "validate", RUN, paper=paper_of(ROWS, before(ROWS, "validate"), "validate", RUN)) == {
            "lane_is_not_rows"
        }
        assert refused(LOW, before(LOW, "report_prepared"), "release", RUN) >= {"lane_is_not_rows"}


class TestPhase6AnalyticReview:
    """Once the data is known, the risk is looked at again."""

    @pytest.mark.requirement("S26-16")
    def test_a_low_risk_is_confirmed_by_the_analyst_and_the_person_responsible_for_data_security(self) -> None:
        """The form is looked at once more, and both say that it still holds."""
        case = before(LOW, "confirm_fit")
        paper = paper_of(LOW, case, "confirm_fit")
        case = acts(case, "confirm_fit", by(ANA), paper)
        assert case.state is PermitState.REVIEW
        assert acts(case, "confirm_fit", by(DSP), paper).state is PermitState.ANALYSIS

    @pytest.mark.requirement("S26-16")
    @pytest.mark.parametrize("level", [Level.UNCLEAR, Level.MODERATE, Level.HIGH])
    def test_a_risk_that_has_risen_is_not_confirmed_but_reassessed(self, level: Level) -> None:
        """It goes to the inspection group, and what was decided no longer covers it."""
        case, paper = before(LOW, "confirm_fit"), papers.Assessment(estimate_of(LOW, level))
        assert refused(LOW, case, "confirm_fit", paper=paper) == {"no_longer_low"}
        case = done(LOW, case, "submit_revised_assessment", paper=paper)
        case = done(LOW, case, "give_privacy_statement")
        assert "decision_does_not_cover" in refused(LOW, case, "continue_analysis")
        assert not may_analyse(case, START)

    @pytest.mark.requirement("S26-16")
    @pytest.mark.parametrize("kind", [MODERATE, UNCLEAR, HIGH], ids=["moderate", "unclear", "high"])
    def test_a_moderate_or_high_risk_is_always_reassessed(self, kind: Kind) -> None:
        """No other way leads to the analysis."""
        case = before(kind, "submit_revised_assessment")
        assert "no_longer_low" in refused(kind, case, "confirm_fit")
        assert said_to(case, "start_analysis", by(ANA), Note(), RUN) >= {"analysing_not_allowed"}

    @pytest.mark.requirement("S26-16")
    @pytest.mark.parametrize(
        ("command", "state"),
        [
            ("continue_analysis", PermitState.ANALYSIS),
            ("refuse", PermitState.REJECTED),
            ("redefine", PermitState.DESCRIBED),
        ],
    )
    def test_the_group_continues_rejects_or_has_it_redefined(self, command: str, state: PermitState) -> None:
        """Three outcomes, each signed by both of the group."""
        case = before(MODERATE, "continue_analysis")
        paper = paper_of(MODERATE, case, command)
        case = acts(case, command, by(TDS), paper)
        assert case.state is PermitState.REASSESSING
        assert acts(case, command, by(DSP), paper).state is state

    @pytest.mark.requirement("S26-16")
    def test_what_is_redefined_is_decided_anew(self) -> None:
        """No earlier decision, request or run speaks of what it will be."""
        case = done(MODERATE, before(MODERATE, "continue_analysis"), "redefine")
        assert (case.decided, case.reassessed, case.requests) == (None, None, ())
        assert [run.state for run in case.runs] == [RunState.CANCELLED]

    @pytest.mark.requirement("S26-16")
    def test_more_than_was_decided_goes_to_the_body_above(self) -> None:
        """Moderate was decided, high is found: the city decides, and the group then continues."""
        case = before(MODERATE, "submit_revised_assessment")
        paper = papers.Assessment(estimate_of(MODERATE, Level.HIGH))
        case = done(MODERATE, case, "submit_revised_assessment", paper=paper)
        case = all_done(MODERATE, case, "give_privacy_statement", "attach_impact_assessment", "escalate_to_city")
        assert case.state is PermitState.REASSESSING_CITY
        case = all_done(HIGH, case, "advise_on_consultation", "decide_to_continue")
        assert case.state is PermitState.REASSESSING
        assert done(HIGH, case, "continue_analysis").state is PermitState.ANALYSIS

    def test_turning_back_to_the_sources_is_normal_within_the_decision(self) -> None:
        """More data is asked of a source that grants, and prepared once more; nothing is decided again."""
        case = after(MODERATE, "open_review")
        case = all_done(MODERATE, case, "ask_for_more_data", f"send_request {REGISTER}", f"agree_fields {REGISTER}")
        case = all_done(MODERATE, case, f"grant_access {REGISTER}", "note_all_granted")
        assert case.state is PermitState.GRANTED
        assert case.decided == after(MODERATE, "open_review").decided
        assert refused(MODERATE, case, "order_run", "run-2") == set()

    def test_the_review_does_not_widen_what_was_decided(self) -> None:
        """Another field, a wider audience or a longer time is a new case, or is assessed anew from the start."""
        wider = replace(description_of(MODERATE), audiences=frozenset({Audience.PUBLIC}))
        paper = papers.Assessment(estimate_of(MODERATE), wider)
        case = before(MODERATE, "submit_revised_assessment")
        assert refused(MODERATE, case, "submit_revised_assessment", paper=paper) == {"wider_audience"}
        assert done(MODERATE, case, "rescope").state is PermitState.ASSESSING


class TestPhase7Analysis:
    """The analyst analyses; those who merged and anonymised do not."""

    @pytest.mark.requirement("S26-17")
    @pytest.mark.parametrize("who", ["systems_expert", "anonymisation_expert", "validator"])
    @pytest.mark.parametrize("command", ["start_analysis", "finish_analysis"])
    def test_whoever_merged_or_anonymised_does_not_analyse(self, who: str, command: str) -> None:
        """By person and over the whole history: the role that she holds today does not help."""
        case = before(ROWS, command)
        case = replace(case, people=(*case.people, held_by(who, ANA)))
        paper = paper_of(ROWS, case, command, RUN)
        assert said_to(case, command, (Actor(who, ANA),), paper, RUN) == {"duty_analysis"}
        assert said_to(case, command, by(ANA), paper, RUN) == set()

    @pytest.mark.requirement("S26-17", "S24-08")
    def test_nor_is_she_given_the_role_in_this_case(self) -> None:
        """Holding several profiles does not break the separation on the same analysis."""
        case = before(ROWS, "start_analysis")
        paper = papers.RoleGiven(
            held_by("anonymisation_expert", ANA, granted_by="administrator", confirmed_by=DSP.value)
        )
        assert refused(ROWS, case, "give_role", paper=paper) == {"duty_analysis"}
        early = before(ROWS, "order_run")
        assert refused(ROWS, early, "give_role", paper=paper) == set()

    def test_a_run_is_repeated_without_anybodys_signature(self) -> None:
        """The same recipe, schema and class: the clock orders it, the closed room does the rest, people see exceptions."""
        case = before(MONITORING, "draft_publication")
        order = paper_of(MONITORING, before(MONITORING, "order_run"), "order_run", RUN)
        again = replace(order, kind=RunKind.RERUN)
        room = (automaton(Automaton.CLOSED_ROOM),)
        rerun = acts(case, "order_run", (automaton(Automaton.SCHEDULER),), again, "run-2")
        for step in ("pick", "transfer", "receive"):
            rerun = acts(rerun, step, room, paper_of(MONITORING, rerun, step, REGISTER), REGISTER)
        inside = ("start_preparing", "take_in", "merge", "prepare", "describe_dataset", "confirm_quality")
        for step in (*inside, "report_prepared", "start_analysis", "finish_analysis"):
            rerun = acts(rerun, step, room, paper_of(MONITORING, rerun, step, "run-2"), "run-2")
        assert rerun.runs[1].state is RunState.FINISHED
        assert rerun.acts == case.acts

    def test_a_question_asked_in_between_stops_no_repetition(self) -> None:
        """What is reconfirmed is the recipe of the run that was prepared, whatever was asked of its material since."""
        case = all_done(MONITORING, before(MONITORING, "record_follow_up"), "ask_ad_hoc run-2", "finish_analysis run-2")
        steps = ("announce_reassessment", "submit_periodic_assessment", "give_privacy_statement", "reconfirm")
        case = all_done(MONITORING, case, *steps, on=340)
        order = paper_of(MONITORING, before(MONITORING, "order_run"), "order_run", RUN)
        clock = (automaton(Automaton.SCHEDULER),)
        again = replace(order, kind=RunKind.RERUN)
        assert said_to(case, "order_run", clock, again, "run-3", on=341) == set()

    def test_the_first_time_people_act(self) -> None:
        """A rule set runs by itself once people have prepared by it and validated it."""
        case = before(LOW, "pick")
        room = (automaton(Automaton.CLOSED_ROOM),)
        assert said_to(case, "pick", room, paper_of(LOW, case, "pick", REGISTER), REGISTER) == {"people_act_first"}

    def changed(self, **changes: object) -> work_papers.RunOrdered:
        order = paper_of(MODERATE, before(MODERATE, "order_run"), "order_run", RUN)
        return replace(order, kind=RunKind.ITERATION, recipe="another recipe", **changes)

    def test_iteration_within_the_decision_is_signed_by_nobody_but_the_analyst(self) -> None:
        """It is normal that an analysis proceeds step by step; fields within the decided ones need no new decision."""
        case = before(MODERATE, "draft_publication")
        after_it = acts(case, "order_run", by(ANA), self.changed(), "run-2")
        assert after_it.runs[1].state is RunState.ORDERED
        assert after_it.state is PermitState.ANALYSIS
        beyond = self.changed(fields=((REGISTER, ("spells.name",)),))
        assert said_to(case, "order_run", by(ANA), beyond, "run-2") == {"fields_beyond_the_decision"}

    def test_the_person_responsible_for_data_security_is_told_of_a_changed_run(self) -> None:
        """She is notified, and signs nothing."""
        assert DSP in told(before(MODERATE, "draft_publication"), "order_run", "run-2")

    def test_no_run_reaches_outside_the_decided_time_frame(self) -> None:
        """Neither a day before it nor a day after it."""
        case = before(MODERATE, "draft_publication")
        for frame in ({"since": datetime.date(2009, 12, 31)}, {"until": datetime.date(2017, 1, 1)}):
            order = self.changed(**frame)
            assert said_to(case, "order_run", by(ANA), order, "run-2") == {"time_frame_beyond_the_decision"}

    def test_a_new_question_on_the_same_material_is_answered_at_once(self) -> None:
        """Inside the closed room, for the same purpose; it is logged, and its answer passes the gate."""
        case = before(MODERATE, "draft_publication")
        case = done(MODERATE, case, "ask_ad_hoc", "run-2")
        assert (case.runs[1].state, case.runs[1].on_run) == (RunState.ANALYSING, RUN)
        ungated = work_papers.Finished((RESULT,), WHY, None)
        assert refused(MODERATE, case, "finish_analysis", "run-2", paper=ungated) == {"gate_record_missing"}
        assert done(MODERATE, case, "finish_analysis", "run-2").runs[1].state is RunState.FINISHED

    def test_nothing_new_is_asked_of_a_source_whose_owner_has_withdrawn(self) -> None:
        """Her data is still there, and no longer to be analysed."""
        case = done(MODERATE, before(MODERATE, "draft_publication"), "withdraw_access", REGISTER)
        assert refused(MODERATE, case, "ask_ad_hoc", "run-2") == {"sources_not_granted"}

    def test_on_rows_nobody_asks_ad_hoc(self) -> None:
        """What left the closed room was released for the questions that were decided."""
        assert refused(ROWS, before(ROWS, "draft_publication"), "ask_ad_hoc", "run-2") == {"lane_is_not_cells"}

    def test_a_login_that_is_stated_late_still_keeps_her_from_the_rows(self) -> None:
        """The owner finds it between the order and the analysis."""
        stated = papers.LoginStatement(REGISTER, "analyst", True)
        case = done(ROWS, before(ROWS, "start_analysis"), "state_login", paper=stated)
        assert refused(ROWS, case, "start_analysis", RUN) == {"login_held"}

"""Handbook 2.6, Reporting and utilising the analyses: phase 8 of the permissions process, many times under one permit."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from tests.jalostamo.permits.cases import PUBLICATION, RESULT, RUN, START, WHY, Kind, estimate_of
from tests.jalostamo.permits.played import (
    HIGH,
    HIGH_ROWS,
    LOW,
    MODERATE,
    acts,
    after,
    all_done,
    before,
    by,
    done,
    in_days,
    level_of,
    paper_of,
    refused,
    said_to,
    told,
)

from jalostamo.concepts.roles import Role
from jalostamo.permits import work_papers
from jalostamo.permits.estimates.matrices import DecisionCell
from jalostamo.permits.exposure import Audience, Means
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.machines import PermitState, PublicationState
from jalostamo.permits.papers import Assessment, Note, Reasoned
from jalostamo.permits.people import Actor, Automaton
from jalostamo.permits.standing import allowed, may_analyse, reassess_by
from jalostamo.permits.terms import KindOfAnalysis, Level
from jalostamo.permits.times import Waiting, due, waiting_in
from jalostamo.permits.work_papers import Clearance, OutputKind, View

OUT, PUB, DSP, PRV = Role.OUTPUT_CHECKER, Role.PUBLISHER, Role.DATA_SECURITY_PERSON, Role.PRIVACY_PERSON
MONITORING = Kind(Level.MODERATE, kind=KindOfAnalysis.CONTINUOUS_MONITORING)
MICRODATA = replace(HIGH_ROWS, output=OutputKind.MICRODATA)
TO_ALL = Kind(audience=Audience.PUBLIC)


def drafted(kind: Kind, **changed: object) -> Initiative:
    """A publication as it is drafted, other than was assessed."""
    case = before(kind, "draft_publication")
    draft = replace(paper_of(kind, case, "draft_publication", PUBLICATION), **changed)
    return done(kind, case, "draft_publication", PUBLICATION, paper=draft)


def advised(cell: DecisionCell | None) -> Initiative:
    """A publication that opens results to everybody, with what the matrix advises."""
    case = before(TO_ALL, "submit_for_clearance")
    assert case.assessed is not None
    return replace(case, assessed=replace(case.assessed, cell=cell))


class TestMeansAndAudience:
    """The chosen means are described in the analysis description, and are part of the risk."""

    @pytest.mark.requirement("S26-18")
    @pytest.mark.parametrize("means", Means)
    def test_a_means_beyond_the_permit_is_not_published_by(self, means: Means) -> None:
        """A static report was assessed: a meeting shows less, everything else more."""
        covered = means in {Means.MEETING, Means.STATIC_REPORT}
        found = refused(LOW, drafted(LOW, means=means), "submit_for_clearance", PUBLICATION)
        assert found == (set() if covered else {"exposure_beyond_the_assessed"})

    @pytest.mark.requirement("S26-18")
    @pytest.mark.parametrize("audience", Audience)
    def test_nor_is_an_audience_beyond_it_served(self, audience: Audience) -> None:
        """The city was assessed; whoever is nearer to the commissioning party is covered."""
        covered = audience in {Audience.COMMISSIONING_PARTY, Audience.SERVICE_UNITS, Audience.CITY}
        found = refused(LOW, drafted(LOW, audience=audience), "submit_for_clearance", PUBLICATION)
        assert ("exposure_beyond_the_assessed" in found) is not covered

    @pytest.mark.requirement("S26-18")
    def test_it_is_looked_at_again_when_it_is_published(self) -> None:
        """What was cleared under one decision is not published beyond a narrower one."""
        case = before(LOW, "publish")
        assert case.decided is not None
        narrower = replace(case.decided.description, means=frozenset({Means.MEETING}))
        case = replace(case, decided=replace(case.decided, description=narrower))
        assert refused(LOW, case, "publish", PUBLICATION) == {"exposure_beyond_the_assessed"}

    def test_other_means_are_assessed_first(self) -> None:
        """Asking for wider means leads back to the review."""
        case = done(LOW, before(LOW, "draft_publication"), "widen_publication")
        assert case.state is PermitState.REVIEW


class TestClearance:
    """Who looks first depends on what leaves: nobody, one checker, or two who are blind to each other."""

    def test_printed_cells_pass_the_gate_and_need_no_person(self) -> None:
        """Its record is kept with the publication."""
        case = after(LOW, "pass_gate")
        (made,) = case.publications
        assert (made.state, made.gate_record, made.clearances) == (PublicationState.CLEARED, "gate-1", 0)
        assert not {actor for actor in case.acts if actor[1] is OUT}

    @pytest.mark.parametrize("output", [OutputKind.MODEL, OutputKind.FREE_CHART])
    def test_a_model_or_a_free_chart_is_cleared_by_one(self, output: OutputKind) -> None:
        """The gate alone lets neither through."""
        kind = replace(MODERATE, output=output)
        assert refused(kind, before(kind, "clear_output"), "pass_gate", PUBLICATION) == {"cleared_otherwise"}
        assert after(kind, "clear_output").publications[0].clearances == 1

    def test_microdata_is_cleared_by_two_different_people(self) -> None:
        """One of them does not count twice, and one alone clears nothing."""
        case = before(MICRODATA, "clear_microdata")
        paper, one = Clearance((RESULT,)), (Actor("checker_1", OUT),)
        case = acts(case, "clear_microdata", one, paper, PUBLICATION)
        assert case.publications[0].cleared == ()
        assert said_to(case, "clear_microdata", one, paper, PUBLICATION) == {"signed_already"}
        case = acts(case, "clear_microdata", (Actor("checker_2", OUT),), paper, PUBLICATION)
        assert (case.publications[0].cleared, case.publications[0].clearances) == ((RESULT,), 2)

    def test_the_second_checker_is_told_that_one_has_signed_and_not_what_she_remarked(self) -> None:
        """What waits is listed by counts alone."""
        case = before(MICRODATA, "clear_microdata")
        paper = Clearance((RESULT,), "A small cell in the corner.")
        case = acts(case, "clear_microdata", (Actor("checker_1", OUT),), paper, PUBLICATION)
        (waits,) = (found for found in waiting_in(case) if found.command == "clear_microdata")
        assert (waits.signed, waits.needed) == (1, 2)
        assert {field.name for field in fields(Waiting)} == {
            *("machine", "subject", "command", "parties", "signed", "needed"),
        }
        assert "corner" not in repr(waits)

    @pytest.mark.parametrize("who", ["initiator", "analyst", "systems_expert", "anonymisation_expert"])
    def test_nobody_checks_what_she_had_a_part_in(self, who: str) -> None:
        """Neither commissioner nor analyst, nor whoever handled the raw data."""
        case = before(MICRODATA, "clear_microdata")
        checker = next(given for given in case.people if given.role is OUT)
        case = replace(case, people=(*case.people, replace(checker, person=who)))
        found = said_to(case, "clear_microdata", (Actor(who, OUT),), Clearance((RESULT,)), PUBLICATION)
        assert found == {"duty_checking"}

    @pytest.mark.parametrize(("kind", "command"), [(LOW, "pass_gate"), (MICRODATA, "clear_microdata")])
    def test_only_the_very_outputs_that_were_looked_at_are_in_use(self, kind: Kind, command: str) -> None:
        """By their digests; a changed draft is looked at anew."""
        case = after(kind, "publish")
        (made,) = case.publications
        assert made.draft is not None
        assert made.cleared == made.draft.outputs
        assert before(kind, command).publications[0].cleared == ()
        sent_back = done(kind, before(kind, "publish"), "send_back", PUBLICATION)
        assert sent_back.publications[0].cleared == ()
        assert refused(kind, sent_back, "submit_for_clearance", PUBLICATION) == set()
        assert said_to(sent_back, "publish", by(PUB), Note(), PUBLICATION) == {"not_in_this_state"}


class TestTheDecisionMatrix:
    """Section 6 of the form governs what is opened beyond the city, and nothing else."""

    @pytest.mark.parametrize("cell", [*DecisionCell, None])
    def test_inside_the_city_it_stops_nothing(self, cell: DecisionCell | None) -> None:
        """A low benefit does not mean that an analysis cannot be performed, or shown to those who asked for it."""
        case = before(LOW, "submit_for_clearance")
        assert case.assessed is not None
        case = replace(case, assessed=replace(case.assessed, cell=cell))
        assert refused(LOW, case, "submit_for_clearance", PUBLICATION) == set()

    @pytest.mark.parametrize(
        ("cell", "codes"),
        [
            (DecisionCell.OPEN, set()),
            (DecisionCell.OPEN_WITH_LIMITS, set()),
            (DecisionCell.CONSIDER_FURTHER, {"support_unheard"}),
            (DecisionCell.DO_NOT_OPEN, {"matrix_says_no"}),
            (None, {"support_unheard"}),
        ],
    )
    def test_opening_follows_it(self, cell: DecisionCell | None, codes: set[str]) -> None:
        """Open; open with limits; consider in more detail; do not open; and where nothing is placed, consider."""
        assert refused(TO_ALL, advised(cell), "submit_for_clearance", PUBLICATION) == codes

    @pytest.mark.parametrize(
        ("view", "opens"), [(View.OPEN, True), (View.OPEN_WITH_LIMITS, True), (View.DO_NOT_OPEN, False)]
    )
    def test_borderline_cases_go_to_the_concentrated_support_function(self, view: View, opens: bool) -> None:
        """Its view decides."""
        case = done(TO_ALL, advised(DecisionCell.CONSIDER_FURTHER), "refer_to_support", PUBLICATION)
        assert told(advised(DecisionCell.CONSIDER_FURTHER), "refer_to_support", PUBLICATION) == {
            Role.SUPPORT_FUNCTION_EXPERT
        }
        paper = work_papers.SupportView(view, WHY)
        case = done(TO_ALL, case, "give_support_view", PUBLICATION, paper=paper)
        assert (refused(TO_ALL, case, "submit_for_clearance", PUBLICATION) == set()) is opens

    def test_only_the_deciding_body_decides_against_it_and_says_why(self) -> None:
        """Of a low risk that is the person responsible for data security."""
        case = advised(DecisionCell.DO_NOT_OPEN)
        assert said_to(case, "decide_against_matrix", by(DSP), Reasoned(""), PUBLICATION) == {"reason_missing"}
        city = said_to(case, "decide_against_matrix", by(Role.CITY_MANAGER), Reasoned(WHY), PUBLICATION)
        assert city == {"not_the_deciding_body"}
        case = acts(case, "decide_against_matrix", by(DSP), Reasoned(WHY), PUBLICATION)
        assert refused(TO_ALL, case, "submit_for_clearance", PUBLICATION) == set()

    def test_what_was_overridden_or_considered_does_not_speak_of_the_next_draft(self) -> None:
        """A new draft is asked about anew."""
        case = acts(advised(DecisionCell.DO_NOT_OPEN), "decide_against_matrix", by(DSP), Reasoned(WHY), PUBLICATION)
        case = done(TO_ALL, case, "draft_publication", PUBLICATION)
        assert refused(TO_ALL, case, "submit_for_clearance", PUBLICATION) == {"matrix_says_no"}


class TestPeriodicReassessment:
    """For continuous analyses of moderate or high risk, risk assessments are performed at regular intervals."""

    @pytest.mark.requirement("S26-18")
    @pytest.mark.parametrize(("kind", "announced", "over"), [(MONITORING, 335, 365), (HIGH, 154, 184)])
    def test_the_due_date_fires_by_itself(self, kind: Kind, announced: int, over: int) -> None:
        """It is announced thirty days before the interval ends, and then everything stops."""
        case = before(kind, "record_follow_up")
        assert due(case, at=in_days(announced - 1)) == ()
        assert [command.name for command in due(case, at=in_days(announced))] == ["announce_reassessment"]
        case = done(kind, case, "announce_reassessment", on=announced)
        assert may_analyse(case, in_days(over - 1))
        assert not may_analyse(case, in_days(over))
        assert "end_grace" in [command.name for command in due(case, at=in_days(over))]

    @pytest.mark.requirement("S26-18")
    def test_a_low_risk_has_none(self) -> None:
        """Nothing falls due but the end of the permit."""
        assert due(before(LOW, "record_follow_up"), at=in_days(360)) == ()

    @pytest.mark.requirement("S26-18")
    def test_a_reassessment_in_time_gives_a_new_due_date(self) -> None:
        """The initiator and the analyst submit, the group reconfirms, and a year begins."""
        case = done(MONITORING, before(MONITORING, "record_follow_up"), "announce_reassessment", on=340)
        case = all_done(MONITORING, case, "submit_periodic_assessment", "give_privacy_statement", "reconfirm", on=340)
        assert case.state is PermitState.ANALYSIS
        assert reassess_by(case) == in_days(340).date().replace(year=in_days(340).year + 1)

    @pytest.mark.requirement("S26-18")
    def test_without_one_the_feeds_stop_until_it_is_reviewed(self) -> None:
        """What was published is no longer shown, and nothing is analysed."""
        case = done(MONITORING, before(MONITORING, "record_follow_up"), "announce_reassessment", on=340)
        case = done(MONITORING, case, "end_grace", on=365)
        now = allowed(case, in_days(365))
        assert (case.state, now.showing, now.analysing) == (PermitState.OVERDUE, False, False)
        assert done(MONITORING, case, "reopen_review", on=366).state is PermitState.REVIEW

    def test_no_publication_is_resumed_meanwhile(self) -> None:
        """What is overdue is reviewed first."""
        case = done(MONITORING, before(MONITORING, "record_follow_up"), "suspend_publication", PUBLICATION)
        case = done(MONITORING, case, "announce_reassessment", on=340)
        case = done(MONITORING, case, "end_grace", on=365)
        assert refused(MONITORING, case, "resume_publication", PUBLICATION, on=366) != set()

    def test_the_feeds_stop_whoever_has_noticed(self) -> None:
        """No scheduler has run: the interval is over all the same."""
        case = before(MONITORING, "record_follow_up")
        assert allowed(case, in_days(364)).showing
        assert not allowed(case, in_days(365)).showing

    @pytest.mark.requirement("S26-18")
    def test_a_risk_that_has_risen_stops_them_at_once(self) -> None:
        """The group does not reconfirm what the decision does not cover."""
        case = done(MONITORING, before(MONITORING, "record_follow_up"), "announce_reassessment", on=340)
        paper = Assessment(estimate_of(MONITORING, Level.HIGH))
        case = done(MONITORING, case, "submit_periodic_assessment", paper=paper, on=340)
        assert level_of(case) is Level.HIGH
        assert not may_analyse(case, in_days(340))
        assert [command.name for command in due(case, at=in_days(340))] == ["note_level_risen"]
        assert done(MONITORING, case, "note_level_risen", on=340).state is PermitState.OVERDUE


class TestCorrecting:
    """An error in a published result reaches everybody who received it."""

    def test_a_correction_says_what_was_wrong_and_how_its_readers_are_reached(self) -> None:
        """Either alone is not enough."""
        case = before(LOW, "record_follow_up")
        untold = work_papers.Correction(WHY, "")
        assert refused(LOW, case, "correct", PUBLICATION, paper=untold) == {"correction_untold"}

    def test_those_who_received_it_are_told(self) -> None:
        """Readers of the service units and outside researchers among them."""
        readers = {Role.SERVICE_UNIT_READER, Role.OUTSIDE_RESEARCHER}
        assert readers < told(before(LOW, "record_follow_up"), "correct", PUBLICATION)

    def test_what_was_wrong_is_out_of_use_and_what_replaces_it_is_looked_at(self) -> None:
        """The publication goes back to be drafted, and none of its clearance remains."""
        case = done(LOW, before(LOW, "record_follow_up"), "correct", PUBLICATION)
        (made,) = case.publications
        assert (made.state, made.cleared, made.gate_record) == (PublicationState.REPORTING, (), None)
        steps = ("draft_publication", "submit_for_clearance", "pass_gate", "publish")
        case = all_done(LOW, case, *(f"{step} {PUBLICATION}" for step in steps))
        assert case.publications[0].state is PublicationState.IN_USE

    @pytest.mark.parametrize("who", [DSP, PRV])
    def test_a_publication_is_suspended_by_one_and_resumed_by_two(self, who: Role) -> None:
        """Stopping is easy; going on takes the person responsible for data security and the publisher."""
        case = acts(before(LOW, "record_follow_up"), "suspend_publication", by(who), Reasoned(WHY), PUBLICATION)
        assert case.publications[0].state is PublicationState.SUSPENDED
        case = acts(case, "resume_publication", by(DSP), Reasoned(WHY), PUBLICATION)
        assert case.publications[0].state is PublicationState.SUSPENDED
        case = acts(case, "resume_publication", by(PUB), Reasoned(WHY), PUBLICATION)
        assert case.publications[0].state is PublicationState.IN_USE


def test_a_feed_is_renewed_by_the_gate_and_only_with_results_of_this_case() -> None:
    """A rerun's printed cells replace those before them without a person."""
    case = before(MONITORING, "record_follow_up")
    gate = (Actor(Automaton.GATE.value, Automaton.GATE),)
    ours, others = (work_papers.GatePassed((result,), "gate-2") for result in (RESULT, "ef" * 32))
    assert said_to(case, "refresh", gate, others, PUBLICATION) == {"results_of_another_case"}
    case = acts(case, "refresh", gate, ours, PUBLICATION)
    assert (case.publications[0].state, case.publications[0].gate_record) == (PublicationState.IN_USE, "gate-2")


@pytest.mark.parametrize("state", [PermitState.SUSPENDED, PermitState.REVOKED, PermitState.OVERDUE])
def test_no_results_are_handed_over_under_a_permit_that_was_stopped(state: PermitState) -> None:
    """Whoever has not received them yet does not receive them now."""
    case = replace(before(LOW, "draft_publication"), state=state)
    assert refused(LOW, case, "hand_over", RUN) != set()


def test_results_go_to_whoever_commissioned_the_analysis() -> None:
    """Analyses are primarily reported to the party on whose initiative they were performed."""
    case = before(LOW, "draft_publication")
    assert refused(LOW, case, "hand_over", RUN, paper=work_papers.HandedOver("another unit")) == {
        "handed_to_another_unit"
    }
    assert told(case, "hand_over", RUN) == {Role.INITIATOR}
    assert case.last_at == START

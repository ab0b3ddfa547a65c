"""Handbook 2.6, the permissions process between its phases: a permit is suspended, revoked, appealed, replaced, and ends."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from tests.jalostamo.permits.cases import DIGEST, PUBLICATION, REGISTER, RUN, START, WHY, Kind, opening_of
from tests.jalostamo.permits.played import (
    HIGH,
    LOW,
    MODERATE,
    ROWS,
    acts,
    after,
    all_done,
    before,
    by,
    codes_of,
    done,
    held_by,
    in_days,
    opened_with,
    paper_of,
    refused,
    said_to,
)

from jalostamo.concepts.roles import Role
from jalostamo.permits import papers
from jalostamo.permits.decisions import Appeal, AppealOutcome, AppealResult, Appellant
from jalostamo.permits.impact import ConsultationOpinion, ConsultationOutcome
from jalostamo.permits.initiative import Initiative, LinkKind, Opening
from jalostamo.permits.machines import ENDS, LIVE, DatasetState, PermitState, PublicationState
from jalostamo.permits.papers import Note, Reasoned
from jalostamo.permits.people import Actor
from jalostamo.permits.standing import allowed, in_force
from jalostamo.permits.successors import link_to, objections_to_following
from jalostamo.permits.terms import Step
from jalostamo.permits.times import delete_by

DSP, TDS, PRV = Role.DATA_SECURITY_PERSON, Role.TECHNICAL_DATA_SECURITY_PERSON, Role.PRIVACY_PERSON
TODAY = START.date()
STAYS_HIGH = replace(HIGH, residual=Step.HIGH)


class TestSuspending:
    """Whoever answers for data security or privacy stops a case at once; going on takes the group."""

    @pytest.mark.parametrize("who", [DSP, TDS, PRV])
    def test_one_of_them_stops_everything(self, who: Role) -> None:
        """Nothing is prepared, analysed or shown; the rest are told."""
        case = acts(before(LOW, "record_follow_up"), "suspend", by(who), papers.Suspension(WHY, True))
        now = allowed(case, START)
        assert (now.preparing, now.reviewing, now.analysing, now.showing) == (False, False, False, False)
        assert case.incidents == 1

    @pytest.mark.parametrize("command", ["open_assessment", "confirm_low", "merge", "confirm_fit", "record_follow_up"])
    def test_it_goes_on_where_it_stopped(self, command: str) -> None:
        """From before the decision as from the middle of the work, signed by both of the group."""
        case = before(LOW, command)
        stopped = done(LOW, case, "suspend")
        assert stopped.state is PermitState.SUSPENDED
        waiting = acts(stopped, "resume", by(TDS), Reasoned(WHY))
        assert waiting.state is PermitState.SUSPENDED
        assert acts(waiting, "resume", by(DSP), Reasoned(WHY)).state is case.state

    def test_it_may_be_stopped_more_than_once(self) -> None:
        """Each time it goes back to where it was left."""
        case = before(LOW, "record_follow_up")
        for _ in range(2):
            case = done(LOW, done(LOW, case, "suspend"), "resume")
            assert case.state is PermitState.ANALYSIS

    def test_what_waited_for_a_signature_is_signed_anew(self) -> None:
        """A signature does not outlast the stop."""
        case = before(MODERATE, "decide_to_continue")
        paper = paper_of(MODERATE, case, "decide_to_continue")
        case = acts(case, "decide_to_continue", by(Role.BRANCH_MANAGER), paper)
        case = all_done(MODERATE, case, "suspend", "resume")
        assert case.waiting_for("decide_to_continue", "") is None


class TestEnding:
    """Every end is final, and access ends with it."""

    @pytest.mark.parametrize(
        ("kind", "who"),
        [
            (LOW, DSP),
            (MODERATE, Role.BRANCH_MANAGER),
            (MODERATE, Role.RISK_MANAGER),
            (HIGH, Role.CITY_MANAGER),
            (HIGH, DSP),
        ],
    )
    def test_whoever_decided_revokes_and_so_does_the_person_responsible_for_data_security(
        self, kind: Kind, who: Role
    ) -> None:
        """At once, alone, and with a reason."""
        case = before(kind, "record_follow_up")
        assert said_to(case, "revoke", by(who), Reasoned("")) == {"reason_missing"}
        case = acts(case, "revoke", by(who), Reasoned(WHY))
        assert case.state is PermitState.REVOKED
        assert not allowed(case, START).analysing
        assert not allowed(case, START).showing

    def test_a_permit_expires_after_its_last_day(self) -> None:
        """The clock says so; access ended the moment the day did, and what is public stays public."""
        case = before(LOW, "record_follow_up")
        assert refused(LOW, case, "expire", on=360) == {"end_date_ahead"}
        assert not allowed(case, in_days(361)).analysing
        case = done(LOW, case, "expire", on=361)
        assert case.state is PermitState.EXPIRED
        assert allowed(case, in_days(361)).showing

    def test_data_is_destroyed_within_sixty_days_of_the_end(self) -> None:
        """Until then the permit may be renewed."""
        case = done(LOW, before(LOW, "record_follow_up"), "expire", on=361)
        assert delete_by(case, at=in_days(361)) == (in_days(360) + datetime.timedelta(days=60)).date()
        assert objections_to_following(case, LinkKind.RENEWAL, at=in_days(420)) == ()
        late = codes_of(objections_to_following(case, LinkKind.RENEWAL, at=in_days(421)))
        assert late == {"renewal_too_late"}

    @pytest.mark.parametrize("state", LIVE, ids=lambda state: state.name.lower())
    def test_whoever_asked_withdraws_from_anywhere(self, state: PermitState) -> None:
        """A case that nobody wants any more ends."""
        case = replace(before(LOW, "record_follow_up"), state=state)
        assert acts(case, "withdraw", by(Role.INITIATOR), Reasoned(WHY)).state is PermitState.WITHDRAWN

    @pytest.mark.parametrize("state", sorted(ENDS), ids=lambda state: state.name.lower())
    @pytest.mark.parametrize("command", ["resume", "open_review", "withdraw", "revoke", "describe", "suspend"])
    def test_no_end_has_a_way_out(self, state: PermitState, command: str) -> None:
        """A renewal is a new case that names the old one."""
        case = replace(before(LOW, "record_follow_up"), state=state)
        assert said_to(case, command, by(DSP), Reasoned(WHY)) == {"not_in_this_state"}

    @pytest.mark.requirement("S22-19")
    def test_nothing_is_closed_before_it_is_told_what_came_of_it(self) -> None:
        """Every finished analysis yields a measure, or a reasoned decision to do nothing."""
        case = replace(before(LOW, "close"), follow_up=None)
        assert refused(LOW, case, "close") == {"follow_up_missing"}
        for outcome in papers.Outcome:
            paper = papers.FollowUp(outcome, "")
            assert refused(LOW, case, "record_follow_up", paper=paper) == {"text_missing"}
            told = done(LOW, case, "record_follow_up", paper=papers.FollowUp(outcome, WHY))
            assert done(LOW, told, "close").state is PermitState.CLOSED

    def test_nor_before_its_data_is_destroyed(self) -> None:
        """Every dataset that was made."""
        case = before(LOW, "destroy_dataset")
        assert refused(LOW, case, "close") == {"data_left"}
        case = done(LOW, case, "destroy_dataset", RUN)
        assert case.runs[0].dataset is DatasetState.DESTROYED
        assert refused(LOW, case, "close") == set()

    def test_destruction_is_certified_also_after_the_end(self) -> None:
        """An expired permit's data is destroyed later than the permit ends."""
        case = done(LOW, before(LOW, "record_follow_up"), "expire", on=361)
        case = done(LOW, case, "record_destruction", on=400)
        assert case.runs[0].dataset is DatasetState.DESTROYED

    def test_the_data_of_an_abandoned_beginning_is_destroyed_too(self) -> None:
        """Assessed anew and then withdrawn: what was prepared before has its last day."""
        case = all_done(LOW, before(LOW, "confirm_fit"), "rescope", "withdraw")
        assert case.runs[0].dataset is DatasetState.VALIDATED
        assert delete_by(case, at=START) == (START + datetime.timedelta(days=60)).date()


class TestAssessedAnew:
    """A case that is described or assessed anew begins again: nothing of before carries it on."""

    def anew(self) -> Initiative:
        case = all_done(LOW, before(LOW, "draft_publication"), "note_new_data", "rescope", "submit_assessment")
        case = all_done(LOW, case, "give_privacy_statement", "confirm_low", "open_requests")
        case = all_done(LOW, case, *(f"{step} {REGISTER}" for step in ("send_request", "agree_fields", "grant_access")))
        return done(LOW, case, "note_all_granted")

    def test_what_was_prepared_before_is_not_what_is_reviewed_now(self) -> None:
        """In phase 6 every source has been delivered under the present decision."""
        assert refused(LOW, self.anew(), "open_review") == {"nothing_prepared"}

    def test_it_is_decided_again(self) -> None:
        """The new decision speaks of the new version."""
        case = self.anew()
        assert case.decided is not None
        assert case.assessed is not None
        assert case.decided.version == case.assessed.version == 3
        assert case.reassessed is None


class TestConsulting:
    """The Commissioner's answer outlasts what is written after it."""

    def test_a_prohibition_is_not_lifted_by_a_new_impact_assessment(self) -> None:
        """A milder one is not put in the place of the one that was sent."""
        opinion = ConsultationOpinion(DIGEST, TODAY, "2/2026", ConsultationOutcome.PROHIBITED)
        case = before(STAYS_HIGH, "record_opinion")
        case = done(STAYS_HIGH, case, "record_opinion", paper=papers.OpinionPaper(opinion))
        assert refused(HIGH, case, "attach_impact_assessment") == {"impact_after_consulting"}


class TestAppealing:
    """A decision is appealed; what succeeds opens a new case that names the old one."""

    APPEAL = papers.AppealPaper(Appeal(TODAY, Appellant.DATA_SUBJECT, DIGEST))

    def outcome(self, result: AppealResult) -> papers.AppealOutcomePaper:
        return papers.AppealOutcomePaper(AppealOutcome(result, TODAY, DIGEST))

    @pytest.mark.parametrize("command", ["refuse", "decide_to_continue"])
    def test_a_decision_for_and_a_decision_against_are_both_appealed(self, command: str) -> None:
        """The record moves nothing."""
        case = done(MODERATE, before(MODERATE, "decide_to_continue"), command)
        state = case.state
        case = done(MODERATE, case, "record_appeal", paper=self.APPEAL)
        assert (case.state, case.appeal) == (state, self.APPEAL.appeal)

    @pytest.mark.parametrize(
        ("result", "codes"),
        [
            (AppealResult.UPHELD, set()),
            (AppealResult.PARTLY_UPHELD, set()),
            (AppealResult.DISMISSED, {"appeal_not_upheld"}),
        ],
    )
    def test_only_an_appeal_that_succeeds_opens_a_new_case(self, result: AppealResult, codes: set[str]) -> None:
        """Also when it succeeds in part."""
        case = done(MODERATE, before(MODERATE, "decide_to_continue"), "refuse")
        assert codes_of(objections_to_following(case, LinkKind.AFTER_APPEAL, at=START)) == {"appeal_not_upheld"}
        case = done(MODERATE, case, "record_appeal", paper=self.APPEAL)
        case = done(MODERATE, case, "record_appeal_outcome", paper=self.outcome(result))
        assert codes_of(objections_to_following(case, LinkKind.AFTER_APPEAL, at=START)) == codes

    def test_a_dismissal_may_be_appealed_once_more(self) -> None:
        """The second appeal has an outcome of its own."""
        case = done(MODERATE, before(MODERATE, "decide_to_continue"), "refuse")
        for result in (AppealResult.DISMISSED, AppealResult.UPHELD):
            case = done(MODERATE, case, "record_appeal", paper=self.APPEAL)
            case = done(MODERATE, case, "record_appeal_outcome", paper=self.outcome(result))
        assert case.appeal_outcome is not None
        assert case.appeal_outcome.result is AppealResult.UPHELD


class TestAmending:
    """A permit is amended by a new case that takes over when it is permitted."""

    def test_the_new_case_names_the_old_one_and_ends_it_when_it_is_permitted(self) -> None:
        """Until then the old one holds."""
        old = before(LOW, "record_follow_up")
        assert objections_to_following(old, LinkKind.AMENDMENT, at=START) == ()
        opening = opening_of(LOW)
        new = opened_with(LOW, Opening(opening.settings, opening.people, link_to(old, LinkKind.AMENDMENT)))
        assert new.link is not None
        assert new.link.case == old.id
        assert in_force(old, START)
        assert done(LOW, old, "supersede").state is PermitState.CLOSED

    def test_what_has_ended_is_not_amended(self) -> None:
        """It may be renewed."""
        case = done(LOW, before(LOW, "record_follow_up"), "expire", on=361)
        assert codes_of(objections_to_following(case, LinkKind.AMENDMENT, at=in_days(361))) == {"permit_not_in_force"}


class TestPeople:
    """Small towns use substitutes and outside people; no rule is relaxed for them."""

    def test_a_substitute_acts_for_her_days(self) -> None:
        """In the place of whoever she substitutes, and not a day longer."""
        last = TODAY + datetime.timedelta(days=4)
        given = held_by("substitute", DSP, substitute_for=DSP.value, until=last)
        case = replace(before(MODERATE, "continue_analysis"), people=(given,))
        actor = (Actor("substitute", DSP, substitute_for=DSP.value),)
        assert said_to(case, "refuse", actor, Reasoned(WHY)) == set()
        assert said_to(case, "refuse", actor, Reasoned(WHY), on=4) == set()
        assert said_to(case, "refuse", actor, Reasoned(WHY), on=5) == {"role_not_held"}

    def test_an_outside_person_validates_under_a_named_contract(self) -> None:
        """She sees the report and never the rows: validating is all that her role gives her."""
        outside = held_by("outside", Role.VALIDATOR, organisation="Another town", contract="Contract 7")
        case = replace(before(ROWS, "validate"), people=(outside,))
        paper = paper_of(ROWS, before(ROWS, "validate"), "validate", RUN)
        case = acts(case, "validate", (Actor("outside", Role.VALIDATOR),), paper, RUN)
        assert case.runs[0].dataset is DatasetState.VALIDATED
        assert said_to(case, "start_analysis", (Actor("outside", Role.ANALYST),), Note(), RUN) != set()

    def test_a_role_is_given_by_one_and_confirmed_by_another_and_so_it_ends(self) -> None:
        """Nobody gives or takes a role alone."""
        case = before(LOW, "open_requests")
        paper = papers.RoleGiven(
            held_by("somebody", Role.VALIDATOR, granted_by="administrator", confirmed_by=DSP.value)
        )
        case = acts(case, "give_role", by(Role.ADMINISTRATOR), paper)
        assert not any(given.person == "somebody" for given in case.people)
        case = acts(case, "give_role", by(DSP), paper)
        assert ("somebody", Role.VALIDATOR) in case.given_roles
        ended = papers.RoleEnded("somebody", "validator", WHY)
        case = acts(case, "end_role", by(Role.ADMINISTRATOR), ended)
        assert ("somebody", Role.VALIDATOR) in case.given_roles
        case = acts(case, "end_role", by(DSP), ended)
        assert not any(given.person == "somebody" for given in case.people)
        assert case.given_roles == frozenset()


def test_what_is_published_stays_when_a_case_is_closed_or_expires_and_goes_when_it_is_stopped() -> None:
    """Reports that are out are out; a permit that was taken away shows nothing more."""
    assert allowed(after(LOW, "close"), START).showing
    assert after(LOW, "close").publications[0].state is PublicationState.IN_USE
    assert after(LOW, "close").publications[0].id == PUBLICATION
    assert not allowed(done(LOW, before(LOW, "close"), "withdraw"), START).showing

"""Handbook 2.6, The permissions process for the refined data: phases 1 to 4, played from the need to the owners' grants."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.jalostamo.permits.cases import (
    DIGEST,
    REGISTER,
    RUN,
    START,
    WHY,
    Kind,
    decision_for,
    description_of,
    estimate_of,
    law_of,
    opening_of,
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
    level_of,
    opened_with,
    paper_of,
    refused,
    said_to,
    told,
)

from jalostamo.concepts.roles import Role
from jalostamo.permits import papers, work_papers
from jalostamo.permits.decisions import DecidingBody, Decision
from jalostamo.permits.estimates.matrices import DecisionCell
from jalostamo.permits.impact import ConsultationOpinion, ConsultationOutcome
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.law import LegalRoute, PurposeOfUse
from jalostamo.permits.machines import PermitState, RequestState
from jalostamo.permits.papers import Note, Reasoned
from jalostamo.permits.tables.request import ROWS as REQUEST_ROWS
from jalostamo.permits.terms import DataClass, KindOfAnalysis, Lane, Level, Step

DSP, TDS, PRV = Role.DATA_SECURITY_PERSON, Role.TECHNICAL_DATA_SECURITY_PERSON, Role.PRIVACY_PERSON
INI, ANA, OWN, SYS = Role.INITIATOR, Role.ANALYST, Role.SOURCE_SYSTEM_OWNER, Role.SYSTEMS_EXPERT
UNCLEAR = Kind(Level.UNCLEAR)
CHILDREN = Kind(Level.MODERATE, children=True)
GUIDING = Kind(Level.HIGH, Lane.ROWS, DataClass.PSEUDONYMISED_WITH_KEY, KindOfAnalysis.GUIDING)
MONITORING = Kind(Level.MODERATE, kind=KindOfAnalysis.CONTINUOUS_MONITORING)
STAYS_HIGH = replace(HIGH, residual=Step.HIGH)
PEOPLE = frozenset(Role)


class TestPhase1IdentifyingTheNeed:
    """The need is described as an analytic hypothesis, with the data and sources that it takes."""

    @pytest.mark.requirement("S26-11")
    def test_nothing_is_assessed_before_the_need_is_described(self) -> None:
        """The phase closes with the analysis description: no other command leads out of it."""
        case = opened_with(LOW, opening_of(LOW))
        assert said_to(case, "open_assessment", by(INI), Note()) == {"not_in_this_state"}
        assert done(LOW, case, "describe").state is PermitState.DESCRIBED

    @pytest.mark.requirement("S26-11")
    @pytest.mark.parametrize("entry", ["aims", "questions", "sources"])
    def test_a_description_without_what_phase_one_asks_for_is_not_taken(self, entry: str) -> None:
        """What must be understood or known, and from which data, is written first."""
        paper = papers.AnalysisDescription(replace(description_of(LOW), **{entry: ()}))
        assert refused(LOW, before(LOW, "describe"), "describe", paper=paper)

    def test_whoever_has_the_need_or_the_analyst_writes_it(self) -> None:
        """The two of them may write it in turn until it is assessed."""
        paper = papers.AnalysisDescription(description_of(LOW))
        case = acts(before(LOW, "describe"), "describe", by(INI), paper)
        assert acts(case, "describe", by(ANA), paper).description == description_of(LOW)

    @pytest.mark.requirement("S26-08")
    def test_an_analysis_that_identifies_is_marked_at_the_beginning_and_the_permit_carries_it(self) -> None:
        """Preventive measures for particular persons: from the first phase on, and into the decision."""
        assert after(GUIDING, "describe").description.needs_identification
        decided = after(GUIDING, "decide_to_continue").decided
        assert decided is not None
        assert decided.description.needs_identification
        assert decided.level is Level.HIGH


class TestPhase2PreliminaryEstimate:
    """The initiator prepares, with the analyst, an estimate of benefits, risks and costs."""

    @pytest.mark.requirement("S26-12")
    def test_the_initiator_and_the_analyst_hand_in_the_estimate_together(self) -> None:
        """Neither does it alone."""
        case = before(LOW, "submit_assessment")
        paper = paper_of(LOW, case, "submit_assessment")
        assert said_to(case, "submit_assessment", by(INI), paper) == {"not_this_role"}
        assert said_to(case, "submit_assessment", by(ANA), paper) == {"not_this_role"}
        assert said_to(case, "submit_assessment", by(INI, ANA), paper) == set()

    @pytest.mark.requirement("S26-12")
    def test_the_estimate_goes_to_those_responsible_for_privacy_and_data_security(self) -> None:
        """They are the three to whom the completed form is submitted for review."""
        assert told(before(LOW, "submit_assessment"), "submit_assessment") == {DSP, TDS, PRV}

    @pytest.mark.requirement("S26-04", "S26-12")
    @pytest.mark.parametrize("data_class", DataClass)
    def test_what_has_the_status_of_unprocessed_data_makes_the_risk_high(self, data_class: DataClass) -> None:
        """However low the form itself comes out: identified, pseudonymised, or rows of persons without a key."""
        kinds = {data_class: Kind(Level.LOW, Lane.ROWS, data_class) for data_class in DataClass}
        # Identified data never leaves the closed room: a sealed job works on it there, and printed cells come out.
        kinds |= {DataClass.IDENTIFIED: Kind(Level.LOW, sealed=True), DataClass.PRINTED_CELLS: LOW}
        kind = kinds[data_class]
        case = after(kind, "submit_assessment")
        assert case.assessed is not None
        assert case.assessed.data_class is data_class
        assert (level_of(case) is Level.HIGH) is data_class.has_the_status_of_unprocessed_data

    @pytest.mark.requirement("S26-12")
    def test_unanonymised_data_analysed_inside_is_high_though_only_cells_leave(self) -> None:
        """A sealed job works on identified data in the closed room."""
        case = after(Kind(Level.LOW, sealed=True), "submit_assessment")
        assert level_of(case) is Level.HIGH
        assert case.description is not None
        assert case.description.leaving_class is DataClass.PRINTED_CELLS

    @pytest.mark.requirement("S26-12")
    def test_the_risk_of_publishing_is_apart_and_stops_no_analysis(self) -> None:
        """A low benefit, or a publication that the matrix advises against, does not mean that nothing can be analysed."""
        case = before(LOW, "submit_assessment")
        estimate = replace(estimate_of(LOW), significance=Step.VERY_LOW, publication=estimate_of(HIGH).processing)
        case = done(LOW, case, "submit_assessment", paper=papers.Assessment(estimate))
        assert case.assessed is not None
        assert case.assessed.cell is DecisionCell.DO_NOT_OPEN
        assert all_done(LOW, case, "give_privacy_statement", "confirm_low").state is PermitState.PERMITTED


class TestPhase3AssessmentAndDecision:
    """The level of risk decides who decides."""

    @pytest.mark.requirement("S26-13")
    @pytest.mark.parametrize(
        ("kind", "way", "level"),
        [
            (LOW, ["confirm_low"], Level.LOW),
            (MODERATE, ["escalate_to_management", "decide_to_continue"], Level.MODERATE),
            (UNCLEAR, ["escalate_to_management", "decide_to_continue"], Level.MODERATE),
            (HIGH, ["escalate_to_city", "advise_on_consultation", "decide_to_continue"], Level.HIGH),
        ],
        ids=["low", "moderate", "cannot be assessed", "high"],
    )
    def test_each_level_of_risk_has_its_own_way(self, kind: Kind, way: list[str], level: Level) -> None:
        """Low: the standard model. Moderate, or not to be assessed: branch and risk management. High: city management."""
        case = all_done(kind, after(kind, "give_privacy_statement"), *way)
        assert case.state is PermitState.PERMITTED
        assert case.decided is not None
        assert case.decided.level is level

    @pytest.mark.requirement("S26-13")
    @pytest.mark.parametrize(
        ("kind", "closed"),
        [
            (LOW, {"escalate_to_management": "not_for_management", "escalate_to_city": "not_for_the_city"}),
            (MODERATE, {"confirm_low": "level_not_low", "escalate_to_city": "not_for_the_city"}),
            (UNCLEAR, {"confirm_low": "level_not_low", "escalate_to_city": "not_for_the_city"}),
            (HIGH, {"confirm_low": "level_not_low", "escalate_to_management": "not_for_management"}),
        ],
        ids=["low", "moderate", "cannot be assessed", "high"],
    )
    def test_and_no_other(self, kind: Kind, closed: dict[str, str]) -> None:
        """The other two ways are refused, each for its reason."""
        case = after(kind, "give_privacy_statement")
        for command, code in closed.items():
            paper = papers.GroupStatement(WHY, kind.level, decision_for(case, Level.LOW, START.date()))
            assert code in refused(kind, case, command, paper=paper)

    @pytest.mark.requirement("S26-13")
    @pytest.mark.parametrize(("kind", "documented"), [(LOW, False), (MODERATE, True), (HIGH, True)])
    def test_decisions_on_moderate_and_high_risk_are_documented_apart(self, kind: Kind, documented: bool) -> None:
        """Of a low risk the approved form itself is the decision document."""
        case = before(kind, "confirm_low" if kind is LOW else "decide_to_continue")
        decision = replace(decision_for(case, kind.level, START.date()), document_digest=None)
        assert ("decision_entry_missing" in self.decided(kind, case, decision)) is documented

    def decided(self, kind: Kind, case: Initiative, decision: Decision) -> set[str]:
        if kind is LOW:
            return refused(kind, case, "confirm_low", paper=papers.GroupStatement(WHY, Level.LOW, decision))
        return refused(kind, case, "decide_to_continue", paper=papers.DecisionPaper(decision))

    @pytest.mark.requirement("S26-13")
    @pytest.mark.parametrize("first", [Role.BRANCH_MANAGER, Role.RISK_MANAGER])
    def test_branch_management_and_risk_management_decide_together(self, first: Role) -> None:
        """One signature waits for the other."""
        case = before(MODERATE, "decide_to_continue")
        paper = paper_of(MODERATE, case, "decide_to_continue")
        case = acts(case, "decide_to_continue", by(first), paper)
        assert case.state is PermitState.MANAGEMENT
        (second,) = {Role.BRANCH_MANAGER, Role.RISK_MANAGER} - {first}
        assert acts(case, "decide_to_continue", by(second), paper).state is PermitState.PERMITTED

    @pytest.mark.parametrize("who", [Role.BRANCH_MANAGER, Role.RISK_MANAGER])
    def test_either_of_them_refers_a_case_up_and_it_stays_high(self, who: Role) -> None:
        """City management decides on it from then on, whatever the form says."""
        case = acts(before(MODERATE, "decide_to_continue"), "refer_up", by(who), Reasoned(WHY))
        assert (case.state, level_of(case)) == (PermitState.CITY, Level.HIGH)
        case = all_done(HIGH, case, "attach_impact_assessment", "advise_on_consultation", "decide_to_continue")
        assert case.decided is not None
        assert case.decided.decision.deciding_body is DecidingBody.CITY_MANAGEMENT

    @pytest.mark.parametrize("who", [DSP, TDS, PRV])
    def test_each_of_those_who_inspect_returns_it_for_completion_with_a_reason(self, who: Role) -> None:
        """What comes back is a new version, and is heard anew."""
        case = before(LOW, "confirm_low")
        assert said_to(case, "return_for_completion", by(who), Reasoned("")) == {"reason_missing"}
        case = acts(case, "return_for_completion", by(who), Reasoned(WHY))
        case = done(LOW, case, "submit_assessment")
        assert case.assessed is not None
        assert case.assessed.version == 2
        assert refused(LOW, case, "confirm_low") == {"privacy_person_unheard"}

    @pytest.mark.requirement("S26-13")
    def test_the_commissioner_is_asked_where_the_risk_stays_high_after_the_measures(self) -> None:
        """City management does not decide before the answer, and waits for it."""
        case = before(STAYS_HIGH, "consult_commissioner")
        assert refused(STAYS_HIGH, case, "decide_to_continue") == {"consultation_required"}
        case = done(STAYS_HIGH, case, "consult_commissioner")
        assert case.state is PermitState.COMMISSIONER
        paper = papers.DecisionPaper(decision_for(case, Level.HIGH, START.date()))
        assert said_to(case, "decide_to_continue", by(Role.CITY_MANAGER), paper) == {"not_in_this_state"}
        assert all_done(STAYS_HIGH, case, "record_opinion", "decide_to_continue").state is PermitState.PERMITTED

    @pytest.mark.requirement("S26-13")
    def test_against_a_prohibition_nobody_decides(self) -> None:
        """The answer of the Data Protection Commissioner binds."""
        opinion = ConsultationOpinion(DIGEST, START.date(), "2/2026", ConsultationOutcome.PROHIBITED)
        case = before(STAYS_HIGH, "record_opinion")
        case = done(STAYS_HIGH, case, "record_opinion", paper=papers.OpinionPaper(opinion))
        assert refused(STAYS_HIGH, case, "decide_to_continue") == {"consultation_prohibited"}
        assert done(STAYS_HIGH, case, "refuse").state is PermitState.REJECTED

    @pytest.mark.requirement("S26-13")
    def test_city_management_hears_the_person_responsible_for_privacy_first(self) -> None:
        """Whether to consult is decided with her advice on record."""
        case = before(HIGH, "advise_on_consultation")
        assert refused(HIGH, case, "decide_to_continue") == {"privacy_advice_missing"}

    @pytest.mark.requirement("L-03")
    @pytest.mark.parametrize("kind", [HIGH, CHILDREN], ids=["high", "moderate, of children"])
    def test_an_impact_assessment_comes_before_the_decision(self, kind: Kind) -> None:
        """At high risk, and at moderate risk with data on children."""
        assert refused(kind, replace(before(kind, "decide_to_continue"), impact=None), "decide_to_continue") == {
            "impact_missing"
        }
        assert after(kind, "decide_to_continue").state is PermitState.PERMITTED

    @pytest.mark.requirement("L-03")
    def test_a_moderate_risk_of_others_needs_none(self) -> None:
        """Neither the handbook nor the law asks for one there."""
        assert before(MODERATE, "decide_to_continue").impact is None

    def test_no_management_decides_where_the_commissioner_has_to_be_asked(self) -> None:
        """Risk that stays high after the measures is the city's to ask about, whatever the level of the form."""
        kind = replace(CHILDREN, residual=Step.HIGH)
        assert refused(kind, before(kind, "decide_to_continue"), "decide_to_continue") == {"consultation_required"}

    def test_nor_does_the_group_alone(self) -> None:
        """A low form with an impact assessment that finds a high risk left over is not confirmed as low."""
        kind = replace(LOW, residual=Step.HIGH)
        case = all_done(kind, after(kind, "submit_assessment"), "attach_impact_assessment", "give_privacy_statement")
        assert refused(kind, case, "confirm_low") == {"consultation_required"}

    @pytest.mark.requirement("L-05")
    @pytest.mark.parametrize(
        ("entry", "empty"),
        [
            ("diary_number", ""),
            ("ground_of_competence", " "),
            ("deciding_body", None),
            ("decided_on", None),
            ("reasons", ""),
            ("publicity_class", None),
            ("retention_class", None),
            ("appeal_instructions", ""),
            ("conditions", ("",)),
            ("valid_until", None),
            ("decided_class", None),
            ("decided_level", None),
        ],
    )
    @pytest.mark.parametrize("kind", [LOW, MODERATE, HIGH], ids=["low", "moderate", "high"])
    def test_a_decision_records_everything_at_every_level(self, kind: Kind, entry: str, empty: object) -> None:
        """Diary number, competence, publicity, retention, appeal, conditions and end date among it."""
        case = before(kind, "confirm_low" if kind is LOW else "decide_to_continue")
        decision = replace(decision_for(case, kind.level, START.date()), **{entry: empty})
        assert "decision_entry_missing" in self.decided(kind, case, decision)

    def test_the_privacy_person_is_asked_and_does_not_stop_the_group_for_ever(self) -> None:
        """She is consulted; after seven days without a word the group goes on."""
        case = before(LOW, "give_privacy_statement")
        assert refused(LOW, case, "confirm_low", on=7) == {"privacy_person_unheard"}
        assert refused(LOW, case, "confirm_low", on=8) == set()


class TestPhase4DataRequest:
    """Each source owner is asked; the systems expert picks what was agreed, and the analyst takes no part in it."""

    def with_two_sources(self) -> Initiative:
        description = description_of(LOW)
        (source,) = description.sources
        other = replace(source, register="population", owning_unit="registry")
        (guess,) = description.hypotheses
        guess = replace(guess, variables=(*guess.variables, "population.spells.began"))
        paper = papers.AnalysisDescription(replace(description, sources=(source, other), hypotheses=(guess,)))
        case = done(LOW, opened_with(LOW, opening_of(LOW)), "describe", paper=paper)
        steps = ("open_assessment", "submit_assessment", "give_privacy_statement", "confirm_low", "open_requests")
        return all_done(LOW, case, *steps)

    @pytest.mark.requirement("S26-14")
    def test_each_source_has_its_own_request_and_its_owners_answer(self) -> None:
        """The same procedure is repeated with every system or branch; one grant is not the other's."""
        case = self.with_two_sources()
        assert [asked.register for asked in case.requests] == [REGISTER, "population"]
        for register in (REGISTER, "population"):
            assert refused(LOW, case, "note_all_granted") == {"sources_not_granted"}
            case = all_done(
                LOW, case, *(f"{step} {register}" for step in ("send_request", "agree_fields", "grant_access"))
            )
        assert done(LOW, case, "note_all_granted").state is PermitState.GRANTED

    @pytest.mark.requirement("S26-14")
    @pytest.mark.parametrize("roles", [(ANA,), (SYS,)])
    def test_the_analyst_and_the_systems_expert_define_the_fields_together(self, roles: tuple[Role, ...]) -> None:
        """Neither does so alone."""
        case = before(LOW, "agree_fields")
        paper = paper_of(LOW, case, "agree_fields", REGISTER)
        assert said_to(case, "agree_fields", by(*roles), paper, REGISTER) == {"not_this_role"}
        assert said_to(case, "agree_fields", by(ANA, SYS), paper, REGISTER) == set()

    @pytest.mark.requirement("S26-14", "S26-17")
    def test_the_analyst_takes_no_part_in_retrieval(self) -> None:
        """Once the fields are agreed no command on a request is hers."""
        later = [row for row in REQUEST_ROWS if set(row.sources) - {RequestState.DRAFT, RequestState.SENT}]
        assert len(later) == 8
        assert all(ANA not in row.signatures.parties for row in later)
        picked = paper_of(LOW, before(LOW, "pick"), "pick", REGISTER)
        assert said_to(before(LOW, "pick"), "pick", by(ANA), picked, REGISTER) == {"not_this_role"}

    @pytest.mark.requirement("S26-14")
    def test_the_branch_and_the_owner_of_the_system_both_grant(self) -> None:
        """Branch management and the person responsible for the source system receive the request, and answer it."""
        case = before(LOW, "grant_access")
        paper = paper_of(LOW, case, "grant_access", REGISTER)
        case = acts(case, "grant_access", by(OWN), paper, REGISTER)
        assert case.requests[0].state is RequestState.FIELDS_AGREED
        case = acts(case, "grant_access", by(Role.BRANCH_MANAGER), paper, REGISTER)
        assert case.requests[0].state is RequestState.GRANTED

    @pytest.mark.requirement("S26-14")
    def test_a_refusal_leads_back_to_the_assessment_or_to_fewer_sources(self) -> None:
        """Without the source the case is assessed anew; with others left it may be dropped, and that is acknowledged."""
        case = done(LOW, self.with_two_sources(), "send_request", REGISTER)
        case = done(LOW, case, "refuse_access", REGISTER)
        assert refused(LOW, case, "note_all_granted") == {"sources_not_granted"}
        assert done(LOW, case, "rescope").state is PermitState.ASSESSING
        dropped = done(LOW, case, "drop_source")
        assert [asked.state for asked in dropped.requests] == [RequestState.DROPPED, RequestState.DRAFT]
        assert {actor for actor in dropped.acts if actor[1] is DSP}

    @pytest.mark.requirement("L-01")
    @pytest.mark.parametrize("kind", [ROWS, HIGH_ROWS], ids=["anonymised rows", "rows"])
    def test_a_source_whose_law_allows_aggregates_only_gives_no_rows(self, kind: Kind) -> None:
        """The legal route of each source guards what is ordered of it; printed cells are aggregates."""
        law = replace(law_of(REGISTER), route=LegalRoute.STATISTICS, purpose=PurposeOfUse.STATISTICS)
        paper = papers.AccessGranted(law)
        assert refused(kind, before(kind, "grant_access"), "grant_access", REGISTER, paper=paper) == {
            "output_beyond_level"
        }
        assert refused(LOW, before(LOW, "grant_access"), "grant_access", REGISTER, paper=paper) == set()

    def test_only_decided_and_agreed_fields_are_asked_for_and_picked(self) -> None:
        """What serves no hypothesis was not decided, and what was not decided is neither agreed nor picked."""
        beyond = ("spells.began", "spells.name")
        paper = papers.FieldsAgreed(beyond, "SFTP with keys")
        assert refused(LOW, before(LOW, "agree_fields"), "agree_fields", REGISTER, paper=paper) == {
            "fields_beyond_the_decision"
        }
        picked = work_papers.Picked(RUN, beyond)
        assert refused(LOW, before(LOW, "pick"), "pick", REGISTER, paper=picked) == {"fields_not_agreed"}

    def test_what_arrives_is_what_was_sent_by_the_technique_that_was_agreed(self) -> None:
        """Secure techniques are used, and told in the description."""
        stick = work_papers.Transferred("A memory stick", DIGEST)
        assert refused(LOW, before(LOW, "transfer"), "transfer", REGISTER, paper=stick) == {"technique_other"}
        other = work_papers.Received("cd" * 32)
        assert refused(LOW, before(LOW, "receive"), "receive", REGISTER, paper=other) == {"checksum_differs"}

    @pytest.mark.parametrize(("has_login", "codes"), [(True, {"login_held"}), (False, set())])
    def test_an_analyst_with_a_login_to_the_source_gets_printed_cells_only(
        self, has_login: bool, codes: set[str]
    ) -> None:
        """With the source before her she could name people again from rows; from printed cells she cannot."""
        for kind, expected in ((ROWS, codes), (LOW, set[str]())):
            stated = papers.LoginStatement(REGISTER, "analyst", has_login)
            case = done(kind, before(kind, "state_login"), "state_login", paper=stated)
            assert refused(kind, case, "order_run", RUN) == expected

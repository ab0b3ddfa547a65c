"""Handbook 2.1, The operational model for refining data: who comes up with an analysis, who runs it, who receives it."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from tests.jalostamo.permits.cases import REGISTER, RUN, START, Kind, description_of, opening_of
from tests.jalostamo.permits.played import (
    acts,
    after,
    all_done,
    before,
    by,
    done,
    held_by,
    opened_with,
    paper_of,
    refused,
    row_of,
    said_to,
    told,
    way_of,
)

from jalostamo.concepts.languages import Text
from jalostamo.concepts.organisations import OperatingModel, Unit
from jalostamo.concepts.roles import Role
from jalostamo.permits import papers, work_papers
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.law import breadth_of
from jalostamo.permits.machines import PermitState, RunState
from jalostamo.permits.papers import Note
from jalostamo.permits.people import Actor
from jalostamo.permits.terms import Level

ANA, INI = Role.ANALYST, Role.INITIATOR
A, B, C = (Kind(model=model) for model in OperatingModel)
MODELS = pytest.mark.parametrize("kind", [A, B, C], ids=["A, enables", "B, supports", "C, originates"])


def with_both_analysts(kind: Kind, command: str) -> Initiative:
    """A case that knows an analyst of the commissioning unit and one of the group."""
    case = before(kind, command)
    others = tuple(given for given in case.people if given.role is not ANA)
    both = (held_by("of_the_unit", ANA, unit="branch"), held_by("of_the_group", ANA, unit="group"))
    logins = tuple(papers.LoginStatement(REGISTER, given.person, False) for given in both)
    return replace(case, people=(*others, *both), acts=frozenset(), logins=logins)


def to_run(person: str, kind: Kind, command: str) -> set[str]:
    case = with_both_analysts(kind, command)
    paper = paper_of(kind, case, command, RUN)
    return said_to(case, command, (Actor(person, ANA),), paper, RUN)


class TestTheThreeModels:
    """A: the group enables. B: the group supports and coordinates. C: the group comes up with ideas."""

    def test_a_unit_is_supported_unless_it_says_otherwise(self) -> None:
        """There are three models, and the concentrated one is where a unit begins."""
        assert [model.value for model in OperatingModel] == ["A", "B", "C"]
        name = Text("Varhaiskasvatus", "Småbarnspedagogik", "Early education")
        assert Unit("branch", name, "city").operating_model is OperatingModel.GROUP_SUPPORTS

    @MODELS
    def test_a_case_keeps_the_model_with_which_it_was_decided(self, kind: Kind) -> None:
        """A unit that changes its model later changes no case of before."""
        decided = after(kind, "close").decided
        assert decided is not None
        assert decided.description.operating_model is kind.model

    @pytest.mark.requirement("S21-02")
    def test_more_than_one_model_is_in_use_at_once(self) -> None:
        """In practice: two units with two models both run a case to its end."""
        first, second = (after(kind, "finish_analysis") for kind in (A, B))
        assert [case.runs[0].state for case in (first, second)] == [RunState.FINISHED, RunState.FINISHED]
        models = [case.decided.description.operating_model for case in (first, second) if case.decided is not None]
        assert models == [OperatingModel.GROUP_ENABLES, OperatingModel.GROUP_SUPPORTS]
        assert first.settings == second.settings


class TestSelfService:
    """A: the units form their hypotheses and run their analyses; the group offers the tools."""

    @pytest.mark.requirement("S21-03")
    @pytest.mark.parametrize("command", ["order_run", "start_analysis"])
    def test_the_units_own_analyst_runs_it_and_the_groups_does_not(self, command: str) -> None:
        """Self-service means that nobody of the group runs it in the unit's place."""
        assert to_run("of_the_unit", A, command) == set()
        assert to_run("of_the_group", A, command) == {"model_asks_for_the_unit"}

    @pytest.mark.requirement("S21-03")
    def test_the_units_analyst_completes_the_case_without_a_task_for_the_groups(self) -> None:
        """From the description to the results every act of an analyst is hers; the case knows no other analyst."""
        case = after(A, "finish_analysis")
        assert {given.unit for given in case.people if given.role is ANA} == {"branch"}
        assert {person for person, role in case.acts if role is ANA} == {"analyst"}
        assert case.runs[0].results

    @pytest.mark.requirement("S21-03")
    def test_no_step_asks_for_somebody_of_the_groups_unit(self) -> None:
        """No act of the way was that of anybody who works in the group's unit."""
        case = after(A, "finish_analysis")
        of_the_group = {given.person for given in case.people if given.unit == case.settings.group_unit}
        assert not of_the_group & {person for person, _ in case.acts}


class TestConcentrated:
    """B: shared ideation; the group's analysts carry out the analysis and hand its results to the unit."""

    @pytest.mark.requirement("S21-04")
    @pytest.mark.parametrize("command", ["order_run", "start_analysis"])
    def test_the_groups_analyst_runs_it_and_the_unit_cannot(self, command: str) -> None:
        """The commissioning unit sees what came of it."""
        assert to_run("of_the_group", B, command) == set()
        assert to_run("of_the_unit", B, command) == {"model_asks_for_the_group"}

    @pytest.mark.requirement("S21-04")
    def test_the_result_is_handed_to_the_commissioning_unit_and_that_is_logged(self) -> None:
        """To no other unit; the one who asked is told."""
        case = before(B, "draft_publication")
        other = work_papers.HandedOver("another unit")
        assert refused(B, case, "hand_over", RUN, paper=other) == {"handed_to_another_unit"}
        assert row_of(case, "hand_over", RUN).event == "ResultsHandedOver"
        assert told(case, "hand_over", RUN) == {INI}
        handed = done(B, case, "hand_over", RUN)
        assert handed.runs[0].results == case.runs[0].results

    def test_nothing_is_handed_over_before_it_is_finished(self) -> None:
        """There is no result to hand over."""
        case = before(B, "finish_analysis")
        paper = work_papers.HandedOver("branch")
        assert said_to(case, "hand_over", by(ANA), paper, RUN) == {"not_in_this_state"}

    @pytest.mark.requirement("S21-09")
    def test_findings_are_discussed_while_the_analysis_goes_on(self) -> None:
        """Commissioner and analyst hold rounds together: each has its day, its findings and its next step."""
        case = before(B, "finish_analysis")
        paper = paper_of(B, case, "hold_review_round")
        assert said_to(case, "hold_review_round", by(ANA), paper) == {"not_this_role"}
        for missing in ({"findings": ""}, {"next_step": ""}):
            assert said_to(case, "hold_review_round", by(INI, ANA), replace(paper, **missing)) == {"round_unwritten"}
        ahead = replace(paper, held_on=START.date() + datetime.timedelta(days=1))
        assert said_to(case, "hold_review_round", by(INI, ANA), ahead) == {"day_ahead"}
        assert acts(case, "hold_review_round", by(INI, ANA), paper).state is PermitState.ANALYSIS


class TestCustomerCentred:
    """C: ideas arise from the lifespan of the customer, and the group's analysts find them in the data."""

    def test_an_idea_of_the_group_needs_no_unit_whose_need_it_is(self) -> None:
        """Only here: in the other two models the need comes first."""
        case = opened_with(C, opening_of(C))
        for kind, codes in ((C, set()), (B, {"describing_need"}), (A, {"describing_need"})):
            idea = replace(description_of(kind), need="", need_owner="")
            assert refused(kind, case, "describe", paper=papers.AnalysisDescription(idea)) == codes

    @pytest.mark.parametrize("command", ["order_run", "start_analysis"])
    def test_the_group_runs_it(self, command: str) -> None:
        """Its own analyst does."""
        assert to_run("of_the_group", C, command) == set()
        assert to_run("of_the_unit", C, command) == {"model_asks_for_the_group"}

    @pytest.mark.requirement("S21-11")
    def test_those_who_decide_see_how_wide_its_usage_rights_are(self) -> None:
        """The sources and controllers counted in the decision are those that are then asked, one request each."""
        description = description_of(C)
        (source,) = description.sources
        other = replace(source, register="population", controller="state", owning_unit="registry")
        (guess,) = description.hypotheses
        guess = replace(guess, variables=(*guess.variables, "population.spells.began"))
        paper = papers.AnalysisDescription(replace(description, sources=(source, other), hypotheses=(guess,)))
        case = done(C, opened_with(C, opening_of(C)), "describe", paper=paper)
        case = all_done(C, case, "open_assessment", "submit_assessment", "give_privacy_statement")
        assert case.assessed is not None
        breadth = breadth_of(case.assessed.description.sources)
        assert (breadth.sources, breadth.controllers) == (2, 2)
        case = all_done(C, case, "confirm_low", "open_requests")
        assert len(case.requests) == breadth.sources


class TestSteering:
    """In every model the steering process ensures that data is processed by the principles of data protection."""

    @pytest.mark.requirement("S21-08")
    @MODELS
    def test_no_run_is_ordered_without_a_decision(self, kind: Kind) -> None:
        """Wherever the case stands before its decision, and also where the decision is taken away."""
        order = paper_of(kind, before(kind, "order_run"), "order_run", RUN)
        steps = [name for name, _ in way_of(kind)]
        for step in steps[: steps.index("confirm_low") + 1]:
            assert said_to(before(kind, step), "order_run", by(ANA), order, RUN) >= {
                "permit_not_in_force",
                "run_not_now",
            }
        without = replace(before(kind, "order_run"), decided=None)
        assert said_to(without, "order_run", by(ANA), order, RUN) >= {"permit_not_in_force"}
        assert said_to(before(kind, "order_run"), "order_run", by(ANA), order, RUN) == set()

    @pytest.mark.requirement("S21-08")
    @MODELS
    @pytest.mark.parametrize("level", [Level.LOW, Level.MODERATE, Level.HIGH])
    def test_the_same_process_decides_at_every_level(self, kind: Kind, level: Level) -> None:
        """The model changes who analyses, and not who decides."""
        kind = replace(kind, level=level)
        decided = after(kind, "close").decided
        assert decided is not None
        assert decided.level is level
        deciders = {role for _, role in after(kind, "close").acts}
        assert (Role.CITY_MANAGER in deciders) is (level is Level.HIGH)
        assert (Role.RISK_MANAGER in deciders) is (level is Level.MODERATE)

    def test_an_analysis_is_not_begun_without_one_either(self) -> None:
        """Nor is anything analysed that nobody decided on."""
        case = replace(before(B, "start_analysis"), decided=None)
        assert said_to(case, "start_analysis", by(ANA), Note(), RUN) >= {"analysing_not_allowed"}

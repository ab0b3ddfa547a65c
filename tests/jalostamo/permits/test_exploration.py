"""The whole process explored: the safety properties hold wherever a case goes, no row is dead, and nobody gets stuck.

The five machines together have too many situations to walk in a minute. They are walked in three overlapping parts, each
in full over its own machines: the permit; requests, datasets and runs; publications.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache

import pytest
from tests.jalostamo.permits.cases import Kind, actors_for, papers_for
from tests.jalostamo.permits.exploring import BESIDE, Situation, explore, steps_from
from tests.jalostamo.permits.properties import violation_in

from jalostamo.permits.applying import applied
from jalostamo.permits.exposure import Audience
from jalostamo.permits.guards import GUARDS
from jalostamo.permits.machines import ENDS, LIVE, PermitState, RunState
from jalostamo.permits.moves import Command
from jalostamo.permits.performing import Occurrence, judge
from jalostamo.permits.tables import BY_STATE_AND_COMMAND, TRANSITIONS
from jalostamo.permits.terms import DataClass, KindOfAnalysis, Lane, Level, Step
from jalostamo.permits.work_papers import OutputKind

pytestmark = [pytest.mark.requirement("S26-10", "S26-13"), pytest.mark.slow, pytest.mark.xdist_group("exploration")]

_ROWS, _KEYLESS = Lane.ROWS, DataClass.ROW_LEVEL_KEY_DESTROYED
_REPEATED = KindOfAnalysis.CONTINUOUS_MONITORING

WALKS = {
    "permit, low": ("permit", Kind(Level.LOW)),
    "permit, moderate, of children": ("permit", Kind(Level.MODERATE, kind=_REPEATED, children=True)),
    "permit, high by its class": (
        "permit",
        Kind(Level.HIGH, _ROWS, _KEYLESS, KindOfAnalysis.SELDOM_REPEATED, residual=Step.HIGH),
    ),
    "permit, high by its form": ("permit", Kind(Level.HIGH)),
    "work, low, rows": ("work", Kind(Level.LOW, _ROWS, DataClass.ANONYMISED_ROWS)),
    "work, moderate, reruns": ("work", Kind(Level.MODERATE, kind=_REPEATED)),
    "work, high, rows": ("work", Kind(Level.HIGH, _ROWS, _KEYLESS)),
    "publication, printed cells, opened": ("publication", Kind(Level.LOW, audience=Audience.PUBLIC, opening=Step.HIGH)),
    "publication, a model": ("publication", Kind(Level.MODERATE, output=OutputKind.MODEL)),
    "publication, microdata": (
        "publication",
        Kind(
            Level.HIGH,
            _ROWS,
            DataClass.PSEUDONYMISED_WITH_KEY,
            KindOfAnalysis.GUIDING,
            output=OutputKind.MICRODATA,
        ),
    ),
}
LARGEST = "work, high, rows"
"""A quarter of all steps, over machines that the other walks of the work go over too: it is walked by the deep tests."""

WALKED = [pytest.param(name, marks=pytest.mark.deep if name == LARGEST else ()) for name in WALKS]
UNFINISHED_WAYS = frozenset({"withdraw", "revoke", "expire", "(time passes)", "supersede"})


@dataclass
class Walk:
    """What one exploration found."""

    situations: int = 0
    steps: int = 0
    violations: set[str] = field(default_factory=set)
    fired: set[tuple[str, str]] = field(default_factory=set)
    stuck: set[str] = field(default_factory=set)
    examples: dict[PermitState, Situation] = field(default_factory=dict)


def is_goal(situation: Situation) -> bool:
    """Where a case has come to a proper end: refused, closed, or with results."""
    i = situation.initiative
    ended = i.state in {PermitState.REJECTED, PermitState.CLOSED}
    return ended or any(run.state is RunState.FINISHED and not run.earlier for run in i.runs)


@cache
def walked(name: str) -> Walk:
    part, kind = WALKS[name]
    walk, back = Walk(), defaultdict(set)
    live: dict[object, str] = {}
    goals: set[object] = set()
    for step in explore(kind, part, odd=True):
        walk.steps += 1
        before, after = step.before_key, step.key
        if found := violation_in(step):
            walk.violations.add(found)
        if step.fires:
            walk.fired.add((step.before.initiative.state, step.command))
        if step.command not in UNFINISHED_WAYS:
            back[after].add(before)
        if not step.after.initiative.pending:
            walk.examples.setdefault(step.after.initiative.state, step.after)
        if is_goal(step.after):
            goals.add(after)
        elif step.after.initiative.state not in ENDS and step.after.moment < 710:
            live[after] = step.after.initiative.state.value
    walk.situations = len(live) + len(goals)
    reached, waiting = set(goals), list(goals)
    while waiting:
        for before in back[waiting.pop()]:
            if before not in reached:
                reached.add(before)
                waiting.append(before)
    walk.stuck = {state for key, state in live.items() if key not in reached}
    return walk


@pytest.mark.parametrize("name", WALKED)
def test_every_property_holds_wherever_a_case_goes(name: str) -> None:
    walk = walked(name)
    assert walk.violations == set()
    assert walk.steps > 3_000


@pytest.mark.parametrize("name", [name for name in WALKS if name.startswith("permit")])
def test_nobody_gets_stuck(name: str) -> None:
    """From every live situation within the permit's time a refusal, a closing or results can be reached."""
    assert walked(name).stuck == set()


def test_every_row_of_the_table_is_taken_somewhere() -> None:
    fired = {command for name in WALKS if name != LARGEST for _, command in walked(name).fired}
    dead = {row.command for row in TRANSITIONS} - fired - BESIDE
    # The walked cases have one source, which cannot be dropped, and close only when their data is destroyed.
    assert dead == {"drop_source", "close"}


@pytest.mark.parametrize("state", sorted(ENDS))
def test_an_end_has_no_exit(state: PermitState) -> None:
    rows = [row for row in TRANSITIONS if state in row.sources and isinstance(row.sources[0], PermitState)]
    assert all(row.to is None and not row.goes_back for row in rows)


BREAKS = {
    "privacy_person_asked": ("permit, low", "s9_"),
    "level_is_low": ("permit, moderate, of children", "s8_"),
    "group_finds_moderate": ("permit, high by its form", "s8_"),
    "impact_assessment_made": ("without an impact assessment", "s5b_"),
    "commissioner_heard": ("permit, high by its class", "s5_"),
    "still_low": ("permit, low", "s1_"),
    "decided_level_covers": ("permit, moderate, of children", "s1_"),
    "may_analyse": ("permit, moderate, of children", "s1d_"),
    "every_source_granted": ("work, low, rows", "s7_"),
    "sources_still_granted": ("work, low, rows", "s7_"),
    "every_source_delivered": ("work, low, rows", "s2_"),
    "something_prepared": ("work, low, rows", "s2_"),
    "dataset_is_ready": ("work, low, rows", "s2_"),
    "order_in_force": ("work, low, rows", "s10c_"),
    "run_is_preparing": ("work, low, rows", "s10c_"),
    "run_may_be_ordered": ("work, low, rows", "s10c_"),
    "class_not_worse": ("work, low, rows", "s4b_"),
    "aims_met": ("work, low, rows", "s7c_"),
    "logins_known": ("work, low, rows", "s12_"),
    "rule_set_was_validated": ("work, low, rows", "s7d_"),
    "fields_within_decision": ("work, low, rows", "s7b_"),
    "within_the_decision": ("work, low, rows", "s7b_"),
    "lane_is_rows": ("work, moderate, reruns", "s4b_"),
    "gate_was_passed": ("work, moderate, reruns", "s3d_"),
    "exact_outputs": ("publication, printed cells, opened", "s3_"),
    "results_are_of_this_case": ("publication, printed cells, opened", "s3c_"),
    "kind_is_printed_cells": ("publication, a model", "s3_"),
    "kind_is_model_or_chart": ("publication, microdata", "s3_"),
    "kind_is_microdata": ("publication, printed cells, opened", "s3_"),
    "exposure_covered": ("publication, a model", "s3c_"),
}
"""Guards that carry a property: in which walk, and which property breaks when the guard is taken away."""

MORE_WALKS = {"without an impact assessment": ("permit", Kind(Level.MODERATE, children=True, residual=None))}


@pytest.mark.parametrize("guard", BREAKS)
def test_without_its_guard_a_property_breaks(guard: str) -> None:
    """The twin with the protection removed: the walk finds the way around it."""
    name, broken = BREAKS[guard]
    part, kind = (WALKS | MORE_WALKS)[name]
    without = {**GUARDS, guard: lambda move: ()}
    found = (violation_in(step) for step in explore(kind, part, guards=without, odd=True))
    assert next((v for v in found if v and v.startswith(broken)), None) is not None


@pytest.mark.parametrize("state", [s for s in LIVE if s not in {PermitState.SUSPENDED, PermitState.DRAFT}])
def test_a_suspended_case_comes_back_to_where_it_was(state: PermitState) -> None:
    """Suspension stops everything but what protects, and resuming leads back: it hides no other way."""
    names = ("permit, low", "permit, moderate, of children", "permit, high by its class")
    situation = next(walked(name).examples[state] for name in names if state in walked(name).examples)
    suspended = _done(situation, "suspend")
    assert suspended.initiative.state is PermitState.SUSPENDED
    protecting = {row.command for row in TRANSITIONS if row.protects} | {"withdraw", "supersede", "resume"}
    kind = WALKS["permit, moderate, of children"][1]
    taken = {step.command for step in steps_from(kind, suspended, GUARDS, frozenset())}
    assert taken <= protecting | {"resume", "(time passes)"}
    resumed = _done(suspended, "resume")
    assert resumed.initiative.state is state


def _done(situation: Situation, command: str) -> Situation:
    """The situation after a command with all its signatures."""
    initiative, kind = situation.initiative, WALKS["permit, low"][1]
    row = BY_STATE_AND_COMMAND[(initiative.state, command)]
    for number, _ in enumerate(row.signatures.slots):
        content = papers_for(kind, initiative, row, subject="", at=situation.at)[0]
        actors = next(actors_for(initiative, row, filled=frozenset(range(number))))
        found = judge(initiative, Command(command, actors, content), at=situation.at)
        assert isinstance(found, Occurrence), [objection.sentence for objection in found]
        initiative = applied(initiative, found)
    return Situation(initiative, situation.moment)

"""Who may give which command in which state, asked of the judge for every role and automaton, and compared with five tables.

`UPDATE_GOLDEN=1` writes the tables anew; the difference is then read as a change of the rules is.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, combinations_with_replacement
from pathlib import Path

import pytest
from tests.jalostamo.permits.cases import (
    PUBLICATION,
    REGISTER,
    RUN,
    START,
    Kind,
    actors_for,
    opening_of,
    papers_for,
    people_for,
)

from jalostamo.concepts.roles import Role
from jalostamo.permits.applying import applied, opened
from jalostamo.permits.guards import GUARDS
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.machines import (
    ENDS,
    STATES,
    DatasetState,
    Machine,
    PermitState,
    PublicationState,
    RequestState,
    RunState,
    State,
)
from jalostamo.permits.moves import Command
from jalostamo.permits.papers import Note
from jalostamo.permits.people import Actor, Automaton, Party, automaton, called
from jalostamo.permits.performing import Occurrence, judge, row_for
from jalostamo.permits.tables import BY_STATE_AND_COMMAND, TRANSITIONS
from jalostamo.permits.terms import WORDS, Level, title_of
from jalostamo.permits.transitions import Transition
from permits_page import CODES

pytestmark = pytest.mark.requirement("S26-10")

GOLDEN = Path(__file__).parent / "golden"
KIND = Kind(Level.MODERATE)
SUBJECTS = {
    Machine.PERMIT: "",
    Machine.REQUEST: REGISTER,
    Machine.DATASET: RUN,
    Machine.RUN: RUN,
    Machine.PUBLICATION: PUBLICATION,
}
PARTIES = tuple(CODES)
COMMANDS = {
    machine: tuple(dict.fromkeys(row.command for row in TRANSITIONS if row.machine is machine)) for machine in Machine
}
AT_AN_END: frozenset[State] = frozenset(
    {
        *ENDS,
        *(RequestState.REFUSED, RequestState.DROPPED),
        *(RunState.FINISHED, RunState.CANCELLED),
        *(PublicationState.WITHDRAWN, PublicationState.CLOSED),
        DatasetState.DESTROYED,
    }
)
"""Where a machine ends by itself; what a request was refused is dropped, or asked anew, by the permit."""

NO_GUARDS = {name: lambda move: () for name in GUARDS}
"""With these only state, role and signatures are left to speak."""

ASKED_WRONGLY = frozenset(
    {
        *("command_unknown", "command_removed", "subject_other", "subject_unknown", "paper_other", "clock_backwards"),
        *("role_not_held", "signed_already", "other_text_signed"),
    }
)
"""What the judge says where the question was badly put: an answer that would prove nothing."""


@dataclass(frozen=True, slots=True)
class Row:
    """One command in one state: how each party may give it, whose signatures together suffice, and where it leads."""

    marks: Mapping[Party, str]
    signed: tuple[str, ...]
    to: str


# --- A case, played through, and put into each state ------------------------------------------------------------------

_WAY = (
    *(("describe", ""), ("open_assessment", ""), ("submit_assessment", ""), ("give_privacy_statement", "")),
    *(("attach_impact_assessment", ""), ("escalate_to_management", ""), ("decide_to_continue", "")),
    *(("open_requests", ""), ("send_request", REGISTER), ("agree_fields", REGISTER), ("grant_access", REGISTER)),
    *(("note_all_granted", ""), ("state_login", ""), ("order_run", RUN), ("pick", REGISTER), ("transfer", REGISTER)),
    *(("receive", REGISTER), ("start_preparing", RUN), ("take_in", RUN), ("merge", RUN), ("prepare", RUN)),
    *(("describe_dataset", RUN), ("confirm_quality", RUN), ("report_prepared", RUN), ("open_review", "")),
    *(("submit_revised_assessment", ""), ("give_privacy_statement", ""), ("attach_impact_assessment", "")),
    *(("continue_analysis", ""), ("start_analysis", RUN), ("finish_analysis", RUN)),
    *(("draft_publication", PUBLICATION), ("submit_for_clearance", PUBLICATION), ("pass_gate", PUBLICATION)),
    ("publish", PUBLICATION),
)


@cache
def played() -> Initiative:
    """A case from its idea to a publication in use; every role is held by two people, of whom the first acted."""
    people = people_for(KIND, {role: (role.value, f"{role.value}_2") for role in Role})
    case = opened("case-1", opening_of(KIND, people=people), at=START)
    for command, subject in _WAY:
        case = taken(case, command, subject)
    return case


def taken(case: Initiative, name: str, subject: str) -> Initiative:
    """The case after a command has been signed by all who must."""
    fired = False
    while not fired:
        row = row_for(case, Command(name, (), None, subject))
        assert isinstance(row, Transition), (name, row)
        pending = case.waiting_for(name, subject)
        filled = frozenset(slot for slot, _ in pending.signed) if pending else frozenset()
        (content, *_), (actors, *_) = (
            papers_for(KIND, case, row, subject=subject, at=START),
            actors_for(case, row, filled=filled),
        )
        found = judge(case, Command(name, actors, content, subject), at=START)
        assert isinstance(found, Occurrence), (name, found)
        case, fired = applied(case, found), found.fires
    return case


@cache
def case_in(machine: Machine, state: State) -> Initiative:
    """The played case, put into a state: who may act there does not hang on how one got there."""
    case = played()
    match machine, state:
        case Machine.PERMIT, PermitState():
            left = PermitState.ANALYSIS if state is PermitState.SUSPENDED else None
            return replace(case, state=state, left_for_suspension=left)
        case Machine.REQUEST, RequestState():
            return replace(case, requests=tuple(replace(asked, state=state) for asked in case.requests))
        case Machine.DATASET, DatasetState():
            return replace(case, runs=tuple(replace(run, dataset=state) for run in case.runs))
        case Machine.RUN, RunState():
            runs = () if state is RunState.NOT_YET else case.runs
            return replace(case, runs=tuple(replace(run, state=state) for run in runs))
        case Machine.PUBLICATION, PublicationState():
            made = () if state is PublicationState.NOT_YET else case.publications
            return replace(case, publications=tuple(replace(each, state=state) for each in made))
    raise KeyError(state)


# --- Asking the judge -------------------------------------------------------------------------------------------------


def acting(party: Party, *, second: bool = False) -> Actor:
    """An automaton, or one of the two who hold a role."""
    if isinstance(party, Automaton):
        return automaton(party)
    return Actor(f"{party.value}_2" if second else party.value, party)


@cache
def paper_for(machine: Machine, state: State, command: str) -> object:
    """A well-formed paper for a command; a plain note where the state knows no such command."""
    row = BY_STATE_AND_COMMAND.get((state, command))
    if row is None:
        return Note()
    return papers_for(KIND, case_in(machine, state), row, subject=SUBJECTS[machine], at=START)[0]


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the judge: a command of one machine in one state."""

    machine: Machine
    state: State
    command: str

    def judged(self, *actors: Actor, case: Initiative | None = None, guarded: bool = True) -> Occurrence | set[str]:
        """The judge's answer: what would come of it, or the codes of its objections."""
        paper = paper_for(self.machine, self.state, self.command)
        given = Command(self.command, actors, paper, SUBJECTS[self.machine])
        in_case = case or case_in(self.machine, self.state)
        found = judge(in_case, given, at=START, guards=GUARDS if guarded else NO_GUARDS)
        return found if isinstance(found, Occurrence) else {getattr(wrong, "code", "") for wrong in found}

    def may(self, *parties: Party) -> bool:
        """Whether these have the command, whatever its guards will say of the case."""
        found = self.judged(*(acting(party) for party in parties))
        if isinstance(found, Occurrence):
            return True
        assert not found & ASKED_WRONGLY, (self, parties, found)
        return not found & {"not_in_this_state", "not_this_role"}

    def is_known(self) -> bool:
        """Whether the command can be given in this state at all; nobody's role changes that."""
        answers = [self.judged(acting(party)) == {"not_in_this_state"} for party in PARTIES]
        assert len(set(answers)) == 1, self
        return not answers[0]

    def occurring(self, *actors: Actor, case: Initiative | None = None) -> Occurrence:
        """What comes of it once nothing in the case stands against it."""
        found = self.judged(*actors, case=case, guarded=False)
        assert isinstance(found, Occurrence), (self, actors, found)
        return found

    def suffices(self, one: Party, other: Party) -> bool:
        """Whether one signature of each, given apart, by two people, is all that is asked."""
        first = self.occurring(acting(one))
        begun = applied(case_in(self.machine, self.state), first)
        second = self.judged(acting(other, second=one is other), case=begun, guarded=False)
        return isinstance(second, Occurrence) and second.fires


@cache
def row_of(question: Question) -> Row | None:
    """One row of the golden table, as the judge answers it."""
    if not question.is_known():
        return None
    alone = [party for party in PARTIES if question.may(party)]
    joint = [pair for pair in combinations(PARTIES, 2) if question.may(*pair)]
    assert bool(alone) != bool(joint), question
    marks = {party: "A" if question.occurring(acting(party)).fires else "&" for party in alone}
    marks |= {party: "+" for pair in joint for party in pair}
    signing = [party for party in PARTIES if marks.get(party) == "&"]
    both = [pair for pair in combinations_with_replacement(signing, 2) if question.suffices(*pair)]
    signed = [f"{CODES[a]}+{CODES[b]}" for a, b in joint] + [f"{CODES[a]}&{CODES[b]}" for a, b in both]
    return Row(marks, tuple(signed), _target(question, alone, joint))


def _target(question: Question, alone: list[Party], joint: list[tuple[Party, Party]]) -> str:
    actors = [acting(alone[0])] if alone else [acting(party) for party in joint[0]]
    row = question.occurring(*actors).row
    if row.goes_back:
        return "the state that was left"
    return "stays" if row.to is None else row.to.value


@cache
def grid_of(machine: Machine) -> Mapping[tuple[State, str], Row]:
    """Everything that can be done in one machine, by state and command."""
    rows = {
        (state, command): row_of(Question(machine, state, command))
        for state in STATES[machine]
        for command in COMMANDS[machine]
    }
    return {cell: row for cell, row in rows.items() if row is not None}


# --- The golden tables ------------------------------------------------------------------------------------------------

_HEAD = """\
WHO MAY DO WHAT: {machine}

For every state: the commands that can be given in it, one a line, and everyone who could give them, one a column.

  A   gives the command alone
  +   gives it together with another, in one submission
  &   gives one of two signatures, each apart
  .   is refused

A command that has no line under a state can be given there by nobody. Behind the arrow stand the state to which the
command leads, and whose signatures suffice. What else must hold, such as a written reason, is not asked here.

After a change that was meant: UPDATE_GOLDEN=1 .venv/bin/pytest {test}
Then read the difference as a change of the rules.

"""
_TEST = "tests/jalostamo/permits/test_golden_tables.py"


def table_of(machine: Machine) -> str:
    """The golden table of one machine, as a person reads it."""
    parts = [_HEAD.format(machine=title_of(machine).en, test=_TEST)]
    parts += [f"  {code:<4}  {called(party).en}\n" for party, code in CODES.items()]
    names = {command: WORDS[f"Command.{command}"].en for command in COMMANDS[machine]}
    width = max(len(name) for name in names.values())
    for state in STATES[machine]:
        parts.append(f"\n\n{state.value}: {title_of(state).en}\n\n")
        rows = [(names[command], row) for (found, command), row in grid_of(machine).items() if found is state]
        if not rows:
            parts.append("  nobody can do anything here\n")
            continue
        parts.append(f"  {'':<{width}}  {' '.join(CODES.values())}\n")
        parts += [f"  {name:<{width}}  {_cells(row)}  -> {_leads_to(row)}\n" for name, row in rows]
    return "".join(parts)


def _cells(row: Row) -> str:
    return " ".join(f"{row.marks.get(party, '.'):^{len(code)}}" for party, code in CODES.items())


def _leads_to(row: Row) -> str:
    return f"{row.to}   {', '.join(row.signed)}".rstrip()


def cells(machine: Machine) -> Iterator[tuple[State, str, Party]]:
    """Every state, command and party that has it."""
    for (state, command), row in grid_of(machine).items():
        for party in row.marks:
            yield state, command, party


@pytest.mark.parametrize("machine", Machine)
def test_every_state_role_and_command_is_as_in_the_golden_table(machine: Machine) -> None:
    """Each of the eight phases has its people: who may do what, and nobody else."""
    golden = GOLDEN / f"{machine.value}.txt"
    now = table_of(machine)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        golden.write_text(now, encoding="utf-8")
    assert now == golden.read_text(encoding="utf-8"), f"who may do what has changed: read the head of {golden.name}"


def test_every_role_and_every_automaton_has_its_column() -> None:
    assert set(PARTIES) == {*Role, *Automaton}


@pytest.mark.parametrize("machine", Machine)
def test_what_the_judge_knows_is_what_the_table_says(machine: Machine) -> None:
    of_the_table = {cell for cell, row in BY_STATE_AND_COMMAND.items() if row.machine is machine}
    assert set(grid_of(machine)) == of_the_table


@pytest.mark.parametrize("machine", Machine)
def test_there_is_no_command_that_nobody_can_give(machine: Machine) -> None:
    assert {command for _, command, _ in cells(machine)} == set(COMMANDS[machine])


@pytest.mark.parametrize("machine", Machine)
def test_every_state_but_an_end_has_a_way_out(machine: Machine) -> None:
    left = {state for (state, _), row in grid_of(machine).items() if row.to not in {"stays", state.value}}
    assert left == set(STATES[machine]) - AT_AN_END


@pytest.mark.parametrize("machine", Machine)
def test_at_an_end_only_records_are_made(machine: Machine) -> None:
    assert {row.to for (state, _), row in grid_of(machine).items() if state in AT_AN_END} <= {"stays"}


@pytest.mark.requirement("S26-14", "S22-11")
def test_the_analyst_has_no_part_in_retrieving_data() -> None:
    """The analyst and the systems expert define the fields; the analyst does not participate in the retrieval of data."""
    hers = {(state, command) for state, command, party in cells(Machine.REQUEST) if party is Role.ANALYST}
    assert hers == {(RequestState.DRAFT, "send_request"), (RequestState.SENT, "agree_fields")}


@pytest.mark.requirement("S26-14")
def test_fields_are_defined_by_the_analyst_and_the_systems_expert_together() -> None:
    """The analyst and the system expert define the data and data fields required from the system."""
    assert grid_of(Machine.REQUEST)[RequestState.SENT, "agree_fields"].signed == ("ANA+SYS",)


@pytest.mark.requirement("S22-11")
def test_the_analyst_has_no_part_in_linking_and_anonymising_data() -> None:
    assert [command for _, command, party in cells(Machine.DATASET) if party is Role.ANALYST] == []


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SERVICE_UNIT_READER, Role.OUTSIDE_RESEARCHER])
def test_whoever_only_reads_can_change_nothing(role: Role) -> None:
    assert [command for machine in Machine for _, command, party in cells(machine) if party is role] == []


@pytest.mark.parametrize("machine", Machine)
def test_nobody_acts_in_the_name_of_an_automaton(machine: Machine) -> None:
    """What goes by rule goes under the rule's own name, and no person of the case can borrow it."""
    of_automatons = [cell for cell in cells(machine) if isinstance(cell[2], Automaton)]
    assert of_automatons
    for state, command, party in of_automatons:
        question = Question(machine, state, command)
        for person in (*Role, *(other for other in Automaton if other is not party)):
            assert question.judged(Actor(person.value, party)) == {"role_not_held"}


@pytest.mark.parametrize("machine", Machine)
def test_no_automaton_acts_in_a_role_of_people(machine: Machine) -> None:
    of_people = [cell for cell in cells(machine) if isinstance(cell[2], Role) and row_marks(machine, cell) != "+"]
    for state, command, party in of_people:
        for other in Automaton:
            answer = Question(machine, state, command).judged(Actor(other.value, party))
            assert answer == {"role_not_held"}


def row_marks(machine: Machine, cell: tuple[State, str, Party]) -> str:
    """The mark of one cell."""
    state, command, party = cell
    return grid_of(machine)[state, command].marks[party]

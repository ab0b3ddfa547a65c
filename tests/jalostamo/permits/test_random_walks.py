"""Random walks through cases: whatever people try, in whatever order, at whatever times, what is promised still holds."""

from __future__ import annotations

import datetime
import random
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.permits.cases import REGISTER, RUN, START, Kind, opening_of
from tests.jalostamo.permits.walking import HEARD, HIGH, LOW, MODERATE, SIGNER, VERIFIER, Player, commands_tried

from jalostamo.concepts.errors import Objection
from jalostamo.concepts.roles import Role
from jalostamo.permits.events import Event, append, open_case, replay, replayed_on
from jalostamo.permits.initiative import Initiative
from jalostamo.permits.machines import ENDS
from jalostamo.permits.moves import Command
from jalostamo.permits.papers import Note
from jalostamo.permits.people import Actor, Automaton
from jalostamo.permits.performing import Occurrence, judge
from jalostamo.permits.standing import allowed, ends_on, in_force
from jalostamo.permits.tables import MACHINES, TRANSITIONS
from jalostamo.permits.terms import KindOfAnalysis

GUIDING = Kind(kind=KindOfAnalysis.GUIDING)
KINDS = (LOW, MODERATE, HIGH, HEARD, GUIDING)
STEPS = 60
WALKS = 20
WALKS_DEEP = 340
WAITS = (0, 0, 0, 0, 0, 0, 0, 0, 1, 60, 86_400, 86_400 * 40, 86_400 * 200)
"""Seconds between two steps: mostly none, sometimes a day, now and then over the end of an interval."""

SUBJECTS = ("", REGISTER, "no_such_register", RUN, "run-2", "publication-1", "ei ole\n")
NAMES = (*sorted(MACHINES), "open", "no_such_command", "")
STARTS = ("describe", "decided", "order_run", "receive", "report_prepared", "start_analysis", "publish")
BACK = frozenset(
    {
        *("withdraw", "revoke", "refuse", "stop", "close", "supersede", "suspend", "rescope", "redefine", "cancel_run"),
        *(
            "withdraw_access",
            "refuse_access",
            "return_for_completion",
            "reopen_description",
            "reopen_fields",
            "stop_run",
        ),
        *("reject_delivery", "fail_validation", "destroy_dataset", "withdraw_publication", "note_new_data", "end_role"),
        *(
            "widen_publication",
            "prepare_again",
            "ask_for_more_data",
            "give_role",
            "send_back",
            "refer_up",
            "drop_source",
        ),
    }
)


@dataclass(slots=True)
class Walk:
    """One walk: its case, its chain, the chain as a second one keeps it, and what it has tried."""

    kind: Kind
    chance: random.Random
    initiative: Initiative
    events: list[Event]
    kept: Initiative
    at: datetime.datetime = START
    tried: int = 0
    allowed: int = 0
    refused: set[str] = field(default_factory=set)

    @classmethod
    def from_the_start(cls, kind: Kind, seed: int) -> Walk:
        """A walk from a case that has just been opened."""
        by = Actor(Role.INITIATOR.value, Role.INITIATOR)
        event, made = open_case("case-1", opening_of(kind), by=by, at=START, signer=SIGNER)
        return cls(kind, random.Random(seed), made, [event], replay([event], verifier=VERIFIER))

    @classmethod
    def on_the_way(cls, kind: Kind, seed: int) -> Walk:
        """A walk from a case that has come as far as its seed says, so that the later phases are tried as often."""
        walk = cls.from_the_start(kind, seed)
        way = Player(kind)
        last = walk.chance.choice(STARTS)
        decided = "confirm_low" if kind in {LOW, GUIDING} else "decide_to_continue"
        way.until(decided if last == "decided" else last)
        walk.initiative, walk.events = way.initiative, way.events
        walk.kept = replay(way.events, verifier=VERIFIER)
        return walk

    def step(self) -> None:
        """One try: a command by whoever, at some time."""
        self.at += datetime.timedelta(seconds=self.chance.choice(WAITS))
        command, at = self.command(), self.at
        if self.chance.random() < 0.02:
            at = self.initiative.last_at - datetime.timedelta(seconds=1)
        before = self.initiative
        found = judge(before, command, at=at)
        assert found == judge(before, command, at=at), "the same question has two answers"
        assert before == self.kept, "judging has changed the case"
        self.tried += 1
        if isinstance(found, Occurrence):
            self.happened(found)
        else:
            self.was_refused(found, at)

    def command(self) -> Command:
        """What is tried: mostly something that has a row, sometimes with others, elsewhere, or anything at all."""
        sensible = self.sensible()
        chance = self.chance.random()
        if chance < 0.15 or not sensible:
            return Command(self.chance.choice(NAMES), self.others(), Note(), self.chance.choice(SUBJECTS))
        chosen = self.chance.choice(sensible)
        if chance < 0.3:
            return replace(chosen, actors=self.others())
        if chance < 0.35:
            return replace(chosen, subject=self.chance.choice(SUBJECTS))
        if chance < 0.4:
            return replace(chosen, content=self.chance.choice(sensible).content)
        return chosen if chance < 0.6 else self.one_that_is_allowed(sensible)

    def one_that_is_allowed(self, sensible: list[Command]) -> Command:
        """One of the commands that would be allowed, if there is any; otherwise walks stand still."""
        self.chance.shuffle(sensible)
        judged = ((command, judge(self.initiative, command, at=self.at)) for command in sensible)
        return next((command for command, found in judged if isinstance(found, Occurrence)), sensible[0])

    def sensible(self) -> list[Command]:
        """Every command that has a row; mostly without those that end, stop or send back a case, which is soon over else."""
        every = commands_tried(self.kind, self.initiative, self.at)
        if self.chance.random() < 0.2:
            return list(every)
        return [command for command in every if command.name not in BACK]

    def others(self) -> tuple[Actor, ...]:
        """Anybody: one or two of the people of the case in any of their roles, an automaton, or nobody."""
        people = [Actor(given.person, self.chance.choice([given.role, *Role])) for given in self.initiative.people]
        anybody = [*people, *(Actor(each.value, each) for each in Automaton), Actor("stranger", Role.ANALYST)]
        return tuple(self.chance.choices(anybody, k=self.chance.choice((0, 1, 1, 1, 2, 3))))

    def happened(self, found: Occurrence) -> None:
        """What was allowed is appended; whoever reads the chain has the same case, and the promises hold in it."""
        before = self.initiative
        event, self.initiative = append(before, found, signer=SIGNER)
        self.events.append(event)
        self.allowed += 1
        self.kept = replayed_on(self.kept, [event], verifier=VERIFIER)
        assert self.kept == self.initiative
        if self.chance.random() < 0.02:
            self.kept = replay(self.events, verifier=VERIFIER, head=(event.number, event.digest))
            assert self.kept == self.initiative, "a crash has lost something"
        assert before.state not in ENDS or self.initiative.state is before.state, "an end has an exit"
        self.promises()

    def was_refused(self, found: tuple[Objection, ...], at: datetime.datetime) -> None:
        """What was refused says why, in each language, and has changed nothing."""
        assert found
        assert all(said.sentence for said in found)
        self.refused |= {getattr(said, "code", "") for said in found}
        assert self.initiative == self.kept

    def promises(self) -> None:
        """What is promised of every case at every moment."""
        case, at = self.initiative, self.at
        now, last = allowed(case, at), ends_on(case)
        if now.analysing:
            assert case.decided is not None
            assert case.assessed is not None
            assert case.decided.level.rank >= case.assessed.level.rank
        if now.analysing or now.preparing or now.reviewing:
            assert in_force(case, at)
            assert last is not None
            assert case.local_day(at) <= last
        assert not (now.reviewing and now.analysing)
        if case.state in ENDS:
            assert not (now.analysing or now.preparing or now.reviewing)


def walked(kind: Kind, seed: int, steps: int) -> Walk:
    """A walk of so many steps; every second one begins somewhere on the way."""
    walk = Walk.on_the_way(kind, seed) if seed % 2 else Walk.from_the_start(kind, seed)
    for _ in range(steps):
        walk.step()
    assert replay(walk.events, verifier=VERIFIER) == walk.initiative
    return walk


@given(kind=st.sampled_from(KINDS), seed=st.integers(0, 2**32), steps=st.integers(1, STEPS))
def test_whatever_is_tried_the_promises_hold(kind: Kind, seed: int, steps: int) -> None:
    """A failure shrinks to the fewest steps of its walk."""
    walked(kind, seed, steps)


def taken(walks: int) -> list[Walk]:
    """Walks of full length, the same ones each time."""
    return [walked(KINDS[seed % len(KINDS)], seed, STEPS) for seed in range(walks)]


def rows_in(walks: list[Walk]) -> set[str]:
    """The rows of the table by which something happened in them."""
    return {event.row for walk in walks for event in walk.events}


def test_walks_get_somewhere() -> None:
    """Were everything refused, or nothing, the promises would say little."""
    walks = taken(WALKS)
    assert sum(walk.tried for walk in walks) == WALKS * STEPS
    assert 0.2 < sum(walk.allowed for walk in walks) / (WALKS * STEPS) < 0.8
    assert len(rows_in(walks)) > 50
    assert len(set().union(*(walk.refused for walk in walks))) > 30


@pytest.mark.deep
def test_many_walks_use_most_rows_of_the_table() -> None:
    """20,000 steps and more; each row by itself is tested elsewhere."""
    walks = taken(WALKS_DEEP)
    assert sum(walk.tried for walk in walks) > 20_000
    unused = {row.id for row in TRANSITIONS} - rows_in(walks)
    assert len(unused) < 30, sorted(unused)

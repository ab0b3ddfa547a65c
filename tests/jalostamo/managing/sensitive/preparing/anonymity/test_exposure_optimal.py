"""With every model of how exposed people are, the search finds the very node that trying all of them finds."""

from __future__ import annotations

from itertools import product
from operator import le

import pytest
from hypothesis import given, seed, settings
from tests.jalostamo.managing.sensitive.preparing.anonymity import laid_out, oracle
from tests.jalostamo.managing.sensitive.preparing.anonymity.drawn import exposed_tasks
from tests.jalostamo.managing.sensitive.preparing.anonymity.oracle import Column, Levels, Task
from tests.jalostamo.managing.sensitive.preparing.anonymity.oracle_exposure import Exposed
from tests.jalostamo.managing.sensitive.preparing.anonymity.test_searching_optimal import agree

from jalostamo.managing.sensitive.preparing.anonymity import lattice, searching


@pytest.mark.slow
@seed(2026)
@settings(max_examples=settings.default.max_examples * 8)
@given(exposed_tasks())
def test_the_search_finds_what_trying_everything_finds(task: Task) -> None:
    agree(task)


@pytest.mark.slow
@seed(2026)
@settings(max_examples=settings.default.max_examples * 12)
@given(exposed_tasks(sparing=True))
def test_where_a_node_closes_all_finer_ones_none_of_them_holds(task: Task) -> None:
    attributes, counted, asked = (laid_out.attributes(task), laid_out.histogram(task), laid_out.asked(task))
    looker = searching.looker_of(counted, lattice.laid_out(attributes), asked, 2**20)
    nodes = list(product(*(range(column.highest + 1) for column in task.columns)))
    feasible = [levels for levels in nodes if holds(task, levels)]
    for levels in nodes:
        node = looker.look(levels)
        finer = [one for one in feasible if all(map(le, one, levels))]
        assert node is not None or not finer
        if node is not None:
            assert (node.suppressed <= looker.limit and node.holds) == (levels in feasible)


def holds(task: Task, levels: Levels) -> bool:
    """Whether a node holds, by trying it."""
    classes = oracle.released(task, levels)
    few = len(task.rows) - sum(map(len, classes)) <= task.suppressible
    return few and not any(oracle.overall_failures(task, levels, classes))


def test_a_finer_node_may_hold_where_people_of_several_rows_are_met_in_more_classes() -> None:
    # One person at risk 1 and three at 1/3, met once: 2/4. Level by level, the three are met in three classes: 4/10.
    area = Column("area", (("a", "A"), ("b1", "B"), ("b2", "B"), ("b3", "B")))
    rows = [("a", "p"), *((place, person) for place in ("b1", "b2", "b3") for person in "qrs")]
    table = tuple({"area": place, "person": person} for place, person in rows)
    task = Task(table, (area,), k=1, units=("person",), exposed=Exposed(average_risk="0.45"))
    found = oracle.optimum(task)
    assert found is not None
    assert found.levels == (0,)
    assert not holds(task, (1,))
    agree(task)

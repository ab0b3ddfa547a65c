"""The search finds, on every small table, the very node that trying all of them finds, and releases the same rows."""

from __future__ import annotations

import pytest
from hypothesis import given, seed, settings
from tests.jalostamo.managing.sensitive.preparing.anonymity import laid_out, oracle
from tests.jalostamo.managing.sensitive.preparing.anonymity.drawn import tasks
from tests.jalostamo.managing.sensitive.preparing.anonymity.oracle import Column, Task

from jalostamo.concepts.errors import Refused
from jalostamo.managing.sensitive.preparing.anonymity.problem import Solution
from jalostamo.managing.sensitive.preparing.anonymity.searching import search


def searched(task: Task) -> Solution | None:
    """What the search finds; None where it refuses because no node holds."""
    try:
        return search(laid_out.histogram(task), laid_out.attributes(task), laid_out.asked(task))
    except Refused as refused:
        assert refused.reason == "infeasible"
        return None


def kept_rows(task: Task, found: oracle.Found) -> list[int]:
    """Of each combination the rows that are released."""
    places = laid_out.places(task)
    kept = [places[i] for i in found.kept]
    return [kept.count(place) for place in range(len(set(places)))]


@pytest.mark.slow
@seed(2026)
@settings(max_examples=settings.default.max_examples * 8)
@given(tasks())
def test_the_search_finds_what_trying_everything_finds(task: Task) -> None:
    agree(task)


def agree(task: Task) -> None:
    """Both find the same node and the same rows, or none."""
    found, solution = oracle.optimum(task), searched(task)
    assert (found is None) == (solution is None)
    if found is not None and solution is not None:
        assert solution.levels == found.levels
        assert solution.value == pytest.approx(found.value, abs=1e-9)
        assert solution.loss == pytest.approx(found.loss, abs=1e-9)
        assert solution.kept_rows.tolist() == kept_rows(task, found)
        assert (solution.classes, solution.smallest_class) == (found.classes, found.smallest_class)
        assert (solution.nodes_total, solution.proved, solution.gap) == (found.nodes, True, 0.0)


ROOT = ("0", "*"), ("1", "*")
ALIKE = (Column("one", ROOT), Column("two", ROOT), Column("three", ROOT, weight=2.0))


@pytest.mark.parametrize("metric", oracle.METRICS)
@pytest.mark.parametrize("limit", ["0", "0.01"])
def test_columns_that_are_one_another_are_decided_by_their_order_in_large_tables_too(metric: str, limit: str) -> None:
    rows = tuple({"one": one, "two": two, "three": "0"} for one, two in ("01", "10", "00", "11") for _ in range(301))
    odd = ({"one": "1", "two": "0", "three": "1"}, {"one": "0", "two": "1", "three": "1"})
    agree(Task(rows + odd, ALIKE, k=500, limit=limit, metric=metric))


@pytest.mark.parametrize("limit", ["0.29", "0.285"])
def test_the_limit_of_a_hundred_rows_is_as_written(limit: str) -> None:
    rows = tuple({"one": "0" if n < 71 else "1"} for n in range(100))
    agree(Task(rows, ALIKE[:1], k=30, limit=limit))

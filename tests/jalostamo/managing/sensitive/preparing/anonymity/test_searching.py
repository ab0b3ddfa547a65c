"""The search is right on every way through it, the same whatever it remembers, and honest when its time is up."""

from __future__ import annotations

import dataclasses
from types import ModuleType

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.jalostamo.managing.sensitive.preparing.anonymity.town import Town, asked, attributes, best, drawn, histogram

from jalostamo.concepts.errors import Broken, Refused, Unfit
from jalostamo.managing.sensitive.preparing.anonymity import cells, lattice, marks, rolling, views
from jalostamo.managing.sensitive.preparing.anonymity.problem import METRICS, Histogram, Solution, nodes_total
from jalostamo.managing.sensitive.preparing.anonymity.searching import search

TOWNS = st.integers(0, 2**32).map(drawn)
ANY_WAY = settings(
    max_examples=settings.default.max_examples * 3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def searched(town: Town, **options: int) -> Solution | None:
    try:
        return search(histogram(town), attributes(town), asked(town), **options)
    except Refused as refused:
        assert refused.reason == "infeasible"
        return None


def large(number: int, **changes: object) -> Town:
    """A town that has many people, and every generalisation of four attributes."""
    town = drawn(number)
    rng = np.random.default_rng(number)
    levels = tuple((tuple(range(8)), (0, 0, 1, 1, 2, 2, 3, 3), (0, 0, 0, 0, 1, 1, 1, 1), (0,) * 8) for _ in range(4))
    rows = tuple(map(tuple, np.minimum(rng.integers(0, 8, (4000, 4)), rng.integers(0, 8, (4000, 4))).tolist()))
    values = tuple(rng.integers(0, 3, 4000).tolist())
    town = dataclasses.replace(town, rows=rows, values=values, levels=levels, weights=(1.0,) * 4)
    return dataclasses.replace(town, k=5, limit=200, diversity=None, closeness=None, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {(views, "LARGE"): 1, (rolling, "LARGE"): 1},
        {(rolling, "_MANY"): 1},
        {(rolling, "_MANY"): 1, (cells, "_LONG"): 1, (lattice, "_TABLE_BITS"): 3, (views, "LARGE"): 1},
        {(lattice, "_WORD_BITS"): 4},
        {(marks, "_WORD_BITS"): 0},
        {(views, "_CELLS_EACH"): 0},
    ],
    ids=["plain", "halfway", "cells", "many_tables", "words", "unmarked", "lists"],
)
@ANY_WAY
@given(town=TOWNS)
def test_every_way_of_rolling_up_finds_the_best_node(
    monkeypatch: pytest.MonkeyPatch, changes: dict[tuple[ModuleType, str], int], town: Town
) -> None:
    for (module, name), value in changes.items():
        monkeypatch.setattr(module, name, value)
    solution, expected = searched(town), best(town)
    assert (solution is None) == (expected is None)
    if solution is not None and expected is not None:
        assert solution.levels == expected[0]
        assert solution.value == pytest.approx(expected[1], abs=1e-9)
        assert solution.proved


@pytest.mark.parametrize("metric", METRICS)
def test_what_is_remembered_changes_no_result(metric: str) -> None:
    town = large(7, metric=metric)
    much, little, nothing = (searched(town, room=room) for room in (2**28, 2**16, 0))
    assert much is not None
    assert little is not None
    assert nothing is not None
    for other in (little, nothing):
        assert (other.levels, other.value, other.loss) == (much.levels, much.value, much.loss)
        assert other.nodes_evaluated == much.nodes_evaluated
        assert np.array_equal(other.kept, much.kept)


def test_views_stay_within_their_room() -> None:
    town = large(7, metric="loss")
    layout = lattice.laid_out(attributes(town))
    counted = histogram(town)
    finest = views.finest_view(counted, layout, np.zeros(0, np.int64))
    made = views.Views(layout, finest, 2**15, 4000, 1)
    for levels in np.ndindex(4, 4, 4, 4):
        assert made.at(tuple(map(int, levels))) is not None
    assert 0 < made.most_used <= 2**15


def test_when_time_is_up_the_bound_lies_below_the_best_of_all() -> None:
    town = large(7, metric="loss")
    ended = search(histogram(town), attributes(town), dataclasses.replace(asked(town), time_limit=0.0))
    proved = searched(town)
    assert proved is not None
    assert not ended.proved
    assert ended.lower_bound <= proved.value <= ended.value
    assert ended.gap == pytest.approx((ended.value - ended.lower_bound) / ended.value)
    assert len(town.rows) - int(ended.kept_rows.sum()) <= town.limit


def test_what_no_node_meets_is_refused_with_a_way_on() -> None:
    town = dataclasses.replace(large(7, metric="loss"), k=5000)
    with pytest.raises(Refused, match="allow more suppression") as refused:
        search(histogram(town), attributes(town), asked(town))
    assert refused.value.reason == "infeasible"


def test_progress_tells_looks_and_a_bound_that_never_passes_the_best() -> None:
    town, told = large(7, metric="loss"), []
    solution = search(histogram(town), attributes(town), asked(town), watch=lambda *now: told.append(now))
    assert told
    assert [looks for looks, _, _ in told] == sorted(looks for looks, _, _ in told)
    assert told[-1][1] == solution.value


def test_levels_that_do_not_nest_are_our_fault() -> None:
    town = large(7, metric="loss")
    crossed = ((0, 1, 2, 3, 4, 5, 6, 7), (0, 0, 1, 1, 2, 2, 3, 3), (0, 1, 0, 1, 0, 1, 0, 1))
    with pytest.raises(Broken, match="parts values"):
        searched(dataclasses.replace(town, levels=(crossed, *town.levels[1:])))


def test_a_table_without_rows_does_not_fit() -> None:
    town = large(7, metric="loss")
    empty = Histogram(np.zeros((0, 4), np.int32), np.zeros(0, np.int64))
    with pytest.raises(Unfit, match="no rows"):
        search(empty, attributes(town), dataclasses.replace(asked(town), sensitive=()))


def test_the_number_of_nodes_is_known_beforehand() -> None:
    assert nodes_total(attributes(large(7, metric="loss"))) == 256

"""Of the generalisations that a catalogue allows, the one is found that trying each of them finds; and who is left out stays out."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, seed
from hypothesis import strategies as st
from tests.jalostamo.managing.sensitive.preparing.anonymity import laid_out
from tests.jalostamo.managing.sensitive.preparing.anonymity.drawn import tasks
from tests.jalostamo.managing.sensitive.preparing.anonymity.oracle import Task

from jalostamo.concepts.errors import Refused
from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.preparing.anonymity.before import rest_of
from jalostamo.managing.sensitive.preparing.anonymity.choosing import Problem, chosen, judged_at, proposed
from jalostamo.managing.sensitive.preparing.anonymity.files import table_file
from jalostamo.managing.sensitive.preparing.anonymity.problem import Solution
from jalostamo.managing.sensitive.preparing.anonymity.reading import read_recipe
from jalostamo.managing.sensitive.preparing.anonymity.searching import EQUAL, search
from jalostamo.managing.sensitive.preparing.anonymity.tables import load

type Levels = tuple[int, ...]


def problem_of(task: Task) -> Problem:
    """The table and its recipe, as the search is given them."""
    return laid_out.histogram(task), laid_out.attributes(task), laid_out.asked(task)


def one_by_one(task: Task, among: list[Levels]) -> list[Solution]:
    """What each of these generalisations would release, of those that hold."""
    found = (judged_at(problem_of(task), levels) for levels in among)
    return [solution for solution in found if solution is not None]


def best_of(solutions: list[Solution]) -> Levels | None:
    """The one that costs least; of equal ones the lower sum of levels, then the first in order."""
    if not solutions:
        return None
    least = min(solution.value for solution in solutions)
    equal = [s.levels for s in solutions if s.value <= least + EQUAL]
    return min(equal, key=lambda levels: (sum(levels), levels))


@st.composite
def catalogues(draw: st.DrawFn) -> tuple[Task, list[Levels]]:
    """A table with a recipe, and some of its generalisations in any order."""
    task = draw(tasks())
    every = list(product(*(range(len(attribute.to_level)) for attribute in laid_out.attributes(task))))
    return task, draw(st.lists(st.sampled_from(every), min_size=1, max_size=6, unique=True))


@seed(2026)
@given(catalogues())
def test_the_best_within_a_catalogue_is_found_and_proved(drawn: tuple[Task, list[Levels]]) -> None:
    task, among = drawn
    wanted = best_of(one_by_one(task, among))
    try:
        found = chosen(problem_of(task), among, "least_loss")
    except Refused as refused:
        assert (wanted, refused.reason) == (None, "infeasible")
        return
    assert (found.levels, found.proved, found.nodes_total) == (wanted, True, len(among))


@seed(2027)
@given(catalogues())
def test_by_policy_the_first_that_holds_is_taken(drawn: tuple[Task, list[Levels]]) -> None:
    task, among = drawn
    holding = [solution.levels for solution in one_by_one(task, among)]
    try:
        assert chosen(problem_of(task), among, "first").levels == holding[0]
    except Refused as refused:
        assert (holding, refused.reason) == ([], "infeasible")


@seed(2028)
@given(tasks())
def test_what_is_proposed_holds_and_is_told_once(task: Task) -> None:
    problem = problem_of(task)
    try:
        best = search(*problem)
    except Refused:
        return
    found = proposed(problem, best, step=lambda _: None)
    assert found[0] == best.levels
    assert len(set(found)) == len(found) <= 8
    assert len(one_by_one(task, list(found))) == len(found)


RECIPE = """
[table]
unit = "person"
[[quasi_identifier]]
column = "age"
hierarchy = "age.csv"
[[sensitive]]
column = "service"
t_closeness = { kind = "equal", t = 0.4 }
[model]
k = 2
suppression_limit = 0.5
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A table in which one service is had by one person alone."""
    drawn = random.Random(3)  # people of a test
    rows = [f"{drawn.choice(range(20, 30))},{drawn.choice('abc')},p{n}" for n in range(60)]
    (tmp_path / "table.csv").write_text("\n".join(("age,service,person", *rows, "20,rare,odd", "21,a,odd")) + "\n")
    (tmp_path / "age.csv").write_text("".join(f"{age};{age // 5 * 5};*\n" for age in range(20, 30)))
    (tmp_path / "recipe.toml").write_text(RECIPE)
    return tmp_path


def test_whom_earlier_releases_left_out_counts_for_the_whole_table_and_in_no_class(
    engine: Engine, folder: Path
) -> None:
    recipe = read_recipe(folder / "recipe.toml")
    loaded = load(engine, table_file(folder / "table.csv", recipe), recipe)
    out = loaded.table.filter(loaded.table.u0 == "odd").select("u0").distinct()
    whole, rest = (rest_of(engine, loaded, recipe, None), rest_of(engine, loaded, recipe, engine.keep(out)))
    assert (whole.gone, rest.gone) == (0, 2)
    assert whole.counted.histogram.rows.sum() - rest.counted.histogram.rows.sum() == 2
    # t is measured against all rows: the service that she alone had is one of the table's still.
    (before,), (after,) = whole.counted.sensitive, rest.counted.sensitive
    assert after.values == before.values
    assert np.array_equal(after.totals, before.totals)
    (left,) = rest.counted.histogram.sensitive
    rows = np.bincount(left.value, weights=left.rows, minlength=len(after.values))
    assert dict(zip(after.values, (before.totals - rows).tolist(), strict=True)) == {"a": 1, "b": 0, "c": 0, "rare": 1}


def test_where_nobody_was_left_out_the_table_is_counted_as_it_is(engine: Engine, folder: Path) -> None:
    recipe = read_recipe(folder / "recipe.toml")
    loaded = load(engine, table_file(folder / "table.csv", recipe), recipe)
    nobody = loaded.table.filter(loaded.table.u0 == "somebody else").select("u0").distinct()
    assert rest_of(engine, loaded, recipe, engine.keep(nobody)).gone == 0
    everybody = engine.keep(loaded.table.select("u0").distinct())
    with pytest.raises(Refused):
        rest_of(engine, loaded, replace(recipe), everybody)

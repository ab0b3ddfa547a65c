"""The independent reading of a table finds in it what the papers' own examples have, and what is plain to see."""

from __future__ import annotations

import math

import pyarrow as pa
import pytest

from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.validation.alikeness import Alikeness, Expected, Watched, alikeness_of
from jalostamo.managing.sensitive.validation.closeness import Distance
from jalostamo.managing.sensitive.validation.diversity import Variety

SALARIES = tuple(f"{n}k" for n in range(3, 12))
# Li and others 2007: the diseases of their table 1, under their figure 1.
DISEASES = {
    "gastric ulcer": "stomach",
    "gastritis": "stomach",
    "stomach cancer": "stomach",
    "flu": "respiratory",
    "bronchitis": "respiratory",
    "pneumonia": "respiratory",
}


def read(engine: Engine, classes: dict[str, list[str | None]], watched: Watched) -> Alikeness:
    rows = [(name, value) for name, values in classes.items() for value in values]
    table = engine.in_memory(
        pa.table({"class": [name for name, _ in rows], "value": pa.array([value for _, value in rows], pa.string())})
    )
    return alikeness_of(engine, table, Expected(("class",), None, watched=(watched,)))


def variety(engine: Engine, classes: dict[str, list[str | None]], asked: Variety) -> float:
    return read(engine, classes, Watched("value", "value", variety=asked)).models["l_diversity:value"].found


def distance(engine: Engine, values: list[str], whole: dict[str, int], asked: Distance) -> float:
    found = read(engine, {"a": list(values)}, Watched("value", "value", distance=asked, whole=whole))
    return found.models["t_closeness:value"].found


@pytest.mark.parametrize(("values", "apart"), [(SALARIES[:3], 0.375), (("6k", "8k", "11k"), 1 / 6)])
def test_the_salaries_of_li_are_as_far_as_they_say(engine: Engine, values: tuple[str, ...], apart: float) -> None:
    asked = Distance("ordered", 0.2, order=SALARIES)
    assert distance(engine, list(values), dict.fromkeys(SALARIES, 1), asked) == pytest.approx(apart)


def test_values_meet_where_their_ways_up_do(engine: Engine) -> None:
    levels = ({name: name for name in DISEASES}, DISEASES, dict.fromkeys(DISEASES, "*"))
    asked = Distance("hierarchical", 0.5, levels=levels)
    whole = dict.fromkeys(DISEASES, 1)
    # Of three sixths too much under the stomach, all goes over the top.
    assert distance(engine, ["gastric ulcer", "gastritis", "stomach cancer"], whole, asked) == pytest.approx(1 / 2)
    # Within either half two sixths are moved to their neighbours, half as far, and nothing over the top.
    assert distance(engine, ["gastritis", "flu"], whole, asked) == pytest.approx(1 / 3)


def test_ways_that_never_meet_meet_above_the_last_level(engine: Engine) -> None:
    asked = Distance("hierarchical", 0.5, levels=({"x": "x", "y": "y"}, {"x": "left", "y": "right"}))
    assert distance(engine, ["x", "x"], {"x": 1, "y": 1}, asked) == pytest.approx(1 / 2)


def test_how_far_values_are_apart_hangs_on_no_other_value(engine: Engine) -> None:
    # x and z meet at the last level, half way up: they stay so where y, which meets them nowhere else, does not occur.
    levels = ({"x": "x", "y": "y", "z": "z"}, {"x": "left", "y": "right", "z": "left"})
    asked = Distance("hierarchical", 0.5, levels=levels)
    assert distance(engine, ["x", "x"], {"x": 1, "z": 1}, asked) == pytest.approx(1 / 4)
    assert distance(engine, ["x", "x"], {"x": 1, "y": 1, "z": 1}, asked) == pytest.approx(1 / 3 * 1 / 2 + 1 / 3)


def test_equal_distance_counts_values_that_a_class_lacks(engine: Engine) -> None:
    assert distance(engine, ["x"], {"x": 1, "y": 3}, Distance("equal", 0.2)) == pytest.approx(3 / 4)


def test_the_worst_class_is_told(engine: Engine) -> None:
    classes: dict[str, list[str | None]] = {"a": ["x", "y", "z"], "b": ["x", "x"], "c": ["x", None]}
    assert variety(engine, classes, Variety("distinct", 1)) == 1
    assert variety(engine, {"c": classes["c"]}, Variety("distinct", 1)) == 2


def test_entropy_is_told_as_so_many_even_values(engine: Engine) -> None:
    assert variety(engine, {"a": ["x", "y", "z"]}, Variety("entropy", 2)) == pytest.approx(3)
    uneven = math.exp(-(3 / 4 * math.log(3 / 4) + 1 / 4 * math.log(1 / 4)))
    assert variety(engine, {"a": ["x", "x", "x", "y"]}, Variety("entropy", 2)) == pytest.approx(uneven)


def test_entropy_has_as_little_to_spare_as_the_search_gives_it(engine: Engine) -> None:
    # Entropies of 7e-10 and of 1.1e-9 below log 2: of the first, the exponential lies 1.4e-9 below 2.
    for apart, holds in ((19, True), (24, False)):
        table = engine.in_memory(
            pa.table({"class": ["a"] * 2, "value": ["x", "y"], "rows": [500_000 + apart, 500_000 - apart]})
        )
        watched = Watched("value", "value", Variety("entropy", 2))
        found = alikeness_of(engine, table, Expected(("class",), None, watched=(watched,)), rows="rows")
        assert found.holds is holds


@pytest.mark.parametrize(("c", "found"), [(1.0, 1), (1.5, 2), (3.0, 2), (3.1, 3)])
def test_recursive_diversity_is_strict(engine: Engine, c: float, found: int) -> None:
    # 3 < c (3 + 2 + 1) and 3 < c (2 + 1), but 3 < c 1 only where c is above 3.
    values: list[str | None] = [*"xxxyyz"]
    assert variety(engine, {"a": values}, Variety("recursive", 2, c)) == found


def test_units_are_counted_once_and_households_stand_for_those_without(engine: Engine) -> None:
    table = engine.in_memory(
        pa.table({"q": ["a"] * 5, "person": ["1", "1", "2", "3", "2"], "household": ["h", "h", None, "h", ""]})
    )
    persons = alikeness_of(engine, table, Expected(("q",), 3, ("person",)))
    both = alikeness_of(engine, table, Expected(("q",), 3, ("person", "household")))
    assert (persons.models["k_anonymity"].found, both.models["k_anonymity"].found) == (3, 2)
    assert not both.holds


def test_a_table_without_rows_singles_nobody_out(engine: Engine) -> None:
    table = engine.in_memory(pa.table({"class": pa.array([], pa.string()), "value": pa.array([], pa.string())}))
    watched = Watched("value", "value", Variety("distinct", 2), Distance("equal", 0.1))
    found = alikeness_of(engine, table, Expected(("class",), 5, watched=(watched,)))
    assert found.holds
    assert (found.rows, found.classes, found.smallest_class, found.risks.maximum) == (0, 0, 0, 0.0)

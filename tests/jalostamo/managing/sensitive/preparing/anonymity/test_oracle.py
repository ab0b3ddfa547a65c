"""What everything else is compared with says what the literature says, and what can be worked out by hand."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog
from tests.jalostamo.managing.sensitive.preparing.anonymity import oracle, oracle_distances
from tests.jalostamo.managing.sensitive.preparing.anonymity.oracle import Column, Diversity, Sensitive, Task
from tests.jalostamo.managing.sensitive.preparing.anonymity.oracle_distances import Closeness

SALARIES = tuple(f"{n}K" for n in range(3, 12))
DISEASES = (
    ("flu", "respiratory infection", "respiratory", "*"),
    ("pneumonia", "respiratory infection", "respiratory", "*"),
    ("bronchitis", "respiratory infection", "respiratory", "*"),
    ("pulmonary edema", "vascular lung", "respiratory", "*"),
    ("pulmonary embolism", "vascular lung", "respiratory", "*"),
    ("gastric ulcer", "stomach", "digestive", "*"),
    ("stomach cancer", "stomach", "digestive", "*"),
    ("gastritis", "stomach", "digestive", "*"),
    ("colitis", "colon", "digestive", "*"),
    ("colon cancer", "colon", "digestive", "*"),
)
SEX = Column("sex", (("F", "*"), ("M", "*")))
AGE = Column("age", (("1", "1-2", "*"), ("2", "1-2", "*"), ("3", "3-4", "*"), ("4", "3-4", "*")))
# Two alike, two more alike in ten years, one like nobody before all are.
FIVE = tuple({"sex": sex, "age": age} for sex, age in zip("FFMMM", "11341", strict=True))


@pytest.mark.parametrize(
    ("found", "apart"), [(("3K", "4K", "5K"), 0.375), (("6K", "8K", "11K"), 1 / 6)], ids=["low", "spread"]
)
def test_the_salaries_of_li_are_as_far_as_they_say(found: tuple[str, ...], apart: float) -> None:
    one, whole = oracle_distances.shares(found), oracle_distances.shares(SALARIES)
    assert float(oracle_distances.ordered_distance(one, whole, SALARIES)) == pytest.approx(apart)


@pytest.mark.parametrize(
    ("other", "apart"),
    [("bronchitis", Fraction(1, 3)), ("pulmonary embolism", Fraction(2, 3)), ("stomach cancer", Fraction(1))],
)
def test_the_diseases_of_li_are_as_far_as_they_say(other: str, apart: Fraction) -> None:
    assert (
        oracle_distances.hierarchical_distance(
            oracle_distances.shares(["flu"]), oracle_distances.shares([other]), DISEASES
        )
        == apart
    )


def transported(one: list[int], other: list[int], apart: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> float:
    """The least work that moves the one distribution to the other, as a linear programme."""
    m = len(one)
    rows = [np.kron(np.eye(m)[i], np.ones(m)) for i in range(m)] + [np.kron(np.ones(m), np.eye(m)[i]) for i in range(m)]
    asked = [n / sum(one) for n in one] + [n / sum(other) for n in other]
    return float(linprog(apart.ravel(), A_eq=np.array(rows), b_eq=asked).fun)


COUNTS = st.lists(st.integers(0, 4), min_size=10, max_size=10).filter(any)


def common_level(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    """How high the lowest common ancestor is."""
    return next(i for i in range(len(one)) if one[i] == other[i])


@given(COUNTS, COUNTS)
def test_every_distance_is_the_least_work_of_moving(one: list[int], other: list[int]) -> None:
    names = [row[0] for row in DISEASES]
    first, second = (
        oracle_distances.shares([n for n, times in zip(names, c, strict=True) for _ in range(times)])
        for c in (one, other)
    )
    equal = 1 - np.eye(10)
    ordered = np.abs(np.subtract.outer(np.arange(10), np.arange(10))) / 9
    tree = np.array([[common_level(a, b) / 3 for b in DISEASES] for a in DISEASES])
    assert float(oracle_distances.equal_distance(first, second)) == pytest.approx(
        transported(one, other, equal), abs=1e-7
    )
    assert float(oracle_distances.ordered_distance(first, second, names)) == pytest.approx(
        transported(one, other, ordered), abs=1e-7
    )
    hierarchical = float(oracle_distances.hierarchical_distance(first, second, DISEASES))
    assert hierarchical == pytest.approx(transported(one, other, tree), abs=1e-7)


@pytest.mark.parametrize(
    ("asked", "values", "held"),
    [
        (Diversity("distinct", 3), "hvcc", True),
        (Diversity("distinct", 4), "hvcc", False),
        (Diversity("entropy", 3), "hvcc", False),  # exp(1.0397) = 2.83
        (Diversity("entropy", 2), "hvcc", True),
        (Diversity("entropy", 3), "hvc", True),
        (Diversity("recursive", 2, "1"), "hvcc", False),  # 2 < 1 * (1 + 1) is not strict
        (Diversity("recursive", 2, "1.01"), "hvcc", True),
        (Diversity("recursive", 3, "3"), "hvcc", True),
        (Diversity("recursive", 3, "2"), "hvcc", False),
        (Diversity("recursive", 4, "9"), "hvcc", False),
        (Diversity("recursive", 2, "1.1"), "a" * 11 + "b" * 10, False),  # 11 < 1.1 * 10, were it worked out in floats
    ],
)
def test_diversity_is_as_written(asked: Diversity, values: str, *, held: bool) -> None:
    assert oracle.diverse(asked, list(values)) is held


# Of FIVE with sex and ages in tens (0, 1): classes F 1-2 (2 rows), M 3-4 (2), M 1-2 (1, suppressed at k = 2).
# loss: n = 5; sex d = 2: x = 4 * 1/2 + 1 = 3, (3 - 2.5) / 2.5 = 0.2; age d = 4: x = 4 * 1/2 + 1 = 3, (3 - 1.25) / 3.75 = 7/15.
# entropy: sex 1 cell against all: -log2(3/5); age: F -log2(3/3) twice, M 3-4 -log2(1/2) twice, the suppressed -log2(3/5).
BY_HAND = {
    "loss": math.sqrt(1.2 * (1 + 7 / 15)) - 1,
    "precision": (4 * (0 + 0.5) + 2) / 10,
    "discernibility": 4 + 4 + 5,
    "average_class_size": 2,
    "entropy": -2 * math.log2(3 / 5) + 2,
}


@pytest.mark.parametrize("metric", BY_HAND)
def test_a_metric_is_what_it_is_by_hand(metric: str) -> None:
    task = Task(FIVE, (SEX, AGE), k=2, limit="0.2", metric=metric)
    classes = oracle.released(task, (0, 1))
    assert classes == [[0, 1], [2, 3]]
    assert oracle.METRICS[metric](task, (0, 1), classes) == pytest.approx(BY_HAND[metric])


def test_weights_are_exponents() -> None:
    columns = (SEX, Column("age", AGE.hierarchy, weight=3.0))
    task = Task(FIVE, columns, k=2, limit="0.2")
    assert oracle.loss(task, (0, 1), [[0, 1], [2, 3]]) == pytest.approx(1.2**0.25 * (1 + 7 / 15) ** 0.75 - 1)


def test_the_best_node_of_five_rows_is_the_one_by_hand() -> None:
    found = oracle.optimum(Task(FIVE, (SEX, AGE), k=2, limit="0.2"))
    assert found is not None
    # With sex gone and ages as recorded, three are alike, and two are suppressed, which is too many.
    assert (found.levels, found.kept, found.classes, found.smallest_class, found.nodes) == (
        (0, 1),
        (0, 1, 2, 3),
        2,
        2,
        6,
    )


def test_of_equal_nodes_the_lower_sum_then_the_first_wins() -> None:
    both = (Column("one", (("a", "*"), ("b", "*"))), Column("two", (("a", "*"), ("b", "*"))))
    rows = tuple({"one": one, "two": two} for one, two in ("ab", "ba", "aa", "bb"))
    found = oracle.optimum(Task(rows, both, k=2))
    assert found is not None
    assert found.levels == (0, 1)


def test_nothing_is_found_where_no_node_holds() -> None:
    assert oracle.optimum(Task(FIVE, (SEX, AGE), k=6)) is None


@pytest.mark.parametrize(("limit", "most"), [("0.29", 29), ("0.07", 7), ("0.285", 28), ("1", 100)])
def test_a_limit_is_read_as_a_decimal(limit: str, most: int) -> None:
    assert Task(({"sex": "F"},) * 100, (SEX,), limit=limit).suppressible == most


def test_whole_units_are_suppressed_until_nothing_fails() -> None:
    # Alone in class c, unit 3 takes its row of class b along, which leaves b with one unit, and that one its row of a.
    placed = [("1", "a"), ("2", "a"), ("4", "a"), ("2", "b"), ("3", "b"), ("3", "c")]
    rows = tuple({"unit": unit, "place": place} for unit, place in placed)
    task = Task(rows, (Column("place"),), k=2, units=("unit",), limit="0.7")
    assert oracle.released(task, (0,)) == [[0, 2]]


def test_each_unit_of_a_list_must_reach_k() -> None:
    rows = tuple({"person": str(n), "household": "siblings", "place": "a"} for n in range(5))
    task = Task(rows, (Column("place"),), k=2, units=("person", "household"))
    assert oracle.optimum(task) is None


def test_closeness_is_to_all_rows_of_the_table() -> None:
    # Once b is out, the class a is like what is released, and unlike the table.
    rows = tuple({"place": place, "service": service} for place, service in ("ax", "ax", "ax", "by"))
    asked = Sensitive("service", closeness=Closeness("equal", "0.2"))
    assert list(oracle.failures(Task(rows, (Column("place"),), sensitive=(asked,)), rows[:3])) == [
        "t_closeness:service"
    ]

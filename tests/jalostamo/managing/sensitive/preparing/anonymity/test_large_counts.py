"""Counts of millions are judged and priced as those of a handful are: nothing runs over, and nothing is rounded into a difference."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalostamo.concepts.errors import Refused
from jalostamo.managing.sensitive.preparing.anonymity.problem import (
    Asked,
    Attribute,
    Counts,
    Diversity,
    Histogram,
    SensitiveColumn,
)
from jalostamo.managing.sensitive.preparing.anonymity.searching import search
from jalostamo.managing.sensitive.validation.diversity import Variety, least_varied

FOUR = (np.arange(4, dtype=np.int32), np.array([0, 0, 1, 1], np.int32), np.zeros(4, np.int32))


def attribute(name: str) -> Attribute:
    """A quasi-identifier of four values, two groups of two, and all."""
    share = (np.full(4, 0.25), np.full(4, 0.5), np.ones(4))
    return Attribute(name, 1.0, FOUR, (("a", "b", "c", "d"), ("ab", "cd"), ("*",)), share, 4)


def is_released(counts: list[int], diversity: Diversity) -> bool:
    """Whether the search lets go of one class whose values have so many rows."""
    rows = np.array(counts, np.int64)
    values = np.arange(len(counts), dtype=np.int32)
    one = Attribute("place", 1.0, (np.zeros(1, np.int32),), (("a",),), (np.ones(1),), 1)
    column = SensitiveColumn("service", tuple(map(str, values)), rows, diversity)
    counted = Counts(np.zeros(len(counts), np.int64), values, rows)
    table = Histogram(np.zeros((1, 1), np.int32), np.array([rows.sum()]), (counted,))
    try:
        search(table, (one,), Asked(None, (column,), 0))
    except Refused:
        return False
    return True


def holds(counts: list[int], c: float) -> bool:
    """Whether the independent reading finds two in the same class."""
    return least_varied(np.zeros(1, np.int64), np.array(counts, np.int64), Variety("recursive", 2, c)) >= 2


C = st.one_of(
    st.sampled_from([0.30000000000000004, 0.6666666666666666, 3.3333333333333335, 1.0000000000000002, 0.1, 2.0]),
    st.floats(min_value=0.01, max_value=100),
)


@given(counts=st.lists(st.integers(1, 10**8), min_size=2, max_size=5), c=C)
def test_recursive_diversity_is_exact_for_any_c(counts: list[int], c: float) -> None:
    first, *others = sorted(counts, reverse=True)
    exact = first < Fraction(str(c)) * sum(others)
    assert (is_released(counts, Diversity("recursive", 2, c)), holds(counts, c)) == (exact, exact)


@pytest.mark.parametrize(("c", "exact"), [(1e-20, False), (1e-300, False), (1e30, True)])
def test_a_c_of_many_digits_is_judged_all_the_same(c: float, exact: bool) -> None:
    assert (is_released([7, 5], Diversity("recursive", 2, c)), holds([7, 5], c)) == (exact, exact)


@pytest.mark.parametrize("number", [24, 443, 455, 590])
def test_columns_that_are_one_another_are_decided_by_their_order_though_bits_are_millions(number: int) -> None:
    # In each of these tables sums in another order parted nodes of equal entropy by more than 1e-9.
    combinations, drawn = list(product(range(4), repeat=3)), np.random.default_rng(number)
    counts: dict[tuple[int, ...], int] = {}
    for combination in combinations:
        counts.setdefault(tuple(sorted(combination)), int(10 ** drawn.uniform(0, 7)))
    rows = np.array([counts[tuple(sorted(combination))] for combination in combinations], np.int64)
    table = Histogram(np.array(combinations, np.int32), rows)
    k, limit = int(10 ** drawn.uniform(1, 7)), int(rows.sum() * drawn.choice([0, 0.01, 0.05]))
    found = search(table, tuple(map(attribute, "xyz")), Asked(k, (), limit, "entropy"))
    assert found.levels == tuple(sorted(found.levels))


def test_columns_of_one_level_are_as_many_as_there_are() -> None:
    flat = Attribute("flat", 1.0, (np.zeros(1, np.int32),), (("a",),), (np.ones(1),), 1)
    table = Histogram(np.array([[0] * 70 + [0], [0] * 70 + [1]], np.int32), np.array([1, 1]))
    two = Attribute("two", 1.0, FOUR[:1], (("a", "b", "c", "d"),), (np.full(4, 0.25),), 4)
    coarse = Attribute(
        "coarse", 1.0, (two.to_level[0], FOUR[2]), (two.labels[0], ("*",)), (two.share[0], np.ones(4)), 4
    )
    found = search(table, (*[flat] * 70, coarse), Asked(2, (), 0, "precision"))
    assert found.levels == (*[0] * 70, 1)

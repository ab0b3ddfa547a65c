"""Knowing that no finer generalisation held, an attacker is certain of people of whom the class tells less than half."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from jalostamo.managing.sensitive.validation.attacks.minimality import (
    PublicRule,
    PublicTable,
    bits_told,
    minimality,
)
from jalostamo.managing.sensitive.validation.attacks.rates import Sample

SAMPLE = Sample(seed=7, size=2_000)
HALF = PublicRule(commonest=Fraction(1, 2))

# As in Wong and others 2007: two people of one group, five of another, two of the seven with what is to be hidden, which
# no class may have in more than a half. 0 stands for it, and each of the others has something of her own.
GROUPS = np.array([0, 0, 1, 1, 1, 1, 1], np.int64)
EVERYBODY = np.zeros(7, np.int64)
VALUES = np.array([0, 0, 1, 2, 3, 4, 5], np.int64)
TABLE = PublicTable([[GROUPS, EVERYBODY]], VALUES)


def test_who_is_hidden_is_told_by_the_choice_of_the_coarser_level() -> None:
    found = minimality(TABLE, [1], [[0]], rule=HALF, sample=SAMPLE)
    # Only where both of the small group have it does the finer level fail: one of twenty-one ways.
    assert found.consistent / found.tables == pytest.approx(1 / 21, abs=0.015)
    assert (found.surest, found.without) == (1.0, pytest.approx(2 / 7))


def test_a_level_fixed_by_policy_tells_no_more_than_its_classes() -> None:
    found = minimality(TABLE, [1], [], rule=HALF, sample=SAMPLE)
    assert found.consistent == found.tables
    assert found.surest == pytest.approx(2 / 7, abs=0.03)


def test_a_choice_that_hangs_on_numbers_of_rows_alone_tells_nothing_of_values() -> None:
    found = minimality(TABLE, [1], [[0]], rule=PublicRule(k=3), sample=SAMPLE)
    assert found.consistent == found.tables


def test_where_no_table_is_consistent_the_class_is_all_there_is_to_go_by() -> None:
    found = minimality(TABLE, [1], [[1]], rule=PublicRule(k=3, distinct=2), sample=SAMPLE)
    assert (found.consistent, found.surest) == (0, found.without)


@pytest.mark.parametrize(("generalisations", "bits"), [(1, 0), (8, 3), (7_200, 12.81)])
def test_a_choice_tells_as_many_bits_as_there_are_to_choose_by(generalisations: int, bits: float) -> None:
    assert bits_told(generalisations) == pytest.approx(bits, abs=0.01)

"""Rows become one number each, the same for like rows and for no others, however many columns and values there are."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalostamo.managing.sensitive.validation.attacks.keys import keyed, places_in

SMALL = st.integers(-1, 3)


@given(st.lists(st.tuples(SMALL, SMALL, SMALL), min_size=1, max_size=30))
def test_like_rows_and_no_others_have_one_number(rows: list[tuple[int, int, int]]) -> None:
    key = keyed([np.array(column, np.int64) for column in zip(*rows, strict=True)])
    assert len(set(zip(rows, key.tolist(), strict=True))) == len(set(rows)) == len(set(key.tolist()))


def test_columns_too_wide_for_one_number_are_told_apart_as_well() -> None:
    chance = np.random.default_rng(1)
    columns = [chance.integers(0, 2**31, 1_000) for _ in range(6)]
    repeated = [np.concatenate([column, column]) for column in columns]
    key = keyed(repeated)
    assert len(np.unique(key)) == 1_000
    assert (key[:1_000] == key[1_000:]).all()


def test_a_column_is_not_lost_where_numbers_would_run_over() -> None:
    # Each as wide as half of a number: two more would push the first out of it.
    widest = 2**32 - 2
    columns = [np.array(column, np.int64) for column in ([0, 1, widest], [5, 5, widest], [7, 7, widest])]
    assert len(np.unique(keyed(columns))) == 3


@pytest.mark.parametrize(("among", "places"), [([[1, 2], [3, 4]], [1, -1]), ([], [-1, -1])])
def test_rows_are_found_among_others_or_not(among: list[list[int]], places: list[int]) -> None:
    wanted = np.array([[3, 4], [1, 4]], np.int64)
    assert places_in(wanted, np.array(among, np.int64).reshape(-1, 2)).tolist() == places

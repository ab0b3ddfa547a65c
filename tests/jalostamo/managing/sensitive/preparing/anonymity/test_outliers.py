"""What a class must lose in every finer generalisation is never more than what it can do without, tried part by part."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalostamo.managing.sensitive.preparing.anonymity.outliers import Outliers, outliers_of
from jalostamo.managing.sensitive.preparing.anonymity.problem import Asked, Closeness, Diversity, SensitiveColumn
from jalostamo.managing.sensitive.preparing.anonymity.views import Entries, View

CLASSES = st.lists(st.integers(0, 4), min_size=3, max_size=3).filter(any)


def lost(counts: list[int], whole: list[float], t: float, *, least: int, verdict: int = 1) -> int:
    """The rows that a lone class of these counts loses at least."""
    met = [value for value, number in enumerate(counts) if number]
    rows = np.array([counts[value] for value in met], np.int64)
    entries = Entries(np.array([0, len(met)]), np.array(met, np.int32), rows, len(counts))
    view = SimpleNamespace(rows=np.array([rows.sum()]), sensitive=(entries,))
    outliers = Outliers(((0, np.array(whole), t),), least)
    return int(outliers.lost(cast(View, view), np.array([verdict], np.uint8))[0])


def most_kept(counts: list[int], whole: list[float], t: float, *, least: int) -> int:
    """The rows of the largest part of a class that lies within t, or 0."""
    found = 0
    for part in product(*(range(number + 1) for number in counts)):
        rows = sum(part)
        if rows >= max(1, least):
            far = sum(max(0.0, number / rows - share) for number, share in zip(part, whole, strict=True))
            found = max(found, rows if far <= t + 1e-9 else 0)
    return found


@settings(max_examples=settings.default.max_examples * 3, deadline=None)
@given(
    counts=CLASSES,
    others=st.lists(st.integers(1, 9), min_size=3, max_size=3),
    t=st.sampled_from([0.0, 0.05, 0.1, 0.25, 0.4, 0.7]),
    least=st.integers(1, 4),
)
def test_no_part_that_could_be_kept_is_counted_as_lost(
    counts: list[int], others: list[int], t: float, least: int
) -> None:
    whole = [number / sum(others) for number in others]
    bound = sum(counts) - lost(counts, whole, t, least=least)
    assert bound >= most_kept(counts, whole, t, least=least)


def test_as_many_rows_are_lost_as_are_too_many_of_one_value() -> None:
    # Half of the table has either value; of 30 and 10 rows, 10 / 0.4 = 25 can be kept at a distance of 0.1.
    assert lost([30, 10], [0.5, 0.5], 0.1, least=1) == 15
    assert lost([30, 10], [0.5, 0.5], 0.1, least=26) == 40


@pytest.mark.parametrize(("verdict", "rows"), [(0, 0), (2, 40)], ids=["holds", "for_good"])
def test_what_holds_loses_nothing_and_what_fails_for_good_everything(verdict: int, rows: int) -> None:
    assert lost([30, 10], [0.5, 0.5], 0.1, least=1, verdict=verdict) == rows


def test_only_equal_distances_are_reckoned_with() -> None:
    totals = np.array([5, 5])
    columns = (
        SensitiveColumn("a", ("x", "y"), totals, Diversity("distinct", 2)),
        SensitiveColumn("b", ("x", "y"), totals, None, Closeness("ordered", 0.1, np.array([0, 1]))),
        SensitiveColumn("c", ("x", "y"), totals, None, Closeness("equal", 0.1)),
    )
    assert [number for number, _, _ in outliers_of(Asked(2, columns, 0), 10, 2).columns] == [2]

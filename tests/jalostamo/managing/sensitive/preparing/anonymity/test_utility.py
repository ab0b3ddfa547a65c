"""What a table is still good for: figures counted by hand on a small table, and sums that agree with the search's own."""

from __future__ import annotations

import dataclasses
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.jalostamo.managing.sensitive.preparing.anonymity.town import Town, asked, attributes, drawn, histogram

from jalostamo.concepts.errors import Refused
from jalostamo.managing.sensitive.preparing.anonymity.costs import Utility
from jalostamo.managing.sensitive.preparing.anonymity.problem import (
    Attribute,
    Counts,
    Histogram,
    SensitiveColumn,
    Solution,
    Ties,
)
from jalostamo.managing.sensitive.preparing.anonymity.searching import search
from jalostamo.managing.sensitive.preparing.anonymity.utility import kept_of_values, sensitive_compared, utility_of

# Rows by area, language and what is sensitive: (A, fi) 6 x and 6 y, (A, sv) 5 and 5, (B, fi) 8 x.
PLACES = np.array([[0, 0], [0, 1], [1, 0]], np.int32)
ROWS = np.array([12, 10, 8], np.int64)
COUNTS = Counts(np.array([0, 0, 1, 1, 2]), np.array([0, 1, 0, 1, 0], np.int32), np.array([6, 6, 5, 5, 8]))
TABLE = Histogram(PLACES, ROWS, (COUNTS,))
SENSITIVE = SensitiveColumn("state", ("x", None), np.array([19, 11]))
TOWNS = st.integers(0, 2**32).map(drawn)


def column(name: str, *labels: str) -> Attribute:
    both = (np.array([0, 1], np.int32), np.array([0, 0], np.int32))
    return Attribute(name, 1.0, both, (labels, ("*",)), (np.array([0.5, 0.5]), np.array([1.0, 1.0])), 2)


COLUMNS = (column("area", "A", "B"), column("language", "fi", "sv"))


def solution(*levels: int, kept: tuple[bool, ...] = (True, True, False)) -> Solution:
    flags = np.array(kept)
    return Solution(levels, 0.0, 0.0, 0.0, True, 4, 4, flags, ROWS * flags, np.zeros(0, np.int64), 2, 10)


def utility(*levels: int, kept: tuple[bool, ...] = (True, True, False), groups: str | None = None) -> Utility:
    return told(TABLE, COLUMNS, (SENSITIVE,), solution(*levels, kept=kept), groups=groups)


def told(
    table: Histogram,
    columns: tuple[Attribute, ...],
    sensitive: tuple[SensitiveColumn, ...],
    found: Solution,
    *,
    groups: str | None = None,
) -> Utility:
    return utility_of(table, columns, found, sensitive_compared(table, sensitive, found), groups=groups)


def test_each_column_tells_what_it_lost() -> None:
    area, language = utility(0, 1).columns
    assert (area.level, area.highest, area.values_before, area.values_after) == (0, 1, 2, 1)
    assert area.loss == pytest.approx((22 * 0.5 + 8 - 15) / 15)
    assert area.precision == pytest.approx(8 / 30)
    assert area.entropy == pytest.approx(-8 / 30 * math.log2(8 / 30))
    whole = -8 / 30 * math.log2(8 / 30) - 22 / 30 * math.log2(22 / 30)
    assert area.entropy_share == pytest.approx(area.entropy / whole)
    assert (language.loss, language.precision, language.entropy_share) == pytest.approx((1.0, 1.0, 1.0))


def test_whoever_is_left_out_is_told_by_group_the_worst_off_first() -> None:
    area, language = utility(0, 0).left_out
    assert [(g.group, g.small, g.rows, g.suppressed, g.share) for g in language.groups] == [
        ("fi", False, 20, 8, 0.4),
        ("sv", False, 10, 0, 0.0),
    ]
    assert [(g.group, g.small, g.suppressed, g.share) for g in area.groups] == [
        ("", True, 8, 1.0),
        ("A", False, 0, 0.0),
    ]


def test_a_group_of_few_rows_is_not_named() -> None:
    assert '"B"' not in json.dumps(utility(0, 0).as_mapping())


def test_released_rows_that_do_not_tell_groups_apart_are_told_as_such() -> None:
    assert [found.told_apart for found in utility(0, 1).left_out] == [True, False]


def test_only_the_column_that_is_named_parts_the_table() -> None:
    found = utility(0, 0, groups="language")
    assert [each.column for each in found.left_out] == ["language"]
    assert {each.by for each in found.differences} == {"language"}


def test_differences_between_groups_are_told_before_and_after() -> None:
    (found,) = utility(0, 0, groups="language").differences
    largest, other = found.groups
    assert (found.value, largest.group, largest.before.value, largest.after.value) == ("", "fi", 0.3, 0.5)
    assert (other.before.value, other.after.value, other.after.rows) == (0.5, 0.5, 10)
    assert other.difference_before.value == pytest.approx(0.2)
    assert (other.difference_after.value, found.largest_change) == pytest.approx((0.0, 0.2))
    assert other.difference_before.low < 0.2 < other.difference_before.high
    # Wilson's interval of 6 in 20.
    assert (largest.before.low, largest.before.high) == pytest.approx((0.1455, 0.5190), abs=1e-4)


def test_of_a_group_that_is_gone_no_change_is_told() -> None:
    found = utility(0, 0, groups="area").differences
    assert [(group.group, group.change) for each in found for group in each.groups if group.small] == [("", 0.0)]


def test_of_two_values_the_rarer_is_told_once_and_one_of_few_rows_never() -> None:
    assert [each.value for each in utility(0, 0).differences] == [""] * 2
    fewer = dataclasses.replace(TABLE, sensitive=(dataclasses.replace(COUNTS, rows=np.array([8, 4, 5, 5, 8])),))
    found = told(fewer, COLUMNS, (SENSITIVE,), solution(0, 0))
    assert {each.value for each in found.differences} == {"x"}


def test_classes_are_told_by_their_size() -> None:
    (found,) = utility(0, 0).class_sizes
    assert (found.least, found.most, found.classes, found.rows) == (10, 12, 2, 22)
    assert utility(0, 0, kept=(False, False, False)).class_sizes == ()


def test_rows_of_units_left_out_whole_are_taken_off_their_values() -> None:
    ties = Ties(np.array([0, 1, 2]), np.array([2, 1, 1]), (np.array([0, 0, -1]),), (np.array([1, 0, 0], np.int32),))
    tied = dataclasses.replace(TABLE, ties=ties)
    left = dataclasses.replace(solution(0, 0), dropped_units=np.array([0]))
    assert kept_of_values(tied, left, 0).tolist() == [6, 4, 4, 5, 0]


@given(TOWNS)
@settings(deadline=None)
def test_the_parts_of_columns_make_the_metrics_of_the_search(town: Town) -> None:
    for metric in ("loss", "precision", "entropy"):
        asks = dataclasses.replace(asked(town), metric=metric)
        try:
            found = search(histogram(town), attributes(town), asks)
        except Refused:
            return
        tells = told(histogram(town), attributes(town), asks.sensitive, found)
        assert _whole(metric, tells, town) == pytest.approx(found.value, abs=1e-7)
        assert sum(sizes.rows for sizes in tells.class_sizes) == found.kept_rows.sum()
        assert sum(sizes.classes for sizes in tells.class_sizes) == found.classes


def _whole(metric: str, tells: Utility, town: Town) -> float:
    if metric == "loss":
        powers = [weight / sum(town.weights) for weight in town.weights]
        return math.prod((c.loss + 1) ** power for c, power in zip(tells.columns, powers, strict=True)) - 1
    if metric == "precision":
        return sum(c.precision for c in tells.columns) / len(tells.columns)
    return sum(c.entropy for c in tells.columns) * len(town.rows)

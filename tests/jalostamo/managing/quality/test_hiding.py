"""Small counts are hidden, and no sum of what is shown gives one of them back."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jalostamo.managing.quality.hiding import HIDDEN, SMALL, shown, shown_count, shown_share


@pytest.mark.parametrize(
    ("count", "text"), [(0, "0"), (1, SMALL), (4, SMALL), (5, "5"), (7, "5"), (8, "10"), (1_002, "1000")]
)
def test_a_count_is_shown_to_the_nearest_five_and_a_small_one_not_at_all(count: int, text: str) -> None:
    assert shown_count(count) == text


def possible(text: str) -> range:
    """Every number that a reader must think possible."""
    if text == SMALL:
        return range(1, 5)
    if text == HIDDEN:
        return range(5, 80)
    n = int(text)
    return range(max(n - 2, 5), n + 3) if n else range(1)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=4))
def test_every_small_part_may_be_anything_from_one_to_four(parts: list[int]) -> None:
    found = shown(parts, sum(parts))
    if found.whole == HIDDEN:
        assert set(found.parts) <= {HIDDEN, "0"}
        return
    wholes = set(possible(found.whole)) | ({0} if found.whole == "0" else set())
    ways = [way for way in product(*(possible(text) for text in found.parts)) if sum(way) in wholes]
    for place, text in enumerate(found.parts):
        if text == SMALL:
            assert {way[place] for way in ways} == {1, 2, 3, 4}


def test_where_a_difference_would_tell_another_part_is_hidden() -> None:
    assert shown([8, 8, 1], 17).parts != ("10", "10", SMALL)
    assert shown([1, 1], 2).whole == HIDDEN


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (3, 9, None),
        (0, 100, "0"),
        (100, 100, "100"),
        (2, 100, "<5"),
        (98, 100, ">95"),
        (31, 100, "30"),
        (123, 20_000, "0.6"),
    ],
)
def test_a_share_comes_in_steps_of_several_records(part: int, whole: int, text: str | None) -> None:
    assert shown_share(part, whole) == text

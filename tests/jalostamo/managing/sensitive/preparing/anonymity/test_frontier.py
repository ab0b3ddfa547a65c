"""What else could be chosen: on whole small lattices, exactly the generalisations that no other beats."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.jalostamo.managing.sensitive.preparing.anonymity.town import (
    Town,
    asked,
    attributes,
    drawn,
    histogram,
    holds,
    value,
)

from jalostamo.concepts.errors import Refused
from jalostamo.managing.sensitive.preparing.anonymity import frontier
from jalostamo.managing.sensitive.preparing.anonymity.frontier import Frontier, frontier_of
from jalostamo.managing.sensitive.preparing.anonymity.problem import Asked, Histogram, Units
from jalostamo.managing.sensitive.preparing.anonymity.searching import search
from jalostamo.managing.sensitive.preparing.anonymity.utility import LEAST_NAMED, MOST_GROUPS

TOWNS = st.integers(0, 2**32).map(drawn)
CLOSE = 1e-9
type Weighed = tuple[float, float, float, float]


def found_in(town: Town) -> Frontier | None:
    try:
        best = search(histogram(town), attributes(town), asked(town))
    except Refused:
        return None
    return frontier_of(histogram(town), attributes(town), asked(town), best)


def groups_of(town: Town) -> list[list[int]]:
    """The rows of each group, counted row by row."""
    found = []
    for a, codes in enumerate(town.levels):
        level = next(n for n, at in enumerate(codes) if len(set(at)) <= MOST_GROUPS)
        labels = [codes[level][row[a]] for row in town.rows]
        sizes = Counter(labels)
        named = [label if sizes[label] >= LEAST_NAMED else -1 for label in labels]
        if len(set(named)) > 1:
            found += [[i for i, label in enumerate(named) if label == one] for one in set(named)]
    return found


def brute_force(town: Town) -> dict[tuple[int, ...], Weighed]:
    """Every generalisation that holds, with what is weighed of it."""
    by_loss, groups, found = (dataclasses.replace(town, metric="loss"), groups_of(town), {})
    for levels in product(*(range(len(codes)) for codes in town.levels)):
        classes: dict[tuple[int, ...], list[int]] = {}
        for i, row in enumerate(town.rows):
            key = tuple(codes[level][code] for codes, level, code in zip(town.levels, levels, row, strict=True))
            classes.setdefault(key, []).append(i)
        released = [members for members in classes.values() if holds(town, members)]
        kept = {i for members in released for i in members}
        gone = len(town.rows) - len(kept)
        if gone <= town.limit:
            risk = 1 / min(map(len, released)) if released else 0.0
            worst = max((sum(i not in kept for i in group) / len(group) for group in groups), default=0.0)
            found[levels] = (value(by_loss, levels, released), risk, gone / len(town.rows), worst)
    return found


def is_no_worse(one: Weighed, other: Weighed) -> bool:
    """Whether one is worse in nothing, by more than what sums in another order may differ by."""
    return all(a <= b + CLOSE for a, b in zip(one, other, strict=True))


def beats(one: Weighed, other: Weighed) -> bool:
    """Whether it is better in something, too."""
    return is_no_worse(one, other) and any(a < b - CLOSE for a, b in zip(one, other, strict=True))


@given(TOWNS)
@settings(deadline=None)
def test_of_a_whole_lattice_what_no_other_beats_is_found_and_nothing_else(town: Town) -> None:
    found = found_in(town)
    if found is None:
        return
    assert found.whole
    tried = brute_force(town)
    told = {choice.levels: choice for choice in found.choices}
    assert found.feasible == len(tried)
    for levels, choice in told.items():
        assert choice.weighed == pytest.approx(tried[levels], abs=1e-9)
        assert choice.chosen or not any(beats(other, tried[levels]) for other in tried.values())
    for levels in tried.keys() - told.keys():
        others = [weighed for other, weighed in tried.items() if other != levels]
        assert any(is_no_worse(other, tried[levels]) for other in others)
    assert sum(choice.chosen for choice in told.values()) == 1


def test_only_so_many_are_looked_at_and_the_chosen_one_is_always_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frontier, "MOST_NODES", 3)
    whole = [found for number in range(40) if (found := found_in(drawn(number))) is not None]
    assert {found.evaluated for found in whole} <= {1, 2, 3}
    assert any(not found.whole for found in whole)
    assert all(any(choice.chosen for choice in found.choices) for found in whole)


def test_the_risk_is_of_persons_where_persons_are_counted() -> None:
    """Four rows in each class, of two persons in one and of four in the other."""
    town = dataclasses.replace(
        drawn(0), rows=((0,),) * 4 + ((1,),) * 4, values=(0,) * 8, levels=(((0, 1), (0, 0)),), weights=(1.0,)
    )
    people = Units("person", np.array([2, 4]), np.zeros(1, np.int64), *(np.zeros(0, np.int64),) * 3, whole=True)
    table: Histogram = dataclasses.replace(histogram(town), units=(people,))
    asks = Asked(2, (), 0)
    found = frontier_of(table, attributes(town), asks, search(table, attributes(town), asks))
    assert [choice.maximum_risk for choice in found.choices] == pytest.approx([1 / 2, 1 / 6])


def test_persons_who_leave_whole_are_in_no_class() -> None:
    """One person of two lies in both classes; where she leaves, one person stays in the first, and none in the second."""
    town = dataclasses.replace(
        drawn(0), rows=((0,),) * 3 + ((1,),), values=(0,) * 4, levels=(((0, 1), (0, 0)),), weights=(1.0,)
    )
    spread = (np.array([0, 2]), np.array([0, 1]), np.array([1]), np.array([1, 1]))
    people = Units("person", np.array([2, 0]), *spread, whole=True)
    table = dataclasses.replace(histogram(town), units=(people,), sensitive=())
    asks = Asked(2, (), 2)
    found = frontier_of(table, attributes(town), asks, search(table, attributes(town), asks))
    fine = next(choice for choice in found.choices if choice.levels == (0,))
    assert (fine.suppressed_rows, fine.maximum_risk) == (2, 1 / 2)
    assert math.isclose(found.choices[-1].maximum_risk, 1 / 3)

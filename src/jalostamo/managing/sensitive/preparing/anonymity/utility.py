"""What a table is still good for: what each column lost, who was left out, and which differences between groups changed.

Groups are told apart by the table as it was, so that it is seen on whom leaving out falls, also where the released rows
do not tell the groups apart any more.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import TYPE_CHECKING, Final

import numpy as np

from jalostamo.concepts.errors import Misused
from jalostamo.managing.sensitive.preparing.anonymity.costs import (
    Differences,
    Estimate,
    GroupShare,
    Left,
    LeftOut,
    Utility,
)
from jalostamo.managing.sensitive.preparing.anonymity.losses import added, class_sizes, column_losses
from jalostamo.managing.sensitive.validation.attacks.rates import Rate

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from jalostamo.managing.sensitive.preparing.anonymity.problem import (
        Attribute,
        Codes,
        Counts,
        Histogram,
        Integers,
        SensitiveColumn,
        Solution,
    )

MOST_GROUPS: Final = 8
"""A column parts a table into groups at its finest level that has no more than so many."""
MOST_VALUES: Final = 12
"""Of a column with more values, none is compared between groups."""
LEAST_NAMED: Final = 10
"""A group of fewer rows is not named: all such are one."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Grouping:
    """How a column parts the combinations: the group of each, and what the groups are called ("" for a missing value)."""

    column: str
    level: int
    told_apart: bool
    of: Codes
    names: tuple[str, ...]
    small: tuple[bool, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Compared:
    """A column whose values are compared between groups: what they are called, their counts, and how many are released."""

    name: str
    values: tuple[str | None, ...]
    counts: Counts
    released: Integers


def sensitive_compared(
    histogram: Histogram, sensitive: Sequence[SensitiveColumn], solution: Solution
) -> tuple[Compared, ...]:
    """The sensitive columns of a table, as they are compared."""
    return tuple(
        Compared(column.name, column.values, histogram.sensitive[number], kept_of_values(histogram, solution, number))
        for number, column in enumerate(sensitive)
    )


def utility_of(
    histogram: Histogram,
    attributes: Sequence[Attribute],
    solution: Solution,
    compared: Sequence[Compared],
    *,
    groups: str | None = None,
) -> Utility:
    """What a solution leaves of a table, from its counts alone; `groups` names the one column that parts it."""
    groupings = groupings_of(histogram, attributes, solution.levels, groups)
    differences = [found for column in compared for grouping in groupings for found in _differences(column, grouping)]
    return Utility(
        column_losses(histogram, attributes, solution),
        class_sizes(histogram, attributes, solution),
        tuple(_left_out(grouping, histogram.rows, solution.kept_rows) for grouping in groupings),
        tuple(sorted(differences, key=lambda found: -found.largest_change)),
    )


def groupings_of(
    histogram: Histogram, attributes: Sequence[Attribute], levels: Sequence[int], groups: str | None = None
) -> tuple[Grouping, ...]:
    """The groups of each quasi-identifier that has a level of few values; of one group nothing can be compared."""
    found = []
    for number, attribute in enumerate(attributes):
        level = next((n for n, labels in enumerate(attribute.labels) if len(labels) <= MOST_GROUPS), None)
        if level is not None and groups in {None, attribute.name}:
            codes = attribute.to_level[level][histogram.codes[:, number]]
            released = len(attribute.labels[levels[number]])
            apart = levels[number] <= level or released == len(attribute.labels[level])
            grouping = _named(codes, attribute, histogram.rows, level=level, apart=apart)
            found += [grouping] if len(grouping.names) > 1 else []
    return tuple(found)


def refuse_no_groups(attributes: Sequence[Attribute], groups: str | None) -> None:
    """Refuse groups of a column that has too many values at every level."""
    attribute = next((attribute for attribute in attributes if attribute.name == groups), None)
    if attribute is not None and all(len(labels) > MOST_GROUPS for labels in attribute.labels):
        raise Misused(
            f"--groups: column '{groups}' has no level of at most {MOST_GROUPS} values: give its hierarchy one.",
            reason="groups_many",
        )


def _named(codes: Codes, attribute: Attribute, rows: Integers, *, level: int, apart: bool) -> Grouping:
    labels = attribute.labels[level]
    counted = added(codes, rows, len(labels))
    large = np.flatnonzero(counted >= LEAST_NAMED)
    place = np.full(len(labels), len(large), np.int32)
    place[large] = np.arange(len(large))
    others = bool((counted[counted < LEAST_NAMED] > 0).any())
    names = (*(labels[code] or "" for code in large), *("",) * others)
    return Grouping(attribute.name, level, apart, place[codes], names, (*(False,) * len(large), *(True,) * others))


def _left_out(grouping: Grouping, rows: Integers, kept: Integers) -> LeftOut:
    before, after = (added(grouping.of, counted, len(grouping.names)) for counted in (rows, kept))
    groups = [
        Left(name, small, int(had), int(had - has), float((had - has) / had))
        for name, small, had, has in zip(grouping.names, grouping.small, before, after, strict=True)
    ]
    groups.sort(key=lambda left: (-left.share, left.rows))
    return LeftOut(grouping.column, grouping.level, grouping.told_apart, tuple(groups))


def kept_of_values(histogram: Histogram, solution: Solution, number: int) -> Integers:
    """The released rows of each entry of a sensitive column's counts, those of whole units left out taken off."""
    counts, ties = histogram.sensitive[number], histogram.ties
    kept = counts.rows * solution.kept[counts.place]
    if ties is None or not len(solution.dropped_units):
        return kept
    out = np.isin(ties.unit[-1], solution.dropped_units) & solution.kept[ties.place]
    width = int(counts.value.max(initial=0)) + 1
    entries = counts.place * width + counts.value
    order = np.argsort(entries)
    at = order[np.searchsorted(entries, ties.place[out] * width + ties.value[number][out], sorter=order)]
    gone = np.zeros(len(kept), np.int64)
    np.add.at(gone, at, ties.rows[out])
    return kept - gone


def _differences(column: Compared, grouping: Grouping) -> Iterator[Differences]:
    """The values that are few enough and common enough to be told, by the groups of another column."""
    if len(column.values) > MOST_VALUES:
        return
    counts, size = column.counts, (len(grouping.names), len(column.values))
    place = grouping.of[counts.place] * size[1] + counts.value
    before, after = (added(place, rows, size[0] * size[1]).reshape(size) for rows in (counts.rows, column.released))
    for value in _told(before.sum(axis=0)):
        groups = _shares(grouping, before, after, value)
        most = max(abs(group.change) for group in groups)
        yield Differences(column.name, column.values[value] or "", grouping.column, grouping.told_apart, groups, most)


def _told(rows: Integers) -> list[int]:
    """The values that are common enough to be told; of two values the rarer, since the other is all that it is not."""
    told = [value for value, met in enumerate(rows) if met >= LEAST_NAMED]
    if len(told) == 2 and np.count_nonzero(rows) == 2:
        return [min(told, key=lambda value: int(rows[value]))]
    return told


def _shares(grouping: Grouping, before: Integers, after: Integers, value: int) -> tuple[GroupShare, ...]:
    order = np.argsort(-before.sum(axis=1), kind="stable")
    shares = [[_share(counts[group], value) for group in order] for counts in (before, after)]
    found = []
    for place, group in enumerate(order):
        was, became = shares[0][place], shares[1][place]
        differed, differs = _less(was, shares[0][0]), _less(became, shares[1][0])
        # Of a group that is gone nothing can be said to have changed.
        change = differs.value - differed.value if became.rows and shares[1][0].rows else 0.0
        found.append(GroupShare(grouping.names[group], grouping.small[group], was, became, differed, differs, change))
    return tuple(found)


def _share(counts: Integers, value: int) -> Estimate:
    met, rows = int(counts[value]), int(counts.sum())
    rate = Rate(met, rows)
    low, high = max(0.0, rate.value - rate.error), min(1.0, rate.value + rate.error)
    return Estimate(met / rows if rows else 0.0, low, high, rows)


def _less(one: Estimate, other: Estimate) -> Estimate:
    """A difference of shares with Newcombe's interval (Statistics in Medicine 17, 1998); of a group from itself none."""
    if one is other:
        return Estimate(0.0, 0.0, 0.0, one.rows)
    value = one.value - other.value
    low = value - hypot(one.value - one.low, other.high - other.value)
    high = value + hypot(one.high - one.value, other.value - other.low)
    return Estimate(value, low, high, one.rows)

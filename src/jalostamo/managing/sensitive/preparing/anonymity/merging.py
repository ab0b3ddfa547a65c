"""The loops that carry sensitive values and units along when classes are rolled up.

Handbook 2.6, phase 5.
"""

import numpy as np

from jalostamo.managing.sensitive.preparing.anonymity.compiling import compiled
from jalostamo.managing.sensitive.preparing.anonymity.problem import Codes, Integers

# A class with more different values than this is read off the whole list of values instead of being sorted.
_FEW = 24


@compiled
def by_group(group_of: Codes, groups: int) -> tuple[Integers, Codes]:
    """The finer classes in order of their coarser ones, and where each of these starts."""
    start = np.zeros(groups + 1, np.int64)
    for member in range(len(group_of)):
        start[group_of[member] + 1] += 1
    for group in range(groups):
        start[group + 1] += start[group]
    order, filled = np.empty(len(group_of), np.int32), start[:-1].copy()
    for member in range(len(group_of)):
        group = group_of[member]
        order[filled[group]] = member
        filled[group] += 1
    return start, order


@compiled
def _put_in_order(met: Codes, number: int, total: Integers) -> None:
    """Sort the values met in a class, so that sums over them are the same on every way to it."""
    if number > _FEW:
        number = 0
        for value in range(len(total)):
            if total[value]:
                met[number] = value
                number += 1
        return
    for i in range(1, number):
        value, j = met[i], i - 1
        while j >= 0 and met[j] > value:
            met[j + 1] = met[j]
            j -= 1
        met[j + 1] = value


@compiled
def merged(
    old_start: Integers, old_value: Codes, old_rows: Integers, start: Integers, order: Codes, values: int
) -> tuple[Integers, Codes, Integers]:
    """Rows per coarser class and sensitive value: where each class starts, its values in order, and their rows."""
    groups, filled = len(start) - 1, 0
    new_start = np.zeros(groups + 1, np.int64)
    new_value, new_rows = np.empty(len(old_value), np.int32), np.empty(len(old_rows), np.int64)
    total, met = np.zeros(values, np.int64), np.empty(values, np.int32)
    for group in range(groups):
        number = 0
        for place in range(start[group], start[group + 1]):
            for entry in range(old_start[order[place]], old_start[order[place] + 1]):
                value = old_value[entry]
                if total[value] == 0:
                    met[number] = value
                    number += 1
                total[value] += old_rows[entry]
        _put_in_order(met, number, total)
        for i in range(number):
            new_value[filled], new_rows[filled] = met[i], total[met[i]]
            total[met[i]] = 0
            filled += 1
        new_start[group + 1] = filled
    return new_start, new_value[:filled], new_rows[:filled]


@compiled
def merged_in_cells(
    old_start: Integers, old_value: Codes, old_rows: Integers, group_of: Codes, groups: int, values: int
) -> tuple[Integers, Codes, Integers]:
    """The same by a cell for each class and value: far faster where there are not many more of them than entries."""
    total, entries = np.zeros(groups * values, np.int64), 0
    for member in range(len(group_of)):
        at = np.int64(group_of[member]) * values
        for entry in range(old_start[member], old_start[member + 1]):
            cell = at + old_value[entry]
            entries += total[cell] == 0
            total[cell] += old_rows[entry]
    start, value, rows = np.zeros(groups + 1, np.int64), np.empty(entries, np.int32), np.empty(entries, np.int64)
    filled = 0
    for group in range(groups):
        for code in range(values):
            if total[group * values + code]:
                value[filled], rows[filled] = code, total[group * values + code]
                filled += 1
        start[group + 1] = filled
    return start, value, rows


@compiled
def gathered_units(
    group_of: Codes, single: Integers, start: Integers, place: Codes, times: Integers, groups: int
) -> tuple[Integers, Integers, Codes, Integers]:
    """Units of one kind over the coarser classes; a pattern that now lies in one class becomes single units of it."""
    new_single, found, filled = np.zeros(groups, np.int64), 0, 0
    new_start, new_times = np.zeros(len(start), np.int64), np.empty(len(times), np.int64)
    new_place = np.empty(len(place), np.int32)
    for member in range(len(group_of)):
        new_single[group_of[member]] += single[member]
    for pattern in range(len(times)):
        begin = filled
        for entry in range(start[pattern], start[pattern + 1]):
            group = group_of[place[entry]]
            known = False
            for i in range(begin, filled):
                known = known or new_place[i] == group
            if not known:
                new_place[filled] = group
                filled += 1
        if filled - begin == 1:
            filled = begin
            new_single[new_place[begin]] += times[pattern]
        else:
            new_times[found] = times[pattern]
            found += 1
            new_start[found] = filled
    return new_single, new_start[: found + 1], new_place[:filled], new_times[:found]


@compiled
def units_met(single: Integers, start: Integers, place: Codes, times: Integers) -> Integers:
    """The distinct units of one kind in each class."""
    met = single.copy()
    for pattern in range(len(times)):
        for entry in range(start[pattern], start[pattern + 1]):
            met[place[entry]] += times[pattern]
    return met

"""The loops that roll combinations up into coarser classes: packed keys met in a table of hashes, counts and units merged.

Handbook 2.6, phase 5.
"""

import numpy as np
from numpy.typing import NDArray

from jalostamo.managing.sensitive.preparing.anonymity.compiling import compiled
from jalostamo.managing.sensitive.preparing.anonymity.problem import Codes, Integers

# The odd number nearest to 2^64 over the golden ratio, as a signed one: it spreads neighbouring keys over the table.
_SPREAD = -7046029254386353131


@compiled
def pack(codes: Codes, word: Integers, shift: Integers, keys: NDArray[np.int64]) -> None:
    """Write each combination's codes into the bits of its key."""
    for row in range(codes.shape[0]):
        for a in range(codes.shape[1]):
            keys[word[a], row] |= np.int64(codes[row, a]) << shift[a]


@compiled
def _coarser(key: Integers, out: Integers, changes: Integers, lookup: Integers, keep: Integers) -> np.int64:
    """The key with its changed fields looked up at their new level, and where its probing starts."""
    for w in range(len(out)):
        out[w] = key[w] & keep[w]
    for c in range(changes.shape[0]):
        w, shift = changes[c, 0], changes[c, 1]
        out[w] |= lookup[changes[c, 3] + ((key[w] >> shift) & changes[c, 2])] << shift
    mixed = np.int64(0)
    for w in range(len(out)):
        mixed = (mixed ^ out[w]) * _SPREAD
        mixed ^= mixed >> 29
    return mixed


@compiled
def regroup(
    keys: Integers,
    rows: Integers,
    changes: Integers,
    lookup: Integers,
    keep: Integers,
    table: Codes,
    most: int,
    group_of: Codes,
    new_keys: Integers,
    new_rows: Integers,
) -> int:
    """Roll classes up and return the number of coarser ones, or -1 as soon as there are more than `most`.

    `table` is as long as a power of two and empty; a short `group_of` is not written.
    """
    words, found, last = keys.shape[0], 0, len(table) - 1
    key, out = np.empty(words, np.int64), np.empty(words, np.int64)
    for row in range(keys.shape[1]):
        for w in range(words):
            key[w] = keys[w, row]
        place = _coarser(key, out, changes, lookup, keep) & last
        while True:
            group = table[place] - 1
            if group < 0:
                break
            same = True
            for w in range(words):
                same = same and new_keys[w, group] == out[w]
            if same:
                break
            place = (place + 1) & last
        if group < 0:
            if found == most:
                return -1
            group = found
            found += 1
            table[place] = found
            new_rows[group] = 0
            for w in range(words):
                new_keys[w, group] = out[w]
        new_rows[group] += rows[row]
        if len(group_of) > 1:
            group_of[row] = group
    return found


@compiled
def regroup_short(
    keys: Integers,
    rows: Integers,
    changes: Integers,
    lookup: Integers,
    keep: Integers,
    table: Codes,
    most: int,
    group_of: Codes,
    new_keys: Integers,
    new_rows: Integers,
) -> int:
    """The same for keys of one word, about three times as fast."""
    found, last, group, before = 0, len(table) - 1, -1, np.int64(0)
    fields, stays, writes = changes.shape[0], keep[0], len(group_of) > 1
    shift, mask, at = changes[:, 1].copy(), changes[:, 2].copy(), changes[:, 3].copy()
    for row in range(len(rows)):
        key = keys[0, row]
        out = key & stays
        for c in range(fields):
            out |= lookup[at[c] + ((key >> shift[c]) & mask[c])] << shift[c]
        # Neighbours often fall into one class, as combinations come sorted.
        if group < 0 or out != before:
            mixed = out * _SPREAD
            place = (mixed ^ (mixed >> 29)) & last
            group = table[place] - 1
            while group >= 0 and new_keys[0, group] != out:
                place = (place + 1) & last
                group = table[place] - 1
            if group < 0:
                if found == most:
                    return -1
                group = found
                found += 1
                table[place] = found
                new_rows[group] = 0
                new_keys[0, group] = out
            before = out
        new_rows[group] += rows[row]
        if writes:
            group_of[row] = group
    return found


@compiled
def rows_of_some(
    keys: Integers,
    rows: Integers,
    changes: Integers,
    lookup: Integers,
    keep: Integers,
    table: Codes,
    new_keys: Integers,
    new_rows: Integers,
) -> int:
    """Roll up only the classes whose hash begins with two zeros, about a quarter of them, whole; how many they are.

    Keys are of one word. -1 when there are more than fit into half of the table, or into the room for keys and rows.
    """
    found, last, stays, fields = 0, len(table) - 1, keep[0], changes.shape[0]
    shift, mask, at = changes[:, 1].copy(), changes[:, 2].copy(), changes[:, 3].copy()
    for row in range(len(rows)):
        key = keys[0, row]
        out = key & stays
        for c in range(fields):
            out |= lookup[at[c] + ((key >> shift[c]) & mask[c])] << shift[c]
        mixed = out * _SPREAD
        if (mixed >> 62) & 3:
            continue
        place = (mixed ^ (mixed >> 29)) & last
        group = table[place] - 1
        while group >= 0 and new_keys[0, group] != out:
            place = (place + 1) & last
            group = table[place] - 1
        if group < 0:
            if 2 * found > last or found == len(new_rows):
                return -1
            group = found
            found += 1
            table[place] = found
            new_rows[group] = 0
            new_keys[0, group] = out
        new_rows[group] += rows[row]
    return found


@compiled
def smallest_finer(held: NDArray[np.int8], sizes: Integers, levels: NDArray[np.int8]) -> int:
    """The slot of the view with the fewest classes among those that are finer than a node or the node itself."""
    best = 0
    for slot in range(1, len(sizes)):
        if sizes[slot] < sizes[best]:
            finer = True
            for a in range(len(levels)):
                finer = finer and held[slot, a] <= levels[a]
            best = slot if finer else best
    return best


@compiled
def rows_of_small(rows: Integers, least: int) -> int:
    """The rows of the classes that have fewer than `least`."""
    total = 0
    for c in range(len(rows)):
        total += rows[c] if rows[c] < least else 0
    return total

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
def _slot(key: Integers, first: np.int64, table: Codes, met: Integers) -> np.int64:
    """Where a key of several words stands in a table, or where it is to stand."""
    last = len(table) - 1
    place = first & last
    while True:
        group = table[place] - 1
        if group < 0:
            return place
        same = True
        for w in range(len(key)):
            same = same and met[w, group] == key[w]
        if same:
            return place
        place = (place + 1) & last


@compiled
def regroup(
    keys: Integers,
    words: Integers,
    low: int,
    changes: Integers,
    lookup: Integers,
    keep: Integers,
    table: Codes,
    most: int,
    group_of: Codes,
    new_keys: Integers,
    new_words: Integers,
) -> int:
    """Roll classes up and return the number of coarser ones, or -1 as soon as there are more than `most`.

    `table` is as long as a power of two and empty; a short `group_of` is not written.
    """
    found, out = 0, np.empty(keys.shape[0], np.int64)
    for row in range(keys.shape[1]):
        place = _slot(out, _coarser(keys[:, row], out, changes, lookup, keep), table, new_keys)
        if table[place] == 0:
            if found == most:
                return -1
            new_keys[:, found], new_words[found] = out, 0
            found += 1
            table[place] = found
        group = table[place] - 1
        new_words[group] = (new_words[group] | (words[row] & ~low)) + (words[row] & low)
        if len(group_of) > 1:
            group_of[row] = table[place] - 1
    return found


@compiled
def _short_key(
    key: np.int64, stays: np.int64, shift: Integers, mask: Integers, at: Integers, lookup: Integers
) -> np.int64:
    """A key of one word with its changed fields looked up at their new level."""
    out = key & stays
    for c in range(len(shift)):
        out |= lookup[at[c] + ((key >> shift[c]) & mask[c])] << shift[c]
    return out


@compiled
def _short_slot(key: np.int64, table: Codes, met: Integers) -> np.int64:
    """Where a key of one word stands in a table, or where it is to stand."""
    last, mixed = len(table) - 1, key * _SPREAD
    place = (mixed ^ (mixed >> 29)) & last
    while table[place] and met[0, table[place] - 1] != key:
        place = (place + 1) & last
    return place


@compiled
def regroup_short(
    keys: Integers,
    words: Integers,
    low: int,
    changes: Integers,
    lookup: Integers,
    keep: Integers,
    table: Codes,
    most: int,
    group_of: Codes,
    new_keys: Integers,
    new_words: Integers,
) -> int:
    """The same for keys of one word, about three times as fast."""
    found, group, before, writes = 0, -1, np.int64(0), len(group_of) > 1
    shift, mask, at = changes[:, 1].copy(), changes[:, 2].copy(), changes[:, 3].copy()
    for row in range(len(words)):
        out = _short_key(keys[0, row], keep[0], shift, mask, at, lookup)
        # Neighbours often fall into one class, as combinations come sorted.
        if group < 0 or out != before:
            place, before = _short_slot(out, table, new_keys), out
            if table[place] == 0:
                if found == most:
                    return -1
                new_keys[0, found], new_words[found] = out, 0
                found += 1
                table[place] = found
            group = table[place] - 1
        new_words[group] = (new_words[group] | (words[row] & ~low)) + (words[row] & low)
        if writes:
            group_of[row] = group
    return found


@compiled
def rows_of_some(
    keys: Integers,
    words: Integers,
    low: int,
    changes: Integers,
    lookup: Integers,
    keep: Integers,
    table: Codes,
    new_keys: Integers,
    new_words: Integers,
) -> int:
    """Roll up only the classes whose hash begins with two zeros, about a quarter of them, whole; how many they are.

    Keys are of one word. -1 when there are more than fit into half of the table, or into the room for keys and rows.
    """
    found, most = 0, min(len(table) // 2, len(new_words))
    shift, mask, at = changes[:, 1].copy(), changes[:, 2].copy(), changes[:, 3].copy()
    for row in range(len(words)):
        out = _short_key(keys[0, row], keep[0], shift, mask, at, lookup)
        if ((out * _SPREAD) >> 62) & 3:
            continue
        place = _short_slot(out, table, new_keys)
        if table[place] == 0:
            if found == most:
                return -1
            new_keys[0, found], new_words[found] = out, 0
            found += 1
            table[place] = found
        group = table[place] - 1
        new_words[group] = (new_words[group] | (words[row] & ~low)) + (words[row] & low)
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

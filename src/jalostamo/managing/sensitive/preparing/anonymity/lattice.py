"""The lattice of generalisations: its nodes as levels and as numbers, and how a key's bits change from level to level.

Handbook 2.6, phase 5.
"""

from dataclasses import dataclass
from math import prod

import numpy as np

from jalostamo.concepts.errors import Broken
from jalostamo.managing.sensitive.preparing.anonymity.problem import Attribute, Flags, Integers, Reals

Levels = tuple[int, ...]

# A key's words are signed, so that the compiled loops never mix signs.
_WORD_BITS = 63
# 64 KiB of eight-byte codes.
_TABLE_BITS = 13


@dataclass(frozen=True, slots=True)
class Lattice:
    """All nodes, in lexicographic order of their levels: node number and levels are each other's name."""

    shape: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many nodes there are."""
        return prod(self.shape)

    @property
    def top(self) -> Levels:
        """Every attribute at its highest level."""
        return tuple(height - 1 for height in self.shape)

    def levels(self, number: int) -> Levels:
        """The levels of a node."""
        found = []
        for height in reversed(self.shape):
            number, level = divmod(number, height)
            found.append(level)
        return tuple(reversed(found))

    def number(self, levels: Levels) -> int:
        """The number of a node."""
        found = 0
        for height, level in zip(self.shape, levels, strict=True):
            found = found * height + level
        return found

    def below(self, marks: Reals | Flags, levels: Levels) -> Reals | Flags:
        """A view of the marks of a node and all that are finer."""
        return self._part(marks, [slice(level + 1) for level in levels])

    def above(self, marks: Reals | Flags, levels: Levels) -> Reals | Flags:
        """A view of the marks of a node and all that are coarser."""
        return self._part(marks, [slice(level, None) for level in levels])

    def _part(self, marks: Reals | Flags, slices: list[slice]) -> Reals | Flags:
        # NumPy knows 64 dimensions: attributes that have one level are none.
        chosen = [number for number, height in enumerate(self.shape) if height > 1]
        return marks.reshape([self.shape[a] for a in chosen] or [1])[tuple(slices[a] for a in chosen)]


def outer(factors: list[Reals], *, add: bool = False) -> Reals:
    """Product (or sum) over the attributes at every node, flat: taken in recipe order, so that a lone node agrees."""
    whole = np.zeros(1) if add else np.ones(1)
    for factor in factors:
        whole = (whole[:, None] + factor if add else whole[:, None] * factor).reshape(-1)
    return whole


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Layout:
    """Where each attribute's code stands in a key, and the codes of each level at every coarser one."""

    word: Integers
    shift: Integers
    mask: Integers
    lookup: Integers
    at: tuple[dict[tuple[int, int], tuple[int, int, int, int]], ...]
    cards: tuple[tuple[int, ...], ...]
    words: int

    @property
    def fields(self) -> Integers:
        """Word, shift and mask of each attribute."""
        return np.stack([self.word, self.shift, self.mask], axis=1)

    def changes(self, source: Levels, target: Levels) -> tuple[Integers, Integers]:
        """The fields to look up on the way from a finer node to a coarser one, and the bits to keep in each word."""
        keep = [0] * self.words
        rows = []
        for a, step in enumerate(zip(source, target, strict=True)):
            if step[0] == step[1]:
                keep[int(self.word[a])] |= int(self.mask[a]) << int(self.shift[a])
            elif self.cards[a][step[1]] > 1:
                rows.append(self.at[a][step])
        return np.array(rows, np.int64).reshape(-1, 4), np.array(keep, np.int64)

    def changes_at_once(self, source: Levels, target: Levels) -> tuple[Integers, Integers, Integers]:
        """The same with neighbouring fields looked up together, in a table of its own: worth while for many classes."""
        rows, tables, keep = [], [np.zeros(0, np.int64)], [0] * self.words
        for fields in self.neighbours():
            first, last = fields[0], fields[-1]
            word, shift = int(self.word[first]), int(self.shift[first])
            mask = (1 << int(self.shift[last] + self.mask[last].item().bit_length() - shift)) - 1
            if all(source[a] == target[a] for a in fields):
                keep[word] |= mask << shift
            elif any(self.cards[a][target[a]] > 1 for a in fields):
                rows.append((word, shift, mask, sum(map(len, tables))))
                tables.append(self._together(fields, source, target))
        return np.array(rows, np.int64).reshape(-1, 4), np.array(keep, np.int64), np.concatenate(tables)

    def neighbours(self) -> list[list[int]]:
        """The attributes whose fields lie side by side and together are narrow enough for a table in a near cache."""
        groups: list[list[int]] = []
        for a in range(len(self.cards)):
            end = int(self.shift[a] + self.mask[a].item().bit_length())
            together = groups and self.word[groups[-1][0]] == self.word[a]
            if together and end - int(self.shift[groups[-1][0]]) <= _TABLE_BITS:
                groups[-1].append(a)
            else:
                groups.append([a])
        return groups

    def _together(self, fields: list[int], source: Levels, target: Levels) -> Integers:
        """What the bits of several fields at one node become at a coarser one."""
        table = np.zeros(1, np.int64)
        for a in fields:
            codes = self.codes(a, source[a], target[a])
            table = ((codes << int(self.shift[a] - self.shift[fields[0]]))[:, None] | table).reshape(-1)
        return table

    def codes(self, a: int, source: int, target: int) -> Integers:
        """What all bits that an attribute's field may have become on the way from a level to a coarser one."""
        codes = np.zeros(int(self.mask[a]) + 1, np.int64)
        card = self.cards[a][source]
        if source == target:
            codes[:card] = np.arange(card)
        else:
            at = self.at[a][source, target][3]
            codes[:card] = self.lookup[at : at + card]
        return codes

    def keys_at_most(self, levels: Levels) -> int:
        """How many classes a node can have, by the numbers of its attributes' values."""
        return prod(cards[level] for cards, level in zip(self.cards, levels, strict=True))


def laid_out(attributes: tuple[Attribute, ...]) -> Layout:
    """Give every attribute its bits, and write down how its codes go from each level to each coarser one."""
    cards = tuple(tuple(int(codes.max(initial=0)) + 1 for codes in a.to_level) for a in attributes)
    bits = [max(1, (max(card) - 1).bit_length()) for card in cards]
    word: list[int] = []
    shift: list[int] = []
    used = _WORD_BITS
    for width in bits:
        used = 0 if used + width > _WORD_BITS else used
        word.append((word[-1] if word else -1) + (used == 0))
        shift.append(used)
        used += width
    mask = [(1 << width) - 1 for width in bits]
    lookup: list[Integers] = []
    at = []
    for number, attribute in enumerate(attributes):
        fixed = (word[number], shift[number], mask[number])
        at.append({step: (*fixed, place) for step, place in _steps(attribute, cards[number], lookup)})
    flat = np.concatenate(lookup) if lookup else np.zeros(1, np.int64)
    places = (np.array(word, np.int64), np.array(shift, np.int64), np.array(mask, np.int64))
    return Layout(*places, flat, tuple(at), cards, (word[-1] if word else 0) + 1)


def _steps(attribute: Attribute, cards: tuple[int, ...], lookup: list[Integers]) -> list[tuple[tuple[int, int], int]]:
    steps = []
    for finer in range(len(cards)):
        for coarser in range(finer + 1, len(cards)):
            codes = np.zeros(cards[finer], np.int64)
            codes[attribute.to_level[finer]] = attribute.to_level[coarser]
            if not np.array_equal(codes[attribute.to_level[finer]], attribute.to_level[coarser]):
                sentence = f"Level {coarser} of '{attribute.name}' parts values that level {finer} holds together."
                raise Broken(sentence, reason="not_nested")
            steps.append(((finer, coarser), sum(map(len, lookup))))
            lookup.append(codes)
    return steps

"""How far two distributions are apart, in exact fractions: t-closeness and its earth mover's distances.

Li, Li, Venkatasubramanian 2007 (ICDE).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

type Shares = Mapping[str | None, Fraction]


@dataclass(frozen=True)
class Closeness:
    """How far a class may be from the table: `equal`, `ordered` by a list, or `hierarchical` by the rows of a file."""

    kind: str
    t: str
    order: tuple[str, ...] = ()
    tree: tuple[tuple[str, ...], ...] = ()


def shares(values: Iterable[str | None]) -> dict[str | None, Fraction]:
    """How the values are distributed."""
    counts = Counter(values)
    return {value: Fraction(n, counts.total()) for value, n in counts.items()}


def distance(asked: Closeness, one: Shares, other: Shares) -> float:
    """The earth mover's distance of two distributions."""
    if asked.kind == "equal":
        return float(equal_distance(one, other))
    if asked.kind == "ordered":
        return float(ordered_distance(one, other, asked.order))
    return float(hierarchical_distance(one, other, asked.tree))


def equal_distance(one: Shares, other: Shares) -> Fraction:
    """Every two values are 1 apart: half the sum of the differences."""
    return sum((abs(more(one, other, value)) for value in {*one, *other}), Fraction()) / 2


def ordered_distance(one: Shares, other: Shares, order: Sequence[str | None]) -> Fraction:
    """The values at places i and j of the m in order are |i - j| / (m - 1) apart: what is carried over each gap, summed."""
    carried = total = Fraction()
    for value in order:
        carried += more(one, other, value)
        total += abs(carried)
    return total / (len(order) - 1) if len(order) > 1 else Fraction()


def hierarchical_distance(one: Shares, other: Shares, tree: Sequence[Sequence[str]]) -> Fraction:
    """Two values are as far apart as their lowest common ancestor is high, of the height of the tree.

    Below each ancestor, the lesser of what is too much and what is too little moves through it (Li et al. 2007, 4.2).
    """
    height = len(tree[0]) - 1
    left = {tuple(row): more(one, other, row[0]) for row in tree}
    total = Fraction()
    for level in range(1, height + 1):
        below = defaultdict(set)
        for row in tree:
            below[tuple(row[level:])].add(tuple(row[level - 1 :]))
        for children in below.values():
            extra = [left[child] for child in children]
            total += Fraction(level, height) * min(sum(e for e in extra if e > 0), -sum(e for e in extra if e < 0))
        left = {ancestor: sum((left[child] for child in children), Fraction()) for ancestor, children in below.items()}
    return total


def more(one: Shares, other: Shares, value: str | None) -> Fraction:
    """How much more of a value, as a file has it, there is in the one."""
    return one.get(value or None, Fraction()) - other.get(value or None, Fraction())

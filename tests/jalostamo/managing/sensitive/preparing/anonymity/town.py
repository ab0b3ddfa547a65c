"""A small town drawn from a number, and what trying every generalisation of it finds, counted row by row."""

from __future__ import annotations

import math
import random
from collections import Counter
from dataclasses import dataclass
from itertools import product

import numpy as np

from jalostamo.managing.sensitive.preparing.anonymity.problem import (
    METRICS,
    Asked,
    Attribute,
    Closeness,
    Counts,
    Diversity,
    Histogram,
    Metric,
    SensitiveColumn,
)

VALUES = 4


@dataclass(frozen=True)
class Town:
    """Rows of codes with one sensitive value each, and for every attribute the codes at each level."""

    rows: tuple[tuple[int, ...], ...]
    values: tuple[int, ...]
    levels: tuple[tuple[tuple[int, ...], ...], ...]
    weights: tuple[float, ...]
    k: int
    diversity: Diversity | None
    closeness: Closeness | None
    limit: int
    metric: Metric


def drawn(number: int) -> Town:
    """A town, always the same for the same number."""
    chance = random.Random(number)
    levels = tuple(_levels(chance) for _ in range(chance.randint(2, 4)))
    people = chance.randint(5, 60)
    rows = tuple(tuple(min(chance.choices(range(len(a[0])), k=2)) for a in levels) for _ in range(people))
    values = tuple(min(chance.choices(range(VALUES), k=2)) for _ in rows)
    diversity = chance.choice(
        (None, Diversity("distinct", 2), Diversity("entropy", 1.7), Diversity("recursive", 2, 2.0))
    )
    closeness = chance.choice((None, Closeness("equal", chance.choice((0.1, 0.25, 0.4)))))
    weights = tuple(chance.choice((1.0, 0.5, 2.0)) for _ in levels)
    limit = int(people * chance.choice((0.0, 0.05, 0.2, 0.6)))
    return Town(
        rows, values, levels, weights, chance.randint(1, 5), diversity, closeness, limit, chance.choice(METRICS)
    )


def _levels(chance: random.Random) -> tuple[tuple[int, ...], ...]:
    """Nested codes, dense at every level, up to one code at the top."""
    codes = list(range(chance.randint(2, 7)))
    found = [tuple(codes)]
    for _ in range(chance.randint(0, 2)):
        join = {code: chance.randint(0, 2) for code in set(codes)}
        dense = {group: place for place, group in enumerate(dict.fromkeys(join[code] for code in codes))}
        codes = [dense[join[code]] for code in codes]
        found.append(tuple(codes))
    return (*found, (0,) * len(codes))


def histogram(town: Town) -> Histogram:
    """The town's combinations, counted."""
    rows = Counter(town.rows)
    places = {row: place for place, row in enumerate(sorted(rows))}
    entries = sorted(Counter((places[row], value) for row, value in zip(town.rows, town.values, strict=True)).items())
    counts = Counts(
        np.array([place for (place, _), _ in entries], np.int64),
        np.array([value for (_, value), _ in entries], np.int32),
        np.array([number for _, number in entries], np.int64),
    )
    numbers = np.array([rows[row] for row in places], np.int64)
    return Histogram(np.array(list(places), np.int32), numbers, (counts,))


def attributes(town: Town) -> tuple[Attribute, ...]:
    """The town's quasi-identifiers; every value stands once in its hierarchy's file."""
    found = []
    for number, (levels, weight) in enumerate(zip(town.levels, town.weights, strict=True)):
        share = tuple(np.array([codes.count(code) / len(codes) for code in codes]) for codes in levels)
        labels = tuple(tuple(f"{code}" for code in sorted(set(codes))) for codes in levels)
        arrays = tuple(np.array(codes, np.int32) for codes in levels)
        found.append(Attribute(f"a{number}", weight, arrays, labels, share, len(levels[0])))
    return tuple(found)


def asked(town: Town) -> Asked:
    """The town's recipe."""
    totals = np.array([town.values.count(value) for value in range(VALUES)], np.int64)
    column = SensitiveColumn("s", ("a", "b", "c", "d"), totals, town.diversity, town.closeness)
    return Asked(town.k, (column,), town.limit, town.metric)


def holds(town: Town, members: list[int]) -> bool:
    """Whether a class meets every model."""
    counts = sorted(Counter(town.values[i] for i in members).values(), reverse=True)
    shares = [count / len(members) for count in counts]
    if len(members) < town.k:
        return False
    if town.diversity is not None:
        l, c = town.diversity.l, town.diversity.c  # noqa: E741
        met = {
            "distinct": lambda: len(counts) >= l,
            "entropy": lambda: -sum(p * math.log(p) for p in shares) >= math.log(l) - 1e-9,
            "recursive": lambda: counts[0] < (c or 0) * sum(counts[int(l) - 1 :]),
        }
        if not met[town.diversity.kind]():
            return False
    if town.closeness is None:
        return True
    far = [
        abs(sum(town.values[i] == v for i in members) / len(members) - town.values.count(v) / len(town.rows))
        for v in range(VALUES)
    ]
    return sum(far) / 2 <= town.closeness.t + 1e-9


def value(town: Town, levels: tuple[int, ...], classes: list[list[int]]) -> float:
    """What a node costs."""
    n, kept = len(town.rows), [i for members in classes for i in members]
    gone = n - len(kept)
    if town.metric == "discernibility":
        return float(sum(len(members) ** 2 for members in classes) + gone * n)
    if town.metric == "average_class_size":
        return len(kept) / len(classes) if classes else math.inf
    parts = []
    for a, (codes, level) in enumerate(zip(town.levels, levels, strict=True)):
        at = [codes[level][row[a]] for row in town.rows]
        if town.metric == "precision":
            parts.append((len(kept) * level / (len(codes) - 1) + gone) / (n * len(levels)))
        elif town.metric == "entropy":
            of = [math.log2(at.count(at[i])) for i in kept] + [math.log2(n)] * gone
            parts.append(sum(of) - sum(math.log2([r[a] for r in town.rows].count(row[a])) for row in town.rows))
        else:
            d = len(codes[0])
            x = sum(codes[level].count(at[i]) / d for i in kept) + gone
            parts.append((max(0.0, (x - n / d) / (n - n / d)) + 1) ** (town.weights[a] / sum(town.weights)))
    return math.prod(parts) - 1 if town.metric == "loss" else sum(parts)


def best(town: Town) -> tuple[tuple[int, ...], float] | None:
    """The best node of all with its value; the lower sum of levels, then the first, among equal ones."""
    found = {}
    for levels in product(*(range(len(codes)) for codes in town.levels)):
        classes: dict[tuple[int, ...], list[int]] = {}
        for i, row in enumerate(town.rows):
            key = tuple(codes[level][code] for codes, level, code in zip(town.levels, levels, row, strict=True))
            classes.setdefault(key, []).append(i)
        released = [members for members in classes.values() if holds(town, members)]
        if len(town.rows) - sum(map(len, released)) <= town.limit:
            found[levels] = value(town, levels, released)
    if not found:
        return None
    least = min(found.values())
    levels = min((one for one in found if found[one] <= least + 1e-9), key=lambda one: (sum(one), one))
    return levels, found[levels]

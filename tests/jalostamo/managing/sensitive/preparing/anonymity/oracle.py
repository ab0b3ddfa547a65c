"""One table generalised by trying everything: every node of the lattice, row by row, in plain Python and exact fractions.

Written from the text of the command alone, to be compared with what the library finds. Nothing here is fast.

k-anonymity: Sweeney 2002. l-diversity: Machanavajjhala, Gehrke, Kifer, Venkitasubramaniam 2006 (ICDE).
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product

from tests.jalostamo.managing.sensitive.preparing.anonymity.oracle_distances import Closeness, distance, shares
from tests.jalostamo.managing.sensitive.preparing.anonymity.oracle_exposure import (
    Exposed,
    class_failures,
    release_failures,
)

type Row = Mapping[str, str | None]
type Levels = tuple[int, ...]

CLOSE = 1e-9


@dataclass(frozen=True)
class Column:
    """A quasi-identifier: the rows of its hierarchy file, column i of which is level i; none means level 0 alone.

    A missing value is None in a table, and an empty text in a file.
    """

    name: str
    hierarchy: tuple[tuple[str, ...], ...] = ()
    weight: float = 1.0

    @property
    def highest(self) -> int:
        return len(self.hierarchy[0]) - 1 if self.hierarchy else 0

    def called(self, value: str | None, level: int) -> str | None:
        if not self.hierarchy:
            return value
        (row,) = (row for row in self.hierarchy if row[0] == (value or ""))
        return row[level] or None


@dataclass(frozen=True)
class Diversity:
    """How many values a class must show: `distinct`, `entropy`, or `recursive` with its c, as written."""

    kind: str
    l: int  # noqa: E741 (the name that the model has in every paper)
    c: str = "1"


@dataclass(frozen=True)
class Sensitive:
    """A sensitive column and what is asked of it."""

    name: str
    diversity: Diversity | None = None
    closeness: Closeness | None = None


@dataclass(frozen=True)
class Task:
    """A table and its recipe; no units means that every row is one, a limit is as written in the recipe."""

    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    k: int | None = None
    sensitive: tuple[Sensitive, ...] = ()
    units: tuple[str, ...] = ()
    limit: str = "0"
    metric: str = "loss"
    exposed: Exposed | None = None

    @property
    def suppressible(self) -> int:
        return math.floor(Fraction(self.limit) * len(self.rows))


@dataclass(frozen=True)
class Found:
    """The best node and what it releases."""

    levels: Levels
    value: float
    loss: float
    kept: tuple[int, ...]
    classes: int
    smallest_class: int
    nodes: int


def optimum(task: Task) -> Found | None:
    """The node of least value; equal within 1e-9, of the lower sum of levels, then first in order; None where none holds."""
    nodes = list(product(*(range(column.highest + 1) for column in task.columns)))
    values = {}
    for levels in nodes:
        classes = released(task, levels)
        few = len(task.rows) - sum(map(len, classes)) <= task.suppressible
        if few and not any(overall_failures(task, levels, classes)):
            values[levels] = METRICS[task.metric](task, levels, classes)
    if not values:
        return None
    least = min(values.values())
    levels = min((node for node in values if values[node] <= least + CLOSE), key=lambda node: (sum(node), node))
    classes = released(task, levels)
    sizes = [len(members) for members in classes]
    kept = tuple(sorted(i for members in classes for i in members))
    lost = loss(task, levels, classes)
    return Found(levels, values[levels], lost, kept, len(sizes), min(sizes, default=0), len(nodes))


def generalised(task: Task, levels: Levels) -> list[tuple[str | None, ...]]:
    """Each row's quasi-identifiers as they are called at the levels."""
    pairs = list(zip(task.columns, levels, strict=True))
    return [tuple(column.called(row[column.name], level) for column, level in pairs) for row in task.rows]


def released(task: Task, levels: Levels) -> list[list[int]]:
    """The rows of each class that is released: what fails is taken out, and with whole units again until nothing fails."""
    called, there = generalised(task, levels), held(task, levels)
    kept = set(range(len(task.rows)))
    while True:
        classes = alike(called, sorted(kept))
        failing = {i for members in classes for i in members if not stands(task, members, there[called[members[0]]])}
        if not failing:
            return classes
        kept -= failing
        if task.units:
            out = {unit_of(task, task.rows[i], task.units[-1]) for i in failing}
            kept = {i for i in kept if unit_of(task, task.rows[i], task.units[-1]) not in out}


def stands(task: Task, members: Sequence[int], there: int) -> bool:
    """Whether a class holds every model that is asked of it, with so many of the population in it."""
    rows = [task.rows[i] for i in members]
    exposed = any(class_failures(task.exposed, people(task, rows), there)) if task.exposed else False
    return holds(task, rows) and not exposed


def people(task: Task, members: Sequence[Row]) -> int:
    """How many people a class has: its units of the first kind, or its rows."""
    return len({unit_of(task, row, task.units[0]) for row in members}) if task.units else len(members)


def held(task: Task, levels: Levels) -> Counter[tuple[str | None, ...]]:
    """How many of the population each class has."""
    population = task.exposed.population if task.exposed else ()
    return Counter(generalised(replace(task, rows=population), levels))


def overall_failures(task: Task, levels: Levels, classes: Sequence[Sequence[int]]) -> Iterator[str]:
    """The models that what is released does not hold as a whole."""
    if task.exposed is not None:
        called = generalised(task, levels)
        left = {called[members[0]]: people(task, [task.rows[i] for i in members]) for members in classes}
        yield from release_failures(task.exposed, left, held(task, levels))


def alike(called: Sequence[tuple[str | None, ...]], kept: Iterable[int]) -> list[list[int]]:
    """The kept rows, in classes of those called alike."""
    classes = defaultdict(list)
    for i in kept:
        classes[called[i]].append(i)
    return list(classes.values())


def holds(task: Task, members: Sequence[Row]) -> bool:
    """Whether a class holds every model."""
    return not any(failures(task, members))


def failures(task: Task, members: Sequence[Row]) -> Iterator[str]:
    """The models that a class does not hold."""
    if task.k is not None and least_units(task, members) < task.k:
        yield "k_anonymity"
    for column in task.sensitive:
        values = [row[column.name] for row in members]
        if column.diversity is not None and not diverse(column.diversity, values):
            yield f"l_diversity:{column.name}"
        if column.closeness is not None:
            whole = shares(row[column.name] for row in task.rows)
            if distance(column.closeness, shares(values), whole) > float(Fraction(column.closeness.t)) + CLOSE:
                yield f"t_closeness:{column.name}"


def least_units(task: Task, members: Sequence[Row]) -> int:
    """How many distinct units a class has of the kind of which it has fewest; its rows where each is one."""
    return min((len({unit_of(task, row, unit) for row in members}) for unit in task.units), default=len(members))


def unit_of(task: Task, row: Row, unit: str) -> tuple[str, str | None]:
    """Who a row's unit is: somebody without a household is one of her own."""
    return (unit, row[unit]) if row[unit] is not None else (task.units[0], row[task.units[0]])


def diverse(asked: Diversity, values: Sequence[str | None]) -> bool:
    """Whether the sensitive values of a class are diverse.

    distinct: at least l values. entropy: -sum p log p >= log l. recursive (c, l): with r1 >= r2 >= ... the counts of its
    m values, strictly r1 < c (r_l + r_(l+1) + ... + r_m).
    """
    counts = sorted(Counter(values).values(), reverse=True)
    if asked.kind == "distinct":
        return len(counts) >= asked.l
    if asked.kind == "entropy":
        entropy = -math.fsum(n / len(values) * math.log(n / len(values)) for n in counts)
        return entropy >= math.log(asked.l) - CLOSE
    return counts[0] < Fraction(asked.c) * sum(counts[asked.l - 1 :])


def loss(task: Task, levels: Levels, classes: Sequence[Sequence[int]]) -> float:
    """The metric "loss": of each attribute the shares of the hierarchy, suppressed rows 1, between none and all of it."""
    kept, n = [i for members in classes for i in members], len(task.rows)
    total = 1.0
    for column, level in zip(task.columns, levels, strict=True):
        values = [row[0] or None for row in column.hierarchy] or list({row[column.name] for row in task.rows})
        d = len(values)
        alike = Counter(column.called(value, level) for value in values)
        x = sum(Fraction(alike[column.called(task.rows[i][column.name], level)], d) for i in kept) + n - len(kept)
        normalised = (x - Fraction(n, d)) / (n - Fraction(n, d)) if d > 1 else Fraction()
        total *= float(max(normalised, Fraction()) + 1) ** (column.weight / math.fsum(c.weight for c in task.columns))
    return total - 1


def precision(task: Task, levels: Levels, classes: Sequence[Sequence[int]]) -> float:
    """The mean, over rows and attributes, of the level in the highest level; suppressed rows 1."""
    kept, n = sum(map(len, classes)), len(task.rows)
    shares_of_levels = sum(
        Fraction(level, column.highest) if column.highest else Fraction()
        for column, level in zip(task.columns, levels, strict=True)
    )
    return float((kept * shares_of_levels + (n - kept) * len(levels)) / (n * len(levels)))


def discernibility(task: Task, _: Levels, classes: Sequence[Sequence[int]]) -> float:
    """The squared sizes of the classes, and the number of all rows for each suppressed one."""
    sizes = [len(members) for members in classes]
    return float(sum(size**2 for size in sizes) + (len(task.rows) - sum(sizes)) * len(task.rows))


def average_class_size(task: Task, _: Levels, classes: Sequence[Sequence[int]]) -> float:
    """Released rows per class; where nothing is released there is no class, and no node is worse."""
    return sum(map(len, classes)) / len(classes) if classes else math.inf


def entropy(task: Task, levels: Levels, classes: Sequence[Sequence[int]]) -> float:
    """For each cell -log2 of how many of those called alike have its value; a suppressed one against all rows."""
    kept = {i for members in classes for i in members}
    bits = []
    for column, level in zip(task.columns, levels, strict=True):
        values = [row[column.name] for row in task.rows]
        recorded, called = (Counter(values), Counter(column.called(value, level) for value in values))
        for i, value in enumerate(values):
            of = called[column.called(value, level)] if i in kept else len(values)
            bits.append(-math.log2(recorded[value] / of))
    return math.fsum(bits)


METRICS = {metric.__name__: metric for metric in (loss, precision, discernibility, average_class_size, entropy)}

"""A small table as the search is given it: counted row by row, without the engine that counts large ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from tests.jalostamo.managing.sensitive.preparing.anonymity import oracle
from tests.jalostamo.managing.sensitive.preparing.anonymity.oracle_distances import Closeness
from tests.jalostamo.managing.sensitive.preparing.anonymity.oracle_exposure import Exposed

from jalostamo.managing.sensitive.preparing.anonymity import problem
from jalostamo.managing.sensitive.preparing.anonymity.limits import Limits

type Combination = tuple[int, ...]


def codes_of[Value](values: Iterable[Value]) -> dict[Value, int]:
    """Dense codes, in order of first appearance."""
    return {value: code for code, value in enumerate(dict.fromkeys(values))}


def whole(values: Iterable[int]) -> NDArray[np.int64]:
    return np.array(list(values), dtype=np.int64)


def coded(values: Iterable[int]) -> NDArray[np.int32]:
    return np.array(list(values), dtype=np.int32)


def recorded(task: oracle.Task, column: oracle.Column) -> list[str | None]:
    """The values of level 0: those of the hierarchy, or without one those that occur."""
    return [row[0] or None for row in column.hierarchy] or list(dict.fromkeys(row[column.name] for row in task.rows))


def attribute(task: oracle.Task, column: oracle.Column) -> problem.Attribute:
    values = recorded(task, column)
    levels = [[column.called(value, level) for value in values] for level in range(column.highest + 1)]
    codes = [codes_of(called) for called in levels]
    return problem.Attribute(
        name=column.name,
        weight=column.weight,
        to_level=tuple(coded(code[name] for name in called) for code, called in zip(codes, levels, strict=True)),
        labels=tuple(tuple(code) for code in codes),
        share=tuple(np.array([called.count(name) / len(values) for name in called]) for called in levels),
        file_rows=len(values),
    )


def combinations(task: oracle.Task, rows: Sequence[oracle.Row] | None = None) -> list[Combination]:
    """The level-0 codes of each row of the table, or of others."""
    codes = [codes_of(recorded(task, column)) for column in task.columns]
    chosen = task.rows if rows is None else rows
    return [tuple(code[row[c.name]] for code, c in zip(codes, task.columns, strict=True)) for row in chosen]


def places(task: oracle.Task) -> list[int]:
    """The combination of each row, by its place among the sorted ones."""
    drawn = combinations(task)
    number = {combination: place for place, combination in enumerate(sorted(set(drawn)))}
    return [number[combination] for combination in drawn]


def values_of(task: oracle.Task, column: oracle.Sensitive) -> list[str | None]:
    """Every value that the column may have: those of its order or tree, and those that occur."""
    asked = column.closeness
    known: Sequence[str] = (asked.order or tuple(row[0] for row in asked.tree)) if asked is not None else ()
    return list(dict.fromkeys([*(value or None for value in known), *(row[column.name] for row in task.rows)]))


def closeness(asked: Closeness | None, values: Sequence[str | None]) -> problem.Closeness | None:
    if asked is None:
        return None
    ranks = tree = None
    if asked.kind == "ordered":
        ranks = whole(asked.order.index(value or "") for value in values)
    if asked.kind == "hierarchical":
        rows = {row[0]: row for row in asked.tree}
        levels = [[rows[value or ""][level] for value in values] for level in range(len(asked.tree[0]))]
        tree = tuple(coded(codes_of(level)[name] for name in level) for level in levels)
    return problem.Closeness(asked.kind, float(asked.t), ranks, tree)  # type: ignore[arg-type]  # a word of the recipe


def sensitive_column(task: oracle.Task, column: oracle.Sensitive) -> problem.SensitiveColumn:
    values, asked = values_of(task, column), column.diversity
    found = Counter(row[column.name] for row in task.rows)
    diversity = None
    if asked is not None:
        c = float(Fraction(asked.c)) if asked.kind == "recursive" else None
        diversity = problem.Diversity(asked.kind, asked.l, c)  # type: ignore[arg-type]  # a word of the recipe
    totals = whole(found[value] for value in values)
    return problem.SensitiveColumn(column.name, tuple(values), totals, diversity, closeness(column.closeness, values))


def counts(task: oracle.Task, column: oracle.Sensitive) -> problem.Counts:
    codes = codes_of(values_of(task, column))
    found = sorted(
        Counter((place, codes[row[column.name]]) for place, row in zip(places(task), task.rows, strict=True)).items()
    )
    return problem.Counts(
        whole(place for (place, _), _ in found),
        coded(value for (_, value), _ in found),
        whole(rows for _, rows in found),
    )


def rows_by_place(task: oracle.Task, unit: str) -> dict[tuple[str, str | None], Counter[int]]:
    """Of each unit its rows in each combination."""
    found: defaultdict[tuple[str, str | None], Counter[int]] = defaultdict(Counter)
    for place, row in zip(places(task), task.rows, strict=True):
        found[oracle.unit_of(task, row, unit)][place] += 1
    return found


def units(task: oracle.Task, unit: str) -> problem.Units:
    lying = rows_by_place(task, unit).values()
    single = Counter(next(iter(rows)) for rows in lying if len(rows) == 1)
    patterns = Counter(tuple(sorted(rows.items())) for rows in lying if len(rows) > 1)
    flat = [entry for pattern in patterns for entry in pattern]
    return problem.Units(
        name=unit,
        single=whole(single[place] for place in range(len(set(places(task))))),
        spread_start=np.cumsum([0, *map(len, patterns)], dtype=np.int64),
        spread_place=whole(place for place, _ in flat),
        spread_times=whole(patterns.values()),
        spread_rows=whole(rows for _, rows in flat),
        whole=unit == task.units[-1],
    )


def ties(task: oracle.Task) -> problem.Ties | None:
    """Every row of a whole unit in several combinations, and of the other units that have a row among those."""
    if not task.units or (len(task.units) == 1 and not task.sensitive):
        return None
    *others, last = task.units
    spread = [unit for unit, rows in rows_by_place(task, last).items() if len(rows) > 1]
    of = {unit: [oracle.unit_of(task, row, unit) for row in task.rows] for unit in task.units}
    among = {i for i, unit in enumerate(of[last]) if unit in spread}
    tied = set(among)
    for unit in others:
        met = {of[unit][i] for i in among}
        tied |= {i for i, one in enumerate(of[unit]) if one in met}
    rows, at = [task.rows[i] for i in sorted(tied)], places(task)
    numbers = [codes_of(of[unit][i] for i in sorted(tied)) for unit in others] + [codes_of(spread)]
    codes = [codes_of(values_of(task, column)) for column in task.sensitive]
    return problem.Ties(
        place=whole(at[i] for i in sorted(tied)),
        rows=whole(1 for _ in rows),
        unit=tuple(
            whole(n.get(of[unit][i], -1) for i in sorted(tied)) for n, unit in zip(numbers, task.units, strict=True)
        ),
        value=tuple(coded(c[row[s.name]] for row in rows) for c, s in zip(codes, task.sensitive, strict=True)),
    )


def histogram(task: oracle.Task) -> problem.Histogram:
    drawn = Counter(combinations(task))
    ordered = sorted(drawn)
    return problem.Histogram(
        codes=np.array(ordered, dtype=np.int32).reshape(len(ordered), len(task.columns)),
        rows=whole(drawn[combination] for combination in ordered),
        sensitive=tuple(counts(task, column) for column in task.sensitive),
        units=tuple(units(task, unit) for unit in task.units),
        ties=ties(task),
        population=population(task),
    )


def asked(task: oracle.Task) -> problem.Asked:
    columns = tuple(sensitive_column(task, column) for column in task.sensitive)
    told = (task.k, columns, task.suppressible, task.metric, None, limits(task.exposed))
    return problem.Asked(*told)  # type: ignore[arg-type]  # a word of the recipe


def limits(exposed: Exposed | None) -> Limits:
    def share(written: str | None) -> float | None:
        return None if written is None else float(written)

    if exposed is None:
        return Limits()
    return Limits(
        k_map=exposed.k_map,
        least_presence=share(exposed.least),
        most_presence=share(exposed.most),
        maximum_risk=share(exposed.maximum_risk),
        average_risk=share(exposed.average_risk),
        sample_uniqueness=share(exposed.sample_uniqueness),
        population_uniqueness=share(exposed.population_uniqueness),
        against_population=exposed.against_population,
        population_size=exposed.size,
    )


def population(task: oracle.Task) -> problem.Population | None:
    """The population in the codes of the table; without a hierarchy these know only the values of the table."""
    rows = task.exposed.population if task.exposed else ()
    if not rows:
        return None
    drawn = Counter(combinations(task, rows))
    codes = np.array(list(drawn), dtype=np.int32).reshape(len(drawn), len(task.columns))
    return problem.Population(codes, whole(drawn.values()))


def attributes(task: oracle.Task) -> tuple[problem.Attribute, ...]:
    return tuple(attribute(task, column) for column in task.columns)

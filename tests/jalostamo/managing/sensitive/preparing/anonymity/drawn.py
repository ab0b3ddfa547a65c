"""Small tables and recipes drawn at random, of every model, metric, limit and unit; they shrink to the least that differs."""

from __future__ import annotations

from typing import Final

from hypothesis import strategies as st
from tests.jalostamo.managing.sensitive.preparing.anonymity import oracle
from tests.jalostamo.managing.sensitive.preparing.anonymity.oracle import (
    METRICS,
    Closeness,
    Column,
    Diversity,
    Row,
    Sensitive,
    Task,
)

NAMES: Final = ("area", "born", "language")
UNITS: Final = ((), ("person",), ("person", "household"))
LIMITS: Final = ("0", "0.1", "0.2", "0.34", "0.5", "0.9")
MOST_ROWS: Final = 14


def hierarchy(draw: st.DrawFn, values: list[str], *, rooted: bool = False) -> tuple[tuple[str, ...], ...]:
    """Levels that nest, of groups drawn one by one; without a level none, unless there must be a root."""
    rows = [[value] for value in values]
    for level in range(1, 1 + draw(st.integers(0, 3 - rooted))):
        groups = {row[-1]: f"{level}-{draw(st.integers(0, 1))}" for row in rows}
        rows = [[*row, groups[row[-1]]] for row in rows]
    if rooted:
        rows = [[*row, "*"] for row in rows]
    return tuple(map(tuple, rows)) if len(rows[0]) > 1 else ()


def called(name: str, number: int, *, missing: bool) -> list[str]:
    """So many values; an empty one is none."""
    return ["" if missing and not n else f"{name}{n}" for n in range(number)]


@st.composite
def columns(draw: st.DrawFn, name: str, missing: st.SearchStrategy[bool]) -> tuple[Column, list[str]]:
    """A quasi-identifier, and the values that may occur, which need not be all of the hierarchy."""
    values = called(name, draw(st.integers(1, 4)), missing=draw(missing))
    levels = hierarchy(draw, values, rooted=draw(st.booleans()))
    weight = draw(st.sampled_from((1.0, 0.5, 3.0)))
    return Column(name, levels, weight), values


@st.composite
def sensitive(draw: st.DrawFn, name: str, values: list[str], occurring: set[str | None]) -> Sensitive:
    """A sensitive column with one model or both; the order and the tree know a value that does not occur."""
    most, known = len(occurring), [*values, "other"]
    asked = draw(st.sampled_from(("diversity", "closeness", "both")))
    diversity = closeness = None
    if asked != "closeness":
        kind = draw(st.sampled_from(("distinct", "entropy", "recursive")))
        c = draw(st.sampled_from(("0.5", "1", "1.5", "3"))) if kind == "recursive" else "1"
        diversity = Diversity(kind, draw(st.integers(1, most)), c)
    if asked != "diversity":
        kind, t = (
            draw(st.sampled_from(("equal", "ordered", "hierarchical"))),
            draw(st.sampled_from(("0.1", "0.3", "0.6"))),
        )
        order = tuple(draw(st.permutations(known))) if kind == "ordered" else ()
        tree = hierarchy(draw, known, rooted=True) if kind == "hierarchical" else ()
        closeness = Closeness(kind, t, order, tree)
    return Sensitive(name, diversity, closeness)


@st.composite
def tasks(draw: st.DrawFn) -> Task:
    """A table with a recipe that asks for one model at least."""
    number = draw(st.integers(1, 3))
    guarded = draw(st.sampled_from(((), ("service",), ("service", "income"))))
    units = draw(st.sampled_from(UNITS))
    # A missing value alone in its row would be an empty line of a file.
    missing = st.booleans() if number > 1 or guarded or units else st.just(False)
    quasi = [draw(columns(name, missing)) for name in NAMES[:number]]
    fields = {column.name: values for column, values in quasi}
    fields |= {name: called(name, 3, missing=draw(st.booleans())) for name in guarded}
    fields |= {unit: called(unit, 6, missing=unit == "household") for unit in units}
    strategy = st.tuples(*(st.sampled_from(values) for values in fields.values()))
    drawn = draw(st.lists(strategy, min_size=1, max_size=MOST_ROWS))
    rows: tuple[Row, ...] = tuple(
        {name: value or None for name, value in zip(fields, row, strict=True)} for row in drawn
    )
    ks = st.integers(1, min(4, oracle.least_units(Task(rows, (), units=units), rows)))
    return Task(
        rows=rows,
        columns=tuple(column for column, _ in quasi),
        k=draw(ks | st.none() if guarded else ks),
        sensitive=tuple(draw(sensitive(name, fields[name], {row[name] for row in rows})) for name in guarded),
        units=units,
        limit=draw(st.sampled_from(LIMITS)),
        metric=draw(st.sampled_from(tuple(METRICS))),
    )

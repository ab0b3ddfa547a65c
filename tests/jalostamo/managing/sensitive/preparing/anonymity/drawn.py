"""Small tables and recipes drawn at random, of every model, metric, limit and unit; they shrink to the least that differs."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hypothesis import strategies as st
from tests.jalostamo.managing.sensitive.preparing.anonymity import oracle
from tests.jalostamo.managing.sensitive.preparing.anonymity.oracle import (
    METRICS,
    Column,
    Diversity,
    Row,
    Sensitive,
    Task,
)
from tests.jalostamo.managing.sensitive.preparing.anonymity.oracle_distances import Closeness
from tests.jalostamo.managing.sensitive.preparing.anonymity.oracle_exposure import Exposed

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


THRESHOLDS: Final = ("0.05", "0.15", "0.25", "0.34", "0.5", "0.75", "1")
OF_CLASSES: Final = ("k_map", "maximum_risk", "most", "nothing")
OF_ALL: Final = ("average_risk", "sample_uniqueness", "population_uniqueness", "least", "nothing")


@st.composite
def exposures(
    draw: st.DrawFn, task: Task, strategy: st.SearchStrategy[Row], of_classes: tuple[str, ...] = OF_CLASSES
) -> Exposed:
    """One model of the classes and one of the whole release, or one of either; some rows are not of the population."""
    asked = {draw(st.sampled_from(of_classes)), draw(st.sampled_from(OF_ALL))}
    asked |= {draw(st.sampled_from((*OF_CLASSES, *OF_ALL)))} if asked == {"nothing"} else set()
    limit = st.sampled_from(THRESHOLDS)
    found = Exposed(
        k_map=draw(st.integers(1, 5)) if "k_map" in asked else None,
        most=draw(limit) if "most" in asked else None,
        least=draw(st.sampled_from(("0.05", "0.15", "0.25"))) if "least" in asked else None,
        maximum_risk=draw(limit) if "maximum_risk" in asked else None,
        average_risk=draw(limit) if "average_risk" in asked else None,
        sample_uniqueness=draw(st.sampled_from(("0", *THRESHOLDS))) if "sample_uniqueness" in asked else None,
        population_uniqueness=draw(st.sampled_from(("0", *THRESHOLDS))) if "population_uniqueness" in asked else None,
        against_population=draw(st.booleans()) and bool(asked & {"maximum_risk", "average_risk"}),
    )
    if found.counts_population and ("population_uniqueness" not in asked or len(asked) > 1 or draw(st.booleans())):
        people = [row for row in task.rows if not draw(st.sampled_from((False,) * 9 + (True,)))]
        people += draw(st.lists(strategy, min_size=0 if people else 1, max_size=30))
        return replace(found, population=tuple(people))
    return replace(found, size=draw(st.integers(len(task.rows), 300))) if "population_uniqueness" in asked else found


@st.composite
def exposed_tasks(draw: st.DrawFn, *, sparing: bool = False) -> Task:
    """A table with a recipe that asks how exposed people are, beside what else it asks or alone.

    `sparing` ones ask it of the whole release alone, small classes being left out: there suppression can mend a finer node.
    """
    task = draw(tasks())
    if sparing:
        task = replace(task, sensitive=(), k=draw(st.integers(1, 3)), limit=draw(st.sampled_from(LIMITS[2:5])))
    fields = {
        column.name: [row[0] or None for row in column.hierarchy]
        or sorted({row[column.name] for row in task.rows}, key=str)
        for column in task.columns
    }
    people = st.tuples(*(st.sampled_from(values) for values in fields.values()))
    strategy = people.map(lambda row: dict(zip(fields, row, strict=True)))
    exposed = draw(exposures(task, strategy, of_classes=("nothing",) if sparing else OF_CLASSES))
    task = replace(task, exposed=exposed)
    if sparing:
        return task
    return replace(task, k=None, sensitive=()) if draw(st.sampled_from((True, False, False))) else task

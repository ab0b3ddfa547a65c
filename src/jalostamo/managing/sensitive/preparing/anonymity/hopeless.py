"""What no generalisation can bring about, seen before any is looked at, with what to do about it.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from math import ceil, prod
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.managing.sensitive.preparing.anonymity.tables import ROWS

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sensitive.preparing.anonymity.histogram import Counted
    from jalostamo.managing.sensitive.preparing.anonymity.recipe import Recipe
    from jalostamo.managing.sensitive.preparing.anonymity.tables import Loaded

_SECTION: Final = "2.6, phase 5"

MOST_NODES: Final = 20_000_000
"""So many generalisations have room in memory: the search knows of each what it costs at least."""


def refuse_too_many(recipe: Recipe) -> None:
    """Refuse more generalisations than can be searched, before the table is read."""
    nodes = prod(len(q.hierarchy.levels) if q.hierarchy else 1 for q in recipe.quasi)
    if nodes > MOST_NODES:
        sentence = (
            f"{recipe.name} allows {nodes:,} generalisations, more than the {MOST_NODES:,} that are searched at most: leave "
            "out levels of its hierarchies, or quasi-identifiers."
        )
        raise Refused([_objection(sentence)], reason="too_many_generalisations")


def refuse_hopeless_columns(engine: Engine, loaded: Loaded, recipe: Recipe) -> None:
    """Refuse columns without a hierarchy in which too many rows have a rare value, before all values are looked at."""
    allowed, least = recipe.suppressed_rows(loaded.rows), fewest_alike(recipe)
    objections = []
    for number, q in enumerate(recipe.quasi):
        if q.hierarchy is not None or allowed >= loaded.rows:
            continue
        values = loaded.table.group_by(f"q{number}").agg(n=loaded.table[ROWS].sum())
        found = engine.only_row(values.agg(values=values.count(), rare=values.n.sum(where=values.n < least)))
        rare = cast("int", found["rare"] or 0)
        if rare > allowed:
            objections.append(
                _objection(
                    f"Column '{q.column}' has {found['values']:,} different values and no hierarchy: {rare:,} rows have a value "
                    f"that fewer than {least} share, more than the {allowed:,} that may be left out. Give it a hierarchy, make it "
                    "coarser in the table, or raise suppression_limit."
                )
            )
    _refuse(objections)


def refuse_hopeless(counted: Counted, recipe: Recipe, *, rows: int) -> None:
    """Refuse what cannot hold at any level: more alike than there are, or more different values than there are."""
    if recipe.suppressed_rows(rows) < rows:
        _refuse(_too_few(counted, recipe, rows))
        _refuse(_rare(counted, recipe, rows))
        _refuse(_barely_held(counted, recipe, rows))


def _too_few(counted: Counted, recipe: Recipe, rows: int) -> list[Objection]:
    objections = []
    if recipe.k is not None and recipe.k > rows:
        objections.append(_objection(f"k is {recipe.k:,}, but the table has {rows:,} rows: give a k that it can hold."))
    objections += _too_risky(counted, recipe, rows)
    for asked, column in zip(recipe.sensitive, counted.sensitive, strict=True):
        if asked.diversity and ceil(asked.diversity.l - 1e-9) > len(column.values):
            objections.append(
                _objection(
                    f"Column '{asked.column}' has {len(column.values)} different values, but l is {asked.diversity.l:g}: "
                    "give an l that it can hold."
                )
            )
    return objections


def _too_risky(counted: Counted, recipe: Recipe, rows: int) -> list[Objection]:
    """Risks for which the table, or the population, is too small."""
    objections = []
    least, people = recipe.limits.least_units, counted.histogram.population
    if least > rows:
        objections.append(
            _objection(
                f"maximum_risk is {recipe.limits.maximum_risk:g}, which needs {least:,} rows alike, but the table has {rows:,}: "
                "give a risk that it can meet."
            )
        )
    if people is not None and recipe.limits.least_held > people.rows.sum():
        objections.append(
            _objection(
                f"{recipe.limits.least_held:,} of the population are asked for in each class, but it has "
                f"{int(people.rows.sum()):,} rows: ask for fewer (k_map), or allow a greater maximum_risk."
            )
        )
    return objections


def _rare(counted: Counted, recipe: Recipe, rows: int) -> list[Objection]:
    objections, allowed, least = [], recipe.suppressed_rows(rows), fewest_alike(recipe)
    for number, attribute in enumerate(counted.attributes):
        top, column = attribute.to_level[-1], counted.histogram.codes[:, number]
        # A last level of one value, such as '*', need not be counted.
        alike = np.bincount(top[column], weights=counted.histogram.rows) if top.any() else np.array([rows])
        rare = int(alike[alike < least].sum())
        if rare > allowed:
            objections.append(
                _objection(
                    f"Column '{attribute.name}', even at its last level, has {rare:,} rows with a value that fewer than {least} "
                    f"share, more than the {allowed:,} that may be left out. Give its hierarchy a further level, such as '*', or "
                    "raise suppression_limit."
                )
            )
    return objections


def _barely_held(counted: Counted, recipe: Recipe, rows: int) -> list[Objection]:
    """Columns in which, even at the last level, too many rows have a value that too few of the population share."""
    people, least, objections = counted.histogram.population, recipe.limits.least_held, []
    for number, attribute in enumerate(counted.attributes):
        if people is None:
            break
        top = attribute.to_level[-1]
        held = np.bincount(top[people.codes[:, number]], weights=people.rows, minlength=int(top.max(initial=0)) + 1)
        here = counted.histogram.rows[held[top[counted.histogram.codes[:, number]]] < least]
        if int(here.sum()) > recipe.suppressed_rows(rows):
            objections.append(
                _objection(
                    f"Column '{attribute.name}', even at its last level, has {int(here.sum()):,} rows with a value that fewer "
                    f"than {least} of the population share, more than the {recipe.suppressed_rows(rows):,} that may be left "
                    "out. Is it the population that they are of? Give the hierarchy a further level, such as '*', ask for "
                    "less, or raise suppression_limit."
                )
            )
    return objections


def fewest_alike(recipe: Recipe) -> int:
    """How many rows a class has at least, whatever else it must hold."""
    return max(
        [
            recipe.k or 1,
            recipe.limits.least_units,
            *(ceil(s.diversity.l - 1e-9) for s in recipe.sensitive if s.diversity),
        ]
    )


def _objection(sentence: str) -> Objection:
    return Objection(sentence, _SECTION)


def _refuse(objections: list[Objection]) -> None:
    if objections:
        raise Refused(objections, reason="infeasible")

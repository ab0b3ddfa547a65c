"""The population that a table's people are some of: its rows counted by the same quasi-identifiers, in the same codes.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np

from jalostamo.concepts.errors import Unfit
from jalostamo.managing.sensitive.preparing.anonymity.files import table_file
from jalostamo.managing.sensitive.preparing.anonymity.held import Held
from jalostamo.managing.sensitive.preparing.anonymity.histogram import Counted, count
from jalostamo.managing.sensitive.preparing.anonymity.lattice import laid_out
from jalostamo.managing.sensitive.preparing.anonymity.limits import Limits
from jalostamo.managing.sensitive.preparing.anonymity.problem import Attribute, Codes, Population
from jalostamo.managing.sensitive.preparing.anonymity.tables import load
from jalostamo.managing.sensitive.preparing.anonymity.views import finest_view

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sensitive.preparing.anonymity.recipe import Recipe


def with_population(engine: Engine, counted: Counted, recipe: Recipe) -> Counted:
    """What was counted of a table, with its recipe's population beside it; the same where the recipe names no file."""
    if recipe.population is None:
        return counted
    asked = population_recipe(recipe)
    found = count(engine, load(engine, table_file(recipe.population.path, asked), asked), asked)
    pairs = [_together(own, theirs) for own, theirs in zip(counted.attributes, found.attributes, strict=True)]
    codes = np.stack([known[found.histogram.codes[:, a]] for a, (_, known) in enumerate(pairs)], axis=1)
    population = Population(np.ascontiguousarray(codes, np.int32), found.histogram.rows)
    histogram = replace(counted.histogram, population=population)
    return replace(counted, histogram=histogram, attributes=tuple(attribute for attribute, _ in pairs))


def population_recipe(recipe: Recipe) -> Recipe:
    """The recipe by which the population's file is read: the quasi-identifiers alone, each row somebody of its own."""
    if recipe.population is None:
        raise Unfit(f"{recipe.name} names no file of a population.", reason="recipe_population")
    return replace(
        recipe,
        writing=recipe.population.writing,
        sensitive=(),
        keep=(),
        units=(),
        k=1,
        suppression_limit=Decimal(0),
        limits=Limits(),
        population=None,
    )


def strangers_in(counted: Counted) -> int:
    """The rows of a table whose like, before anything is made coarser, the population does not have."""
    population, own = counted.histogram.population, counted.histogram
    if population is None:
        return 0
    layout = laid_out(counted.attributes)
    finest = finest_view(own, layout, np.zeros(0, np.int64))
    return int(own.rows[Held(population, layout, 0).in_classes(finest) == 0].sum())


def refuse_small_population(recipe: Recipe, rows: int) -> None:
    """Refuse a population that is smaller than the table, which is some of it."""
    size = recipe.limits.population_size
    if size is not None and size < rows:
        raise Unfit(
            f"{recipe.name}: the population's size is {size:,}, but the table has {rows:,} rows: they are some of it; correct "
            "the size.",
            reason="population_small",
        )


def _together(own: Attribute, theirs: Attribute) -> tuple[Attribute, Codes]:
    """A quasi-identifier whose codes know the population's values, too, and the codes of these; the table's stay as they are.

    What the table's values weigh stays as it is: without a hierarchy, loss is still told of the values in the table.
    """
    new = np.array([place for place, label in enumerate(theirs.labels[0]) if label not in set(own.labels[0])], np.int64)
    to_level, labels, share = [], [], []
    for level, (codes, called) in enumerate(zip(own.to_level, own.labels, strict=True)):
        number = {label: code for code, label in enumerate(called)}
        names = [theirs.labels[level][code] for code in theirs.to_level[level][new]]
        added = [number.setdefault(name, len(number)) for name in names]
        to_level.append(np.concatenate([codes, np.array(added, np.int32)]))
        labels.append(tuple(number))
        share.append(np.concatenate([own.share[level], theirs.share[level][new]]))
    place = {label: code for code, label in enumerate(labels[0])}
    known = np.array([place[label] for label in theirs.labels[0]], np.int32)
    return replace(own, to_level=tuple(to_level), labels=tuple(labels), share=tuple(share)), known

"""Who was left out of earlier releases stays left out: found by carrying those out again, since no list of people is kept.

Handbook 2.6 (rule sets for anonymising in continuous analyses) and phase 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

import numpy as np

from jalostamo.concepts.errors import Broken, Objection, Refused
from jalostamo.managing.sensitive.preparing.anonymity.choosing import asked_of, judged_at
from jalostamo.managing.sensitive.preparing.anonymity.files import table_file
from jalostamo.managing.sensitive.preparing.anonymity.histogram import count, with_places
from jalostamo.managing.sensitive.preparing.anonymity.population import with_population
from jalostamo.managing.sensitive.preparing.anonymity.reading import read_recipe
from jalostamo.managing.sensitive.preparing.anonymity.register import hierarchies_of
from jalostamo.managing.sensitive.preparing.anonymity.tables import ROWS, load

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sensitive.preparing.anonymity.histogram import Counted
    from jalostamo.managing.sensitive.preparing.anonymity.problem import Counts, Integers, Ties
    from jalostamo.managing.sensitive.preparing.anonymity.recipe import Recipe
    from jalostamo.managing.sensitive.preparing.anonymity.register import Entry
    from jalostamo.managing.sensitive.preparing.anonymity.tables import Loaded

_SECTION = "2.6, phase 5"


@dataclass(frozen=True, slots=True, repr=False)
class Rest:
    """A counted table without whom earlier releases left out, and how many rows those have.

    `unknown` are the releases of which it cannot be told whom they left out.
    """

    counted: Counted
    gone: int
    unknown: tuple[str, ...] = ()


def rest_of(engine: Engine, loaded: Loaded, recipe: Recipe, left_out: ir.Table | None) -> Rest:
    """Count a table without some units; what its sensitive columns hold is still told of the whole table."""
    whole = _counted(engine, loaded, recipe)
    if left_out is None:
        return Rest(whole, 0)
    last = f"u{len(recipe.units) - 1}"
    kept = engine.keep(loaded.table.anti_join(left_out, last))
    gone = loaded.rows - cast("int", engine.only_row(kept.agg(n=kept[ROWS].sum()))["n"] or 0)
    if not gone:
        return Rest(whole, 0)
    if gone == loaded.rows:
        raise Refused(
            [Objection("Earlier releases left out everybody who is in the table.", _SECTION)], reason="infeasible"
        )
    return Rest(_as_of_whole(_counted(engine, replace(loaded, table=kept), recipe), whole), gone)


def _counted(engine: Engine, loaded: Loaded, recipe: Recipe) -> Counted:
    return with_population(engine, count(engine, loaded, recipe), recipe)


@dataclass(frozen=True, slots=True, repr=False)
class LeftOut:
    """The units that earlier releases left out, None where there is nobody to name, and the releases that are not known."""

    units: ir.Table | None = None
    unknown: tuple[str, ...] = ()


def left_out_of(engine: Engine, entries: Sequence[Entry], recipe: Recipe, *, without_gone: bool = False) -> LeftOut:
    """The units that releases left out, one after the other; one that is gone is refused, unless that was allowed."""
    found: ir.Table | None = None
    unknown: list[str] = []
    for entry in entries if recipe.units else ():
        fault = _fault(entry, recipe)
        if fault is not None and not without_gone:
            raise _cannot_tell(entry, fault)
        if fault is not None:
            unknown.append(entry.called)
            continue
        gone = _dropped(engine, entry, found if entry.consistent else None)
        found = engine.keep(gone if found is None else found.union(gone, distinct=True))
    return LeftOut(found, tuple(unknown))


def _dropped(engine: Engine, entry: Entry, before: ir.Table | None) -> ir.Table:
    """Whom a release left out, carried out again."""
    recipe = read_recipe(entry.recipe.path)
    last = f"u{len(recipe.units) - 1}"
    loaded = load(engine, table_file(entry.table.path, recipe), recipe)
    rest = rest_of(engine, loaded, recipe, before)
    counted = rest.counted
    asked = asked_of(recipe, counted, rows=loaded.rows, gone=rest.gone)
    levels = tuple(entry.levels[q.column] for q in recipe.quasi)
    solution = judged_at((counted.histogram, counted.attributes, asked), levels)
    if solution is None:
        raise Broken(f"{entry.called} does not hold when it is carried out again.", reason="releases_again")
    dropped = np.flatnonzero(~solution.kept)
    gone = with_places(counted.table, counted, engine, dropped).select(last).distinct()
    return engine.keep(gone)


def _fault(entry: Entry, recipe: Recipe) -> str | None:
    if entry.units != recipe.units:
        return "it counted other units"
    for file in (entry.table, entry.recipe):
        if not file.is_there:
            return f"{file.path.name} is gone, or has changed"
    is_same = hierarchies_of(read_recipe(entry.recipe.path)) == dict(entry.hierarchies)
    return None if is_same else "a hierarchy of its recipe has changed"


def _cannot_tell(entry: Entry, why: str) -> Refused:
    sentence = (
        f"Whom {entry.called} left out cannot be told: {why}. Bring it back: who was left out once stays left out."
    )
    return Refused([Objection(sentence, _SECTION)], reason="earlier_gone")


def _as_of_whole(rest: Counted, whole: Counted) -> Counted:
    """What is left, with the values of sensitive columns numbered, and counted in all, as in the whole table."""
    maps = []
    for left, every in zip(rest.sensitive, whole.sensitive, strict=True):
        numbers = {value: number for number, value in enumerate(every.values)}
        maps.append(np.array([numbers[value] for value in left.values], np.int64))
    histogram = replace(
        rest.histogram,
        sensitive=tuple(_renumbered(c, m) for c, m in zip(rest.histogram.sensitive, maps, strict=True)),
        ties=None if rest.histogram.ties is None else _renumbered_ties(rest.histogram.ties, maps),
    )
    return replace(rest, histogram=histogram, sensitive=whole.sensitive)


def _renumbered(counts: Counts, numbers: Integers) -> Counts:
    return replace(counts, value=numbers[counts.value].astype(np.int32))


def _renumbered_ties(ties: Ties, maps: Sequence[Integers]) -> Ties:
    values = (numbers[value].astype(np.int32) for value, numbers in zip(ties.value, maps, strict=True))
    return replace(ties, value=tuple(values))

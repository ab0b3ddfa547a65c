"""Making one table coarser by a recipe: load, search, carry out, read anew; what does not hold when read anew is not written.

Handbook 2.6 (anonymising the data) and phase 5.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jalostamo.concepts.errors import Broken
from jalostamo.engine.connection import literal_path, open_engine
from jalostamo.engine.packing import within_memory, write_repeated
from jalostamo.managing.sensitive.preparing.anonymity.applying import named, released
from jalostamo.managing.sensitive.preparing.anonymity.checking import expected_of
from jalostamo.managing.sensitive.preparing.anonymity.files import table_file
from jalostamo.managing.sensitive.preparing.anonymity.histogram import count
from jalostamo.managing.sensitive.preparing.anonymity.hopeless import (
    refuse_hopeless,
    refuse_hopeless_columns,
    refuse_too_many,
)
from jalostamo.managing.sensitive.preparing.anonymity.problem import Asked, nodes_total
from jalostamo.managing.sensitive.preparing.anonymity.reading import read_recipe
from jalostamo.managing.sensitive.preparing.anonymity.reporting import Outcome, Stopwatch
from jalostamo.managing.sensitive.preparing.anonymity.searching import search
from jalostamo.managing.sensitive.preparing.anonymity.tables import ROWS, load
from jalostamo.managing.sensitive.validation.alikeness import Alikeness, alikeness_of, values_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sensitive.preparing.anonymity.files import TableFile
    from jalostamo.managing.sensitive.preparing.anonymity.histogram import Counted
    from jalostamo.managing.sensitive.preparing.anonymity.recipe import Recipe
    from jalostamo.managing.sensitive.preparing.anonymity.tables import Loaded

MANY_NODES = 200_000
"""Beyond so many generalisations a search to the end may take long: a time limit is advised."""


def anonymise_file(
    engine: Engine,
    recipe: Path,
    table: Path,
    *,
    out: Path,
    step: Callable[[str], None],
    advise: Callable[[str], None],
) -> Outcome:
    """Make the table in a file coarser by the recipe in another."""
    asked = read_recipe(recipe)
    with within_memory():
        return anonymise(engine, table_file(table, asked), asked, out, watching=Watching(step, advise))


@dataclass(frozen=True, slots=True)
class Watching:
    """Who is told what is being done, and what is advised meanwhile."""

    step: Callable[[str], None]
    advise: Callable[[str], None]


def anonymise(engine: Engine, file: TableFile, recipe: Recipe, out: Path, *, watching: Watching) -> Outcome:
    """Write the best generalisation of a table that a recipe allows as one Parquet file, and tell what became of it.

    Nobody is anonymous because of this: it says which models hold, not what else is known elsewhere.
    """
    stopwatch = Stopwatch()
    refuse_too_many(recipe)
    watching.step("reading the table")
    loaded = load(engine, file, recipe)
    refuse_hopeless_columns(engine, loaded, recipe)
    counted = count(engine, loaded, recipe)
    refuse_hopeless(counted, recipe, rows=loaded.rows)
    stopwatch.note("load")
    _advise(counted, recipe, watching)
    asked = Asked(recipe.k, counted.sensitive, recipe.suppressed_rows(loaded.rows), recipe.metric, recipe.time_limit)
    solution = search(counted.histogram, counted.attributes, asked, watch=_watch(counted, watching))
    stopwatch.note("search")
    watching.step("writing")
    rows = released(engine, loaded, counted, recipe, solution)
    alikeness = _read_anew(engine, rows, loaded, recipe)
    _write(engine, named(rows, recipe), out)
    stopwatch.note("apply")
    dropped = tuple(column for column in file.header if column not in recipe.columns)
    return Outcome(recipe, loaded.rows, dropped, solution, alikeness, stopwatch)


def _advise(counted: Counted, recipe: Recipe, watching: Watching) -> None:
    nodes = nodes_total(counted.attributes)
    if nodes > MANY_NODES and recipe.time_limit is None:
        watching.advise(
            f"There are {nodes:,} generalisations: the search goes on to the best, however long it takes. "
            "A time_limit in [objective] would end it with the best so far, and say how much better another could be."
        )


def _watch(counted: Counted, watching: Watching) -> Callable[[int, float, float], None]:
    total = nodes_total(counted.attributes)
    watching.step(f"searching {total:,} generalisations")

    def watch(evaluated: int, best: float, bound: float) -> None:
        found = "" if best == float("inf") else f", best {best:.6g}, none below {bound:.6g}"
        watching.step(f"searching {total:,} generalisations: {evaluated:,} looked at{found}")

    return watch


def _read_anew(engine: Engine, rows: ir.Table, loaded: Loaded, recipe: Recipe) -> Alikeness:
    """What will be written, judged by the independent reading; what it finds wanting is a fault of ours."""
    # Counted anew, too: the whole table's values, from which t is measured, are not taken from what was searched.
    whole = {
        asked.column: values_of(engine, loaded.table, f"s{number}", rows=ROWS)
        for number, asked in enumerate(recipe.sensitive)
        if asked.closeness
    }
    columns = [f"out_{number}" for number in range(len(recipe.columns))]
    units = [f"u{number}" for number in range(len(recipe.units))]
    alikeness = alikeness_of(engine, rows, expected_of(recipe, whole, columns=columns, units=units), rows=ROWS)
    if not alikeness.holds:
        failing = ", ".join(name for name, model in alikeness.models.items() if not model.holds)
        raise Broken(f"Read anew, the result does not hold {failing}: nothing was written.", reason="read_anew")
    return alikeness


def _write(engine: Engine, table: ir.Table, out: Path) -> None:
    if engine.name == "duckdb":
        write_repeated(engine, table, out, times=ROWS)
        return
    # One file, whichever engine found its rows.
    folder = engine.workspace / f"{engine.fresh_name()}.parquet"
    engine.write_parquet(table, folder)
    with open_engine(workspace=engine.workspace) as embedded:
        handed_on = embedded.backend.read_parquet(f"{literal_path(folder)}/*.parquet")
        write_repeated(embedded, handed_on, out, times=ROWS)

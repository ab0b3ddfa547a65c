"""Making one table coarser by a recipe: load, search, carry out, read anew; what does not hold when read anew is not written.

Handbook 2.6 (anonymising the data) and phase 5.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from jalostamo.concepts.errors import Broken, Misused
from jalostamo.engine.connection import literal_path, open_engine
from jalostamo.engine.packing import within_memory, write_repeated
from jalostamo.managing.manifests import digest_of
from jalostamo.managing.sensitive.preparing.anonymity.applying import named, released
from jalostamo.managing.sensitive.preparing.anonymity.checking import called_at, expected_of, exposure_asked
from jalostamo.managing.sensitive.preparing.anonymity.choosing import asked_of
from jalostamo.managing.sensitive.preparing.anonymity.course import Course, course_of
from jalostamo.managing.sensitive.preparing.anonymity.files import table_file
from jalostamo.managing.sensitive.preparing.anonymity.frontier import frontier_of
from jalostamo.managing.sensitive.preparing.anonymity.hopeless import (
    refuse_hopeless,
    refuse_hopeless_columns,
    refuse_too_many,
)
from jalostamo.managing.sensitive.preparing.anonymity.kept_columns import kept_compared
from jalostamo.managing.sensitive.preparing.anonymity.population import (
    refuse_small_population,
    strangers_in,
)
from jalostamo.managing.sensitive.preparing.anonymity.problem import nodes_total
from jalostamo.managing.sensitive.preparing.anonymity.reading import read_recipe
from jalostamo.managing.sensitive.preparing.anonymity.reporting import Outcome, Stopwatch
from jalostamo.managing.sensitive.preparing.anonymity.tables import ROWS, load
from jalostamo.managing.sensitive.preparing.anonymity.utility import refuse_no_groups, sensitive_compared, utility_of
from jalostamo.managing.sensitive.validation.alikeness import Alikeness, alikeness_of, values_of

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from jalostamo.engine.connection import Engine
    from jalostamo.managing.releasing import Policy
    from jalostamo.managing.sensitive.preparing.anonymity.before import Rest
    from jalostamo.managing.sensitive.preparing.anonymity.costs import Utility
    from jalostamo.managing.sensitive.preparing.anonymity.files import TableFile
    from jalostamo.managing.sensitive.preparing.anonymity.frontier import Frontier
    from jalostamo.managing.sensitive.preparing.anonymity.histogram import Counted
    from jalostamo.managing.sensitive.preparing.anonymity.problem import Asked, Solution
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
    groups: str | None = None,
    frontier: bool = False,
    policy: Policy | None = None,
) -> Outcome:
    """Make the table in a file coarser by the recipe in another; `groups` and `frontier` are what is told beside.

    `policy` is what the release is bound by.
    """
    asked = read_recipe(recipe)
    beside = Beside(groups, frontier, course_of(asked, recipe, policy))
    refuse_no_group(asked, beside)
    with within_memory():
        made = anonymise(engine, table_file(table, asked), asked, out, watching=Watching(step, advise), beside=beside)
    return replace(made, digests={"out": digest_of(out), "recipe": asked.digest})


@dataclass(frozen=True, slots=True)
class Watching:
    """Who is told what is being done, and what is advised meanwhile."""

    step: Callable[[str], None]
    advise: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Beside:
    """What is told beside the rows: on which column's groups leaving out falls, and what else could be chosen.

    `course` is what the release is bound by.
    """

    groups: str | None = None
    frontier: bool = False
    course: Course = Course()


def anonymise(
    engine: Engine,
    file: TableFile,
    recipe: Recipe,
    out: Path,
    *,
    watching: Watching,
    beside: Beside = Beside(),  # noqa: B008  a frozen value
) -> Outcome:
    """Write the best generalisation of a table that a recipe allows as one Parquet file, and tell what became of it.

    Nobody is anonymous because of this: it says which models hold, not what else is known elsewhere.
    """
    stopwatch = Stopwatch()
    refuse_too_many(recipe)
    watching.step("reading the table")
    loaded = load(engine, file, recipe)
    refuse_small_population(recipe, loaded.rows)
    rest, course = _rest(engine, loaded, recipe, beside), beside.course
    counted = rest.counted
    refuse_no_groups(counted.attributes, beside.groups)
    stopwatch.note("load")
    _advise(counted, recipe, watching)
    asked = asked_of(recipe, counted, rows=loaded.rows, gone=rest.gone)
    problem = (counted.histogram, counted.attributes, asked)
    solution = course.solution(problem, watch=_watch(counted, watching), of=lambda: (loaded, rest))
    stopwatch.note("search")
    watching.step("writing")
    rows = released(engine, loaded, counted, recipe, solution)
    alikeness = _read_anew(engine, rows, loaded, recipe, solution.levels)
    _write(engine, named(rows, recipe), out)
    stopwatch.note("apply")
    dropped = tuple(column for column in file.header if column not in recipe.columns)
    utility = _utility(engine, counted, recipe, solution, groups=beside.groups)
    frontier = _frontier(counted, asked, solution, watching, beside=beside)
    let_out = course.let_out(out, loaded, recipe, solution=solution, rest=rest)
    proposal = course.proposal(problem, recipe, solution, step=watching.step)
    return Outcome(recipe, loaded.rows, dropped, solution, alikeness, stopwatch, utility, frontier, let_out, proposal)


def _rest(engine: Engine, loaded: Loaded, recipe: Recipe, beside: Beside) -> Rest:
    """The counted table; where the levels are kept as they were, nothing else is looked at for what could hold."""
    if beside.course.frozen is not None:
        return beside.course.rest(engine, loaded, recipe)
    refuse_hopeless_columns(engine, loaded, recipe)
    rest = beside.course.rest(engine, loaded, recipe)
    refuse_hopeless(rest.counted, recipe, rows=loaded.rows)
    return rest


def refuse_no_group(recipe: Recipe, beside: Beside) -> None:
    """Refuse groups of a column that the recipe does not make coarser."""
    known = [q.column for q in recipe.quasi]
    if beside.groups is not None and beside.groups not in known:
        raise Misused(
            f"--groups names a quasi-identifier of {recipe.name}: one of {', '.join(known)}.", reason="groups_unknown"
        )


def _utility(engine: Engine, counted: Counted, recipe: Recipe, solution: Solution, *, groups: str | None) -> Utility:
    compared = (
        *sensitive_compared(counted.histogram, counted.sensitive, solution),
        *kept_compared(engine, counted, recipe, solution),
    )
    return utility_of(counted.histogram, counted.attributes, solution, compared, groups=groups)


def _frontier(
    counted: Counted, asked: Asked, solution: Solution, watching: Watching, *, beside: Beside
) -> Frontier | None:
    if not beside.frontier:
        return None

    def watch(evaluated: int) -> None:
        watching.step(f"looking at what else could be chosen: {evaluated:,} generalisations")

    around = (counted.histogram, counted.attributes, asked)
    among = beside.course.allowed
    return frontier_of(*around, solution, groups=beside.groups, among=among, watch=watch)


def _advise(counted: Counted, recipe: Recipe, watching: Watching) -> None:
    nodes = nodes_total(counted.attributes)
    if nodes > MANY_NODES and recipe.time_limit is None:
        watching.advise(
            f"There are {nodes:,} generalisations: the search goes on to the best, however long it takes. "
            "A time_limit in [objective] would end it with the best so far, and say how much better another could be."
        )
    strangers = strangers_in(counted)
    if strangers and recipe.population is not None:
        watching.advise(
            f"{recipe.population.path.name} has no row like {strangers:,} of the table's {int(counted.histogram.rows.sum()):,}: "
            "the population should hold them. They count as nobody's until they are alike others of it."
        )


def _watch(counted: Counted, watching: Watching) -> Callable[[int, float, float], None]:
    total = nodes_total(counted.attributes)
    watching.step(f"searching {total:,} generalisations")

    def watch(evaluated: int, best: float, bound: float) -> None:
        found = "" if best == float("inf") else f", best {best:.6g}, none below {bound:.6g}"
        watching.step(f"searching {total:,} generalisations: {evaluated:,} looked at{found}")

    return watch


def _read_anew(engine: Engine, rows: ir.Table, loaded: Loaded, recipe: Recipe, levels: Sequence[int]) -> Alikeness:
    """What will be written, judged by the independent reading; what it finds wanting is a fault of ours."""
    # Counted anew, too: the whole table's values, from which t is measured, are not taken from what was searched.
    whole = {
        asked.column: values_of(engine, loaded.table, f"s{number}", rows=ROWS)
        for number, asked in enumerate(recipe.sensitive)
        if asked.closeness
    }
    columns = [f"out_{number}" for number in range(len(recipe.columns))]
    units = [f"u{number}" for number in range(len(recipe.units))]
    exposure = exposure_asked(engine, recipe, called_at(recipe, levels))
    expected = expected_of(recipe, whole, columns=columns, units=units, exposure=exposure)
    alikeness = alikeness_of(engine, rows, expected, rows=ROWS)
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

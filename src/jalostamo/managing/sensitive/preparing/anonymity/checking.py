"""What a recipe expects of a written table, as the independent reading asks for it; and the written table itself.

The reading stands in `validation.alikeness`, which knows nothing of the search.

Handbook 2.6, phase 5 (the results of the processing are validated).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.engine.columnar import parquet_header, whole
from jalostamo.engine.connection import open_engine
from jalostamo.engine.packing import within_memory
from jalostamo.managing.manifests import digest_of
from jalostamo.managing.sensitive.preparing.anonymity.files import table_file
from jalostamo.managing.sensitive.preparing.anonymity.population import population_recipe
from jalostamo.managing.sensitive.preparing.anonymity.reading import read_recipe
from jalostamo.managing.sensitive.preparing.anonymity.reporting import Checked
from jalostamo.managing.sensitive.preparing.anonymity.tables import columns_as_text
from jalostamo.managing.sensitive.validation.alikeness import (
    Alikeness,
    Expected,
    Watched,
    alikeness_in,
    alikeness_of,
    values_of,
)
from jalostamo.managing.sensitive.validation.by_columns import columns_of
from jalostamo.managing.sensitive.validation.census import Levels, census_of, levels_written
from jalostamo.managing.sensitive.validation.closeness import Distance
from jalostamo.managing.sensitive.validation.diversity import Variety
from jalostamo.managing.sensitive.validation.exposure import Census, Exposure

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sensitive.preparing.anonymity.recipe import Recipe, SensitiveAsked

type Opening = Callable[[], AbstractContextManager[Engine]]
"""Opens an engine, where one is needed: a small table is read before one could be opened."""


def expected_of(
    recipe: Recipe,
    whole_table: Mapping[str, Mapping[str, int]],
    *,
    columns: Sequence[str] | None = None,
    units: Sequence[str] | None = None,
    exposure: Exposure | None = None,
) -> Expected:
    """What a recipe expects, beside the values in the whole table of each sensitive column whose distance is measured.

    `columns` and `units` say what the recipe's columns and units are called in the table, where not as in the recipe;
    `exposure` is what `exposure_asked` says.
    """
    called = list(recipe.columns if columns is None else columns)
    quasi = called[: len(recipe.quasi)]
    watched = (
        _watched(asked, called[len(quasi) + number], whole_table.get(asked.column, {}))
        for number, asked in enumerate(recipe.sensitive)
    )
    return Expected(tuple(quasi), recipe.k, tuple(recipe.units if units is None else units), tuple(watched), exposure)


def exposure_asked(engine: Engine, recipe: Recipe, called: Callable[[int], Levels]) -> Exposure | None:
    """What a recipe asks beside k, l and t, with its population counted anew.

    `called` tells of each quasi-identifier the levels of its hierarchy up to the one at which it is written.
    """
    limits = recipe.limits
    if not limits.any:
        return None
    census = None if recipe.population is None else _census(engine, recipe, called)
    return Exposure(
        k_map=limits.k_map,
        least_presence=limits.least_presence,
        most_presence=limits.most_presence,
        maximum_risk=limits.maximum_risk,
        average_risk=limits.average_risk,
        sample_uniqueness=limits.sample_uniqueness,
        population_uniqueness=limits.population_uniqueness,
        against_population=limits.against_population,
        size=limits.population_size,
        census=census,
    )


def called_at(recipe: Recipe, levels: Sequence[int]) -> Callable[[int], Levels]:
    """How the quasi-identifiers are called at known levels."""

    def called(number: int) -> Levels:
        hierarchy = recipe.quasi[number].hierarchy
        return hierarchy.levels[: levels[number] + 1] if hierarchy else ({},)

    return called


def _census(engine: Engine, recipe: Recipe, called: Callable[[int], Levels]) -> Census:
    asked = population_recipe(recipe)
    path = recipe.population.path if recipe.population else Path()
    levels = [called(number) for number in range(len(recipe.quasi))]
    with _reading_text(engine) as embedded:
        people = columns_as_text(embedded, table_file(path, asked), asked, asked.columns)
        return census_of(embedded, people, asked.columns, levels, path.name)


def check_file(opened: Opening, recipe: Path, out: Path, *, source: Path | None) -> Checked:
    """Read a written table anew by the recipe in a file."""
    asked = read_recipe(recipe)
    close = any(sensitive.closeness for sensitive in asked.sensitive)
    where = (
        f"the rows of {source.name}"
        if source
        else f"the rows of {out.name} itself: give --source for those of its table"
    )
    with within_memory():
        found = check(opened, out, asked, source=source)
    digests = {"out": digest_of(out), "recipe": asked.digest}
    return Checked(found, f"t is measured against {where}." if close else "", digests)


def check(opened: Opening, path: Path, recipe: Recipe, *, source: Path | None = None) -> Alikeness:
    """Read a written table anew, and say whether what its recipe asks for holds, and whom it singles out.

    t is measured against the source's rows, or against the written ones where there is no source.
    """
    _check_columns(path, recipe)
    close = [asked for asked in recipe.sensitive if asked.closeness]
    columns = None if recipe.units or recipe.limits.any else columns_of(path, recipe.columns)
    if columns is None:
        with opened() as engine, whole(path):
            return _by_engine(engine, path, recipe, source=source if close else None)
    values = {asked.column: columns.whole(asked.column) for asked in close}
    _refuse_unknown(path, close, values)
    if source is not None and close:
        with opened() as engine, whole(path):
            values = _values_in(engine, source, recipe, close)
    quasi, watched = recipe.columns[: len(recipe.quasi)], [asked.column for asked in recipe.sensitive]
    return alikeness_in(columns.classes(quasi, watched), expected_of(recipe, values))


def _by_engine(engine: Engine, path: Path, recipe: Recipe, *, source: Path | None) -> Alikeness:
    table = engine.read_parquet(path)
    close = [asked for asked in recipe.sensitive if asked.closeness]
    _refuse_nobody(engine, path, table, recipe)
    values = {asked.column: values_of(engine, table, asked.column) for asked in close}
    _refuse_unknown(path, close, values)
    if source is not None:
        values = _values_in(engine, source, recipe, close)
    exposure = exposure_asked(engine, recipe, _called_in(engine, table, recipe))
    return alikeness_of(engine, table, expected_of(recipe, values, exposure=exposure))


def _called_in(engine: Engine, table: ir.Table, recipe: Recipe) -> Callable[[int], Levels]:
    """How the quasi-identifiers are called in a written table."""

    def called(number: int) -> Levels:
        q = recipe.quasi[number]
        return (
            levels_written(values_of(engine, table, q.column), q.hierarchy.levels, q.column) if q.hierarchy else ({},)
        )

    return called


def _values_in(
    engine: Engine, source: Path, recipe: Recipe, close: Sequence[SensitiveAsked]
) -> dict[str, dict[str, int]]:
    columns = [asked.column for asked in close]
    file = table_file(source, recipe, columns=columns)
    with _reading_text(engine) as embedded:
        table = columns_as_text(embedded, file, recipe, columns)
        values = {column: values_of(embedded, table, column) for column in columns}
    _refuse_unknown(source, close, values)
    return values


@contextmanager
def _reading_text(engine: Engine) -> Iterator[Engine]:
    """The engine itself, or beside another the embedded one: only that reads files of text."""
    if engine.name == "duckdb":
        yield engine
        return
    with open_engine(workspace=engine.workspace) as embedded:
        yield embedded


def _refuse_unknown(path: Path, close: Sequence[SensitiveAsked], values: Mapping[str, Mapping[str, int]]) -> None:
    for asked in close:
        known = asked.closeness.known if asked.closeness else None
        rows = 0 if known is None else sum(count for value, count in values[asked.column].items() if value not in known)
        if rows and asked.closeness:
            where = asked.closeness.hierarchy.name if asked.closeness.hierarchy else "the recipe's order"
            raise Unfit(
                f"{path.name}: column '{asked.column}' has a value that {where} does not name in {rows} rows: add it there.",
                reason="unmapped",
            )


def _refuse_nobody(engine: Engine, path: Path, table: ir.Table, recipe: Recipe) -> None:
    """Refuse rows of nobody, whom no unit counts: how likely she is recognised could not be told."""
    for unit in recipe.units[:1]:
        rows = values_of(engine, table.filter(table[unit].cast("string").fill_null("") == ""), unit).get("", 0)
        if rows:
            raise Unfit(
                f"{path.name}: column '{unit}' is empty in {rows} rows: each row must tell whose it is.",
                reason="unit_missing",
            )


def _check_columns(path: Path, recipe: Recipe) -> None:
    if not path.is_file():
        raise Misused(f"{path.name} is missing, or no plain file: name what `anonymise` wrote.", reason="file_missing")
    needed = tuple(dict.fromkeys((*recipe.columns, *recipe.units)))
    header = parquet_header(path, kept=needed)
    missing = [column for column in needed if column not in header]
    if missing:
        listed = ", ".join(f"'{column}'" for column in missing)
        units = [unit for unit in recipe.units if unit in missing]
        way = (
            "a unit can be counted only where it is written: name it in a [[keep]]" if units else "is this its recipe?"
        )
        raise Unfit(f"{path.name}: no column {listed}; {way}.", reason="column_missing")


def variety_of(asked: SensitiveAsked) -> Variety | None:
    """The variety that a recipe asks of a column."""
    wanted = asked.diversity
    return None if wanted is None else Variety(wanted.kind, wanted.l, wanted.c)


def distance_of(asked: SensitiveAsked) -> Distance | None:
    """The distance that a recipe allows a column."""
    wanted = asked.closeness
    if wanted is None:
        return None
    levels = wanted.hierarchy.levels if wanted.hierarchy else ()
    return Distance(wanted.kind, wanted.t, wanted.order, levels)


def _watched(asked: SensitiveAsked, column: str, values: Mapping[str, int]) -> Watched:
    return Watched(asked.column, column, variety_of(asked), distance_of(asked), values)

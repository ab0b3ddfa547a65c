"""One's own table into the engine: its quasi-identifiers as packed numbers, and its rows counted by all that is read of them.

First in one scan, at the speed of the embedded engine. Where anything is odd, the slower readers have the word: they tell
the fault with its lines, or give the same numbers by joins, as they do for any other engine.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.columnar import read_parquet_records, whole
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.engine.intake import RECORD, TurnedAway
from jalostamo.engine.packing import Wanted, coded_parquet, coded_text, kept_unless_faulty
from jalostamo.managing.every_row import every_row
from jalostamo.managing.reading import WAYS
from jalostamo.managing.sensitive.preparing.anonymity.faults import Fault, places_told, refuse_faults

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.preparing.anonymity.files import TableFile
    from jalostamo.managing.sensitive.preparing.anonymity.recipe import Recipe

WORD_BITS: Final = 62
"""A packed number stays below what a signed 64-bit number holds."""

ROWS: Final = "rows_"

NESTED: Final = 8
"""So many joins stand in one expression: of some more Ibis makes none that is not too deep for Python."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Where a column's number stands: in which word, how far from its right end, and how many bits wide."""

    word: int
    shift: int
    bits: int

    def of(self, table: ir.Table) -> ir.IntegerValue:
        """The number as the engine takes it out of its word."""
        return cast("ir.IntegerValue", (table[f"w{self.word}"] >> self.shift) & ((1 << self.bits) - 1))


@dataclass(frozen=True, slots=True, repr=False)
class Loaded:
    """A table's rows, counted: words of packed numbers, texts ("" where missing), what is kept, and `ROWS` of each kind.

    `packed` tells for each quasi-identifier where its number stands; None where it is the text `q0`, `q1` ...
    """

    table: ir.Table
    rows: int
    packed: tuple[Packed | None, ...]
    file: TableFile


def load(engine: Engine, file: TableFile, recipe: Recipe) -> Loaded:
    """The rows of a table, counted; every fault of its form or its values is told with lines and counts."""
    packed = _layout(recipe)
    if engine.name == "duckdb":
        with _at_speed(engine, file, recipe) as read:
            found = None if read is None else kept_unless_faulty(engine, _counted(read[0], recipe, packed))
            if read is not None and found is not None and _is_sound(engine, found, recipe, records=read[1]):
                return Loaded(found, read[1], packed, file)
    table, rows = _with_care(engine, file, recipe)
    return Loaded(engine.keep(_counted(table, recipe, packed)), rows, packed, file)


def wanted_columns(recipe: Recipe) -> tuple[Wanted, ...]:
    """The columns by the names that they have here: q, s, u and k for what they are in the recipe, and a number."""
    return (
        *(
            Wanted(f"q{n}", q.column, values=list(q.hierarchy.levels[0]) if q.hierarchy else None)
            for n, q in enumerate(recipe.quasi)
        ),
        *(Wanted(f"s{n}", s.column) for n, s in enumerate(recipe.sensitive)),
        *(Wanted(f"u{n}", unit) for n, unit in enumerate(recipe.units)),
        *(Wanted(f"k{n}", column, as_it_is=True) for n, column in enumerate(recipe.keep)),
    )


def _layout(recipe: Recipe) -> tuple[Packed | None, ...]:
    """Where each number goes: from the left in the recipe's order, so that words are in the order of combinations."""
    words: list[int] = []
    widths: list[tuple[int, int, int] | None] = []
    for q in recipe.quasi:
        if q.hierarchy is None:
            widths.append(None)
            continue
        # One more for a missing value that the hierarchy does not name.
        bits = len(q.hierarchy.levels[0]).bit_length()
        if not words or words[-1] + bits > WORD_BITS:
            words.append(0)
        words[-1] += bits
        widths.append((len(words) - 1, words[-1], bits))
    return tuple(None if width is None else Packed(width[0], words[width[0]] - width[1], width[2]) for width in widths)


def _counted(table: ir.Table, recipe: Recipe, packed: Sequence[Packed | None]) -> ir.Table:
    words: dict[str, ir.Value] = {}
    for number, (q, place) in enumerate(zip(recipe.quasi, packed, strict=True)):
        if place is not None and q.hierarchy is not None:
            code = cast("ir.IntegerValue", table[f"q{number}"])
            if not recipe.refuse_nulls:
                code = code.fill_null(_null_code(list(q.hierarchy.levels[0])))
            term = code.cast("int64") * (1 << place.shift)
            word = f"w{place.word}"
            words[word] = words[word] + term if word in words else term
    texts = [f"q{number}" for number, place in enumerate(packed) if place is None]
    others = [name for name in table.columns if name[0] in "suk"]
    chosen = table.select(**words, **{name: table[name] for name in (*texts, *others)})
    # Somebody without a household is one of her own: the first unit stands for her.
    later = {
        name: (chosen[name] == "").ifelse(ibis.literal("-") + chosen["u0"], ibis.literal("+") + chosen[name])
        for name in others
        if name[0] == "u" and name != "u0"
    }
    chosen = chosen.mutate(**later) if later else chosen
    return chosen.group_by(list(chosen.columns)).agg(**{ROWS: lambda t: t.count()})


def _null_code(values: list[str]) -> int:
    return values.index("") if "" in values else len(values)


@contextmanager
def _at_speed(engine: Engine, file: TableFile, recipe: Recipe) -> Iterator[tuple[ir.Table, int] | None]:
    wanted = wanted_columns(recipe)
    if file.is_parquet:
        rows = pyarrow.parquet.read_metadata(file.path).num_rows
        with coded_parquet(engine, file.path, wanted=wanted) as table:
            yield table, rows
    else:
        with coded_text(engine, file.path, recipe.writing, header=file.header, wanted=wanted) as read:
            yield read


def _is_sound(engine: Engine, counted: ir.Table, recipe: Recipe, *, records: int) -> bool:
    """Whether all rows are there, and none has what the recipe refuses; which ones, the slower readers tell."""
    odd: list[ir.BooleanValue] = []
    if recipe.refuse_nulls:
        odd += [counted[name].isnull() for name in counted.columns if name[0] == "w"]
        odd += [counted[name] == "" for name in counted.columns if name[0] in "qs"]
    odd += [counted["u0"] == ""] if recipe.units else []
    for number, sensitive in enumerate(recipe.sensitive):
        known = sensitive.closeness.known if sensitive.closeness else None
        odd += [] if known is None else [counted[f"s{number}"].notin(sorted(known))]
    faults = {f"odd_{number}": fault.sum() for number, fault in enumerate(odd)}
    found = engine.only_row(counted.agg(rows=counted[ROWS].sum(), **faults))
    return found["rows"] == records > 0 and not any(found[name] for name in faults)


def _with_care(engine: Engine, file: TableFile, recipe: Recipe) -> tuple[ir.Table, int]:
    """The rows with their numbers, found by joins; only the embedded engine knows lines, so it reads for any other."""
    if engine.name == "duckdb":
        records, rows = _records(engine, file, recipe)
        return _numbered(engine, records, recipe), rows
    handed_on = engine.workspace / f"{engine.fresh_name()}.parquet"
    with open_engine(workspace=engine.workspace) as embedded:
        records, rows = _records(embedded, file, recipe)
        embedded.write_parquet(records, handed_on)
    return _numbered(engine, engine.read_parquet(handed_on), recipe), rows


@dataclass(frozen=True, slots=True, repr=False)
class _Read:
    """A table's rows numbered in `RECORD`, how many there are, what they are counted in, and where they stand."""

    table: ir.Table
    rows: int
    place: str
    places_of: Callable[[Sequence[int]], Sequence[int]]


def columns_as_text(engine: Engine, file: TableFile, recipe: Recipe, columns: Sequence[str]) -> ir.Table:
    """Columns of a table's file as texts, its rows counted by two ways; "" stands for a missing value."""
    read = (_read_parquet if file.is_parquet else _read_csv)(engine, file, recipe, columns)
    return read.table.select(**{column: read.table[column].cast("string").fill_null("") for column in columns})


def _records(engine: Engine, file: TableFile, recipe: Recipe) -> tuple[ir.Table, int]:
    """The rows as texts, and what is kept as it is, once it is known that they have no fault."""
    read = (_read_parquet if file.is_parquet else _read_csv)(engine, file, recipe, recipe.read)
    if not read.rows:
        raise Unfit(f"{file.path.name} has no row: ask for the table again.", reason="file_without_records")
    columns = {each.name: read.table[each.column] for each in wanted_columns(recipe)}
    texts = {name: c if name[0] == "k" else c.cast("string").fill_null("") for name, c in columns.items()}
    with whole(file.path):
        records = engine.keep(read.table.select(read.table[RECORD], **texts))

    def told(count: int, first: Sequence[int]) -> str:
        return places_told(file.path.name, read.place, read.places_of(first), count)

    refuse_faults(engine, records, tuple(_faults(recipe)), told=told)
    return records.drop(RECORD), read.rows


def _read_parquet(engine: Engine, file: TableFile, recipe: Recipe, columns: Sequence[str]) -> _Read:
    rows = pyarrow.parquet.read_metadata(file.path).num_rows
    return _Read(read_parquet_records(engine, file.path), rows, "row", tuple)


def _read_csv(engine: Engine, file: TableFile, recipe: Recipe, columns: Sequence[str]) -> _Read:
    name = file.path.name

    def told(turned: TurnedAway) -> str:
        return f"{places_told(name, 'line', turned.first_lines, turned.records)}: the row {WAYS[turned.reason]}."

    read = every_row(engine, file.path, recipe.writing, header=file.header, kept=columns, told=told)
    return _Read(read.table, read.records, "line", read.lines_of)


def _faults(recipe: Recipe) -> Iterator[Fault]:
    for number, q in enumerate(recipe.quasi):
        if recipe.refuse_nulls:
            yield Fault.missing(f"q{number}", q.column)
        if q.hierarchy is not None:
            yield Fault.unknown(f"q{number}", q.column, q.hierarchy.levels[0], where=q.hierarchy.name)
    for number, s in enumerate(recipe.sensitive):
        if recipe.refuse_nulls:
            yield Fault.missing(f"s{number}", s.column)
        if s.closeness is not None and s.closeness.known is not None:
            where = s.closeness.hierarchy.name if s.closeness.hierarchy else f"the 'order' in {recipe.name}"
            yield Fault.unknown(f"s{number}", s.column, s.closeness.known, where=where, missing_too=True)
    if recipe.units:
        yield Fault.nobody("u0", recipe.units[0])


def _numbered(engine: Engine, records: ir.Table, recipe: Recipe) -> ir.Table:
    for number, q in enumerate(recipe.quasi):
        records = engine.keep(records) if number and number % NESTED == 0 else records
        if q.hierarchy is not None:
            values = list(q.hierarchy.levels[0])
            known = engine.in_memory(
                pa.table({"value_": pa.array(values), "code_": pa.array(range(len(values)), pa.int32())})
            )
            joined = records.left_join(known, records[f"q{number}"] == known["value_"])
            records = joined.mutate(**{f"q{number}": joined["code_"]}).drop("value_", "code_")
    return records

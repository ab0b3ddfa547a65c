"""Validating prepared data by reading its written files afresh: what preparing claims is recounted by other code.

Handbook 2.6, phase 5 (the results of the processing are validated).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.types as ir

from jalostamo.concepts.errors import Objection
from jalostamo.managing.manifests import Manifest
from jalostamo.managing.prepared import PSEUDONYM, PSEUDONYM_FORM
from jalostamo.managing.profiling import IDENTIFIER_PATTERNS, looks_like
from jalostamo.permits.terms import DataClass

if TYPE_CHECKING:
    from pathlib import Path

    from jalostamo.engine.connection import Engine
    from jalostamo.managing.prepared import Prepared, ReleasedField

_SECTION: Final = "2.6, phase 5"
_FEWEST_TO_JUDGE: Final = 20
_MOST_DISTINCT: Final = 0.5
_NOT_YET: Final = frozenset(
    {DataClass.IDENTIFIED, DataClass.PSEUDONYMISED_WITH_KEY, DataClass.ANONYMISED_ROWS, DataClass.PRINTED_CELLS}
)


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """What was found in the written files, and every objection to letting them out (none: they passed).

    `smallest` is the smallest class by each unit; `classes` their number; `rows` per table.
    """

    prepared: str
    rows: Mapping[str, int]
    classes: int
    smallest: Mapping[str, int]
    objections: tuple[Objection, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing was found against it."""
        return not self.objections

    @property
    def manifest(self) -> Manifest:
        """The report as a step of the corridor."""
        return Manifest("validated", asdict(self))


def validate(engine: Engine, prepared: Prepared) -> ValidationReport:
    """Recount k, look for identifiers in every text, and check that events belong to released persons."""
    tables = {name: prepared.table(engine, name) for name in _written(prepared)}
    objections = [*_about_class(prepared), *_about_files(prepared), *_about_columns(prepared, tables)]
    classes, smallest, rows = 0, dict[str, int](), dict[str, int]()
    # What is not described cannot be recounted, and has been objected to.
    if all(_missing(prepared, name, tables) == set() for name in prepared.tables):
        main, fields = next(iter(prepared.tables.items()))
        classes, smallest = _recounted(engine, tables[main], fields, prepared.units)
        rows = {name: cast("int", engine.only_row(table.agg(n=table.count()))["n"]) for name, table in tables.items()}
        objections += [*_about_alikeness(prepared, smallest), *_about_strangers(engine, tables, main)]
        for name, table in tables.items():
            objections += _about_pseudonyms(engine, name, table, prepared.tables[name])
            objections += _about_identifiers(engine, name, table, prepared.tables[name])
            objections += _about_uniqueness(engine, name, table, prepared.tables[name])
    return ValidationReport(prepared.manifest.digest, rows, classes, smallest, tuple(objections))


def _written(prepared: Prepared) -> dict[str, Path]:
    paths = {name: prepared.folder / f"{name}.parquet" for name in prepared.tables}
    return {name: path for name, path in paths.items() if path.is_file()}


def _missing(prepared: Prepared, name: str, tables: Mapping[str, ir.Table]) -> set[str]:
    """The columns that the dictionary names and the file has not."""
    return {field.name for field in prepared.tables[name]} - set(tables[name].columns if name in tables else ())


def _recounted(
    engine: Engine, table: ir.Table, fields: Sequence[ReleasedField], units: Sequence[str]
) -> tuple[int, dict[str, int]]:
    quasi = [field.name for field in fields if field.is_quasi_identifier]
    counted: dict[str, ir.Value] = {}
    for unit in units:
        if unit == "row":
            counted[unit] = table.count()
        else:
            # A person without a household counts as one household, as in preparing.
            counted[unit] = (table[unit] if unit == "person" else ibis.coalesce(table[unit], table["person"])).nunique()
    grouped = table.group_by(quasi).agg(**counted) if quasi else table.aggregate(**counted)
    found = engine.only_row(grouped.agg(classes_=grouped.count(), **{unit: grouped[unit].min() for unit in units}))
    return cast("int", found["classes_"]), {unit: cast("int | None", found[unit]) or 0 for unit in units}


def _about_class(prepared: Prepared) -> list[Objection]:
    if prepared.data_class in _NOT_YET:
        sentence = f"Data class '{prepared.data_class.value}' cannot be validated: only '{DataClass.ROW_LEVEL_KEY_DESTROYED.value}' can."
        return [Objection(sentence, _SECTION)]
    return []


def _about_files(prepared: Prepared) -> list[Objection]:
    return [
        Objection(f"'{changed}' is not what was prepared: it differs from the manifest.", _SECTION)
        for changed in prepared.changed()
    ]


def _about_alikeness(prepared: Prepared, smallest: Mapping[str, int]) -> list[Objection]:
    main = next(iter(prepared.tables.values()))
    if not any(field.is_quasi_identifier for field in main):
        return [Objection("No field is a quasi-identifier: k says nothing.", _SECTION)]
    return [
        Objection(f"The smallest class has {found} by unit '{unit}', but k = {prepared.k} was asked.", _SECTION)
        for unit, found in smallest.items()
        if found < prepared.k
    ]


def _about_columns(prepared: Prepared, tables: Mapping[str, ir.Table]) -> list[Objection]:
    objections = []
    for name, fields in prepared.tables.items():
        if name not in tables or set(tables[name].columns) != {field.name for field in fields}:
            objections.append(Objection(f"Table '{name}' has other columns than its dictionary.", _SECTION))
        objections += [
            Objection(f"Table '{name}', field '{column}' is of a type that cannot be looked through.", _SECTION)
            for column, kind in (tables[name].schema().items() if name in tables else ())
            if not (kind.is_string() or kind.is_numeric() or kind.is_boolean() or kind.is_temporal())
        ]
    return objections


def _about_pseudonyms(engine: Engine, name: str, table: ir.Table, fields: Sequence[ReleasedField]) -> list[Objection]:
    columns = [field.name for field in fields if field.made_by == PSEUDONYM]
    forms = {c: (~table[c].cast("string").re_search(PSEUDONYM_FORM)).sum() for c in columns}
    formless = engine.only_row(table.agg(**forms)) if forms else {}
    return [
        Objection(f"Table '{name}', field '{column}': {count} values are no pseudonyms.", _SECTION)
        for column, count in formless.items()
        if count
    ]


def _about_identifiers(engine: Engine, name: str, table: ir.Table, fields: Sequence[ReleasedField]) -> list[Objection]:
    # A pseudonym is 32 characters of its own alphabet, in which a telephone number can be read by chance.
    pseudonyms = {field.name for field in fields if field.made_by == PSEUDONYM}
    texts = [column for column in table.columns if table[column].type().is_string() and column not in pseudonyms]
    looks = [(column, pattern) for column in texts for pattern in IDENTIFIER_PATTERNS]
    hits = {
        f"look_{place}": looks_like(pattern, cast("ir.StringColumn", table[column])).sum()
        for place, (column, pattern) in enumerate(looks)
    }
    found = engine.only_row(table.agg(**hits)) if hits else {}
    return [
        Objection(
            f"Table '{name}', field '{column}': {count} values look like a {pattern.replace('_', ' ')}.", _SECTION
        )
        for (column, pattern), count in zip(looks, found.values(), strict=True)
        if count
    ]


def _about_uniqueness(engine: Engine, name: str, table: ir.Table, fields: Sequence[ReleasedField]) -> list[Objection]:
    """What is different for nearly everyone leads back to each, whatever it is called; times are judged by their recipe."""
    pseudonyms = {field.name for field in fields if field.made_by == PSEUDONYM}
    asked = [c for c in table.columns if c not in pseudonyms and not table[c].type().is_temporal()]
    counted = {column: table[column].nunique() for column in asked}
    found = engine.only_row(table.agg(rows_=table.count(), **counted))
    rows = cast("int", found["rows_"])
    return [
        Objection(
            f"Table '{name}', field '{column}': {found[column]} values in {rows} rows single people out.", _SECTION
        )
        for column in asked
        if rows >= _FEWEST_TO_JUDGE and cast("int", found[column]) > _MOST_DISTINCT * rows
    ]


def _about_strangers(engine: Engine, tables: Mapping[str, ir.Table], main: str) -> list[Objection]:
    objections = []
    for name, table in tables.items():
        if name != main:
            strangers = engine.only_row(table.anti_join(tables[main], "person").agg(n=lambda t: t.count()))["n"]
            if strangers:
                objections.append(
                    Objection(f"Table '{name}' has {strangers} rows of persons who are not released.", _SECTION)
                )
    return objections

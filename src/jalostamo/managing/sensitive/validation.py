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
from jalostamo.managing.manifests import Manifest, digest_of
from jalostamo.managing.prepared import PSEUDONYM, PSEUDONYM_FORM
from jalostamo.managing.profiling import IDENTIFIER_PATTERNS
from jalostamo.managing.requests import DataClass

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.prepared import Prepared, ReleasedField

_SECTION: Final = "2.6, phase 5"
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
    tables = {name: engine.read_parquet(prepared.folder / f"{name}.parquet") for name in prepared.tables}
    main, fields = next(iter(prepared.tables.items()))
    classes, smallest = _recounted(engine, tables[main], fields, prepared.units)
    objections = [
        *_about_class(prepared),
        *_about_files(prepared),
        *_about_alikeness(prepared, smallest),
        *(o for name, table in tables.items() for o in _about_identifiers(engine, name, table, prepared.tables[name])),
        *_about_strangers(engine, tables, main),
    ]
    rows = {name: cast("int", engine.only_row(table.agg(n=table.count()))["n"]) for name, table in tables.items()}
    return ValidationReport(prepared.manifest.digest, rows, classes, smallest, tuple(objections))


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
    grouped = table.group_by(quasi).agg(**counted)
    found = engine.only_row(grouped.agg(classes_=grouped.count(), **{unit: grouped[unit].min() for unit in units}))
    return cast("int", found["classes_"]), {unit: cast("int | None", found[unit]) or 0 for unit in units}


def _about_class(prepared: Prepared) -> list[Objection]:
    if prepared.data_class in _NOT_YET:
        sentence = f"Data class '{prepared.data_class.value}' cannot be validated: only '{DataClass.ROW_LEVEL_KEY_DESTROYED.value}' can."
        return [Objection(sentence, _SECTION)]
    return []


def _about_files(prepared: Prepared) -> list[Objection]:
    named = cast("Mapping[str, str]", prepared.manifest.content["tables"])
    changed = [name for name in prepared.tables if digest_of(prepared.folder / f"{name}.parquet") != named.get(name)]
    return [
        Objection(f"Table '{name}' is not the file that was prepared: its digest differs.", _SECTION)
        for name in changed
    ]


def _about_alikeness(prepared: Prepared, smallest: Mapping[str, int]) -> list[Objection]:
    return [
        Objection(f"The smallest class has {found} by unit '{unit}', but k = {prepared.k} was asked.", _SECTION)
        for unit, found in smallest.items()
        if found < prepared.k
    ]


def _about_identifiers(engine: Engine, name: str, table: ir.Table, fields: Sequence[ReleasedField]) -> list[Objection]:
    written = set(table.columns)
    objections = []
    if written != {field.name for field in fields}:
        objections.append(Objection(f"Table '{name}' has other columns than its dictionary.", _SECTION))
    pseudonyms = {field.name for field in fields if field.made_by == PSEUDONYM}
    texts = [column for column in table.columns if table[column].type().is_string() and column not in pseudonyms]
    # A pseudonym is 32 characters of its own alphabet, in which a telephone number can be read by chance.
    forms = {f"form_{column}": (~table[column].re_search(PSEUDONYM_FORM)).sum() for column in pseudonyms & written}
    formless = engine.only_row(table.agg(**forms)) if forms else {}
    objections += [
        Objection(f"Table '{name}', field '{key.removeprefix('form_')}': {count} values are no pseudonyms.", _SECTION)
        for key, count in formless.items()
        if count
    ]
    hits = {
        f"{place}_{pattern}": cast("ir.StringColumn", table[column]).re_search(form).sum()
        for place, column in enumerate(texts)
        for pattern, form in IDENTIFIER_PATTERNS.items()
    }
    found = engine.only_row(table.agg(**hits)) if hits else {}
    for key, count in found.items():
        if count:
            place, _, pattern = key.partition("_")
            what = pattern.replace("_", " ")
            objections.append(
                Objection(f"Table '{name}', field '{texts[int(place)]}': {count} values look like a {what}.", _SECTION)
            )
    return objections


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

"""How alike the rows of a table are, read from the table alone: its classes, what they tell, and whom they single out.

Nothing here comes from the search whose result it judges: classes are counted anew in the engine, and each model is
reckoned from those counts by its definition. l-diversity: Machanavajjhala and others 2006; t-closeness: Li and others 2007.

Handbook 2.6, phase 5 (the results of the processing are validated).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import log
from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.types as ir
import numpy as np

from jalostamo.engine.packing import arrow_of
from jalostamo.managing.sensitive.validation.closeness import Distance, farthest
from jalostamo.managing.sensitive.validation.diversity import Variety, least_varied
from jalostamo.managing.sensitive.validation.exposure import PEOPLE, Exposure, exposure_of
from jalostamo.managing.sensitive.validation.found import ModelFound

if TYPE_CHECKING:
    import pyarrow as pa

    from jalostamo.engine.connection import Engine

CLOSE: Final = 1e-9
"""Models hold with this much to spare for reckoning in floating point."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A sensitive column: what each class must hold of it, and its values in the whole table, "" for a missing one.

    `name` is what its models are called by, `column` where it stands in the table that is read.
    """

    name: str
    column: str
    variety: Variety | None = None
    distance: Distance | None = None
    whole: Mapping[str, int] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Expected:
    """What a table is expected to meet: k by rows, or by the distinct units of each column, its sensitive columns, and risks."""

    quasi: tuple[str, ...]
    k: int | None
    units: tuple[str, ...] = ()
    watched: tuple[Watched, ...] = ()
    exposure: Exposure | None = None


@dataclass(frozen=True, slots=True)
class Risks:
    """How likely somebody in the table is recognised by her quasi-identifiers: at most, on average, and for how many at once."""

    maximum: float
    average: float
    unique_share: float


@dataclass(frozen=True, slots=True)
class Alikeness:
    """What was found in a table: its rows and classes, each model by name, the risks, and what to say beside."""

    rows: int
    classes: int
    smallest_class: int
    models: Mapping[str, ModelFound]
    risks: Risks
    remarks: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every model holds."""
        return all(model.holds for model in self.models.values())

    def as_mapping(self) -> dict[str, object]:
        """As it is written to a file."""
        told = {"holds": self.holds, **asdict(self)}
        return told if self.remarks else {key: value for key, value in told.items() if key != "remarks"}


def alikeness_of(engine: Engine, table: ir.Table, expected: Expected, *, rows: str | None = None) -> Alikeness:
    """Read how alike the rows of a table are; `rows` is the column that tells how many rows one stands for."""
    sizes = _sizes(engine, table, expected, rows)
    smallest = {name: int(column.min(initial=np.iinfo(np.int64).max)) for name, column in sizes.items()}
    classes = len(sizes["rows"])
    models: dict[str, ModelFound] = {}
    if expected.k is not None:
        counted = [smallest[f"unit_{n}"] for n in range(len(expected.units))] or [smallest["rows"]]
        models["k_anonymity"] = ModelFound(expected.k, min(counted) if classes else 0, min(counted) >= expected.k)
    for watched in expected.watched:
        models |= _of_values(engine, table, expected, watched, rows)
    remarks: tuple[str, ...] = ()
    if expected.exposure is not None:
        found, remarks = exposure_of(_people(engine, table, expected, rows), expected.exposure)
        models |= found
    everybody = sizes["unit_0" if expected.units else "rows"]
    told = (int(sizes["rows"].sum()), classes, smallest["rows"] if classes else 0)
    return Alikeness(*told, models, _risks(everybody), remarks)


def values_of(engine: Engine, table: ir.Table, column: str, *, rows: str | None = None) -> dict[str, int]:
    """How many rows have each value of a column, "" for a missing one."""
    value = _text(table[column])
    found = engine.rows(table.group_by(value_=value).agg(rows_=_rows(table, rows)))
    return {cast("str", row["value_"]): cast("int", row["rows_"]) for row in found}


def _sizes(
    engine: Engine, table: ir.Table, expected: Expected, rows: str | None
) -> dict[str, np.ndarray[tuple[int], np.dtype[np.int64]]]:
    units = {f"unit_{n}": _distinct(table, expected.units, n) for n in range(len(expected.units))}
    keys = {f"key_{n}": table[column] for n, column in enumerate(expected.quasi)}
    counted = arrow_of(engine, table.group_by(**keys).agg(rows=_rows(table, rows), **units).drop(*keys))
    return {name: counted[name].to_numpy().astype(np.int64) for name in counted.column_names}


def _people(engine: Engine, table: ir.Table, expected: Expected, rows: str | None) -> pa.Table:
    """The classes by what they are called, each with its people: the units of the first kind, or rows."""
    keys = {f"key_{n}": _text(table[column]) for n, column in enumerate(expected.quasi)}
    people = _distinct(table, expected.units, 0) if expected.units else _rows(table, rows)
    return arrow_of(engine, table.group_by(**keys).agg(**{PEOPLE: people.cast("int64")}))


def _distinct(table: ir.Table, units: Sequence[str], number: int) -> ir.Value:
    first, unit = (_text(table[name]).nullif("") for name in (units[0], units[number]))
    if number == 0:
        return first.nunique()
    # Somebody without a household is a household of her own.
    return unit.nunique() + first.nunique(where=unit.isnull())


def _rows(table: ir.Table, rows: str | None) -> ir.Value:
    counted = table.count() if rows is None else table[rows].sum()
    return counted.cast("int64")


def _text(column: ir.Value) -> ir.StringValue:
    return cast("ir.StringValue", column.cast("string").fill_null(""))


def _of_values(
    engine: Engine, table: ir.Table, expected: Expected, watched: Watched, rows: str | None
) -> dict[str, ModelFound]:
    keys = {f"key_{n}": table[column] for n, column in enumerate(expected.quasi)}
    grouped = table.group_by(**keys, value_=_text(table[watched.column])).agg(rows_=_rows(table, rows))
    place = ibis.dense_rank().over(order_by=[grouped[key] for key in keys])
    read = arrow_of(engine, grouped.select(class_=place, value_=grouped.value_, rows_=grouped.rows_))
    values = read["value_"].combine_chunks().dictionary_encode()
    names = values.dictionary.to_pylist()
    order = np.argsort(read["class_"].to_numpy(), kind="stable")
    class_, code, counts = (
        np.asarray(column)[order].astype(np.int64)
        for column in (read["class_"].to_numpy(), values.indices.to_numpy(), read["rows_"].to_numpy())
    )
    starts = np.flatnonzero(np.diff(class_, prepend=-1))
    found: dict[str, ModelFound] = {}
    if watched.variety is not None:
        least = least_varied(starts, counts, watched.variety)
        asked = watched.variety.l
        found[f"l_diversity:{watched.name}"] = ModelFound(
            asked, least, not len(starts) or _is_varied(least, watched.variety)
        )
    if watched.distance is not None:
        most = farthest(starts, code, counts, names=names, whole=watched.whole, distance=watched.distance)
        asked = watched.distance.t
        found[f"t_closeness:{watched.name}"] = ModelFound(asked, most, most <= asked + CLOSE)
    return found


def _is_varied(least: float, asked: Variety) -> bool:
    if asked.kind == "entropy":
        # The sum of floating numbers is the entropy: it has something to spare, not its exponential.
        return log(least) >= log(asked.l) - CLOSE
    return least >= asked.l - CLOSE


def _risks(sizes: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Risks:
    everybody = int(sizes.sum())
    if not everybody:
        return Risks(0.0, 0.0, 0.0)
    return Risks(1 / int(sizes.min()), len(sizes) / everybody, int((sizes == 1).sum()) / everybody)

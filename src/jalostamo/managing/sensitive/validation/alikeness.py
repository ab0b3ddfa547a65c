"""How alike the rows of a table are, read from the table alone: its classes, what they tell, and whom they single out.

Nothing here comes from the search whose result it judges: classes are counted anew in the engine, and each model is
reckoned from those counts by its definition. l-diversity: Machanavajjhala and others 2006; t-closeness: Li and others 2007.

Handbook 2.6, phase 5 (the results of the processing are validated).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, cast

import ibis
import ibis.expr.types as ir
import numpy as np

from jalostamo.engine.packing import arrow_of
from jalostamo.managing.sensitive.validation.closeness import Distance, farthest
from jalostamo.managing.sensitive.validation.diversity import Variety, is_varied, least_varied
from jalostamo.managing.sensitive.validation.exposure import PEOPLE, Exposure, exposure_of
from jalostamo.managing.sensitive.validation.found import CLOSE, Classes, Integers, ModelFound, Values

if TYPE_CHECKING:
    import pyarrow as pa

    from jalostamo.engine.connection import Engine


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
    values = {watched.column: _values(engine, table, expected, watched, rows) for watched in expected.watched}
    classes = Classes(_sizes(engine, table, expected, rows), values)
    if expected.exposure is None:
        return alikeness_in(classes, expected)
    return alikeness_in(
        classes, expected, exposed=exposure_of(_people(engine, table, expected, rows), expected.exposure)
    )


def alikeness_in(
    classes: Classes, expected: Expected, *, exposed: tuple[Mapping[str, ModelFound], tuple[str, ...]] = ({}, ())
) -> Alikeness:
    """How alike rows are whose classes were counted; `exposed` is what was found beside k, l and t, and what to say of it."""
    sizes = classes.sizes
    smallest = {name: int(column.min(initial=np.iinfo(np.int64).max)) for name, column in sizes.items()}
    number = len(sizes["rows"])
    models: dict[str, ModelFound] = {}
    if expected.k is not None:
        counted = [smallest[f"unit_{n}"] for n in range(len(expected.units))] or [smallest["rows"]]
        models["k_anonymity"] = ModelFound(expected.k, min(counted) if number else 0, min(counted) >= expected.k)
    for watched in expected.watched:
        models |= _of_values(classes.values[watched.column], watched)
    models |= exposed[0]
    everybody = sizes["unit_0" if expected.units else "rows"]
    told = (int(sizes["rows"].sum()), number, smallest["rows"] if number else 0)
    return Alikeness(*told, models, _risks(everybody), exposed[1])


def values_of(engine: Engine, table: ir.Table, column: str, *, rows: str | None = None) -> dict[str, int]:
    """How many rows have each value of a column, "" for a missing one."""
    value = _text(table[column])
    found = engine.rows(table.group_by(value_=value).agg(rows_=_rows(table, rows)))
    return {cast("str", row["value_"]): cast("int", row["rows_"]) for row in found}


def _sizes(engine: Engine, table: ir.Table, expected: Expected, rows: str | None) -> dict[str, Integers]:
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


def _values(engine: Engine, table: ir.Table, expected: Expected, watched: Watched, rows: str | None) -> Values:
    keys = {f"key_{n}": table[column] for n, column in enumerate(expected.quasi)}
    grouped = table.group_by(**keys, value_=_text(table[watched.column])).agg(rows_=_rows(table, rows))
    place = ibis.dense_rank().over(order_by=[grouped[key] for key in keys])
    read = arrow_of(engine, grouped.select(class_=place, value_=grouped.value_, rows_=grouped.rows_))
    values = read["value_"].combine_chunks().dictionary_encode()
    order = np.argsort(read["class_"].to_numpy(), kind="stable")
    class_, code, counts = (
        np.asarray(column)[order].astype(np.int64)
        for column in (read["class_"].to_numpy(), values.indices.to_numpy(), read["rows_"].to_numpy())
    )
    return Values(np.flatnonzero(np.diff(class_, prepend=-1)), code, counts, values.dictionary.to_pylist())


def _of_values(values: Values, watched: Watched) -> dict[str, ModelFound]:
    starts, counts = values.starts, values.rows
    found: dict[str, ModelFound] = {}
    if watched.variety is not None:
        least = least_varied(starts, counts, watched.variety)
        asked = watched.variety.l
        found[f"l_diversity:{watched.name}"] = ModelFound(
            asked, least, not len(starts) or bool(is_varied(least, watched.variety))
        )
    if watched.distance is not None:
        whole, distance = watched.whole, watched.distance
        most = farthest(starts, values.code, counts, names=values.names, whole=whole, distance=distance)
        found[f"t_closeness:{watched.name}"] = ModelFound(distance.t, most, most <= distance.t + CLOSE)
    return found


def _risks(sizes: Integers) -> Risks:
    everybody = int(sizes.sum())
    if not everybody:
        return Risks(0.0, 0.0, 0.0)
    return Risks(1 / int(sizes.min()), len(sizes) / everybody, int((sizes == 1).sum()) / everybody)

"""The patterns that Cox's model is fitted to, counted by the engine: distinct times, ends and covariates.

Handbook 2.3 (methods of analysis).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from jalostamo.concepts.errors import Broken, Unfit
from jalostamo.producing.survival.cox import Patterns
from jalostamo.producing.survival.results import EVENT

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pyarrow as pa

    from jalostamo.engine.connection import Engine
    from jalostamo.producing.survival.curves import Numbers


def patterns_of(
    engine: Engine, rows: ir.Table, covariates: Sequence[str], *, event: int = EVENT, weight: str | None = None
) -> Patterns:
    """Count the patterns of rows of time, status and covariates; other statuses than `event` are censored.

    A covariate of numbers is taken as it is. One of texts becomes a column for each of them but the first by name, which is
    what they are compared with. `weight` names a column of how many rows each row is.
    """
    found = _counted(engine, rows.mutate(event_=(rows.status == event).cast("int64")), covariates, weight)
    n = found["n_"].to_numpy().astype(np.int64)
    _refuse_missing(found, covariates, n)
    columns = [column for name in covariates for column in _columns(name, found[name], _is_text(rows, name))]
    _, time = np.unique(found["time"].to_numpy().astype(np.float64), return_inverse=True)
    values = np.column_stack([value for _, value in columns]) if columns else np.empty((len(n), 0))
    happened = found["event_"].to_numpy().astype(np.int64)
    # In one order whatever the engine's, so that sums round alike.
    order = np.lexsort((*values.T, happened, time))
    return Patterns(tuple(name for name, _ in columns), time[order], happened[order], values[order], n[order])


def _counted(engine: Engine, rows: ir.Table, covariates: Sequence[str], weight: str | None) -> pa.Table:
    number = rows.count() if weight is None else rows[weight].sum()
    try:
        return engine.arrow(rows.group_by(["time", "event_", *covariates]).agg(n_=number.cast("int64")))
    except Broken as broken:
        if broken.reason != "rows_in_python":
            raise
        raise Unfit(
            "The covariates have too many different values to be counted: band them.", reason="too_many_values"
        ) from None


def _is_text(rows: ir.Table, name: str) -> bool:
    kind = rows[name].type()
    if not (kind.is_string() or kind.is_numeric() or kind.is_boolean()):
        raise Unfit(f"Covariate '{name}' holds neither numbers nor texts.", reason="column_type")
    return bool(kind.is_string())


def _refuse_missing(found: pa.Table, covariates: Sequence[str], n: Numbers) -> None:
    for name in covariates:
        missing = int(n[found[name].is_null(nan_is_null=True).to_numpy()].sum())
        if missing:
            raise Unfit(
                f"Covariate '{name}' is missing in {missing} rows: give it a value of its own, or leave those rows out.",
                reason="covariate_missing",
            )


def _columns(name: str, values: pa.ChunkedArray, is_text: bool) -> list[tuple[str, Numbers]]:
    if not is_text:
        return [(name, values.cast("float64").to_numpy())]
    texts = np.array(values.to_pylist(), dtype=object)
    return [(f"{name}={text}", (texts == text).astype(np.float64)) for text in sorted(set(texts))[1:]]

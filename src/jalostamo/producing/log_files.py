"""Prepared logs as files: one Parquet, sorted by case and time, that says of itself how it was made.

Handbook 2.2 (modelling and analysing data) and 2.5.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import open_engine
from jalostamo.producing.prepared_log import AGAIN, PreparedLog, Tie
from jalostamo.storage.places import put_whole

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

_NOTE: Final = "jalostamo_log"
_VERSION: Final = 1
_ORDER: Final = ("case", "position")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a prepared log comes from: the SHA-256 of its source, the zone of its local times, and how fine times are."""

    source: str
    timezone: str
    grain: Literal["microsecond", "day"] = "microsecond"


def write_log(engine: Engine, log: PreparedLog, path: Path, *, origin: Origin, force: bool = False) -> None:
    """Write a prepared log: the same log gives the same bytes."""
    content = {"version": _VERSION, "tie": log.tie, "names": log.names, **asdict(origin)}
    notes = {_NOTE: json.dumps(content)}
    written, told = (engine.workspace / f"{engine.fresh_name()}.parquet" for _ in range(2))
    if engine.name == "duckdb":
        engine.write_parquet(_with_again(log.events), told, order_by=_ORDER, notes=notes)
    else:
        # Only the embedded engine writes one file, and notes into it.
        engine.write_parquet(_with_again(log.events), written)
        with open_engine(workspace=engine.workspace) as embedded:
            embedded.write_parquet(embedded.read_parquet(written), told, order_by=_ORDER, notes=notes)
    put_whole(told, path, force=force)


def open_log(engine: Engine, path: Path) -> tuple[PreparedLog, Origin]:
    """A prepared log that was written, and where it comes from; a file that is none is refused."""
    content = _note(path)
    if content.get("version") != _VERSION:
        raise Unfit(
            f"{path.name} is no prepared log of this version: prepare its source anew.", reason="log_not_prepared"
        )
    origin = Origin(content["source"], content["timezone"], content["grain"])
    events = engine.read_parquet(path)
    return PreparedLog(events, events, tuple(content["names"]), Tie(content["tie"])), origin


def _with_again(events: ir.Table) -> ir.Table:
    step = ibis.window(group_by=[events.case, events.activity, events.following], order_by=events.position)
    return events.mutate(**{AGAIN: ibis.row_number().over(step) > 0})


# What a note holds was written by this module, or the file is refused.
def _note(path: Path) -> dict[str, Any]:
    try:
        notes = pyarrow.parquet.read_metadata(path).metadata or {}
        return dict(json.loads(notes.get(_NOTE.encode(), b"{}")))
    except (pa.ArrowException, OSError, ValueError):
        return {}

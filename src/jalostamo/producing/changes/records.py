"""Comparing two extracts of one log record by record: which records were recoded, corrected, late or new.

A record is what it says: case, activity, time and group, and its own key where it has one. Records that say the same are told apart
by how many there are.

Handbook 2.4 (the quality of source data).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

RECORD: Final = "record"
RECORDED: Final = "recorded"
_PLAIN: Final = ("case", "activity", "time", "row", "group")
_SAYS: Final = ("case", "time", "group")


class Part(StrEnum):
    """A part of a change, in the order in which parts are taken out of it."""

    CODE_LIST = "code_list"
    CORRECTED = "corrected"
    LATE = "late"
    LATE_OR_CORRECTED = "late_or_corrected"
    REAL = "real"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Extract:
    """An extract of a log as `managing.logs.read_log` reads it, with what is known of its records.

    `records` has case, activity, time, row and group; also `RECORD` (its own key) and `RECORDED` (microseconds) where they are known.
    """

    records: ir.Table

    @property
    def key(self) -> tuple[str, ...]:
        """The columns by which a record is known again, with the number among those that say the same."""
        return (*_SAYS, "activity", *((RECORD,) if RECORD in self.records.columns else ()), "nth_")

    def numbered(self, engine: Engine) -> ir.Table:
        """The records, each with its number among those that say the same; no group is a group of its own."""
        told = self.records.mutate(group=self.records.group.fill_null(""))
        same = [told[name] for name in self.key[:-1]]
        return engine.keep(told.mutate(nth_=ibis.row_number().over(group_by=same, order_by=told.row)))


@dataclass(frozen=True, slots=True)
class Comparison:
    """How one extract became the other: the log after each part was added to those before, and how many records each part has.

    `logs` lacks a part without records, after which the log is as before it.
    """

    logs: Mapping[Part, ir.Table]
    counts: Mapping[str, int]


def compare(
    engine: Engine, old: Extract, new: Extract, *, codes: Sequence[tuple[str, str]] = (), until: int | None = None
) -> Comparison:
    """Compare two extracts; `codes` are pairs of an old code and a new one, `until` the last time that the old one tells of."""
    before, after = old.numbered(engine), new.numbered(engine)
    removed = engine.keep(before.anti_join(after, old.key))
    added = engine.keep(after.anti_join(before, old.key))
    pairs = engine.keep(_recoded(engine, removed, added, codes=codes))
    gone = engine.keep(_gone(engine, removed, pairs, after=after))
    come = engine.keep(_come(engine, added, pairs, before=before, until=until))
    gone_counts, come_counts = (_counted(engine, table) for table in (gone, come))
    counts = {
        "old": _number(engine, before),
        "new": _number(engine, after),
        "recoded": come_counts.get(Part.CODE_LIST, 0),
        "removed": gone_counts.get(Part.CORRECTED, 0),
        "corrected": come_counts.get(Part.CORRECTED, 0),
        "late": come_counts.get(Part.LATE, 0),
        "late_or_corrected": come_counts.get(Part.LATE_OR_CORRECTED, 0),
        "new_period": come_counts.get(Part.REAL, 0),
        "period_left": gone_counts.get(Part.REAL, 0),
    }
    moved = {part for part in Part if gone_counts.get(part, 0) or come_counts.get(part, 0)}
    return Comparison(
        _logs(engine, before, pairs, gone=gone, come=come, moved=moved) | {Part.ORDER: _plain(after)}, counts
    )


def _recoded(engine: Engine, removed: ir.Table, added: ir.Table, *, codes: Sequence[tuple[str, str]]) -> ir.Table:
    """Pairs of records that differ by their code alone, as the code list changed: old_row, new_row, activity."""
    known = engine.in_memory(
        pa.table(
            {
                "told_": pa.array([one for one, _ in codes], pa.string()),
                "activity": pa.array([o for _, o in codes], pa.string()),
            }
        )
    )
    same = [*_SAYS, "activity", *((RECORD,) if RECORD in removed.columns else ())]
    was = removed.rename(told_="activity").inner_join(known, "told_").rename(old_row="row")
    came = added.rename(new_row="row")
    was = was.mutate(nth_=ibis.row_number().over(group_by=[was[name] for name in same], order_by=was.old_row))
    came = came.mutate(nth_=ibis.row_number().over(group_by=[came[name] for name in same], order_by=came.new_row))
    met = was.select(*same, "nth_", "old_row").inner_join(came.select(*same, "nth_", "new_row"), [*same, "nth_"])
    # A code that was split may meet two records, and one record two codes: each is taken once.
    ranked = met.mutate(
        one_=ibis.row_number().over(group_by=met.old_row, order_by=met.new_row),
        other_=ibis.row_number().over(group_by=met.new_row, order_by=met.old_row),
    )
    return ranked.filter((ranked.one_ == 0) & (ranked.other_ == 0)).select("old_row", "new_row", "activity")


def _gone(engine: Engine, removed: ir.Table, pairs: ir.Table, *, after: ir.Table) -> ir.Table:
    """The records that are no more, each with its part; those before all that the new extract tells of left its period."""
    first = cast("int", engine.only_row(after.aggregate(first=after.time.min()))["first"])
    told = removed.left_join(pairs.select("old_row", "new_row"), removed.row == pairs.old_row)
    part = ibis.cases(
        (told.new_row.notnull(), Part.CODE_LIST.value),
        (told.time < first, Part.REAL.value),
        else_=Part.CORRECTED.value,
    )
    return told.mutate(part=part).select(*_PLAIN, "part")


def _come(engine: Engine, added: ir.Table, pairs: ir.Table, *, before: ir.Table, until: int | None) -> ir.Table:
    """The records that were not there, each with its part."""
    last = _latest(engine, before, "time") if until is None else until
    told = added.left_join(pairs.select("old_row", "new_row"), added.row == pairs.new_row)
    known = [(told.new_row.notnull(), Part.CODE_LIST.value), (told.time > last, Part.REAL.value)]
    otherwise = Part.LATE_OR_CORRECTED
    if RECORD in before.columns:
        known.append((told[RECORD].isin(before[RECORD]), Part.CORRECTED.value))
        otherwise = Part.LATE
    if RECORDED in before.columns:
        taken = _latest(engine, before, RECORDED)
        known += [(told[RECORDED] <= taken, Part.CORRECTED.value), (told[RECORDED] > taken, Part.LATE.value)]
    return told.mutate(part=ibis.cases(*known, else_=otherwise.value)).select(*_PLAIN, "part")


def _logs(
    engine: Engine, before: ir.Table, pairs: ir.Table, *, gone: ir.Table, come: ir.Table, moved: set[Part]
) -> dict[Part, ir.Table]:
    """The log after each part that has records, the parts before it included."""
    # Whatever came stands after all that was there, where times are equal; the last part is what that leaves over.
    beyond = _latest(engine, before, "row") + 1
    logs, log = {}, before.select(_PLAIN)
    for part in (part for part in Part if part in moved):
        if part is Part.CODE_LIST:
            called = log.left_join(pairs.select("old_row", code_=pairs.activity), log.row == pairs.old_row)
            log = called.mutate(activity=ibis.coalesce(called.code_, called.activity)).select(_PLAIN)
        else:
            theirs = come.filter(come.part == part.value)
            left = log.anti_join(gone.filter(gone.part == part.value).select("row"), "row")
            log = left.union(theirs.mutate(row=theirs.row + beyond).select(_PLAIN))
        log = engine.keep(log)
        logs[part] = _plain(log)
    return logs


def _plain(log: ir.Table) -> ir.Table:
    return log.select(_PLAIN).mutate(group=log.group.nullif(""))


def _counted(engine: Engine, records: ir.Table) -> Mapping[str, int]:
    return {
        str(row["part"]): cast("int", row["n"]) for row in engine.rows(records.group_by("part").agg(n=records.count()))
    }


def _latest(engine: Engine, table: ir.Table, column: str) -> int:
    return cast("int", engine.only_row(table.aggregate(last=table[column].max()))["last"])


def _number(engine: Engine, table: ir.Table) -> int:
    return cast("int", engine.only_row(table.aggregate(n=table.count()))["n"])

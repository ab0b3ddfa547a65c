"""What the lane of cells tells of its process: how well registers were linked and who was left out, as counts to be printed.

In a series a count of persons comes with the sum of their record keys, so that it is printed as a cell of them would be.
Keys that are destroyed would give it another noise each time, and the mean of many would be the true one: without a series
it comes without them, and is rounded.

Handbook 2.2 (checking combinability) and 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

from jalostamo.concepts.customers import KEY_SPACE, CustomerKind
from jalostamo.managing.process_counts import ProcessCount, Tree
from jalostamo.managing.sensitive.linking import CODE, CUSTOMER, Linked

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sensitive.combinability import CombinabilityReport, RegisterMatch
    from jalostamo.managing.sensitive.exclusions import Protection
    from jalostamo.managing.sensitive.preparing.record_keys import RecordKeys

_KEY = "key_"


def linking_told(engine: Engine, linked: Linked, *, keys: RecordKeys, unit: CustomerKind) -> dict[str, Tree]:
    """How well the registers were linked; persons with their keys in a series of which they are what the cells protect."""
    report = linked.report
    if report is None or linked.codes is None:
        return {}
    by_key = unit is CustomerKind.PERSON and keys.series_mark is not None
    keyed = _keyed(engine, linked.codes, keys=keys) if by_key else None
    return {
        "register": report.register,
        "persons": ProcessCount(report.persons) if keyed is None else _persons(engine, keyed),
        "households": ProcessCount(report.households),
        "joined": [_joined(engine, match, linked.events[match.register], keyed) for match in report.joined],
        "as_of": _as_of(report),
    }


def exclusions_told(protection: Protection) -> dict[str, Tree]:
    """How many were left out, and how many homes hidden; they have no record keys, since they are not counted."""
    counts = {kind.value: ProcessCount(number) for kind, number in protection.persons.items()}
    day = protection.day.isoformat() if protection.day else None
    return {"told": protection.is_told, "day": day, "elsewhere": ProcessCount(protection.elsewhere), **counts}


def _joined(engine: Engine, match: RegisterMatch, events: ir.Table, keyed: ir.Table | None) -> dict[str, Tree]:
    """How one register was linked; `matched` are the persons of it who were found."""
    matched = ProcessCount(match.matched) if keyed is None else _persons(engine, keyed.semi_join(events, CUSTOMER))
    return {
        "register": match.register,
        "codes": ProcessCount(match.codes),
        "matched": matched,
        "matched_by_history": ProcessCount(match.matched_by_history),
        "invalid": ProcessCount(match.codes - match.valid),
        "look_alikes": ProcessCount(match.look_alikes),
        "records": ProcessCount(match.records),
        "records_linked": ProcessCount(match.records_linked),
        "by_group": [
            {"group": group.group, "codes": ProcessCount(group.codes), "matched": ProcessCount(group.matched)}
            for group in match.by_group
        ],
    }


def _as_of(report: CombinabilityReport) -> list[Mapping[str, Tree]]:
    return [
        {
            "name": match.name,
            "asked": ProcessCount(match.asked),
            "found": ProcessCount(match.found),
            "disputed": ProcessCount(match.disputed),
        }
        for match in report.as_of
    ]


def _keyed(engine: Engine, codes: ir.Table, *, keys: RecordKeys) -> ir.Table:
    """Every person who exists by the first register, with her record key."""
    listed = codes.select(CUSTOMER, CODE).to_pyarrow()
    numbers = pa.array(keys.keys(listed[CODE].to_pylist(), kind=CustomerKind.PERSON.value), pa.int64())
    return engine.in_memory(pa.table({CUSTOMER: listed[CUSTOMER], _KEY: numbers}))


def _persons(engine: Engine, keyed: ir.Table) -> ProcessCount:
    found = engine.only_row(keyed.agg(n=keyed.count(), key=(keyed[_KEY].sum() % KEY_SPACE)))
    return ProcessCount(int(str(found["n"])), int(str(found["key"] or 0)))

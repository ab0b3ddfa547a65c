"""Counting a cube in plain Python, cell by cell from the records, for comparison; no code of the real one is used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import cast

from jalostamo.producing.cubes.definition import CubeDefinition, Dimension, Filter, Measure

Record = Mapping[str, object]
Cell = tuple[str, ...]
ALL = "*"


def count_by_hand(
    definition: CubeDefinition, tables: Mapping[str, Sequence[Record]], fields_by_table: Mapping[str, Sequence[str]]
) -> dict[Cell, dict[str, object]]:
    """By measure, place and codes, what the cell holds."""
    keys = {str(record["unit"]): cast("int", record["record_key"]) for record in tables["keys"]}
    found: dict[Cell, dict[str, object]] = {}
    for measure in definition.measures:
        records = [with_description(record, definition, tables) for record in tables[measure.table]]
        fields = {*fields_by_table[measure.table], *fields_by_table.get(definition.described_in or "", ())}
        told = [d if d.field in fields else None for d in definition.dimensions]
        choices = [[ALL] if d is None else [*dict.fromkeys(c for level in d.levels for c in level), ALL] for d in told]
        kept = [r for r in records if all(passes(r, f) for f in (*definition.filters, *measure.where))]
        for codes in product(*choices):
            inside = [r for r in kept if all(d is None or is_in(r, d, c) for d, c in zip(told, codes, strict=True))]
            for at in measure.places:
                found[(measure.name, at, *codes)] = counted(measure, at, inside, keys)
    return found


def with_description(
    record: Record, definition: CubeDefinition, tables: Mapping[str, Sequence[Record]]
) -> dict[str, object]:
    described = [r for r in tables.get(definition.described_in or "", ()) if r["unit"] == record["unit"]]
    return {**(described[0] if described else {}), **record}


def passes(record: Record, each: Filter) -> bool:
    return record[each.field] is not None and as_text(record[each.field]) in each.values


def is_in(record: Record, dimension: Dimension, code: str) -> bool:
    value = record[dimension.field]
    found: str | None = dimension.missing if value is None else dimension.values.get(as_text(value), dimension.other)
    chain = []
    while found is not None and found not in chain:
        chain.append(found)
        found = dimension.parents.get(found)
    return code == ALL or code in chain


def as_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def counted(measure: Measure, at: str, inside: Sequence[Record], keys: Mapping[str, int]) -> dict[str, object]:
    """What one cell of one measure holds."""
    kept = [r for r in inside if is_counted(measure, at, r)]
    units = {str(r["unit"]) for r in kept}
    made: dict[str, object] = {"n": len(units), "key": sum(keys[u] for u in units) % 10**8, "negative": False}
    made |= dict.fromkeys(("events", "amount", "largest", "second"))
    if measure.kind not in {"events", "sum"}:
        return made
    parts = sorted((total(measure, [r for r in kept if r["unit"] == u]) for u in units), reverse=True)
    made["largest"] = float(parts[0]) if parts else 0.0
    made["second"] = float(parts[1]) if len(parts) > 1 else 0.0
    if measure.kind == "events":
        return made | {"events": len(kept)}
    negative = any(cast("float", r[str(measure.of)]) < 0 for r in kept)
    return made | {"amount": float(sum(parts, Fraction(0))), "negative": negative}


def is_counted(measure: Measure, at: str, record: Record) -> bool:
    if measure.kind == "step":
        ends = (record[name] or "" for name in ("source", "target"))
        return f"{record['step']}:{'>'.join(cast('Iterable[str]', ends))}" == at
    if measure.of is None:
        return True
    value = record[measure.of]
    if value is None:
        return False
    point = None if at == "" else Fraction(at)
    return point is None or (
        Fraction(str(value)) >= point if measure.kind == "at_risk" else Fraction(str(value)) <= point
    )


def total(measure: Measure, records: Sequence[Record]) -> Fraction:
    if measure.kind == "events":
        return Fraction(len(records))
    return sum((Fraction(str(r[str(measure.of)])) for r in records), Fraction(0))

"""The history of identity codes: which code a person has now, whose records were written under a former one.

A chain is followed to its end; what contradicts itself is not followed, and counted. No code is repaired by it.

Handbook 2.2 (combining by personal number).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.holdings import Holding
from jalostamo.concepts.identifiers import fault_in
from jalostamo.concepts.registers import FieldType, Register, RegisterTable
from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.delivered import reading_of

FORMER: Final = "former_"
PRESENT: Final = "present_"


@dataclass(frozen=True, slots=True, repr=False)
class CodeHistory:
    """A code history leads each former code to the present one; `pairs` are the changes as they were recorded.

    Not followed, and counted: `unsound` changes with a code that is none, and `conflicting` former codes that lead to
    several persons.
    """

    pairs: tuple[tuple[str, str], ...] = ()
    present: Mapping[str, str] = field(default_factory=dict)
    unsound: int = 0
    conflicting: int = 0

    def __repr__(self) -> str:
        return f"CodeHistory({len(self.pairs)} changes, content hidden)"

    def aliases(self, codes: Iterable[str]) -> frozenset[str]:
        """The codes and every other one that a change connects with them, sound or not, before and after."""
        beside = defaultdict(set)
        for former, current in self.pairs:
            beside[former].add(current)
            beside[current].add(former)
        found, waiting = set[str](), list(codes)
        while waiting:
            code = waiting.pop()
            if code not in found:
                found.add(code)
                waiting.extend(beside[code])
        return frozenset(found)

    def table(self, engine: Engine) -> ir.Table:
        """Former and present codes as a small table of an engine."""
        columns = {FORMER: list(self.present), PRESENT: list(self.present.values())}
        return engine.in_memory(pa.table({name: pa.array(codes, pa.string()) for name, codes in columns.items()}))


def read_code_history(engine: Engine, registers: Mapping[Path, Register]) -> CodeHistory:
    """The history that some delivered registers tell together; none of them needs to tell any."""
    pairs: set[tuple[str, str]] = set()
    for folder, register in registers.items():
        for table in register.tables:
            if table.holds is Holding.CODE_HISTORY:
                pairs |= _pairs(engine, register, table, folder)
    return code_history(pairs)


def code_history(pairs: Iterable[tuple[str, str]]) -> CodeHistory:
    """The history that changes of codes make; changes that lead in a circle are refused."""
    recorded = tuple(sorted(set(pairs)))
    sound = [pair for pair in recorded if not any(fault_in(code) for code in pair)]
    later = defaultdict(set)
    for former, current in sound:
        later[former].add(current)
    _refuse_circles(later)
    ends = {former: _ends(former, later) for former in later}
    present = {former: next(iter(found)) for former, found in ends.items() if len(found) == 1}
    return CodeHistory(recorded, present, len(recorded) - len(sound), len(ends) - len(present))


def under_present_code(table: ir.Table, field: str, former: ir.Table) -> ir.Table:
    """The records with the code that their person has now, by a table of former and present codes."""
    joined = table.left_join(former, table[field] == former[FORMER])
    return joined.mutate(**{field: ibis.coalesce(joined[PRESENT], joined[field])}).drop(FORMER, PRESENT)


def _pairs(engine: Engine, register: Register, table: RegisterTable, folder: Path) -> set[tuple[str, str]]:
    for name in ("former_code", "current_code"):
        if table.field_named(name).type is not FieldType.PERSONAL_IDENTITY_CODE:
            raise Unfit(
                f"Table '{table.name}' holds a code history: its '{name}' is a personal identity code.",
                reason="code_history_form",
            )
    reading = reading_of(engine, register, table, folder)
    rows = engine.rows(reading.table.select("former_code", "current_code").distinct())
    missing = sum(None in row.values() for row in rows) + reading.records - reading.loaded
    if missing:
        raise Unfit(
            f"Table '{table.name}': {missing} changes of codes cannot be read or lack a code: correct them.",
            reason="code_history_form",
        )
    return {(cast("str", row["former_code"]), cast("str", row["current_code"])) for row in rows}


def _refuse_circles(later: Mapping[str, set[str]]) -> None:
    """Take away, again and again, the codes that lead to nothing more; what is left leads in circles."""
    left = {former: set(found) for former, found in later.items()}
    ended = {code for found in later.values() for code in found} - set(left)
    before = defaultdict(set)
    for former, found in later.items():
        for code in found:
            before[code].add(former)
    waiting = list(ended)
    while waiting:
        code = waiting.pop()
        for former in before[code]:
            left[former].discard(code)
            if not left[former]:
                waiting.append(former)
    circling = sum(bool(found) for found in left.values())
    if circling:
        raise Unfit(
            f"The code history leads {circling} codes in a circle: no one knows which is the present one. Correct it.",
            reason="code_history_circle",
        )


def _ends(former: str, later: Mapping[str, set[str]]) -> set[str]:
    """Where the changes from a code lead in the end."""
    ends, seen, waiting = set[str](), set[str](), [former]
    while waiting:
        code = waiting.pop()
        if code in seen:
            continue
        seen.add(code)
        waiting.extend(later.get(code, ()))
        if code not in later:
            ends.add(code)
    return ends

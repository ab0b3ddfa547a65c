"""What was delivered to the closed room: registers by their own descriptions, and the reading of one table of one of them.

At this level of isolation only synthetic and public sources may be read, and no code outside the artificial range.

Handbook 2.2 (retrieving the data) and 2.6, phase 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final, cast

import ibis.expr.types as ir

from jalostamo.concepts.errors import Objection, Refused, Unfit
from jalostamo.concepts.registers import FieldType, Marking, Register, RegisterTable
from jalostamo.engine.connection import Engine
from jalostamo.managing.described import DESCRIPTION as DESCRIPTION
from jalostamo.managing.described import read_register as read_register
from jalostamo.managing.reading import Reading, refuse_rejected
from jalostamo.managing.reading.reader import Reader

# Laxer than the form of a code, so that a living person's code is found also with a small letter or a space too many.
_LIVING: Final = r"[0-3]\d[01]\d{3}[-+YXWVUABCDEFyxwvuabcdef][0-8]\d{2}[0-9A-Ya-y]"


def delivered_registers(sources: Path) -> dict[Path, Register]:
    """Every register that was delivered, by its folder; one whose description cannot be read stops the run.

    It could be the one that tells who is to be protected.
    """
    folders = sorted(path.parent for path in sources.glob(f"*/{DESCRIPTION}"))
    return {folder: read_register(folder) for folder in folders}


def clock_of(tables: Iterable[RegisterTable]) -> str:
    """The time zone in whose days tables tell their times, UTC where none tells any; a day has one midnight, or is refused."""
    zones = {table.writing.timezone for table in tables if any(f.type is FieldType.DATETIME for f in table.fields)}
    if len(zones) > 1:
        raise Unfit(
            f"Times are told in several time zones ({', '.join(sorted(zones))}): ask for fields with times of one of them.",
            reason="several_timezones",
        )
    return zones.pop() if zones else "UTC"


def reading_of(
    engine: Engine, register: Register, declared: RegisterTable, folder: Path, *, at_most: float | None = None
) -> Reading:
    """Read one table of a delivered register; with `at_most`, no larger share of its records may be rejected."""
    refuse_personal(register)
    code_lists = {code_list.name: code_list for code_list in register.code_lists}
    reader = reader_of(engine)
    reading = reader.read(engine, declared, folder, code_lists=code_lists, in_engine=True)
    if at_most is not None:
        refuse_rejected(reading, at_most=at_most)
    _refuse_living(engine, reading)
    return reading


def reader_of(engine: Engine, *, environment: Mapping[str, str] = MappingProxyType({})) -> Reader:
    """The process that reads for an engine, ended with it; `environment` is where the first to ask has passwords looked up."""
    return engine.company(Reader, lambda: Reader(engine.workspace, environment))


def refuse_personal(register: Register) -> None:
    """Refuse a register of real persons: whoever runs a demonstration holds everything."""
    if register.marking is Marking.PERSONAL:
        sentence = (
            f"Register '{register.name}' holds personal data; this installation is at the level of a demonstration, "
            "where one user holds everything. Use synthetic or public sources."
        )
        raise Refused([Objection(sentence, "2.6")], reason="level_demo")


def _refuse_living(engine: Engine, reading: Reading) -> None:
    names = [f.name for f in reading.declared.fields if f.type is FieldType.PERSONAL_IDENTITY_CODE]
    for name in names:
        codes = reading.table.select(name).distinct()
        found = codes.filter(cast("ir.StringColumn", codes[name]).re_search(_LIVING))
        living = engine.only_row(found.agg(n=found.count()))["n"]
        if living:
            sentence = (
                f"{living} personal identity codes of field '{name}' are outside the artificial range 900-999 and may be "
                "living persons'; at the level of a demonstration none are read."
            )
            raise Refused([Objection(sentence, "2.6")], reason="level_demo")

"""The commands of registers: what they hold and how good it is, without a value of theirs.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused
from jalostamo.concepts.registers import RegisterTable
from jalostamo.doors import judging, profiling
from jalostamo.doors.closed_room.at_work import opened_engine
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.reading import Reading
    from jalostamo.managing.sensitive.retrieval import Survey


def _run_profile(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.managing.sensitive.retrieval import survey

    progress.step("reading the register")
    with opened_engine() as engine:
        surveys = survey(engine, asked.register)
    sentences = tuple(line for found in surveys for line in _told(found))
    return Account(sentences, {"tables": [asdict(found) for found in surveys]})


def _told(found: Survey) -> list[str]:
    read = f"{found.table}: {found.loaded:,} of {found.records:,} records read as described."
    return [read, *found.rejections, *profiling.table_of(found.profile)]


def _run_quality(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.managing.quality.names import names_of
    from jalostamo.managing.quality.reports import QualityReport, quality_of
    from jalostamo.managing.sensitive.delivered import clock_of, read_register, reading_of

    register = read_register(asked.register)
    judging.check_out(asked.out, judging.QUALITY_FILE, force=asked.force)
    tables = []
    with opened_engine(clock_of(register.tables)) as engine:
        progress.step("gathering the names that registers hold")
        names = names_of(engine, _names_beside(engine, asked.register.resolve().parent))
        for table in register.tables:
            progress.step(f"reading {table.name}")
            reading = reading_of(engine, register, table, asked.register)
            progress.step(f"judging {table.name}")
            tables.append(quality_of(engine, reading, register, names=names))
    return judging.account_of_quality(QualityReport(register, tuple(tables)), asked.out, force=asked.force)


def _names_beside(engine: Engine, sources: Path) -> Iterator[Reading]:
    """Of the registers beside this one, the fields that are described as holding names, and no other field."""
    from jalostamo.managing.quality.names import name_fields
    from jalostamo.managing.sensitive.delivered import delivered_registers, reading_of

    for folder, register in delivered_registers(sources).items():
        for table in register.tables:
            named = tuple(replace(field, required=False) for field in name_fields(table))
            if named and not table.writing.server:
                only_names = RegisterTable(table.name, table.file, named, table.writing)
                yield reading_of(engine, register, only_names, folder)


def _run_catalogue(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.managing.quality.catalogue import Catalogue
    from jalostamo.managing.sensitive.delivered import delivered_registers

    progress.step("reading descriptions")
    catalogue = Catalogue(tuple(delivered_registers(asked.sources).values()))
    if not catalogue.registers:
        raise Misused(f"'{asked.sources}' holds no folder with a register.toml.", reason="sources_missing")
    if asked.out is not None:
        judging.check_out(asked.out, judging.CATALOGUE_FILE, force=asked.force)
    return judging.account_of_catalogue(catalogue, asked.out, force=asked.force)


PROFILE: Final = Command(
    name="closed-room profile",
    purpose="Tell what a register is like, field by field, without showing a value of it.",
    example="jalostamo closed-room profile town/sources/population",
    add_arguments=profiling.add_profile_arguments,
    run=_run_profile,
)


QUALITY: Final = Command(
    name="closed-room quality",
    purpose="Judge a register: its profile by field and unit, breaks, lateness, unmarked personal data; no value is shown.",
    example="jalostamo closed-room quality town/sources/health --out report",
    add_arguments=judging.add_quality_arguments,
    run=_run_quality,
)
CATALOGUE: Final = Command(
    name="closed-room catalogue",
    purpose="List the sources by the kinds of information they give, from their descriptions alone.",
    example="jalostamo closed-room catalogue town/sources --out catalogue",
    add_arguments=judging.add_catalogue_arguments,
    run=_run_catalogue,
)

"""The door of the closed room: the one process that may see persons; it gives releases, printed cells, and no value.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import datetime
import os
import shutil
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused
from jalostamo.concepts.registers import RegisterTable
from jalostamo.doors import anonymising, counting, deficiencies, judging, profiling, refusals
from jalostamo.doors.home import Home, alone, made
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command, run

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from jalostamo.concepts.customers import CustomerKind
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.reading import Reading
    from jalostamo.managing.requests import Request
    from jalostamo.managing.sensitive.combinability import RegisterMatch
    from jalostamo.managing.sensitive.corridor import Counting, Refined, Rooms
    from jalostamo.managing.sensitive.retrieval import Survey


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("request", metavar="REQUEST.toml", type=Path, help="which fields, linked and prepared how")
    parser.add_argument("--home", metavar="DIR", type=Path, required=True, help="where sources and releases are")


def _run(asked: Namespace, progress: Progress) -> Account:
    # The libraries are loaded only now, so that a wrong word is told at once.
    from jalostamo.engine.versions import check_versions
    from jalostamo.managing.requests import read_request
    from jalostamo.managing.sensitive.corridor import refine

    check_versions()
    request, home = read_request(asked.request), Home(asked.home)
    with _at_work(request, home, progress) as (engine, rooms):
        refined = refine(engine, request, rooms, progress=progress.step, today=_today())
    return _account(refined)


@contextmanager
def _at_work(request: Request, home: Home, progress: Progress) -> Iterator[tuple[Engine, Rooms]]:
    """The closed room for one run, and for no other meanwhile: an engine of the run's own, and the rooms tidied up."""
    from jalostamo.managing.sensitive.corridor import Rooms
    from jalostamo.managing.sensitive.retrieval import clock_for

    rooms, workspace = Rooms(home.delivered(), home.private("vault"), made(home.releases)), home.private("workspace")
    progress.step("waiting for the closed room")
    with alone(home.closed, doing="at work in this closed room"):
        _clear_away(rooms, workspace)
        with _engine(clock_for(request, rooms.sources), within=workspace) as engine:
            yield engine, rooms


@contextmanager
def _engine(timezone: str = "UTC", *, within: Path | None = None) -> Iterator[Engine]:
    """An engine in a temporary folder; only the process that reads for it looks passwords up in this environment."""
    from jalostamo.engine.connection import open_engine
    from jalostamo.managing.sensitive.delivered import reader_of

    prefix = "run-" if within else "jalostamo-"
    with (
        tempfile.TemporaryDirectory(prefix=prefix, dir=within) as folder,
        open_engine(workspace=Path(folder), timezone=timezone) as engine,
    ):
        reader_of(engine, environment=os.environ)
        yield engine


def _today() -> datetime.date:
    """The day on which people here live; objections and permits hold by it."""
    return datetime.datetime.now().astimezone().date()


def _clear_away(rooms: Rooms, workspace: Path) -> None:
    """Destroy what runs that were killed left behind: nobody else is at work, so whatever lies there is nobody's."""
    from jalostamo.managing.sensitive.corridor import ROWS

    half_released = rooms.releases.glob("*/.*/")
    for folder in (*workspace.glob("*/"), *rooms.vault.glob(f"*/{ROWS}/"), *half_released):
        shutil.rmtree(folder)


def _account(refined: Refined) -> Account:
    release, prepared = refined.release, refined.prepared
    extracts = [
        f"Retrieved {e.manifest.content['loaded']:,} of {e.manifest.content['records']:,} records of {e.source.register}."
        for e in refined.extracts
    ]
    report = refined.linked.report
    linked = [_match(match) for match in report.joined] if report else []
    alike = ", ".join(f"{count} {unit}s" for unit, count in prepared.smallest.items())
    left_out = (
        f"Released {prepared.released:,} customers, left out {prepared.suppressed:,} with fewer than {prepared.k} alike"
    )
    return Account(
        (
            *extracts,
            *refined.protection.sentences,
            *linked,
            f"{left_out} (smallest class: {alike}).",
            f"Release {release.folder.name} of class '{prepared.data_class.value}': not anonymous; its key is destroyed.",
        ),
        {"release": str(release.folder), "digest": release.digest, "released": prepared.released},
    )


def _match(match: RegisterMatch) -> str:
    invalid = match.codes - match.valid
    return (
        f"Linked {match.register}: {match.matched:,} of {match.codes:,} identity codes found; {invalid:,} not valid, "
        f"{match.unmatched:,} unknown, of which {match.look_alikes:,} differ from a person's by the sign alone."
    )


def _run_cells(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.engine.versions import check_versions
    from jalostamo.managing.requests import read_request
    from jalostamo.managing.sensitive.corridor import opened_for_counting
    from jalostamo.managing.sensitive.preparing.record_keys import RecordKeys
    from jalostamo.producing.cubes.definition import refuse_changed
    from jalostamo.producing.cubes.reading import read_cube_definition
    from jalostamo.utilising.disclosure.rules import rule_of

    check_versions()
    request, definition, rule = read_request(asked.request), read_cube_definition(asked.definition), rule_of(asked.rule)
    if asked.frozen is not None:
        refuse_changed(definition, asked.frozen)
    counting.refuse_other_period(definition, request)
    home = Home(asked.home)
    with _at_work(request, home, progress) as (engine, rooms):
        keys = RecordKeys.of_series(counting.series_file(home, asked.series)) if asked.series else RecordKeys()

        def opened(asked_for: Request, unit: CustomerKind) -> AbstractContextManager[Counting]:
            return opened_for_counting(
                engine, asked_for, rooms, keys=keys, unit=unit, progress=progress.step, today=_today()
            )

        try:
            lane = counting.Lane(engine, request, home, opened, progress, series=keys.series_mark)
            return counting.print_cells(lane, definition, rule)
        finally:
            keys.destroy()


def _run_profile(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.managing.sensitive.retrieval import survey

    progress.step("reading the register")
    with _engine() as engine:
        surveys = survey(engine, asked.register)
    sentences = tuple(line for found in surveys for line in _told(found))
    return Account(sentences, {"tables": [asdict(found) for found in surveys]})


def _told(found: Survey) -> list[str]:
    read = f"{found.table}: {found.loaded:,} of {found.records:,} records read as described."
    return [read, *found.rejections, *profiling.table_of(found.profile)]


_PROFILE: Final = Command(
    name="closed-room profile",
    purpose="Tell what a register is like, field by field, without showing a value of it.",
    example="jalostamo closed-room profile town/sources/population",
    add_arguments=profiling.add_profile_arguments,
    run=_run_profile,
)


def _run_quality(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.managing.quality.names import names_of
    from jalostamo.managing.quality.reports import QualityReport, quality_of
    from jalostamo.managing.sensitive.delivered import clock_of, read_register, reading_of

    register = read_register(asked.register)
    judging.check_out(asked.out, judging.QUALITY_FILE, force=asked.force)
    tables = []
    with _engine(clock_of(register.tables)) as engine:
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


_QUALITY: Final = Command(
    name="closed-room quality",
    purpose="Judge a register: its profile by field and unit, breaks, lateness, unmarked personal data; no value is shown.",
    example="jalostamo closed-room quality town/sources/health --out report",
    add_arguments=judging.add_quality_arguments,
    run=_run_quality,
)
_CATALOGUE: Final = Command(
    name="closed-room catalogue",
    purpose="List the sources by the kinds of information they give, from their descriptions alone.",
    example="jalostamo closed-room catalogue town/sources --out catalogue",
    add_arguments=judging.add_catalogue_arguments,
    run=_run_catalogue,
)
_CELLS: Final = Command(
    name="closed-room cells",
    purpose="Count a frozen definition in the closed room and print its cells: no row leaves.",
    example="jalostamo closed-room cells request.toml cells.toml --home town",
    add_arguments=counting.add_cells_arguments,
    run=_run_cells,
)


def _run_anonymise(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.managing.sensitive.preparing.anonymity.anonymising import anonymise_file

    return anonymising.anonymise(asked, progress, anonymise_file)


def _run_check(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.managing.sensitive.preparing.anonymity.checking import check_file

    return anonymising.check_anonymity(asked, progress, check_file)


COMMANDS: Final = {
    "anonymise": anonymising.command(_run_anonymise),
    "check-anonymity": anonymising.check_command(_run_check),
    "cells": _CELLS,
    "run": Command(
        name="closed-room run",
        purpose="Run a request through the closed room: retrieve, link, prepare, validate, admit.",
        example="jalostamo closed-room run request.toml --home town",
        add_arguments=_add_arguments,
        run=_run,
    ),
    "profile": _PROFILE,
    "quality": _QUALITY,
    "catalogue": _CATALOGUE,
    "deficiencies": deficiencies.COMMAND,
    "refusals": refusals.COMMAND,
}


def main(words: Sequence[str] | None = None) -> int:
    """Run one command of this room and return its exit code."""
    name, *rest = (sys.argv[1:] if words is None else words) or [""]
    if name in {"--help", "-h"}:
        listed = "\n".join(f"  {command.name}: {command.purpose}" for command in COMMANDS.values())
        print(f"The closed room's commands, each with --help of its own:\n\n{listed}")
        return 0
    if name not in COMMANDS:
        print(f"jalostamo: the closed room has no such command; it has {', '.join(COMMANDS)}.", file=sys.stderr)
        return 2
    return run(COMMANDS[name], rest)


if __name__ == "__main__":
    sys.exit(main())

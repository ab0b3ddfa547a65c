"""The command `try-cells`: a definition of cells put to a synthetic twin, counted and printed as the closed room would do it.

What comes out has the form of printed cells, and is about nobody: its series, and its manifest, say so.

Handbook 2.6, phases 7 and 8.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.doors.own_engine import own_engine
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.nonsensitive.releases import Release
    from jalostamo.producing.cubes.definition import CubeDefinition
    from jalostamo.utilising.disclosure.printed import PrintedCube

SERIES: Final = "synthetic-twin"


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("twin", metavar="TWIN", type=Path, help="the folder of a synthetic twin")
    parser.add_argument("definition", metavar="CELLS.toml", type=Path, help="what is counted, by what")
    parser.add_argument("--rule", default="outside", help="for whom: outside or inside the city (outside)")
    parser.add_argument("--out", metavar="FILE.parquet", type=Path, required=True, help="the file to write")
    parser.add_argument("--force", action="store_true", help="replace the file, and the one beside it, if they exist")


def _run(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.engine.versions import check_versions
    from jalostamo.managing.manifests import Manifest
    from jalostamo.managing.nonsensitive.releases import open_twin
    from jalostamo.producing.cubes.reading import read_cube_definition
    from jalostamo.storage.places import check_place, write_whole
    from jalostamo.utilising.disclosure.files import write_printed

    check_versions()
    definition = read_cube_definition(asked.definition)
    beside = asked.out.with_suffix(".json")
    for place in (asked.out, beside):
        check_place(place, force=asked.force)
    twin = open_twin(asked.twin)
    with own_engine() as engine:
        progress.step("counting")
        printed = _printed(engine, twin, definition, rule=asked.rule)
    write_printed(printed, asked.out, force=asked.force)
    told = {**twin.stamp, "twin": twin.digest, "cube": printed.digest, "definition": definition.digest}
    write_whole(beside, Manifest("tried_cells", told).written, force=asked.force)
    return Account(
        (f"Printed {printed.cells.num_rows:,} cells. Written to {asked.out.name}.", *twin.warnings),
        {**twin.stamp, "cells": printed.cells.num_rows, "digest": printed.digest},
    )


def _printed(engine: Engine, twin: Release, definition: CubeDefinition, *, rule: str) -> PrintedCube:
    """The cells, by a ledger of their own that is forgotten: of a twin nothing can be laid bare."""
    from jalostamo.managing.twins.countable import countable_twin
    from jalostamo.producing.cubes.counting import count_cube
    from jalostamo.utilising.disclosure.gate import disclose
    from jalostamo.utilising.disclosure.ledger.ledger import Ledger
    from jalostamo.utilising.disclosure.noise import noise_table
    from jalostamo.utilising.disclosure.noise_left import refuse_little_left
    from jalostamo.utilising.disclosure.rules import rule_of

    noise, wanted = noise_table(definition.noise), rule_of(rule)
    refuse_little_left(definition, noise, wanted)
    counted = count_cube(engine, definition, countable_twin(engine, twin, unit=definition.unit))
    ledger = engine.workspace / "ledger"
    ledger.mkdir()
    return disclose(counted, rule=wanted, noise=noise, ledger=Ledger(ledger), series=SERIES, source=twin.digest)


COMMAND: Final = Command(
    name="try-cells",
    purpose="Put a definition of cells to a synthetic twin: the form of what will be printed, about nobody.",
    example="jalostamo try-cells town/exchange/twins/child-protection-cells/1 examples/pilot/cells.toml --out tried.parquet",
    add_arguments=_add_arguments,
    run=_run,
)

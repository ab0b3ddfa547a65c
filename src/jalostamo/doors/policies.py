"""What a release of rows is bound by, as the words of a command say it: a catalogue, earlier releases, printed cells.

Handbook 2.6 (rule sets for anonymising in continuous analyses) and phase 5.
"""

from __future__ import annotations

import datetime
import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from jalostamo.managing.releasing import NoLongerHolds, Policy
from jalostamo.storage.places import write_whole

if TYPE_CHECKING:
    from jalostamo.managing.releasing import CubeCells
    from jalostamo.utilising.disclosure.printed import PrintedCube


def add_arguments(parser: ArgumentParser) -> None:
    """The words of `anonymise` that bind a release."""
    parser.add_argument(
        "--catalogue", metavar="CATALOGUE.toml", type=Path, help="choose only what was approved beforehand"
    )
    parser.add_argument(
        "--propose-catalogue", metavar="FILE.toml", type=Path, help="the file to propose such a catalogue in"
    )
    parser.add_argument(
        "--as-before", metavar="FILE.json", type=Path, help="keep the levels of this report, or entry of a register"
    )
    parser.add_argument("--notice", metavar="FILE.json", type=Path, help="the file to say in that they no longer hold")
    add_others(parser)


def add_others(parser: ArgumentParser) -> None:
    """The words that tell what else is out, and who receives the rows."""
    parser.add_argument("--releases", metavar="DIR", type=Path, help="the register of releases")
    parser.add_argument("--population", metavar="NAME", help="of whom the rows are, by the name in the register")
    parser.add_argument(
        "--without-earlier", metavar="WORDS", help="why the rows go out though an earlier release is gone"
    )
    parser.add_argument(
        "--cube",
        metavar="CUBE.parquet",
        type=Path,
        action="append",
        default=[],
        help="printed cells of the same people",
    )
    parser.add_argument("--outside", action="store_true", help="anybody may receive the rows, and no permit binds them")


def policy_of(asked: Namespace) -> Policy:
    """What the words of `anonymise` bind a release by."""
    return Policy(
        today=today(),
        place=asked.out,
        catalogue=asked.catalogue,
        propose=asked.propose_catalogue,
        as_before=asked.as_before,
        releases=asked.releases,
        population=asked.population,
        without_earlier=asked.without_earlier,
        cubes=cells_of(asked),
        outside=asked.outside,
    )


def given(asked: Namespace) -> dict[str, Path]:
    """The files that a release is bound by: none of them is replaced by what is written."""
    named = {"the catalogue": asked.catalogue, "the release whose levels are kept": asked.as_before}
    cubes = {f"cube {number}": path for number, path in enumerate(asked.cube, 1)}
    return {name: path for name, path in {**named, **cubes}.items() if path is not None}


def today() -> datetime.date:
    """The day, of which only doors know."""
    return datetime.datetime.now(datetime.UTC).date()


def cells_of(asked: Namespace) -> tuple[CubeCells, ...]:
    """The printed cells of each cube that is named: of its first measure that counts units and has no grid."""
    if not asked.cube:
        return ()
    # The libraries are loaded only now: few releases are made beside a cube.
    from jalostamo.utilising.disclosure.gate import open_printed

    return tuple(_plain(path.name, open_printed(path)) for path in asked.cube)


def _plain(name: str, cube: PrintedCube) -> CubeCells:
    from jalostamo.concepts.errors import Unfit
    from jalostamo.managing.releasing import CellDimension, CubeCells

    counting = [measure.name for measure in cube.measures if measure.kind == "units" and "" in measure.places]
    if not counting:
        raise Unfit(f"{name} has no measure that counts units: rows cannot be compared with it.", reason="cube_measure")
    dimensions = []
    for d in cube.dimensions:
        by_level = range(len(d.levels))
        codes = tuple({value: d.at(code, level) or "" for value, code in d.values.items()} for level in by_level)
        dimensions.append(CellDimension(d.field, codes))
    names = [dimension.name for dimension in cube.dimensions]
    cells = {
        tuple(str(row[dimension]) for dimension in names): int(row["printed"])
        for row in cube.cells.to_pylist()
        if row["measure"] == counting[0] and row["at"] == "" and row["printed"] is not None
    }
    return CubeCells(name, tuple(dimensions), cells, cube.noise.largest)


@contextmanager
def notified(notice: Path | None, *, force: bool) -> Iterator[None]:
    """Write the notice of a continuous analysis that stops, and stop."""
    try:
        yield
    except NoLongerHolds as stopped:
        if notice is not None:
            content = json.dumps(stopped.notice, ensure_ascii=False, allow_nan=False, indent=1)
            write_whole(notice, f"{content}\n".encode(), force=force)
        raise

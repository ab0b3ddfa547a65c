"""How long printing takes: a cube of 10^5 counted cells through the gate, into its file and a ledger that holds others.

The same gate each time; the phases of one run are timed beside looking each cell up by itself in plain Python.
"""

from __future__ import annotations

import argparse
import datetime
import itertools
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.languages import Text
from jalostamo.producing.cubes.counted import CountedCube, schema_of
from jalostamo.producing.cubes.definition import TOTAL, CubeDefinition, Dimension, Measure
from jalostamo.utilising.disclosure.gate import disclose, open_printed
from jalostamo.utilising.disclosure.ledger.ledger import Ledger
from jalostamo.utilising.disclosure.noise import KEY_SPACE, NoiseTable, noise_table
from jalostamo.utilising.disclosure.printed import PrintedCube
from jalostamo.utilising.disclosure.rules import OUTSIDE

TITLE = Text("Asukkaat", "Invånare", "Residents")
SIZES = (40, 20, 10, 9)
PROMISED = 2.0


def dimension(name: str, codes: int) -> Dimension:
    """A dimension of so many codes, in halves at its coarser level."""
    fine = tuple(f"{name}{number}" for number in range(codes))
    halves = {code: f"{name}-{number * 2 // codes}" for number, code in enumerate(fine)}
    levels = (fine, tuple(dict.fromkeys(halves.values())))
    return Dimension(name, f"{name}_code", TITLE, levels, halves, {code[len(name) :]: code for code in fine}, {})


def defined(year: int) -> CubeDefinition:
    """The definition of one year's cube."""
    dimensions = tuple(dimension(name, size) for name, size in zip("abcd", SIZES, strict=True))
    return CubeDefinition(
        *("large", TITLE, "residents", CustomerKind.PERSON),
        *(datetime.date(year, 1, 1), datetime.date(year, 12, 31)),
        *(dimensions, (), (Measure("residents", "units", "persons", TITLE),), (), "d5-v3-js2-p50", 0, f"{year}"),
    )


def counted(definition: CubeDefinition, *, seed: int) -> CountedCube:
    """Counted cells with numbers drawn at random: for their time it does not matter that they do not add up."""
    generator = np.random.default_rng(seed)
    codes = [(*d.codes, TOTAL) for d in definition.dimensions]
    words = [pa.array(column) for column in zip(*itertools.product(*codes), strict=True)]
    size = len(words[0])
    n = generator.poisson(20, size)
    n[-1] = 1_000_000
    plain = {"measure": pa.array(["residents"] * size), "at": pa.array([""] * size)}
    plain |= {d.name: column for d, column in zip(definition.dimensions, words, strict=True)}
    plain |= {"n": pa.array(n), "key": pa.array(generator.integers(0, KEY_SPACE, size))}
    schema = schema_of(definition)
    empty = {"events", "amount", "largest", "second", "negative"}
    values = {name: pa.nulls(size, schema.field(name).type) for name in empty}
    values["structural"] = pa.array(np.zeros(size, dtype=bool))
    table = pa.table([{**plain, **values}[name] for name in schema.names], schema=schema)
    return CountedCube(definition, table, 1_000_000, 7)


def one_by_one(cube: CountedCube, noise: NoiseTable) -> float:
    """The peer: each cell looked up by itself, from the table's rows."""
    start = time.perf_counter()
    for n, key in zip(cube.cells["n"].to_pylist(), cube.cells["key"].to_pylist(), strict=True):
        bound = 0.0
        for v, p in noise.rows[min(n, len(noise.rows) - 1)]:
            bound += p
            if key / KEY_SPACE < bound:
                _ = n + v
                break
    return time.perf_counter() - start


def timed(cube: CountedCube, ledger: Ledger) -> tuple[float, PrintedCube]:
    """The seconds that the gate takes, and what it prints."""
    start = time.perf_counter()
    noise = noise_table(cube.definition.noise)
    printed = disclose(cube, rule=OUTSIDE, noise=noise, ledger=ledger, series="s", source=cube.definition.digest)
    return time.perf_counter() - start, printed


def main() -> None:
    """Print one cube a year into one ledger, and the first one once more."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--years", type=int, default=4)
    years = arguments.parse_args().years
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder))
        cubes = [counted(defined(2010 + year), seed=year) for year in range(years)]
        for number, cube in enumerate(cubes):
            seconds, printed = timed(cube, ledger)
            print(
                f"{printed.cells.num_rows} cells, {number} cubes of other years in the ledger: {seconds:.2f} s",
                flush=True,
            )
        refreshed = counted(defined(2010), seed=99)
        start = time.perf_counter()
        disclose(refreshed, rule=OUTSIDE, noise=noise_table(), ledger=ledger, series="s", source="refreshed")
        seconds = time.perf_counter() - start
        print(
            f"the first year again, refreshed, compared with what was printed of it: {seconds:.2f} s (promised {PROMISED})"
        )
        path = next(Path(folder).glob("*/kept/*"))
        start = time.perf_counter()
        open_printed(path)
        print(f"reading one back, {path.stat().st_size} bytes: {time.perf_counter() - start:.2f} s")
        print(f"looking each cell up by itself, and nothing else: {one_by_one(refreshed, noise_table()):.2f} s")


if __name__ == "__main__":
    main()

"""How long counting every cell and margin of a cube of distinct persons takes, and how much memory, beside DuckDB alone.

The peers, in the same run: one pass that only makes the distinct combinations of person and finest cell, which no way of
counting distinct persons goes without; and, on a share of the persons, DuckDB's own GROUPING SETS of count(DISTINCT).
"""

from __future__ import annotations

import argparse
import datetime
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import duckdb
from measuring import child

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.languages import Text
from jalostamo.engine.connection import open_engine
from jalostamo.producing.cubes.counting import count_cube
from jalostamo.producing.cubes.definition import CubeDefinition, Dimension, Measure

TITLE = Text("Käynnit", "Besök", "Visits")
PROMISED_SECONDS, PROMISED_GIB = 120.0, 6.0
PERSONS = 311_299
SHARE = 100
# Of two cubes: in one, people keep their area and language; in the other, both are as recorded at each event.
MAKING = """
COPY (
    SELECT md5((hash(i) % {persons})::VARCHAR) AS unit,
        'S' || lpad((hash(i + 1) % 24)::VARCHAR, 2, '0') AS service,
        (DATE '2015-01-01' + to_months(3 * (hash(i + 2) % 32)::INT))::DATE AS quarter,
        'A' || lpad((hash({area}) % 36)::VARCHAR, 2, '0') AS area,
        ['fi', 'sv', 'xx'][1 + (hash({language}) % 3)::INT] AS language
    FROM range({rows}) t(i)
) TO '{folder}/events.parquet' (FORMAT parquet);
COPY (SELECT unit, (hash(unit) % 100000000)::BIGINT AS record_key FROM (SELECT DISTINCT unit FROM '{folder}/events.parquet'))
TO '{folder}/keys.parquet' (FORMAT parquet);
"""
CONSTANT = {"area": "hash(i) % {persons} + 3", "language": "hash(i) % {persons} + 5"}
CHANGING = {"area": "i + 3", "language": "i + 5"}
PASS = """
import duckdb, sys
connected = duckdb.connect(config={"memory_limit": "4GiB"})
connected.execute("SET enable_progress_bar = false")
connected.execute(f"SET temp_directory = '{sys.argv[1]}/spill'")
connected.execute("CREATE TEMP TABLE found AS "
    f"SELECT DISTINCT unit, service, quarter, area, language FROM '{sys.argv[1]}/events.parquet'")
"""
SETS = """
import duckdb, sys
connected = duckdb.connect(config={"memory_limit": "4GiB"})
connected.execute("SET enable_progress_bar = false")
connected.execute(f"SET temp_directory = '{sys.argv[1]}/spill'")
levels = [["service", "service[1:2]"], ["quarter", "year(quarter)"], ["area", "area[1:2]"], ["language"]]
sets = [[]]
for level in levels:
    sets = [chosen + added for chosen in sets for added in ([], *([each] for each in level))]
listed = ", ".join("(" + ", ".join(each) + ")" for each in sets)
connected.execute("CREATE TEMP TABLE found AS SELECT service, service[1:2], quarter, year(quarter), area, area[1:2], language, "
    f"count(DISTINCT unit) AS n FROM '{sys.argv[1]}/events.parquet' GROUP BY GROUPING SETS ({listed})")
"""


def dimension(name: str, levels: list[Mapping[str, str]]) -> Dimension:
    """A dimension on the field of its name."""
    codes = tuple(tuple(dict.fromkeys(level.values())) for level in levels)
    parents = {
        code: above[value] for code, above in zip(levels, levels[1:], strict=False) for value, code in code.items()
    }
    labels = {code: TITLE for level in codes for code in level}
    return Dimension(name, name, TITLE, codes, parents, levels[0], labels)


def cube() -> CubeDefinition:
    """Persons by service and group of services, quarter and year, area and district, and language."""
    first = datetime.date(2015, 1, 1)
    quarters = [first.replace(year=2015 + n // 4, month=1 + 3 * (n % 4)).isoformat() for n in range(32)]
    coarse = {"service": [f"S{n:02}" for n in range(24)], "area": [f"A{n:02}" for n in range(36)]}
    dimensions = [dimension(name, [{c: c for c in codes}, {c: c[:2] for c in codes}]) for name, codes in coarse.items()]
    dimensions.insert(1, dimension("quarter", [{q: q for q in quarters}, {q: q[:4] for q in quarters}]))
    dimensions.append(dimension("language", [{code: code for code in ("fi", "sv", "xx")}]))
    measure = Measure("persons", "units", "events", TITLE)
    days = (first, datetime.date(2022, 12, 31))
    return CubeDefinition(
        "benchmark",
        TITLE,
        "nobody",
        CustomerKind.PERSON,
        *days,
        tuple(dimensions),
        (),
        (measure,),
        (),
        "none",
        0,
        "0" * 64,
    )


def count(folder: Path) -> None:
    """Count, in this process, and tell the seconds and the cells; the one who started it measures its memory."""
    with (
        tempfile.TemporaryDirectory(dir=folder) as workspace,
        open_engine(workspace=Path(workspace), memory="4GiB") as engine,
    ):
        tables = {name: engine.read_parquet(folder / f"{name}.parquet") for name in ("events", "keys")}
        began = time.perf_counter()
        counted = count_cube(engine, cube(), tables)
        print(f"{time.perf_counter() - began} {counted.cells.num_rows} {counted.units}")


def make(folder: Path, rows: int, persons: int, source: Mapping[str, str]) -> None:
    """The events and the keys of one cube."""
    filled = {name: text.format(persons=persons) for name, text in source.items()}
    duckdb.execute(MAKING.format(folder=folder, rows=rows, persons=persons, **filled))


def compare(folder: Path, rows: int, name: str, source: Mapping[str, str]) -> None:
    """Count one cube at its size beside a single pass, and a share of it beside GROUPING SETS; print all."""
    make(folder, rows, PERSONS, source)
    floor = child([sys.executable, "-c", PASS, str(folder)])
    counted = child([sys.executable, __file__, str(folder), "--count"])
    seconds, cells, units = counted.said.split()
    print(f"{name}: {rows:,} events of {int(units):,} persons, {int(cells):,} cells")
    print(
        f"  counted in {float(seconds):.1f} s ({counted.seconds:.1f} s with its process), at most {counted.memory:.2f} GiB"
    )
    times = counted.seconds / floor.seconds
    print(f"  one pass of DISTINCT {floor.seconds:.1f} s, at most {floor.memory:.2f} GiB: {times:.1f} times")
    print(f"  promised: {PROMISED_SECONDS:.0f} s and {PROMISED_GIB:.0f} GiB")
    make(folder, rows // SHARE, PERSONS // SHARE, source)
    floor = child([sys.executable, "-c", SETS, str(folder)])
    counted = child([sys.executable, __file__, str(folder), "--count"])
    print(f"  of every {SHARE}th person: counted in {counted.seconds:.1f} s, {counted.memory:.2f} GiB")
    print(f"  GROUPING SETS {floor.seconds:.1f} s, {floor.memory:.2f} GiB: ratio {counted.seconds / floor.seconds:.2f}")


def main() -> None:
    """Make the events, count them both ways, and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=37_000_000)
    parser.add_argument("--count", action="store_true", help="count what is in FOLDER, in this process")
    asked = parser.parse_args()
    if asked.count:
        count(asked.folder)
        return
    for name, source in {"Constant per person": CONSTANT, "Nothing constant": CHANGING}.items():
        with tempfile.TemporaryDirectory(dir=asked.folder) as place:
            compare(Path(place), asked.rows, name, source)


if __name__ == "__main__":
    main()

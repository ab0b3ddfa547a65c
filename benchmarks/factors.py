"""How long a screen of factors takes, and how much memory: everybody's contacts, and what their families used.

The town is drawn in the engine from a seed: every hundredth household uses the start, and one of the services makes that
likelier, which the screen must put first.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from measuring import child

from jalostamo.concepts.customers import CustomerKind
from jalostamo.engine.connection import open_engine
from jalostamo.managing.sections import Section
from jalostamo.producing.analyses.journeys import Grain, Journeys, Tie
from jalostamo.producing.analyses.methods.factor_screen import METHOD
from jalostamo.producing.analyses.setting import Setting

PROMISED_SECONDS, PROMISED_GIB = 360.0, 6.0
FIRST, AFTER = 2015 * 12, 2023 * 12
MEMBERS, SERVICES = 3, 50
PLANTED, LAG, ADDED = "S07", 8, 0.03
# Contacts of a person follow how much that person uses at all: one in ten eight times as much as the others.
MAKING = """
COPY (
    SELECT md5(i::VARCHAR) AS "case", md5((i // {members})::VARCHAR || 'h') AS unit, NULL::VARCHAR AS "group",
        CASE WHEN i % {members} = 0 THEN 1998 + hash(i) % 25 ELSE 1940 + hash(i) % 58 END::BIGINT AS birth_year,
        ['1', '2'][1 + (hash(i + 1) % 2)::INT] AS sex, ['fi', 'sv', 'xx'][1 + (hash(i + 2) % 3)::INT] AS language,
        CASE WHEN hash(i + 3) % 10 = 0 THEN {first} + hash(i + 4) % 96 ELSE {first} END::BIGINT AS since,
        {after}::BIGINT AS "left"
    FROM range({people}) t(i)
) TO '{folder}/cases.parquet' (FORMAT parquet);
CREATE TEMP TABLE contacts AS
    SELECT i AS "row", CASE WHEN hash(i) % 17 < 8 THEN (hash(i + 1) % ({people} // 10)) * 10 ELSE hash(i + 1) % {people} END AS who,
        'S' || lpad((hash(i + 2) % {services})::VARCHAR, 2, '0') AS service, ({first} + hash(i + 3) % 96)::BIGINT AS "at"
    FROM range({rows}) t(i);
CREATE TEMP TABLE starts AS
    SELECT {rows} + i AS "row", i AS who, 'START' AS service, ({first} + hash(i + 9) % 96)::BIGINT AS "at"
    FROM range({people}) t(i) WHERE hash(i + 8) % 100 < 4
    UNION ALL SELECT 2 * {rows} + "row", who, 'START', "at" + {lag} FROM contacts
    WHERE service = '{planted}' AND hash("row" + 7) % 1000 < 1000 * {added} AND "at" + {lag} < {after};
COPY (
    SELECT md5(who::VARCHAR) AS "case", "row"::BIGINT AS "row", service, "at", NULL::BIGINT AS until
    FROM (SELECT * FROM contacts UNION ALL SELECT * FROM starts)
) TO '{folder}/events.parquet' (FORMAT parquet);
"""


def screen(folder: Path, ages: str) -> None:
    """Screen, in this process, and tell the seconds of clock and CPU; the one who started it measures its memory."""
    parameters: dict[str, object] = {"start": ["START"], "attributes": ["sex", "language"]}
    if ages:
        parameters["ages"] = [int(age) for age in ages.split("-")]
    setting = Setting(CustomerKind.PERSON, CustomerKind.HOUSEHOLD, Tie.ROW, None, {})
    with (
        tempfile.TemporaryDirectory(dir=folder) as workspace,
        open_engine(workspace=Path(workspace), memory="4GiB") as engine,
    ):
        tables = {name: engine.read_parquet(folder / f"{name}.parquet") for name in ("events", "cases")}
        journeys = Journeys(tables["events"], tables["cases"], Grain.MONTH, Tie.ROW, (FIRST, AFTER))
        began, used = time.perf_counter(), time.process_time()
        facts, found = METHOD.measure(engine, journeys, setting, METHOD.read(Section(parameters, "benchmark")))
        print(f"{time.perf_counter() - began} {time.process_time() - used}")
        print(f"  {facts}")
        for row in found["factors"].mappings()[:3]:
            print(
                f"  {row['factor']} {row['whose']} {row['months_before']}: {row['ratio']}, precedes: {row['precedes']}"
            )
        print(f"  found to precede: {sum(bool(precedes) for precedes in found['factors'].column('precedes'))}")


def main() -> None:
    """Make the town, screen children's starts and everybody's, and print what both took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=37_000_000)
    parser.add_argument("--people", type=int, default=520_000)
    parser.add_argument(
        "--screen", metavar="AGES", help="screen what is in FOLDER, in this process; 'all' for every age"
    )
    asked = parser.parse_args()
    if asked.screen:
        screen(asked.folder, "" if asked.screen == "all" else asked.screen)
        return
    with tempfile.TemporaryDirectory(dir=asked.folder) as place:
        sizes = {"rows": asked.rows, "people": asked.people, "members": MEMBERS, "services": SERVICES}
        planted = {"planted": PLANTED, "lag": LAG, "added": ADDED}
        with duckdb.connect(config={"memory_limit": "4GiB", "temp_directory": f"{place}/spill"}) as connected:
            connected.execute(MAKING.format(folder=place, first=FIRST, after=AFTER, **sizes, **planted))
        for ages in ("0-17", "all"):
            run = child([sys.executable, __file__, place, "--screen", ages])
            peak, said = run.memory, run.said
            (clock, cpu), told = map(float, said.split("\n", 1)[0].split()), said.split("\n", 1)[1]
            print(f"{asked.rows:,} contacts of {asked.people:,} people, ages at risk {ages}:")
            print(f"  screened in {clock:.1f} s by the clock, {cpu:.1f} CPU s, at most {peak:.2f} GiB")
            print(told, end="")
        print(f"promised: {PROMISED_SECONDS:.0f} s on 2 quiet cores, and {PROMISED_GIB:.0f} GiB")


if __name__ == "__main__":
    main()

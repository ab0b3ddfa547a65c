"""What sealing costs beside the same tables written plainly, and how long pseudonyms of many rows take beside their plain join.

All in one run, each the best of some; an engine of its own for each, so that neither has the other's memory.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.engine.connection import Engine, open_engine
from jalostamo.engine.sealing import Sealing
from jalostamo.managing.manifests import digest_of
from jalostamo.managing.sensitive.preparing.pseudonyms import PseudonymKey

PERSONS = 350_000
PROMISED_SECONDS = 3.0
MAKING = """
CREATE TEMP TABLE rows AS SELECT i AS record_,
    printf('%06d-9%02d%s', (person * 7919 % 311299)::BIGINT, (person % 100)::BIGINT,
        substr('0123456789ABCDEFHJKLMNPRSTUVWXY', 1 + (person % 31)::INT, 1)) || (person // 31)::VARCHAR AS code,
    ['1', '2', '3', '4', '5', '6'][1 + (hash(i + 3) % 6)::INT] AS service,
    DATE '2020-01-01' + (hash(i + 5) % 1800)::INT AS began, 'Palvelupiste ' || (hash(i + 9) % 400)::VARCHAR AS unit
FROM (SELECT i, (hash(i) % {persons})::BIGINT AS person FROM range({rows}) t(i))
"""


def timed(do: Callable[[], object], *, times: int) -> tuple[float, float]:
    """The least seconds that something took, by the clock and of all processors together."""
    found = []
    for _ in range(times):
        began, used = time.perf_counter(), time.process_time()
        do()
        found.append((time.perf_counter() - began, time.process_time() - used))
    return min(found)


def pseudonymised(engine: Engine, rows: ir.Table) -> ir.Table:
    """Rows with a pseudonym in place of each code: of the distinct codes, outside the engine, as preparing does."""
    key = PseudonymKey()
    codes = rows.select("code").distinct().to_pyarrow()["code"].to_pylist()
    names = pa.table({"code": codes, "person": key.pseudonyms(codes, kind="person")})
    return engine.keep(rows.inner_join(engine.in_memory(names), "code").drop("code"))


def sealing_told(folder: Path, rows: int, times: int) -> dict[str, tuple[tuple[float, float], tuple[float, float]]]:
    """What each act takes, plainly and sealed."""
    plain, sealed = folder / "plain.parquet", folder / "sealed.parquet"
    with open_engine(workspace=folder) as engine:
        engine.backend.con.execute(MAKING.format(rows=rows, persons=PERSONS))
        table, sealing = engine.backend.table("rows"), Sealing(engine)

        def counted(read: Callable[[], ir.Table]) -> Callable[[], object]:
            return lambda: engine.rows(read().group_by("service").agg(n=lambda t: t.code.nunique()))

        return {
            "writing": (
                timed(lambda: engine.write_parquet(table, plain), times=times),
                timed(lambda: sealing.write(table, sealed), times=times),
            ),
            "reading": (
                timed(counted(lambda: engine.read_parquet(plain)), times=times),
                timed(counted(lambda: sealing.read(sealed)), times=times),
            ),
            "digest": (
                timed(lambda: digest_of(plain), times=times),
                timed(lambda: sealing.digest(sealed), times=times),
            ),
        }


def pseudonyms_told(folder: Path, rows: int, times: int) -> tuple[float, float]:
    """What pseudonymising takes."""
    with open_engine(workspace=folder) as engine:
        engine.backend.con.execute(MAKING.format(rows=rows, persons=PERSONS))
        table = engine.backend.table("rows").select("record_", "code", "service")
        return timed(lambda: pseudonymised(engine, table), times=times)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where tables are laid down, and removed again")
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--times", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        seconds, used = pseudonyms_told(Path(folder), asked.rows, asked.times)
        many = f"pseudonyms of {asked.rows:,} rows of {PERSONS:,} persons"
        print(f"{many}: {seconds:.1f} s, {used:.1f} s of processors (promised: {PROMISED_SECONDS:g} s on 2)")
        for act, (plain, sealed) in sealing_told(Path(folder), asked.rows, asked.times).items():
            ratio = sealed[1] / plain[1]
            print(f"{act}: {plain[0]:.2f} s plainly, {sealed[0]:.2f} s sealed: {ratio:.2f} times the processors' time")
    return int(seconds > PROMISED_SECONDS)


if __name__ == "__main__":
    raise SystemExit(main())

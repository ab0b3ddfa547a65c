"""How long reading and checking a large delimited file takes beside DuckDB's own conversion of it to Parquet, and how much memory.

Each reading is a process of its own, one after the other, so that neither has the other's memory; both files have the types
that the description declares.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from jalostamo.concepts.code_lists import Code, CodeList
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Field, FieldType, RegisterTable, Sensitivity
from jalostamo.engine.connection import open_engine
from jalostamo.managing.reading.reader import Reader

TITLE = Text("Käynti", "Besök", "Visit")
CODES = {"service": tuple("123456"), "language": ("fi", "sv", "en", "so", "ru")}
PROMISED = 2.5
MAKING = """
COPY (
    SELECT i AS id,
        printf('%06d-9%02d%s', (hash(i) % 311299)::BIGINT, (hash(i + 1) % 100)::BIGINT,
            substr('0123456789ABCDEFHJKLMNPRSTUVWXY', 1 + (hash(i + 2) % 31)::INT, 1)) AS code,
        ['1', '2', '3', '4', '5', '6'][1 + (hash(i + 3) % 6)::INT] AS service,
        ['fi', 'sv', 'en', 'so', 'ru'][1 + (hash(i + 4) % 5)::INT] AS language,
        DATE '2020-01-01' + (hash(i + 5) % 1800)::INT AS began, DATE '2020-01-01' + (hash(i + 6) % 1800)::INT AS ended,
        ((hash(i + 7) % 100000) / 100)::DECIMAL(9, 2) AS hours, hash(i + 8) % 2 = 0 AS flag,
        'Palvelupiste ' || (hash(i + 9) % 400)::VARCHAR AS unit
    FROM range({rows}) t(i)
) TO '{path}' (FORMAT csv, HEADER)
"""
PEER = """
import duckdb, sys
columns = {'id': 'BIGINT', 'code': 'VARCHAR', 'service': 'VARCHAR', 'language': 'VARCHAR', 'began': 'DATE', 'ended': 'DATE',
    'hours': 'DECIMAL(18, 4)', 'flag': 'BOOLEAN', 'unit': 'VARCHAR'}
connected = duckdb.connect()
connected.execute("SET enable_progress_bar = false")
connected.execute(f"COPY (FROM read_csv('{sys.argv[1]}', columns = {columns}, header = true, auto_detect = false)) "
    f"TO '{sys.argv[2]}' (FORMAT parquet)")
"""


def described() -> tuple[RegisterTable, dict[str, CodeList]]:
    """The description of the file, and its code lists."""
    kinds = {"id": FieldType.INTEGER, "code": FieldType.PERSONAL_IDENTITY_CODE, "service": FieldType.CODE}
    kinds |= {"language": FieldType.CODE, "began": FieldType.DATE, "ended": FieldType.DATE, "hours": FieldType.DECIMAL}
    kinds |= {"flag": FieldType.BOOLEAN, "unit": FieldType.TEXT}
    fields = tuple(
        Field(
            name,
            name,
            kind,
            Sensitivity.DIRECT_IDENTIFIER if name == "code" else Sensitivity.ORDINARY,
            TITLE,
            code_list=name if kind is FieldType.CODE else None,
            required=name == "id",
        )
        for name, kind in kinds.items()
    )
    lists = {name: CodeList(name, "1", tuple(Code(code, TITLE) for code in codes)) for name, codes in CODES.items()}
    return RegisterTable("visits", "visits.csv", fields, key=("id",)), lists


def peer(folder: Path) -> float:
    """The seconds that DuckDB's own conversion takes."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", PEER, folder / "visits.csv", folder / "peer.parquet"], check=True)
    took = time.perf_counter() - began
    (folder / "peer.parquet").unlink()
    return took


def ours(folder: Path, rows: int) -> tuple[float, float]:
    """The seconds that reading takes, its process started anew; and the most memory it had, in GiB."""
    declared, lists = described()
    with tempfile.TemporaryDirectory(dir=folder) as workspace, open_engine(workspace=Path(workspace)) as engine:
        reader = engine.company(Reader, lambda: Reader(Path(workspace)))
        began = time.perf_counter()
        reading = reader.read(engine, declared, folder, code_lists=lists)
        took = time.perf_counter() - began
        assert (reading.records, reading.loaded, reading.rejections) == (rows, rows, ())
        assert reader._child is not None
        told = Path(f"/proc/{reader._child.pid}/status").read_text(encoding="ascii")
    (peak,) = (line.split()[1] for line in told.splitlines() if line.startswith("VmHWM"))
    return took, int(peak) / 2**20


def main() -> None:
    """Make the file, read it both ways in turn, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=37_000_000)
    parser.add_argument("--turns", type=int, default=2)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as place:
        folder = Path(place)
        duckdb.execute(MAKING.format(rows=asked.rows, path=folder / "visits.csv"))
        print(f"{asked.rows:,} records, {(folder / 'visits.csv').stat().st_size / 1e9:.2f} GB")
        turns = [(peer(folder), *ours(folder, asked.rows)) for _ in range(asked.turns)]
    for peers, own, peak in turns:
        print(f"DuckDB {peers:.1f} s, ours {own:.1f} s: {own / peers:.2f} times; at most {peak:.2f} GiB")
    best = min(own for _, own, _ in turns) / min(peers for peers, _, _ in turns)
    print(f"Ratio of the best turns: {best:.2f} (promised: {PROMISED})")
    print(f"This process itself: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


if __name__ == "__main__":
    main()

"""A process that leaves Pandas out keeps, writes and counts as any other does."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from pathlib import Path
import pyarrow as pa
from jalostamo.engine.connection import open_engine
from jalostamo.engine.leaving_out import leave_out_pandas
if sys.argv[2] == "left out":
    leave_out_pandas()
folder = Path(sys.argv[1])
with open_engine(workspace=folder) as engine:
    kept = engine.keep(engine.in_memory(pa.table({"number": [1, None], "letter": pa.array(["a", "b"])})))
    engine.write_parquet(kept, folder / "kept.parquet")
    print(engine.rows(engine.read_parquet(folder / "kept.parquet").order_by("letter")))
print("pandas" in sys.modules)
"""


@pytest.mark.parametrize(("asked", "loads_pandas"), [("left out", False), ("as usual", True)])
def test_the_engine_loads_pandas_unless_it_is_left_out(asked: str, loads_pandas: bool, tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROGRAM, str(tmp_path), asked]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    assert told == ["[{'number': 1, 'letter': 'a'}, {'number': None, 'letter': 'b'}]", str(loads_pandas)]

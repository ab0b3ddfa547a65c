"""What is counted needs memory: where there is too little, one sentence says so, and no text of the engine's."""

from __future__ import annotations

from pathlib import Path

import pytest

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import open_engine
from jalostamo.engine.packing import arrow_of, within_memory


def test_counting_beyond_the_memory_there_is_is_told_in_one_sentence(tmp_path: Path) -> None:
    with open_engine(workspace=tmp_path, memory="64MiB") as engine:
        # A list of all rows in one cell cannot be spilled.
        listed = engine.backend.sql("SELECT list(hash(i)) AS every FROM range(100_000_000) AS numbers(i)")
        with (
            pytest.raises(Unfit, match=r"^Reading it takes more memory or disk than it may\.$") as refused,
            within_memory(),
        ):
            arrow_of(engine, listed)
    assert refused.value.reason == "reading_limit"

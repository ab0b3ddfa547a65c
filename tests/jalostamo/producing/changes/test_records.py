"""Two extracts are compared as by hand, and what was taken out of their difference part by part makes the newer one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jalostamo.engine.connection import Engine, open_engine
from jalostamo.producing.analyses.findings import Findings, Found
from jalostamo.producing.changes.records import Extract, Part, compare
from jalostamo.producing.changes.splitting import seen_alone

CODES = [("C", "D")]


class Told(NamedTuple):
    """What a record says."""

    case: str
    activity: str
    time: int
    group: str | None


told = st.builds(Told, st.sampled_from("12"), st.sampled_from("ABCD"), st.integers(0, 4), st.sampled_from(["x", None]))
extract = st.lists(told, min_size=1, max_size=40)


@pytest.fixture(scope="module")
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with open_engine(workspace=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


def read(engine: Engine, records: list[Told]) -> Extract:
    """An extract as a log is read."""
    columns = {name: [getattr(each, name) for each in records] for name in Told._fields}
    types = {"case": pa.string(), "activity": pa.string(), "time": pa.int64(), "group": pa.string()}
    arrays = {name: pa.array(values, types[name]) for name, values in columns.items()}
    return Extract(engine.in_memory(pa.table(arrays | {"row": pa.array(range(1, len(records) + 1), pa.int64())})))


def by_hand(old: list[Told], new: list[Told]) -> dict[str, int]:
    """How many records each part has, counted in plain Python."""
    removed, added = Counter(old) - Counter(new), Counter(new) - Counter(old)
    recoded = 0
    for one, other in CODES:
        for record in [record for record in removed if record.activity == one]:
            called = record._replace(activity=other)
            pairs = min(removed[record], added[called])
            recoded += pairs
            removed[record] -= pairs
            added[called] -= pairs
    last, first = max(record.time for record in old), min(record.time for record in new)
    newer = sum(n for record, n in added.items() if record.time > last)
    left = sum(n for record, n in removed.items() if record.time < first)
    return {
        "old": len(old),
        "new": len(new),
        "recoded": recoded,
        "removed": removed.total() - left,
        "corrected": 0,
        "late": 0,
        "late_or_corrected": added.total() - newer,
        "new_period": newer,
        "period_left": left,
    }


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(old=extract, new=extract)
def test_records_are_compared_as_by_hand_and_their_parts_make_the_newer_log(
    duckdb: Engine, old: list[Told], new: list[Told]
) -> None:
    found = compare(duckdb, read(duckdb, old), read(duckdb, new), codes=CODES)
    assert found.counts == by_hand(old, new)
    before_order = [table for part, table in found.logs.items() if part is not Part.ORDER]
    made = duckdb.rows(before_order[-1]) if before_order else [record._asdict() for record in old]
    assert Counter(Told(*(row[name] for name in Told._fields)) for row in made) == Counter(new)


def test_of_printed_counts_what_is_beyond_noise_is_said_and_nothing_else() -> None:
    def printed(cases: int, median: float) -> Findings:
        table = Found(("group", "service", "cases", "median"), (("", "A", cases, median), ("", "B", 40, 1.0)))
        return Findings(
            "f", "step_map", "d", "s", "person", "person", "months", {"noise": "n"}, {"steps": table}, protected=True
        )

    changes = seen_alone(printed(100, 2.0), printed(108, 2.5), variance=8.0)
    assert changes.noise == 4.0
    assert [(each.place.name, changes.is_beyond_noise(each)) for each in changes.figures] == [
        ("cases", True),
        ("median", None),
    ]
    assert seen_alone(printed(100, 2.0), printed(107, 2.0), variance=8.0).as_mapping()["figures"] == [
        {
            "table": "steps",
            "row": ["", "A"],
            "figure": "cases",
            "old": 100,
            "new": 107,
            "difference": 7,
            "parts": {"unknown": 7},
            "beyond_noise": False,
        }
    ]

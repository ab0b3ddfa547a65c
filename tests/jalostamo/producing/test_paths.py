"""Customer paths equal those of the naive twin, on every engine, whatever the ties."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.producing.naive_paths import Event, naive_paths

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import MOST_ROWS_IN_PYTHON, Engine, open_engine
from jalostamo.producing.path_results import Paths
from jalostamo.producing.paths import paths_in
from jalostamo.producing.prepared_log import Tie

SECOND = 1_000_000
EVENTS = pa.schema(
    [
        ("case", pa.string()),
        ("activity", pa.string()),
        ("time", pa.int64()),
        ("row", pa.int64()),
        ("group", pa.string()),
    ]
)


@pytest.fixture(scope="module")
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The embedded engine."""
    with open_engine(workspace=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A Spark session of this process."""
    with open_engine("local[2]", workspace=tmp_path_factory.mktemp("spark")) as opened:
        yield opened


def paths(engine: Engine, events: Sequence[Event], *, tie: str = "row", grouped: bool = False) -> Paths:
    """The paths of some events."""
    table = pa.Table.from_pylist([event._asdict() for event in events], schema=EVENTS)
    return paths_in(engine, engine.in_memory(table), tie=Tie(tie), grouped=grouped)


def log(*cases: str) -> list[Event]:
    """A log drawn as words: each word a case, each letter an activity, a second apart; "AB=C" ties B and C."""
    events: list[Event] = []
    for case, word in enumerate(cases):
        time = 0
        for letter in word:
            if letter == "=":
                time -= SECOND
                continue
            events.append(Event(str(case), letter, time, len(events) + 1))
            time += SECOND
    return events


def test_starts_and_ends_count_cases(duckdb: Engine) -> None:
    found = paths(duckdb, log("ABC", "AC", "BC", "B"))
    assert (found.starts, found.ends) == ({"A": 2, "B": 2}, {"C": 3, "B": 1})


def test_edges_count_steps_and_cases_and_loops(duckdb: Engine) -> None:
    found = paths(duckdb, log("AAAB", "AB"))
    assert [(edge.source, edge.target, edge.count, edge.cases) for edge in found.edges] == [
        ("A", "A", 2, 1),
        ("A", "B", 2, 2),
    ]


def test_the_middle_pair_is_averaged(duckdb: Engine) -> None:
    gaps = [1, 2, 5, 100]
    events = [Event(str(gap), "AB"[i], i * gap * SECOND + 1, 2 * gap + i) for gap in gaps for i in (0, 1)]
    (edge,) = paths(duckdb, events).edges
    assert (edge.median_seconds, edge.mean_seconds) == (3.5, 27.0)


def test_a_tie_follows_the_file_or_the_name(duckdb: Engine) -> None:
    events = log("AC=B", "AB=C")
    by_row, by_name = paths(duckdb, events, tie="row"), paths(duckdb, events, tie="activity")
    assert [variant.path for variant in by_row.top_variants] == [("A", "B", "C"), ("A", "C", "B")]
    assert [variant.path for variant in by_name.top_variants] == [("A", "B", "C")]
    assert by_row.tied_neighbour_pairs == by_name.tied_neighbour_pairs == 2


def test_variants_of_one_count_stand_in_the_order_of_lists(duckdb: Engine) -> None:
    # As one text with any separator, "a b" and "a" + "b" would stand otherwise, or be one.
    words = [
        ["a", "b"],
        ["a\tb"],
        ["a b"],
        ["a"],
        ["a", "", "b"],
        ["a\x1fb"],
        ["\x01"],
        ["ä"],
        ["\U0001f600"],
        ["\uffff"],
    ]
    words = [[name or "-" for name in word] for word in words]
    events = [
        Event(str(case), name, place, case * 10 + place)
        for case, word in enumerate(words)
        for place, name in enumerate(word)
    ]
    found = paths(duckdb, events)
    assert [list(variant.path) for variant in found.top_variants] == sorted(words)


def test_twenty_variants_are_shown_of_all(duckdb: Engine) -> None:
    found = paths(duckdb, log(*("A" * length for length in range(1, 31)), "AA"))
    assert (found.variants, len(found.top_variants)) == (30, 20)
    assert (found.top_variants[0].path, found.top_variants[0].count) == (("A", "A"), 2)


def test_a_case_has_the_group_of_its_first_event(duckdb: Engine) -> None:
    events = [
        Event("1", "A", 2, 1, "late"),
        Event("1", "B", 1, 2, "first"),
        Event("2", "A", 1, 3, None),
        Event("2", "B", 2, 4, "late"),
    ]
    found = paths(duckdb, events, grouped=True)
    assert {name: group.cases for name, group in found.groups.items()} == {"first": 1, "null": 1}


def test_missing_groups_and_groups_called_null_are_not_mixed(duckdb: Engine) -> None:
    events = [Event("1", "A", 1, 1, None), Event("2", "A", 1, 2, "null")]
    with pytest.raises(Unfit, match="one place for both"):
        paths(duckdb, events, grouped=True)


def test_no_events_make_no_paths(duckdb: Engine) -> None:
    assert paths(duckdb, [], grouped=True).as_mapping() == naive_paths([], tie="row", grouped=True)


def test_more_values_than_can_be_counted_are_refused(duckdb: Engine) -> None:
    numbers = pa.array(range(MOST_ROWS_IN_PYTHON + 1), pa.int64())
    columns = {"case": numbers, "activity": numbers, "time": numbers, "row": numbers, "group": numbers}
    table = pa.table(columns).cast(EVENTS)
    with pytest.raises(Unfit, match="too many different"):
        paths_in(duckdb, duckdb.in_memory(table))


def test_sums_of_time_beyond_64_bits_are_exact(duckdb: Engine) -> None:
    century = 100 * 365 * 86_400 * SECOND
    events = [Event(str(case), "AB"[i], i * (century + case), 2 * case + i) for case in range(4_000) for i in (0, 1)]
    assert paths(duckdb, events).as_mapping() == naive_paths(events, tie="row", grouped=False)


activities = st.sampled_from(["A", "B", "AA", "Ä", "b c", "\x1f"])
drawn_events = st.lists(
    st.tuples(
        st.sampled_from("123"),
        activities,
        st.integers(0, 4) | st.integers(-(10**15), 10**15),
        st.sampled_from("xy") | st.none(),
    ),
    max_size=25,
).map(
    lambda drawn: [Event(case, name, time, row, group) for row, (case, name, time, group) in enumerate(drawn, start=1)]
)


@pytest.mark.parametrize("tie", ["row", "activity"])
@given(events=drawn_events, order=st.randoms(use_true_random=False))
def test_paths_are_those_of_the_naive_twin(duckdb: Engine, tie: str, events: list[Event], order: object) -> None:
    expected = naive_paths(events, tie=tie, grouped=True)
    order.shuffle(events)  # type: ignore[attr-defined]  # in the engine, rows have no order but their number
    assert paths(duckdb, events, tie=tie, grouped=True).as_mapping() == expected


@pytest.mark.spark
# PySpark leaves sockets to be closed by chance.
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
@pytest.mark.parametrize("tie", ["row", "activity"])
def test_paths_are_the_same_to_the_byte_on_spark(duckdb: Engine, spark: Engine, tie: str) -> None:
    events = [
        Event(str(n * 7 % 40), "ABCÄ"[n * n % 11 % 4], n * n % 17 * 333_333, n, ("x", "y", None)[n % 3])
        for n in range(600)
    ]
    written = [json.dumps(paths(engine, events, tie=tie, grouped=True).as_mapping()) for engine in (duckdb, spark)]
    assert written[0] == written[1]
    assert json.loads(written[1]) == naive_paths(events, tie=tie, grouped=True)


def read_receipt(path: Path) -> list[Event]:
    """Read the receipt log with Python alone."""
    with path.open(newline="") as opened:
        return [
            Event(
                record["case:concept:name"],
                record["concept:name"],
                microseconds(record["time:timestamp"]),
                row,
                record["case:channel"] or None,
            )
            for row, record in enumerate(csv.DictReader(opened))
        ]


def read_bpic(path: Path) -> list[Event]:
    """Read the loan log with Python's own XML reader, all at once."""
    events = []
    with gzip.open(path) as opened:
        for trace in ElementTree.parse(opened).getroot().iter("{http://www.xes-standard.org/}trace"):
            names = {attribute.get("key"): attribute.get("value", "") for attribute in trace}
            for event in trace.iter("{http://www.xes-standard.org/}event"):
                told = {attribute.get("key"): attribute.get("value", "") for attribute in event}
                time = microseconds(told["time:timestamp"])
                events.append(Event(names["concept:name"], told["concept:name"], time, len(events)))
    return events


def microseconds(written: str) -> int:
    """A time by Python's own reading."""
    moment = datetime.fromisoformat(written)
    return int(moment.timestamp()) * SECOND + moment.microsecond


@pytest.mark.slow
@pytest.mark.parametrize(
    ("read", "name", "tie", "edges", "variants"),
    [
        (read_receipt, "receipt.csv", "row", 99, 116),
        pytest.param(read_bpic, "bpic2012.xes.gz", "row", 125, 4_366, marks=pytest.mark.deep),
        pytest.param(read_bpic, "bpic2012.xes.gz", "activity", 102, 3_792, marks=pytest.mark.deep),
    ],
    ids=["receipt", "bpic-by-row", "bpic-by-name"],
)
def test_paths_of_public_logs_are_those_of_the_naive_twin(
    read: Callable[[Path], list[Event]],
    name: str,
    tie: str,
    edges: int,
    variants: int,
    duckdb: Engine,
    shared_data: Callable[[str], Path],
) -> None:
    events = read(shared_data(f"paths/{name}"))
    found = paths(duckdb, events, tie=tie, grouped=True)
    assert (len(found.edges), found.variants) == (edges, variants)
    assert found.as_mapping() == naive_paths(events, tie=tie, grouped=True)

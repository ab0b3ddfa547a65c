"""What precedes and follows a service equals the naive twin's, on every engine, whatever the ties."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.jalostamo.producing.naive_before_after import Use, naive_before_after

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.producing.before_after import before_after_in
from jalostamo.producing.prepared_log import prepare
from jalostamo.producing.relative_risk import Stratum, mantel_haenszel
from jalostamo.producing.service_pairs import service_pairs

PAIRED = ("service", "users_before", "users_same_day", "users_after", "users_any", "users_both", "lift")
EVENTS = pa.schema(
    [
        ("case", pa.string()),
        ("activity", pa.string()),
        ("time", pa.int64()),
        ("row", pa.int64()),
        ("group", pa.string()),
        ("day", pa.int32()),
    ]
)


@pytest.fixture(scope="module")
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The embedded engine."""
    with open_engine(workspace=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


def found(engine: Engine, events: Sequence[Use], *, grouped: bool = False) -> dict[str, Any]:
    """What is found around the service A."""
    table = pa.Table.from_pylist([event._asdict() for event in events], schema=EVENTS)
    return before_after_in(engine, engine.in_memory(table), "A", grouped=grouped).as_mapping()


def pairs(engine: Engine, events: Sequence[Use]) -> list[dict[str, Any]]:
    """All pairs of services at once."""
    table = pa.Table.from_pylist([event._asdict() for event in events], schema=EVENTS)
    found = service_pairs(engine, prepare(engine, engine.in_memory(table))).to_pylist()
    return [{name: row[name] for name in ("index", "index_customers", *PAIRED)} for row in found]


def log(*cases: str) -> list[Use]:
    """A log drawn as words: each word a customer, each letter a service, a day apart; "AB=C" puts B and C on one day."""
    events: list[Use] = []
    for case, word in enumerate(cases):
        day = 0
        for letter in word:
            if letter == "=":
                day -= 1
                continue
            events.append(Use(str(case), letter, day * 10, len(events), None, day))
            day += 1
    return events


def approximately(content: Mapping[str, Any]) -> dict[str, Any]:
    """The same with the adjusted ratios, which the twin does not compute exactly, up to rounding."""
    services = [
        each | {"adjusted_relative_risk": pytest.approx(each["adjusted_relative_risk"], rel=1e-9, abs=1e-12)}
        for each in content["services"]
    ]
    groups = {"groups": {name: approximately(group) for name, group in content.get("groups", {}).items()}}
    return {**content, "services": services} | (groups if "groups" in content else {})


def test_any_use_counts_before_on_and_after_the_day_of_the_first_index_use(duckdb: Engine) -> None:
    # C's second use comes after, its first before; the second A of the last customer is not looked at.
    (b, c) = found(duckdb, log("CA=BC", "BA", "ABAB", "B"))["services"]
    relations = ("users_before", "users_same_day", "users_after", "users_any", "users_both")
    assert [b[name] for name in relations] == [1, 1, 1, 4, 3]
    assert [c[name] for name in relations] == [1, 0, 1, 1, 1]
    assert (b["service"], b["lift"], b["share_given_index"], b["share_overall"]) == ("B", 1.0, 1.0, 1.0)


def test_plain_lift_is_taken_in_by_heavy_users_and_the_adjusted_ratio_is_not(duckdb: Engine) -> None:
    # Whoever uses a lot uses both A and B: half of the heavy and a tenth of the light, independently of each other.
    heavy = [("A" if i % 2 else "") + ("B" if i % 4 < 2 else "") + "C" * 8 for i in range(40)]
    light = [("A" if i % 10 == 0 else "") + ("B" if i // 10 == 0 else "") + "C" for i in range(100)]
    (b,) = (each for each in found(duckdb, log(*heavy, *light))["services"] if each["service"] == "B")
    assert b["lift"] > 1.4
    assert b["adjusted_relative_risk"]["estimate"] == pytest.approx(1.0)


def test_the_ratio_is_greenlands_and_robins() -> None:
    # Rothman and Greenland's textbook figures for two ages of tolbutamide and placebo: 1.33.
    ratio = mantel_haenszel([Stratum(106, 8, 120, 5), Stratum(98, 22, 85, 16)])
    assert ratio.estimate == pytest.approx(1.33, abs=0.005)
    assert (ratio.low, ratio.high) == (pytest.approx(0.80, abs=0.01), pytest.approx(2.21, abs=0.01))


def test_a_service_that_nobody_used_is_refused(duckdb: Engine) -> None:
    with pytest.raises(Unfit, match="No event is of the index service") as refused:
        found(duckdb, log("BC", "C"))
    assert refused.value.reason == "index_unused"


def test_missing_groups_and_groups_called_null_are_not_mixed(duckdb: Engine) -> None:
    with pytest.raises(Unfit, match="one place for both"):
        found(duckdb, [Use("1", "A", 1, 1, None, 0), Use("2", "A", 1, 2, "null", 0)], grouped=True)


drawn_events = st.lists(
    st.tuples(
        st.sampled_from("1234567"),
        st.sampled_from(["A", "B", "Ä", "b c"]),
        st.integers(-2, 4),
        st.sampled_from("xy") | st.none(),
    ),
    max_size=90,
).map(
    lambda drawn: (
        [Use("1", "A", 0, 0, "x", 0)]
        + [
            Use(case, name, 10 * day + row % 3, row, group, day)
            for row, (case, name, day, group) in enumerate(drawn, 1)
        ]
    )
)


@settings(max_examples=15)
@given(events=drawn_events, order=st.randoms(use_true_random=False))
def test_before_and_after_are_those_of_the_naive_twin(duckdb: Engine, events: list[Use], order: Any) -> None:
    expected = naive_before_after(events, "A", grouped=True)
    order.shuffle(events)
    assert found(duckdb, events, grouped=True) == approximately(expected)


@settings(max_examples=15)
@given(events=drawn_events)
def test_all_pairs_at_once_are_those_of_each_index_service(duckdb: Engine, events: list[Use]) -> None:
    expected = [
        {"index": index, "index_customers": around["index_customers"]} | {name: each[name] for name in PAIRED}
        for index in sorted({event.activity for event in events})
        for around in [naive_before_after(events, index, grouped=False)]
        for each in sorted(around["services"], key=lambda each: each["service"])
        if each["users_both"]
    ]
    assert pairs(duckdb, events) == expected


@pytest.mark.spark
# PySpark leaves sockets to be closed by chance.
@pytest.mark.deep
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_before_and_after_are_the_same_to_the_byte_on_spark(
    duckdb: Engine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    events = [
        Use(str(n * 7 % 40), "ABCÄ"[n * n % 11 % 4], n * n % 17 * 10, n, ("x", "y", None)[n % 3], n * n % 17)
        for n in range(600)
    ]
    with open_engine("local[2]", workspace=tmp_path_factory.mktemp("spark")) as spark:
        written = [json.dumps(found(engine, events, grouped=True)) for engine in (duckdb, spark)]
        assert pairs(spark, events) == pairs(duckdb, events)
    assert written[0] == written[1]

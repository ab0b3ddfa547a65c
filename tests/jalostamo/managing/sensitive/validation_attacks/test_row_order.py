"""Rows that stand as their people do in the source are led back by their places; sorted and shuffled ones are not."""

from __future__ import annotations

import polars as pl
import pyarrow as pa
import pytest
from tests.jalostamo.managing.sensitive.validation_attacks.village import columns, recoded, released, village

from jalostamo.managing.sensitive.validation.attacks.rates import Risk, Sample
from jalostamo.managing.sensitive.validation.attacks.row_order import is_sorted, row_order

SAMPLE = Sample(seed=7, size=1_000)
QUASI = columns(2, 1)


def risk_of(release: pl.DataFrame, source: pl.DataFrame) -> Risk:
    return row_order(release.to_arrow(), source.to_arrow(), columns=QUASI, told="ill", sample=SAMPLE)


def test_rows_in_the_order_of_their_source_tell_everything() -> None:
    source = village(1)
    assert risk_of(recoded(source, QUASI), source).low > 0.9


def test_leaving_classes_out_does_not_hide_the_order_of_the_others() -> None:
    source, names = village(1), ["age", "area", "sex"]
    coarse = recoded(source, QUASI)
    assert risk_of(coarse.filter(pl.len().over(names) >= 20), source).low > 0.9


def test_shuffled_rows_tell_nothing() -> None:
    source = village(1)
    risk = risk_of(recoded(source, QUASI).sample(fraction=1, shuffle=True, seed=3), source)
    assert (risk.low, risk.high < 0.09) == (0, True)


def test_what_a_sound_tool_writes_is_sorted_by_content() -> None:
    source = village(1)
    assert is_sorted(released(source, QUASI, k=5).to_arrow().columns)
    assert not is_sorted(recoded(source, QUASI).to_arrow().columns)


@pytest.mark.parametrize(
    ("first", "second", "sorted_"),
    [
        (["a", "a", "b"], [1, 2, 0], True),
        (["a", "a", "b"], [2, 1, 3], False),
        (["a", "b", None], [1, 1, 1], True),
        ([None, "a", "b"], [1, 1, 1], True),
        (["a", None, "b"], [1, 1, 1], False),
        ([], [], True),
    ],
)
def test_order_is_read_column_by_column_and_what_is_missing_stands_at_an_end(
    first: list[str | None], second: list[int], sorted_: bool
) -> None:
    table = pa.table({"first": pa.array(first, pa.string()), "second": pa.array(second, pa.int64())})
    assert is_sorted(table.columns) is sorted_

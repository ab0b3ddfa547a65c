"""Chains hold every level once, as few of them as there can be, and split where a place would not fit."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.producing.cubes.small_cubes import counted_cube
from tests.jalostamo.producing.cubes.test_counting import CUBES, fixed_records

from jalostamo.engine.connection import Engine
from jalostamo.producing.cubes import chains as module
from jalostamo.producing.cubes.axes import Levels
from jalostamo.producing.cubes.chains import chains

BOTTOMS = st.lists(st.integers(0, 3), max_size=4).map(tuple)


@given(bottom=BOTTOMS)
def test_every_level_is_in_one_chain(bottom: Levels) -> None:
    every = Counter(levels for chain in chains(bottom) for levels in chain)
    assert every == Counter(product(*(range(height + 1) for height in bottom)))


@given(bottom=BOTTOMS)
def test_each_level_of_a_chain_holds_the_one_before_it(bottom: Levels) -> None:
    steps = [step for chain in chains(bottom) for step in pairwise(chain)]
    assert all(sum(coarser) == sum(finer) + 1 for finer, coarser in steps)
    assert all(all(f <= c for f, c in zip(finer, coarser, strict=True)) for finer, coarser in steps)


@given(bottom=BOTTOMS)
def test_there_are_no_fewer_chains_than_levels_of_one_depth(bottom: Levels) -> None:
    by_depth = Counter(sum(levels) for levels in product(*(range(height + 1) for height in bottom)))
    assert len(chains(bottom)) == max(by_depth.values())


@pytest.mark.parametrize("bits", [5, *(pytest.param(bits, marks=pytest.mark.deep) for bits in (1, 8))])
def test_chains_that_were_split_count_the_same(
    bits: int, duckdb_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = counted_cube(duckdb_engine, CUBES["four"], fixed_records())
    monkeypatch.setattr(module, "_BITS", bits)
    assert counted_cube(duckdb_engine, CUBES["four"], fixed_records()).cells.equals(whole.cells)

"""Noise is looked up as a reader of the table would do it by hand, and gives away no more about one unit than the table says."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import chi2
from tests.jalostamo.utilising.disclosure.test_noise_tables import FOLDER

from jalostamo.concepts.errors import Broken
from jalostamo.managing.sensitive.preparing import record_keys
from jalostamo.managing.sensitive.preparing.record_keys import RecordKeys
from jalostamo.utilising.disclosure.noise import KEY_SPACE, NoiseTable, noise_table, shipped_tables

type Numbers = NDArray[np.int64]

TABLES = st.sampled_from(shipped_tables())


def by_hand(named: str, n: int, key: int, *, upper_closed: bool = False) -> int:
    """The file read as decimals: down the row of the count, to the first cumulated probability above the key."""
    content = json.loads((FOLDER / f"{named}.json").read_text(encoding="utf-8"), parse_float=Decimal)
    row = content["rows"][min(n, len(content["rows"]) - 1)]
    cumulated = Decimal(0)
    for v, p in zip(row["noise"], row["p"], strict=True):
        cumulated += p
        share = Decimal(key) / 10**8
        if share < cumulated or (upper_closed and share == cumulated):
            return n + int(v)
    raise AssertionError("A row ends at one.")


def looked_up(table: NoiseTable, pairs: Iterable[tuple[int, int]]) -> list[int]:
    n, key = np.array(list(pairs), dtype=np.int64).reshape(-1, 2).T
    found: list[int] = table.printed(n, key).tolist()
    return found


def edges(table: NoiseTable, n: int) -> list[int]:
    """The keys at which a row goes on to its next noise; the last is the key space."""
    found: list[int] = np.cumsum([round(p * KEY_SPACE) for _, p in table.rows[n]]).tolist()
    return found


@given(named=TABLES, pairs=st.lists(st.tuples(st.integers(0, 40), st.integers(0, KEY_SPACE - 1)), max_size=20))
def test_cells_print_as_read_by_hand(named: str, pairs: list[tuple[int, int]]) -> None:
    assert looked_up(noise_table(named), pairs) == [by_hand(named, n, key) for n, key in pairs]


@pytest.mark.parametrize("named", shipped_tables())
def test_each_edge_belongs_to_the_noise_above_it(named: str) -> None:
    table = noise_table(named)
    for n, row in enumerate(table.rows):
        at = edges(table, n)
        assert at[-1] == KEY_SPACE
        assert looked_up(table, [(n, 0), *((n, edge) for edge in at[:-1])]) == [n + v for v, _ in row]
        assert looked_up(table, [(n, edge - 1) for edge in at]) == [n + v for v, _ in row]


def test_a_lookup_with_the_upper_edge_closed_would_be_noticed() -> None:
    table = noise_table()
    pairs = [(8, edge) for edge in edges(table, 8)[:-1]]
    assert looked_up(table, pairs) == [by_hand(table.id, *pair) for pair in pairs]
    assert looked_up(table, pairs) != [by_hand(table.id, *pair, upper_closed=True) for pair in pairs]


@pytest.mark.parametrize("named", shipped_tables())
def test_the_edge_keys_of_a_large_count_print_furthest_from_it(named: str) -> None:
    table = noise_table(named)
    assert looked_up(table, [(10**12, 0), (10**12, KEY_SPACE - 1)]) == [10**12 - table.largest, 10**12 + table.largest]


@given(named=TABLES, key=st.integers(0, KEY_SPACE - 1))
def test_a_true_zero_prints_as_zero(named: str, key: int) -> None:
    assert looked_up(noise_table(named), [(0, key)]) == [0]


@given(named=TABLES, n=st.integers(0, 100), key=st.integers(0, KEY_SPACE - 1))
def test_nothing_is_printed_below_zero_or_too_small_or_too_far(named: str, n: int, key: int) -> None:
    table = noise_table(named)
    printed = looked_up(table, [(n, key)])[0]
    assert printed >= 0
    assert not 1 <= printed <= table.never
    assert abs(printed - n) <= table.largest


def test_printed_counts_have_the_shape_of_the_cells() -> None:
    n = np.arange(24).reshape(2, 3, 4)
    assert noise_table().printed(n, n * 1_000_003).shape == n.shape
    assert noise_table().printed(n[:0], n[:0]).size == 0
    assert noise_table().printed(n.astype(np.uint8), n.astype(np.int32)).dtype == np.int64


@pytest.mark.parametrize(
    ("n", "key"),
    [([-1], [0]), ([1], [-1]), ([1], [KEY_SPACE]), ([1.0], [0]), ([1], [0.5]), ([True], [0])],
    ids=["below", "key below", "key above", "fraction", "key fraction", "yes"],
)
def test_what_is_no_count_or_no_key_is_not_looked_up(n: list[int], key: list[int]) -> None:
    with pytest.raises(Broken):
        noise_table().printed(np.array(n), np.array(key))


def test_a_hundred_thousand_cells_are_looked_up_in_milliseconds() -> None:
    chance = np.random.default_rng(5)
    n, key = chance.integers(0, 5000, 100_000), chance.integers(0, KEY_SPACE, 100_000)
    took = []
    for _ in range(5):
        begun = time.process_time()
        noise_table().printed(n, key)
        took.append(time.process_time() - begun)
    assert min(took) < 0.05


@pytest.mark.parametrize("named", shipped_tables())
def test_the_likelihood_of_a_printed_count_is_every_true_count_that_may_print_so(named: str) -> None:
    table = noise_table(named)
    for printed in range(60):
        may = {n: table.distribution(n).get(printed, 0.0) for n in range(100)}
        assert table.likelihood(printed) == {n: p for n, p in may.items() if p > 0}


def test_a_printed_zero_may_be_a_true_zero_to_five() -> None:
    likelihood = noise_table().likelihood(0)
    assert set(likelihood) == {0, 1, 2, 3, 4, 5}
    assert likelihood[0] == 1


@pytest.mark.parametrize("printed", [-1, 1, 2])
def test_what_is_never_printed_has_no_likelihood(printed: int) -> None:
    assert noise_table().likelihood(printed) == {}


@pytest.mark.parametrize("named", shipped_tables())
def test_the_variance_of_each_count_is_that_of_its_row(named: str) -> None:
    table = noise_table(named)
    for n in range(40):
        spread = sum(p * (printed - n) ** 2 for printed, p in table.distribution(n).items())
        assert table.variance_of(n) == pytest.approx(spread, abs=1e-12)
        assert table.variance_of(n) <= table.variance
    assert table.variance_of(10**9) == pytest.approx(table.variance, abs=1e-6)
    assert table.variance_of(0) == 0


@pytest.mark.parametrize("ask", [NoiseTable.distribution, NoiseTable.variance_of])
def test_a_negative_count_has_no_noise(ask: Callable[[NoiseTable, int], object]) -> None:
    with pytest.raises(Broken):
        ask(noise_table(), -1)


def differences(table: NoiseTable) -> dict[int, float]:
    """What a total less the same total without one unit prints as, where both are large and their keys independent."""
    found: dict[int, float] = {}
    for with_her, p in table.distribution(1000).items():
        for without, q in table.distribution(999).items():
            found[with_her - without] = found.get(with_her - without, 0.0) + p * q
    return found


def test_leaving_one_unit_out_shows_her_with_a_probability_of_0_284() -> None:
    printed = differences(noise_table())
    assert printed[1] == pytest.approx(0.284, abs=5e-4)
    assert sum(p * (d - 1) ** 2 for d, p in printed.items()) == pytest.approx(6, abs=1e-6)
    assert sum(p for d, p in printed.items() if d < 0) == pytest.approx(0.241, abs=5e-4)


def test_noise_does_not_hide_that_two_groups_are_not_the_same() -> None:
    # The same units print the same, so numbers that differ prove that the groups do: with one unit left out, mostly they
    # differ. What keeps this from being asked of a person is the closed set of filters and the ledger, not the noise.
    assert 1 - differences(noise_table())[0] == pytest.approx(0.883, abs=5e-4)


def fixed(secret: bytes = b"a secret of this test, 32 bytes.") -> RecordKeys:
    """Keys that are the same at every run, so that a test of chance has one outcome."""
    keys = RecordKeys()
    keys._secret[:] = secret
    return keys


def record_keys_of(count: int) -> Numbers:
    return np.array(fixed().keys((f"unit {number}" for number in range(count)), kind="person"), dtype=np.int64)


def only_the_first_unit(keys: Numbers) -> Numbers:
    """The weakening: a cell's key that does not change with who else is in the cell."""
    return np.broadcast_to(keys[:, :1], keys.shape)


def summed(keys: Numbers) -> Numbers:
    """The key of the first one, two, three ... units of each line."""
    return np.cumsum(keys, axis=1) % KEY_SPACE


@pytest.mark.parametrize(("key_of", "exact", "spread"), [(summed, 0.284, 6.0), (only_the_first_unit, 1.0, 0.0)])
def test_a_unit_left_out_is_seen_no_more_often_than_the_table_says(
    key_of: Callable[[Numbers], Numbers], exact: float, spread: float
) -> None:
    lines, size = 6000, 20
    keys = key_of(record_keys_of(lines * size).reshape(lines, size))
    all_in, one_out = (noise_table().printed(np.full(lines, n), keys[:, n - 1]) for n in (size, size - 1))
    difference = all_in - one_out
    assert (difference == 1).mean() == pytest.approx(exact, abs=0.03)
    assert difference.var() == pytest.approx(spread, abs=0.5)


def misfit(table: NoiseTable, n: int, keys: Numbers) -> float:
    """The probability that noise drawn by the table fits it worse than the noise of these keys does (chi-square)."""
    noise = table.printed(np.full(len(keys), n), keys) - n
    values, p = (np.array(column) for column in zip(*table.rows[min(n, len(table.rows) - 1)], strict=True))
    found = np.array([(noise == v).sum() for v in values])
    expected = p * len(keys)
    usual = expected >= 5
    found, expected = np.append(found[usual], found[~usual].sum()), np.append(expected[usual], expected[~usual].sum())
    return float(chi2.sf(((found - expected) ** 2 / np.maximum(expected, 1e-9)).sum(), usual.sum() - 1))


def cut_short(keys: Numbers) -> Numbers:
    """The weakening: only 16 bits of each record key are left."""
    return keys % 2**16


@pytest.mark.parametrize("n", [1, 2, 3, 5, 8, 12])
def test_noise_of_record_keys_is_spread_as_the_table_says(n: int) -> None:
    units = record_keys_of(4000 * n).reshape(4000, n)
    noise = noise_table().printed(np.full(4000, n), units.sum(axis=1) % KEY_SPACE) - n
    assert abs(noise.mean()) < 4 * np.sqrt(3 / 4000)
    assert misfit(noise_table(), n, units.sum(axis=1) % KEY_SPACE) > 0.001
    assert misfit(noise_table(), n, cut_short(units).sum(axis=1) % KEY_SPACE) < 1e-9


def margins(key_of_units: Numbers, parts: int, *, added_up: bool) -> Numbers:
    """How 1,000 groups of 60 units print when they are cut into parts: by their own key, or added up of the parts."""
    keys = key_of_units.reshape(1000, parts, -1)
    if added_up:
        cells = noise_table().printed(np.full(keys.shape[:2], keys.shape[2]), keys.sum(axis=2) % KEY_SPACE)
        return np.asarray(cells.sum(axis=1))
    return noise_table().printed(np.full(1000, 60), keys.sum(axis=(1, 2)) % KEY_SPACE)


def test_a_margin_prints_the_same_however_it_is_cut() -> None:
    units = record_keys_of(60_000)
    own = [margins(units, parts, added_up=False) for parts in (1, 3, 10)]
    assert (own[0] == own[1]).all()
    assert (own[0] == own[2]).all()
    assert own[0].var() == pytest.approx(3, abs=0.4)


def test_margins_that_are_added_up_would_be_noticed() -> None:
    # Each cut has noise of its own: whoever asks for many takes their mean.
    units = record_keys_of(60_000)
    cut = {parts: margins(units, parts, added_up=True) for parts in (1, 3, 5, 10)}
    assert (cut[1] != cut[3]).mean() > 0.5
    assert cut[10].var() == pytest.approx(10 * 3, abs=4)


def test_noise_and_record_keys_speak_of_the_same_key_space() -> None:
    assert record_keys.KEY_SPACE == KEY_SPACE == 10**8

"""What the whole way prints keeps the claims of its table: nothing too small, nothing too far, no bias, spread as stated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from scipy.stats import chi2
from tests.jalostamo.producing.cubes.small_cubes import plain
from tests.jalostamo.utilising.disclosure.attacks.conftest import Rooms
from tests.jalostamo.utilising.disclosure.attacks.planted_towns import (
    Keying,
    Numbers,
    definition,
    drawn,
    keys_of_few_bits,
    one_key_for_all,
    record_keys,
)

from jalostamo.utilising.disclosure.noise import noise_table

SIZES = {"district": 12, "trade": 10, "year": 8, "home": 4}
CODES = {name: [f"{name[0]}{number}" for number in range(size)] for name, size in SIZES.items()}
SHARES = {
    name: dict(zip(codes, np.array(range(2, len(codes) + 2)) / sum(range(2, len(codes) + 2)), strict=True))
    for name, codes in CODES.items()
}
TOWN = drawn(24_000, SHARES)
TABLE = noise_table()


@dataclass(frozen=True, slots=True)
class Seen:
    """The true and the printed counts of all cells that hold other people than the others do."""

    n: Numbers
    printed: Numbers

    @property
    def noise(self) -> Numbers:
        """What was added to those that hold anybody."""
        return (self.printed - self.n)[self.n > 0]


def seen(rooms: Rooms, keying: Keying, noise: str = TABLE.id) -> Seen:
    """Counted, printed, and laid beside each other."""
    room, asked = rooms(), definition("four", [plain(name, *codes) for name, codes in CODES.items()], noise=noise)
    counted = room.counted(TOWN, asked, keying)
    told = room.through(counted).cells.sort_by([(name, "ascending") for name in CODES])
    true = counted.cells.sort_by([(name, "ascending") for name in CODES])
    # A cell and its margin that hold the same people print the same: counted twice, they would look like too many.
    pairs = np.stack([true["n"].to_numpy(), record_sums(true["key"].to_numpy(), keying), told["printed"].to_numpy()])
    once = np.unique(pairs, axis=1) if keying is record_keys else pairs
    return Seen(once[0], once[2])


def record_sums(keys: Numbers, keying: Keying) -> Numbers:
    return keys if keying is record_keys else np.arange(len(keys))


@pytest.fixture(scope="module")
def town(rooms: Rooms) -> Seen:
    return seen(rooms, record_keys)


@pytest.mark.requirement("S23-17")
def test_nothing_is_printed_from_1_to_js_nor_below_0(town: Seen) -> None:
    assert len(town.n) > 5_000
    assert {1, 2} <= set(town.n.tolist())
    assert not {1, 2} & set(town.printed.tolist())
    assert town.printed.min() == 0


def test_nothing_is_printed_further_than_the_largest_noise(town: Seen) -> None:
    assert np.abs(town.noise).max() == TABLE.largest
    assert not town.printed[town.n == 0].any()


def off_centre(found: Seen) -> float:
    """How many standard errors the mean of the noise is from none."""
    error = np.sqrt(sum(TABLE.variance_of(int(n)) for n in found.n[found.n > 0])) / len(found.noise)
    return float(abs(found.noise.mean()) / error)


def misfits(found: Seen) -> dict[int, float]:
    """By row of the table, how likely noise drawn by it would fit it worse than what was printed does (chi-square)."""
    row = np.minimum(found.n, len(TABLE.rows) - 1)
    return {n: _misfit(found.printed[row == n] - found.n[row == n], n) for n in range(1, len(TABLE.rows))}


def _misfit(noise: Numbers, n: int) -> float:
    values, p = (np.array(column) for column in zip(*TABLE.rows[n], strict=True))
    counts, expected = np.array([(noise == v).sum() for v in values]), p * len(noise)
    usual = expected >= 5
    counts, expected = (np.append(each[usual], each[~usual].sum()) for each in (counts, expected))
    filled = expected > 0
    square = ((counts - expected)[filled] ** 2 / expected[filled]).sum()
    return float(chi2.sf(square, filled.sum() - 1))


def test_the_noise_has_no_bias(town: Seen) -> None:
    assert off_centre(town) < 4


def test_the_noise_of_each_row_is_spread_as_the_table_says(town: Seen) -> None:
    found = misfits(town)
    assert len(found) == 8
    # Eight rows are looked at, so that one of them may be rarer than one in a hundred.
    assert min(found.values()) > 0.01 / 8


def test_keys_of_few_bits_would_be_noticed(rooms: Rooms) -> None:
    weak = seen(rooms, keys_of_few_bits)
    assert off_centre(weak) > 4
    assert max(misfits(weak).values()) < 1e-9


def test_one_key_for_all_would_be_noticed(rooms: Rooms) -> None:
    weak = seen(rooms, one_key_for_all)
    assert max(misfits(weak).values()) < 1e-9
    # Every cell of one size prints the same number: a reader who knows one of them knows them all.
    assert all(len(set(weak.printed[weak.n == n].tolist())) == 1 for n in range(30))


def test_a_table_that_prints_ones_and_twos_would_be_noticed(rooms: Rooms) -> None:
    assert {1, 2} <= set(seen(rooms, record_keys, "d5-v3-js0-p50").printed.tolist())

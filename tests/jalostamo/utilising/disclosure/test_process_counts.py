"""Counts of the process leave as cells do: by the noise of their key, or to the nearest five."""

from __future__ import annotations

import numpy as np
import pytest

from jalostamo.concepts.errors import Broken
from jalostamo.utilising.disclosure.noise import KEY_SPACE, noise_table, shipped_tables
from jalostamo.utilising.disclosure.process_counts import ProcessCount, printed_counts

NOISE = noise_table()


def test_a_count_with_a_key_is_printed_by_its_key_and_one_without_to_the_nearest_five() -> None:
    found = printed_counts({"matched": ProcessCount(40, KEY_SPACE - 1), "rows": ProcessCount(43)}, noise=NOISE)
    assert found == {"matched": 45, "rows": 45}


def test_no_counts_are_no_counts() -> None:
    assert printed_counts({}, noise=NOISE) == {}


@pytest.mark.parametrize("key", range(0, KEY_SPACE, KEY_SPACE // 40))
def test_one_or_two_units_are_never_told(key: int) -> None:
    found = printed_counts({"one": ProcessCount(1, key), "two": ProcessCount(2, key)}, noise=NOISE)
    assert not {1, 2} & set(found.values())


def test_a_person_more_between_two_runs_does_not_show_as_one_more() -> None:
    keys = range(0, KEY_SPACE, KEY_SPACE // 97)
    pairs = [(ProcessCount(60, key), ProcessCount(61, (key * 7 + 13) % KEY_SPACE)) for key in keys]
    printed = [printed_counts({"before": one, "after": other}, noise=NOISE) for one, other in pairs]
    shown = sum(counts["after"] - counts["before"] == 1 for counts in printed)
    assert shown < 0.45 * len(printed)


def test_exact_counts_would_show_a_person_more_every_time() -> None:
    pairs = [(ProcessCount(60, key), ProcessCount(61, key)) for key in range(100)]
    assert all(after.n - before.n == 1 for before, after in pairs)


def test_the_true_count_and_its_key_are_not_in_the_repr() -> None:
    assert repr(ProcessCount(61, 12345)) == "ProcessCount()"


@pytest.mark.parametrize(("n", "key"), [(-1, None), (3, -1), (3, KEY_SPACE)])
def test_a_count_below_nothing_or_a_key_outside_its_space_is_our_fault(n: int, key: int | None) -> None:
    with pytest.raises(Broken):
        ProcessCount(n, key)


def test_one_number_printed_by_several_tables_would_be_known_for_certain() -> None:
    """So counts of the linking have no keys, and a series prints by one table."""
    keys, tables = np.arange(0, KEY_SPACE, KEY_SPACE // 500), [noise_table(name) for name in shipped_tables()]
    prints = {n: np.stack([table.printed(np.full(len(keys), n), keys) for table in tables]).T for n in range(180, 221)}
    told = {n: {tuple(row) for row in rows.tolist()} for n, rows in prints.items()}
    certain = [[n for n in told if tuple(row) in told[n]] == [200] for row in prints[200].tolist()]
    assert np.mean(certain) > 0.4

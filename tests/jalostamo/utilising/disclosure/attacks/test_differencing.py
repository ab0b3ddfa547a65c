"""A total less the same total without one unit shows that unit no more often than the table of the noise says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pytest
from tests.jalostamo.producing.cubes.small_cubes import plain
from tests.jalostamo.utilising.disclosure.attacks.conftest import Rooms
from tests.jalostamo.utilising.disclosure.attacks.planted_towns import (
    RESIDENTS,
    Keying,
    Numbers,
    People,
    cells_of,
    definition,
    one_key_for_all,
    record_keys,
)

from jalostamo.concepts.errors import Refused
from jalostamo.producing.cubes.definition import Filter
from jalostamo.utilising.disclosure.noise import KEY_SPACE, noise_table
from jalostamo.utilising.disclosure.printed import PrintedCube

PAIRS, SIZE, MOST_OUT = 6_000, 24, 4
TABLE = noise_table()


@dataclass(frozen=True, slots=True)
class Differences:
    """By how many units were left out (from 0), what each total less the rest printed."""

    left_out: Mapping[int, Numbers]

    def share(self, out: int, seen: int) -> float:
        """How often a difference is seen."""
        return float((self.left_out[out] == seen).mean())


def first_of_each_only(names: Sequence[str]) -> Numbers:
    """Without protection: the key of a cell is that of its first unit, whoever else is in it."""
    keys = record_keys(names).reshape(-1, SIZE)
    return np.where(np.arange(SIZE) == 0, keys, 0).ravel()


def differences(keying: Keying) -> Differences:
    """Pairs of totals of units that no other pair has, and of the same without the last ones."""
    keys = keying([f"unit {number}" for number in range(PAIRS * SIZE)]).reshape(PAIRS, SIZE)
    printed = {}
    for out in range(MOST_OUT + 1):
        inside = SIZE - out
        printed[out] = TABLE.printed(np.full(PAIRS, inside), keys[:, :inside].sum(axis=1) % KEY_SPACE)
    return Differences({out: printed[0] - rest for out, rest in printed.items()})


@pytest.fixture(scope="module")
def protected() -> Differences:
    return differences(record_keys)


@pytest.fixture(scope="module")
def unprotected() -> Differences:
    return differences(first_of_each_only)


def by_the_table(out: int) -> dict[int, float]:
    """How likely each difference is where so many of a large total are left out; the same units print the same."""
    if out == 0:
        return {0: 1.0}
    found: dict[int, float] = {}
    for a, p in TABLE.distribution(SIZE).items():
        for b, q in TABLE.distribution(SIZE - out).items():
            found[a - b] = found.get(a - b, 0.0) + p * q
    return found


def best_guesses(candidates: Sequence[int]) -> tuple[dict[int, int], float]:
    """The best guess of how many were left out, by what is seen, and how often it is right (its posterior, on average)."""
    chances = {out: by_the_table(out) for out in candidates}
    seen = {difference for of in chances.values() for difference in of}
    guess = {each: max(candidates, key=lambda out: chances[out].get(each, 0.0)) for each in seen}
    return guess, sum(chances[out].get(each, 0.0) for each, out in guess.items()) / len(candidates)


def right(found: Differences, candidates: Sequence[int]) -> float:
    """How often the best guesser who knows the table is right."""
    guess, _ = best_guesses(candidates)
    hits = [[guess.get(int(seen), -1) == out for seen in found.left_out[out]] for out in candidates]
    return float(np.mean(hits))


def test_a_unit_left_out_is_seen_as_one_with_a_probability_of_0_284(protected: Differences) -> None:
    assert protected.share(1, 1) == pytest.approx(0.284, abs=0.03)
    assert protected.left_out[1].var() == pytest.approx(6, abs=0.4)
    assert (protected.left_out[1] < 0).mean() == pytest.approx(0.241, abs=0.03)


def test_a_key_that_stays_when_a_unit_goes_would_show_each_of_them(unprotected: Differences) -> None:
    assert unprotected.share(1, 1) == 1


CANDIDATES = ((1, 2), (1, 2, 3, 4), (0, 1))


@pytest.mark.parametrize("candidates", CANDIDATES, ids=["one or two", "one to four", "none or one"])
def test_the_best_guesser_is_right_no_more_often_than_the_table_allows(
    protected: Differences, candidates: tuple[int, ...]
) -> None:
    assert right(protected, candidates) <= best_guesses(candidates)[1] + 0.02


def test_whether_one_is_left_out_at_all_is_what_noise_does_not_hide() -> None:
    # Therefore filters are a closed set and the ledger counts what cuts single units out: noise alone would not do.
    assert best_guesses((1, 2))[1] < 0.65
    assert best_guesses((0, 1))[1] > 0.9


def test_the_best_guesser_is_always_right_where_the_key_stays(unprotected: Differences) -> None:
    candidates = range(MOST_OUT + 1)
    assert all(unprotected.share(out, out) == 1 for out in candidates)


AREAS, IN_EACH = 500, 24
REST = replace(RESIDENTS, name="rest", where=(Filter("chosen", ("no",), ("no", "yes")),))


CODES = [f"d{number:03}" for number in range(AREAS)]
TOWN = People(
    tuple(f"unit {number}" for number in range(AREAS * IN_EACH)),
    {
        "district": np.repeat(CODES, IN_EACH),
        "chosen": np.where(np.arange(AREAS * IN_EACH) % IN_EACH == 0, "yes", "no"),
    },
)
BY_DISTRICT = plain("district", *CODES)


def whole_way(rooms: Rooms, keying: Keying) -> Numbers:
    """By district, the residents less those that were not chosen, through counting and the gate; one is chosen in each."""
    asked = definition("by district", (BY_DISTRICT,), measures=(RESIDENTS, REST))
    printed = cells_of(rooms().printed(TOWN, asked, keying), "printed")
    return np.array([printed["residents", code] - printed["rest", code] for code in CODES])


def test_500_units_left_out_are_seen_no_more_often_the_whole_way(rooms: Rooms) -> None:
    found = whole_way(rooms, record_keys)
    # Three standard errors of a share of 500.
    assert (found == 1).mean() == pytest.approx(0.284, abs=0.06)
    assert found.mean() == pytest.approx(1, abs=0.35)


def test_one_key_for_all_shows_one_difference_everywhere(rooms: Rooms) -> None:
    assert len(set(whole_way(rooms, one_key_for_all).tolist())) == 1


def refused_for(printing: Callable[[], PrintedCube]) -> str | None:
    """The reason for which a cube is not printed."""
    try:
        printing()
    except Refused as error:
        return error.reason
    return None


def test_single_units_cut_out_by_a_later_cube_are_refused(rooms: Rooms) -> None:
    room, rest = rooms(), definition("rest", (BY_DISTRICT,), measures=(REST,), single_unit_differences=0)
    room.printed(TOWN, definition("whole", (BY_DISTRICT,)))
    assert refused_for(lambda: room.printed(TOWN, rest)) == "single_units_cut_out"


@pytest.mark.xfail(strict=True, raises=AssertionError, reason="single units cut out within one cube are not counted")
def test_single_units_cut_out_by_a_measure_of_the_same_cube_are_refused(rooms: Rooms) -> None:
    both = definition("both", (BY_DISTRICT,), measures=(RESIDENTS, REST), single_unit_differences=0)
    assert refused_for(lambda: rooms().printed(TOWN, both)) == "single_units_cut_out"

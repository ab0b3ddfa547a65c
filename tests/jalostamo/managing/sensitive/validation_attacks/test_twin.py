"""What attacks count is what a reading of row by row counts, of towns drawn from many seeds."""

from __future__ import annotations

import math
from collections import Counter, defaultdict

import numpy as np
import polars as pl
import pytest
from tests.jalostamo.managing.sensitive.validation_attacks.village import columns, recoded, village

from jalostamo.engine.connection import Engine
from jalostamo.managing.sensitive.validation.attacks.columns import Column
from jalostamo.managing.sensitive.validation.attacks.homogeneity import homogeneity
from jalostamo.managing.sensitive.validation.attacks.insider import insider, learned
from jalostamo.managing.sensitive.validation.attacks.seeing import sights_of
from jalostamo.managing.sensitive.validation.attacks.sequences import crossing, left_over
from jalostamo.managing.sensitive.validation.attacks.sight import Sight

type Quasi = tuple[Column, ...]
type Row = tuple[str, ...]
QUASI = ("age", "area", "sex")


class Naive:
    """A release as a list of rows: of each person her class, None where hers is left out."""

    def __init__(self, source: pl.DataFrame, quasi: Quasi, k: int) -> None:
        coarse = recoded(source, quasi)
        sizes = Counter(coarse.select(QUASI).iter_rows())
        self.classes = [row if sizes[row] >= k else None for row in coarse.select(QUASI).iter_rows()]
        self.frame = coarse.filter(pl.Series([row is not None for row in self.classes]))
        self.members = defaultdict[Row, list[str]](list)
        for row, ill in zip(self.classes, source["ill"], strict=True):
            if row is not None:
                self.members[row].append(ill)
        self.ills = Counter(ill for ills in self.members.values() for ill in ills)

    def share(self, ill: str) -> float:
        return self.ills[ill] / self.ills.total()

    def gain(self, ills: list[str]) -> float:
        shares = {ill: times / len(ills) for ill, times in Counter(ills).items()}
        return sum(share * math.log2(share / self.share(ill)) for ill, share in shares.items())

    def people(self, told: list[Row]) -> float:
        return sum(len(self.members[row]) for row in told) / self.ills.total()


def seen(engine: Engine, source: pl.DataFrame, releases: list[tuple[Naive, Quasi]]) -> list[Sight]:
    tables = [(engine.in_memory(naive.frame.to_arrow()), quasi) for naive, quasi in releases]
    return sights_of(engine, tables, engine.in_memory(source.to_arrow()), sensitive=["ill"])


def drawn(seed: int) -> tuple[pl.DataFrame, Quasi, Quasi, int]:
    chance = np.random.default_rng(seed)
    source = village(seed, int(chance.integers(20, 200)), ills=3)
    levels = [columns(int(chance.integers(1, 5)), int(chance.integers(1, 4)), int(chance.integers(2))) for _ in "ab"]
    return source, levels[0], levels[1], int(chance.integers(1, 5))


@pytest.mark.parametrize("seed", range(12))
def test_of_one_release_each_class_is_counted_as_row_by_row(engine: Engine, seed: int) -> None:
    source, quasi, _, k = drawn(seed)
    naive = Naive(source, quasi, k)
    (sight,) = seen(engine, source, [(naive, quasi)])
    sizes = [len(naive.members[row]) for row in naive.classes if row is not None]
    found, knows, alike = insider(sight, k=6), learned(sight), homogeneity(sight, likely=0.6, likelier=1.5)
    assert (found.people, found.not_in_release) == (source.height, source.height - len(sizes))
    assert (found.fewest_candidates, found.share_below) == (min(sizes), sum(size < 6 for size in sizes) / len(sizes))
    gains = {row: naive.gain(ills) for row, ills in naive.members.items()}
    mean = sum(gains[row] for row in naive.classes if row is not None) / len(sizes)
    assert (knows.mean_gain, knows.greatest_gain) == pytest.approx((mean, max(gains.values())))
    one = [row for row, ills in naive.members.items() if len(set(ills)) == 1]
    assert knows.certain == pytest.approx(naive.people(one))
    ratios = {
        row: [(ills.count(ill) / len(ills), naive.share(ill)) for ill in set(ills)]
        for row, ills in naive.members.items()
    }
    likely = [row for row, pairs in ratios.items() if any(now >= 0.6 > before for now, before in pairs)]
    likelier = [row for row, pairs in ratios.items() if any(now >= 1.5 * before for now, before in pairs)]
    assert (alike.likely, alike.likelier) == pytest.approx((naive.people(likely), naive.people(likelier)))


@pytest.mark.parametrize("seed", range(12, 24))
def test_of_two_releases_each_person_is_counted_as_row_by_row(engine: Engine, seed: int) -> None:
    source, fine, coarse, k = drawn(seed)
    first, second = Naive(source, fine, k), Naive(source, coarse, k)
    pairs = list(zip(first.classes, second.classes, strict=True))
    both = Counter((one, other) for one, other in pairs if one is not None and other is not None)
    sights = seen(engine, source, [(first, fine), (second, coarse)])
    found = crossing(*sights, k=6)
    values = {pair: (set(first.members[pair[0]]), set(second.members[pair[1]])) for pair in both}
    one = sum(both[pair] for pair, (a, b) in values.items() if len(a & b) == 1 < min(len(a), len(b)))
    changed = sum(both[pair] for pair, (a, b) in values.items() if a != b)
    assert (found.people, found.fewest_candidates) == (both.total(), min(both.values(), default=0))
    few = sum(size for size in both.values() if size < 6)
    shares = (few, one, changed)
    assert (found.share_below, found.one_value, found.changed) == pytest.approx(
        [s / max(1, both.total()) for s in shares]
    )
    assert left_over(*sights, k=6) == left(pairs, 6) + left([(b, a) for a, b in pairs], 6)


def left(pairs: list[tuple[Row | None, Row | None]], k: int) -> int:
    """Who is in the second release alone, of classes that the first one's classes fill but for fewer than k."""
    total = 0
    for coarse in {b for _, b in pairs if b is not None}:
        within = {a for a, b in pairs if b == coarse and a is not None}
        apart = within and all(b == coarse for a, b in pairs if a in within)
        alone = sum(b == coarse and a is None for a, b in pairs)
        total += alone if apart and alone < k else 0
    return total

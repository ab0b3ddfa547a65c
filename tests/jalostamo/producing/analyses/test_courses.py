"""Clusters of life courses: those that are planted are found, those that chance makes are not, and nobody's course is told."""

from __future__ import annotations

import random
from collections import Counter
from math import comb
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.producing.analyses.naive_journeys import FIRST, Happened, Log, Who, journeys_of, setting_of

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.managing.sections import Section
from jalostamo.producing.analyses.likeness import alike, distances, shuffled, splits
from jalostamo.producing.analyses.methods import lifespan, states
from jalostamo.producing.analyses.methods.courses import METHOD, Asked, clustered

MONTHS = 12
KINDS = (("A", 0, 3), ("B", 3, 10), ("C", 1, 11))
"""The planted kinds of life courses: briefly at first in A, later in B, and nearly always in C."""

rows_of_states = st.lists(st.lists(st.integers(0, 2), min_size=5, max_size=5).map(tuple), min_size=2, max_size=12)


def asked(**parameters: object) -> Asked:
    """Parameters, with the states of these tests."""
    told = {"states": ["A", "B", "C"], "start": ["S"], "months": MONTHS, "clusters": 5, **parameters}
    found = METHOD.read(Section(told, "a test, [parameters]"))
    assert isinstance(found, Asked)
    return found


def planted(people: int, seed: int) -> tuple[Log, list[int]]:
    """People of three kinds, the first the most frequent, each with months of their own; and which kind each is."""
    chance = random.Random(seed)
    events, cases, kinds = [], [], []
    for number in range(people):
        kind = chance.choices(range(len(KINDS)), [4, 3, 2])[0]
        service, first, last = KINDS[kind]
        name = f"c{number}"
        begin = max(0, FIRST + first + chance.randint(-1, 1))
        end = max(begin, FIRST + last + chance.randint(-1, 1))
        events += [Happened(name, 0, "S", FIRST), Happened(name, 1, service, begin, end)]
        if chance.random() < 0.3:
            other = chance.choice("ABC")
            events.append(Happened(name, 2, other, FIRST + chance.randrange(MONTHS)))
        group = "one" if chance.random() < (0.8 if kind == 2 else 0.5) else "other"
        cases.append(Who(name, name, group, 2000))
        kinds.append(kind)
    return (events, cases), kinds


def states_of(log: Log) -> np.ndarray:
    """A row for each case: the number of the first of A, B and C that is used in each month, 3 for none."""
    rows = np.full((len(log[1]), MONTHS), 3, dtype=np.uint8)
    for event in sorted(log[0], key=lambda event: event.service, reverse=True):
        if event.service != "S":
            row = rows[int(event.case[1:])]
            row[max(0, event.at - FIRST) : (event.until or event.at) - FIRST + 1] = "ABC".index(event.service)
    return rows


def agreement(one: list[int], other: list[int]) -> float:
    """The adjusted Rand index of two partitions."""
    pairs = sum(comb(n, 2) for n in Counter(zip(one, other, strict=True)).values())
    first, second = (sum(comb(n, 2) for n in Counter(labels).values()) for labels in (one, other))
    expected = first * second / comb(len(one), 2)
    return (pairs - expected) / ((first + second) / 2 - expected)


@pytest.mark.parametrize("seed", [1, pytest.param(range(2, 11), marks=pytest.mark.deep)])
def test_planted_kinds_of_courses_are_found_again(seed: int | range) -> None:
    for each in [seed] if isinstance(seed, int) else seed:
        log, kinds = planted(300, each)
        people = states_of(log)
        different, weights = alike(people)
        found = clustered(different, weights, asked()).labels
        assert found is not None
        place = {row.tobytes(): int(label) for row, label in zip(different, found, strict=True)}
        assert agreement([place[row.tobytes()] for row in people], kinds) >= 0.8


def test_clusters_are_told_by_shares_of_everybody_and_compared(duckdb: Engine) -> None:
    log, _ = planted(240, 3)
    left = [who._replace(left=FIRST + 5) if who.case in {"c0", "c1"} else who for who in log[1]]
    facts, tables = METHOD.measure(
        duckdb,
        journeys_of(duckdb, (log[0], left)),
        setting_of("one", "other", compare=("one", "other")),
        asked(sample=100),
    )
    assert (facts["life_courses"], facts["seen_in_all_months"], facts["found"]) == (240, 238, "clusters")
    assert facts["structure"] == "strong"
    assert [(row["mostly"], row["cluster"]) for row in tables["clusters"].mappings()] == [
        ("none", "1"),
        ("B", "2"),
        ("C", "3"),
    ]
    sizes = dict(zip(tables["clusters"].column("cluster"), tables["clusters"].column("cases"), strict=True))
    assert sum(int(str(size)) for size in sizes.values()) == 238
    told = Counter[object]()
    for row in tables["distribution"].mappings():
        told[row["cluster"], row["position"]] += int(str(row["cases"]))
    assert told == Counter({(cluster, place): size for cluster, size in sizes.items() for place in range(MONTHS)})
    shares = Counter[object]()
    for row in tables["shares"].mappings():
        shares[row["subject"]] += int(str(row["customers"]))
    assert shares == Counter(sizes)
    assert {row["subject"]: row["differs"] for row in tables["differences"].mappings()}["3"]


@pytest.mark.parametrize("seed", [1, pytest.param(range(2, 41), marks=pytest.mark.deep)])
def test_months_dealt_anew_are_not_distinguishable(seed: int | range) -> None:
    found = 0
    for each in [seed] if isinstance(seed, int) else seed:
        people = shuffled(states_of(planted(200, each)[0]), np.random.default_rng(each))
        found += clustered(*alike(people), asked()).labels is not None
    assert found <= (0 if isinstance(seed, int) else 4)


def test_courses_that_are_all_alike_are_not_distinguishable(duckdb: Engine) -> None:
    log = ([Happened(f"c{n}", 0, "S", FIRST) for n in range(30)], [Who(f"c{n}", f"c{n}") for n in range(30)])
    facts, tables = METHOD.measure(duckdb, journeys_of(duckdb, log), setting_of(), asked())
    assert (facts["found"], facts["different_courses"], tables["clusters"].rows) == ("not distinguishable", 1, ())
    alone = (log[0], [who._replace(left=FIRST + 2) for who in log[1]])
    with pytest.raises(Unfit, match="fewer 'months'"):
        METHOD.measure(duckdb, journeys_of(duckdb, alone), setting_of(), asked())


@given(rows_of_states)
def test_a_distance_is_the_cheapest_way_from_one_course_to_the_other(rows: list[tuple[int, ...]]) -> None:
    apart = distances(np.array(rows, dtype=np.uint8))
    assert apart[0, 1] == _cheapest(rows[0], rows[1])
    assert np.array_equal(apart, apart.T)


def _cheapest(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    if not one or not other:
        return len(one) + len(other)
    if one[0] == other[0]:
        return _cheapest(one[1:], other[1:])
    return min(1 + _cheapest(one[1:], other), 1 + _cheapest(one, other[1:]), 2 + _cheapest(one[1:], other[1:]))


@given(rows_of_states.filter(lambda rows: len(set(rows)) > 2))
def test_a_silhouette_by_weight_is_that_of_the_people_one_by_one(rows: list[tuple[int, ...]]) -> None:
    people = np.array(rows, dtype=np.uint8)
    different, weights = alike(people)
    for split in splits(distances(different), weights, 3):
        label = {row.tobytes(): int(part) for row, part in zip(different, split.labels, strict=True)}
        labels = [label[row.tobytes()] for row in people]
        assert split.silhouette == pytest.approx(_silhouette(distances(people), labels), abs=1e-5)


def _silhouette(apart: np.ndarray, labels: list[int]) -> float:
    widths = []
    for one, part in enumerate(labels):
        means = {
            label: [float(apart[one, other]) for other in range(len(labels)) if other != one and labels[other] == label]
            for label in set(labels)
        }
        within = sum(means[part]) / max(len(means[part]), 1)
        beyond = min((sum(of) / len(of) for label, of in means.items() if label != part), default=0.0)
        lone = not means[part] or max(within, beyond) == 0
        widths.append(0.0 if lone else (beyond - within) / max(within, beyond))
    return sum(widths) / len(widths)


@pytest.mark.spark
@pytest.mark.deep
def test_spark_tells_the_life_courses_that_the_embedded_engine_tells(duckdb: Engine, tmp_path: Path) -> None:
    log, _ = planted(120, 5)
    setting = setting_of("one", "other", compare=("one", "other"))
    with open_engine("local[2]", workspace=tmp_path) as spark:
        found = [
            [
                METHOD.measure(engine, journeys_of(engine, log), setting, asked()),
                states.measure(engine, journeys_of(engine, log), setting, asked().life),
                lifespan.measure(engine, journeys_of(engine, log), setting, lifespan.Asked((0, 20), ("C",))),
            ]
            for engine in (duckdb, spark)
        ]
    assert found[0] == found[1]

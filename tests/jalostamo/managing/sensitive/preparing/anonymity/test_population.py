"""A population is counted in the codes of its table, alike on either engine, and found again class by class."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from jalostamo.engine.connection import Engine, open_engine
from jalostamo.managing.sensitive.preparing.anonymity import lattice, views
from jalostamo.managing.sensitive.preparing.anonymity.files import table_file
from jalostamo.managing.sensitive.preparing.anonymity.held import Held, held_rows
from jalostamo.managing.sensitive.preparing.anonymity.histogram import Counted, count
from jalostamo.managing.sensitive.preparing.anonymity.population import with_population
from jalostamo.managing.sensitive.preparing.anonymity.reading import read_recipe
from jalostamo.managing.sensitive.preparing.anonymity.tables import load
from jalostamo.managing.sensitive.preparing.anonymity.views import finest_view

RECIPE = """
[[quasi_identifier]]
column = "age"
hierarchy = "age.csv"
[[quasi_identifier]]
column = "colour"
[population]
file = "people.csv"
[model]
k_map = 3
"""
NOBODY = np.zeros(0, np.int64)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A table of some people, and the population with ages and colours that none of them has, and missing ones."""
    drawn = random.Random(7)
    people = [(drawn.choice(["", *map(str, range(20, 40))]), drawn.choice(["red", "blue", ""])) for _ in range(400)]
    sample = [person for person in people if person[0] not in ("", "21", "22") and person[1] != "blue"][:90]
    (tmp_path / "age.csv").write_text("".join(f"{age};{age // 10}0s;{'*'}\n" for age in range(20, 40)))
    for name, rows in (("people.csv", people), ("table.csv", sample)):
        (tmp_path / name).write_text("age,colour,x\n" + "".join(f"{age},{colour},1\n" for age, colour in rows))
    (tmp_path / "recipe.toml").write_text(RECIPE)
    return tmp_path


def counted(engine: Engine, folder: Path) -> Counted:
    recipe = read_recipe(folder / "recipe.toml")
    loaded = load(engine, table_file(folder / "table.csv", recipe), recipe)
    return with_population(engine, count(engine, loaded, recipe), recipe)


def named(found: Counted, level: int) -> Counter[tuple[str | None, ...]]:
    """How many of the population there are by what they are called."""
    population = found.histogram.population
    assert population is not None
    told: Counter[tuple[str | None, ...]] = Counter()
    for codes, rows in zip(population.codes, population.rows.tolist(), strict=True):
        at = [(a, min(level, len(a.labels) - 1)) for a in found.attributes]
        told[tuple(a.labels[n][a.to_level[n][code]] for (a, n), code in zip(at, codes, strict=True))] += rows
    return told


def in_file(folder: Path, level: int) -> Counter[tuple[str | None, ...]]:
    """The same, read line by line."""
    lines = [line.split(",")[:2] for line in (folder / "people.csv").read_text().splitlines()[1:]]
    called = [lambda age: age, lambda age: age[0] + "0s", lambda _: "*"][level]
    return Counter((called(age) if age else None, colour or None) for age, colour in lines)


@pytest.mark.parametrize("level", [0, 1, 2])
def test_everybody_of_the_population_is_counted_at_every_level(folder: Path, tmp_path: Path, level: int) -> None:
    with open_engine(workspace=tmp_path) as engine:
        found = counted(engine, folder)
    assert named(found, level) == in_file(folder, level)


@pytest.mark.parametrize("level", [0, 1, 2])
def test_each_class_of_the_table_finds_its_part_of_the_population(folder: Path, tmp_path: Path, level: int) -> None:
    with open_engine(workspace=tmp_path) as engine:
        found = counted(engine, folder)
    layout = lattice.laid_out(found.attributes)
    assert found.histogram.population is not None
    held = Held(found.histogram.population, layout, 2**20)
    looked = looked_at(found, layout, (level, 0))
    expected, own = in_file(folder, level), classes(found, level)
    assert dict(zip(own, held.in_classes(looked).tolist(), strict=True)) == {name: expected[name] for name in own}
    assert held.only_there(looked) == len(expected) - len(own)


def looked_at(found: Counted, layout: lattice.Layout, levels: lattice.Levels) -> views.View:
    finest = finest_view(found.histogram, layout, NOBODY)
    return views.Views(layout, finest, 0, 400, 1).from_finest(levels)[0]


def classes(found: Counted, level: int) -> list[tuple[str | None, ...]]:
    """What the table's classes are called, in the order in which they are met."""
    age, colour = found.attributes
    codes = found.histogram.codes
    named = [(age.labels[level][age.to_level[level][a]], colour.labels[0][c]) for a, c in codes]
    return list(dict.fromkeys(named))


def test_what_the_table_weighs_is_not_changed_by_its_population(folder: Path, tmp_path: Path) -> None:
    recipe = read_recipe(folder / "recipe.toml")
    with open_engine(workspace=tmp_path) as engine:
        alone = count(engine, load(engine, table_file(folder / "table.csv", recipe), recipe), recipe)
        beside = with_population(engine, alone, recipe)
    assert np.array_equal(alone.histogram.codes, beside.histogram.codes)
    for own, both in zip(alone.attributes, beside.attributes, strict=True):
        assert own.file_rows == both.file_rows
        for level in range(len(own.to_level)):
            size = len(own.to_level[level])
            assert np.array_equal(own.to_level[level], both.to_level[level][:size])
            assert np.array_equal(own.share[level], both.share[level][:size])


def test_keys_of_several_words_are_found_by_all_of_them() -> None:
    rng = np.random.default_rng(3)
    known = np.unique(rng.integers(0, 40, (2, 900)), axis=1)
    rows = np.arange(1, known.shape[1] + 1)
    keys = rng.integers(0, 60, (2, 500))
    place = {tuple(key): int(n) for key, n in zip(known.T.tolist(), rows, strict=True)}
    table = np.zeros(1 << (2 * len(rows) + 1).bit_length(), np.int32)
    assert held_rows(keys, known, rows, table).tolist() == [place.get(tuple(key), 0) for key in keys.T.tolist()]


@pytest.mark.spark
def test_spark_counts_a_population_as_the_embedded_engine_does(folder: Path, tmp_path: Path) -> None:
    with open_engine(workspace=tmp_path) as embedded:
        expected = counted(embedded, folder)
    with open_engine("local[2]", workspace=tmp_path) as spark:
        found = counted(spark, folder)
    assert all(named(found, level) == named(expected, level) for level in range(3))
    assert [a.labels for a in found.attributes] == [a.labels for a in expected.attributes]

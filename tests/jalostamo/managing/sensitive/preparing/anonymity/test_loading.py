"""A table is counted alike in one scan, by joins, and on Spark; and every row of it is counted."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.managing.sensitive.preparing.anonymity import tables
from jalostamo.managing.sensitive.preparing.anonymity.files import table_file
from jalostamo.managing.sensitive.preparing.anonymity.histogram import Counted, count
from jalostamo.managing.sensitive.preparing.anonymity.reading import read_recipe
from jalostamo.managing.sensitive.preparing.anonymity.tables import load

RECIPE = """
[table]
unit = ["person", "household"]
[[quasi_identifier]]
column = "age"
hierarchy = "age.csv"
[[quasi_identifier]]
column = "colour"
[[quasi_identifier]]
column = "town"
hierarchy = "town.csv"
[[sensitive]]
column = "service"
l_diversity = { kind = "distinct", l = 2 }
[[sensitive]]
column = "outcome"
t_closeness = { kind = "ordered", t = 0.5, order = ["low", "middle", "high"] }
[[keep]]
column = "year"
[model]
k = 2
"""
ROWS = 300


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A table, as delimited text and as Parquet, with missing values, persons of several rows, and quoted texts."""
    made = tmp_path_factory.mktemp("table")
    drawn = random.Random(7)
    columns = {
        "age": [drawn.choice(["", *map(str, range(20, 40))]) for _ in range(ROWS)],
        "colour": [drawn.choice(["red", "dark, blue", ""]) for _ in range(ROWS)],
        "town": [drawn.choice("ABC") for _ in range(ROWS)],
        "service": [drawn.choice(["s1", "s2", "s3", ""]) for _ in range(ROWS)],
        "outcome": [drawn.choice(["low", "high"]) for _ in range(ROWS)],
        "year": [str(drawn.randint(2010, 2013)) for _ in range(ROWS)],
        "person": [f"p{drawn.randint(1, 120)}" for _ in range(ROWS)],
        "household": [drawn.choice(["", *(f"p{n}" for n in range(1, 40))]) for _ in range(ROWS)],
    }
    lines = [
        ",".join(columns),
        *(",".join(f'"{v}"' if "," in v else v for v in row) for row in zip(*columns.values(), strict=True)),
    ]
    (made / "table.csv").write_text("\n".join(lines) + "\n")
    pq.write_table(
        pa.table({name: [v or None for v in column] for name, column in columns.items()}), made / "table.parquet"
    )
    # Forty ages are named that nobody has.
    (made / "age.csv").write_text("".join(f"{age};{age - age % 10};*\n" for age in range(80)))
    (made / "town.csv").write_text("B;*\nA;*\nC;*\n")
    (made / "recipe.toml").write_text(RECIPE)
    return made


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    with open_engine(workspace=tmp_path_factory.mktemp("embedded")) as opened:
        yield opened


def counted(engine: Engine, folder: Path, name: str = "table.csv") -> Counted:
    recipe = read_recipe(folder / "recipe.toml")
    return count(engine, load(engine, table_file(folder / name, recipe), recipe), recipe)


def told(found: Counted) -> dict[str, object]:
    """All that the search is given, in a form that can be compared."""
    histogram, ties = found.histogram, found.histogram.ties
    assert ties is not None
    return {
        "codes": histogram.codes.tolist(),
        "rows": histogram.rows.tolist(),
        "sensitive": [(c.place.tolist(), c.value.tolist(), c.rows.tolist()) for c in histogram.sensitive],
        "units": [
            (
                u.name,
                u.single.tolist(),
                u.spread_start.tolist(),
                u.spread_place.tolist(),
                u.spread_times.tolist(),
                u.spread_rows.tolist(),
                u.whole,
            )
            for u in histogram.units
        ],
        "ties": sorted(zip(ties.place, ties.rows, *ties.unit, *ties.value, strict=True)),
        "attributes": [
            (a.name, a.file_rows, a.labels, [c.tolist() for c in a.to_level], [s.tolist() for s in a.share])
            for a in found.attributes
        ],
        "columns": [(c.name, c.values, c.totals.tolist()) for c in found.sensitive],
    }


def by_joins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the one scan find everything odd, so that the slower readers have the word."""
    monkeypatch.setattr(tables, "_is_sound", lambda *_, **__: False)


def test_one_scan_and_joins_count_alike(embedded: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_speed = told(counted(embedded, folder))
    by_joins(monkeypatch)
    assert told(counted(embedded, folder)) == at_speed


def test_text_and_parquet_count_alike(embedded: Engine, folder: Path) -> None:
    assert told(counted(embedded, folder, "table.parquet")) == told(counted(embedded, folder))


@pytest.mark.spark
def test_spark_counts_as_the_embedded_engine_does(embedded: Engine, folder: Path, tmp_path: Path) -> None:
    with open_engine("local[2]", workspace=tmp_path) as spark:
        found = told(counted(spark, folder))
    assert found == told(counted(embedded, folder))


def test_every_row_is_counted_where_it_belongs(embedded: Engine, folder: Path) -> None:
    found = counted(embedded, folder)
    names = [[attribute.labels[0][code] for code in attribute.to_level[0]] for attribute in found.attributes]
    combinations = {
        tuple(names[place][code] for place, code in enumerate(row)): rows
        for row, rows in zip(found.histogram.codes.tolist(), found.histogram.rows.tolist(), strict=True)
    }
    table = pq.read_table(folder / "table.parquet").to_pylist()
    assert combinations == Counter((row["age"], row["colour"], row["town"]) for row in table)


def test_combinations_are_sorted_by_their_codes(embedded: Engine, folder: Path) -> None:
    codes = counted(embedded, folder).histogram.codes.tolist()
    assert codes == sorted(codes)


def test_only_values_that_occur_have_codes(embedded: Engine, folder: Path) -> None:
    ages = counted(embedded, folder).attributes[0]
    assert ages.file_rows == 80
    assert len(ages.labels[0]) == len({row["age"] for row in pq.read_table(folder / "table.parquet").to_pylist()})
    assert ages.share[1][0] == pytest.approx(10 / 80)


def test_units_are_single_or_spread(embedded: Engine, folder: Path) -> None:
    persons, households = counted(embedded, folder).histogram.units
    table = pq.read_table(folder / "table.parquet").to_pylist()
    for units, name in ((persons, "person"), (households, "household")):
        there = {(row[name], None) if row[name] else (None, row["person"]) for row in table}
        assert units.single.sum() + units.spread_times.sum() == len(there)
    assert (persons.whole, households.whole) == (False, True)


def test_many_columns_need_two_words(embedded: Engine, tmp_path: Path) -> None:
    names = [f"c{number}" for number in range(9)]
    (tmp_path / "h.csv").write_text("".join(f"v{n};*\n" for n in range(200)))
    drawn = random.Random(3)
    rows = [[f"v{drawn.randrange(200)}" for _ in names] for _ in range(50)]
    (tmp_path / "table.csv").write_text("\n".join(",".join(row) for row in (names, *rows, *rows)) + "\n")
    quasi = "".join(f'[[quasi_identifier]]\ncolumn = "{name}"\nhierarchy = "h.csv"\n' for name in names)
    (tmp_path / "recipe.toml").write_text(f"{quasi}[model]\nk = 2\n")
    found = counted(embedded, tmp_path)
    assert len(found.keys) == 2
    assert found.histogram.rows.tolist() == [2] * 50
    labels = [attribute.labels[0] for attribute in found.attributes]
    assert sorted(
        [label[code] for label, code in zip(labels, row, strict=True)] for row in found.histogram.codes
    ) == sorted(rows)


SPOILT: dict[str, Callable[[str], bytes]] = {
    "ragged": lambda text: (text + "1,2\n").encode(),
    "not UTF-8": lambda text: (text + "20,red,A,s1,low,2010,p1,\xe4\n").encode("latin-1"),
    "an open quote": lambda text: (text + '20,"red,A,s1,low,2010,p1,p1\n').encode(),
    "an unknown value": lambda text: (text + "99,red,A,s1,low,2010,p1,p1\n").encode(),
    "beyond the order": lambda text: (text + "20,red,A,s1,unheard,2010,p1,p1\n").encode(),
    "nobody's": lambda text: (text + "20,red,A,s1,low,2010,,p1\n").encode(),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_row_that_is_at_fault_stops_the_counting(
    spoil: Callable[[str], bytes], embedded: Engine, folder: Path
) -> None:
    (folder / "spoilt.csv").write_bytes(spoil((folder / "table.csv").read_text()))
    with pytest.raises(Unfit):
        counted(embedded, folder, "spoilt.csv")


def test_rows_that_are_lost_on_the_way_are_missed(
    embedded: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One row fewer is counted by the other way: the one scan is not believed, nor are the slower readers.
    for place in ("jalostamo.engine.packing.records_in", "jalostamo.engine.intake.records_in"):
        monkeypatch.setattr(place, lambda *_, **__: ROWS - 1)
    with pytest.raises(Unfit, match=f"{ROWS - 1} rows were counted, but {ROWS} read"):
        counted(embedded, folder)

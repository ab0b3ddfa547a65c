"""The same expression gives the same rows on every engine."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pyarrow.parquet
import pytest
from tests.jalostamo.engine.expressions import CASES, EVENTS, PERSONS, Case, rows

from jalostamo.engine.connection import Engine
from jalostamo.engine.primitives import SEPARATOR, path_texts


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_an_expression_gives_the_same_rows_on_every_engine(case: Case, engine: Engine) -> None:
    events, persons = engine.in_memory(EVENTS), engine.in_memory(PERSONS)
    assert engine.rows(case.build(events, persons)) == case.gives


def test_a_path_text_follows_its_order(engine: Engine) -> None:
    events = engine.in_memory(EVENTS)
    paths = path_texts(engine, events, case="person", order="row", value="service")
    found = {row["person"]: row["path"] for row in engine.rows(paths)}
    assert found == {"a": SEPARATOR.join("xyx"), "b": "x", "c": "y", None: "z"}


def test_ties_are_ordered_by_their_place_in_a_path_text(engine: Engine) -> None:
    # On the last day of January 'a' has two events: numbering them by service, then by row, settles which comes first.
    events = engine.in_memory(EVENTS.append_column("back", pa.array([-n for n in range(7)])))
    place = ibis.row_number().over(group_by=events.person, order_by=[events.day, events.back])
    paths = path_texts(engine, events.mutate(place=place), case="person", order="place", value="service")
    found = {row["person"]: row["path"] for row in engine.rows(paths)}
    assert found["a"] == SEPARATOR.join("yxx")


def test_many_places_are_ordered_as_numbers(engine: Engine) -> None:
    texts = [f"s{number:02}" for number in range(100)]
    events = engine.in_memory(pa.table({"case": ["a"] * 100, "place": list(range(99, -1, -1)), "value": texts[::-1]}))
    paths = path_texts(engine, events, case="case", order="place", value="value")
    assert engine.only_row(paths)["path"] == SEPARATOR.join(texts)


def test_a_path_without_any_value_is_missing(engine: Engine) -> None:
    events = engine.in_memory(
        pa.table({"case": ["a", "a", "b"], "place": [1, 2, 1], "value": pa.array([None, None, ""], pa.string())})
    )
    paths = path_texts(engine, events, case="case", order="place", value="value").order_by("case")
    assert engine.rows(paths) == rows("case path", ("a", None), ("b", ""))


def test_what_is_kept_is_what_was_computed(engine: Engine) -> None:
    events = engine.in_memory(EVENTS)
    kept = engine.keep(events.filter(events.person == "a"))
    assert engine.rows(kept.order_by("row")) == EVENTS.slice(0, 3).to_pylist()


def test_what_is_written_comes_back(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> None:
    # Brackets, stars and the like are no pattern here, and a folder called person=a is no column.
    folder = tmp_path_factory.mktemp("written") / "a[1] {b,c} *?" / "person=a"
    folder.mkdir(parents=True)
    engine.write_parquet(engine.in_memory(EVENTS), folder / "events.parquet", order_by=["row"])
    assert engine.rows(engine.read_parquet(folder / "events.parquet").order_by("row")) == EVENTS.to_pylist()


def test_a_folder_of_files_is_one_table(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("folder")
    for number in (1, 2):
        pa.parquet.write_table(EVENTS, folder / f"{number}.parquet")
    assert engine.read_parquet(folder).count().execute() == 2 * EVENTS.num_rows


def test_names_of_tables_are_never_given_twice(engine: Engine) -> None:
    assert len({engine.fresh_name() for _ in range(100)}) == 100

"""Queries of a printed cube: the same question put in two ways gives the same numbers, and nothing reads true values."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.jalostamo.utilising.disclosure.conftest import Disclosing
from tests.jalostamo.utilising.disclosure.sample_cubes import AGE, AREA, Town, definition

from jalostamo.concepts.errors import Misused
from jalostamo.producing.cubes.counted import CountedCube
from jalostamo.producing.cubes.definition import TOTAL
from jalostamo.utilising.disclosure.printed import PrintedCube
from jalostamo.utilising.disclosure.queries import EMPTY_TEXTS, Emptiness, Query, Row, answer, colour_classes, ordered

SETS = {
    **{code: tuple(leaf for leaf in AREA.levels[0] if AREA.holds(code, leaf)) for code in AREA.codes},
    "*": AREA.levels[0],
}


def written_otherwise(query: Query, generator: np.random.Generator) -> Query:
    """The same question: other order of filters, codes told by their finer ones, filters that say nothing new."""
    where = {name: tuple(codes) for name, codes in query.where.items()}
    if "area" in where and generator.random() < 0.7:
        where["area"] = tuple(generator.permutation([leaf for code in where["area"] for leaf in SETS[code]]).tolist())
    for name, dimension in {"age": AGE, "area": AREA}.items():
        if name not in where and generator.random() < 0.7:
            where[name] = (TOTAL,) if generator.random() < 0.5 else tuple(reversed(dimension.levels[0]))
    return replace(query, where=dict(reversed(where.items())), by=dict(reversed(query.by.items())))


def test_200_queries_written_two_ways_give_the_same_numbers(printed: PrintedCube) -> None:
    generator = np.random.default_rng(3)
    for _ in range(200):
        by = {name: 0 for name in ("area", "age") if generator.random() < 0.4}
        where = {"area": (str(generator.choice(AREA.codes)),)} if generator.random() < 0.6 else {}
        if generator.random() < 0.4:
            where["age"] = (str(generator.choice(AGE.codes)),)
        query = Query(str(generator.choice(["residents", "visits"])), by=by, where=where)
        assert answer(printed, query) == answer(printed, written_otherwise(query, generator))


def test_adding_printed_cells_up_would_give_other_numbers(printed: PrintedCube) -> None:
    by_age = answer(printed, Query("residents", by={"age": 0}))
    assert by_age.total is not None
    shares = [answer(printed, Query("residents", by={"area": 0}, where={"age": (age,)})) for age in AGE.codes]
    assert any(sum(row.printed or 0 for row in one.rows) != one.total.printed for one in shares if one.total)


def test_a_report_a_drill_and_a_file_tell_the_same_number(printed: PrintedCube) -> None:
    drill = answer(printed, Query("residents", by={"age": 0}, where={"area": ("north",)}))
    for row in drill.rows:
        assert row.printed == printed.count("residents", area="north", age=row.codes[0])


def test_codes_that_no_cell_holds_are_not_added_up(printed: PrintedCube) -> None:
    with pytest.raises(Misused, match="not added up"):
        answer(printed, Query("residents", where={"area": ("a1", "a3")}))


def test_such_codes_can_be_shown_apart_without_a_total(printed: PrintedCube) -> None:
    found = answer(printed, Query("residents", by={"area": 0}, where={"area": ("a1", "a3")}))
    assert ([row.codes for row in found.rows], found.total) == ([("a1",), ("a3",)], None)


def test_a_filter_that_cuts_through_a_coarser_code_is_refused(printed: PrintedCube) -> None:
    with pytest.raises(Misused, match="cuts through 1 codes"):
        answer(printed, Query("residents", by={"area": 1}, where={"area": ("a1",)}))


def test_a_level_shows_the_codes_that_a_filter_lets_through(printed: PrintedCube) -> None:
    found = answer(printed, Query("residents", by={"area": 0}, where={"area": ("south",)}))
    assert [row.codes[0] for row in found.rows] == ["a3", "a4", "a5"]
    assert found.total is not None
    assert found.total.printed == printed.count("residents", area="south")


@pytest.mark.parametrize(
    "query",
    [
        *(Query("cars"), Query("residents", by={"sex": 0}), Query("residents", where={"sex": ("1",)})),
        *(Query("residents", where={"area": ("west",)}), Query("residents", where={"area": ()})),
        *(Query("residents", by={"area": 2}), Query("residents", at="7"), Query("residents", top=-1)),
        Query("residents", order="true"),  # type: ignore[arg-type]  # what must not be asked
    ],
)
def test_what_the_cube_does_not_know_is_refused(printed: PrintedCube, query: Query) -> None:
    with pytest.raises(Misused):
        answer(printed, query)


def true_order(counted: CountedCube) -> list[str]:
    """The areas by their true numbers, as nobody may see them."""
    rows = [r for r in counted.cells.to_pylist() if r["measure"] == "residents" and r["age"] == "65-"]
    return [row["area"] for row in sorted(rows, key=lambda row: -row["n"]) if row["area"] in AREA.levels[0]]


def printed_order(cube: PrintedCube) -> list[str]:
    """The areas as a query orders them."""
    found = answer(cube, Query("residents", by={"area": 0}, where={"age": ("65-",)}, order="most"))
    return [row.codes[0] for row in found.rows]


def test_the_order_is_that_of_printed_numbers(printed: PrintedCube) -> None:
    numbers = [printed.count("residents", area=area, age="65-") or 0 for area in printed_order(printed)]
    assert numbers == sorted(numbers, reverse=True)


def test_what_prints_alike_stands_in_the_order_of_the_definition(disclosing: Disclosing) -> None:
    # Two towns whose small areas differ in truth and print alike have the same order.
    for seed in range(1, 12):
        town = Town(seed)
        cube = disclosing(town.counted(definition(population=f"town {seed}")))
        numbers = {area: cube.count("residents", area=area, age="65-") or 0 for area in AREA.levels[0]}
        assert printed_order(cube) == sorted(AREA.levels[0], key=lambda area: -numbers[area])


def test_an_order_by_true_numbers_would_tell_more_than_the_printed_ones(disclosing: Disclosing) -> None:
    told = 0
    for seed in range(1, 12):
        town = Town(seed)
        counted = town.counted(definition(population=f"town {seed}"))
        told += true_order(counted) != printed_order(disclosing(counted))
    assert told > 0


def test_the_first_ones_are_those_of_printed_numbers(printed: PrintedCube) -> None:
    every = answer(printed, Query("residents", by={"area": 0, "age": 0}, order="most"))
    three = answer(printed, Query("residents", by={"area": 0, "age": 0}, order="most", top=3))
    assert three.rows == every.rows[:3]


def test_a_condition_on_numbers_reads_printed_ones(printed: PrintedCube) -> None:
    found = answer(printed, Query("residents", by={"area": 0, "age": 0}, at_least=10))
    assert all((row.printed or 0) >= 10 for row in found.rows)
    every = answer(printed, Query("residents", by={"area": 0, "age": 0}))
    assert len(found.rows) == sum((row.printed or 0) >= 10 for row in every.rows)


def test_none_and_too_few_look_the_same(printed: PrintedCube, counted: CountedCube) -> None:
    true = {(r["area"], r["age"]): r["n"] for r in counted.cells.to_pylist() if r["measure"] == "residents"}
    empty = [cell for cell in true if printed.count("residents", area=cell[0], age=cell[1]) == 0]
    assert {true[cell] > 0 for cell in empty} == {True, False}
    states = {answer(printed, Query("residents", where={"area": (a,), "age": (b,)})).emptiness for a, b in empty}
    assert states == {Emptiness.NOTHING_PRINTED}


def test_an_empty_answer_says_why(printed: PrintedCube) -> None:
    assert answer(printed, Query("residents", by={"age": 0}, at_least=10**6)).emptiness == Emptiness.NONE_CHOSEN
    assert answer(printed, Query("residents", by={"age": 0})).emptiness == Emptiness.FILLED
    assert EMPTY_TEXTS.keys() == set(Emptiness) - {Emptiness.FILLED}


def rows(*numbers: int | None) -> list[Row]:
    """Rows that print these numbers."""
    return [Row((str(place),), number, None, "printed") for place, number in enumerate(numbers)]


def test_colours_follow_printed_numbers_alone() -> None:
    assert colour_classes(rows(0, 3, 3, 9, 100, None), classes=3) == (0, 1, 1, 2, 3, None)


def test_cells_that_print_alike_have_one_colour(printed: PrintedCube) -> None:
    found = answer(printed, Query("residents", by={"area": 0, "age": 0})).rows
    colours: dict[int | None, set[int | None]] = {}
    for row, colour in zip(found, colour_classes(found), strict=True):
        colours.setdefault(row.printed, set()).add(colour)
    assert {len(found) for found in colours.values()} == {1}


def test_impossible_cells_come_last_in_any_order() -> None:
    for order in ("most", "least"):
        assert ordered(rows(None, 5, 0), order)[-1].printed is None  # type: ignore[arg-type]  # a word of the two

"""Exact figures published elsewhere, and the printed cells that they lay bare."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.jalostamo.utilising.disclosure.conftest import Disclosing
from tests.jalostamo.utilising.disclosure.sample_cubes import RESIDENTS, Town, definition

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.errors import Misused, Refused, Unfit
from jalostamo.producing.cubes.counted import CountedCube
from jalostamo.utilising.disclosure.ledger.bounds import Bounds, Line, tighten
from jalostamo.utilising.disclosure.ledger.exact_figures import ExactCell, ExactFigures, laid_bare
from jalostamo.utilising.disclosure.ledger.figure_files import figures_from, figures_written, read_figures
from jalostamo.utilising.disclosure.ledger.ledger import Ledger
from jalostamo.utilising.disclosure.printed import PrintedCube

ASKED = definition(measures=(RESIDENTS,))


@pytest.fixture(scope="module")
def town() -> CountedCube:
    """The sample town, residents alone."""
    return Town().counted(ASKED)


@pytest.fixture
def cube(disclosing: Disclosing, town: CountedCube) -> PrintedCube:
    """Its printed cells."""
    return disclosing(town)


def true_counts(town: CountedCube) -> dict[tuple[str, str], int]:
    """The true counts by area and age."""
    return {(row["area"], row["age"]): row["n"] for row in town.cells.to_pylist()}


def figures(town: CountedCube, cells: list[tuple[str, str]], **changes: object) -> ExactFigures:
    """What somebody else publishes: the true counts of some cells."""
    true = true_counts(town)
    exact = tuple(ExactCell("residents", "", {"area": a, "age": b}, true[a, b]) for a, b in cells)
    plain = ExactFigures(
        *("Statistics of the state", "residents", CustomerKind.PERSON, "2020-01-01", "2020-12-31"),
        filters={},
        apart=("area", "age"),
        cells=exact,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # fields by name


def by_words(town: CountedCube, cube: PrintedCube, published: ExactFigures) -> dict[tuple[str, str], str]:
    """How each cell is laid bare."""
    bare = laid_bare(cube.content, [published])
    return {(each.coordinates.get("area", "*"), each.coordinates.get("age", "*")): each.how for each in bare}


def test_a_small_cell_published_elsewhere_is_laid_bare(town: CountedCube, cube: PrintedCube) -> None:
    assert 1 <= true_counts(town)["a5", "18-64"] < 10
    assert by_words(town, cube, figures(town, [("a5", "18-64")]))["a5", "18-64"] == "exact"


def test_large_margins_published_elsewhere_lay_nobody_bare(town: CountedCube, cube: PrintedCube) -> None:
    margins = [("*", "*"), ("north", "*"), ("south", "*"), ("*", "0-17"), ("*", "18-64")]
    assert by_words(town, cube, figures(town, margins)) == {}


def test_all_of_a_line_but_one_cell_lays_that_one_bare(town: CountedCube, cube: PrintedCube) -> None:
    line = [("a1", "*"), ("a1", "0-17"), ("a1", "18-64")]
    assert by_words(town, cube, figures(town, line)) == {("a1", "65-"): "exact"}


def test_subtraction_goes_on_from_line_to_line(town: CountedCube, cube: PrintedCube) -> None:
    north = [("north", "65-"), ("a1", "*"), ("a1", "0-17"), ("a1", "18-64")]
    found = by_words(town, cube, figures(town, north))
    assert (found["a1", "65-"], found["a2", "65-"]) == ("exact", "exact")


def test_where_units_are_in_several_parts_nothing_is_subtracted(town: CountedCube, cube: PrintedCube) -> None:
    line = [("a1", "*"), ("a1", "0-17"), ("a1", "18-64")]
    assert ("a1", "65-") not in by_words(town, cube, figures(town, line, apart=()))


def test_two_cells_that_print_none_and_are_three_together_are_known_to_be_one_or_two() -> None:
    bounds = Bounds(np.array([3, 0, 0]), np.array([3, 2, 2]))
    tighten(bounds, [Line(0, 0, (1, 2), apart=True)])
    assert bounds.small(2).tolist() == [False, True, True]


@pytest.mark.parametrize(
    "change",
    [
        {"population": "pupils"},
        {"first_day": "2019-01-01"},
        {"filters": {"area_code": ("1",)}},
        {"unit": CustomerKind.HOUSEHOLD},
    ],
    ids=["population", "period", "filters", "unit"],
)
def test_figures_of_others_lay_nothing_bare(town: CountedCube, cube: PrintedCube, change: dict[str, object]) -> None:
    assert by_words(town, cube, figures(town, [("a5", "18-64")], **change)) == {}


def test_figures_that_cannot_be_of_these_units_are_refused(town: CountedCube, cube: PrintedCube) -> None:
    wrong = figures(town, [("a1", "*")])
    with pytest.raises(Unfit, match="cannot be of the units"):
        laid_bare(cube.content, [replace(wrong, cells=(replace(wrong.cells[0], count=3),))])


def test_the_ledger_refuses_a_cube_that_figures_would_lay_bare(
    ledger: Ledger, disclosing: Disclosing, town: CountedCube
) -> None:
    assert ledger.add_figures(figures(town, [("a1", "*"), ("a1", "0-17"), ("a1", "18-64")])) == {}
    with pytest.raises(Refused, match="lay bare 1 cells of 'residents' by area, age: leave that measure") as refused:
        disclosing(town)
    assert (refused.value.reason, ledger.cubes("residents")) == ("laid_bare", {})


def test_the_ledger_tells_which_printed_cubes_new_figures_lay_bare(
    ledger: Ledger, cube: PrintedCube, town: CountedCube
) -> None:
    bare = ledger.add_figures(figures(town, [("a1", "*"), ("a1", "0-17"), ("a1", "18-64")]))
    assert [each.coordinates for each in bare[cube.digest]] == [{"area": "a1", "age": "65-"}]
    assert ledger.verify()["residents"].number == 2


def test_a_cube_without_dimensions_is_looked_at_too(disclosing: Disclosing) -> None:
    town = Town().counted(definition(measures=(RESIDENTS,), dimensions=()))
    total = ExactFigures(
        *("State", "residents", CustomerKind.PERSON, "2020-01-01", "2020-12-31", {}, ()),
        cells=(ExactCell("residents", "", {}, town.units),),
    )
    assert laid_bare(disclosing(town).content, [total]) == ()


def test_figures_of_two_publications_are_put_together(
    ledger: Ledger, disclosing: Disclosing, town: CountedCube
) -> None:
    ledger.add_figures(figures(town, [("a1", "*"), ("a1", "0-17")]))
    ledger.add_figures(figures(town, [("a1", "18-64")], source="Another"))
    with pytest.raises(Refused, match="lay bare"):
        disclosing(town)


def test_a_ledger_that_knew_no_figures_would_let_a_person_be_found_by_subtraction(
    town: CountedCube, cube: PrintedCube
) -> None:
    true = true_counts(town)
    assert laid_bare(cube.content, []) == ()
    assert true["a1", "*"] - true["a1", "0-17"] - true["a1", "18-64"] == true["a1", "65-"]


def test_what_is_called_exact_is_the_true_count(town: CountedCube, disclosing: Disclosing, cube: PrintedCube) -> None:
    """Over many sets of published cells, the bounds never exclude the truth: no contradiction is ever found."""
    generator, true = np.random.default_rng(5), true_counts(town)
    every = list(true)
    for _ in range(40):
        chosen = [every[place] for place in generator.choice(len(every), 8, replace=False)]
        laid_bare(cube.content, [figures(town, chosen)])


HEAD = """
[figures]
source = "Statistics of the state"
population = "residents"
unit = "person"
first_day = 2020-01-01
last_day = 2020-12-31
apart = ["area"]
"""


def test_figures_are_read_from_their_file(tmp_path: Path) -> None:
    (tmp_path / "figures.csv").write_text("measure,area,age,count\nresidents,a1,,120\nresidents,a1,0-17,40\n")
    (tmp_path / "figures.toml").write_text(
        HEAD + 'cells = "figures.csv"\n[[cell]]\nmeasure = "residents"\ncount = 400\ncoordinates = {age = "65-"}\n'
    )
    found = read_figures(tmp_path / "figures.toml")
    assert (found.first_day, found.unit, found.apart) == ("2020-01-01", CustomerKind.PERSON, ("area",))
    assert [(cell.coordinates, cell.count) for cell in found.cells] == [
        *(({"age": "65-"}, 400), ({"area": "a1"}, 120), ({"area": "a1", "age": "0-17"}, 40)),
    ]
    assert figures_from(figures_written(found)) == found


WRONG: dict[str, Callable[[str], str]] = {
    "no head": lambda _: "",
    "an unknown section": lambda head: head + "[more]\n",
    "an unknown entry": lambda head: head + "more = 1\n",
    "a missing entry": lambda head: head.replace('unit = "person"', ""),
    "an unknown unit": lambda head: head.replace("person", "dog"),
    "a negative count": lambda head: head + '[[cell]]\nmeasure = "residents"\ncount = -1\n',
    "a count that is no number": lambda head: head + '[[cell]]\nmeasure = "residents"\ncount = "3"\n',
    "two counts for one cell": lambda head: (
        head + '[[cell]]\nmeasure = "r"\ncount = 1\n' + '[[cell]]\nmeasure = "r"\ncount = 2\n'
    ),
    "an odd cell": lambda head: head + '[[cell]]\nmeasure = "r"\ncount = 1\nmore = 1\n',
    "a cell that is no section": lambda head: "cell = 3\n" + head,
    "a file elsewhere": lambda head: head + 'cells = "../figures.csv"\n',
    "no TOML": lambda head: head + "[",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_file_of_figures_that_is_not_as_it_should_be_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "figures.toml").write_text(WRONG[name](HEAD))
    with pytest.raises(Unfit):
        read_figures(tmp_path / "figures.toml")


@pytest.mark.parametrize(
    "rows", ["area,count\na1,3\n", "measure,count\nr,3,4\n", "measure,count\nr,\n", "measure,count\nr,-3\n"]
)
def test_a_table_of_figures_that_is_not_as_it_should_be_is_refused(tmp_path: Path, rows: str) -> None:
    (tmp_path / "figures.csv").write_text(rows)
    (tmp_path / "figures.toml").write_text(HEAD + 'cells = "figures.csv"\n')
    with pytest.raises(Unfit):
        read_figures(tmp_path / "figures.toml")


def test_a_missing_file_of_figures_is_named(tmp_path: Path) -> None:
    (tmp_path / "figures.toml").write_text(HEAD + 'cells = "figures.csv"\n')
    with pytest.raises(Misused, match=r"figures\.csv is missing"):
        read_figures(tmp_path / "figures.toml")
    with pytest.raises(Misused, match=r"other\.toml is missing"):
        read_figures(tmp_path / "other.toml")

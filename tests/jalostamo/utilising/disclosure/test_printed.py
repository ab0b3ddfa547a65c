"""Printed cubes: made by the gate alone, frozen, with exact public facts."""

from __future__ import annotations

import ast
from dataclasses import FrozenInstanceError, replace

import pyarrow as pa
import pytest
from tests.conftest import ROOT
from tests.jalostamo.utilising.disclosure.sample_cubes import definition

from jalostamo.concepts.errors import Broken, Misused, Unfit
from jalostamo.producing.cubes.counted import CountedCube
from jalostamo.utilising.disclosure.printed import PrintedContent, PrintedCube


def test_nobody_but_the_gate_makes_a_printed_cube(printed: PrintedCube) -> None:
    with pytest.raises(Broken):
        PrintedCube(printed.content, printed.digest, object())


def test_a_printed_cube_is_not_copied_with_other_contents(printed: PrintedCube) -> None:
    with pytest.raises((Broken, ValueError)):
        replace(printed, digest="0" * 64)


def test_only_the_gate_names_its_token() -> None:
    named = {
        path.name
        for path in (ROOT / "src/jalostamo/utilising").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.alias) and node.name == "_GATE") or (isinstance(node, ast.Name) and node.id == "_GATE")
    }
    assert named == {"printed.py", "gate.py"}


def test_a_printed_cube_does_not_change(printed: PrintedCube) -> None:
    with pytest.raises(FrozenInstanceError):
        printed.digest = "0" * 64  # type: ignore[misc]  # what must not be done


def test_a_printed_cube_tells_the_facts_of_its_definition(printed: PrintedCube) -> None:
    asked = definition()
    told = (printed.name, printed.title, printed.population, printed.unit, printed.period, printed.filters)
    assert told == (asked.name, asked.title, "residents", asked.unit, ("2020-01-01", "2020-12-31"), ())
    assert (printed.dimensions, printed.measures) == (asked.dimensions, asked.measures)
    assert (printed.noise.id, printed.rule.id, printed.series) == (asked.noise, "any shape", "series-1")


def test_nothing_that_is_printed_holds_the_columns_of_true_values(printed: PrintedCube) -> None:
    assert printed.cells.schema.names == ["measure", "at", "area", "age", "printed", "amount", "status"]


def test_every_cell_is_found_by_its_words(printed: PrintedCube) -> None:
    for row in printed.cells.to_pylist():
        assert printed.count(row["measure"], area=row["area"], age=row["age"]) == row["printed"]


def test_a_dimension_that_is_not_named_is_taken_in_total(printed: PrintedCube) -> None:
    assert printed.count("residents", area="north") == printed.count("residents", area="north", age="*")


@pytest.mark.parametrize("words", [{"area": "west"}, {"sex": "1"}, {"at": "7"}, {"measure": "cars"}])
def test_a_cell_that_is_not_there_is_refused(printed: PrintedCube, words: dict[str, str]) -> None:
    with pytest.raises(Misused):
        printed.count(**{"measure": "residents", **words})


@pytest.mark.parametrize("number", [1, 2, -3, None])
def test_a_count_that_no_gate_prints_is_refused(printed: PrintedCube, number: int | None) -> None:
    with pytest.raises(Unfit):
        with_column(printed.content, "printed", number)


def test_an_amount_in_a_cell_that_has_none_is_refused(printed: PrintedCube) -> None:
    place = printed.cells["measure"].to_pylist().index("residents")
    with pytest.raises(Unfit):
        with_column(printed.content, "amount", 5.0, place=place)


def test_a_cube_with_a_cell_less_is_refused(printed: PrintedCube) -> None:
    with pytest.raises(Unfit):
        replace(printed.content, cells=printed.cells.slice(1))


def test_a_cube_with_a_cell_twice_is_refused(printed: PrintedCube) -> None:
    with pytest.raises(Unfit):
        replace(printed.content, cells=pa.concat_tables([printed.cells.slice(0, 1), printed.cells]))


def test_a_counted_cube_does_not_show_itself(counted: CountedCube) -> None:
    assert repr(counted) == "CountedCube('residents_by_area', hidden)"


def with_column(content: PrintedContent, name: str, value: object, *, place: int = 0) -> PrintedContent:
    """The content with one value of one column replaced."""
    at = content.cells.schema.get_field_index(name)
    values = content.cells[name].to_pylist()
    values[place] = value
    field = content.cells.schema.field(at)
    return replace(content, cells=content.cells.set_column(at, field, pa.array(values, field.type)))

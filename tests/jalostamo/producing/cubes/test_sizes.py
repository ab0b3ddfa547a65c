"""A cube that asks too much, or is too thin, is refused with the coarser one that would pass; the refusal tells no counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.producing.cubes.small_cubes import AREA, PEOPLE, SERVICE, SEX, TITLE, definition, dimension, plain

from jalostamo.producing.cubes.definition import Measure
from jalostamo.producing.cubes.sizes import cell_objections, rounded, thin_objections

VILLAGES = dimension("village", [{f"v{n}": f"v{n}" for n in range(99)}, {f"v{n}": f"m{n // 20}" for n in range(99)}])
STREETS = dimension("street", [{f"s{n}": f"s{n}" for n in range(99)}, {f"s{n}": f"q{n // 10}" for n in range(99)}])
YEARS = plain("year", *(str(2000 + n) for n in range(99)))


def test_a_million_cells_are_refused_with_the_dimension_to_coarsen() -> None:
    cube = definition((VILLAGES, STREETS, YEARS), (PEOPLE,))
    (objection,) = cell_objections(cube)
    assert "asks for 1155000 cells" in objection.sentence
    assert "It would pass if you show 'street' from its level 2 on (10 codes)." in objection.sentence


def test_only_the_dimensions_that_a_table_tells_are_counted() -> None:
    cube = definition((VILLAGES, STREETS, YEARS), (PEOPLE,))
    assert cell_objections(cube, {"people": ["village", "street"]}) == ()
    assert cell_objections(cube, {"people": ["village", "street", "year"]})


def test_too_many_points_are_said_to_be_too_many() -> None:
    points = Measure("short", "at_most", "persons", TITLE, of="hours", grid=tuple(range(250_000)))
    (objection,) = cell_objections(definition((SEX,), (points,)))
    assert "ask for fewer measures or grid points" in objection.sentence


def test_a_thin_cube_is_refused_with_the_coarser_one_that_would_pass() -> None:
    cube = definition((SEX, SERVICE, VILLAGES), (PEOPLE,))
    (objection,) = thin_objections(cube, 2_000)
    assert "891 cells at its finest for about 2000 units" in objection.sentence
    assert "It would pass if you show 'village' from its level 2 on (5 codes)." in objection.sentence
    assert thin_objections(cube, 4_500) == ()


def test_a_cube_may_need_two_coarser_dimensions_or_lose_one() -> None:
    cube = definition((SEX, SERVICE, VILLAGES), (PEOPLE,))
    (objection,) = thin_objections(cube, 150)
    assert (
        "show 'service' from its level 2 on (2 codes) and show 'village' from its level 2 on (5 codes)"
        in objection.sentence
    )
    (objection,) = thin_objections(cube, 60)
    assert objection.sentence.endswith("It would pass if you leave out 'village'.")


def test_nobody_can_fill_any_cube() -> None:
    (objection,) = thin_objections(definition((SEX,), (PEOPLE,)), 0)
    assert "No coarser cube of these dimensions would pass" in objection.sentence


@given(units=st.integers(0, 10**7), more=st.integers(0, 9))
def test_the_answer_is_the_same_for_all_numbers_with_the_same_two_figures(units: int, more: int) -> None:
    cube = definition((SEX, AREA, SERVICE), (PEOPLE,))
    rough = rounded(units)
    assert thin_objections(cube, rough) == thin_objections(cube, units)
    assert 0 <= units - rough < max(10, units // 10 + 1)


@pytest.mark.parametrize(("units", "rough"), [(7, 0), (19, 10), (123, 120), (4_567, 4_500), (37_999_999, 37_000_000)])
def test_a_number_is_cut_to_two_figures(units: int, rough: int) -> None:
    assert rounded(units) == rough

"""Maps of steps from printed cells: the drawn widths balance, the printed numbers stay as they were printed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from jalostamo.concepts.errors import Unfit
from jalostamo.producing.results import Flow
from jalostamo.utilising.disclosure.figures.maps import StepCell, StepMap, step_cell, step_map
from jalostamo.utilising.disclosure.noise import KEY_SPACE, noise_table

PLACES = "ABC"


def walked(seed: int, *, units: int) -> dict[tuple[int, str, str], int]:
    """True steps of units that walk over three services and may end at any of three steps."""
    rng, found = np.random.default_rng(seed), {}
    at = [PLACES[n] for n in rng.integers(0, 3, units)]
    found = {(1, "", place): at.count(place) for place in PLACES}
    for number in (1, 2, 3):
        onwards = [place and "ABC"[n] if n < 3 else "" for place, n in zip(at, rng.integers(0, 4, units), strict=True)]
        for source in PLACES:
            for target in ("", *PLACES):
                pairs = zip(at, onwards, strict=True)
                found[number, source, target] = sum(pair == (source, target) for pair in pairs)
        at = onwards
    return found


def printed_cells(seed: int, units: int) -> list[StepCell]:
    true, rng = walked(seed, units=units), np.random.default_rng(seed)
    counts = np.array(list(true.values()))
    printed = noise_table().printed(counts, rng.integers(0, KEY_SPACE, len(counts)))
    return [StepCell(*place, int(n)) for place, n in zip(true, printed, strict=True)]


seeds = st.integers(0, 10_000)


@settings(max_examples=25)
@given(seeds, st.integers(5, 400))
def test_what_enters_a_node_is_as_wide_as_what_leaves_it(seed: int, units: int) -> None:
    found = step_map(printed_cells(seed, units), noise=noise_table())
    assert max(found.imbalances().values(), default=0.0) < 1e-6
    assert all(link.width >= 0 for link in found.links)


def test_printed_numbers_by_themselves_do_not_balance() -> None:
    found = step_map(printed_cells(1, 200), noise=noise_table())
    as_printed = StepMap(tuple(printed_width(link) for link in found.links), found.dropped)
    assert max(as_printed.imbalances().values()) > 1


def printed_width(link):  # type: ignore[no-untyped-def]  # a link whose width is its printed number
    return type(link)(link.number, link.source, link.target, link.printed, float(link.printed))


@settings(max_examples=25)
@given(seeds, st.integers(5, 400))
def test_the_numbers_shown_are_the_printed_ones_and_nobody_is_no_link(seed: int, units: int) -> None:
    cells = printed_cells(seed, units)
    found = step_map(cells, noise=noise_table())
    shown = {(link.number, link.source, link.target): link.printed for link in found.links}
    assert shown == {(cell.number, cell.source, cell.target): cell.printed for cell in cells if cell.printed}
    assert found.dropped == sum(cell.printed == 0 for cell in cells)


def test_widths_are_the_nearest_that_balance() -> None:
    cells = [StepCell(1, "", "A", 90), StepCell(1, "A", "B", 61), StepCell(1, "A", "", 32), StepCell(2, "B", "", 58)]
    found = step_map(cells, noise=noise_table())
    printed = np.array([link.printed for link in found.links])
    names = [(link.number, link.source, link.target) for link in found.links]
    begin, on, end, last = (names.index((c.number, c.source, c.target)) for c in cells)
    balance = [
        {"type": "eq", "fun": lambda w: w[begin] - w[on] - w[end]},
        {"type": "eq", "fun": lambda w: w[on] - w[last]},
    ]
    other = minimize(lambda w: ((w - printed) ** 2).sum(), printed, constraints=balance, bounds=[(0, None)] * 4)
    assert [link.width for link in found.links] == pytest.approx(other.x.tolist(), abs=1e-4)


def test_without_noise_a_map_is_drawn_as_it_was_counted() -> None:
    cells = [StepCell(*place, n) for place, n in walked(3, units=100).items()]
    found = step_map(cells, noise=None)
    assert [link.width for link in found.links] == pytest.approx([link.printed for link in found.links], abs=1e-6)


def test_a_node_whose_onward_links_print_nobody_is_where_the_drawing_ends() -> None:
    found = step_map([StepCell(1, "A", "B", 12), StepCell(2, "B", "C", 0)], noise=noise_table())
    assert [link.width for link in found.links] == [12.0]


def test_a_map_becomes_flows_in_printed_numbers_without_what_begins() -> None:
    found = step_map([StepCell(1, "", "A", 14), StepCell(1, "A", "", 12)], noise=noise_table())
    assert found.flows("all") == (Flow("all", 1, "A", "", 12),)


def test_a_map_of_nobody_is_empty() -> None:
    assert step_map([StepCell(1, "A", "B", 0)], noise=noise_table()) == StepMap((), 1)


def test_a_step_that_is_given_twice_is_refused() -> None:
    with pytest.raises(Unfit):
        step_map([StepCell(1, "A", "B", 5), StepCell(1, "A", "B", 6)], noise=None)


@pytest.mark.parametrize("at", ["", "A>B", "1:A", "x:A>B"])
def test_a_place_that_is_no_step_is_refused(at: str) -> None:
    with pytest.raises(Unfit):
        step_cell(at, 5)

"""Maps of steps, streams around a service and tables of transitions: no label on another, nothing lost, nothing alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.charts.reading import drawn, outside, overlapping, texts_in

from jalostamo.charts.flows import BEGINS, ENDS, MOST_NODES, OTHERS, Stream, around, customers_at, customers_at_start
from jalostamo.charts.framing import Sheet
from jalostamo.charts.layering import crossings, layered, mean_places
from jalostamo.charts.legs import Leg, Stop, few
from jalostamo.charts.rendering import Renderer
from jalostamo.charts.stepmaps import Wording, step_map_chart
from jalostamo.charts.transitions import Transition, transitions_chart
from jalostamo.charts.transitions import Wording as Telling

NAMES = {
    "NOT": "Lastensuojelu\u00adilmoitus", "ASM": "Palvelutarpeen arviointi", "EMP": "Kiireellinen sijoitus",
    "FW": "Tehostettu perhetyö", "FC": "Sijaishuolto", "AFT": "Jälkihuolto", OTHERS: "Muut palvelut",
}  # fmt: skip
CUSTOMERS = {"NOT": 741, "ASM": 734, "EMP": 89, "FW": 132, "FC": 101, "AFT": 17}
STOPS = tuple(Stop(service, customers, 741 * (service == "NOT")) for service, customers in CUSTOMERS.items())
LEGS = (
    Leg("NOT", "ASM", 734, "1 kk"), Leg("ASM", "FW", 111, "5 kk", differs=True), Leg("ASM", "EMP", 88, "0 kk"),
    Leg("ASM", "NOT", 34, "19 kk"), Leg("FW", "EMP", 9, "8 kk"), Leg("EMP", "FC", 40, "5,5 kk"),
    Leg("FC", "FC", 7, "24 kk"), Leg("FC", "AFT", 12, "21 kk"), Leg("FW", "NOT", 22, "15 kk"),
)  # fmt: skip
WORDING = Wording(lambda code: NAMES.get(code, code), str)
MANY = tuple(f"S{n:02}" for n in range(30))
legs = st.builds(
    Leg, st.sampled_from(MANY), st.sampled_from(MANY), st.integers(1, 99), st.sampled_from(["", "12 kk"]), st.booleans()
)
found = st.lists(legs, min_size=1, max_size=80, unique_by=lambda leg: (leg.source, leg.target))


@pytest.mark.parametrize("narrow", [False, True])
def test_services_stand_in_the_order_of_paths_with_their_customers_and_times(draw: Renderer, narrow: bool) -> None:
    drawing = step_map_chart("all", STOPS, LEGS, wording=WORDING, sheet=Sheet(draw.typeface, narrow))
    svg = drawn(draw, drawing)
    texts = texts_in(svg, draw.typeface)
    assert not overlapping(texts)
    assert not outside(svg, texts)
    at = {text.text: text.top if narrow else text.left for text in texts}
    assert at["741"] < at["734"] < at["89"] < at["101"] <= at["17"]
    assert {"1 kk", "5 kk"} <= at.keys()
    assert len(re.findall(r'stroke-opacity="0.9"|opacity="0.9"', svg)) >= 1
    assert "Sijaishuolto – Sijaishuolto: 7, 24 kk." in svg


@given(found)
def test_the_most_used_services_keep_their_names_and_all_others_are_one(every: list[Leg]) -> None:
    names = {service for leg in every for service in (leg.source, leg.target)}
    stops = [Stop(name, 100 - int(name[1:]), 1) for name in sorted(names)]
    kept, joined = few(stops, every)
    assert len(kept) <= MOST_NODES
    assert {stop.service for stop in kept} - {OTHERS} <= names
    assert sum(stop.starts for stop in kept) == len(stops)
    assert sum(leg.customers for leg in joined) == sum(leg.customers for leg in every)
    assert len({(leg.source, leg.target) for leg in joined}) == len(joined)


@given(found)
def test_every_map_is_drawn_with_each_service_on_it_and_no_label_on_another(draw: Renderer, every: list[Leg]) -> None:
    names = sorted({service for leg in every for service in (leg.source, leg.target)})
    stops = tuple(Stop(name, 100 - int(name[1:]), place == 0) for place, name in enumerate(names))
    for narrow in (False, True):
        drawing = step_map_chart("all", stops, tuple(every), wording=WORDING, sheet=Sheet(draw.typeface, narrow))
        svg = drawn(draw, drawing)
        texts = texts_in(svg, draw.typeface)
        assert not overlapping(texts)
        assert not outside(svg, texts)
        shown = {NAMES.get(stop.service, stop.service) for stop in few(stops, every)[0]}
        assert shown <= {text.text for text in texts}


@given(found, st.integers(1, 5), st.integers(2, 4))
def test_layers_hold_each_service_once_and_no_more_side_by_side_than_fit(
    every: list[Leg], layers: int, side_by_side: int
) -> None:
    steps = {(leg.source, leg.target): float(leg.customers) for leg in every}
    names = {service for step in steps for service in step}
    places = mean_places(dict.fromkeys(names, 1.0), steps)
    laid = layered({n: (places[n], 1.0) for n in names}, steps, layers=layers, side_by_side=side_by_side)
    assert sorted(service for layer in laid for service in layer) == sorted(names)
    assert max(len(layer) for layer in laid) <= side_by_side
    assert len(laid) <= max(layers, -(-len(names) // side_by_side))
    lowest = [min(places[service] for service in layer) for layer in laid]
    assert lowest == sorted(lowest)


def test_layers_are_ordered_so_that_steps_that_need_not_cross_do_not() -> None:
    steps = {("A", "Y"): 5.0, ("B", "X"): 5.0}
    laid = layered(
        {"A": (0.0, 1.0), "B": (0.0, 1.0), "X": (1.0, 1.0), "Y": (1.0, 1.0)}, steps, layers=2, side_by_side=2
    )
    assert [set(layer) for layer in laid] == [{"A", "B"}, {"X", "Y"}]
    assert crossings(laid, steps) == 0
    assert crossings((("A", "B"), ("X", "Y")), steps) == 25


def test_whoever_begins_later_waits_so_that_every_share_is_of_all_customers_of_the_index() -> None:
    streams = around(
        [
            Stream(-2, "A", "B", 3),
            Stream(-2, BEGINS, "B", 2),
            Stream(-1, "B", "I", 5),
            Stream(-1, BEGINS, "I", 10),
            Stream(0, "I", ENDS, 9),
            Stream(0, "I", "A", 6),
        ]  # fmt: skip
    )
    assert customers_at_start(streams) == 15
    at = customers_at(streams)
    assert [at[place] for place in ((1, BEGINS), (2, BEGINS), (2, "B"), (3, "I"), (4, ENDS))] == [12, 10, 5, 15, 9]


@pytest.mark.parametrize("narrow", [False, True])
def test_transitions_tell_their_shares_in_every_cell_or_in_none(draw: Renderer, narrow: bool) -> None:
    codes = ("NOT", "ASM", "EMP", "FW", *MANY[:9])
    every = tuple(Transition(one, other, n + 1, 20) for n, one in enumerate(codes) for other in codes[: n % 3 + 1])
    for whole in (99, 100):
        telling = Telling(WORDING.name, lambda share, w=whole: f"{w * share:.0f}", lambda s: f"{100 * s:.0f} %", "Next")
        drawing = transitions_chart(every, wording=telling, sheet=Sheet(draw.typeface, narrow))
        svg = drawn(draw, drawing)
        texts = texts_in(svg, draw.typeface)
        assert not overlapping(texts)
        assert not outside(svg, texts)
        assert "Lastensuojeluilmoitus – Lastensuojeluilmoitus: 5 %." in svg
        numbers = [text for text in texts if text.text.isdigit() and text.top > 40]
        shown = len(re.findall(r"%\.", drawing.description))
        assert len(numbers) in {MOST_NODES, MOST_NODES + shown}

"""Drawings of paths: a dozen services at most, the same scale for each group, no label on another."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.charts.reading import drawn, outside, overlapping, texts_in

from jalostamo.charts.flows import (
    ENDS,
    MOST_NODES,
    OTHERS,
    Stream,
    Wording,
    customers_at_start,
    gathered,
    in_order,
    streams_chart,
)
from jalostamo.charts.framing import Sheet
from jalostamo.charts.inks import ENDED, ink_of
from jalostamo.charts.rendering import Drawing, Renderer

PATHS = (
    Stream(1, "NOT", "ASM", 90),
    Stream(1, "NOT", ENDS, 10),
    Stream(2, "ASM", "EMP", 30, differs=True),
    Stream(2, "ASM", "FW", 50),
    Stream(2, "ASM", ENDS, 10),
    Stream(3, "EMP", "NOT", 20),
    Stream(3, "EMP", ENDS, 10),
    Stream(3, "FW", ENDS, 50),
)
NAMES = {"NOT": "Lastensuojelu\u00adilmoitus", "ASM": "Palvelutarpeen arviointi", "EMP": "Kiireellinen sijoitus",
         "FW": "Tehostettu perhetyö", ENDS: "Ei uutta palvelua", OTHERS: "Muut palvelut"}  # fmt: skip
WORDING = Wording(
    lambda code: NAMES.get(code, code), lambda share: f"{100 * share:.0f} %", lambda step: f"{step}. palvelu"
)

streams = st.builds(
    Stream, st.integers(1, 3), st.sampled_from("ABCDEFGHIJKLMNOP"), st.sampled_from([ENDS, *"ABCDEFGHIJKLMNOP"]), st.integers(1, 9)
)  # fmt: skip


def chart(
    draw: Renderer, paths: tuple[Stream, ...] = PATHS, *, group: str = "foreign", narrow: bool = False
) -> Drawing:
    order = in_order(paths)
    return streams_chart(group, paths, order=order, wording=WORDING, sheet=Sheet(draw.typeface, narrow))


@pytest.mark.parametrize("narrow", [False, True])
def test_labels_stand_clear_inside_the_drawing(draw: Renderer, narrow: bool) -> None:
    svg = drawn(draw, chart(draw, narrow=narrow))
    texts = texts_in(svg, draw.typeface)
    assert not overlapping(texts)
    assert not outside(svg, texts)


def test_every_service_is_named_with_its_share(draw: Renderer) -> None:
    words = [text.text for text in texts_in(drawn(draw, chart(draw)), draw.typeface)]
    assert words.count("Lastensuojeluilmoitus") == 2, "in the first step and again in the fourth"
    assert {"100 %", "90 %", "30 %", "50 %", "20 %", "1. palvelu", "4. palvelu"} <= set(words)


def test_one_per_cent_is_equally_wide_for_a_small_group_and_a_large_one(draw: Renderer) -> None:
    few = tuple(Stream(s.step, s.source, s.target, s.customers, s.differs) for s in PATHS)
    many = tuple(Stream(s.step, s.source, s.target, 7 * s.customers, s.differs) for s in PATHS[:2]) + (
        Stream(2, "ASM", "FW", 600), Stream(2, "ASM", ENDS, 30))  # fmt: skip
    heights = [_first_node(drawn(draw, chart(draw, paths))) for paths in (few, many)]
    assert heights[0] == pytest.approx(heights[1], abs=0.1)


def test_a_step_that_differs_is_drawn_stronger_and_an_end_without_the_groups_ink(draw: Renderer) -> None:
    svg = drawn(draw, chart(draw))
    ink = ink_of("foreign", among=()).light
    assert len(re.findall(rf'fill="{ink}" fill-opacity="0.55"', svg)) == 1
    assert len(re.findall(rf'fill="{ENDED.light}" fill-opacity="0.2"', svg)) == 4


def test_groups_keep_their_ink(draw: Renderer) -> None:
    assert ink_of("domestic", among=()).light in drawn(draw, chart(draw, group="domestic"))


def test_the_description_says_each_stream(draw: Renderer) -> None:
    svg = drawn(draw, chart(draw))
    assert "2. palvelu: Palvelutarpeen arviointi – Kiireellinen sijoitus, 30 %." in svg
    assert "\u00ad" not in svg


@given(st.lists(streams, min_size=1, max_size=60))
def test_at_most_a_dozen_nodes_and_no_customer_lost(found: list[Stream]) -> None:
    order = in_order(found)
    joined = gathered(found, order=order)
    assert len(order) <= MOST_NODES
    assert ENDS not in order[:-1], "where paths end comes last"
    assert sum(s.customers for s in joined) == sum(s.customers for s in found)
    assert customers_at_start(joined) == customers_at_start(found)
    assert {service for s in joined for service in (s.source, s.target)} <= set(order)


def test_the_most_used_services_are_kept_by_name() -> None:
    found = [Stream(1, f"S{n:02}", ENDS, n) for n in range(1, 21)]
    order = in_order(found)
    assert order[0] == "S20"
    assert order[-2:] == (OTHERS, ENDS)
    assert {s.source: s.customers for s in gathered(found, order=order)}[OTHERS] == sum(range(1, 11))


def _first_node(svg: str) -> float:
    found = re.search(r'd="M0 0l10 0l0 ([\d.]+)', svg)
    assert found is not None
    return float(found[1])

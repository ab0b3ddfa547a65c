"""Charts of estimates: a zero baseline, every interval drawn, every label legible."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.jalostamo.charts.reading import drawn, outside, overlapping, texts_in

from jalostamo.charts.blocks import Block, blocks_chart
from jalostamo.charts.estimates import Mark, estimates_chart
from jalostamo.charts.framing import NARROW, WIDE, Sheet, ticks_to
from jalostamo.charts.inks import ink_of
from jalostamo.charts.rendering import Renderer

NAMES = {"fi": "Finnish-speaking children of the town", "sv": "Swedish-speaking", "foreign": "foreign-language"}
HEIGHTS = {"fi": (50, 52, 55), "sv": (44, 53, 62), "foreign": (31, 36, 41)}


def marks(scale: float = 1.0) -> tuple[Mark, ...]:
    return tuple(
        Mark(group, NAMES[group], *(scale * part for part in HEIGHTS[group]), f"{scale * HEIGHTS[group][1]:.0f} %", "701 of 1,342")
        for group in NAMES
    )  # fmt: skip


def percent(at: float) -> str:
    return f"{at:.0f} %"


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("scale", [0.02, 1.0, 1.6])
def test_labels_stand_clear_of_each_other_inside_the_drawing(draw: Renderer, narrow: bool, scale: float) -> None:
    drawing = estimates_chart(marks(scale), tick=percent, sheet=Sheet(draw.typeface, narrow))
    svg = drawn(draw, drawing)
    texts = texts_in(svg, draw.typeface)
    assert drawing.width == (NARROW if narrow else WIDE)
    assert not overlapping(texts)
    assert not outside(svg, texts)


@pytest.mark.parametrize("narrow", [False, True])
def test_every_group_has_its_interval_its_sign_its_value_and_its_base(draw: Renderer, narrow: bool) -> None:
    svg = drawn(draw, estimates_chart(marks(), tick=percent, sheet=Sheet(draw.typeface, narrow)))
    words = " ".join(text.text for text in texts_in(svg, draw.typeface))
    for mark in marks():
        ink = ink_of(mark.group, among=()).light
        assert svg.count(f'stroke="{ink}"') == 3, "a whisker is a line and two caps"
        assert svg.count(f'fill="{ink}"') == 1
        assert mark.text in words
    assert words.count("701 of 1,342") == 3


def test_the_scale_begins_at_zero(draw: Renderer) -> None:
    option = estimates_chart(marks(), tick=percent, sheet=Sheet(draw.typeface, False)).option
    assert option["xAxis"]["min"] == 0


def test_the_description_says_what_is_drawn(draw: Renderer) -> None:
    description = estimates_chart(marks(), tick=percent, sheet=Sheet(draw.typeface, False)).description
    assert "foreign-language: 36 % (701 of 1,342)." in description


@pytest.mark.parametrize("narrow", [False, True])
def test_blocks_are_legible_and_name_each_group_once(draw: Renderer, narrow: bool) -> None:
    blocks = tuple(Block(f"Service number {n}, with a long name", marks(1 / n)) for n in range(1, 9))
    svg = drawn(draw, blocks_chart(blocks, tick=percent, sheet=Sheet(draw.typeface, narrow)))
    texts = texts_in(svg, draw.typeface)
    assert not overlapping(texts)
    assert not outside(svg, texts)
    assert [text.text for text in texts].count("Swedish-speaking") == 1


def test_the_key_names_a_group_that_the_first_block_lacks(draw: Renderer) -> None:
    blocks = (Block("One", marks()[:1]), Block("Two", marks()))
    svg = drawn(draw, blocks_chart(blocks, tick=percent, sheet=Sheet(draw.typeface, False)))
    assert {"Swedish-speaking", "foreign-language"} <= {text.text for text in texts_in(svg, draw.typeface)}


def test_nothing_at_all_can_be_drawn(draw: Renderer) -> None:
    none = (Mark("fi", "Finnish-speaking", 0, 0, 0, "0 %", "0 of 12"),)
    assert "0 of 12" in drawn(draw, estimates_chart(none, tick=percent, sheet=Sheet(draw.typeface, True)))


@given(highest=st.floats(0.01, 1e6), most=st.integers(2, 6))
def test_ticks_cover_the_highest_value_and_are_few(highest: float, most: int) -> None:
    ticks = ticks_to(highest, most=most)
    assert ticks[0] == 0
    assert ticks[-1] >= highest * (1 - 1e-6)
    assert 2 <= len(ticks) <= most + 1
    assert ticks[-2] < highest

"""Drawings of life courses: areas that stack, one plot for each cluster, and the same shares in words."""

from __future__ import annotations

import re

import pytest
from tests.jalostamo.charts.reading import drawn, outside, overlapping, texts_in

from jalostamo.charts.areas import Panel, State, areas_chart
from jalostamo.charts.framing import Sheet
from jalostamo.charts.inks import ENDED, PALETTE
from jalostamo.charts.rendering import Drawing, Renderer

STATES = (State("taken into care"), State("support for the family"), State("none", idle=True))
SHARES = ((0.0, 0.9, 0.1), (0.25, 0.5, 0.25), (0.5, 0.25, 0.25), (0.75, 0.0, 0.25))


def chart(draw: Renderer, *, narrow: bool = False, months: int = 4) -> Drawing:
    """Three plots, the key above them."""
    panels = [Panel(f"Cluster {n}", "120 people", 0, SHARES[:months]) for n in (1, 2, 3)]
    return areas_chart(
        panels,
        STATES,
        share=lambda value: f"{100 * value:.0f} %",
        place=str,
        heading="Months since the first use",
        sheet=Sheet(draw.typeface, narrow),
    )


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("months", [1, 4])
def test_every_state_has_its_area_in_every_plot_and_words_stand_clear(
    draw: Renderer, narrow: bool, months: int
) -> None:
    svg = drawn(draw, chart(draw, narrow=narrow, months=months))
    texts = texts_in(svg, draw.typeface)
    assert not overlapping(texts)
    assert not outside(svg, texts)
    words = [text.text for text in texts]
    assert [words.count(name) for name in ("none", "Cluster 3", "100 %")] == [1, 1, 3]
    for ink in (PALETTE[0], PALETTE[1], ENDED):
        assert len(re.findall(rf'fill="{ink.light}"', svg)) == 4


def test_the_shares_are_said_at_the_ends_and_in_the_middle(draw: Renderer) -> None:
    assert (
        "Cluster 2, 120 people. 0: taken into care 0 %, support for the family 90 %, none 10 %; "
        "1: taken into care 25 %, support for the family 50 %, none 25 %; "
        "3: taken into care 75 %, support for the family 0 %, none 25 %."
    ) in chart(draw).description

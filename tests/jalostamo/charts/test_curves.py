"""Drawings of survival: curves on one scale, each with its band, its name and the same numbers in words."""

from __future__ import annotations

import re

import pytest
from tests.jalostamo.charts.reading import drawn, outside, overlapping, texts_in

from jalostamo.charts.curves import Below, Curve, Point, curves_chart
from jalostamo.charts.framing import Sheet
from jalostamo.charts.inks import ink_of
from jalostamo.charts.rendering import Drawing, Renderer

POINTS = (Point(0, 0.97, 0.93, 0.99), Point(6, 0.6, 0.52, 0.68), Point(18, 0.4, 0.31, 0.5))
LEVEL = tuple(Point(p.time, 0.4, 0.3, 0.5) for p in POINTS)
CURVES = (
    Curve("fi", "Finnish-speaking", POINTS),
    Curve("sv", "Swedish-speaking", LEVEL),
    Curve("foreign", "foreign-language", LEVEL),
)


def chart(draw: Renderer, curves: tuple[Curve, ...] = CURVES, *, narrow: bool = False) -> Drawing:
    return curves_chart(
        curves,
        share=lambda value: f"{100 * value:.0f} %",
        time=lambda value: f"{value:g}",
        heading="Months",
        sheet=Sheet(draw.typeface, narrow),
    )


@pytest.mark.parametrize("narrow", [False, True])
def test_names_stand_clear_even_where_curves_end_alike(draw: Renderer, narrow: bool) -> None:
    svg = drawn(draw, chart(draw, narrow=narrow))
    texts = texts_in(svg, draw.typeface)
    assert not overlapping(texts)
    assert not outside(svg, texts)
    words = [text.text for text in texts]
    assert [words.count(curve.name) for curve in CURVES] == [1, 1, 1]


def test_every_group_has_its_ink_and_a_dash_of_its_own(draw: Renderer) -> None:
    svg = drawn(draw, chart(draw))
    groups = tuple(curve.group for curve in CURVES)
    strokes = {
        group: re.findall(rf'<path[^>]*stroke="{ink_of(group, among=groups).light}"[^>]*>', svg) for group in groups
    }
    dashes = {
        tuple(sorted({d for s in found for d in re.findall(r'stroke-dasharray="([^"]*)"', s)}))
        for found in strokes.values()
    }
    assert all(strokes.values())
    assert len(dashes) == len(groups)


def test_every_point_is_said_with_its_interval(draw: Renderer) -> None:
    description = chart(draw).description
    assert "Finnish-speaking. 0: 97 % (93 %–99 %); 6: 60 % (52 %–68 %); 18: 40 % (31 %–50 %)." in description


def test_a_curve_of_one_point_at_nought_can_be_drawn(draw: Renderer) -> None:
    assert "Months" in drawn(draw, chart(draw, (Curve("all", "All", POINTS[:1]),)))


def test_two_drawings_of_the_same_curves_are_the_same(draw: Renderer) -> None:
    assert drawn(draw, chart(draw)) == drawn(draw, chart(draw))


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("highest", [12, 10_000_000])
def test_numbers_at_risk_stand_under_their_times_and_clear_of_all_else(
    draw: Renderer, highest: int, narrow: bool
) -> None:
    below = Below("At risk", lambda group, at: f"{round(highest / (1 + at + len(group))):,}")
    drawing = curves_chart(
        CURVES,
        share=lambda value: f"{100 * value:.0f} %",
        time=lambda value: f"{value:g}",
        heading="Months",
        sheet=Sheet(draw.typeface, narrow),
        below=below,
    )
    svg = drawn(draw, drawing)
    texts = texts_in(svg, draw.typeface)
    assert not overlapping(texts)
    assert not outside(svg, texts)
    words = [text.text for text in texts]
    assert all(below.number(curve.group, 0.0) in words for curve in CURVES)
    assert [words.count(curve.name) for curve in CURVES] == [1 if narrow else 2] * 3

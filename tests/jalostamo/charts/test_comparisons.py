"""Charts of comparisons: the line of no difference, and intervals that either cross it or do not."""

from __future__ import annotations

import pytest
from tests.jalostamo.charts.reading import drawn, outside, overlapping, texts_in

from jalostamo.charts.comparisons import Contrast, Scale, Sides, contrasts_chart
from jalostamo.charts.framing import Sheet
from jalostamo.charts.inks import MUTED, PAPER, TEXT
from jalostamo.charts.rendering import Drawing, Renderer

RATIOS = (
    Contrast("Emergency placement", 1.7, 2.1, 2.6, "2.10 (1.70–2.60)", "", True),
    Contrast(
        "Counselling for families and for single parents",
        0.9,
        1.0,
        1.1,
        "1.00 (0.90–1.10)",
        "no difference found",
        False,
    ),
)
DIFFERENCES = (
    Contrast("Emergency placement", 7, 12, 18, "+12 (7–18)", "", True),
    Contrast("Family work", -5, -2, 1, "−2 (−5 to 1)", "no difference found", False),
)


def chart(draw: Renderer, contrasts: tuple[Contrast, ...], *, scale: Scale = "ratio", narrow: bool = False) -> Drawing:
    sides = Sides("less", "no difference", "more")
    return contrasts_chart(
        contrasts, scale=scale, sides=sides, tick=lambda at: f"{at:g}", sheet=Sheet(draw.typeface, narrow)
    )


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize(("contrasts", "scale"), [(RATIOS, "ratio"), (DIFFERENCES, "difference")])
def test_labels_stand_clear_inside_the_drawing(
    draw: Renderer, contrasts: tuple[Contrast, ...], scale: Scale, narrow: bool
) -> None:
    svg = drawn(draw, chart(draw, contrasts, scale=scale, narrow=narrow))
    texts = texts_in(svg, draw.typeface)
    assert not overlapping(texts)
    assert not outside(svg, texts)


def test_half_and_twice_are_equally_far_from_no_difference(draw: Renderer) -> None:
    texts = {t.text: (t.left + t.right) / 2 for t in texts_in(drawn(draw, chart(draw, RATIOS)), draw.typeface)}
    assert texts["1"] - texts["0.5"] == pytest.approx(texts["2"] - texts["1"], abs=0.5)
    assert texts["no difference"] == pytest.approx(texts["1"], abs=0.5)


def test_a_scale_of_differences_has_none_in_its_middle(draw: Renderer) -> None:
    option = chart(draw, DIFFERENCES, scale="difference").option
    axis = option["xAxis"]
    assert axis["min"] == -axis["max"]


def test_what_does_not_differ_is_said_and_drawn_hollow(draw: Renderer) -> None:
    svg = drawn(draw, chart(draw, RATIOS))
    assert svg.count(f'fill="{PAPER.light}"') == 1
    assert svg.count("no difference found") == 2, "in the drawing and in its description"
    assert svg.count(f'stroke="{TEXT.light}"') == 3
    assert svg.count(f'stroke="{MUTED.light}"') == 4, "whisker, two caps and the rim of the sign"


@pytest.mark.parametrize("low", [0.0, 0.001])
def test_a_ratio_beyond_the_scale_stops_at_its_end(draw: Renderer, low: float) -> None:
    wild = (Contrast("Aftercare", low, 0.5, 90.0, "0.50 (0–90)", "no difference found", False),)
    svg = drawn(draw, chart(draw, wild))
    assert "NaN" not in svg
    assert not outside(svg, texts_in(svg, draw.typeface))


def test_a_wide_scale_has_no_more_numbers_than_have_room(draw: Renderer) -> None:
    wide = (Contrast("Aftercare", 0.07, 0.9, 11.0, "0.90 (0.07–11.00)", "no difference found", False),)
    svg = drawn(draw, chart(draw, wide, narrow=True))
    texts = texts_in(svg, draw.typeface)
    assert not overlapping(texts)
    assert {"0.0625", "0.25", "1", "4", "16"} <= {text.text for text in texts}


def test_the_description_says_each_comparison(draw: Renderer) -> None:
    description = chart(draw, RATIOS).description
    assert "Emergency placement: 2.10 (1.70–2.60)." in description
    assert "1.00 (0.90–1.10), no difference found." in description

"""Drawings are the same bytes every time, name themselves, and clash with no other drawing on a page."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from tests.jalostamo.charts.reading import SVG

from jalostamo.charts.rendering import Renderer, renderer

OPTION = {
    "xAxis": {"type": "value", "min": 0, "max": 4},
    "yAxis": {"type": "category", "data": ["<b>& \"quoted\"</b>", "two"]},
    "series": [{"type": "bar", "data": [1, 3], "itemStyle": {"color": {"type": "linear", "x": 0, "y": 0, "x2": 1, "y2": 0,
                "colorStops": [{"offset": 0, "color": "#14478f"}, {"offset": 1, "color": "#ae4d68"}]}}}],
}  # fmt: skip


def chart(draw: Renderer, name: str = "reach") -> str:
    return draw(OPTION, width=300, height=200, title="How <many>", description="One & three", id=name)


def test_the_same_option_gives_the_same_bytes_in_one_renderer(draw: Renderer) -> None:
    assert chart(draw) == chart(draw)


def test_another_renderer_gives_the_same_bytes(draw: Renderer, assets: Path) -> None:
    before = chart(draw)
    with renderer(assets) as another:
        chart(another, "something-else-first")
        assert chart(another) == before


def test_a_drawing_names_and_describes_itself_before_all_else(draw: Renderer) -> None:
    root = ET.fromstring(chart(draw))
    title, description = root[0], root[1]
    assert root.attrib["role"] == "img"
    assert (title.tag, title.text) == (f"{SVG}title", "How <many>")
    assert (description.tag, description.text) == (f"{SVG}desc", "One & three")
    assert root.attrib["aria-labelledby"] == title.attrib["id"]
    assert root.attrib["aria-describedby"] == description.attrib["id"]


def test_names_in_two_drawings_of_a_page_never_clash(draw: Renderer) -> None:
    ids = [set(re.findall(r'\bid="([^"]+)"', chart(draw, name))) for name in ("reach", "volumes")]
    assert len(ids[0]) > 3, "the gradient has a name too"
    assert not ids[0] & ids[1]


def test_every_reference_of_a_drawing_is_answered_in_it(draw: Renderer) -> None:
    svg = chart(draw)
    assert set(re.findall(r"url\(#([^)]+)\)", svg)) <= set(re.findall(r'\bid="([^"]+)"', svg))
    assert re.search(r"url\(#", svg)


@pytest.mark.parametrize(
    "sign", ["<script", "<style", "onclick", "href", "ecmeta_", "zr0-", "animate", "http://www.w3.org/1999"]
)
def test_a_drawing_neither_moves_nor_runs_nor_reaches_out(draw: Renderer, sign: str) -> None:
    assert sign not in chart(draw)


def test_a_label_with_markup_stays_text(draw: Renderer) -> None:
    texts = [element.text for element in ET.fromstring(chart(draw)).iter(f"{SVG}text")]
    assert '<b>& "quoted"</b>' in texts


def test_numbers_are_set_in_columns_and_words_are_not(draw: Renderer) -> None:
    classes = {e.text: e.attrib.get("class") for e in ET.fromstring(chart(draw)).iter(f"{SVG}text")}
    assert classes["4"] == "figures"
    assert classes["two"] is None

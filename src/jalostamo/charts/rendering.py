"""Apache ECharts run once, without a browser: an option goes in, and an SVG comes out that is the same every time.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from py_mini_racer import MiniRacer

from jalostamo.charts.finishing import finished
from jalostamo.charts.typesetting import FAMILY, Typeface, inter

type Option = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing is all that ECharts needs for one chart, and the sentence that says the same without it."""

    option: Option
    width: int
    height: int
    description: str


@dataclass(frozen=True, slots=True)
class Renderer:
    """A renderer draws charts for as long as its page is being made; `typeface` tells builders what fits."""

    typeface: Typeface
    _engine: MiniRacer = field(repr=False)

    def __call__(
        self,
        option: Option,
        *,
        width: int,
        height: int,
        title: str,
        description: str,
        id: str,  # noqa: A002 - the word of SVG itself
    ) -> str:
        """Draw one option as an SVG that names itself, with names of its own that clash with no other chart's."""
        still = {"animation": False, "textStyle": {"fontFamily": FAMILY}, **option}
        drawn = self._engine.eval(f"drawn({json.dumps(still)}, {width}, {height})")
        return finished(str(drawn), title=title, description=description, prefix=id)


@contextmanager
def renderer(assets: Path) -> Iterator[Renderer]:
    """Open one engine for all charts of a page; `assets` is the folder that holds ECharts and Inter.

    >>> with renderer(Path("node_modules")) as draw:  # doctest: +SKIP
    ...     svg = draw(option, width=620, height=200, title="Reach", description="52 % and 35 %", id="reach")
    """
    typeface = inter(assets)
    # An engine that is left open was seen to hang the interpreter at its end, in three of nine runs.
    with MiniRacer() as engine:
        engine.eval((assets / "echarts" / "dist" / "echarts.min.js").read_text(encoding="utf-8"))
        engine.eval((Path(__file__).parent / "drawing.js").read_text(encoding="utf-8"))
        engine.eval(f"setTypeface({json.dumps({str(k): dict(v) for k, v in typeface.widths.items()})})")
        yield Renderer(typeface, engine)

"""Areas of life courses: the share of people in each state, month by month, one small plot for each group or cluster.

Unlike curves, whose intervals are drawn, areas fill the whole: each is read by its height, and they stack as the key lists them.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from jalostamo.charts.framing import GAP, LINE, NOTE_SIZE, Element, Sheet, written
from jalostamo.charts.inks import AXIS, ENDED, MUTED, PALETTE, PAPER, Ink
from jalostamo.charts.rendering import Drawing
from jalostamo.charts.typesetting import BOLD

_PLOT: Final = 120
_LEFT: Final = 48
_HEAD: Final = 2 * LINE + 8
_FOOT: Final = 30
_AXIS: Final = 26
_SQUARE: Final = 12
_SHARES: Final = (0.0, 0.5, 1.0)


@dataclass(frozen=True, slots=True)
class State:
    """A state is what an area stands for; `idle` is the one of no service, which is drawn in grey."""

    name: str
    idle: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel is one plot: whose it is, how many they are, and at each place the share in each state, which add up to 1."""

    name: str
    note: str
    first: int
    shares: tuple[tuple[float, ...], ...]


def areas_chart(
    panels: Sequence[Panel],
    states: Sequence[State],
    *,
    share: Callable[[float], str],
    place: Callable[[int], str],
    heading: str,
    sheet: Sheet,
) -> Drawing:
    """The panels beside and below each other, all of one scale; the first state lies at the bottom of each."""
    keys, top = _key(states, sheet)
    columns = 1 if sheet.narrow else 2
    width = (sheet.width - columns * (_LEFT + 2 * GAP)) / columns
    tall = _HEAD + _PLOT + _AXIS
    first, after = min(panel.first for panel in panels), max(panel.first + len(panel.shares) for panel in panels)
    plots = [
        _Plot(
            panel,
            number,
            x=_LEFT + number % columns * (width + _LEFT + 2 * GAP),
            y=top + number // columns * tall + _HEAD,
            width=width,
        )
        for number, panel in enumerate(panels)
    ]
    height = int(top + (len(panels) + columns - 1) // columns * tall + _FOOT)
    below = written(heading, x=_LEFT, y=height - _FOOT / 2, size=NOTE_SIZE, ink=MUTED)
    option: Element = {
        "grid": [{"left": plot.x, "top": plot.y, "width": width, "height": _PLOT} for plot in plots],
        "xAxis": [_axis(number, first, after) for number in range(len(plots))],
        "yAxis": [_axis(number, 0, 1) for number in range(len(plots))],
        "series": [_area(plot, states, at) for plot in plots for at in range(len(states))],
        "graphic": [
            *keys,
            *(text for plot in plots for text in _named(plot)),
            *(text for plot in plots for text in _scales(plot, (first, after), share=share, place=place)),
            below,
        ],
    }
    return Drawing(option, sheet.width, height, _said(panels, states, share=share, place=place))


@dataclass(frozen=True, slots=True)
class _Plot:
    """A panel, its number, and where it lies."""

    panel: Panel
    number: int
    x: float
    y: float
    width: float


def _axis(number: int, low: int, high: int) -> Element:
    return {"type": "value", "min": low, "max": high, "show": False, "gridIndex": number}


def _scales(
    plot: _Plot, ends: tuple[int, int], *, share: Callable[[float], str], place: Callable[[int], str]
) -> list[Element]:
    first, after = ends
    beside = [
        written(share(at), x=plot.x - 8, y=plot.y + (1 - at) * _PLOT, size=NOTE_SIZE, ink=MUTED, align="right")
        for at in _SHARES
    ]
    apart, y = plot.width / (after - first), plot.y + _PLOT + 14
    under = [
        written(place(at), x=plot.x + (at - first) * apart, y=y, size=NOTE_SIZE, ink=MUTED, align="center")
        for at in _places(first, after)
    ]
    return [*beside, *under]


def _places(first: int, after: int) -> tuple[int, ...]:
    """Where the scale is written on: the first place, the middle one, and the last."""
    last = after - 1
    return tuple(dict.fromkeys((first, (first + last) // 2, last)))


def _ink(states: Sequence[State], number: int) -> Ink:
    return ENDED if states[number].idle else PALETTE[number % len(PALETTE)]


def _area(plot: _Plot, states: Sequence[State], at: int) -> Element:
    """One state's area on those below it; each place lasts until the next, the last too."""
    heights = [row[at] for row in plot.panel.shares]
    data = [[plot.panel.first + place, height] for place, height in enumerate([*heights, heights[-1]])]
    return {
        "type": "line",
        "step": "end",
        "symbol": "none",
        "silent": True,
        "emphasis": {"disabled": True},
        "stack": f"panel-{plot.number}",
        "xAxisIndex": plot.number,
        "yAxisIndex": plot.number,
        # A rim of paper keeps areas apart where their inks are printed alike.
        "lineStyle": {"color": PAPER.light, "width": 1},
        "areaStyle": {"color": _ink(states, at).light, "opacity": 1},
        "data": data,
    }


def _named(plot: _Plot) -> list[Element]:
    x, y = plot.x, plot.y
    return [
        written(plot.panel.name, x=x, y=y - LINE - 14, weight=BOLD),
        written(plot.panel.note, x=x, y=y - 14, size=NOTE_SIZE, ink=MUTED),
        {
            "type": "line",
            "shape": {"x1": x, "y1": y + _PLOT, "x2": x, "y2": y + _PLOT + 4},
            "style": {"stroke": AXIS.light, "lineWidth": 1},
            "silent": True,
        },
    ]


def _key(states: Sequence[State], sheet: Sheet) -> tuple[list[Element], float]:
    """A square and a name for each state, the top of the stack first, in as many lines as they need; and where they end."""
    x, y, parts = 12.0, 12.0, list[Element]()
    for number in reversed(range(len(states))):
        wide = _SQUARE + 6 + sheet.typeface.width(states[number].name, size=NOTE_SIZE) + 2 * GAP
        if x > 12 and x + wide - 2 * GAP > sheet.width:
            x, y = 12.0, y + LINE
        parts.append(
            {
                "type": "rect",
                "shape": {"x": x, "y": y - _SQUARE / 2, "width": _SQUARE, "height": _SQUARE},
                "style": {"fill": _ink(states, number).light},
                "silent": True,
            }
        )
        parts.append(written(states[number].name, x=x + _SQUARE + 6, y=y, size=NOTE_SIZE))
        x += wide
    return parts, y + LINE


def _said(
    panels: Sequence[Panel], states: Sequence[State], *, share: Callable[[float], str], place: Callable[[int], str]
) -> str:
    """The panels in words: at the ends of the scale, and in its middle."""

    def told(panel: Panel, at: int) -> str:
        parts = zip(states, panel.shares[at - panel.first], strict=True)
        return f"{place(at)}: " + ", ".join(f"{state.name} {share(part)}" for state, part in parts)

    return " ".join(
        f"{panel.name}, {panel.note}. "
        + "; ".join(told(panel, at) for at in _places(panel.first, panel.first + len(panel.shares)))
        + "."
        for panel in panels
    )

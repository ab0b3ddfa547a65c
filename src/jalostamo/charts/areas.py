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
    first = min(panel.first for panel in panels)
    after = max(panel.first + len(panel.shares) for panel in panels)
    option: dict[str, list[Element]] = {name: [] for name in ("grid", "xAxis", "yAxis", "series")}
    texts: list[Element] = keys
    for number, panel in enumerate(panels):
        x = _LEFT + number % columns * (width + _LEFT + 2 * GAP)
        y = top + number // columns * tall + _HEAD
        option["grid"].append({"left": x, "top": y, "width": width, "height": _PLOT})
        option["xAxis"].append({"type": "value", "min": first, "max": after, "show": False, "gridIndex": number})
        option["yAxis"].append({"type": "value", "min": 0, "max": 1, "show": False, "gridIndex": number})
        option["series"] += [_area(panel, states, number, at) for at in range(len(states))]
        texts += _named(panel, x=x, y=y)
        texts += [
            written(share(at), x=x - 8, y=y + (1 - at) * _PLOT, size=NOTE_SIZE, ink=MUTED, align="right")
            for at in _SHARES
        ]
        texts += [
            written(
                place(at),
                x=x + (at - first) / (after - first) * width,
                y=y + _PLOT + 14,
                size=NOTE_SIZE,
                ink=MUTED,
                align="center",
            )
            for at in _places(first, after)
        ]
    height = int(top + (len(panels) + columns - 1) // columns * tall + _FOOT)
    texts.append(written(heading, x=_LEFT, y=height - _FOOT / 2, size=NOTE_SIZE, ink=MUTED))
    return Drawing({**option, "graphic": texts}, sheet.width, height, _said(panels, states, share=share, place=place))


def _places(first: int, after: int) -> tuple[int, ...]:
    """Where the scale is written on: the first place, the middle one, and the last."""
    last = after - 1
    return tuple(dict.fromkeys((first, (first + last) // 2, last)))


def _ink(states: Sequence[State], number: int) -> Ink:
    return ENDED if states[number].idle else PALETTE[number % len(PALETTE)]


def _area(panel: Panel, states: Sequence[State], number: int, at: int) -> Element:
    """One state's area on those below it; each place lasts until the next, the last too."""
    heights = [row[at] for row in panel.shares]
    data = [[panel.first + place, height] for place, height in enumerate([*heights, heights[-1]])]
    return {
        "type": "line",
        "step": "end",
        "symbol": "none",
        "silent": True,
        "emphasis": {"disabled": True},
        "stack": f"panel-{number}",
        "xAxisIndex": number,
        "yAxisIndex": number,
        # A rim of paper keeps areas apart where their inks are printed alike.
        "lineStyle": {"color": PAPER.light, "width": 1},
        "areaStyle": {"color": _ink(states, at).light, "opacity": 1},
        "data": data,
    }


def _named(panel: Panel, *, x: float, y: float) -> list[Element]:
    return [
        written(panel.name, x=x, y=y - LINE - 14, weight=BOLD),
        written(panel.note, x=x, y=y - 14, size=NOTE_SIZE, ink=MUTED),
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

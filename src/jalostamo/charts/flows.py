"""Customer paths as streams from step to step: the width of a stream is the share of a group's customers in it.

Two groups drawn with the same `order` and height compare by eye: one per cent is as wide in either drawing.

Handbook 2.2 (pilot: the customer paths to the services).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from jalostamo.charts.framing import NOTE_SIZE, Element, Sheet, written
from jalostamo.charts.inks import ENDED, MUTED, PAPER, TEXT, ink_of
from jalostamo.charts.rendering import Drawing
from jalostamo.charts.typesetting import BOLD

ENDS: Final = ""
OTHERS: Final = "..."
"""Where a path goes no further, and what the services beyond the dozen are drawn as."""

BEGINS: Final = "^"
"""Where a path has not begun yet."""

_NOWHERE: Final = frozenset({BEGINS, ENDS})

MOST_NODES: Final = 12
_FULL: Final = {True: 250, False: 280}
_LINE: Final = 15
_HEADING: Final = 28
_DISTANCE: Final = 3


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream is how many customers of one group went from one service straight to the next at one step.

    `step` counts from 1; `target` is `ENDS` where the path goes no further; `differs` draws it in a stronger colour.
    """

    step: int
    source: str
    target: str
    customers: int
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Wording:
    """How a drawing of paths speaks: a service's name, a share as written, and the heading of a step."""

    name: Callable[[str], str]
    share: Callable[[float], str]
    heading: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class _Node:
    step: int
    service: str
    share: float
    lines: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.step}:{self.service}"


def in_order(streams: Iterable[Stream]) -> tuple[str, ...]:
    """The services of paths, most customers first; `OTHERS` stands for those beyond the dozen, `ENDS` comes last."""
    customers: Counter[str] = Counter()
    for stream in streams:
        customers[stream.source] += stream.customers
        customers[stream.target] += stream.customers
    ends = [end for end in (BEGINS, ENDS) if customers.pop(end, 0)]
    services = sorted(customers, key=lambda service: (-customers[service], service))
    room = MOST_NODES - len(ends)
    kept = services if len(services) <= room else [*services[: room - 1], OTHERS]
    return (*kept, *ends)


def gathered(streams: Iterable[Stream], *, order: tuple[str, ...]) -> tuple[Stream, ...]:
    """The streams as they are drawn: services that `order` does not name are joined as `OTHERS`."""
    joined: dict[tuple[int, str, str], tuple[int, bool]] = {}
    for stream in streams:
        source, target = (service if service in order else OTHERS for service in (stream.source, stream.target))
        before, differed = joined.get((stream.step, source, target), (0, False))
        joined[stream.step, source, target] = (before + stream.customers, differed or stream.differs)
    places = {service: place for place, service in enumerate(order)}
    keys = sorted(joined, key=lambda key: (key[0], places[key[1]], places[key[2]]))
    return tuple(Stream(*key, *joined[key]) for key in keys if joined[key][0])


def around(streams: Iterable[Stream]) -> tuple[Stream, ...]:
    """The streams around a step, numbered from 1 on: whoever begins later waits at `BEGINS` from the first step on."""
    found = sorted(streams, key=lambda stream: stream.step)
    first, last = found[0].step, found[-1].step
    begun = Counter({stream.step: stream.customers for stream in found if stream.source == BEGINS})
    waiting = ((step, sum(begun[later] for later in range(step + 1, last + 1))) for step in range(first, last))
    waits = (Stream(step, BEGINS, BEGINS, customers) for step, customers in waiting if customers)
    return tuple(replace(stream, step=stream.step - first + 1) for stream in (*found, *waits))


def customers_at_start(streams: Iterable[Stream]) -> int:
    """How many customers set out: the base of every share in the drawing."""
    found = tuple(streams)
    first = min(stream.step for stream in found)
    return sum(stream.customers for stream in found if stream.step == first)


def customers_at(streams: Iterable[Stream]) -> dict[tuple[int, str], int]:
    """How many customers were at each service at each step, by step and service; the last step has only arrivals."""
    entering: Counter[tuple[int, str]] = Counter()
    leaving: Counter[tuple[int, str]] = Counter()
    for stream in streams:
        leaving[stream.step, stream.source] += stream.customers
        entering[stream.step + 1, stream.target] += stream.customers
    return {place: max(entering[place], leaving[place]) for place in sorted(entering.keys() | leaving.keys())}


def streams_chart(
    group: str, streams: tuple[Stream, ...], *, order: tuple[str, ...], wording: Wording, sheet: Sheet
) -> Drawing:
    """The paths of one group, from left to right; every column has the same order of services."""
    drawn = gathered(streams, order=order)
    base = customers_at_start(drawn)
    first, last = drawn[0].step, drawn[-1].step + 1
    node, size = (5, 11.5) if sheet.narrow else (10, float(NOTE_SIZE))
    pitch = sheet.width / (last - first + 1)

    def fitted(text: str) -> tuple[str, ...]:
        return sheet.typeface.lines(text, size=size, room=pitch - node - _DISTANCE)

    nodes = _nodes(drawn, base, order=order, wording=wording, fitted=fitted)
    gap = _LINE * max(len(node.lines) for node in nodes) + 4
    height = _height_of(nodes, gap=gap, full=_FULL[sheet.narrow])
    top = _HEADING + gap / 2
    layout: Element = {"left": 0, "top": top, "width": pitch * (last - first) + node, "height": height}
    layout |= {"nodeGap": gap, "nodeWidth": node}
    series = _sankey(nodes, drawn, base, ink=ink_of(group, among=(group,)).light, size=size) | layout
    option: Element = {"series": [series], "graphic": _headings(range(first, last + 1), wording, pitch=pitch)}
    return Drawing(option, sheet.width, int(top + height + gap / 2), _described(drawn, base, wording))


def _nodes(
    streams: tuple[Stream, ...],
    base: int,
    *,
    order: tuple[str, ...],
    wording: Wording,
    fitted: Callable[[str], tuple[str, ...]],
) -> list[_Node]:
    places = {service: place for place, service in enumerate(order)}
    found = customers_at(streams)
    nodes = []
    for step, service in sorted(found, key=lambda node: (node[0], places[node[1]])):
        share = found[step, service] / base
        nodes.append(_Node(step, service, share, (*fitted(wording.name(service)), wording.share(share))))
    return nodes


def _height_of(nodes: list[_Node], *, gap: float, full: int) -> float:
    # One column is the tallest; made exactly so high, a full share is `full` pixels in every drawing.
    columns: dict[int, list[_Node]] = {}
    for node in nodes:
        columns.setdefault(node.step, []).append(node)
    return max(full * sum(node.share for node in column) + gap * (len(column) - 1) for column in columns.values())


def _sankey(nodes: list[_Node], streams: tuple[Stream, ...], base: int, *, ink: str, size: float) -> Element:
    first = nodes[0].step
    return {
        "type": "sankey",
        "silent": True,
        "emphasis": {"disabled": True},
        "layoutIterations": 0,
        "nodeAlign": "left",
        "data": [_drawn_node(node, ink=ink, depth=node.step - first, size=size) for node in nodes],
        "links": [_drawn_stream(stream, base, ink=ink) for stream in streams],
    }


def _drawn_node(node: _Node, *, ink: str, depth: int, size: float) -> Element:
    *name, share = node.lines
    text = "\n".join([*(f"{{name|{line}}}" for line in name), f"{{share|{share}}}"])
    # Labels stand on the streams: a rim of paper keeps their letters clear.
    rim = {"textBorderColor": PAPER.light, "textBorderWidth": 3}
    style = {"fontSize": size, "lineHeight": _LINE, "color": TEXT.light, **rim}
    rich: Mapping[str, object] = {"name": style, "share": {**style, "fontWeight": BOLD}}
    label = {"show": True, "position": "right", "distance": _DISTANCE, "formatter": text, "rich": rich}
    colour = ink if node.service not in _NOWHERE else ENDED.light
    return {"name": node.key, "depth": depth, "value": node.share, "itemStyle": {"color": colour}, "label": label}


def _drawn_stream(stream: Stream, base: int, *, ink: str) -> Element:
    colour = ENDED.light if _NOWHERE & {stream.source, stream.target} else ink
    opacity = 0.55 if stream.differs else 0.2
    ends = {"source": f"{stream.step}:{stream.source}", "target": f"{stream.step + 1}:{stream.target}"}
    style: Element = {"color": colour, "opacity": opacity, "curveness": 0.5}
    return {**ends, "value": stream.customers / base, "lineStyle": style}


def _headings(steps: Iterable[int], wording: Wording, *, pitch: float) -> list[Element]:
    said = (wording.heading(step) for step in steps)
    return [written(heading, x=pitch * place, y=10, size=NOTE_SIZE, ink=MUTED) for place, heading in enumerate(said)]


def _described(streams: tuple[Stream, ...], base: int, wording: Wording) -> str:
    def said(stream: Stream) -> str:
        ends = f"{wording.name(stream.source)} – {wording.name(stream.target)}"
        return f"{wording.heading(stream.step)}: {ends}, {wording.share(stream.customers / base)}."

    return " ".join(said(stream) for stream in streams)

"""A map of steps: services from left to right, on a phone downward, and how many went from each straight to which other.

The width of a step tells its customers, what is written on it how much later half of them were there.

Handbook 2.2 (visualising, understanding and assessing the results) and 3.2.4 (customer paths).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from jalostamo.charts.framing import NOTE_SIZE, Element, Sheet, written
from jalostamo.charts.inks import MUTED, PAPER, TEXT, Ink, ink_of
from jalostamo.charts.layering import Layers, layered, mean_places
from jalostamo.charts.legs import Leg, Stop, drawn_of, few
from jalostamo.charts.rendering import Drawing
from jalostamo.charts.typesetting import BOLD

_LINE: Final = 15
_PAD: Final = 6
_ARROW: Final = 7
_BEND: Final = 26.0
_WIDEST: Final = 7.0
_ALONG: Final = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8)
"""Where on a step its time may be written: at the first of these parts that is free."""

type Point = tuple[float, float]
type Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Wording:
    """How a map speaks: a service's name, and a number of customers as written."""

    name: Callable[[str], str]
    customers: Callable[[int], str]


@dataclass(frozen=True, slots=True)
class _Form:
    """How a map is laid on a sheet: layers run along it, and stand side by side across; on a phone it runs downward."""

    downward: bool
    layers: int
    side_by_side: int
    width: float
    apart: float

    def point(self, along: float, across: float) -> Point:
        return (across, along) if self.downward else (along, across)


@dataclass(frozen=True, slots=True)
class _Curve:
    leg: Leg
    points: tuple[Point, Point, Point, Point]
    head: tuple[Point, Point, Point]

    def at(self, part: float) -> Point:
        weights = ((1 - part) ** 3, 3 * part * (1 - part) ** 2, 3 * part**2 * (1 - part), part**3)
        x, y = (sum(w * p[axis] for w, p in zip(weights, self.points, strict=True)) for axis in (0, 1))
        return x, y


def step_map_chart(
    group: str, stops: tuple[Stop, ...], legs: tuple[Leg, ...], *, wording: Wording, sheet: Sheet
) -> Drawing:
    """The map of one group; what `few` leaves out is in the table beside it."""
    stops, legs = few(stops, legs)
    form = _form(sheet)
    layers = _layers(stops, legs, form)
    legs = drawn_of(legs)
    texts = {stop.service: _lines(stop, wording, sheet, room=form.width - 2 * _PAD) for stop in stops}
    boxes, height = _boxes(layers, form, sheet, tallest=max(len(lines) for lines in texts.values()))
    ink = ink_of(group, among=(group,))
    curves = [*_curves(legs, boxes, layers, form)]
    most = max((leg.customers for leg in legs), default=1)
    drawn = [part for curve in curves for part in _drawn(curve, most, ink)]
    drawn += [part for stop in stops for part in _node(boxes[stop.service], texts[stop.service], stop, ink)]
    drawn += _times(curves, [*boxes.values()], sheet)
    loops = [leg for leg in legs if leg.source == leg.target]
    drawn += [part for leg in loops for part in _loop(boxes[leg.source], leg, most, ink)]
    return Drawing({"graphic": drawn, "series": []}, sheet.width, int(height), _described(stops, legs, wording))


def _layers(stops: Iterable[Stop], legs: Iterable[Leg], form: _Form) -> Layers:
    steps = {(leg.source, leg.target): float(leg.customers) for leg in legs}
    places = mean_places({stop.service: float(stop.starts) for stop in stops}, steps)
    # What few use need not stand apart.
    told = {stop.service: (places[stop.service], float(max(stop.customers, 1))) for stop in stops}
    return layered(told, steps, layers=form.layers, side_by_side=form.side_by_side)


def _form(sheet: Sheet) -> _Form:
    return _Form(True, 12, 3, 110.0, 58.0) if sheet.narrow else _Form(False, 4, 5, 108.0, 20.0)


def _lines(stop: Stop, wording: Wording, sheet: Sheet, *, room: float) -> tuple[str, ...]:
    name = sheet.typeface.lines(wording.name(stop.service), size=NOTE_SIZE, room=room)
    return (*name, wording.customers(stop.customers)) if stop.customers else name


def _boxes(layers: Layers, form: _Form, sheet: Sheet, *, tallest: int) -> tuple[dict[str, Box], float]:
    """The box of each service (left, top, width, height), all of one size, and the height of the whole."""
    high = _LINE * tallest + 2 * _PAD
    most = max(len(layer) for layer in layers)
    # Above the first row, and right of the last layer, steps within a layer and back to itself are drawn.
    top, beyond, rim = 18.0, 34.0 if form.downward else 28.0, 1.0
    if form.downward:
        pitch, step = high + form.apart, form.width + (sheet.width - 2 * rim - 3 * form.width) / 2
        whole: float = sheet.width - 2 * rim
        height = top + pitch * (len(layers) - 1) + high + beyond
    else:
        pitch = (sheet.width - form.width - beyond) / max(len(layers) - 1, 1)
        step = high + form.apart
        whole = step * most - form.apart
        height = top + whole + 4
    size = form.width if form.downward else high
    boxes = {}
    for number, layer in enumerate(layers):
        first = (whole - (step * (len(layer) - 1) + size)) / 2
        for place, service in enumerate(layer):
            x, y = form.point(pitch * number, first + step * place)
            boxes[service] = (x + rim, y + top, form.width, float(high))
    return boxes, height


def _curves(legs: Iterable[Leg], boxes: Mapping[str, Box], layers: Layers, form: _Form) -> Iterator[_Curve]:
    """Each leg between two services as a curve with its head; forward from the front of a box to the back of another."""
    between = [leg for leg in legs if leg.source != leg.target]
    number = {service: n for n, layer in enumerate(layers) for service in layer}
    sides = {
        leg: (number[leg.source] <= number[leg.target], number[leg.source] >= number[leg.target]) for leg in between
    }
    ends = _ends(between, boxes, sides, form)
    for leg in between:
        (a1, c1), (a2, c2) = ends[leg]
        from_front, to_front = ((1 if front else -1) for front in sides[leg])
        tip, a2 = a2, a2 + to_front * _ARROW
        bend = max(abs(a2 - a1) / 2, _BEND)
        points = ((a1, c1), (a1 + from_front * bend, c1), (a2 + to_front * bend, c2), (a2, c2))
        head = ((tip, c2), (a2, c2 - 4), (a2, c2 + 4))
        one, two, three, four = (form.point(*point) for point in points)
        yield _Curve(leg, (one, two, three, four), (form.point(*head[0]), form.point(*head[1]), form.point(*head[2])))


def _ends(
    legs: Iterable[Leg], boxes: Mapping[str, Box], sides: Mapping[Leg, tuple[bool, bool]], form: _Form
) -> dict[Leg, tuple[Point, Point]]:
    """Where each leg begins and ends, along and across: the legs of one side of a box are spread over it."""
    at: dict[tuple[str, bool], list[tuple[float, Leg, int]]] = {}
    for leg in legs:
        for end, service, other in ((0, leg.source, leg.target), (1, leg.target, leg.source)):
            across = boxes[other][0 if form.downward else 1]
            at.setdefault((service, sides[leg][end]), []).append((across, leg, end))
    found: dict[tuple[Leg, int], Point] = {}
    for (service, front), met in at.items():
        left, top, width, height = boxes[service]
        along, across, long, wide = (top, left, height, width) if form.downward else (left, top, width, height)
        pitch = min(16.0, (wide - 8) / len(met))
        in_order = sorted(met, key=lambda each: (each[0], each[1].source, each[1].target, each[2]))
        for place, (_, leg, end) in enumerate(in_order):
            offset = (place - (len(met) - 1) / 2) * pitch
            found[leg, end] = (along + (long if front else 0), across + wide / 2 + offset)
    return {leg: (found[leg, 0], found[leg, 1]) for leg in legs}


def _drawn(curve: _Curve, most: int, ink: Ink) -> list[Element]:
    (x1, y1), (a, b), (c, d), (x2, y2) = curve.points
    shape = {"x1": x1, "y1": y1, "cpx1": a, "cpy1": b, "cpx2": c, "cpy2": d, "x2": x2, "y2": y2}
    points = [list(point) for point in curve.head]
    head = {"fill": ink.light, "opacity": _opacity(curve.leg)}
    return [
        {"type": "bezierCurve", "shape": shape, "style": _stroke(curve.leg, most, ink), "silent": True},
        {"type": "polygon", "shape": {"points": points}, "style": head, "silent": True},
    ]


def _loop(box: Box, leg: Leg, most: int, ink: Ink) -> list[Element]:
    """A service straight after itself: an arc above its box."""
    left, top, width, _ = box
    x1, x2 = left + width - 30, left + width - 12
    shape = {"x1": x1, "y1": top, "cpx1": x1, "cpy1": top - 17, "cpx2": x2, "cpy2": top - 17, "x2": x2, "y2": top - 4}
    points = [[x2, top], [x2 - 4, top - 5], [x2 + 4, top - 5]]
    return [
        {"type": "bezierCurve", "shape": shape, "style": _stroke(leg, most, ink), "silent": True},
        {"type": "polygon", "shape": {"points": points}, "style": {"fill": ink.light, "opacity": 0.9}, "silent": True},
    ]


def _stroke(leg: Leg, most: int, ink: Ink) -> Element:
    width = 1 + (_WIDEST - 1) * leg.customers / most
    return {"stroke": ink.light, "lineWidth": round(width, 2), "opacity": _opacity(leg), "fill": None}


def _opacity(leg: Leg) -> float:
    return 0.9 if leg.differs else 0.45


def _node(box: Box, lines: tuple[str, ...], stop: Stop, ink: Ink) -> list[Element]:
    left, top, width, height = box
    shape = {"x": left, "y": top, "width": width, "height": height, "r": 4}
    style = {"fill": PAPER.light, "stroke": ink.light, "lineWidth": 1.5}
    first = top + height / 2 - _LINE / 2 * (len(lines) - 1)
    texts = [
        written(
            line,
            x=left + width / 2,
            y=first + _LINE * place,
            size=NOTE_SIZE,
            align="center",
            weight=BOLD if stop.customers and place == len(lines) - 1 else 400,
        )
        for place, line in enumerate(lines)
    ]
    return [{"type": "rect", "shape": shape, "style": style, "silent": True}, *texts]


def _times(curves: Iterable[_Curve], taken: list[Box], sheet: Sheet) -> Iterator[Element]:
    """What is written on the steps, those that differ first, then those of most; without room the table alone tells it."""
    for curve in sorted(curves, key=lambda curve: (not curve.leg.differs, -curve.leg.customers)):
        width = sheet.typeface.width(curve.leg.time, size=NOTE_SIZE) + 4
        for part in _ALONG:
            x, y = curve.at(part)
            box = (x - width / 2, y - 7, width, 14.0)
            within = box[0] >= 0 and box[0] + width <= sheet.width
            if curve.leg.time and within and not any(_touch(box, other) for other in taken):
                taken.append(box)
                ink = TEXT if curve.leg.differs else MUTED
                yield written(curve.leg.time, x=x, y=y, size=NOTE_SIZE, ink=ink, align="center", rimmed=True)
                break


def _touch(one: Box, other: Box) -> bool:
    apart = one[0] + one[2] <= other[0] or other[0] + other[2] <= one[0]
    return not (apart or one[1] + one[3] <= other[1] or other[1] + other[3] <= one[1])


def _described(stops: Iterable[Stop], legs: Iterable[Leg], wording: Wording) -> str:
    def said(leg: Leg) -> str:
        time = f", {leg.time}" if leg.time else ""
        return f"{wording.name(leg.source)} – {wording.name(leg.target)}: {wording.customers(leg.customers)}{time}."

    named = (f"{wording.name(stop.service)}: {wording.customers(stop.customers)}." for stop in stops if stop.customers)
    return " ".join((*named, *(said(leg) for leg in legs)))

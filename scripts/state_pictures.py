"""Draws the states of one machine of the permit process as an SVG: boxes by phase, arrows by command, a key below."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from itertools import product
from typing import Final

from jalostamo.permits.machines import STATES, Machine, State
from jalostamo.permits.people import Automaton
from jalostamo.permits.terms import title_of
from jalostamo.permits.transitions import Transition
from permits_rows import SINGLE, command_called, from_where, live_of, rows_of, where_to

PLACES: Final[Mapping[Machine, str]] = {
    Machine.PERMIT: """
        draft     assessing permitted    requesting review                   analysis periodic
        described .         inspection   granted    reassessing              .        periodic_review
        .         .         management   .          reassessing_management   .        overdue
        .         .         city         rejected   reassessing_city         .        closed
        .         .         commissioner .          reassessing_commissioner .        .""",
    Machine.REQUEST: """
        draft sent fields_agreed granted picked transferred delivered
        .     .    refused       .       .      .           .""",
    Machine.DATASET: """
        awaited received merged prepared described validated released
        .       .        .      .        failed    held      .""",
    Machine.RUN: """
        not_yet ordered preparing prepared analysing finished
        .       .       stopped   .        .         .""",
    Machine.PUBLICATION: """
        not_yet reporting   clearing cleared in_use    closed
        .       considering .        .       suspended .""",
}
"""Where states stand in the pictures; those that are not here are only told of, below the arrows."""

PHASES: Final = (
    "Identifying the need and the data",
    "Risk, benefit and cost estimate",
    "Assessment and decision",
    "Data request, and preparing the data",
    "",
    "Analytic review of the data",
    "Analysis and visualisation",
    "Reporting and utilising",
)
UNIT, WIDE, HIGH, ASIDE, BELOW, EDGE, TOP, COLUMNS = 8, 16, 10, 8, 6, 6, 11, 7
LINE, BIG, SMALL = 18, 13, 12
BEND, CROSS, BESIDE, APART = 8, 14, 2, {0: 4, 1: 6}
INK, TEAL, GREY, PAPER, END = "#1b2a33", "#0b6e6e", "#74838c", "#fbfaf7", "#e7ebea"

type Point = tuple[int, int]
type Place = tuple[Point, Point]
"""A point, and the way in which a line runs through it."""
type Arrow = tuple[State, State]
type Area = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """A state's box, by its upper left corner."""

    x: int
    y: int

    def is_near(self, point: Point, margin: int) -> bool:
        """Whether a point lies in the box or so close to it."""
        return -margin <= point[0] - self.x <= WIDE + margin and -margin <= point[1] - self.y <= HIGH + margin

    def far(self, point: Point) -> int:
        """How far a point lies from the box."""
        dx = max(self.x - point[0], 0, point[0] - self.x - WIDE)
        return dx + max(self.y - point[1], 0, point[1] - self.y - HIGH)

    def doors(self) -> Iterator[tuple[Place, float]]:
        """Where lines may leave: a point of the edge with the way out, and how far from the middle of the side it is."""
        for dy in range(1, HIGH):
            yield ((self.x + WIDE, self.y + dy), (1, 0)), abs(dy - HIGH / 2)
            yield ((self.x, self.y + dy), (-1, 0)), abs(dy - HIGH / 2)
        for dx in range(2, WIDE - 1):
            yield ((self.x + dx, self.y + HIGH), (0, 1)), abs(dx - WIDE / 2)
            yield ((self.x + dx, self.y), (0, -1)), abs(dx - WIDE / 2)

    @property
    def area(self) -> Area:
        """What it covers of the picture."""
        return self.x * UNIT, self.y * UNIT, (self.x + WIDE) * UNIT, (self.y + HIGH) * UNIT


@dataclass(slots=True)
class Sheet:
    """A picture as it grows: its boxes, and for each point of a line whether it runs across (h), down (v) or bends (x)."""

    boxes: Mapping[State, Box]
    wide: int
    high: int
    lines: dict[Point, str] = field(default_factory=dict)
    doors: set[Point] = field(default_factory=set)
    room: frozenset[Point] = field(init=False)

    def __post_init__(self) -> None:
        """Find where lines may run: on the sheet, and not beside a box."""
        sheet = product(range(3, self.wide - 2), range(TOP - 4, self.high - 1))
        boxes = self.boxes.values()
        self.room = frozenset(point for point in sheet if not any(box.is_near(point, 1) for box in boxes))

    def is_free(self, point: Point) -> bool:
        """Whether a line may run here."""
        return point in self.room

    def openings(self, box: Box) -> dict[Place, float]:
        """The free ways out of a box, two units off its edge, and what each costs."""
        found = {}
        for ((x, y), (dx, dy)), off in box.doors():
            out = (x + 2 * dx, y + 2 * dy)
            next_door = min((abs(x - a) + abs(y - b) for a, b in self.doors if box.is_near((a, b), 0)), default=99)
            if next_door > 1 and self.is_free(out) and out not in self.lines:
                found[out, (dx, dy)] = off / 2 + 6 * max(APART[abs(dy)] - next_door, 0)
        return found

    def onward(self, at: Place) -> Iterator[tuple[Place, float]]:
        """The next points of a line, and what each costs: bends, crossings, and running beside another line."""
        (x, y), way = at
        for dx, dy in ((1, 0), (0, 1), (-1, 0), (0, -1)):
            to, along, bends = (x + dx, y + dy), "h" if dx else "v", (dx, dy) != way
            there = self.lines.get(to)
            turned = (dx, dy) == (-way[0], -way[1]) or (bends and (x, y) in self.lines)
            if turned or there in {along, "x"} or not self.is_free(to):
                continue
            beside = ((k, (x + dx + dy * k, y + dy + dx * k)) for k in (-2, -1, 1, 2))
            near = sum(BESIDE / abs(k) for k, point in beside if self.lines.get(point) == along)
            yield (to, (dx, dy)), 1 + BEND * bends + CROSS * (there is not None) + near

    def routed(self, one: Box, other: Box) -> list[Point]:
        """The cheapest way from box to box, point by point; it never runs along another line."""
        starts, ends = self.openings(one), {(p, (-x, -y)): c for (p, (x, y)), c in self.openings(other).items()}
        came: dict[Place, Place | None] = dict.fromkeys(starts)
        cost = dict(starts)
        heap = [(c + other.far(at[0]), n, at) for n, (at, c) in enumerate(starts.items())]
        heapq.heapify(heap)
        last: tuple[float, Place] | None = None
        while heap and (last is None or heap[0][0] < last[0]):
            _, _, at = heapq.heappop(heap)
            if at in ends and (last is None or cost[at] + ends[at] < last[0]):
                last = cost[at] + ends[at], at
            for to, more in self.onward(at):
                if cost[at] + more < cost.get(to, 1e9):
                    cost[to], came[to] = cost[at] + more, at
                    heapq.heappush(heap, (cost[to] + other.far(to[0]) - 2, len(cost) + len(heap), to))
        if last is None:
            raise SystemExit("An arrow finds no way: move its states further apart.")
        return self._kept(last[1], came)

    def _kept(self, last: Place, came: Mapping[Place, Place | None]) -> list[Point]:
        """Every point of a line from edge to edge, once it is drawn."""
        (x, y), (dx, dy) = last
        points, at = [(x + 2 * dx, y + 2 * dy), (x + dx, y + dy)], last
        while (before := came[at]) is not None:
            points.append(at[0])
            at = before
        (x, y), (dx, dy) = at
        points += [(x, y), (x - dx, y - dy), (x - 2 * dx, y - 2 * dy)]
        for one, here, other in zip(points, points[1:], points[2:], strict=False):
            across, down = one[1] == other[1], one[0] == other[0]
            self.lines[here] = "x" if here in self.lines or not (across or down) else "h" if across else "v"
        self.doors |= {points[0], points[-1]}
        return points[::-1]


def boxes_of(machine: Machine) -> dict[State, Box]:
    """The boxes of a picture, where its plan puts them."""
    named = {state.name.lower(): state for state in STATES[machine]}
    return {
        named[name]: Box(EDGE + column * (WIDE + ASIDE), TOP + row * (HIGH + BELOW))
        for row, line in enumerate(PLACES[machine].split("\n")[1:])
        for column, name in enumerate(line.split())
        if name != "."
    }


def arrows_of(machine: Machine) -> dict[Arrow, list[Transition]]:
    """The arrows of a picture, each with the rows that it stands for."""
    arrows: dict[Arrow, list[Transition]] = {}
    placed = boxes_of(machine)
    for row in rows_of(machine):
        if row.to in placed and len(row.sources) <= SINGLE and all(source in placed for source in row.sources):
            for source in row.sources:
                if source is not row.to:
                    arrows.setdefault((source, row.to), []).append(row)
    return arrows


def picture_of(machine: Machine) -> str:
    """Draw one machine: its states, its arrows, and what the arrows are called."""
    boxes = boxes_of(machine)
    deep = TOP + len(PLACES[machine].split("\n")[1:]) * (HIGH + BELOW)
    sheet = Sheet(boxes, 2 * EDGE + COLUMNS * (WIDE + ASIDE) - ASIDE, deep)
    arrows = arrows_of(machine)
    ways = {
        (one, to): sheet.routed(boxes[one], boxes[to])
        for one, to in sorted(arrows, key=lambda pair: boxes[pair[0]].far((boxes[pair[1]].x, boxes[pair[1]].y)))
    }
    drawn = [_line(sheet, arrow, points, arrows[arrow]) for arrow, points in ways.items()]
    drawn += [_state(box, title_of(state).en, state in live_of(machine)) for state, box in boxes.items()]
    drawn += [*_labels(sheet, ways, arrows), *(_phases(sheet) if machine is Machine.PERMIT else ())]
    told, high = _told(machine, arrows, sheet)
    return _svg(machine, sheet.wide * UNIT, high, [*drawn, *told])


def _svg(machine: Machine, wide: int, high: int, drawn: Iterable[str]) -> str:
    title = f"The states of a {title_of(machine).en}, and the commands that lead from one to another"
    heads = "".join(
        f'<marker id="{name}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="9" markerHeight="9" orient="auto"'
        f' markerUnits="userSpaceOnUse"><path d="M0 0L8 4L0 8z" fill="{ink}"/></marker>'
        for name, ink in (("on", TEAL), ("back", GREY), ("end", INK))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" role="img"'
        f' font-family="sans-serif" font-size="{BIG}" fill="{INK}">\n<title>{title}</title>\n<defs>{heads}</defs>\n'
        f'<rect width="{wide}" height="{high}" fill="{PAPER}"/>\n' + "\n".join(drawn) + "\n</svg>\n"
    )


def _line(sheet: Sheet, arrow: Arrow, points: list[Point], rows: list[Transition]) -> str:
    bends = [b for a, b, c in zip(points, points[1:], points[2:], strict=False) if a[0] != c[0] and a[1] != c[1]]
    corners = [(x * UNIT, y * UNIT) for x, y in (points[0], *bends, points[-1])]
    path = f"M{corners[0][0]} {corners[0][1]}"
    for (a, b), (x, y), (c, d) in zip(corners, corners[1:], corners[2:], strict=False):
        path += f"L{_towards(x, a)} {_towards(y, b)}Q{x} {y} {_towards(x, c)} {_towards(y, d)}"
    path += f"L{corners[-1][0]} {corners[-1][1]}"
    back = sheet.boxes[arrow[1]].x < sheet.boxes[arrow[0]].x
    end = arrow[1] not in live_of(rows[0].machine)
    name, ink = ("end", INK) if end else ("back", GREY) if back else ("on", TEAL)
    ruled = all(isinstance(party, Automaton) for row in rows for party in row.signatures.parties)
    dashes = ' stroke-dasharray="6 4"' if ruled else ""
    return f'<path d="{path}" fill="none" stroke="{ink}" stroke-width="1.5"{dashes} marker-end="url(#{name})"/>'


def _towards(here: int, there: int) -> int:
    return here + max(-6, min(6, there - here))


def _state(box: Box, title: str, live: bool) -> str:
    left, top, right, bottom = box.area
    lines = wrapped(title, right - left - 10)
    first = (top + bottom) / 2 - (len(lines) - 1) * 7 + 4.5
    texts = [_text((left + right) / 2, first + 14 * n, line, anchor="middle") for n, line in enumerate(lines)]
    look = f'fill="#ffffff" stroke="{INK}"' if live else f'fill="{END}" stroke="{GREY}"'
    shape = f'<rect x="{left}" y="{top}" width="{right - left}" height="{bottom - top}" rx="6" {look}/>'
    return shape + "".join(texts)


def _text(x: float, y: float, said: str, *, anchor: str = "start", look: str = "") -> str:
    return f'<text x="{x:g}" y="{y:g}" text-anchor="{anchor}"{look}>{escape(said)}</text>'


def _labels(sheet: Sheet, ways: Mapping[Arrow, list[Point]], arrows: Mapping[Arrow, list[Transition]]) -> Iterator[str]:
    """The ids of the rows on their arrows, where they cover least, shortest arrow first."""
    taken = [box.area for box in sheet.boxes.values()]
    for arrow, points in sorted(ways.items(), key=lambda way: len(way[1])):
        ids = [row.id for row in arrows[arrow]]
        shapes = [[" · ".join(ids)], ids] if len(ids) > 1 else [ids]
        fitting = [
            (_covered(sheet, points, n, area) + 8 * (lines is not shapes[0]), n, area, lines)
            for lines in shapes
            for n, area in enumerate(_label_area(point, lines) for point in points)
            if not any(_meet(area, other) for other in taken)
        ]
        if not fitting:
            raise SystemExit(f"There is no room for the label {shapes[0][0]}: move its states further apart.")
        _, _, area, lines = min(fitting, key=lambda found: found[:2])
        taken.append(area)
        left, top, right, bottom = area
        look = f'rx="8" fill="{PAPER}" stroke="{TEAL}" stroke-width="0.8"'
        yield f'<rect x="{left:g}" y="{top:g}" width="{right - left:g}" height="{bottom - top:g}" {look}/>' + "".join(
            _text((left + right) / 2, top + 12.5 + 14 * n, line, anchor="middle", look=f' font-size="{SMALL}"')
            for n, line in enumerate(lines)
        )


def _label_area(point: Point, lines: list[str]) -> Area:
    x, y = point[0] * UNIT, point[1] * UNIT
    half, tall = max(width_of(line) for line in lines) * SMALL / BIG / 2 + 6, 7 * len(lines) + 1.5
    return x - half, y - tall, x + half, y + tall


def _covered(sheet: Sheet, points: list[Point], number: int, area: Area) -> float:
    """What a label covers: other lines, an end of its own, or a bend; in the middle of its line it stands best."""
    left, top, right, bottom = area
    inside = {p for p in sheet.lines if left - 4 < p[0] * UNIT < right + 4 and top - 4 < p[1] * UNIT < bottom + 4}
    own = set(points)
    ends = {*points[:2], *points[-3:]} & inside
    bends = [p for p in inside & own if sheet.lines[p] == "x"]
    return 6 * len(inside - own) + 12 * len(ends) + 5 * len(bends) + abs(number - len(points) / 2) / 3


def _meet(one: Area, other: Area) -> bool:
    return one[0] < other[2] + 3 and other[0] < one[2] + 3 and one[1] < other[3] + 3 and other[1] < one[3] + 3


def _phases(sheet: Sheet) -> Iterator[str]:
    """The phases of the handbook above the columns."""
    columns = {box.x: int(state.value[0]) for state, box in sheet.boxes.items() if box.y == TOP}
    for x, phase in columns.items():
        middle = (x + WIDE / 2) * UNIT
        number = "Phases 4 and 5" if phase == 4 else f"Phase {phase}"
        yield _text(middle, 20, number, anchor="middle", look=f' font-weight="bold" fill="{TEAL}"')
        for n, line in enumerate(wrapped(PHASES[phase - 1], (WIDE + ASIDE - 2) * UNIT)):
            yield _text(middle, 37 + 15 * n, line, anchor="middle", look=f' font-size="{SMALL}"')


def _told(machine: Machine, arrows: Mapping[Arrow, list[Transition]], sheet: Sheet) -> tuple[list[str], int]:
    """What the arrows are called, and below it the commands of many states, in words; and where the picture ends."""
    left, top, room = (EDGE - 3) * UNIT, sheet.high * UNIT + 6, (sheet.wide - 2 * EDGE + 6) * UNIT
    drawn = {row.id for rows in arrows.values() for row in rows}
    key = [row for row in rows_of(machine) if row.id in drawn]
    deep = -(-len(key) // 3)
    parts = [_text(left, top, LEGEND, look=f' font-size="{SMALL}"')]
    for n, row in enumerate(key):
        parts.append(_entry(left + n // deep * room / 3, top + (n % deep + 1.5) * LINE, row.id, command_called(row)))
    top += round((deep + 2.2) * LINE)
    for row in rows_of(machine):
        if row.id not in drawn and (row.to is not None or row.goes_back):
            said = f"{command_called(row)}: {from_where(row)} → {where_to(row)}"
            for n, line in enumerate(wrapped(said, room - 50)):
                parts.append(_entry(left, top, "" if n else row.id, line))
                top += LINE
    return parts, top


LEGEND: Final = (
    "Arrows: teal goes on, grey goes back, dark ends; a dashed one is taken by rule, without a person. What changes no state"
    " is not drawn."
)


def _entry(x: float, y: float, name: str, said: str) -> str:
    return _text(x, y, name, look=f' font-weight="bold" fill="{TEAL}"') + _text(x + 48, y, said)


def wrapped(text: str, room: float) -> list[str]:
    """The text in lines that fit the room."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        lines[-1:] = [longer] if width_of(longer) <= room or not lines[-1] else [lines[-1], word]
    return lines


def width_of(text: str) -> float:
    """How wide a text is at most, in the fonts that a reader is likely to have."""
    narrow, broad = "iljtf.,:;'’“” ()", "mwMW→"
    return BIG * sum(0.36 if c in narrow else 0.95 if c in broad else 0.72 if c.isupper() else 0.6 for c in text)

"""Writes `docs/reference/permits.md` and its pictures: the permit process as its tables, words and settings say it."""

from __future__ import annotations

import heapq
import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from html import escape
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Refused
from jalostamo.concepts.roles import Role
from jalostamo.permits import duties, municipality, tables
from jalostamo.permits.decisions import Intervals
from jalostamo.permits.machines import STATES, Machine, State
from jalostamo.permits.objections import SENTENCES
from jalostamo.permits.people import Automaton, Party, called
from jalostamo.permits.settings import DEADLINES
from jalostamo.permits.tables import TRANSITIONS
from jalostamo.permits.terms import WORDS, title_of
from jalostamo.permits.times import ANSWERS, BY_ITSELF
from jalostamo.permits.transitions import Signatures, Slot, Transition

ROOT = Path(__file__).resolve().parent.parent

CODES: Final[Mapping[Party, str]] = {
    Role.INITIATOR: "INI",
    Role.ANALYST: "ANA",
    Role.PRIVACY_PERSON: "PRV",
    Role.DATA_SECURITY_PERSON: "DSP",
    Role.TECHNICAL_DATA_SECURITY_PERSON: "TDS",
    Role.BRANCH_MANAGER: "BRM",
    Role.RISK_MANAGER: "RSK",
    Role.CITY_MANAGER: "CTY",
    Role.SOURCE_SYSTEM_OWNER: "OWN",
    Role.SYSTEMS_EXPERT: "SYS",
    Role.ANONYMISATION_EXPERT: "ANO",
    Role.VALIDATOR: "VAL",
    Role.OUTPUT_CHECKER: "OUT",
    Role.PUBLISHER: "PUB",
    Role.SERVICE_UNIT_READER: "CON",
    Role.SUPPORT_FUNCTION_EXPERT: "SUP",
    Role.OUTSIDE_RESEARCHER: "RES",
    Role.AUDITOR: "AUD",
    Role.ADMINISTRATOR: "ADM",
    Automaton.SCHEDULER: "CLK",
    Automaton.PROCESS: "PROC",
    Automaton.CLOSED_ROOM: "ROOM",
    Automaton.GATE: "GATE",
}

"""What each party is called where there is no room for more."""

SINGLE: Final = 2
"""A row that leads out of more states than these is told in words, and not drawn with arrows."""

# --- What the tables say ----------------------------------------------------------------------------------------------


def rows_of(machine: Machine) -> list[Transition]:
    """The rows of one machine, in the order of its table."""
    return [row for row in TRANSITIONS if row.machine is machine]


def live_of(machine: Machine) -> list[State]:
    """The states that some command leads out of; the others are the machine's ends."""
    left = {state for row in rows_of(machine) if row.to is not None for state in row.sources if state is not row.to}
    return [state for state in STATES[machine] if state in left]


def command_called(row: Transition) -> str:
    """The words of its button."""
    return WORDS[f"Command.{row.command}"].en


def from_where(row: Transition) -> str:
    """The states in which a command is given; the order of the states is that of the process."""
    live = live_of(row.machine)
    chosen = [state for state in live if state in row.sources]
    titles = [f"“{title_of(state).en}”" for state in chosen]
    missing = [f"“{title_of(state).en}”" for state in live if state not in chosen]
    ends = ", and at every end" if len(chosen) < len(row.sources) else ""
    if len(chosen) <= SINGLE + 1:
        return ", ".join(titles) + ends
    first = live.index(chosen[0])
    if chosen == live:
        said = "any state before an end"
    elif len(missing) <= SINGLE and chosen[0] is live[0]:
        said = f"any state before an end but {', '.join(missing)}"
    elif live[first:] == chosen:
        said = f"any state from {titles[0]} on"
    elif live[first : first + len(chosen)] == chosen:
        said = f"any state from {titles[0]} to {titles[-1]}"
    else:
        said = ", ".join(titles)
    return said + ends


def where_to(row: Transition) -> str:
    """The state that a command leads to."""
    if row.goes_back:
        return "the state that was left"
    return "the state stays" if row.to is None else f"“{title_of(row.to).en}”"


# --- Pictures ---------------------------------------------------------------------------------------------------------

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

    def is_free(self, point: Point) -> bool:
        """Whether a line may run here."""
        inside = 3 <= point[0] <= self.wide - 3 and TOP - 4 <= point[1] <= self.high - 2
        return inside and not any(box.is_near(point, 1) for box in self.boxes.values())

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


def arrows_of(machine: Machine) -> dict[Arrow, list[Transition]]:
    """The arrows of a picture, each with the rows that it stands for."""
    arrows: dict[Arrow, list[Transition]] = {}
    for row in rows_of(machine):
        for source in row.sources if len(row.sources) <= SINGLE and row.to is not None else ():
            if row.to is not None and source is not row.to:
                arrows.setdefault((source, row.to), []).append(row)
    return arrows


def picture_of(machine: Machine) -> str:
    """Draw one machine: its states, its arrows, and what the arrows are called."""
    named = {state.name.lower(): state for state in STATES[machine]}
    lines = [line.split() for line in PLACES[machine].strip().splitlines()]
    boxes = {
        named[name]: Box(EDGE + column * (WIDE + ASIDE), TOP + row * (HIGH + BELOW))
        for row, line in enumerate(lines)
        for column, name in enumerate(line)
        if name != "."
    }
    sheet = Sheet(boxes, 2 * EDGE + COLUMNS * (WIDE + ASIDE) - ASIDE, TOP + len(lines) * (HIGH + BELOW))
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
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" role="img" font-family="sans-serif"'
        f' font-size="{BIG}" fill="{INK}">\n<title>{title}</title>\n<defs>{heads}</defs>\n'
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


# --- The page ---------------------------------------------------------------------------------------------------------

PAGE: Final = "docs/reference/permits.md"
PICTURES: Final[Mapping[str, Machine]] = {f"docs/images/{machine.value}-states.svg": machine for machine in Machine}

_OPENING: Final = """# The permits process

Who may do what in which state, from an idea to a published result and its end. Written by `make docs` from the tables
that the process runs on; do not edit it by hand. It is version {version} of the process: {rows} rows in {machines} tables.

One permit has a data request to each source, a run each time its analysis is made, prepared data for each run, and
publications. Each moves through states of its own; a command is given in a state and leads to another, or makes a record
and the state stays. Whatever is not in these tables is refused. A command is judged in this order: is there a row for it
in this state; may these people sign it; does no duty keep them from it; has none of its rules an objection.

The same tables, asked row by row of the rules themselves, lie beside the tests:
{golden}."""

_CODES: Final = """## Who acts

Roles are held by people, for a time and perhaps for one unit or register; the last four are automatons, which act by
rule. In the tables they go by these letters.

| letters | who |
|---|---|
{rows}"""

_MACHINE: Final = """## {title}

{doc}

![{alt}](../images/{machine}-states.svg)

### States of the {machine_called}

| state | written | can lead to |
|---|---|---|
{states}

### Commands of the {machine_called}

What a municipality may not remove is marked with ●. A paper is what must be handed in with the command.

| row | command | in which state | leads to | who signs | rules | paper | recorded as | who is told |
|---|---|---|---|---|---|---|---|---|
{rows}

### Who may give which command of the {machine_called}

**A** alone; **+** in one submission with another; **&** one of two signatures, each apart. An empty cell is a refusal,
and so is everyone who has no column.

<details><summary>{cells} cells</summary>

| state | command | {parties} |
|---|---|{dashes}|
{matrix}

</details>"""

_DUTIES: Final = """## Duties

What one person may not do in a case because of what the same person did in it before, over the whole history of the case,
whatever the account or role. A municipality may add to them, and takes none away. With a low risk one person may sign for
both of the inspection group.

| one hand | the other hand | why | from |
|---|---|---|---|
{rows}"""

_TIME: Final = """## Deadlines and intervals

An answer that is late is reminded of; nothing is permitted because somebody was silent.

| for what | days | where it counts | a municipality may make it |
|---|---|---|---|
{deadlines}

| interval | months at most |
|---|---|
{intervals}

The schedule and the process give these commands by themselves, in this order, as soon as their rules allow it:
{by_itself}. At the end of its last day a permit ends, whether or not a schedule has run."""

_MAY: Final = """## What a municipality may change

It writes a file of its own, which can tighten the process and never loosen it. A case keeps the settings with which it
was opened.

| key | what it sets |
|---|---|
{keys}

It may do without these commands, and ask a further signature for them and for others that are not marked with ●:
{removable}."""

_TOLD: Final = """## Who is told

| who | of what |
|---|---|
{rows}"""

_KEYS: Final = {
    "timezone": "the place whose days count",
    "group_unit": "the unit where the group's analysts work",
    "remove": "commands that are not used; those that protect, and those without which nothing can be analysed, stay",
    "reminders": "how many days before an end a reminder is sent",
    "intervals": "validity and reassessment, in months; shorter ones only",
    "costs": "where the classes of cost begin",
    "deadlines": "days for an answer, tighter ones only",
    "signature": "a further signature of a role on a command, always given apart",
    "apart": "two more roles that one person may not hold in a case",
    "floor": "a class below which no processing risk goes",
    "person": "who holds which role from when to when, who is a substitute, and who comes from outside by contract",
}
_INTERVALS: Final = {
    "longest": "how long a permit is valid",
    "longest_one_off": "how long a permit for a one-off analysis is valid",
    "reassessment_moderate": "between reassessments of moderate risk",
    "reassessment_high": "between reassessments of high risk",
}


def permits_page() -> str:
    """Render the page as Markdown."""
    golden = ", ".join(f"[{m.value}](../../tests/jalostamo/permits/golden/{m.value}.txt)" for m in Machine)
    opening = _OPENING.format(
        version=tables.PROCESS_VERSION, rows=len(TRANSITIONS), machines=len(Machine), golden=golden
    )
    codes = _CODES.format(rows=_lines((code, called(party).en) for party, code in CODES.items()))
    machines = [_machine(machine) for machine in Machine]
    return "\n\n".join([opening, codes, *machines, _duties(), _time(), _may(), _told_of()]) + "\n"


def _lines(rows: Iterable[Iterable[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _machine(machine: Machine) -> str:
    doc = inspect.getdoc(getattr(tables, machine.value)) or ""
    told = "\n\n".join(part for part in doc.split("\n\n") if not part.startswith("Handbook"))
    name = title_of(machine).en
    rows = rows_of(machine)
    parties = [party for party in CODES if any(party in row.signatures.parties for row in rows)]
    cells = [(state, row) for state in STATES[machine] for row in rows if state in row.sources]
    matrix = [(title_of(s).en, command_called(row), *(_mark(row.signatures, p) for p in parties)) for s, row in cells]
    return _MACHINE.format(
        title=name[0].upper() + name[1:],
        doc=told,
        machine=machine.value,
        machine_called=name,
        alt=f"The states of the {name} as boxes, and as arrows between them the commands of the table below",
        states=_lines(_state_row(machine, state) for state in STATES[machine]),
        rows=_lines(_command_row(row) for row in rows),
        cells=len(cells) * len(parties),
        parties=" | ".join(CODES[party] for party in parties),
        dashes="|".join("---" for _ in parties),
        matrix=_lines(matrix),
    )


def _state_row(machine: Machine, state: State) -> tuple[str, str, str]:
    deadline = next((found for waiting, found in ANSWERS.items() if waiting is state), None)
    ways = [row.to for row in rows_of(machine) if state in row.sources and row.to is not None and row.to is not state]
    back = ["the state that was left" for row in rows_of(machine) if state in row.sources and row.goes_back]
    leads = "; ".join([*back, *dict.fromkeys(title_of(to).en for to in ways)]) or "an end"
    wait = f"; an answer is due in {DEADLINES[deadline]} days" if deadline else ""
    return title_of(state).en + wait, f"`{state.value}`", leads


def _command_row(row: Transition) -> tuple[str, ...]:
    """One row of the table, as a reader needs it."""
    kept = " ●" if row.protects else ""
    return (
        row.id,
        f"{command_called(row)}{kept} (`{row.command}`)",
        from_where(row),
        where_to(row),
        signed_by(row.signatures),
        "; ".join(WORDS[f"Guard.{guard}"].en for guard in row.guards),
        WORDS[f"Paper.{row.paper.__name__}"].en,
        WORDS[f"Event.{row.event}"].en,
        ", ".join(CODES[party] for party in row.notifies),
    )


def signed_by(signatures: Signatures) -> str:
    """Who signs, in letters."""
    slots = [_slot(slot) for slot in signatures.slots]
    if len(slots) == 1:
        return slots[0]
    return " and ".join(slots) + (", in one submission" if signatures.in_one_submission else ", each apart")


def _slot(slot: Slot) -> str:
    return " or ".join(code for party, code in CODES.items() if party in slot)


def _mark(signatures: Signatures, party: Party) -> str:
    if party not in signatures.parties:
        return " "
    return "A" if len(signatures.slots) == 1 else "+" if signatures.in_one_submission else "&"


def _duties() -> str:
    rows = []
    for duty in duties.DUTIES:
        section, sentence = SENTENCES[duty.code]
        why = sentence.en.split(" Role")[0]
        origin = "ours" if duty.ours else f"handbook {section}"
        rows.append((_roles(duty.ones), _roles(duty.others), why, origin))
    return _DUTIES.format(rows=_lines(rows))


def _roles(roles: Iterable[Role]) -> str:
    return ", ".join(called(role).en for role in roles)


def allows(content: Mapping[str, object]) -> bool:
    """Whether a municipality may write this in its file: the rule itself is asked."""
    try:
        municipality.municipality_from(content)
    except Refused:
        return False
    return True


def _time() -> str:
    rows = [
        (
            title_of(deadline).en,
            str(days),
            "; ".join(title_of(state).en for state, found in ANSWERS.items() if found is deadline),
            "longer" if allows({"deadlines": {deadline.value: days + 1}}) else "shorter",
        )
        for deadline, days in DEADLINES.items()
    ]
    shipped = Intervals()
    months = [(_INTERVALS[entry.name], str(getattr(shipped, entry.name))) for entry in fields(Intervals)]
    by_itself = ", ".join(WORDS[f"Command.{command}"].en for command in BY_ITSELF)
    return _TIME.format(deadlines=_lines(rows), intervals=_lines(months), by_itself=by_itself)


def _may() -> str:
    keys = [(f"`{entry.name}`", _KEYS[entry.name]) for entry in fields(municipality.MunicipalityFile)]
    names = dict.fromkeys(row.command for row in TRANSITIONS)
    removable = [f"{WORDS[f'Command.{name}'].en} (`{name}`)" for name in names if allows({"remove": [name]})]
    return _MAY.format(keys=_lines(keys), removable="; ".join(removable))


def _told_of() -> str:
    told = {party: [row for row in TRANSITIONS if party in row.notifies] for party in CODES}
    events = {party: dict.fromkeys(WORDS[f"Event.{row.event}"].en for row in rows) for party, rows in told.items()}
    return _TOLD.format(rows=_lines((called(p).en, "; ".join(said)) for p, said in events.items() if said))


def documents() -> dict[str, str]:
    """The page and its pictures, by the path where each is written."""
    return {PAGE: permits_page(), **{path: picture_of(machine) for path, machine in PICTURES.items()}}


if __name__ == "__main__":
    for name, content in documents().items():
        (ROOT / name).write_text(content, encoding="utf-8")

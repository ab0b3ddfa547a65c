"""The page of the permits process and its pictures are what the tables say today, and leave nothing out."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache
from itertools import combinations

import pytest
from tests.docs.reading import ROOT, code_in, table_rows, text_of

from jalostamo.concepts.roles import Role
from jalostamo.permits.duties import DUTIES
from jalostamo.permits.guards import GUARDS
from jalostamo.permits.machines import STATES, Machine
from jalostamo.permits.municipality import MunicipalityFile
from jalostamo.permits.settings import DEADLINES
from jalostamo.permits.tables import TRANSITIONS
from jalostamo.permits.terms import WORDS, title_of
from jalostamo.permits.times import ReminderKind
from permits_page import PAGE, PICTURES, allows, documents
from permits_rows import CODES

TEXT = text_of(ROOT / PAGE)
GOLDEN = ROOT / "tests/jalostamo/permits/golden"
SVG = "{http://www.w3.org/2000/svg}"
COMMANDS = tuple(dict.fromkeys(row.command for row in TRANSITIONS))

type Cells = dict[tuple[str, str], dict[str, str]]


@cache
def written_now() -> dict[str, str]:
    """The page and its pictures, as the script writes them."""
    return documents()


def part(heading: str) -> str:
    """What stands under one heading, up to the next."""
    return TEXT.split(f"\n{heading}\n")[1].split("\n## ")[0].split("\n### ")[0]


def cells_of_the_page(machine: Machine) -> Cells:
    """Who may give which command in which state, as the page says it: by the words of state and command."""
    head, *rows = table_rows(part(f"### Who may give which command of the {title_of(machine).en}"))
    return {
        (row[0], row[1]): {code: mark for code, mark in zip(head[2:], row[2:], strict=True) if mark} for row in rows
    }


def cells_of_the_golden_table(machine: Machine) -> Cells:
    """The same as the judge answers it."""
    found: Cells = {}
    state = ""
    for line in (GOLDEN / f"{machine.value}.txt").read_text(encoding="utf-8").splitlines():
        if named := re.fullmatch(r"[0-9SX]\.\w+: (.+)", line):
            state = named[1]
        elif "->" in line and state:
            said, _, _ = line.partition("  -> ")
            command, marks = re.fullmatch(r"  (.+?)\s{2,}([.A+& ]+)", said).groups()  # type: ignore[union-attr]  # or fail here
            given = zip(CODES.values(), marks.split(), strict=True)
            found[state, command] = {code: mark for code, mark in given if mark != "."}
    return found


@pytest.mark.parametrize("path", [PAGE, *PICTURES])
def test_the_page_and_its_pictures_are_as_the_script_would_write_them(path: str) -> None:
    assert text_of(ROOT / path) == written_now()[path], "call `make docs`"


@pytest.mark.parametrize("machine", Machine)
def test_who_may_do_what_is_as_in_the_golden_table(machine: Machine) -> None:
    golden = cells_of_the_golden_table(machine)
    assert len(golden) > 10
    assert cells_of_the_page(machine) == golden


@pytest.mark.parametrize("machine", Machine)
def test_every_state_is_on_the_page(machine: Machine) -> None:
    rows = table_rows(part(f"### States of the {title_of(machine).en}"))[1:]
    assert [row[1].strip("`") for row in rows] == [state.value for state in STATES[machine]]
    assert all(row[0].startswith(title_of(state).en) for row, state in zip(rows, STATES[machine], strict=True))


@pytest.mark.parametrize("machine", Machine)
def test_every_row_is_on_the_page_with_what_it_asks(machine: Machine) -> None:
    told = {row[0]: row for row in table_rows(part(f"### Commands of the {title_of(machine).en}"))[1:]}
    rows = [row for row in TRANSITIONS if row.machine is machine]
    assert list(told) == [row.id for row in rows]
    for row in rows:
        _, command, _, to, signed, rules, paper, event, notified = told[row.id]
        assert f"(`{row.command}`)" in command
        assert ("●" in command) == row.protects
        assert row.to is None or title_of(row.to).en in to
        assert set(re.findall("[A-Z]{3,4}", signed)) == {CODES[party] for party in row.signatures.parties}
        assert rules == "; ".join(WORDS[f"Guard.{guard}"].en for guard in row.guards)
        assert (paper, event) == (WORDS[f"Paper.{row.paper.__name__}"].en, WORDS[f"Event.{row.event}"].en)
        assert notified == ", ".join(CODES[party] for party in row.notifies)


def test_every_guard_and_every_command_is_on_the_page() -> None:
    assert [guard for guard in GUARDS if WORDS[f"Guard.{guard}"].en not in TEXT] == []
    assert set(COMMANDS) <= set(code_in(ROOT / PAGE))


def test_every_duty_is_on_the_page() -> None:
    assert len(table_rows(part("## Duties"))) == 1 + len(DUTIES)


def test_every_deadline_and_every_reminder_is_on_the_page() -> None:
    told = {row[0]: row[1] for row in table_rows(part("## Deadlines and intervals"))}
    assert {title_of(deadline).en: str(days) for deadline, days in DEADLINES.items()}.items() <= told.items()
    assert [kind for kind in ReminderKind if title_of(kind).en not in part("## Deadlines and intervals")] == []


def test_every_key_of_the_municipality_is_on_the_page() -> None:
    told = [row[0].strip("`") for row in table_rows(part("## What a municipality may change"))]
    assert set(MunicipalityFile.__dataclass_fields__) <= set(told)


def test_what_may_be_removed_is_on_the_page_and_nothing_else() -> None:
    removable = set(re.findall(r"\(`(\w+)`\)", part("## What a municipality may change")))
    assert removable == {command for command in COMMANDS if allows({"remove": [command]})}
    assert removable.isdisjoint(row.command for row in TRANSITIONS if row.protects)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_further_signature_may_be_asked_on_all_that_is_not_marked(command: str) -> None:
    protects = any(row.protects for row in TRANSITIONS if row.command == command)
    assert allows({"signature": [{"command": command, "role": Role.AUDITOR.value}]}) is not protects


@pytest.mark.parametrize(("path", "machine"), PICTURES.items())
def test_every_command_that_leads_somewhere_is_in_the_picture(path: str, machine: Machine) -> None:
    said = set(texts_of(path))
    rows = [row for row in TRANSITIONS if row.machine is machine and (row.to is not None or row.goes_back)]
    assert [row.id for row in rows if row.id not in said] == []


@pytest.mark.parametrize("path", PICTURES)
def test_nothing_in_a_picture_lies_on_something_else(path: str) -> None:
    areas = areas_of(path)
    assert len(areas) > 10
    assert [
        (a, b) for a, b in combinations(areas, 2) if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ] == []


@pytest.mark.parametrize(("path", "machine"), PICTURES.items())
def test_every_arrow_leads_from_a_state_to_a_state(path: str, machine: Machine) -> None:
    arrows = [re.findall(r"[\d.]+", line.attrib["d"]) for line in drawn(path).findall(f"{SVG}path")]
    boxes = areas_of(path)
    few = [row for row in TRANSITIONS if row.machine is machine and row.to is not None and len(row.sources) <= 2]
    assert len(arrows) == len({(source, row.to) for row in few for source in row.sources if source is not row.to})
    for arrow in arrows:
        (one,), (other,) = (touched(boxes, float(x), float(y)) for x, y in (arrow[:2], arrow[-2:]))
        assert one != other


@pytest.mark.parametrize("path", PICTURES)
def test_a_picture_tells_what_it_shows_to_those_who_do_not_see_it(path: str) -> None:
    assert drawn(path).attrib["role"] == "img"
    assert len(drawn(path).findtext(f"{SVG}title", "")) > 40


def drawn(path: str) -> ET.Element:
    """The picture; it is our own, and asks for nothing from outside."""
    return ET.fromstring(text_of(ROOT / path))


def texts_of(path: str) -> Iterator[str]:
    """The words of a picture; a label that names several rows is taken apart."""
    for text in drawn(path).iter(f"{SVG}text"):
        yield from (text.text or "").split(" · ")


def areas_of(path: str) -> list[tuple[float, float, float, float]]:
    """The boxes and labels of a picture, without its background."""
    sides = [
        [float(box.get(side, 0)) for side in ("x", "y", "width", "height")] for box in drawn(path).iter(f"{SVG}rect")
    ]
    return [(x, y, x + wide, y + high) for x, y, wide, high in sides[1:]]


def touched(areas: list[tuple[float, float, float, float]], x: float, y: float) -> list[tuple[float, ...]]:
    """The boxes whose edge runs through a point."""
    return [
        (left, top, right, bottom)
        for left, top, right, bottom in areas
        if left <= x <= right and top <= y <= bottom and (x in {left, right} or y in {top, bottom})
    ]

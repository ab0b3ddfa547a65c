"""Where the records of a delimited file stand, by the lines that a person sees: fields may span them.

The engine counts a record that spans lines as one; this room finds its first line.

Handbook 2.2 (retrieving the data).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from jalostamo.engine.transcoding import python_name

if TYPE_CHECKING:
    from pathlib import Path

    from jalostamo.concepts.registers import Writing


class _State(Enum):
    """Where in a field a reader stands."""

    AT_START = auto()
    UNQUOTED = auto()
    QUOTED = auto()
    AFTER_QUOTE = auto()


# A quote opens a field only at its start, and two of them inside a quoted field stand for one.
_AFTER: Final = {
    _State.AT_START: _State.QUOTED,
    _State.UNQUOTED: _State.UNQUOTED,
    _State.QUOTED: _State.AFTER_QUOTE,
    _State.AFTER_QUOTE: _State.QUOTED,
}


def lines_at(path: Path, writing: Writing, places: Collection[int]) -> Mapping[int, int]:
    """The first lines of what the engine counts as places: records, spanning lines or not, and empty lines."""
    if not places:
        return {}
    last = max(places)
    found: dict[int, int] = {}
    for place, (begins, _, _) in enumerate(_places(path, writing), start=1):
        found |= {place: begins} if place in places else {}
        if place == last:
            break
    # A place behind the end was not counted alike: it is told as the engine told it.
    return {place: found.get(place, place) for place in places}


def lines_of_records(
    path: Path, writing: Writing, records: Collection[int], *, turned_away: Iterable[int], may_be_empty: bool
) -> tuple[int, ...]:
    """The first lines of records by their numbers, the header being record 0.

    `turned_away` are the places of the records that have no number, in order. An empty line is no record unless
    `may_be_empty`, which is so where a record has one field.
    """
    wanted = set(records)
    found: list[int] = []
    away = iter(turned_away)
    next_away = next(away, None)
    record = -1
    for place, (begins, is_empty, _) in enumerate(_places(path, writing), start=1):
        if len(found) == len(wanted):
            break
        if place == next_away:
            next_away = next(away, None)
        elif may_be_empty or not is_empty:
            record += 1
            found += [begins] if record in wanted else []
    return tuple(found)


def ends_alike(path: Path, writing: Writing) -> bool:
    """Whether every place but the last, which may have none, ends with the same kind of line end."""
    ends = {end for _, _, end in _places(path, writing)}
    return len(ends - {""}) <= 1


def _places(path: Path, writing: Writing) -> Iterator[tuple[int, bool, str]]:
    """For each place, the line on which it begins, whether that is an empty line, and its line end."""
    begins, state = 1, _State.AT_START
    with path.open(encoding=python_name(writing.encoding), errors="replace", newline="") as opened:
        for number, line in enumerate(opened, start=1):
            state = _state_after(line, writing, state)
            if state is not _State.QUOTED:
                end = line[len(line.rstrip("\r\n")) :]
                yield begins, begins == number and line == end, end
                begins, state = number + 1, _State.AT_START
    if state is _State.QUOTED:
        yield begins, False, ""


def _state_after(line: str, writing: Writing, state: _State) -> _State:
    if not writing.quote or writing.quote not in line:
        return state
    marks = re.escape(writing.quote) + re.escape(writing.delimiter)
    for token in re.findall(f"[{marks}]|[^{marks}]+", line.rstrip("\r\n")):
        if token == writing.quote:
            state = _AFTER[state]
        elif state is not _State.QUOTED:
            state = _State.AT_START if token == writing.delimiter else _State.UNQUOTED
    return state

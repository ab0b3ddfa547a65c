"""Where the records of a delimited file stand, by the lines that a person sees: fields may span them.

The engine counts a record that spans lines as one; this room finds its first line.

Handbook 2.2 (retrieving the data).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Final

from jalostamo.engine.transcoding import python_name

if TYPE_CHECKING:
    from pathlib import Path

    from jalostamo.concepts.writings import Writing


_CHUNK: Final = 4 * 2**20


class _State(Enum):
    """Where in a field a reader stands."""

    AT_START = auto()
    UNQUOTED = auto()
    QUOTED = auto()
    AFTER_QUOTE = auto()
    AFTER_SPACES = auto()


@dataclass(frozen=True, slots=True)
class _Place:
    """What the engine counts as one: a record, or an empty line; its first line, its line end, whether it can be trusted."""

    begins: int
    is_empty: bool
    end: str
    reopens_quotes: bool


# A quote opens a field only at its start, and two of them inside a quoted field stand for one.
_AFTER: Final = {
    _State.AT_START: _State.QUOTED,
    _State.UNQUOTED: _State.UNQUOTED,
    _State.QUOTED: _State.AFTER_QUOTE,
    _State.AFTER_QUOTE: _State.QUOTED,
    _State.AFTER_SPACES: _State.QUOTED,
}


def lines_at(path: Path, writing: Writing, places: Collection[int]) -> Mapping[int, int]:
    """The first lines of what the engine counts as places: records, spanning lines or not, and empty lines."""
    if not places:
        return {}
    last = max(places)
    found: dict[int, int] = {}
    for number, place in enumerate(_places(path, writing), start=1):
        found |= {number: place.begins} if number in places else {}
        if number == last:
            break
    # A place behind the end was not counted alike: it is told as the engine told it.
    return {number: found.get(number, number) for number in places}


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
    for number, place in enumerate(_places(path, writing), start=1):
        if len(found) == len(wanted):
            break
        if number == next_away:
            next_away = next(away, None)
        elif may_be_empty or not place.is_empty:
            record += 1
            found += [place.begins] if record in wanted else []
    return tuple(found)


def lines_of_places(records: Collection[int], *, turned_away: Iterable[int]) -> tuple[int, ...]:
    """The lines of records by their numbers where every line is one, and none is blank; the header is line 1.

    `turned_away` are the lines of the records that have no number, in order.
    """
    found: list[int] = []
    away = iter(turned_away)
    next_away, passed = next(away, None), 0
    for record in sorted(set(records)):
        while next_away is not None and next_away <= record + 1 + passed:
            next_away, passed = next(away, None), passed + 1
        found.append(record + 1 + passed)
    return tuple(found)


def may_reopen_quotes(readable: Path, writing: Writing) -> bool:
    """Whether a quote, spaces and a quote stand in a row anywhere in a file of UTF-8: a quick look, as at `"a "" "" b"`."""
    if not writing.quote:
        return False
    sought = re.compile(re.escape(writing.quote.encode()) + b" +" + re.escape(writing.quote.encode()))
    tail = b""
    with readable.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            window = tail + chunk
            if sought.search(window):
                return True
            # A quote and the spaces behind it may stand where one chunk ends.
            stripped = window.rstrip(b" ")
            tail = window[len(stripped) - 1 :] if stripped.endswith(writing.quote.encode()) else b""
    return False


def is_told_rightly(path: Path, writing: Writing) -> bool:
    """Whether what the engine reads of a file that has faulty records stands in it so.

    It does not where line ends differ (a text behind a quote is put into the next record), nor where a field has quotes
    anew (`"a" "b"` is read as `a b`).
    """
    ends, reopens = set(), False
    for place in _places(path, writing):
        ends.add(place.end)
        reopens |= place.reopens_quotes
    # The last record may have no line end.
    return not reopens and len(ends - {""}) <= 1


def _places(path: Path, writing: Writing) -> Iterator[_Place]:
    begins, state, reopens = 1, _State.AT_START, False
    with path.open(encoding=python_name(writing.encoding), errors="replace", newline="") as opened:
        for number, line in enumerate(opened, start=1):
            state, reopened = _state_after(line, writing, state)
            reopens |= reopened
            if state is not _State.QUOTED:
                end = line[len(line.rstrip("\r\n")) :]
                yield _Place(begins, begins == number and line == end, end, reopens)
                begins, state, reopens = number + 1, _State.AT_START, False
    if state is _State.QUOTED:
        yield _Place(begins, is_empty=False, end="", reopens_quotes=reopens)


def _state_after(line: str, writing: Writing, state: _State) -> tuple[_State, bool]:
    """Where a reader stands after a line, and whether a field in it has quotes anew."""
    reopens = False
    if not writing.quote or writing.quote not in line:
        return state, reopens
    marks = re.escape(writing.quote) + re.escape(writing.delimiter)
    for token in re.findall(f"[{marks}]|[^{marks}]+", line.rstrip("\r\n")):
        if token == writing.quote:
            reopens |= state is _State.AFTER_SPACES
            state = _AFTER[state]
        elif state is not _State.QUOTED:
            state = _after_text(token, writing, state)
    return state, reopens


def _after_text(token: str, writing: Writing, state: _State) -> _State:
    # One space before a quote, and only one, is no part of the field to the engine.
    if token == writing.delimiter or (token == " " and state is _State.AT_START):
        return _State.AT_START
    return _State.AFTER_SPACES if state is _State.AFTER_QUOTE and not token.strip(" ") else _State.UNQUOTED

"""JSON lines into the engine: one object a line, its values as they are written.

The engine's own JSON takes NaN and a comma too many, and writes numbers anew (1E5 becomes 100000.0), so that Python's reads.

Handbook 2.2 (retrieving the data) and 2.6, phase 4.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.registers import Field, RegisterTable
from jalostamo.engine.gathering import Fault, Gathering, Recorded, number_in, truth_in
from jalostamo.engine.transcoding import in_utf8
from jalostamo.engine.whole_lines import count_lines, lines_in

if TYPE_CHECKING:
    from pathlib import Path

    from jalostamo.engine.connection import Engine
    from jalostamo.engine.intake import TextRecords

_BLANKS: Final = " \t\r"
# A half of a character that is written as two, and what no text holds.
_NO_TEXT: Final = re.compile("[\x00\ud800-\udfff]")
_MOST_FORMS: Final = 1000

type _Take = Callable[[Sequence[object]], tuple[object, ...]]


class _Number(str):
    """A number as it was written."""

    __slots__ = ()


def _refuse_constant(_name: str) -> None:
    raise ValueError("NaN and Infinity are no JSON")


# Objects become tuples of pairs, so that arrays, which become lists, and keys that stand twice are told apart.
_SCAN: Final = json.JSONDecoder(
    object_pairs_hook=tuple, parse_int=_Number, parse_float=_Number, parse_constant=_refuse_constant
).scan_once  # type: ignore[attr-defined]  # the scanner itself: reading line by line costs twice as much


class _Forms:
    """How to take the declared columns out of an object, by the keys that it has; a register's objects have few forms."""

    def __init__(self, columns: Sequence[str]) -> None:
        self._columns = columns
        self._known: dict[tuple[str, ...], _Take | None] = {}
        self.seen: set[str] = set()

    def take(self, keys: tuple[str, ...]) -> _Take | None:
        """What takes the columns out of the values of these keys and a None behind them; None where a key stands twice."""
        if keys not in self._known:
            if len(self._known) >= _MOST_FORMS:
                self._known.clear()
            self._known[keys] = self._taking(keys) if len(set(keys)) == len(keys) else None
            self.seen |= set(keys)
        return self._known[keys]

    def _taking(self, keys: tuple[str, ...]) -> _Take:
        places = [keys.index(column) if column in keys else -1 for column in self._columns]
        taken = itemgetter(*places)
        return taken if len(places) > 1 else lambda values: (taken(values),)


def read_json_lines(engine: Engine, path: Path, declared: RegisterTable) -> TextRecords:
    """Read the declared keys of objects, one a line; a key that is not there is a missing value, and so is null.

    A number in a text, an object or array in a declared column, and a key that stands twice turn their record away.
    """
    gathering = Gathering(engine, declared)
    forms = _Forms([field.column for field in declared.fields])
    with in_utf8(engine, path, declared.writing) as readable:
        for number, lines in lines_in(readable, declared.writing, file=path.name):
            _gather(gathering, forms, declared, number, lines)
        counted = count_lines(readable, file=path.name)
    lacking = [f.column for f in declared.fields if f.column not in forms.seen]
    if counted and lacking:
        listed = ", ".join(f"'{column}'" for column in lacking)
        raise Unfit(
            f"{path.name}: none of {counted} lines has the key {listed}. Correct the file, or its description.",
            reason="column_missing",
        )
    return gathering.records(counted)


def _gather(gathering: Gathering, forms: _Forms, declared: RegisterTable, number: int, lines: Iterable[str]) -> None:
    rows: list[tuple[object, ...]] = []
    places: list[int] = []
    has_escapes = False
    for place, line in enumerate(lines, start=number):
        if not line:
            continue
        has_escapes = has_escapes or "\\u" in line
        found = _object_in(line)
        if found is None:
            gathering.turn_away(place, "not_json")
            continue
        keys, values = zip(*found, strict=True) if found else ((), ())
        take = forms.take(keys)
        if take is None:
            gathering.turn_away(place, "key_twice")
            continue
        rows.append(take((*values, None)))
        places.append(place)
    mark = declared.writing.decimal_mark
    columns = [
        _column(field, column, mark, has_escapes=has_escapes)
        for field, column in zip(declared.fields, zip(*rows, strict=True), strict=False)
    ]
    gathering.add(list(zip(*columns, strict=True)), places)


def _object_in(line: str) -> tuple[tuple[str, object], ...] | None:
    """The pairs of the one object of a line; None where the line is anything else."""
    line = line if line[0] == "{" else line.strip(_BLANKS)
    try:
        found, end = _SCAN(line, 0)
    except (ValueError, StopIteration, RecursionError):
        return None
    if type(found) is not tuple or (end != len(line) and line[end:].strip(_BLANKS)):
        return None
    return found


def _column(field: Field, column: Sequence[object], decimal_mark: str, *, has_escapes: bool) -> Sequence[Recorded]:
    if not has_escapes and set(map(type, column)) <= {str, type(None)}:
        return column  # type: ignore[return-value]  # texts and nothing, as just seen
    return [_recorded(field, value, decimal_mark) for value in column]


def _recorded(field: Field, value: object, decimal_mark: str) -> Recorded:
    match value:
        case None:
            return None
        case _Number():
            return number_in(field, str(value), decimal_mark)
        case str():
            return Fault("no_text") if _NO_TEXT.search(value) else value
        case bool():
            return truth_in(field, value=value)
    return Fault("nested_value")

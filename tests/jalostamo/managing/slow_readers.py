"""Slow readers of delivered files, in plain Python and by rules written anew: what each record must become.

They know one table: `id` (a whole number, required), `name` (a text) and `day` (a date). None of them reads as the product does.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NAMES = ("id", "name", "day")
WIDTHS = (4, 10, 10)

type Row = tuple[int, str | None, str | None]


@dataclass(frozen=True)
class Judged:
    """A record: the line on which it begins, and either its row or the fault for which it is turned away."""

    line: int
    row: Row | None
    fault: str | None


def judged(line: int, values: Sequence[str]) -> Judged:
    """A record of three texts, judged by what its fields declare; an empty text is nothing."""
    id_, name, day = values
    fault = None
    if not id_:
        fault = "missing:id"
    elif not re.fullmatch(r"[+-]?[0-9]{1,18}", id_):
        fault = "not_integer:id"
    elif day and not _is_day(day):
        fault = "not_date:day"
    return Judged(line, None if fault else (int(id_), name or None, day or None), fault)


def _is_day(day: str) -> bool:
    try:
        return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day) and datetime.date.fromisoformat(day))
    except ValueError:
        return False


def text_of(data: bytes) -> str | None:
    """The text of a file; None where it is no UTF-8."""
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        return None


def in_csv(text: str, quote: str) -> list[Judged] | None:
    """The records of delimited text; None where its quotes are not used as they are meant to be."""
    found = []
    line = 1
    for number, (fields, lines) in enumerate(_csv_records(text, quote)):
        if fields is None:
            return None
        # The first is the header, and an empty line is no record.
        if number and fields != [""]:
            found.append(_judged_fields(line, fields))
        line += lines
    return found


def _judged_fields(line: int, fields: list[str]) -> Judged:
    while len(fields) > len(NAMES) and not fields[-1]:
        fields = fields[:-1]
    if len(fields) == len(NAMES):
        return judged(line, fields)
    return Judged(line, None, "too_few_columns:" if len(fields) < len(NAMES) else "too_many_columns:")


def _csv_records(text: str, quote: str) -> Iterable[tuple[list[str] | None, int]]:
    """The fields of each record, and how many lines it spans; None for fields where a quote stands where none may."""
    plain = r"[^,\n]*" if not quote else r'[^",\n]*'
    field = re.compile(rf'"((?:[^"]|"")*)"(?=[,\n]|\Z)|({plain})(?=[,\n]|\Z)' if quote else rf"(\Z.)?({plain})")
    at = 0
    while at < len(text):
        began, fields = at, []
        while True:
            match = field.match(text, at)
            if match is None:
                yield None, 0
                return
            fields.append(match[1].replace('""', '"') if match[1] is not None else match[2])
            at = match.end() + 1
            if text[match.end() : at] != ",":
                break
        # An empty text in quotes alone on its line would be a record; it has too few columns anyway.
        yield (([*fields, ""] if fields == [""] and at - began > 1 else fields), text.count("\n", began, at))


def in_fixed_width(text: str) -> list[Judged]:
    """The records of lines of fixed width."""
    found = []
    for number, line in _lines(text):
        if len(line) != sum(WIDTHS):
            fault = "line_too_short:" if len(line) < sum(WIDTHS) else "line_too_long:"
            found.append(Judged(number, None, fault))
        elif any(ord(sign) < 32 or ord(sign) == 127 for sign in line):
            found.append(Judged(number, None, "control_character:"))
        else:
            parts = line[:4].strip(" "), line[4:14].rstrip(" "), line[14:].rstrip(" ")
            found.append(judged(number, parts))
    return found


def _lines(text: str) -> Iterable[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), start=1):
        shown = line.removesuffix("\r")
        if shown:
            yield number, shown


class _NoJsonError(Exception):
    """What is written is no JSON."""


_SCALAR = re.compile(
    r'"(?P<text>(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*)"'
    r"|(?P<number>-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)|(?P<word>true|false|null)"
)
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}

type Value = tuple[str, object]
"""A kind (text, number, word, array, object), and what it holds."""


def in_json_lines(text: str) -> tuple[list[Judged], set[str]]:
    """The records of JSON lines, and the keys that some object has."""
    found, keys = [], set[str]()
    for number, line in _lines(text):
        try:
            value, end = _json(line, _blanks(line, 0), 0)
            if value[0] != "object" or _blanks(line, end) != len(line):
                raise _NoJsonError
        except _NoJsonError:
            found.append(Judged(number, None, "not_json:"))
            continue
        pairs = value[1]
        assert isinstance(pairs, list)
        names = [name for name, _ in pairs]
        keys |= set(names)
        if len(set(names)) < len(names):
            found.append(Judged(number, None, "key_twice:"))
            continue
        found.append(_judged_object(number, dict(pairs)))
    return found, keys


def _judged_object(line: int, pairs: dict[str, Value]) -> Judged:
    values = []
    for name in NAMES:
        kind, held = pairs.get(name, ("word", "null"))
        if kind in {"array", "object"}:
            return Judged(line, None, f"nested_value:{name}")
        if name == "name" and (kind == "number" or held in {"true", "false"} and kind == "word"):
            return Judged(line, None, "number_in_text:name")
        text = "" if (kind, held) == ("word", "null") else str(held)
        if kind == "text" and any(sign == "\0" or 0xD800 <= ord(sign) < 0xE000 for sign in text):
            return Judged(line, None, f"no_text:{name}")
        values.append(text)
    return judged(line, values)


def _blanks(line: str, at: int) -> int:
    while at < len(line) and line[at] in " \t\r":
        at += 1
    return at


def _json(line: str, at: int, depth: int) -> tuple[Value, int]:
    if depth > 90:
        raise _NoJsonError
    if line[at : at + 1] in {"{", "["}:
        return _collection(line, at, depth)
    match = _SCALAR.match(line, at)
    if match is None:
        raise _NoJsonError
    kind = match.lastgroup or ""
    held = _unescaped(match["text"]) if kind == "text" else match[0]
    return (kind, held), match.end()


def _collection(line: str, at: int, depth: int) -> tuple[Value, int]:
    is_object = line[at] == "{"
    held: list[object] = []
    at = _blanks(line, at + 1)
    while line[at : at + 1] != ("}" if is_object else "]"):
        if held:
            if line[at : at + 1] != ",":
                raise _NoJsonError
            at = _blanks(line, at + 1)
        value, at = _json(line, at, depth + 1)
        if is_object:
            (kind, name), at = value, _blanks(line, at)
            if kind != "text" or line[at : at + 1] != ":":
                raise _NoJsonError
            value, at = _json(line, _blanks(line, at + 1), depth + 1)
            held.append((name, value))
        else:
            held.append(value)
        at = _blanks(line, at)
    return ("object" if is_object else "array", held), at + 1


def _unescaped(text: str) -> str:
    def meant(match: re.Match[str]) -> str:
        told = match[0][1:]
        return chr(int(told[1:], 16)) if told[0] == "u" else _SHORT.get(told, told)

    units = re.sub(r"\\(?:u[0-9a-fA-F]{4}|.)", meant, text)
    # Two halves that stand together are one character.
    return re.sub("[\ud800-\udbff][\udc00-\udfff]", _joined, units)


def _joined(match: re.Match[str]) -> str:
    high, low = match[0]
    return chr(0x10000 + (ord(high) - 0xD800) * 0x400 + ord(low) - 0xDC00)

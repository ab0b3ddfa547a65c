"""Good files of some formats, and their spoiling at random: pieces put in, taken out, doubled, cut, changed by a bit."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from tests.jalostamo.managing.delivered import SECRET, field, table
from tests.jalostamo.managing.slow_readers import WIDTHS

from jalostamo.concepts.registers import FieldType, RegisterTable
from jalostamo.concepts.writings import Writing

FIELDS = (field("id", FieldType.INTEGER, required=True), field("name"), field("day", FieldType.DATE))
HEADER = "id,name,day\n"
SPARKS = (
    *(b",", b'"', b'""', b"\n", b"\r", b"\r\n", b"\n\n", b" ", b"\0", b"\t"),
    *(b"\xe4", b"\xc3\xa4", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80"),
)
WORDS = (
    *(b"1E5", b"007", b"-", b"x", b"=1+1", b"2024-02-30", b"01.02.2024", b"0000-01-01", b"9" * 20),
    *(b"\xe2\x80\xae", b"\xc2\xa0", b"NULL", b"\xd9\xa3"),
)
JSON_WORDS = (
    *(b"{", b"}", b"[", b"]", b":", b"\\", b'\\"', b"\\u0000", b"\\ud83d", b"\\ude00", b"\\u00e4", b"\\u12", b"null"),
    *(b"true", b"NaN", b"-Infinity", b"1.0", b"-0", b"1e5", b'"id":2,', b'"n\\u0061me":"b",', b"{}", b"[[1]]", b"/**/"),
)


@dataclass(frozen=True)
class Kind:
    """A kind of file: its table, how a good one is written, and which words spoil it."""

    declared: RegisterTable
    good: Callable[[random.Random], str]
    words: tuple[bytes, ...]
    kept: int = 0


@dataclass(frozen=True)
class Spoilt:
    """A spoilt file and its kind."""

    kind: str
    data: bytes

    @property
    def declared(self) -> RegisterTable:
        """The description by which it is read."""
        return KINDS[self.kind].declared


def _records(chance: random.Random) -> list[tuple[int, str, str]]:
    days = ("2024-02-29", "", "1999-12-31")
    return [
        (number, SECRET + chance.choice(("", "ä", " ", "b")), chance.choice(days))
        for number in range(chance.randrange(1, 12))
    ]


def _csv(quote: str) -> Callable[[random.Random], str]:
    def good(chance: random.Random) -> str:
        lines = (f"{number},{quote}{name}{quote},{day}\n" for number, name, day in _records(chance))
        return HEADER + "".join(lines)

    return good


def _fixed(chance: random.Random) -> str:
    id_, name, day = WIDTHS
    return "".join(f"{n:>{id_}}{text:<{name}}{when:<{day}}\n" for n, text, when in _records(chance))


def _json(chance: random.Random) -> str:
    def line(number: int, name: str, day: str) -> str:
        told = {"id": number, "name": name, "day": day or None, "more": [number, {"a": name}]}
        pairs = list(told.items())
        chance.shuffle(pairs)
        return json.dumps(dict(pairs), ensure_ascii=chance.random() < 0.5)

    return "".join(f"{line(*record)}\n" for record in _records(chance))


def _lines_of_fixed_width() -> RegisterTable:
    starts = [1 + sum(WIDTHS[:place]) for place in range(len(WIDTHS))]
    placed = (replace(f, start=s, width=w) for f, s, w in zip(FIELDS, starts, WIDTHS, strict=True))
    return RegisterTable("persons", "persons.txt", tuple(placed), Writing("fixed_width"))


KINDS = {
    "quoted": Kind(table(*FIELDS), _csv('"'), SPARKS + WORDS, len(HEADER)),
    "without quotes": Kind(table(*FIELDS, quote=""), _csv(""), SPARKS + WORDS, len(HEADER)),
    "fixed width": Kind(_lines_of_fixed_width(), _fixed, SPARKS + WORDS),
    "JSON lines": Kind(
        RegisterTable("persons", "persons.jsonl", FIELDS, Writing("json_lines")), _json, SPARKS + WORDS + JSON_WORDS
    ),
}


def _insert(data: bytearray, place: int, chance: random.Random, words: tuple[bytes, ...]) -> None:
    data[place:place] = chance.choice(words)


def _remove(data: bytearray, place: int, chance: random.Random, _words: tuple[bytes, ...]) -> None:
    del data[place : place + chance.randrange(1, 12)]


def _flip(data: bytearray, place: int, chance: random.Random, _words: tuple[bytes, ...]) -> None:
    if place < len(data):
        data[place] ^= 1 << chance.randrange(8)


def _double(data: bytearray, place: int, chance: random.Random, _words: tuple[bytes, ...]) -> None:
    data[place:place] = data[place : place + chance.randrange(1, 40)]


def _cut(data: bytearray, place: int, chance: random.Random, _words: tuple[bytes, ...]) -> None:
    if not chance.randrange(4):
        del data[place:]


def _swap_piece(data: bytearray, place: int, chance: random.Random, words: tuple[bytes, ...]) -> None:
    """Put a word in the place of what stands between two marks."""
    marks = b",:\n"
    start = max((data.rfind(mark, 0, place) for mark in marks), default=-1) + 1
    ends = [end for end in (data.find(mark, place) for mark in marks) if end >= 0]
    if start >= place - 40:
        data[start : min(ends, default=len(data))] = chance.choice(words)


def _fill(data: bytearray, place: int, chance: random.Random, words: tuple[bytes, ...]) -> None:
    """Write a word over what stands there, so that lengths stay as they are."""
    word = chance.choice(words)
    data[place : place + len(word)] = word


WAYS = (_insert, _remove, _flip, _double, _cut, _swap_piece, _fill)


def spoilt_file(chance: random.Random) -> Spoilt:
    """A good file, spoilt behind its header in some ways."""
    name = chance.choice(list(KINDS))
    kind = KINDS[name]
    data = bytearray(kind.good(chance).encode())
    for _ in range(chance.randrange(1, 5)):
        place = chance.randrange(kind.kept, max(len(data), kind.kept) + 1)
        chance.choice(WAYS)(data, place, chance, kind.words)
    header = HEADER.encode()[: kind.kept]
    return Spoilt(name, bytes(data) if data.startswith(header) else header + bytes(data))

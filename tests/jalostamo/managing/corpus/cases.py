"""What a case of the corpus is: a delivered file, its description, and its one right outcome."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.jalostamo.managing.delivered import SECRET, field, table

from jalostamo.concepts.registers import FieldType, RegisterTable

type Told = tuple[str, str | None, int, tuple[int, ...]]


@dataclass(frozen=True)
class Verdict:
    """The file is read: so many records are loaded, and the others rejected, as told."""

    loaded: int
    rejected: tuple[Told, ...] = ()

    @property
    def records(self) -> int:
        """The records that the maker of the case counts by hand."""
        return self.loaded + sum(records for _, _, records, _ in self.rejected)


@dataclass(frozen=True)
class Case:
    """A delivery of one file, and its outcome: a verdict on each record, or the reason for which the file is refused."""

    delivered: bytes | Callable[[Path], None]
    outcome: Verdict | str
    declared: RegisterTable

    def deliver(self, folder: Path) -> None:
        """Put the file where its description says, or do what the case does there instead."""
        path = folder / self.declared.file
        if isinstance(self.delivered, bytes):
            path.write_bytes(self.delivered)
        else:
            self.delivered(path)


PERSONS = table()


def late(make: Callable[[], bytes]) -> Callable[[Path], None]:
    """A file that is large or slow to make: it is made when it is delivered, not wherever tests are collected."""
    return lambda path: _write(path, make())


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def refused(delivered: bytes | Callable[[Path], None], reason: str, declared: RegisterTable = PERSONS) -> Case:
    """A file that is refused as a whole."""
    return Case(delivered, reason, declared)


def read(delivered: bytes | str, loaded: int, *rejected: Told, declared: RegisterTable = PERSONS) -> Case:
    """A file of which records are loaded, and others rejected."""
    data = delivered.encode(declared.writing.encoding) if isinstance(delivered, str) else delivered
    return Case(data, Verdict(loaded, rejected), declared)


def of_type(type_: FieldType, form: str | None = None, **writing: str) -> RegisterTable:
    """A table whose second column has a type."""
    return table(field("n"), field("value", type_, format=form), delimiter="|", **writing)


def between_sound_ones(text: str, declared: RegisterTable, sound: str, reason: str | None) -> Case:
    """A record with one text in it between two sound records, which must not suffer from it."""
    data = f'n|value\n{SECRET}|{sound}\n2|"{text}"\n3|{sound}\n'
    return read(data, 3 if reason is None else 2, *([(reason, "value", 1, (3,))] if reason else []), declared=declared)

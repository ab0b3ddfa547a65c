"""The figures of findings, each by its table, its row and its name, and how its change falls into parts.

Handbook 2.3 (repeatability).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeGuard

from jalostamo.producing.analyses.findings import Findings, Found, Value
from jalostamo.producing.changes.records import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

FACTS: Final = "facts"
_COORDINATES: Final = frozenset({"age", "cluster", "clusters", "month", "position", "step", "year"})
"""Columns of whole numbers that say where a figure stands, and are none."""

type Number = int | float
type Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a figure stands: its table, what tells its row from others, and its column."""

    table: str
    row: Row
    name: str


@dataclass(frozen=True, slots=True)
class Change:
    """The change of one figure; a value that is not told is None, `parts` sum to the difference."""

    place: Place
    old: Number | None
    new: Number | None
    parts: Mapping[Part, Number]

    @property
    def difference(self) -> Number | None:
        """The new value less the old one; None where one of them is not told."""
        return None if self.old is None or self.new is None else self.new - self.old


def changes_of(levels: Sequence[tuple[Part | None, Findings]]) -> list[Change]:
    """Every figure that differs between the first level and the last; each part is the difference from one level to the next."""
    told = [{place: value for place, value in _figures_of(findings)} for _, findings in levels]
    counts = _counts([findings for _, findings in levels])
    places = dict.fromkeys(place for level in told for place in level)
    found = []
    for place in places:
        missing = 0 if (place.table, place.name) in counts else None
        values = [level.get(place, missing) for level in told]
        if values[0] != values[-1]:
            parts = _parts([part for part, _ in levels[1:]], values)
            found.append(Change(place, values[0], values[-1], parts))
    return found


def _parts(parts: Iterable[Part | None], values: Sequence[Number | None]) -> Mapping[Part, Number]:
    """The parts of a change; where a figure is not told in between, the next part at which it is takes its change."""
    if values[0] is None or values[-1] is None:
        return {}
    before, found = values[0], {}
    for part, value in zip(parts, values[1:], strict=True):
        if part is not None and value is not None:
            if value != before:
                found[part] = value - before
            before = value
    return found


def _figures_of(findings: Findings) -> Iterator[tuple[Place, Number]]:
    for name, value in findings.facts.items():
        if _is_number(value):
            yield Place(FACTS, (), name), value
    for name, table in findings.tables.items():
        yield from _figures_in(name, table)


def _figures_in(name: str, table: Found) -> Iterator[tuple[Place, Number]]:
    tells = [_tells_the_row(column, table.column(column)) for column in table.columns]
    met: Counter[Row] = Counter()
    for row in table.rows:
        key = tuple(str(value) for value, is_key in zip(row, tells, strict=True) if is_key)
        met[key] += 1
        # Rows that nothing else tells apart are told apart by their order.
        number = (f"{met[key]}",) if met[key] > 1 else ()
        for column, value, is_key in zip(table.columns, row, tells, strict=True):
            if not is_key and _is_number(value):
                yield Place(name, (*key, *number), column), value


def _tells_the_row(column: str, values: Iterable[Value]) -> bool:
    return column in _COORDINATES or any(isinstance(value, str) for value in values)


def _counts(levels: Iterable[Findings]) -> set[tuple[str, str]]:
    """The columns that hold whole numbers alone: a row that is missing there is a count of none."""
    kinds: dict[tuple[str, str], set[type]] = {}
    for findings in levels:
        for name, table in findings.tables.items():
            for column in table.columns:
                kinds.setdefault((name, column), set()).update(map(type, table.column(column)))
    return {place for place, found in kinds.items() if found == {int}}


def _is_number(value: Value) -> TypeGuard[Number]:
    return isinstance(value, int | float) and not isinstance(value, bool)

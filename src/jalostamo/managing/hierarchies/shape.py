"""What a hierarchy is: a mapping per level, so that what is alike at one level is alike at every later one.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from jalostamo.concepts.errors import Misused, Unfit

TOP: Final = "*"
"""What every value is called at the last level of a hierarchy that is built."""

DEEPEST: Final = 16
"""Levels that a hierarchy has at most, the values' own among them: each one more multiplies what is searched."""


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """A hierarchy maps each value to its generalisations; `levels` has one mapping per level, level 0 the value itself."""

    name: str
    levels: tuple[Mapping[str, str], ...]

    def at(self, level: int) -> Mapping[str, str]:
        """What each value is called at a level."""
        if not 0 <= level < len(self.levels):
            raise Unfit(
                f"{self.name} has levels 0 to {len(self.levels) - 1}; level {level} was asked.",
                reason="hierarchy_level",
            )
        return self.levels[level]

    @property
    def classes(self) -> tuple[int, ...]:
        """How many different names each level has."""
        return tuple(len(set(level.values())) for level in self.levels)


def hierarchy_of(name: str, values: Sequence[str], coarser: Iterable[Sequence[str]]) -> Hierarchy:
    """The hierarchy of values, each once, and what they are called level by level; the top "*" is set above."""
    if not values:
        raise Unfit(f"{name}: there is no value to make a hierarchy of.", reason="hierarchy_empty")
    columns = [values, *coarser, [TOP] * len(values)]
    if not _is_sound(columns):
        raise _fault(name, dict(enumerate(zip(*columns, strict=True), 1)))
    return _hierarchy(name, columns)


def hierarchy_from(name: str, rows: Mapping[int, Sequence[str]]) -> Hierarchy:
    """The hierarchy of rows by their lines; those that are ragged, too deep or doubled, or do not nest, are refused."""
    if len({len(row) for row in rows.values()}) == 1:
        columns = list(zip(*rows.values(), strict=True))
        if _is_sound(columns):
            return _hierarchy(name, columns)
    raise _fault(name, rows)


def with_missing(hierarchy: Hierarchy, word: str) -> Hierarchy:
    """The hierarchy with a row for the missing value, which is called `word` at every level below the top."""
    if not word or word == TOP or any(word in level.values() for level in hierarchy.levels):
        raise Misused(
            "The word for a missing value is one that no value and no class of the hierarchy has: give another.",
            reason="hierarchy_missing",
        )
    first, *between, last = hierarchy.levels
    more = [{**level, "": word} for level in between]
    return Hierarchy(hierarchy.name, ({**first, "": ""}, *more, {**last, "": TOP}))


def _hierarchy(name: str, columns: Sequence[Sequence[str]]) -> Hierarchy:
    return Hierarchy(name, tuple(dict(zip(columns[0], column, strict=True)) for column in columns))


def _is_sound(columns: Sequence[Sequence[str]]) -> bool:
    """Whether columns of one length are a hierarchy: by counting alone; which line is at fault is looked for only where one is."""
    alike = (len(set(zip(one, other, strict=True))) == len(set(one)) for one, other in pairwise(columns[1:]))
    return len(columns) <= DEEPEST and len(set(columns[0])) == len(columns[0]) and all(alike)


def _fault(name: str, rows: Mapping[int, Sequence[str]]) -> Unfit:
    """The refusal of rows that are no hierarchy: of the first fault, with its line."""
    width = len(next(iter(rows.values())))
    if width > DEEPEST:
        return Unfit(
            f"{name} has {width} levels, the values' own among them; {DEEPEST} are read at most: leave some out.",
            reason="hierarchy_deep",
        )
    seen: set[str] = set()
    for line, row in rows.items():
        if len(row) != width:
            return Unfit(
                f"{name}, line {line}: {len(row)} levels, but the first line has {width}.", reason="hierarchy_ragged"
            )
        if row[0] in seen:
            return Unfit(
                f"{name}, line {line}: the value stands on an earlier line already.", reason="hierarchy_doubled"
            )
        seen.add(row[0])
    return _nesting_fault(name, rows, width)


def _nesting_fault(name: str, rows: Mapping[int, Sequence[str]], width: int) -> Unfit:
    """What is alike at one level must be alike at every later one; what is written at fault are the later lines."""
    found = ((level, _astray(rows, level)) for level in range(1, width - 1))
    level, lines = next((level, lines) for level, lines in found if lines)
    also = f" ({len(lines)} lines do)" if len(lines) > 1 else ""
    return Unfit(
        f"{name}, line {lines[0]}: level {level} leads to another level {level + 1} than on an earlier line{also}; "
        "levels must nest.",
        reason="hierarchy_nesting",
    )


def _astray(rows: Mapping[int, Sequence[str]], level: int) -> list[int]:
    """The lines on which a level leads elsewhere than on an earlier one."""
    parents: dict[str, str] = {}
    return [line for line, row in rows.items() if parents.setdefault(row[level], row[level + 1]) != row[level + 1]]

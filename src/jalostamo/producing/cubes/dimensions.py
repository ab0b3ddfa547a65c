"""Reading the dimensions of a cube: a closed list of values, or a hierarchy file beside the definition.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import Text, text_from
from jalostamo.managing.hierarchies import Hierarchy, read_hierarchy
from jalostamo.producing.cubes.definition import TOTAL, Dimension

if TYPE_CHECKING:
    from jalostamo.managing.sections import Section

_KEYS: Final = "name field title values hierarchy levels other missing labels sensitive ordered"
type Levels = list[dict[str, str]]
"""By shown level, finest first: what each recorded value is called."""


def dimension_from(section: Section, folder: Path) -> Dimension:
    """A dimension as its section tells it; hierarchies are files of `folder`."""
    section.refuse_unknown(_KEYS)
    shown = _levels(section, folder)
    other, missing = section.word("other"), section.word("missing")
    codes = [dict.fromkeys(level.values()) for level in shown]
    for added in filter(None, (other, missing)):
        if added not in codes[0]:
            for level in codes:
                level.setdefault(added)
    _refuse_alike(section, shown)
    levels = tuple(tuple(level) for level in codes)
    return Dimension(
        name=section.one("name", str),
        field=section.one("field", str),
        title=section.text("title"),
        levels=levels,
        parents=_parents(shown),
        values=shown[0],
        labels=_labels(section, levels),
        other=other,
        missing=missing,
        sensitive=section.truth("sensitive"),
        ordered=section.truth("ordered"),
    )


def beside(section: Section, folder: Path, name: str) -> Path:
    """A file beside the definition, or in a folder there: a definition reaches nowhere else."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name:
        raise Unfit(f"{section.place}: 'hierarchy' is a file beside the definition.", reason="cube_hierarchy")
    return folder / path


def _levels(section: Section, folder: Path) -> Levels:
    listed, name = section.content.get("values"), section.word("hierarchy")
    if (listed is None) == (name is None):
        raise Unfit(
            f"{section.place} has either 'values', a list, or a 'hierarchy', a file.", reason="request_incomplete"
        )
    if name is not None:
        return _shown(section, read_hierarchy(beside(section, folder, name)))
    if "levels" in section.content:
        raise Unfit(f"{section.place}: 'levels' goes with a hierarchy.", reason="request_incomplete")
    words = section.words("values")
    if len(set(words)) < len(words):
        raise Unfit(f"{section.place}: 'values' names each value once.", reason="request_incomplete")
    return [{word: word for word in words}]


def _shown(section: Section, hierarchy: Hierarchy) -> Levels:
    """The levels that are shown, of those that the file has."""
    asked = section.content.get("levels")
    whole = isinstance(asked, list) and all(type(level) is int for level in asked)
    if not isinstance(asked, list) or not asked or not whole or asked != sorted(set(asked)):
        raise Unfit(
            f"{section.place} needs 'levels', numbers of the hierarchy's columns, ascending: 0 is the value itself.",
            reason="request_incomplete",
        )
    shown = [dict(hierarchy.at(level)) for level in asked]
    for number, level in enumerate(shown):
        if len(set(level.values())) < 2:
            raise Unfit(
                f"{section.place}: level {asked[number]} has one value, which is the total: leave it out.",
                reason="cube_dimension_one_value",
            )
    return shown


def _refuse_alike(section: Section, shown: Levels) -> None:
    """Refuse a code that two levels have for different values, so that no cell has two meanings."""
    held: dict[str, frozenset[str]] = {}
    for number, level in enumerate(shown, 1):
        for code in dict.fromkeys(level.values()):
            values = frozenset(value for value, called in level.items() if called == code)
            if held.setdefault(code, values) != values:
                raise Unfit(
                    f"{section.place}: a code of shown level {number} stands for other values at a finer one; give each its own.",
                    reason="cube_codes_alike",
                )
    if TOTAL in held or "" in held:
        raise Unfit(
            f"{section.place}: a code is empty, or '{TOTAL}', which stands for the total.", reason="cube_code_total"
        )


def _parents(shown: Levels) -> Mapping[str, str]:
    """By code, its code at the first coarser level where it is called otherwise."""
    parents: dict[str, str] = {}
    for value, finest in shown[0].items():
        code = finest
        for level in shown[1:]:
            if level[value] != code:
                parents.setdefault(code, level[value])
                code = level[value]
    return parents


def _labels(section: Section, levels: tuple[tuple[str, ...], ...]) -> Mapping[str, Text]:
    """A text for each code; a code without a label is called as it is, which does for years and numbers."""
    codes = dict.fromkeys(code for level in levels for code in level)
    told = section.maybe("labels")
    if told is None:
        return {code: Text(code, code, code) for code in codes}
    unknown = len(told.content.keys() - codes.keys())
    if unknown:
        raise Unfit(f"{told.place} names {unknown} codes that no shown level has.", reason="cube_labels_unknown")
    return {
        code: text_from(told.content[code], place=f"{told.place} {code}")
        if code in told.content
        else Text(code, code, code)
        for code in codes
    }

"""Hierarchies that come with the library: Finnish classifications, and those of the demonstration city.

Handbook 2.2 (master data) and 2.6, phase 5.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Final

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.languages import Language, Text, text_from
from jalostamo.managing.hierarchies.files import read_hierarchy
from jalostamo.managing.hierarchies.intervals import Intervals, by_interval
from jalostamo.managing.hierarchies.prefixes import by_prefix
from jalostamo.managing.hierarchies.shape import Hierarchy

_PLACE: Final = files("jalostamo.managing.hierarchies").joinpath("ready_made")


@dataclass(frozen=True, slots=True)
class Ready:
    """A hierarchy that comes with the library: its name, what it is about, and what its codes are called.

    One of `of_values` has no values of its own: it is made of those that a table has.
    """

    name: str
    title: Text
    labels: Mapping[str, Text]
    of_values: bool
    how: Mapping[str, Any]  # what TOML may hold; each kind looks at its own words as it takes them

    def hierarchy(self, values: Sequence[str] = ()) -> Hierarchy:
        """The hierarchy itself, its levels called by codes."""
        if self.of_values:
            return _of_digits(self.name, values, digits=self.how["digits"], keep=self.how["keep"])
        if "file" in self.how:
            with as_file(_PLACE.joinpath(self.how["file"])) as path:
                return Hierarchy(self.name, read_hierarchy(path).levels)
        years = [str(year) for year in range(self.how["first"], self.how["last"] + 1)]
        return by_interval(self.name, years, Intervals(tuple(self.how["widths"])))

    def in_language(self, hierarchy: Hierarchy, language: Language) -> Hierarchy:
        """The same hierarchy with its levels called in a language; the values stay as they are recorded."""
        said = {code: label.in_language(language) for code, label in self.labels.items()}
        first, *coarser = hierarchy.levels
        called = ({value: said.get(code, code) for value, code in level.items()} for level in coarser)
        return Hierarchy(hierarchy.name, (first, *called))


@cache
def ready_made() -> Mapping[str, Ready]:
    """The hierarchies that come with the library, by their names."""
    read = tomllib.loads(_PLACE.joinpath("ready.toml").read_text(encoding="utf-8"))
    return {name: _ready(name, entry) for name, entry in read.items()}


# `Any` is what TOML may hold.
def _ready(name: str, entry: Mapping[str, Any]) -> Ready:
    labels = {code: text_from(text, place=f"ready.toml, {code}") for code, text in entry.get("labels", {}).items()}
    return Ready(name, text_from(entry["title"], place=f"ready.toml, {name}"), labels, "digits" in entry, entry)


def _of_digits(name: str, values: Sequence[str], *, digits: int, keep: Sequence[int]) -> Hierarchy:
    if not values:
        raise Misused(
            f"'{name}' is made of the values that there are: name a table and its column.", reason="hierarchy_no_values"
        )
    faulty = sum(len(value) != digits or not (value.isascii() and value.isdigit()) for value in values)
    if faulty:
        raise Unfit(
            f"{name}: {faulty} of {len(values)} values are not {digits} digits: have zeros been lost at their beginning?",
            reason="hierarchy_digits",
        )
    return by_prefix(name, values, keep)

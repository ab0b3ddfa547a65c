"""The catalogue's entries: of each method what it answers, what to know when reading it, its parameters, tables and an example.

Handbook 2.3 (business intelligence and analytics; descriptive, diagnostic, predictive and recommending methods).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jalostamo.producing.analyses.catalogue import Competence, Kind
from jalostamo.producing.analyses.methods import METHODS, method_called

if TYPE_CHECKING:
    from jalostamo.producing.analyses.catalogue import Method

ASKED_OF: Final[Mapping[Competence, str]] = {
    Competence.READER: "reads tables of counts and medians",
    Competence.ANALYST: "knows intervals, tests of many things at once, and whom to compare with whom",
    Competence.STATISTICIAN: "knows confounding, censoring and what an estimate leaves unseen",
}
"""What somebody of each competence can do who reads findings that ask for it."""

PURPOSES: Final[Mapping[Kind, str]] = {
    Kind.DESCRIPTIVE: "what is",
    Kind.DIAGNOSTIC: "where it differs, and what goes with it",
    Kind.PREDICTIVE: "what will be",
    Kind.RECOMMENDING: "what should be done",
}
"""What each kind of method tells."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry tells of one method in words; `parameters` are explained by key, `example` is what stands in [parameters]."""

    method: Method
    answers: str
    read_with: str
    parameters: Mapping[str, str]
    tables: tuple[str, ...]
    example: str

    @property
    def file(self) -> str:
        """A whole file of an analysis by this method, put to a log of one's own."""
        parameters = f"\n[parameters]\n{self.example}\n" if self.example else ""
        return (
            f'[analysis]\nname = "{self.method.name.replace("_", "-")}"\nmethod = "{self.method.name}"\n{parameters}'
            '\n[log]\ncase = "client"\nactivity = "service"\ntime = "start"\n'
        )

    def as_mapping(self) -> dict[str, object]:
        """The entry for machines."""
        return {
            "name": self.method.name,
            "kind": self.method.kind.value,
            "competence": self.method.competence.value,
            "title": self.method.title.as_mapping(),
            "answers": self.answers,
            "read_with": self.read_with,
            "parameters": dict(self.parameters),
            "tables": list(self.tables),
            "example": self.file,
        }


def entry_of(name: str) -> Entry:
    """The entry of a method; refused where there is no method of that name, naming those that are."""
    return _entry(method_called(name, place="The catalogue"))


def entries() -> tuple[Entry, ...]:
    """Every method's entry by kinds, those that tell what is first, and within a kind the plainest first."""
    kinds = list(Kind)
    return tuple(_entry(method) for method in sorted(METHODS, key=lambda method: kinds.index(method.kind)))


def _entry(method: Method) -> Entry:
    told = _told().get(method.name, {})
    explained = told.get("parameters", {})
    return Entry(
        method,
        told.get("answers", ""),
        told.get("read_with", ""),
        {key: explained.get(key, "") for key in method.parameters.split()},
        tuple(told.get("tables", ())),
        told.get("example", "").strip(),
    )


@cache
# What stands in the file is told by no type; the tests read all of it.
def _told() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))

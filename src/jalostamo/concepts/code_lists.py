"""Code lists: the closed vocabularies in which registers record, each with labels in three languages and a version.

Handbook 2.2 (master data) and 2.6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import Text, text_from


@dataclass(frozen=True, slots=True)
class Code:
    """A code is one entry of a code list, as the register records it, with what it means."""

    code: str
    label: Text


@dataclass(frozen=True, slots=True)
class CodeList:
    """A code list is a named and versioned set of codes; what is not in it is unknown, and never guessed."""

    name: str
    version: str
    codes: tuple[Code, ...]

    def __post_init__(self) -> None:
        written = [entry.code for entry in self.codes]
        if not self.name or not self.version or not written or not all(written):
            raise Unfit(
                f"Code list '{self.name}' needs a name, a version and at least one code, none of them empty.",
                reason="code_list_incomplete",
            )
        if len(set(written)) != len(written):
            raise Unfit(f"Code list '{self.name}' has a code twice: keep one of them.", reason="code_twice")

    @property
    def allowed(self) -> tuple[str, ...]:
        """The codes as recorded, in the order of the list."""
        return tuple(entry.code for entry in self.codes)

    def label_of(self, code: str) -> Text:
        """What a code means; one that is not in the list is refused, and not repeated."""
        for entry in self.codes:
            if entry.code == code:
                return entry.label
        raise Unfit(f"Code list '{self.name}' does not have the code that was recorded.", reason="code_unknown")

    def as_mapping(self) -> dict[str, object]:
        """The code list as a description file holds it."""
        codes = [{"code": entry.code, **entry.label.as_mapping()} for entry in self.codes]
        return {"name": self.name, "version": self.version, "codes": codes}


def code_list_from(mapping: Mapping[str, object]) -> CodeList:
    """Read a code list from a description file."""
    name = str(mapping.get("name", ""))
    entries = mapping.get("codes", [])
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) and "code" in entry for entry in entries):
        raise Unfit(
            f"Code list '{name}' needs 'codes', a list of {{ code, fi, sv, en }}.", reason="code_list_incomplete"
        )
    codes = tuple(Code(str(entry["code"]), text_from(entry, place=f"Code list '{name}'")) for entry in entries)
    return CodeList(name, str(mapping.get("version", "")), codes)

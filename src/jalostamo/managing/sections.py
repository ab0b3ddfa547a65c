"""The parts of a request file, each of which knows where it stands, so that whatever it lacks is named with its place.

Handbook 2.6, phase 1.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import Text, text_from

_NAMES: Final[Mapping[type, str]] = {str: "a text", int: "a whole number", datetime.date: "a date", list: "a list"}


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a request file that knows where it stands, so that what it lacks can be named."""

    content: Mapping[str, object]
    place: str

    def refuse_unknown(self, known: str) -> None:
        """Refuse a key that the section does not know: left unread, a misspelt 'calendar' would release whole dates."""
        unknown = [f"'{key}'" for key in self.content if key not in known.split()]
        if unknown:
            listed = known.replace(" ", ", ")
            raise Unfit(f"{self.place} knows no {', '.join(unknown)}; it knows {listed}.", reason="request_unknown")

    def section(self, key: str) -> Section:
        """The section within this one that is called so."""
        found = self.content.get(key)
        if not isinstance(found, Mapping):
            raise Unfit(f"{self.place} needs a section [{key}].", reason="request_incomplete")
        return Section(found, f"{self.place}, [{key}]")

    def maybe(self, key: str) -> Section | None:
        """That section, or None where there is none."""
        return self.section(key) if key in self.content else None

    def sections(self, key: str) -> tuple[Section, ...]:
        """All sections within this one that are called so, none or many; each knows its number."""
        found = self.content.get(key, [])
        if not isinstance(found, list) or not all(isinstance(entry, Mapping) for entry in found):
            raise Unfit(f"{self.place}: [[{key}]] is a list of sections.", reason="request_incomplete")
        return tuple(Section(entry, f"{self.place}, [[{key}]] {number}") for number, entry in enumerate(found, 1))

    def one[Kind](self, key: str, kind: type[Kind]) -> Kind:
        """The value of a key, which must be there, and of that kind."""
        found = self.content.get(key)
        # A bool is an int to Python, and a time a date.
        if not isinstance(found, kind) or isinstance(found, bool | datetime.datetime) or found == "":
            raise Unfit(f"{self.place} needs '{key}' ({_NAMES[kind]}).", reason="request_incomplete")
        return found

    def word(self, key: str) -> str | None:
        """A text, or None where the key is not there."""
        return self.one(key, str) if key in self.content else None

    def truth(self, key: str) -> bool:
        """Whether the key is there and true."""
        found = self.content.get(key, False)
        if not isinstance(found, bool):
            raise Unfit(f"{self.place}: '{key}' is true or false, without quotes.", reason="request_incomplete")
        return found

    def words(self, key: str) -> tuple[str, ...]:
        """A list of names, at least one."""
        found = self.content.get(key)
        if not isinstance(found, list) or not found or not all(isinstance(entry, str) for entry in found):
            raise Unfit(f"{self.place} needs '{key}' (a list of names).", reason="request_incomplete")
        return tuple(found)

    def share(self, key: str) -> float:
        """A share from 0 to 1; 0 where the key is not there."""
        found = self.content.get(key, 0.0)
        if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found <= 1:
            raise Unfit(f"{self.place}: '{key}' is a share from 0 to 1.", reason="request_incomplete")
        return float(found)

    def text(self, key: str) -> Text:
        """A text in the three languages."""
        return text_from(self.content.get(key), place=f"{self.place} {key}")

    def names(self, key: str) -> Mapping[str, str]:
        """Fields by their registers; none where the key is not there."""
        found = self.content.get(key, {})
        if not isinstance(found, Mapping) or not all(isinstance(value, str) for value in found.values()):
            raise Unfit(f"{self.place}: '{key}' maps registers to fields.", reason="request_incomplete")
        return cast("Mapping[str, str]", found)

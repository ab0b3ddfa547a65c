"""A TOML file as a person wrote it, and its parts, each of which knows where it stands, so that what it lacks is named.

Handbook 2.6, phase 1.
"""

from __future__ import annotations

import datetime
import hashlib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.languages import Text, text_from

_NAMES: Final[Mapping[type, str]] = {str: "a text", int: "a whole number", datetime.date: "a date", list: "a list"}


@dataclass(frozen=True, slots=True, repr=False)
class TomlFile:
    """A TOML file as it was read: what it says, and its bytes."""

    content: Mapping[str, object]
    written: bytes

    @property
    def digest(self) -> str:
        """The sha256 of the bytes."""
        return hashlib.sha256(self.written).hexdigest()


def read_toml(path: Path, wanted: str, *, unfit: Callable[[str], Unfit], unreadable: str | None = None) -> TomlFile:
    """Read a TOML file; `wanted` is what to name where it is missing, `unfit` makes the error of what is no TOML.

    `unreadable` is what to do where the file cannot be read; without it the message says what the system says.
    """
    try:
        written = path.read_bytes()
    except FileNotFoundError:
        raise Misused(f"{path.name} is missing: name {wanted}.", reason="file_missing") from None
    except OSError as error:
        raise Misused(
            f"{path.name} cannot be read: {unreadable or error.strerror}.", reason="file_unreadable"
        ) from None
    return TomlFile(toml_in(written, unfit=unfit), written)


def toml_in(written: bytes, *, unfit: Callable[[str], Unfit]) -> Mapping[str, object]:
    """What the bytes of a TOML file say; `unfit` makes the error from what is wrong with them."""
    try:
        # Some editors write a byte order mark before UTF-8, which is no part of it.
        return tomllib.loads(written.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise unfit(str(error)) from None


@dataclass(frozen=True, slots=True)
class Section:
    """A part of such a file that knows where it stands, so that what it lacks can be named."""

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

    def names(self, key: str, told: str = "registers to fields") -> Mapping[str, str]:
        """Fields by their registers, or what else is `told`; none where the key is not there."""
        found = self.content.get(key, {})
        if not isinstance(found, Mapping) or not all(isinstance(value, str) for value in found.values()):
            raise Unfit(f"{self.place}: '{key}' maps {told}.", reason="request_incomplete")
        return cast("Mapping[str, str]", found)

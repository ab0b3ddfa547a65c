"""The file `town.toml`, by which a municipality sets its townhall up: its name, units, hosts, database and process.

One file makes a new municipality; what it may say of the process only tightens it (`jalostamo.permits.municipality`).

Handbook 2.1 and 2.6.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import Text, text_from
from jalostamo.concepts.organisations import OperatingModel, Organisation, OrganisationKind, Unit
from jalostamo.permits.municipality import Municipality, municipality_from

FILE: Final = "town.toml"
_LONGEST: Final = 1_000_000
_SECTIONS: Final = frozenset({"town", "organisation", "unit", "process", "login", "mail"})
_OF_TOWN: Final = frozenset({"name", "hosts", "address", "database", "feedback_to"})


@dataclass(frozen=True, slots=True)
class Login:
    """The city's own OpenID Connect: where it is, and the name and secret by which townhall is known there."""

    address: str
    client: str
    secret_file: str


@dataclass(frozen=True, slots=True)
class Mail:
    """The server that sends notices; without one they are written to the log's console."""

    host: str
    port: int
    sender: str


@dataclass(frozen=True, slots=True)
class Town:
    """A municipality as its file describes it.

    `database` is empty for SQLite beside the file, or `postgresql:///NAME` with what libpq reads; `address` is how
    people reach the pages, and stands in notices.
    """

    name: Text
    municipality: Municipality
    organisations: tuple[Organisation, ...] = ()
    units: tuple[Unit, ...] = ()
    hosts: tuple[str, ...] = ()
    address: str = ""
    database: str = ""
    feedback_to: str = ""
    login: Login | None = None
    mail: Mail | None = None

    def unit(self, name: str | None) -> Unit | None:
        """The unit of that id, or None."""
        return next((unit for unit in self.units if unit.id == name), None)


def read_town(path: Path) -> Town:
    """The municipality that a file describes; refused with sentences where it does not."""
    raw = path.read_bytes()
    if len(raw) > _LONGEST:
        raise Unfit(f"{FILE} is longer than a municipality's file can be.", reason="town_form")
    try:
        return town_from(tomllib.loads(raw.decode("utf-8")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Unfit(f"{FILE} is not TOML: {error}. Mend it and start again.", reason="town_form") from None


def town_from(content: Mapping[str, object]) -> Town:
    """The municipality that the content of a file describes."""
    _refuse_unknown(content, _SECTIONS, FILE)
    head = _mapping(content.get("town"), "town")
    _refuse_unknown(head, _OF_TOWN, "[town]")
    organisations = tuple(_organisation(entry) for entry in _entries(content, "organisation"))
    return Town(
        name=text_from(head.get("name"), place="[town] name"),
        municipality=municipality_from(content.get("process", {})),
        organisations=organisations,
        units=tuple(_unit(entry, {each.id for each in organisations}) for entry in _entries(content, "unit")),
        hosts=tuple(str(host) for host in cast("list[object]", head.get("hosts", []))),
        address=str(head.get("address", "")),
        database=str(head.get("database", "")),
        feedback_to=str(head.get("feedback_to", "")),
        login=_filled(Login, content.get("login"), "login"),
        mail=_filled(Mail, content.get("mail"), "mail"),
    )


def _organisation(entry: Mapping[str, object]) -> Organisation:
    name = _word(entry, "id", "[[organisation]]")
    return Organisation(
        id=name,
        name=text_from(entry.get("name"), place=f"[[organisation]] {name}"),
        kind=_chosen(OrganisationKind, entry.get("kind"), f"[[organisation]] {name}"),
    )


def _unit(entry: Mapping[str, object], organisations: set[str]) -> Unit:
    name = _word(entry, "id", "[[unit]]")
    place = f"[[unit]] {name}"
    organisation = _word(entry, "organisation", place)
    if organisation not in organisations:
        raise Unfit(f"{place}: its organisation is not among those of the file: add it there.", reason="town_form")
    return Unit(
        id=name,
        name=text_from(entry.get("name"), place=place),
        organisation=organisation,
        operating_model=_chosen(OperatingModel, entry.get("operating_model", "B"), place),
        parent=cast("str | None", entry.get("parent")),
    )


def _chosen[Choice: (OrganisationKind, OperatingModel)](closed: type[Choice], said: object, place: str) -> Choice:
    try:
        return closed(str(said))
    except ValueError:
        among = ", ".join(choice.value for choice in closed)
        raise Unfit(f"{place}: choose one of {among}.", reason="town_form") from None


def _filled[Value](cls: type[Value], content: object, place: str) -> Value | None:
    if content is None:
        return None
    try:
        return cls(**_mapping(content, place))
    except TypeError:
        raise Unfit(f"[{place}] lacks an entry, or has one that is not known.", reason="town_form") from None


def _mapping(content: object, place: str) -> dict[str, object]:
    if not isinstance(content, dict):
        raise Unfit(f"{FILE} needs a section [{place}].", reason="town_form")
    return content


def _entries(content: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    found = content.get(name, [])
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise Unfit(f"{FILE}: write each of them as [[{name}]].", reason="town_form")
    return found


def _word(entry: Mapping[str, object], key: str, place: str) -> str:
    found = entry.get(key)
    if not isinstance(found, str) or not found.strip():
        raise Unfit(f"{place} needs '{key}'.", reason="town_form")
    return found


def _refuse_unknown(section: Mapping[str, object], known: frozenset[str], place: str) -> None:
    unknown = sorted(set(section) - known)
    if unknown:
        raise Unfit(f"{place} knows no entry '{unknown[0]}': take it out, or look at its spelling.", reason="town_form")

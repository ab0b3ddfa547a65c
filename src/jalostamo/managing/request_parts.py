"""The parts of a request as values: sources, linking, customers, harmonised code lists, and the recipe.

What reads them from the file is `managing.requests`.

Handbook 2.2 (retrieving and preparing) and 2.6, phases 1, 4 and 5.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from jalostamo.concepts.languages import Text
from jalostamo.permits.terms import DataClass


@dataclass(frozen=True, slots=True)
class Source:
    """A source is one table of one register, and the fields asked of it; nothing else is read into an extract.

    `fields` are named as the register's description names them; `called` says what the rest of the request calls some.
    """

    register: str
    table: str
    fields: tuple[str, ...]
    rejected_at_most: float
    called: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The source's name among several of one register."""
        return f"{self.register}.{self.table}"

    @property
    def names(self) -> tuple[str, ...]:
        """The asked fields as the rest of the request calls them."""
        return tuple(self.called.get(name, name) for name in self.fields)


@dataclass(frozen=True, slots=True)
class Lookup:
    """A lookup brings another person's field, reached through a field that holds her code (a guardian's language)."""

    name: str
    through: str
    field: str


@dataclass(frozen=True, slots=True)
class AsOf:
    """An as-of join brings the value that held on a day: on each event's own, or of customers on the day `on`.

    A value holds from `since` to `until`, both inclusive (empty: still); without `until`, until the next one begins.
    `known_on` leaves out what was recorded later than that day.
    """

    name: str
    register: str
    table: str
    code: str
    since: str
    until: str | None
    field: str
    on: datetime.date | None
    known_on: datetime.date | None

    @property
    def source(self) -> str:
        """The name of the source that it reads."""
        return f"{self.register}.{self.table}"


@dataclass(frozen=True, slots=True)
class Linking:
    """A linking says which register tells who exists, and by which field the others point at those persons.

    `table` is that register's table, where several of its tables are sources. `joins`, `report_by` and `spells` name a
    register, or "register.table" where it has several sources; `spells` are the fields that tell when a spell ended.
    """

    register: str
    code: str
    household: str | None
    joins: Mapping[str, str]
    report_by: Mapping[str, str]
    lookups: tuple[Lookup, ...]
    table: str | None = None
    spells: Mapping[str, str] = field(default_factory=dict)
    as_of: tuple[AsOf, ...] = ()


@dataclass(frozen=True, slots=True)
class Harmonisation:
    """A harmonisation gives fields of several sources one code list, by a mapping in a file beside the request.

    `fields` name a field for each register, or "register.table".
    """

    name: str
    fields: Mapping[str, str]
    mapping: str


@dataclass(frozen=True, slots=True)
class Customers:
    """The customers asked for: persons of these ages, resident at some time of the time frame.

    The texts are fields of the register that tells who exists; ages are calendar year less birth year, both inclusive.
    """

    birth: str
    arrived: str
    left: str
    died: str
    ages: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Generalisation:
    """A field to be released under a name, at one level of its hierarchy (a file beside the request), or of the calendar."""

    name: str
    fields: tuple[str, ...]
    hierarchy: str | None
    level: int
    calendar: str | None
    is_quasi_identifier: bool
    title: Text


@dataclass(frozen=True, slots=True)
class Preparation:
    """A preparation is the recipe by which linked data becomes a release: what is kept, how coarse, how many alike.

    `units` are what k counts: distinct persons, distinct households, or rows.
    """

    data_class: DataClass
    k: int
    units: tuple[str, ...]
    suppression_limit: float
    loss_by: str | None
    generalisations: tuple[Generalisation, ...]
    events: tuple[Generalisation, ...]

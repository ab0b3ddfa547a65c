"""Registers as their descriptions tell them: tables, fields, how they are written, and how sensitive each field is.

A description is declared by the source's owner and never sniffed from the data. What is read by it is `managing.reading`.

Handbook 2.2 (data descriptions) and 2.6, phases 1 and 4.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import PurePosixPath

from jalostamo.concepts.code_lists import CodeList
from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.holdings import HOLDS, Holding, Through
from jalostamo.concepts.information import BehaviourKind, InformationKind, OutsidePermit
from jalostamo.concepts.languages import Text
from jalostamo.concepts.organisations import Controller
from jalostamo.concepts.ranges import check_range
from jalostamo.concepts.writings import Writing


class Sensitivity(StrEnum):
    """How much a field tells of a person (GDPR articles 4 and 9; handbook 2.6).

    A direct identifier names a person; a link points at one (a household, a case); an indirect identifier singles out
    together with others; special categories and confidential facts harm when known; free text may hold anything.
    """

    DIRECT_IDENTIFIER = "direct_identifier"
    LINK = "link"
    INDIRECT_IDENTIFIER = "indirect_identifier"
    SPECIAL_CATEGORY = "special_category"
    CONFIDENTIAL = "confidential"
    ORDINARY = "ordinary"
    FREE_TEXT = "free_text"


NEVER_RELEASED = frozenset({Sensitivity.DIRECT_IDENTIFIER, Sensitivity.FREE_TEXT})
"""What never leaves the sensitive environment; links leave only as pseudonyms."""


class Marking(StrEnum):
    """A marking says whose lives a source tells of: nobody's, everybody's to know, or real persons'."""

    SYNTHETIC = "synthetic"
    PUBLIC = "public"
    PERSONAL = "personal"


class FieldType(StrEnum):
    """A field's type is how its recorded text is understood; identifiers stay text, character by character."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    CODE = "code"
    PERSONAL_IDENTITY_CODE = "personal_identity_code"
    BUSINESS_ID = "business_id"


@dataclass(frozen=True, slots=True)
class Field:
    """A field is one column of a source's table: what it is called there, what it means, how it is written.

    `column` is the source's own header, `name` ours (no underscore at its end: those are the product's own columns).
    `format` is a strptime form for dates (ISO 8601 where None) and "true;false" words for booleans. `start` and `width`
    are characters of a line of fixed width, from 1; a number is from `least` to `most`. What `locates` tells where one lives.
    """

    name: str
    column: str
    type: FieldType
    sensitivity: Sensitivity
    title: Text
    code_list: str | None = None
    format: str | None = None
    required: bool = False
    start: int | None = None
    width: int | None = None
    locates: bool = False
    behaviour: BehaviourKind | None = None
    least: float | None = None
    most: float | None = None

    def __post_init__(self) -> None:
        if not self.name or self.name.endswith("_"):
            raise Unfit(
                f"Field '{self.name}': a name is not empty and does not end in '_', as the product's own columns do.",
                reason="field_name",
            )
        if (self.type is FieldType.CODE) != (self.code_list is not None):
            raise Unfit(
                f"Field '{self.name}': a field of type 'code', and no other, names its code_list.",
                reason="field_code_list",
            )
        check_range(self.name, self.least, self.most, is_number=self.type in {FieldType.INTEGER, FieldType.DECIMAL})
        if self.format is not None and self.type not in {FieldType.DATE, FieldType.DATETIME, FieldType.BOOLEAN}:
            raise Unfit(
                f"Field '{self.name}': only dates, datetimes and booleans have a format.", reason="field_format"
            )
        if self.type is FieldType.BOOLEAN and self.format is not None and not _two_words(self.format):
            raise Unfit(
                f"Field '{self.name}': a boolean's format is the two words for true and false, as in 'K;E'.",
                reason="field_format",
            )
        if self.type is FieldType.PERSONAL_IDENTITY_CODE and self.sensitivity is not Sensitivity.DIRECT_IDENTIFIER:
            raise Unfit(
                f"Field '{self.name}' is a personal identity code: its sensitivity is 'direct_identifier'.",
                reason="field_sensitivity",
            )


@dataclass(frozen=True, slots=True)
class RegisterTable:
    """A register table is one file or database table of a register, with its declared fields.

    `key` names the fields that tell records apart: a second record with the same key is rejected. `occurred`, `recorded`
    and `unit` name the fields that tell when something happened, when it was written down, and in which unit.
    `records_at_most` is how many records its owner declares; more are refused.
    """

    name: str
    file: str
    fields: tuple[Field, ...]
    writing: Writing = field(default_factory=Writing)
    key: tuple[str, ...] = ()
    holds: Holding | None = None
    through: Through | None = None
    occurred: str | None = None
    recorded: str | None = None
    unit: str | None = None
    records_at_most: int | None = None

    def __post_init__(self) -> None:
        file = PurePosixPath(self.file)
        beside = file.name and not file.is_absolute() and ".." not in file.parts
        if bool(self.file) == (self.writing.server is not None) or (self.file and not beside):
            raise Unfit(
                f"Table '{self.name}': its file lies beside the description or in a folder there; on a server it has none.",
                reason="table_file",
            )
        for what, written in (("name", [f.name for f in self.fields]), ("column", [f.column for f in self.fields])):
            doubled = _doubled(written)
            if doubled:
                raise Unfit(
                    f"Table '{self.name}' declares the {what} {_listed(doubled)} twice, capital letters aside: keep one.",
                    reason="field_twice",
                )
        named = (*self.key, *(name for name in (self.occurred, self.recorded, self.unit) if name))
        unknown = [name for name in named if name not in {f.name for f in self.fields}]
        if unknown or not self.fields:
            raise Unfit(
                f"Table '{self.name}' needs fields, and its key, occurred, recorded and unit name only them; "
                f"unknown: {_listed(unknown)}.",
                reason="table_key",
            )
        if self.records_at_most is not None and self.records_at_most < 1:
            raise Unfit(f"Table '{self.name}': records_at_most is 1 or more.", reason="table_records")
        self._check_holding()
        self._check_widths()

    def _check_holding(self) -> None:
        lacking = (
            [name for name in HOLDS.get(self.holds, ()) if name not in {f.name for f in self.fields}]
            if self.holds
            else []
        )
        if lacking:
            raise Unfit(f"Table '{self.name}' holds '{self.holds}': it lacks {_listed(lacking)}.", reason="table_holds")

    def _check_widths(self) -> None:
        fixed = self.writing.format == "fixed_width"
        if any((f.start is not None and f.width is not None) != fixed for f in self.fields) or any(
            number is not None and number < 1 for f in self.fields for number in (f.start, f.width)
        ):
            raise Unfit(
                f"Table '{self.name}': fields have a start and a width, from 1, in lines of fixed width and nowhere else.",
                reason="field_width",
            )
        if fixed and self.writing.line_width is None:
            # Written down, so that a table asked in part still knows how long its lines are.
            width = max((f.start or 1) + (f.width or 1) - 1 for f in self.fields)
            object.__setattr__(self, "writing", replace(self.writing, line_width=width))
        if fixed and any((f.start or 1) + (f.width or 1) - 1 > (self.writing.line_width or 0) for f in self.fields):
            raise Unfit(f"Table '{self.name}': a field ends behind the end of its line.", reason="field_width")

    def field_named(self, name: str) -> Field:
        """The field of that name; a name that does not exist is answered with those that do."""
        for declared in self.fields:
            if declared.name == name:
                return declared
        raise Unfit(
            f"Table '{self.name}' has no field '{name}'; it has {_listed(f.name for f in self.fields)}.",
            reason="field_unknown",
        )


@dataclass(frozen=True, slots=True)
class Register:
    """A register is one system's record of its customers, described by its owner, answered for by its controller.

    `owner` and `controller` are ids of a unit and of an organisation; `controllers` tell who answered for it when, where
    that has changed. `outside_permits` are others' permits without which it may not be used.
    """

    name: str
    title: Text
    owner: str
    controller: str
    marking: Marking
    tables: tuple[RegisterTable, ...]
    code_lists: tuple[CodeList, ...] = ()
    information: InformationKind | None = None
    controllers: tuple[Controller, ...] = ()
    outside_permits: tuple[OutsidePermit, ...] = ()

    def __post_init__(self) -> None:
        for what, written in (
            ("table", [table.name for table in self.tables]),
            ("code list", [code_list.name for code_list in self.code_lists]),
        ):
            if _doubled(written):
                raise Unfit(
                    f"Register '{self.name}' describes the {what} {_listed(_doubled(written))} twice: keep one.",
                    reason="description_twice",
                )
        known = {code_list.name for code_list in self.code_lists}
        asked = {f.code_list for table in self.tables for f in table.fields if f.code_list}
        if asked - known:
            raise Unfit(
                f"Register '{self.name}' describes no code list {_listed(sorted(asked - known))}.",
                reason="code_list_unknown",
            )
        self._check_throughs()

    def _check_throughs(self) -> None:
        """A table reached through another shares a field with it, and that other one names persons."""
        for table in self.tables:
            if table.through is None:
                continue
            other = self.table_named(table.through.table)
            table.field_named(table.through.field)
            other.field_named(table.through.field)
            if not any(f.type is FieldType.PERSONAL_IDENTITY_CODE for f in other.fields):
                raise Unfit(
                    f"Table '{table.name}' names its customers through '{other.name}', which has no identity code.",
                    reason="table_through",
                )

    def controller_on(self, day: datetime.date) -> str:
        """The id of the organisation that answers for the register on a day."""
        for told in self.controllers:
            if told.since <= day.isoformat() and (told.until is None or day.isoformat() <= told.until):
                return told.organisation
        return self.controller

    def table_named(self, name: str) -> RegisterTable:
        """The table of that name; a name that does not exist is answered with those that do."""
        for table in self.tables:
            if table.name == name:
                return table
        raise Unfit(
            f"Register '{self.name}' has no table '{name}'; it has {_listed(t.name for t in self.tables)}.",
            reason="table_unknown",
        )

    def code_list_named(self, name: str) -> CodeList:
        """The code list of that name; a name that does not exist is answered with those that do."""
        for code_list in self.code_lists:
            if code_list.name == name:
                return code_list
        raise Unfit(
            f"Register '{self.name}' has no code list '{name}'; it has {_listed(c.name for c in self.code_lists)}.",
            reason="code_list_unknown",
        )


def _doubled(written: Sequence[str]) -> list[str]:
    """What is written twice; the engines do not tell capital letters from small ones in names."""
    times = Counter(entry.casefold() for entry in written)
    return sorted({entry for entry in written if times[entry.casefold()] > 1})


def _two_words(form: str) -> bool:
    words = form.split(";")
    return len(set(words)) == len(words) == 2 and all(words)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names) or "none"

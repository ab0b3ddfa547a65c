"""The form of Appendix 1 as data: every section, entry and option, when an entry is shown, and why it is asked.

The words lie in `form.toml`, in three languages; answers are found in `answers`.

Handbook Appendix 1.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from importlib.resources import files
from typing import Final, cast

from jalostamo.concepts.languages import Text
from jalostamo.permits.contents import value_from, written
from jalostamo.permits.estimates.choices import LikelyUsers, OtherHarm, PersonalHarm, YesNo, YesNoUnable
from jalostamo.permits.estimates.costs import CostClass
from jalostamo.permits.estimates.matrices import POINTS, DecisionCell
from jalostamo.permits.terms import DataSubjects, title_of


class AnswerKind(StrEnum):
    """What an entry is answered with."""

    TEXT = "text"
    CHOICE = "choice"
    MANY = "many"
    TREATMENTS = "treatments"
    TICK = "tick"
    STEP = "step"
    ORGANISATION_AND_PERSON = "organisation_and_person"
    PERSON = "person"
    PERSONS = "persons"
    PERIOD = "period"
    DAYS = "days"
    EUROS = "euros"
    POINTS = "points"


class AnswerSource(StrEnum):
    """Where the answer to an entry comes from: only those of the estimate are asked on this form."""

    ESTIMATE = "estimate"
    DESCRIPTION = "description"
    DERIVED = "derived"
    INSPECTION_GROUP = "inspection_group"


class Axis(StrEnum):
    """The axis of a matrix on which a step is placed."""

    X = "x"
    Y = "y"


@written
@dataclass(frozen=True, slots=True)
class FormOption:
    """One option of a choice, with its points where it has any; `id` is the spelling in answers, steps by their name."""

    id: str
    title: Text
    points: int | None = None


@written
@dataclass(frozen=True, slots=True)
class FormField:
    """One entry of the form, and why it is asked.

    `shown_if` names entries and the options of which any one makes this entry shown; without it, it always is.
    An optional entry may stay empty. `matrix` is the entry's matrix, and `axis` its axis there. `answered_in` names the
    fields of the description that say what an entry of section 1 shows.
    """

    id: str
    kind: AnswerKind
    label: Text
    help: Text
    source: AnswerSource = AnswerSource.ESTIMATE
    group: str = ""
    options: tuple[FormOption, ...] = ()
    shown_if: Mapping[str, frozenset[str]] | None = None
    optional: bool = False
    matrix: str = ""
    axis: Axis | None = None
    answered_in: tuple[str, ...] = ()


@written
@dataclass(frozen=True, slots=True)
class FormSection:
    """One section of the form, with the handbook's guidance for it."""

    number: int
    title: Text
    guidance: tuple[Text, ...]
    fields: tuple[FormField, ...]


@written
@dataclass(frozen=True, slots=True)
class Form:
    """The form, section by section."""

    sections: tuple[FormSection, ...]

    @property
    def fields(self) -> tuple[FormField, ...]:
        """Every entry, in order."""
        return tuple(field for section in self.sections for field in section.fields)

    def field(self, entry: str) -> FormField:
        """One entry by its name."""
        return next(field for section in self.sections for field in section.fields if field.id == entry)

    @property
    def asked(self) -> tuple[FormField, ...]:
        """The entries that are answered in an estimate; the others come from elsewhere."""
        return tuple(field for field in self.fields if field.source is AnswerSource.ESTIMATE)


_LISTS: Final[tuple[type[StrEnum], ...]] = (
    *(YesNo, YesNoUnable, LikelyUsers, PersonalHarm, OtherHarm),
    *(DataSubjects, CostClass, DecisionCell),
)

type _Table = Mapping[str, object]


def _form() -> Form:
    read = tomllib.loads(files("jalostamo.permits.estimates").joinpath("form.toml").read_text(encoding="utf-8"))
    named = {**read["options"], **{closed.__name__: [_option(member) for member in closed] for closed in _LISTS}}
    sections = [
        {**section, "fields": [_field(field, named) for field in section["fields"]]} for section in read["sections"]
    ]
    return value_from(Form, {"sections": sections})


def _option(member: Enum) -> _Table:
    return {"id": member.value, "title": title_of(member).as_mapping()}


def _field(read: _Table, named: Mapping[str, list[_Table]]) -> _Table:
    field = dict(read)
    options = named[cast("str", field.pop("options"))] if "options" in field else []
    if field.pop("gives_points", False):
        options = [{**option, "points": points} for option, points in zip(options, POINTS, strict=True)]
    return {**field, "options": options}


FORM: Final[Form] = _form()
"""The form of Appendix 1."""

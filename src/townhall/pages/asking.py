"""Questions of forms, whatever form they belong to: one value that a template draws, and the reading of what was answered.

A question says why it is asked; its error stands at it, and in one summary above.

Handbook 2.6, phases 1 and 2; Appendix 1.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from django.http import QueryDict

from jalostamo.concepts.languages import Text
from jalostamo.permits.terms import title_of


class Kind(StrEnum):
    """How a question is answered."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    PICK = "pick"
    MANY = "many"
    TICK = "tick"
    DAY = "day"
    NUMBER = "number"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a question, with a word on what it means."""

    value: str
    title: Text | str
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a form, with what has been answered to it: a text, or the values of the options chosen."""

    name: str
    kind: Kind
    label: Text | str
    help: Text | None = None
    answer: str | frozenset[str] | bool = ""
    options: tuple[Option, ...] = ()
    error: Text | str | None = None
    optional: bool = False
    longest: int = 10_000
    unit: Text | None = None

    @property
    def rows(self) -> int:
        """How high its box is: as high as what stands in it, within bounds."""
        written = self.answer if isinstance(self.answer, str) else ""
        return min(16, max(3, written.count("\n") + len(written) // 70 + 1))


def options_of(closed: Iterable[Enum]) -> tuple[Option, ...]:
    """The members of a closed list as options, by their values or, of steps, by their names."""
    return tuple(
        Option(member.value if isinstance(member, StrEnum) else member.name.lower(), title_of(member))
        for member in closed
    )


def text_in(sent: QueryDict | Mapping[str, str], name: str) -> str:
    """A text that was written: with one kind of line end, and nothing around it."""
    return str(sent.get(name, "")).replace("\r\n", "\n").replace("\r", "\n").strip()


def lines_in(sent: QueryDict | Mapping[str, str], name: str) -> tuple[str, ...]:
    """A text of one thing a line."""
    return tuple(line.strip() for line in text_in(sent, name).split("\n") if line.strip())


def day_in(sent: QueryDict | Mapping[str, str], name: str) -> datetime.date | None:
    """A day that was chosen, as browsers send it; None where it is no day of the calendar."""
    try:
        return datetime.date.fromisoformat(text_in(sent, name))
    except ValueError:
        return None


def one_in[Choice: Enum](sent: QueryDict | Mapping[str, str], name: str, closed: type[Choice]) -> Choice | None:
    """The option of a closed list that was chosen; None where none was, or one that does not exist."""
    written = text_in(sent, name)
    return next((member for member in closed if written in (member.value, member.name.lower())), None)


def many_in[Choice: Enum](sent: QueryDict, name: str, closed: type[Choice]) -> frozenset[Choice]:
    """The options of a closed list that were chosen."""
    written = set(sent.getlist(name))
    return frozenset(member for member in closed if member.value in written)

"""What can go wrong, as one tree; each branch has the exit code by which a closed job explains itself without logs.

    JalostamoError
    |-- Misused    2  the command was asked wrongly: arguments, files that are missing or may not be written
    |-- Refused    3  a rule said no; carries objections, shown as they are
    |-- Unfit      4  the data does not meet its description
    `-- Broken     5  our fault; the page is generic, the log is not

Messages name files, fields, lines, counts and thresholds, never a value from the data.

Handbook 2.6.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection is one reason why a rule says no: a sentence, and the handbook section that asks for it."""

    sentence: str
    section: str


class JalostamoError(Exception):
    """Anything that this product refuses or fails to do; `reason` is a stable code for machines."""

    exit_code: ClassVar[int] = 5

    def __init__(self, sentence: str, *, reason: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.reason = reason


class Misused(JalostamoError):
    """The command was asked wrongly: contradictory arguments, a missing input, a place that may not be written."""

    exit_code = 2


class Refused(JalostamoError):
    """A rule said no, for the objections it carries."""

    exit_code = 3

    def __init__(self, objections: Iterable[Objection], *, reason: str) -> None:
        self.objections = tuple(objections)
        super().__init__(" ".join(o.sentence for o in self.objections), reason=reason)


class Unfit(JalostamoError):
    """The data does not meet its description."""

    exit_code = 4


class Broken(JalostamoError):
    """Something that this product should have done right, and did not."""

    exit_code = 5

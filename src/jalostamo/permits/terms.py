"""The words that a permit is made of: levels and classes of risk, lanes, data classes, kinds of analysis, audiences.

Each is a closed list; what its entries are called in the three languages lies in `words`.

Handbook 2.6; Appendix 1.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import Enum, IntEnum, StrEnum
from importlib.resources import files
from typing import Final

from jalostamo.concepts.languages import Text, text_from


class Step(IntEnum):
    """One of the five steps of Appendix 1: of a probability, a significance, a harm, a benefit or a risk."""

    VERY_LOW = 0
    LOW = 1
    MODERATE = 2
    HIGH = 3
    VERY_HIGH = 4


class Level(StrEnum):
    """The level of risk of the process, which decides who decides; `unclear` goes the way of moderate."""

    LOW = "low"
    UNCLEAR = "unclear"
    MODERATE = "moderate"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """How high it is: 0, 1 (moderate and unclear) or 2."""
        return {"low": 0, "unclear": 1, "moderate": 1, "high": 2}[self.value]


class Lane(StrEnum):
    """The way from the closed room: printed cells, or rows by decision."""

    CELLS = "cells"
    ROWS = "rows"


class DataClass(StrEnum):
    """What a prepared data set is, in the eyes of the law; the first three have the status of unprocessed data (2.6)."""

    IDENTIFIED = "identified"
    PSEUDONYMISED_WITH_KEY = "pseudonymised_with_key"
    ROW_LEVEL_KEY_DESTROYED = "row_level_key_destroyed"
    ANONYMISED_ROWS = "anonymised_rows"
    PRINTED_CELLS = "printed_cells"

    @property
    def has_the_status_of_unprocessed_data(self) -> bool:
        """Whether it is to be treated as the registers themselves are."""
        return self.exposure >= 2

    @property
    def exposure(self) -> int:
        """How much of persons leaves the closed room, from 0 (printed cells) to 4 (identified)."""
        return len(DataClass) - 1 - list(DataClass).index(self)


class KindOfAnalysis(StrEnum):
    """The four kinds of analysis of the table in 2.6: the one stored value from which continuity is told."""

    CONTINUOUS_MONITORING = "continuous_monitoring"
    GUIDING = "guiding"
    SELDOM_REPEATED = "seldom_repeated"
    ONE_OFF = "one_off"


class DataSubjects(StrEnum):
    """Of whom data tells, where the law protects them more than others."""

    CHILDREN = "children"
    HEALTH = "health"
    SECRET_SOCIAL_WELFARE = "secret_social_welfare"
    OTHERS = "others"


def _words() -> Mapping[str, Text]:
    called: dict[str, Text] = {}
    for file in sorted(files("jalostamo.permits").joinpath("words").iterdir(), key=lambda entry: entry.name):
        for kind, members in tomllib.loads(file.read_text(encoding="utf-8")).items():
            for member, entry in members.items():
                called[f"{kind}.{member}"] = text_from(entry, place=f"{file.name}, {kind}.{member}")
    return called


WORDS: Final[Mapping[str, Text]] = _words()
"""What each entry of a closed list is called, by list and entry."""


def title_of(member: Enum) -> Text:
    """What an entry of a closed list is called in the three languages.

    >>> title_of(Level.HIGH).sv
    'hög'
    """
    return WORDS[f"{type(member).__name__}.{member.name.lower()}"]

"""How often people of each age turn to the health services, in which form, how long they wait, and what they come for.

Handbook 2.2 (service events).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PRACTICE_CHANGES_AFTER: Final = 3
"""How many years after the first one phone contacts and the codes of chapter Z begin to be recorded."""

MONTHS: Final = (1.08, 1.06, 1.07, 1.02, 1.02, 0.90, 0.55, 0.92, 1.10, 1.12, 1.12, 0.92)

AGE_CLASSES: Final = (0, 7, 18, 65)
"""The first ages of the classes by which people's reasons differ."""

WORKING_AGES: Final = (16, 67)
"""The youngest and the oldest who may be given sick leave."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form tells of visits of one kind: visits a year at `ages`, yearly `growth`, unevenness between people.

    `waiting` is the mean number of days from booking, which grows each year by `longer`; professions, outcomes and, for
    each class of age, chapters of reasons have weights.
    """

    ages: tuple[float, ...]
    visits: tuple[float, ...]
    growth: float
    shape: float
    waiting: float
    longer: float
    professions: dict[str, float]
    outcomes: tuple[float, ...]
    chapters: tuple[str, str, str, str]


_USUAL: Final = (0.40, 0.16, 0.14, 0.13, 0.06, 0.05, 0.06, 0.03)
_TEETH: Final = (0.62, 0.28, 0.0, 0.02, 0.01, 0.0, 0.03, 0.04)
_ADVICE: Final = (0.45, 0.12, 0.06, 0.06, 0.01, 0.03, 0.27, 0.0)
_TALKS: Final = (0.25, 0.55, 0.01, 0.08, 0.04, 0.02, 0.01, 0.08)
_CHECKS: Final = (0.78, 0.12, 0.02, 0.01, 0.03, 0.0, 0.02, 0.02)
# Chapters by their weights: the more often a letter stands here, the commoner the chapter.
_ANY: Final = ("RRRRRHHHAADDFLB", "RRRRLLLANDHFBKZ", "LLLLLRRRAKEDNFHBZZ", "KKKKKLLLLEERADNFHBZZ")
_MOUTH: Final = ("D", "D", "D", "D")
_GROWTH: Final = ("AAEEEH", "AAEEE", "AAA", "AAA")

# In the order of the code list of forms.
FORMS: Final = (
    Form(
        (0, 1, 3, 7, 12, 18, 30, 45, 65, 80, 95), (1.6, 1.5, 0.9, 0.45, 0.45, 0.5, 0.55, 0.6, 1.1, 1.5, 1.1),
        0.99, 0.9, 7.0, 1.07, {"DOC": 0.55, "NUR": 0.38, "PHY": 0.07}, _USUAL, _ANY,
    ),
    Form(
        (0, 1, 7, 18, 30, 45, 65, 80, 95), (0.6, 0.5, 0.2, 0.3, 0.4, 0.4, 0.8, 1.2, 1.0),
        1.03, 0.9, 0.6, 1.04, {"NUR": 0.8, "DOC": 0.2}, _ADVICE, _ANY,
    ),
    Form(
        (0, 1, 18, 60, 70, 80, 95), (0.1, 0.01, 0.005, 0.02, 0.15, 1.5, 5.0),
        1.02, 0.3, 1.5, 1.02, {"NUR": 0.9, "DOC": 0.1}, _USUAL, ("A", "A", "KLEA", "KKLLENA"),
    ),
    Form(
        (0, 18, 30, 50, 70, 90), (0.04, 0.08, 0.12, 0.09, 0.04, 0.01),
        1.16, 0.7, 1.2, 1.0, {"NUR": 0.6, "DOC": 0.4}, _ADVICE, _ANY,
    ),
    Form(
        (0, 2, 4, 6, 17, 19, 40, 65, 80, 95), (0.0, 0.2, 0.5, 1.0, 1.1, 0.45, 0.55, 0.75, 0.6, 0.2),
        1.0, 1.4, 55.0, 1.05, {"DNT": 0.7, "HYG": 0.3}, _TEETH, _MOUTH,
    ),
    Form(
        (0, 1, 2, 3, 6, 7, 8), (8.5, 4.0, 1.6, 1.3, 1.1, 0.3, 0.0),
        1.0, 8.0, 14.0, 1.01, {"PHN": 0.85, "DOC": 0.15}, _CHECKS, _GROWTH,
    ),
    Form(
        (6, 7, 9, 12, 15, 17, 18), (0.0, 1.1, 0.9, 0.9, 1.2, 0.6, 0.0),
        1.01, 2.0, 5.0, 1.01, {"PHN": 0.9, "DOC": 0.1}, _CHECKS, ("AAEE", "AAEELNF", "A", "A"),
    ),
    Form(
        (4, 8, 14, 18, 30, 50, 65, 80), (0.0, 0.05, 0.14, 0.12, 0.09, 0.07, 0.03, 0.01),
        1.06, 0.12, 32.0, 1.06, {"PSN": 0.6, "PSY": 0.25, "DOC": 0.15}, _TALKS, ("P", "P", "PPPZ", "PPZ"),
    ),
    Form(
        (15, 18, 30, 50, 65, 80), (0.0, 0.01, 0.02, 0.025, 0.01, 0.0),
        1.0, 0.05, 12.0, 1.03, {"SOC": 0.4, "PSN": 0.4, "DOC": 0.2}, _TALKS, ("P", "P", "PZ", "PZ"),
    ),
)  # fmt: skip

WITHIN_CHAPTER: Final = (0.26, 0.20, 0.15, 0.12, 0.10, 0.07, 0.06, 0.04)
"""How common the reasons of a chapter are, in the order of the code list."""

ORDINARY_OF_CHILDREN_ONLY: Final = frozenset({"E05", "F03", "H06"})
ORDINARY_OF_GROWN_UPS_ONLY: Final = frozenset(
    {"B03", "E01", "E04", "F05", "F06", "K01", "K03", "K05", "K07", "L08", "N03", "P04", "P06", "P07", "R07"}
)
# Teeth are looked after where teeth are, and nothing else is.
OF_TEETH: Final = ("D06", "D07", "D08")

FACTOR_FORMS: Final = {"P01": "MEN", "P02": "MEN", "P08": "MEN", "P04": "SUB", "P07": "SUB"}
"""Where the reception sends people with a factor of the notifications, if not back to itself."""
FURTHER_VISITS: Final = {"REC": 0.25, "MEN": 2.8, "SUB": 2.2}
"""How many further visits the same reason brings in the year, on average, in the form where it is looked after."""

"""The screens of the form: which entries each asks, and how what was sent from it is taken into the description.

Handbook 2.6, phase 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import QueryDict

from jalostamo.concepts.errors import Objection
from jalostamo.concepts.languages import Text
from jalostamo.permits.descriptions import Description, Entry
from townhall.pages.words import WORDS
from townhall.permits.describing.deviations import take_deviations
from townhall.permits.describing.entries import read
from townhall.permits.describing.rows import take_rows
from townhall.permits.describing.sources import take_sources
from townhall.permits.describing.variables import take_variables
from townhall.permits.describing.wrongs import OF_VARIABLES, placed

type Take = Callable[[QueryDict, Description], Description]


@dataclass(frozen=True, slots=True)
class Step:
    """A screen: its name in the address, the entries with one answer each, and what else it asks, row by row."""

    name: str
    entries: tuple[Entry, ...]
    rows: frozenset[Entry] = frozenset()
    take: Take | None = None

    @property
    def title(self) -> Text:
        """What the screen is about."""
        return WORDS[f"describe.step_{self.name}"]

    def taken(self, sent: QueryDict, description: Description) -> tuple[Description, dict[str, Text]]:
        """The description with what was sent, and what of it could not be kept as it was written."""
        answers, wrong = read(sent, self.entries)
        changes: dict[str, Any] = answers  # one for each entry, of its own type
        answered = replace(description, **changes)
        return (self.take(sent, answered) if self.take else answered), wrong

    def is_of(self, entry: Entry | None, code: str) -> bool:
        """Whether an objection is mended on this screen."""
        if code in OF_VARIABLES:
            return self.name == "variables"
        return entry in self.entries or (entry in self.rows and self.name != "variables")


STEPS: Final = (
    Step(
        "need",
        (
            *(Entry.NAME, Entry.SUMMARY, Entry.NEED, Entry.NEED_OWNER),
            *(Entry.BUSINESS_AIM, Entry.AIMS, Entry.ORIGIN, Entry.OPERATING_MODEL),
        ),
    ),
    Step("questions", (Entry.APPROACH,), frozenset({Entry.QUESTIONS, Entry.HYPOTHESES}), take_rows),
    Step(
        "material",
        (
            *(Entry.CUSTOMERS, Entry.CUSTOMER_KINDS, Entry.UNIT_OF_ANALYSIS),
            *(Entry.TIME_FRAME_FROM, Entry.TIME_FRAME_UNTIL, Entry.CONTENT),
        ),
    ),
    Step("sources", (), frozenset({Entry.SOURCES}), take_sources),
    Step("variables", (), frozenset({Entry.HYPOTHESES}), take_variables),
    Step(
        "results",
        (
            *(Entry.KIND, Entry.LANE, Entry.DATA_CLASS, Entry.SEALED_JOB),
            *(Entry.NEEDS_IDENTIFICATION, Entry.IDENTIFICATION_PURPOSE),
        ),
        frozenset({Entry.DEVIATIONS}),
        take_deviations,
    ),
    Step(
        "use",
        (
            *(Entry.COMMISSIONING_UNIT, Entry.COMMISSIONED_BY, Entry.ANALYST, Entry.DATA_RETRIEVED_BY, Entry.PURPOSE),
            *(Entry.USERS, Entry.MEANS, Entry.AUDIENCES),
            *(Entry.PRIVACY_PROTECTION, Entry.DATA_SECURITY, Entry.PROCESSING_TOOLS),
        ),
    ),
)
"""The screens, in the order in which a description grows; what shows everything comes after them."""

REVIEW: Final = "review"


def step_named(name: str) -> Step | None:
    """The screen of that name."""
    return next((step for step in STEPS if step.name == name), None)


def wrong_on(step: Step, description: Description) -> Iterator[tuple[Entry | None, Objection]]:
    """What the rules still ask, of what this screen asks."""
    yield from ((entry, found) for entry, code, found in placed(description) if step.is_of(entry, code))


def unfinished(description: Description) -> Sequence[str]:
    """The names of the screens on which something is left to do."""
    found = placed(description)
    return [step.name for step in STEPS if any(step.is_of(entry, code) for entry, code, _ in found)]

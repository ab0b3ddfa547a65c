"""The parts of the form, one topic a screen: which entries of Appendix 1 each asks, and which matrices it draws.

The sections keep their order, but for the summary: it follows from the others, and comes last with the overall estimate.

Handbook Appendix 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from jalostamo.concepts.languages import Text
from jalostamo.permits.estimates.form import FORM, FormField, FormSection
from townhall.pages.words import WORDS


@dataclass(frozen=True, slots=True)
class Part:
    """One screen of the form: entries of its sections, or of one group of one section, and the matrices drawn on it."""

    name: str
    sections: tuple[int, ...]
    group: str = ""
    matrices: tuple[str, ...] = ()

    @property
    def title(self) -> Text:
        """What stands above it."""
        return WORDS[f"estimate.part_{self.name}"]

    @property
    def numbers(self) -> str:
        """The numbers of its sections in Appendix 1."""
        return ", ".join(str(number) for number in sorted(self.sections))

    @property
    def entries(self) -> tuple[FormField, ...]:
        """The entries that belong to it, asked here or not."""
        return tuple(
            field
            for section in self._sections
            for field in section.fields
            if not self.group or field.group == self.group
        )

    @property
    def asked(self) -> tuple[FormField, ...]:
        """The entries that are answered here."""
        return tuple(field for field in self.entries if field in FORM.asked)

    @property
    def is_placed(self) -> bool:
        """Whether its matrix is answered here, by a step on each axis."""
        return any(entry.axis for entry in self.asked)

    @property
    def guidance(self) -> tuple[Text, ...]:
        """What the form says before it asks; a section in several parts says it in the first."""
        if self.group not in ("", "personal_data"):
            return ()
        return tuple(said for section in self._sections for said in section.guidance)

    @property
    def _sections(self) -> tuple[FormSection, ...]:
        return tuple(FORM.sections[number - 1] for number in self.sections)


PARTS: Final = (
    Part("basics", (1,)),
    Part("benefit", (3,), matrices=("benefit",)),
    Part("persons", (4,), "personal_data"),
    Part("damage", (4,), "other_risks"),
    Part("processing", (4,), "processing_risk", ("processing",)),
    Part("publishing", (4,), "publication_risk", ("publication",)),
    Part("costs", (5,)),
    Part("overall", (6, 2), matrices=("decision",)),
)
"""Every part, in the order in which they are filled."""

PART_OF: Final[Mapping[str, Part]] = {field.id: part for part in PARTS for field in part.entries}
"""The part of each entry."""

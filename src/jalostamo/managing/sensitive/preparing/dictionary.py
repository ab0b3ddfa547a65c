"""The dictionary of a release: what each field is, how it was made coarse, and what its codes mean.

Handbook 2.2 (data descriptions) and 2.6, phase 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import NEVER_RELEASED, Field, Sensitivity
from jalostamo.managing.prepared import PSEUDONYM, ReleasedField
from jalostamo.managing.requests import Generalisation
from jalostamo.managing.sensitive.retrieval import Extract

_NO_LABELS: Final[Mapping[str, Text]] = {}

PSEUDONYMS: Final[Mapping[str, ReleasedField]] = {
    "person": ReleasedField(
        "person",
        "text",
        Text("Henkilön peitetunnus", "Personens pseudonym", "Pseudonym of the person"),
        PSEUDONYM,
        False,
        _NO_LABELS,
    ),
    "household": ReleasedField(
        "household",
        "text",
        Text("Kotitalouden peitetunnus", "Hushållets pseudonym", "Pseudonym of the household"),
        PSEUDONYM,
        False,
        _NO_LABELS,
    ),
}
RESIDENCE: Final = (
    ReleasedField(
        "resident_from",
        "date",
        Text("Asunut kunnassa alkaen (kuukausi)", "Bosatt i kommunen från (månad)", "Resident from (month)"),
        "month; missing where before the time frame",
        False,
        _NO_LABELS,
    ),
    ReleasedField(
        "resident_to",
        "date",
        Text("Asunut kunnassa asti (kuukausi)", "Bosatt i kommunen till (månad)", "Resident to (month)"),
        "month; missing where beyond the time frame",
        False,
        _NO_LABELS,
    ),
)
ORDER: Final = ReleasedField(
    "order",
    "integer",
    Text("Tapahtuman järjestys henkilöllä", "Händelsens ordning för personen", "Place among the person's events"),
    "counted from 1 by the day; ties as in the source's file",
    False,
    _NO_LABELS,
)


@dataclass(frozen=True, slots=True)
class Declared:
    """The fields of all extracts by name, and what the codes of each mean."""

    fields: Mapping[str, Field]
    labels: Mapping[str, Mapping[str, Text]]

    def released(self, wanted: Generalisation) -> ReleasedField:
        """The dictionary's entry for a generalised field; codes keep their labels only at level 0."""
        at_level_0 = wanted.hierarchy is None and len(wanted.fields) == 1
        labels = self.labels.get(wanted.fields[0], _NO_LABELS) if at_level_0 else _NO_LABELS
        made_by = f"{wanted.hierarchy}, level {wanted.level}" if wanted.hierarchy else wanted.calendar or "as recorded"
        kind = {"year": "integer", None: "text"}.get(wanted.calendar, "date")
        return ReleasedField(wanted.name, kind, wanted.title, made_by, wanted.is_quasi_identifier, labels)


def declared_in(extracts: Iterable[Extract]) -> Declared:
    """What the descriptions of all extracts say of their fields."""
    fields: dict[str, Field] = {}
    labels: dict[str, Mapping[str, Text]] = {}
    for extract in extracts:
        for field in extract.declared.fields:
            fields[field.name] = field
            if field.code_list:
                labels[field.name] = {
                    entry.code: entry.label for entry in extract.register.code_list_named(field.code_list).codes
                }
    return Declared(fields, labels)


def objections_to_releasing(wanted: Iterable[Generalisation], declared: Declared) -> list[Objection]:
    """Why the wanted fields may not be released: direct identifiers and free text never are, links only as pseudonyms."""
    objections = []
    for field in {name for generalisation in wanted for name in generalisation.fields}:
        found = declared.fields.get(field)
        if found and (found.sensitivity in NEVER_RELEASED or found.sensitivity is Sensitivity.LINK):
            sentence = f"Field '{field}' is described as {found.sensitivity.value.replace('_', ' ')}: it is never released as it is."
            objections.append(Objection(sentence, "2.6, phase 5"))
    return sorted(objections, key=lambda objection: objection.sentence)


def refuse_unreleasable(wanted: Iterable[Generalisation], declared: Declared) -> None:
    """Refuse a recipe that would release what may not be released."""
    objections = objections_to_releasing(wanted, declared)
    if objections:
        raise Refused(objections, reason="field_never_released")

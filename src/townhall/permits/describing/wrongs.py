"""Where an objection belongs: at the entry of the form that it speaks of, on the screen that asks it.

Handbook 2.6, phase 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from jalostamo.concepts.errors import Objection
from jalostamo.permits.describing import LONGEST_TEXT, objections_to_describing
from jalostamo.permits.descriptions import Description, Entry
from jalostamo.permits.objections import PermitObjection, objection
from jalostamo.permits.terms import title_of

_PLACES: Final[Mapping[str, Entry]] = {
    "describing_question": Entry.QUESTIONS,
    "describing_hypothesis": Entry.HYPOTHESES,
    "describing_hypothesis_bare": Entry.HYPOTHESES,
    "describing_variable_unasked": Entry.HYPOTHESES,
    "describing_field_unused": Entry.HYPOTHESES,
    "describing_source": Entry.SOURCES,
    "describing_time_frame_order": Entry.TIME_FRAME_UNTIL,
    "describing_unit_uncounted": Entry.UNIT_OF_ANALYSIS,
    "describing_identified": Entry.DATA_CLASS,
    "describing_cells_class": Entry.DATA_CLASS,
    "describing_rows_class": Entry.DATA_CLASS,
    "describing_sealed_lane": Entry.SEALED_JOB,
    "describing_identification_class": Entry.NEEDS_IDENTIFICATION,
    "deviation": Entry.DEVIATIONS,
}
OF_VARIABLES: Final = frozenset(
    {"describing_hypothesis_bare", "describing_variable_unasked", "describing_field_unused"}
)
"""What is mended where fields are chosen for hypotheses, and not where these are written."""

_NAMING: Final = {
    objection(code, entry=title_of(entry), **more).text: entry
    for code, more in (
        ("describing_unfilled", {}),
        ("describing_ids", {}),
        ("describing_long", {"limit": LONGEST_TEXT}),
    )
    for entry in Entry
}


def place_of(found: Objection) -> tuple[Entry | None, str]:
    """The entry that an objection speaks of, None where it speaks of no entry, with its code."""
    if not isinstance(found, PermitObjection):
        return None, ""
    if found.text in _NAMING:
        return _NAMING[found.text], found.code
    exact = found.code.removeprefix("describing_")
    if exact in set(Entry):
        return Entry(exact), found.code
    fitting = [begin for begin in _PLACES if found.code.startswith(begin)]
    return (_PLACES[max(fitting, key=len)] if fitting else None), found.code


def placed(description: Description) -> Sequence[tuple[Entry | None, str, Objection]]:
    """What the rules still ask of a description, each with its entry and code."""
    return [(*place_of(found), found) for found in objections_to_describing(description)]

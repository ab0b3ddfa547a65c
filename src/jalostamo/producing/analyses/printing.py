"""What an analysis says of its printing: under which population its cells stand, their noise, and the grid of their medians.

An analysis that says so can go into the closed room as it is; put to a release or a log, it gives true figures all the same.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Unfit

if TYPE_CHECKING:
    from jalostamo.managing.sections import Section

DEFAULT_NOISE: Final = "d10-v8-js4-p30"
"""The strongest: cells of journeys are many and small."""

_PRINTED: Final = "population noise grid single_unit_differences"


@dataclass(frozen=True, slots=True)
class Printing:
    """How an analysis is printed; without a `grid` (in units of results) it tells no medians.

    `single_unit_differences`: how often one person may be cut out of a cell that was printed before.
    """

    population: str
    noise: str
    grid: tuple[int | float, ...]
    single_unit_differences: int


def printing_from(section: Section | None) -> Printing | None:
    """Read what is said of printing; nothing, where the section is missing."""
    if section is None:
        return None
    section.refuse_unknown(_PRINTED)
    key = "single_unit_differences"
    return Printing(
        section.one("population", str),
        section.word("noise") or DEFAULT_NOISE,
        _grid(section),
        section.one(key, int) if key in section.content else 0,
    )


def _grid(section: Section) -> tuple[int | float, ...]:
    found = section.content.get("grid", [])
    if (
        isinstance(found, list)
        and all(type(point) in {int, float} for point in found)
        and len(found) != 1
        and all(low < high for low, high in pairwise(found))
    ):
        return tuple(found)
    raise Unfit(
        f"{section.place}: 'grid' is a list of two numbers or more, each larger than the one before.",
        reason="definition_incomplete",
    )

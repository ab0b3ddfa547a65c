"""Class disclosure: a group large enough to be shown whose units all fall in one class tells of each of them.

No noise on large cells removes that. It is judged from printed numbers, by which a reader would judge, and flagged for the
people who review: the group may be shown all the same where the class harms nobody.

Handbook 2.6, phase 6.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused
from jalostamo.concepts.languages import LANGUAGES, Text
from jalostamo.producing.cubes.definition import TOTAL

if TYPE_CHECKING:
    import pyarrow as pa

    from jalostamo.producing.cubes.definition import Dimension

WHOLE: Final = Text("koko joukko", "hela populationen", "the whole population")
"""Stands for the dimensions of a group that is all units there are."""

SENTENCE: Final = Text(
    "Kaikki ryhmän yksiköt ({group}; vähintään {least} yksikköä) ovat samassa luokassa jaottelussa {sensitive}: arvioi, "
    "saako tämän näyttää.",
    "Alla enheter i en grupp ({group}; minst {least} enheter) hör till samma klass i indelningen {sensitive}: bedöm om "
    "detta får visas.",
    "All units of a group ({group}; at least {least} units) fall in one class of {sensitive}: judge whether this may be "
    "shown.",
)
"""Names the dimensions by their titles, and neither the group nor the class."""

type Cell = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClassDisclosure:
    """A class disclosure is a group of printed units that all fall in one class of a sensitive dimension.

    `group` is the group's code in every other dimension, the total where it is not told apart.
    """

    measure: str
    at: str
    group: tuple[tuple[str, str], ...]
    sensitive: str
    printed: int
    sentence: Text


def class_disclosures(
    cells: pa.Table, dimensions: Sequence[Dimension], *, sensitive: Collection[str], least: int
) -> tuple[ClassDisclosure, ...]:
    """The groups of `least` printed units or more of which one class of a sensitive dimension prints all, the others nobody.

    `cells`: measure, at, one column per dimension and printed (null where structural), as a printed cube has them. A class
    that cannot occur is no other class; where there is only one that can, it tells nothing.
    """
    unknown = set(sensitive) - {dimension.name for dimension in dimensions}
    if unknown:
        raise Misused(
            f"{len(unknown)} sensitive dimensions are not the cube's: it has "
            f"{', '.join(dimension.name for dimension in dimensions)}.",
            reason="sensitive_dimension_unknown",
        )
    return tuple(
        found
        for axis, dimension in enumerate(dimensions)
        if dimension.name in sensitive
        for found in _of_dimension(cells, dimensions, axis, least)
    )


def _of_dimension(cells: pa.Table, dimensions: Sequence[Dimension], axis: int, least: int) -> Iterator[ClassDisclosure]:
    totals, classes = _groups(cells, [dimension.name for dimension in dimensions], axis)
    for key, printed in sorted(totals.items()):
        if printed >= least and any(_in_one(classes[key], level) for level in dimensions[axis].levels):
            yield _flag(key, dimensions, axis, printed=printed, least=least)


def _groups(cells: pa.Table, names: Sequence[str], axis: int) -> tuple[dict[Cell, int], dict[Cell, dict[str, int]]]:
    """Per group (a cell without the sensitive dimension) what it prints, and what each class of it prints."""
    totals: dict[Cell, int] = {}
    classes: dict[Cell, dict[str, int]] = defaultdict(dict)
    columns = [cells[name].to_pylist() for name in ("measure", "at", *names)]
    place = axis + 2
    for cell, printed in zip(zip(*columns, strict=True), cells["printed"].to_pylist(), strict=True):
        if printed is None:
            continue
        key = (*cell[:place], *cell[place + 1 :])
        if cell[place] == TOTAL:
            totals[key] = printed
        else:
            classes[key][cell[place]] = printed
    return totals, classes


def _in_one(printed: dict[str, int], level: Sequence[str]) -> bool:
    possible = [printed[code] for code in level if code in printed]
    return len(possible) > 1 and sum(1 for count in possible if count > 0) == 1


def _flag(key: Cell, dimensions: Sequence[Dimension], axis: int, *, printed: int, least: int) -> ClassDisclosure:
    measure, at, *codes = key
    others = [dimension for place, dimension in enumerate(dimensions) if place != axis]
    group = tuple((dimension.name, code) for dimension, code in zip(others, codes, strict=True))
    told = [dimension.title for dimension, code in zip(others, codes, strict=True) if code != TOTAL] or [WHOLE]
    sensitive = dimensions[axis]
    sentence = Text(
        *(
            SENTENCE.in_language(language).format(
                group=", ".join(title.in_language(language) for title in told),
                least=least,
                sensitive=sensitive.title.in_language(language),
            )
            for language in LANGUAGES
        )
    )
    return ClassDisclosure(measure, at, group, sensitive.name, printed, sentence)

"""Definitions of cubes: what is counted, by which dimensions, of which population; frozen, so that a digest names it.

Handbook 2.3 (repeatability) and 2.6, phase 8.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, cast, get_args

from jalostamo.concepts.customers import COUNTED_KINDS, CustomerKind
from jalostamo.concepts.errors import Objection, Refused, Unfit
from jalostamo.concepts.languages import Text

TOTAL: Final = "*"
"""Stands for a whole dimension, in the place of a code."""

SECTION: Final = "Handbook 2.6, phase 5"
MOST_DIMENSIONS: Final = 4
Kind = Literal["units", "events", "sum", "at_most", "at_risk", "ended", "step"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
OF_A_FIELD: Final = ("sum", "at_most", "at_risk", "ended")
"""The kinds that look at a number of each record."""

ON_A_GRID: Final = ("at_most", "at_risk", "ended")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)
_COLUMNS: Final = frozenset(
    [
        "measure",
        "at",
        "unit",
        "n",
        "key",
        "events",
        "amount",
        "largest",
        "second",
        "negative",
        "structural",
        "printed",
        "status",
    ]
)


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension tells cells apart by what one field holds; `levels` are its shown codes, finest first, without the total.

    `values` leads from a recorded value to its code of the finest level, `parents` from a code to the one that holds it:
    its code at the next coarser shown level, or at the first where it is called otherwise; the total is no parent.
    `other` is the code of what `values` does not list, `missing` that of nothing; where they are None, such records are
    refused. Of a `sensitive` one, that all of a group are in one class tells of each of them. Of an `ordered` one, the codes
    of each level stand from the least to the most.
    """

    name: str
    field: str
    title: Text
    levels: tuple[tuple[str, ...], ...]
    parents: Mapping[str, str]
    values: Mapping[str, str]
    labels: Mapping[str, Text]
    other: str | None = None
    missing: str | None = None
    sensitive: bool = False
    ordered: bool = False

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or self.name in _COLUMNS:
            raise _unfit("A dimension's name is small letters, digits and _, and none of a cube's own columns.")
        if not self.levels or any(len(set(level)) < 2 for level in self.levels):
            raise _unfit(
                f"Dimension '{self.name}' has a level with one value, or with none, which is the total: leave it out."
            )
        if any(code in {"", TOTAL} for level in self.levels for code in level):
            raise _unfit(f"Dimension '{self.name}': a code is not empty and not '{TOTAL}', which stands for the total.")
        known = {*self.values.values(), self.other, self.missing} - {None}
        if known != set(self.levels[0]):
            raise _unfit(f"Dimension '{self.name}': the codes of its finest level are those that its values lead to.")
        if self.ordered and not (self.other is None and self.missing is None):
            raise _unfit(f"Dimension '{self.name}' is ordered: 'other' and 'missing' have no place among its codes.")
        self._check_nesting()

    def _check_nesting(self) -> None:
        """Each code has its place at each coarser level, no place without a code, and no code for two different things."""
        for level, codes in enumerate(self.levels):
            if {self.at(code, level) for code in self.levels[0]} != set(codes):
                raise _unfit(f"Dimension '{self.name}': level {level + 1} is not made of the level before it.")
        held: dict[str, set[str]] = {}
        for level in range(len(self.levels)):
            beneath: dict[str, set[str]] = {}
            for fine in self.levels[0]:
                beneath.setdefault(cast("str", self.at(fine, level)), set()).add(fine)
            for code, fines in beneath.items():
                if held.setdefault(code, fines) != fines:
                    raise _unfit(
                        f"Dimension '{self.name}': a code of level {level + 1} stands for something else at a finer one; "
                        "give each its own."
                    )

    @property
    def codes(self) -> tuple[str, ...]:
        """All codes of all levels, the finest first, each once."""
        return tuple(dict.fromkeys(code for level in self.levels for code in level))

    def at(self, code: str, level: int) -> str | None:
        """The code at a level (counted from 0) that holds a finer code, or None where none does."""
        found: str | None = code
        for _ in range(len(self.levels) + 1):
            if found is None or found in self.levels[level]:
                return found
            found = self.parents.get(found)
        return None

    def holds(self, code: str, within: str) -> bool:
        """Whether `within` is that code, or lies beneath it."""
        found: str | None = within
        for _ in range(len(self.levels) + 1):
            if found is None or found == code:
                return found == code
            found = self.parents.get(found)
        return False


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter keeps the records of which a field holds one of `values`; `among` are all that the field may hold.

    Where `among` is empty, nothing is known of what else the field may hold.
    """

    field: str
    values: tuple[str, ...]
    among: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.values or len(set(self.values)) < len(self.values):
            raise _unfit(f"A filter on '{self.field}' names each of its values once, and at least one.")
        unknown = len(set(self.values) - set(self.among)) if self.among else 0
        if unknown:
            raise Unfit(
                f"A filter on '{self.field}' names {unknown} values that the field cannot hold: see the dimension on it, "
                "or 'among'.",
                reason="cube_filter_unknown",
            )


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure is what is counted in each cell of a table's records, of those that pass `where`.

    units: distinct units. events: records, and the units they are of. sum: the sum of `of`. at_most: units with a record
    whose `of` is at most each point of `grid`, and all with one. at_risk: units with a record whose time `of` is at least
    each point. ended: units with a record whose time is at most each. step: units that took each step of `grid`, as in
    "1:NOT>ASM", "1:>NOT" for what begins and "2:ASM>" for what ends; `labels` say what its services are called.
    """

    name: str
    kind: Kind
    table: str
    title: Text
    of: str | None = None
    where: tuple[Filter, ...] = ()
    grid: tuple[str | int | float, ...] = ()
    labels: Mapping[str, Text] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise _unfit("A measure's name is small letters, digits and _.")
        if self.kind not in KINDS:
            raise _unfit(f"Measure '{self.name}': 'kind' is one of {', '.join(KINDS)}.")
        if (self.of is not None) != (self.kind in OF_A_FIELD):
            wanted = "needs 'of', a field of numbers" if self.kind in OF_A_FIELD else "has no 'of'"
            raise _unfit(f"Measure '{self.name}' of kind {self.kind} {wanted}.")
        if bool(self.grid) != (self.kind in ON_A_GRID or self.kind == "step"):
            raise _unfit(f"Measure '{self.name}': at_most, at_risk, ended and step have a grid, the others none.")
        if self.kind in ON_A_GRID and not _ascends(self.grid):
            raise _unfit(f"Measure '{self.name}': 'grid' is numbers, each larger than the one before.")

    @property
    def places(self) -> tuple[str, ...]:
        """What the cells of the measure have in their column `at`: one empty place where there is no grid."""
        points = tuple(str(point) for point in self.grid)
        return ("", *points) if self.kind == "at_most" or not points else points


@dataclass(frozen=True, slots=True)
class CubeDefinition:
    """A cube definition is all that is asked of one population in one go; `digest` names its file, hierarchies included.

    `filters` are passed by every record. `described_in` is the table with one row per unit whose fields hold for all
    records of the unit. `structural_zeros` are combinations of codes that cannot be, by dimension.
    `single_unit_differences`: how often one unit may be cut out of an earlier cell.
    """

    name: str
    title: Text
    population: str
    unit: CustomerKind
    first_day: datetime.date
    last_day: datetime.date
    dimensions: tuple[Dimension, ...]
    filters: tuple[Filter, ...]
    measures: tuple[Measure, ...]
    structural_zeros: tuple[Mapping[str, str], ...]
    noise: str
    single_unit_differences: int
    digest: str
    described_in: str | None = None

    def __post_init__(self) -> None:
        if self.unit not in COUNTED_KINDS:
            raise _unfit(f"The unit of a cube is one of {', '.join(COUNTED_KINDS)}.")
        if self.first_day > self.last_day:
            raise _unfit("The period of the cube ends before it starts.")
        if self.single_unit_differences < 0:
            raise _unfit("'single_unit_differences' is a number from 0 up.")
        _refuse_twice("dimension", [d.name for d in self.dimensions])
        _refuse_twice("field of a dimension", [d.field for d in self.dimensions])
        _refuse_twice("measure", [m.name for m in self.measures])
        if not self.measures:
            raise _unfit("A cube has at least one measure.")
        if len(self.dimensions) > MOST_DIMENSIONS:
            sentence = f"A cube has at most {MOST_DIMENSIONS} dimensions, not {len(self.dimensions)}: leave some out."
            raise Refused([Objection(sentence, SECTION)], reason="cube_dimensions")
        self._check_zeros()

    def _check_zeros(self) -> None:
        codes = {dimension.name: set(dimension.codes) for dimension in self.dimensions}
        for number, zero in enumerate(self.structural_zeros, 1):
            wrong = [f"'{name}'" for name, code in zero.items() if code not in codes.get(name, ())]
            if wrong or len(zero) < 2:
                raise _unfit(
                    f"Structural zero {number} is a code for each of two dimensions or more; look at {', '.join(wrong) or 'it'}."
                )


def refuse_changed(definition: CubeDefinition, frozen_digest: str) -> None:
    """Refuse a definition that is not the one that was frozen, hierarchies included."""
    if definition.digest != frozen_digest:
        sentence = f"Definition '{definition.name}' was changed after it was frozen: freeze it anew, or bring back the frozen one."
        raise Refused([Objection(sentence, SECTION)], reason="cube_definition_changed")


def _ascends(grid: Sequence[object]) -> bool:
    numbers = [point for point in grid if isinstance(point, int | float) and not isinstance(point, bool)]
    rising = all(low < high for low, high in zip(numbers, numbers[1:], strict=False))
    return len(numbers) == len(grid) and all(math.isfinite(number) for number in numbers) and rising


def _refuse_twice(what: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise _unfit(f"'{name}' stands twice as a {what}.")
        seen.add(name)


def _unfit(sentence: str) -> Unfit:
    return Unfit(sentence, reason="cube_definition")

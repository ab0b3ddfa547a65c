"""What the search among generalisations is given, and what it answers: counts only, never a row.

Arrays are read-only by convention; a combination is one distinct row of level-0 codes of the quasi-identifiers.
Handbook 2.6, phase 5.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jalostamo.managing.sensitive.preparing.anonymity.limits import Limits

Integers = NDArray[np.int64]
Codes = NDArray[np.int32]
Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]

Metric = Literal["loss", "precision", "discernibility", "average_class_size", "entropy"]
METRICS: tuple[Metric, ...] = ("loss", "precision", "discernibility", "average_class_size", "entropy")


@dataclass(frozen=True, slots=True, eq=False)
class Attribute:
    """One quasi-identifier with the levels that it can be generalised to.

    `to_level[i][code]` is the code at level i of the level-0 `code`; codes are dense from 0, and level 0 maps to itself.
    `labels[i]` names the codes of level i, `share[i][code]` is the part of the hierarchy file's rows that fall into the
    value that the level-0 `code` has at level i. `file_rows` counts the rows of the hierarchy file, or without one the
    distinct values.
    """

    name: str
    weight: float
    to_level: tuple[Codes, ...]
    labels: tuple[tuple[str | None, ...], ...]
    share: tuple[Reals, ...]
    file_rows: int

    def __repr__(self) -> str:
        return f"Attribute({self.name!r}, levels={len(self.to_level)})"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Counts:
    """Rows per combination and sensitive value, one entry for each that occurs."""

    place: Integers
    value: Codes
    rows: Integers


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Units:
    """How the units of one kind (persons, households) lie over the combinations.

    `single[c]` counts the units whose rows all lie in combination c. The others stand as patterns: pattern i lies in
    the sorted distinct combinations `spread_place[spread_start[i]:spread_start[i + 1]]`, with `spread_rows` rows in
    each, and is met by `spread_times[i]` units. `whole`: these units are suppressed whole (the recipe's last kind).
    """

    name: str
    single: Integers
    spread_start: Integers
    spread_place: Integers
    spread_times: Integers
    spread_rows: Integers
    whole: bool


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Ties:
    """Rows through which suppressing one whole unit takes something out of another class.

    They are all rows of whole units that lie in several combinations, and all rows of units of the other kinds that
    have a row among those; equal ones may stand as one entry. `unit[i]` numbers the units of kind i (recipe order)
    densely from 0, the last kind's as -1 where that unit lies in one combination only; `value[i]` is the code of
    sensitive column i. Needed with whole units when there is a sensitive column or a second kind of unit; otherwise
    the patterns of the one kind say it all, but then nobody can tell the suppressed units by number.
    """

    place: Integers
    rows: Integers
    unit: tuple[Integers, ...]
    value: tuple[Codes, ...]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Population:
    """The combinations of the population, by the same codes, with how many people each holds; no order is needed."""

    codes: Codes
    rows: Integers


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Histogram:
    """The combinations, sorted by their codes, with rows, sensitive values and units (none when the unit is the row)."""

    codes: Codes
    rows: Integers
    sensitive: tuple[Counts, ...] = ()
    units: tuple[Units, ...] = ()
    ties: Ties | None = None
    population: Population | None = None


@dataclass(frozen=True, slots=True)
class Diversity:
    """At least l well-represented sensitive values in each class; `c` for the recursive kind only."""

    kind: Literal["distinct", "entropy", "recursive"]
    l: float  # noqa: E741  the model's own name
    c: float | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Closeness:
    """A class's sensitive values lie within `t` of those of the whole table.

    Ordered: `ranks[value]` is the value's position in the recipe's order, `span` the greatest distance (without it the
    greatest rank). Hierarchical: `tree[i][value]` is the code at level i of the sensitive column's hierarchy.
    """

    kind: Literal["equal", "ordered", "hierarchical"]
    t: float
    ranks: NDArray[np.integer] | None = None
    tree: tuple[Codes, ...] | None = None
    span: int | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class SensitiveColumn:
    """A sensitive column: its values, their rows in the whole table, and what is asked of each class."""

    name: str
    values: tuple[str | None, ...]
    totals: Integers
    diversity: Diversity | None = None
    closeness: Closeness | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """The models that must be met, the rows that may be suppressed, and what the search makes small."""

    k: int | None
    sensitive: tuple[SensitiveColumn, ...]
    suppressed_rows: int
    metric: Metric = "loss"
    time_limit: float | None = None
    limits: Limits = Limits()


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Solution:
    """The best node found and how far it is proved to be the best.

    `kept[c]` tells whether combination c lies in a released class, `kept_rows[c]` how many of its rows are released:
    fewer than all when whole units were suppressed, whose numbers (those of `Ties`) are `dropped_units`. `value` is of
    the asked metric, `loss` of the metric "loss" always; gap = (value - lower_bound) / value.
    """

    levels: tuple[int, ...]
    value: float
    loss: float
    lower_bound: float
    proved: bool
    nodes_total: int
    nodes_evaluated: int
    kept: Flags
    kept_rows: Integers
    dropped_units: Integers
    classes: int
    smallest_class: int

    @property
    def gap(self) -> float:
        """How much smaller the best value might be, as a part of the value found; 0 when proved."""
        return 0.0 if self.proved or self.value <= 0 else max(0.0, (self.value - self.lower_bound) / self.value)


def nodes_total(attributes: tuple[Attribute, ...]) -> int:
    """The number of generalisations to choose from, known before the search."""
    total = 1
    for attribute in attributes:
        total *= len(attribute.to_level)
    return total

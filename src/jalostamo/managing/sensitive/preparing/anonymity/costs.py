"""What making a table coarser cost, as values: written into the report as they are, and read back from it by the page.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from pydantic import ConfigDict, with_config

AS_WRITTEN: Final = ConfigDict(extra="ignore", allow_inf_nan=False)
"""What whoever reads a report does not know is not for them."""


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class ColumnLoss:
    """What one quasi-identifier lost: how many values it had and has, and its parts of loss, precision and entropy.

    `loss` and `precision` go from 0 (nothing) to 1 (all). `entropy` is in bits a row, `entropy_share` the part of what the
    column told at first; of a column of one value there is nothing to lose.
    """

    column: str
    level: int
    highest: int
    values_before: int
    values_after: int
    loss: float
    precision: float
    entropy: float
    entropy_share: float


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class ClassSizes:
    """The released classes of one step of sizes: the least and the greatest size, how many there are, with how many rows."""

    least: int
    most: int
    classes: int
    rows: int


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Left:
    """One group: how many rows it had, and how many of them were left out; `small` is all that are too small to name."""

    group: str
    small: bool
    rows: int
    suppressed: int
    share: float


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class LeftOut:
    """Who was left out by the groups of one column at a level, the worst off first.

    `told_apart`: whether the released rows still tell these groups apart.
    """

    column: str
    level: int
    told_apart: bool
    groups: tuple[Left, ...]


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Estimate:
    """A share or a difference of shares with its interval of 95 %, as if the rows were a sample."""

    value: float
    low: float
    high: float
    rows: int


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class GroupShare:
    """How common a value is in a group before and after, and by how much its difference from the largest group changed."""

    group: str
    small: bool
    before: Estimate
    after: Estimate
    difference_before: Estimate
    difference_after: Estimate
    change: float


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Differences:
    """How common a value of a sensitive or kept column is in each group of another, the largest group first."""

    column: str
    value: str
    by: str
    told_apart: bool
    groups: tuple[GroupShare, ...]
    largest_change: float


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Utility:
    """What a table is still good for."""

    columns: tuple[ColumnLoss, ...] = ()
    class_sizes: tuple[ClassSizes, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    differences: tuple[Differences, ...] = ()

    def as_mapping(self) -> dict[str, object]:
        """As it stands in the report."""
        return asdict(self)


@with_config(AS_WRITTEN)
@dataclass(frozen=True, slots=True)
class Worst:
    """The group of which the greatest share was left out; `small` is all groups that are too small to name."""

    column: str
    group: str
    small: bool
    share: float

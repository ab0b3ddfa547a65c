"""What a table has, however it was read: its classes, and beside what a model asks for, what was found.

Handbook 2.6, phase 5 (the results of the processing are validated).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

type Integers = NDArray[np.int64]

CLOSE: Final = 1e-9
"""Models hold with this much to spare for reckoning in floating point."""


@dataclass(frozen=True, slots=True)
class ModelFound:
    """What a model asks for, what the table has, and whether that is enough."""

    asked: float
    found: float
    holds: bool


@dataclass(frozen=True, slots=True, repr=False)
class Values:
    """The values of a column in the classes, which begin at `starts` among them: a number in `names`, and the rows of each."""

    starts: Integers
    code: Integers
    rows: Integers
    names: Sequence[str]


@dataclass(frozen=True, slots=True, repr=False)
class Classes:
    """The classes of a table: of each its "rows", and its units of each kind, "unit_0"; and the values of columns in them."""

    sizes: Mapping[str, Integers]
    values: Mapping[str, Values]

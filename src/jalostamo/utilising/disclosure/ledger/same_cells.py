"""The identities of printed cells: which cells of two cubes hold the same units, whatever they are called there.

Handbook 2.3 (repeatability).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from jalostamo.concepts.errors import Broken
from jalostamo.producing.cubes.identities import lanes_of
from jalostamo.utilising.disclosure.printed import PrintedContent


@dataclass(frozen=True, slots=True, eq=False)
class Identities:
    """The identities of a cube's cells, in the order of its rows: 128 bits each, as two columns, and the printed counts.

    Impossible cells have none, and are left out.
    """

    first: NDArray[np.uint64]
    second: NDArray[np.uint64]
    printed: NDArray[np.int64]

    def shared_with(self, other: Identities) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The places of the cells that both have: here, and there."""
        _, here, there = np.intersect1d(self.first, other.first, return_indices=True)
        alike = self.second[here] == other.second[there]
        return here[alike], there[alike]


def identities_of(content: PrintedContent) -> Identities:
    """The identities of a printed cube's cells; one cell under two names prints one number."""
    told = content.cells.filter(pc.not_equal(content.cells["status"], "structural"))
    lanes = lanes_of(content.definition, told)
    printed = told["printed"].to_numpy()
    first, places, again = np.unique(lanes[:, 0], return_index=True, return_inverse=True)
    if np.any(printed != printed[places][again]):
        raise Broken("A cube prints two numbers for the same units.", reason="same_units_other_number")
    return Identities(first, lanes[places, 1], printed[places])

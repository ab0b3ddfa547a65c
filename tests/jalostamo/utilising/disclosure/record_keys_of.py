"""Keys for simulated units: the key of a cell is the sum of its units' keys, as in a counted cube."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jalostamo.utilising.disclosure.noise import KEY_SPACE, NoiseTable


def printed_of(members: NDArray[np.bool_], keys: NDArray[np.int64], noise: NoiseTable | None) -> list[int]:
    """What is printed for each cell; one row of `members` a cell, one column a unit."""
    counts = members.sum(axis=1)
    return [int(n) for n in (counts if noise is None else noise.printed(counts, members @ keys % KEY_SPACE))]


def keys_for(rng: np.random.Generator, units: int) -> NDArray[np.int64]:
    """A record key for each unit."""
    return rng.integers(0, KEY_SPACE, units)

"""Counts that tell of the process (suppressed rows, look-alikes, matches) are cells too, and leave by the rule of cells.

Handbook 2.2 (checking combinability) and 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from jalostamo.concepts.errors import Broken
from jalostamo.managing.manifests import rounded
from jalostamo.utilising.disclosure.noise import KEY_SPACE, NoiseTable


@dataclass(frozen=True, slots=True)
class ProcessCount:
    """A process count is how many of something there were: units with the sum of their record keys, or without keys.

    What has no record keys (rows, files, codes that are nobody's) has no `key`.
    """

    n: int = field(repr=False)
    key: int | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if self.n < 0 or (self.key is not None and not 0 <= self.key < KEY_SPACE):
            raise Broken("A process count is not negative, and its key lies in the key space.", reason="process_count")


def printed_counts(counts: Mapping[str, ProcessCount], *, noise: NoiseTable) -> dict[str, int]:
    """Counts of the process as they may leave the closed room: by the noise of their key, or to the nearest five.

    The same units print the same number here as in every cube of the same series.
    """
    keyed = {name: (count.n, count.key) for name, count in counts.items() if count.key is not None}
    numbers, keys = (np.array([pair[place] for pair in keyed.values()], dtype=np.int64) for place in (0, 1))
    printed = dict(zip(keyed, noise.printed(numbers, keys).tolist(), strict=True)) if keyed else {}
    return {name: int(printed[name]) if name in printed else rounded(count.n) for name, count in counts.items()}

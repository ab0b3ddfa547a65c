"""Counts that tell of the process (who objected, who was found in a register): true ones, on their way to the rule of cells.

Handbook 2.2 (checking combinability) and 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jalostamo.concepts.customers import KEY_SPACE
from jalostamo.concepts.errors import Broken


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


type Tree = ProcessCount | str | bool | None | Mapping[str, Tree] | Sequence[Tree]
"""Facts of a process with counts in them: those that are no `ProcessCount` do not leave the closed room."""

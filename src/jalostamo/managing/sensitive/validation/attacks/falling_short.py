"""How likely a part of a class falls short of a model that no count of sets answers: of entropy or recursive l, or of t.

After Wong and others, "Minimality attack in privacy preserving data publishing" (VLDB 2007): parts are drawn, and those that
fall short tell of values. What falls short in fewer than one of fifty draws is not seen.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from jalostamo.managing.sensitive.validation.closeness import Distance, distances_of
from jalostamo.managing.sensitive.validation.diversity import Variety, is_varied, varied
from jalostamo.managing.sensitive.validation.found import CLOSE

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.validation.attacks.keys import Integers
    from jalostamo.managing.sensitive.validation.attacks.sight import Told

_DRAWS: Final = 2_000
_LEAST: Final = 40
_ERRORS: Final = 3
"""So many standard errors a share must be above what it was: the greatest of several that are drawn is likely too great."""
MOST_PARTS: Final = 500
"""So many kinds of parts are drawn, the smallest: those fall short first."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What each class must hold of a sensitive column: so much variety, so little distance from all rows."""

    variety: Variety | None = None
    distance: Distance | None = None

    def fails(self, drawn: Integers, told: Told) -> NDArray[np.bool_]:
        """Which of the parts that were drawn fall short; parts by values."""
        short = np.zeros(len(drawn), np.bool_)
        if self.variety is not None:
            lengths = (drawn > 0).sum(axis=1)
            found = varied(np.cumsum(lengths) - lengths, drawn[drawn > 0], self.variety)
            short |= ~is_varied(found, self.variety)
        if self.distance is not None:
            met = np.flatnonzero(told.overall)
            names = [told.names[number] for number in met]
            whole = {told.names[number]: int(told.overall[number]) for number in met}
            found = distances_of(drawn[:, met], names=names, whole=whole, distance=self.distance)
            short |= found > self.distance.t + CLOSE
        return short


def falling_short(
    told: Told, place: int, rows: int, *, wanted: Wanted, chance: np.random.Generator
) -> tuple[float, float]:
    """How likely so many rows of a class fall short, and how much likelier one value then is in them than in the class."""
    values, counts = told.of(place)
    whole = int(counts.sum())
    if whole <= rows:
        return (0.0, 0.0)
    drawn = np.zeros((_DRAWS, len(told.names)), np.int64)
    drawn[:, values] = chance.multivariate_hypergeometric(counts, rows, size=_DRAWS, method="marginals")
    short = wanted.fails(drawn, told)
    number = int(short.sum())
    if number < _LEAST:
        return (0.0, 0.0)
    share = drawn[short][:, values] / rows
    sure = share.mean(axis=0) - _ERRORS * share.std(axis=0) / np.sqrt(number)
    return (number / _DRAWS, max(0.0, float((sure - counts / whole).max())))

"""Homogeneity and skewness: classes that tell a value of everybody in them, or make one far likelier than it was.

What l-diversity (Machanavajjhala and others 2006) and t-closeness (Li and others 2007) are an answer to.
Handbook 2.6, phase 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jalostamo.managing.sensitive.validation.attacks.keys import totals

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.validation.attacks.sight import Sight


@dataclass(frozen=True, slots=True)
class Homogeneity:
    """Shares of the released rows: in a class of one value; in one where a value became likely, or much likelier.

    `greatest_ratio` is how many times likelier a class makes a value than the whole release, at most.
    """

    one_value: float
    likely: float
    likelier: float
    greatest_ratio: float


def homogeneity(sight: Sight, *, likely: float, likelier: float, column: int = 0) -> Homogeneity:
    """Look at every class: a value is likely from a share of `likely` on, where it was rarer in the whole release.

    It is much likelier from `likelier` times its share in the whole release on. That everybody has the same value in the
    whole release is told of nobody by her class.
    """
    told = sight.told[column]
    if not len(told.rows):
        return Homogeneity(0.0, 0.0, 0.0, 0.0)
    classes, of = len(told.start) - 1, told.classes
    size = totals(of, told.rows, classes)
    prior = (told.overall / told.rows.sum())[told.value]
    posterior = told.rows / size[of]

    def share(news: NDArray[np.bool_]) -> float:
        return float(size[np.unique(of[news])].sum() / size.sum())

    return Homogeneity(
        one_value=share((posterior == 1) & (prior < 1)),
        likely=share((posterior >= likely) & (prior < likely)),
        likelier=share(posterior >= likelier * prior),
        greatest_ratio=float((posterior / prior).max()),
    )

"""The points and the two matrices of the form, as data: potential by probability, and benefit by risk.

Handbook Appendix 1, sections 3, 4 and 6.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from jalostamo.permits.terms import Level, Step


class DecisionCell(StrEnum):
    """What the matrix of section 6 advises about opening or publishing; it never stops work inside the city."""

    OPEN = "open"
    OPEN_WITH_LIMITS = "open_with_limits"
    CONSIDER_FURTHER = "consider_further"
    DO_NOT_OPEN = "do_not_open"

    @property
    def rank(self) -> int:
        """Its place in the order of priority: 0 (open) to 3 (do not open)."""
        return list(DecisionCell).index(self)


POINTS: Final = (0, 2, 5, 8, 10)
"""The points of the five classes, of benefit and of risk alike."""

LEVELS: Final = (Level.LOW, Level.LOW, Level.MODERATE, Level.HIGH, Level.HIGH)
"""The level of each class: 0 and 2 points are low, 5 moderate, 8 and 10 high."""

# Rows are probability, columns significance or potential harm, both from very low to very high. The handbook prints it
# for benefit; of the risk matrix only the axes survive, and they are the same two with the same five steps. The benefit
# matrix is symmetric and rises along both axes, so it reads alike whichever way it is turned, and it serves for both.
MATRIX: Final = (
    (0, 0, 1, 1, 1),
    (0, 1, 1, 2, 2),
    (1, 1, 2, 2, 3),
    (1, 2, 2, 3, 4),
    (1, 2, 3, 4, 4),
)
"""The class of each probability (row) and potential (column), for benefit and for risk."""

_CELLS: Final = {
    "O": DecisionCell.OPEN,
    "L": DecisionCell.OPEN_WITH_LIMITS,
    "C": DecisionCell.CONSIDER_FURTHER,
    "N": DecisionCell.DO_NOT_OPEN,
}
# It is stored, not computed: great benefit weighs less against great risk than slight benefit against none.
DECISION: Final = ("CCNNN", "LCCNN", "LLCCN", "OLLCC", "OOLCC")
"""What is advised for each benefit (row) and publication risk (column), by the first letters of the advice."""


def class_of(probability: Step, potential: Step) -> Step:
    """The class of a benefit or of a risk, from how probable it is and how much it would mean.

    >>> class_of(Step.HIGH, Step.VERY_HIGH).name
    'VERY_HIGH'
    """
    return Step(MATRIX[probability][potential])


def points_of(step: Step) -> int:
    """The points of a class of benefit or risk."""
    return POINTS[step]


def level_of(step: Step) -> Level:
    """The level of the process to which a class of the form belongs."""
    return LEVELS[step]


def decision_for(benefit: Step, publication_risk: Step) -> DecisionCell:
    """What the matrix of section 6 advises for a benefit and the risk of publishing.

    >>> decision_for(Step.MODERATE, Step.VERY_HIGH).value
    'do_not_open'
    """
    return _CELLS[DECISION[benefit][publication_risk]]

"""How many rows of a class every finer generalisation must suppress at least, though the class need not fail for good.

Classes that are each near the whole table are so together: what a finer node keeps of a class is near it, too, and holds of
each sensitive value no more rows than the class. The most rows that could be kept so tell how many are lost.
Handbook 2.6, phase 5.
"""

from dataclasses import dataclass

import numpy as np

from jalostamo.managing.sensitive.preparing.anonymity.compiling import compiled
from jalostamo.managing.sensitive.preparing.anonymity.judging import CLOSE, Verdicts
from jalostamo.managing.sensitive.preparing.anonymity.problem import Asked, Codes, Integers, Reals
from jalostamo.managing.sensitive.preparing.anonymity.views import View

# Numbers of rows are kept from being rounded down past a whole one.
_ROUNDED = 1e-6


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Outliers:
    """The columns whose closeness is asked with all values equally far apart: the whole table's shares, and the distance."""

    columns: tuple[tuple[int, Reals, float], ...]
    least: int

    def lost(self, view: View, verdicts: Verdicts) -> Integers:
        """For each class of a view the rows that are gone in it and within each finer node."""
        found = np.where(verdicts == 2, view.rows, 0)
        for column, whole, most in self.columns:
            entries = view.sensitive[column]
            _lost_of_equal(entries.start, entries.value, entries.rows, whole, most, self.least, verdicts, found)
        return found


def outliers_of(asked: Asked, rows: int, least: int) -> Outliers:
    """What is asked, with the rows of the whole table and the least that a released class has."""
    columns = []
    for number, column in enumerate(asked.sensitive):
        if column.closeness is not None and column.closeness.kind == "equal":
            columns.append((number, column.totals / rows, float(column.closeness.t)))
    return Outliers(tuple(columns), least)


@compiled
def _most_kept(counts: Integers, shares: Reals, most: float) -> float:
    """The most rows, of each value as many as given or fewer, that are within a distance: one end of a concave curve.

    n rows lie within it when the lesser of what there is of each value and of its share of n adds up to (1 - distance) n.
    """
    at = np.empty(len(counts))
    slope = most - 1.0
    for i in range(len(counts)):
        at[i] = counts[i] / shares[i]
        slope += shares[i] if counts[i] else 0.0
    height, place = 0.0, 0.0
    for one in np.argsort(at):
        further = height + slope * (at[one] - place)
        if further < 0.0:
            break
        height, place = further, at[one]
        slope -= shares[one] if counts[one] else 0.0
    return place + height / -slope if slope < 0.0 else np.inf


@compiled
def _lost_of_equal(
    start: Integers,
    value: Codes,
    rows: Integers,
    whole: Reals,
    most: float,
    least: int,
    verdicts: Verdicts,
    lost: Integers,
) -> None:
    """Raise what is lost of the classes that fail, but not for good."""
    for c in range(len(verdicts)):
        if verdicts[c] != 1:
            continue
        counts = rows[start[c] : start[c + 1]]
        total = counts.sum()
        kept = _most_kept(counts, whole[value[start[c] : start[c + 1]]], most + 2 * CLOSE)
        kept += _ROUNDED + kept * CLOSE
        if kept < least:
            lost[c] = total
        elif kept < total:
            lost[c] = max(lost[c], total - np.int64(kept))

"""The truth about the museum's groups: which answer belongs to which, and who changed group between two years.

Handbook 3.1.2 (grouping of customers).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.comparing import counted, share_interval, told
from jalostamo.city.days import years_of
from jalostamo.city.museum.vocabularies import CENTROIDS, CHANGING, GROUPS, NEEDS, SPREAD
from jalostamo.city.truth import Truth

_MIGRATION: Final = (
    "Customers (by customer_number) who answered in two years running: the share whose group is another one in the second "
    "year. Groups are those of the answers, found by the seven needs or taken from museum_groups.memberships."
)
_GROUPS: Final = (
    "How many groups the answers on the seven needs fall into; answers with an empty need are left out. A right grouping "
    "agrees with museum_groups.memberships (adjusted Rand index 0.8 or more)."
)


class Memberships:
    """Memberships collect, year by year, the group of every answer."""

    def __init__(self) -> None:
        self._answers: list[pl.DataFrame] = []

    def add(self, answers: pl.DataFrame, numbers: pl.Series) -> None:
        """Remember the answers of one piece."""
        year = years_of(answers["answered"].to_numpy().astype(np.int64))
        needs = [f"need_{name}" for name in NEEDS]
        chosen = answers.select("person", "group", *needs)
        self._answers.append(
            chosen.with_columns(numbers.alias("number"), pl.Series(year.astype(np.int32)).alias("year"))
        )

    def told(self) -> Truth:
        """Centroids, shares, migration, and the group of each answer."""
        answers = pl.concat(self._answers)
        return {
            "groups": list(GROUPS),
            "needs": list(NEEDS),
            "centroids": {
                name: dict(zip(NEEDS, row.tolist(), strict=True)) for name, row in zip(GROUPS, CENTROIDS, strict=True)
            },
            "spread": SPREAD,
            "shares": {str(year): self._shares(answers, year) for year in sorted(set(answers["year"].to_list()))},
            "migration": self._matrix().tolist(),
            "memberships": dict(
                zip(answers["number"].to_list(), (GROUPS[place] for place in answers["group"].to_list()), strict=True)
            ),
        }

    def _shares(self, answers: pl.DataFrame, year: int) -> dict[str, float]:
        number = np.bincount(answers.filter(pl.col("year") == year)["group"].to_numpy(), minlength=len(GROUPS))
        return dict(zip(GROUPS, np.round(number / number.sum(), 4).tolist(), strict=True))

    def _matrix(self) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
        """Customers who answered in two years running: from which group (row) to which (column)."""
        answers = pl.concat(self._answers).select("person", "year", "group")
        later = answers.with_columns(pl.col("year") - 1)
        pairs = answers.join(later, on=["person", "year"], suffix="_later")
        matrix = np.zeros((len(GROUPS), len(GROUPS)), dtype=np.int64)
        np.add.at(matrix, (pairs["group"].to_numpy(), pairs["group_later"].to_numpy()), 1)
        return matrix

    def planted(self) -> Truth:
        """The entries of the truth file."""
        pairs = int(self._matrix().sum())
        entries: Truth = {"museum_groups": counted(len(GROUPS), group="survey answers", sentence=_GROUPS)}
        if pairs:
            entries["museum_migration"] = told(
                CHANGING,
                "share",
                share_interval(CHANGING, pairs),
                group="answers of two years running",
                reference="",
                sentence=_MIGRATION,
                pairs=pairs,
            )
        return entries

"""The truths about the museum: how many groups its visitors' needs fall into, and how many change group in a year.

Handbook 3.1.2, customer groups.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.cluster.vq import kmeans2
from scipy.spatial.distance import cdist
from tests.spec.planted.files import Files
from tests.spec.planted.rates import Estimate, share

Points = NDArray[np.float64]
Labels = NDArray[np.int64]
GROUPS_TRIED: Final = range(2, 9)
STARTS: Final = 4
SEEN: Final = 1200  # a silhouette of more answers says the same and costs the square of them


def measure_museum(files: Files) -> dict[str, Estimate]:
    """Measure the groups of the answers, their agreement with the planted ones, and the changes of group."""
    answers = files.records("museum.survey").unique("respondent_number", keep="first", maintain_order=True)
    complete = answers.drop_nulls([f"need_{need}" for need in files.truth["museum_groups"]["needs"]])
    points = complete.select(pl.col("^need_.*$").cast(pl.Float64)).to_numpy()
    best = max(GROUPS_TRIED, key=lambda number: silhouette(points, grouped(points, number)))
    groups = grouped(points, files.truth["planted"]["museum_groups"]["value"])
    members = files.truth["museum_groups"]["memberships"]
    planted = [members[number] for number in complete["respondent_number"]]
    agreement = adjusted_rand(groups, np.unique(planted, return_inverse=True)[1])
    found = complete.with_columns(group=pl.Series(groups).cast(pl.String))
    given = answers.with_columns(group=pl.col("respondent_number").replace_strict(members))
    return {
        "museum_groups": Estimate(best, best, best),
        "museum_groups.agreement": Estimate(agreement, agreement, agreement),
        "museum_migration": _migration(given),
        "museum_migration.of_found_groups": _migration(found),
        **_matrix(files, given),
    }


def grouped(points: Points, number: int) -> Labels:
    """Divide the points into groups around means: the best of several starts."""
    starts = [kmeans2(points, number, minit="++", rng=np.random.default_rng(start)) for start in range(STARTS)]
    return min(starts, key=lambda found: float(((points - found[0][found[1]]) ** 2).sum()))[1].astype(np.int64)


def silhouette(points: Points, labels: Labels) -> float:
    """How much nearer the points are to their own group than to the next one, at the mean."""
    seen = np.random.default_rng(0).permutation(len(points))[:SEEN]
    labels, distances = labels[seen], cdist(points[seen], points[seen])
    groups = np.unique(labels)
    sums = np.stack([distances[:, labels == group].sum(axis=1) for group in groups], axis=1)
    sizes = np.array([(labels == group).sum() for group in groups])
    own = labels[:, None] == groups[None, :]
    within = (sums * own).sum(axis=1) / np.maximum(sizes[np.searchsorted(groups, labels)] - 1, 1)
    nearest = np.where(own, np.inf, sums / sizes).min(axis=1)
    return float(((nearest - within) / np.maximum(nearest, within)).mean())


def adjusted_rand(first: Labels, second: Labels) -> float:
    """How far two groupings agree: 1 when they are the same, 0 when only by chance."""
    table = np.zeros((first.max() + 1, second.max() + 1))
    np.add.at(table, (first, second), 1)
    both, rows, columns = (_pairs(counts) for counts in (table, table.sum(axis=1), table.sum(axis=0)))
    by_chance = rows * columns / _pairs(np.array(table.sum()))
    return float((both - by_chance) / ((rows + columns) / 2 - by_chance))


def _pairs(counts: Points) -> float:
    return float((counts * (counts - 1) / 2).sum())


def _pairs_of_years(answers: pl.DataFrame) -> pl.DataFrame:
    yearly = answers.drop_nulls("customer_number").select("customer_number", "group", year=pl.col("answered").dt.year())
    second = yearly.with_columns(pl.col("year") - 1)
    return yearly.join(second, on=["customer_number", "year"], suffix="_next")


def _migration(answers: pl.DataFrame) -> Estimate:
    pairs = _pairs_of_years(answers)
    return share((pairs["group"] != pairs["group_next"]).sum(), len(pairs))


def _matrix(files: Files, answers: pl.DataFrame) -> dict[str, Estimate]:
    names = files.truth["museum_groups"]["groups"]
    counts = dict(_pairs_of_years(answers).group_by(pl.concat_str("group", "group_next", separator=">")).len().rows())
    cells = {(one, other): counts.get(f"{one}>{other}", 0) for one in names for other in names}
    return {f"museum_groups.migration.{a}>{b}": Estimate(n, n, n) for (a, b), n in cells.items()}

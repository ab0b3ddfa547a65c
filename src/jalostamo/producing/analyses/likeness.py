"""Likeness of life courses: how far courses are from each other, which lie in the middle of others, and whether they cluster.

A course is a row of states, one for each month. The distance of two is that of optimal matching: a month taken out or put in
costs 1, a state put for another 2. Courses that are alike are one, and weigh as many as they are.

Kaufman and Rousseeuw, Finding Groups in Data (1990); Schubert and Rousseeuw, Information Systems 101 (2021): the swaps;
Studer, WeightedCluster (2013): silhouettes by weight.

Handbook 2.2 (modelling and analysing data).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

type States = npt.NDArray[np.uint8]
"""Courses in rows, months in columns, the state by its number."""

type Weights = npt.NDArray[np.int64]
type Distances = npt.NDArray[np.float32]
type Places = npt.NDArray[np.int64]

WEAK: Final = 0.25
"""A mean silhouette below this says that there is no structure to speak of (Kaufman and Rousseeuw)."""

_STRUCTURES: Final = ((0.7, "strong"), (0.5, "reasonable"))

_SWAPS: Final = 200


@dataclass(frozen=True, slots=True)
class Split:
    """A split puts each course with the nearest of those in the middle; `silhouette` tells how much nearer, on average."""

    middles: tuple[int, ...]
    labels: Places
    silhouette: float

    def sizes(self, weights: Weights) -> npt.NDArray[np.int64]:
        """How many people each part has."""
        return np.bincount(self.labels, weights=weights, minlength=len(self.middles)).astype(np.int64)


def distances(one: States, other: States | None = None) -> Distances:
    """The distances of all courses to all others, or to those of a second table."""
    texts = _texts(one)
    others = texts if other is None else _texts(other)
    return np.asarray(cdist(texts, others, scorer=Indel.distance, dtype=np.uint16), dtype=np.float32)


def _texts(courses: States) -> list[str]:
    """A character for each month: what is matched is the same for any characters."""
    return [row.tobytes().decode("latin-1") for row in courses]


def alike(people: States) -> tuple[States, Weights]:
    """The different courses of people, and how many have each."""
    courses, weights = np.unique(people, axis=0, return_counts=True)
    return courses, weights.astype(np.int64)


def splits(apart: Distances, weights: Weights, most: int) -> Iterator[Split]:
    """The best split into 2, 3 and up to `most` parts; none where there are no more different courses than parts."""
    middles = [int(np.argmin(apart @ weights))]
    while len(middles) < min(most, len(weights) - 1):
        nearest = apart[:, middles].min(axis=1)
        gains = np.minimum(apart - nearest, 0) @ weights
        middles = _swapped(apart, weights, [*middles, int(np.argmin(gains))])
        labels = apart[:, middles].argmin(axis=1).astype(np.int64)
        yield Split(tuple(middles), labels, _silhouette(apart, weights, labels))


def _swapped(apart: Distances, weights: Weights, middles: list[int]) -> list[int]:
    """The middles after every swap with another course that brings people nearer to them, the best first."""
    for _ in range(_SWAPS):
        ordered = np.sort(apart[:, middles], axis=1)
        nearest, second = ordered[:, 0], ordered[:, 1]
        kept = np.minimum(apart - nearest, 0)
        # What a swap costs those who lose their own middle, beyond what all others gain by the new one.
        lost = np.minimum(apart, second) - nearest - kept
        own = np.eye(len(middles))[apart[:, middles].argmin(axis=1)] * weights[:, None]
        change = (kept @ weights)[:, None] + lost @ own
        candidate, leaving = np.unravel_index(int(np.argmin(change)), change.shape)
        if change[candidate, leaving] >= -0.5:
            break
        middles = [*middles[: int(leaving)], int(candidate), *middles[int(leaving) + 1 :]]
    return middles


def _silhouette(apart: Distances, weights: Weights, labels: Places) -> float:
    """The mean over people of how much nearer their own part is than the next."""
    parts = int(labels.max()) + 1
    of_parts = np.eye(parts)[labels] * weights[:, None]
    sizes = of_parts.sum(axis=0)
    sums = apart @ of_parts
    here = np.arange(len(labels))
    own = sizes[labels]
    within = sums[here, labels] / np.maximum(own - 1, 1)
    others = sums / np.maximum(sizes, 1)
    others[here, labels] = np.inf
    # Two courses in the middle may be equally far from one, and a part then be empty.
    others[:, sizes == 0] = np.inf
    beyond = others.min(axis=1)
    larger = np.maximum(within, beyond)
    widths = np.where((own > 1) & np.isfinite(beyond) & (larger > 0), (beyond - within) / np.maximum(larger, 1e-9), 0.0)
    return float(np.average(np.nan_to_num(widths), weights=weights))


def structure_of(silhouette: float) -> str:
    """How well parts are told apart, in the words of Kaufman and Rousseeuw."""
    return next((word for least, word in _STRUCTURES if silhouette > least), "weak")


def best(people: States, most: int) -> float:
    """The best mean silhouette of any split of people, -1 where their courses cannot be split."""
    courses, weights = alike(people)
    return max((split.silhouette for split in splits(distances(courses), weights, most)), default=-1.0)


def shuffled(people: States, chance: np.random.Generator) -> States:
    """The same states in each month, each month dealt anew to all: what is left of a course is chance."""
    return chance.permuted(people, axis=0)


def drawn(weights: Weights, people: int, chance: np.random.Generator) -> Weights:
    """How many people of each course are among so many drawn at random; all where there are no more."""
    if weights.sum() <= people:
        return weights
    return chance.multivariate_hypergeometric(weights, people, method="marginals").astype(np.int64)

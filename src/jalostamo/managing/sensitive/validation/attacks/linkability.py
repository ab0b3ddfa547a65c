"""Linkability: whether two halves of what is known of people are joined through the release, above a control group.

Somebody has a list with one half of the columns and a list with the other; for each entry she picks a row of the release
that fits it, and joins entries that picked the same row. After Giomi and others 2023, with one neighbour.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jalostamo.managing.sensitive.validation.attacks.rates import Rate, Risk, Sample

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.validation.attacks.keys import Integers
    from jalostamo.managing.sensitive.validation.attacks.sight import People, Sight


def linkability(sight: Sight, sample: Sample, *, halves: tuple[Sequence[int], Sequence[int]] | None = None) -> Risk:
    """Join two halves of the columns, every other one where nothing else is said."""
    numbers = range(len(sight.columns))
    known = halves or (numbers[::2], numbers[1::2])
    chance = sample.chance()
    others, main, control = sight.groups(sample.size, chance)
    by_luck = np.full(len(main), 1 / max(1, sight.total))
    withdrawn = 1 if sight.control is None else 0
    return Risk(
        _rate(_joined(sight, sight.source, main, known, 0), chance),
        _rate(by_luck, chance),
        _rate(_joined(sight, others, control, known, withdrawn), chance),
    )


def _rate(likely: NDArray[np.float64], chance: np.random.Generator) -> Rate:
    return Rate.of(chance.random(len(likely)) < likely)


def _joined(
    sight: Sight, people: People, drawn: Integers, known: tuple[Sequence[int], Sequence[int]], withdrawn: int
) -> NDArray[np.float64]:
    """How likely each of the people drawn is joined: the same row is picked twice, each time of all that fit alike.

    `withdrawn` rows of her own are taken out of the release first. Where no row fits, any is picked.
    """
    labels = people.labels[drawn]
    place = people.place[drawn]
    here = np.where((place >= 0) & sight.regular[place], withdrawn, 0)
    fits = [np.maximum(sight.rows_alike(labels, half) - here, 0) for half in known]
    both = np.maximum(sight.rows_alike(labels, sorted({*known[0], *known[1]})) - here, 0)
    everything = max(1, sight.total - withdrawn)
    # Somebody who fits neither half picks two rows of all; whoever fits one half may still meet it by luck.
    picked = [np.where(fit > 0, fit, everything) for fit in fits]
    meeting = np.where(fits[0] == 0, picked[1], np.where(fits[1] == 0, picked[0], both))
    return meeting / (picked[0].astype(np.float64) * picked[1])

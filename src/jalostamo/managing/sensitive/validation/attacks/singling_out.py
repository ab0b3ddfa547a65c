"""Singling out: predicates made from the release alone that fit exactly one record of its source.

After Giomi and others 2023; a generalised value is the set of values that it stands for. WP29, Opinion 05/2014, names
singling out as the first of three risks.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from jalostamo.managing.sensitive.validation.attacks.keys import Integers, grouped, keyed, totals
from jalostamo.managing.sensitive.validation.attacks.rates import Rate, Risk, Sample

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.validation.attacks.sight import People, Sight

_AS_MANY: Final = 0.9
_SUBSETS: Final = 8
"""So many choices of several columns are tried, all of them together always."""


@dataclass(frozen=True, slots=True)
class SinglingOut:
    """How well predicates single out, by one column and by several; and who is alone in the release and in its source.

    `alone_with_value` is the greatest share of rows that are the only ones of their class with their value of a sensitive
    column: a predicate that asks for the value, too, fits one row (Cohen and Nissim 2020).
    """

    univariate: Risk
    multivariate: Risk
    smallest_class: int
    alone_in_release: float
    alone_with_value: float
    alone_in_source: float


def singling_out(sight: Sight, sample: Sample) -> SinglingOut:
    """Try predicates of one column and of several, the rarest of the release first."""
    columns = range(len(sight.columns))
    chance = sample.chance()
    several = list(_subsets(len(sight.columns), chance))
    _, kind = grouped([sight.source.recorded[:, column] for column in columns])
    recorded = totals(kind, sight.source.rows, int(kind.max(initial=-1)) + 1)
    return SinglingOut(
        _risk(sight, [(column,) for column in columns], sample.size, chance),
        _risk(sight, several, sample.size, chance),
        int(sight.rows.min(initial=np.iinfo(np.int64).max)) if len(sight.rows) else 0,
        float((sight.rows == 1).sum() / max(1, sight.total)),
        max((float((told.rows == 1).sum() / max(1, sight.total)) for told in sight.told), default=0.0),
        float((recorded == 1).sum() / max(1, int(recorded.sum()))),
    )


@dataclass(frozen=True, slots=True, repr=False)
class _Predicates:
    """Predicates of the same columns: the labels that they ask for, and how many rows of the release each fits."""

    columns: tuple[int, ...]
    labels: Integers
    fits: Integers

    def isolate(self, people: People) -> NDArray[np.bool_]:
        """Which of them fit exactly one of these people."""
        alone: NDArray[np.bool_] = _fitting(self.columns, self.labels, people) == 1
        return alone


def _risk(sight: Sight, subsets: Sequence[tuple[int, ...]], size: int, chance: np.random.Generator) -> Risk:
    """Predicates that fit one row of the release are what an attacker hopes for; where there is none, the rarest."""
    made = [_made(sight, columns, chance) for columns in subsets]
    if any(each.fits.min(initial=2) == 1 for each in made):
        made = [_first(each, int((each.fits == 1).sum())) for each in made]
    each_at_most = max(1, size // len(made))
    tried = [_first(each, each_at_most) for each in made]
    guessed = [_guessed(sight, each, chance) for each in tried]
    main, baseline = _rate(tried, sight.source), _rate(guessed, sight.source)
    control = sight.control
    # Among fewer people more predicates fit one: such a group would excuse the release.
    if control is None or control.rows.sum() < _AS_MANY * sight.source.rows.sum():
        return Risk(main, baseline, baseline)
    return Risk(main, baseline, _rate(tried, control))


def _rate(predicates: Sequence[_Predicates], people: People) -> Rate:
    return Rate.of(np.concatenate([each.isolate(people) for each in predicates]))


def _subsets(columns: int, chance: np.random.Generator) -> Iterator[tuple[int, ...]]:
    seen = {tuple(range(columns))}
    yield tuple(range(columns))
    for _ in range(_SUBSETS - 1 if columns > 2 else 0):
        size = int(chance.integers(2, columns))
        chosen = tuple(sorted(chance.choice(columns, size, replace=False).tolist()))
        if chosen not in seen:
            seen.add(chosen)
            yield chosen


def _made(sight: Sight, columns: tuple[int, ...], chance: np.random.Generator) -> _Predicates:
    """The predicates of the release's own rows, those of the fewest rows first; a star says nothing, and makes none."""
    labels, rows = sight.labels[sight.regular], sight.rows[sight.regular]
    first, kind = grouped([labels[:, column] for column in columns])
    fits = totals(kind, rows, len(first))
    order = np.lexsort((chance.random(len(first)), fits))
    return _Predicates(columns, labels[first[order]], fits[order])


def _first(predicates: _Predicates, size: int) -> _Predicates:
    return _Predicates(predicates.columns, predicates.labels[:size], predicates.fits[:size])


def _guessed(sight: Sight, like: _Predicates, chance: np.random.Generator) -> _Predicates:
    """As many predicates of the same columns without the release: any label of each."""
    drawn = [chance.integers(0, max(1, len(words)), len(like.labels)) for words in sight.words]
    return _Predicates(like.columns, np.stack(drawn, axis=1).astype(np.int64), like.fits)


def _fitting(columns: Sequence[int], labels: Integers, people: People) -> Integers:
    """How many people each row of labels fits."""
    both = [np.concatenate([labels[:, column], people.labels[:, column]]) for column in columns]
    kind = np.unique(keyed(both), return_inverse=True)[1]
    fitting = totals(kind[len(labels) :], people.rows, int(kind.max(initial=-1)) + 1)
    return fitting[kind[: len(labels)]]

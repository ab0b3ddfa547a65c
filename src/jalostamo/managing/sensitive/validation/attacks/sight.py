"""What an attacker has before her: a release by its classes, and people whom she knows, each with the class she is in.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from jalostamo.managing.sensitive.validation.attacks.keys import Integers, keyed, totals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from jalostamo.managing.sensitive.validation.attacks.columns import Column


@dataclass(frozen=True, slots=True, repr=False)
class Told:
    """What classes tell of a sensitive column: entries `start[c]` to `start[c + 1]` of class c, a value and its rows each.

    `names` are what the numbers of values stand for, "" for a missing one.
    """

    column: str
    names: tuple[str, ...]
    start: Integers
    value: Integers
    rows: Integers

    def of(self, place: int) -> tuple[Integers, Integers]:
        """The values of a class, and their rows."""
        part = slice(int(self.start[place]), int(self.start[place + 1]))
        return self.value[part], self.rows[part]

    @property
    def classes(self) -> Integers:
        """The class of each entry."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    @property
    def overall(self) -> Integers:
        """The rows of each value in the whole release."""
        return totals(self.value, self.rows, len(self.names))


@dataclass(frozen=True, slots=True, repr=False)
class People:
    """Kinds of people of whom the attacker knows every quasi-identifier, and, to judge her, their sensitive values.

    `recorded` numbers their values as recorded, `labels` those values as the release calls them, `place` is their class
    in it, -1 where they have none. `units` number whom they are counted as: persons, households. `names` are what the
    numbers of recorded values stand for, column by column.
    """

    names: tuple[tuple[str, ...], ...]
    recorded: Integers
    labels: Integers
    place: Integers
    values: tuple[Integers, ...]
    units: tuple[Integers, ...]
    rows: Integers

    def drawn(self, size: int, chance: np.random.Generator, *, released: bool) -> Integers:
        """The kinds of so many people, each drawn once at most; all where there are no more. `released`: who has a class."""
        rows = np.where(self.place >= 0, self.rows, 0) if released else self.rows
        total = int(rows.sum())
        picked = np.arange(total) if size >= total else chance.choice(total, size, replace=False)
        return np.searchsorted(np.cumsum(rows), chance.permutation(picked), side="right")


@dataclass(frozen=True, slots=True, repr=False)
class Sight:
    """A release by its classes (labels of each, rows, what they tell), its source's people, and perhaps a control group.

    `regular` are the classes that stand wholly at the levels that were declared. Without a control group, a person of
    the source with her own row taken out of the release stands for somebody who is not in it. `words` are what the
    numbers of labels stand for, column by column.
    """

    columns: tuple[Column, ...]
    words: tuple[tuple[str, ...], ...]
    labels: Integers
    rows: Integers
    regular: NDArray[np.bool_]
    told: tuple[Told, ...]
    source: People
    control: People | None

    @property
    def total(self) -> int:
        """How many rows the release has."""
        return int(self.rows.sum())

    @property
    def people(self) -> Integers:
        """How many of the source's people each class has."""
        inside = self.source.place >= 0
        return totals(self.source.place[inside], self.source.rows[inside], len(self.rows))

    def called(self, levels: Sequence[int]) -> Integers:
        """What each of the source's people is called at other levels, as numbers; kinds by columns."""
        found = []
        for number, (column, level) in enumerate(zip(self.columns, levels, strict=True)):
            words: dict[str, int] = {}
            codes = [words.setdefault(column.called(name, level), len(words)) for name in self.source.names[number]]
            found.append(np.array(codes, np.int64)[self.source.recorded[:, number]])
        return np.stack(found, axis=1)

    def groups(self, size: int, chance: np.random.Generator) -> tuple[People, Integers, Integers]:
        """The control group, and whom to attack of the source's people and of those.

        Where the source stands for its own control group, only people who are in the release are drawn: of the others
        there is no row to take out.
        """
        alone = self.control is None
        others = self.control or self.source
        main = self.source.drawn(size, chance, released=alone)
        return others, main, others.drawn(size, chance, released=alone)

    def rows_alike(self, labels: Integers, columns: Sequence[int]) -> Integers:
        """How many rows have the labels of each of these in some columns; rows under stars do not count."""
        regular = np.flatnonzero(self.regular)
        both = np.concatenate([self.labels[regular], labels])
        kind = np.unique(keyed([both[:, column] for column in columns]), return_inverse=True)[1]
        alike = totals(kind[: len(regular)], self.rows[regular], int(kind.max(initial=-1)) + 1)
        return alike[kind[len(regular) :]]

"""The generalisations to choose from around the best: those that no other beats in everything that an expert weighs.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from heapq import heappop, heappush
from operator import le
from time import perf_counter
from typing import TYPE_CHECKING, Final

from jalostamo.managing.sensitive.preparing.anonymity.costs import Worst
from jalostamo.managing.sensitive.preparing.anonymity.lattice import laid_out
from jalostamo.managing.sensitive.preparing.anonymity.losses import added
from jalostamo.managing.sensitive.preparing.anonymity.merging import units_met
from jalostamo.managing.sensitive.preparing.anonymity.metrics import per_cell
from jalostamo.managing.sensitive.preparing.anonymity.problem import nodes_total
from jalostamo.managing.sensitive.preparing.anonymity.searching import EQUAL, looker_of
from jalostamo.managing.sensitive.preparing.anonymity.utility import groupings_of
from jalostamo.managing.sensitive.preparing.anonymity.whole import settled

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.preparing.anonymity.lattice import Levels
    from jalostamo.managing.sensitive.preparing.anonymity.looking import Looker, Released
    from jalostamo.managing.sensitive.preparing.anonymity.metrics import PerCell
    from jalostamo.managing.sensitive.preparing.anonymity.problem import (
        Asked,
        Attribute,
        Histogram,
        Integers,
        Solution,
    )

MOST_NODES: Final = 200
MOST_SECONDS: Final = 20.0
_VIEWS_BYTES: Final = 128 * 2**20
"""How many generalisations are looked at, and for how long: this is a look around, and no second search."""

type Watch = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Choice:
    """A generalisation with what an expert weighs: loss, the greatest risk of being recognised, and who is left out.

    `beaten`: another is worse in none of these and better in one; only of the one that was chosen by another metric.

    `maximum_risk` is one of as many as are in the smallest class, persons where k counts persons.
    """

    levels: tuple[int, ...]
    loss: float
    maximum_risk: float
    suppressed_rows: int
    suppressed_share: float
    worst_group: Worst | None
    classes: int
    smallest_class: int
    chosen: bool
    beaten: bool = False

    @property
    def weighed(self) -> tuple[float, float, float, float]:
        """What is to be small."""
        worst = 0.0 if self.worst_group is None else self.worst_group.share
        return self.loss, self.maximum_risk, self.suppressed_share, worst

    def beats(self, other: Choice) -> bool:
        """Whether it is worse in nothing and better in something."""
        both = list(zip(self.weighed, other.weighed, strict=True))
        return all(one <= two + EQUAL for one, two in both) and any(one < two - EQUAL for one, two in both)


@dataclass(frozen=True, slots=True)
class Frontier:
    """What no other beats among those looked at; `whole` where there was nothing else to look at."""

    columns: tuple[str, ...]
    nodes_total: int
    evaluated: int
    feasible: int
    whole: bool
    choices: tuple[Choice, ...]

    def as_mapping(self) -> dict[str, object]:
        """As it is written to a file."""
        return {
            "nodes": {"total": self.nodes_total, "evaluated": self.evaluated, "feasible": self.feasible},
            "whole": self.whole,
            "choices": [
                {**asdict(choice), "levels": dict(zip(self.columns, choice.levels, strict=True))}
                for choice in self.choices
            ],
        }


def frontier_of(
    histogram: Histogram,
    attributes: tuple[Attribute, ...],
    asked: Asked,
    solution: Solution,
    *,
    groups: str | None = None,
    among: Sequence[Levels] | None = None,
    watch: Watch | None = None,
) -> Frontier:
    """Look at the generalisations nearest to the chosen one, and keep it and those that no other of them beats.

    `groups` names the one column whose groups are looked at, `among` the only generalisations that may be chosen;
    `watch` is told how many were looked at.
    """
    around = _Around(_Judge(histogram, attributes, asked, groups), solution.levels, among)
    found = around.looked_at(watch or (lambda _: None))
    judged = (replace(choice, beaten=any(other.beats(choice) for other in found)) for choice in found)
    best = [choice for choice in judged if choice.chosen or not choice.beaten]
    return Frontier(
        tuple(attribute.name for attribute in attributes),
        nodes_total(attributes) if among is None else len(among),
        around.evaluated,
        len(found),
        around.whole,
        tuple(sorted(best, key=lambda choice: (choice.loss, choice.levels))),
    )


class _Judge:
    """Looks at one generalisation after the other, by the search's own looking."""

    def __init__(
        self, histogram: Histogram, attributes: tuple[Attribute, ...], asked: Asked, groups: str | None
    ) -> None:
        layout = laid_out(attributes)
        self.shape = tuple(len(attribute.to_level) for attribute in attributes)
        # Where a generalisation is hopeless, all that are finer are.
        self.hopeless: list[Levels] = []
        self._histogram, self._rows = histogram, int(histogram.rows.sum())
        self._looker: Looker = looker_of(histogram, layout, asked, _VIEWS_BYTES)
        self._loss: PerCell = per_cell("loss", histogram, attributes, layout)
        self._groupings = groupings_of(histogram, attributes, (0,) * len(attributes), groups)

    def choice(self, levels: Levels, *, chosen: bool) -> Choice | None:
        """A generalisation that holds, or None."""
        node = self._looker.look(levels)
        if node is None:
            self.hopeless.append(levels)
            return None
        if node.suppressed > self._looker.limit or not node.holds:
            return None
        released = self._looker.released(levels)
        fewest = self._fewest(levels, released)
        return Choice(
            levels,
            self._loss.value(node),
            1 / fewest if fewest else 0.0,
            node.suppressed,
            node.suppressed / self._rows,
            self._worst(released.kept_rows),
            released.classes,
            released.smallest_class,
            chosen,
        )

    def _worst(self, kept: Integers) -> Worst | None:
        found = []
        for grouping in self._groupings:
            before, after = (added(grouping.of, rows, len(grouping.names)) for rows in (self._histogram.rows, kept))
            shares = (before - after) / before
            group = int(shares.argmax())
            found.append(Worst(grouping.column, grouping.names[group], grouping.small[group], float(shares[group])))
        return max(found, key=lambda worst: worst.share, default=None)

    def _fewest(self, levels: Levels, released: Released) -> int:
        """How many are in the smallest class: rows, or of what k counts first."""
        if not self._histogram.units:
            return released.smallest_class
        looker = self._looker
        view, groups = looker.views.from_finest(levels)
        if looker.ties is not None:
            people = settled(view, looker.models, looker.ties, for_good=False).people
            kept = people[people > 0]
        else:
            first = view.units[0]
            met: Integers = units_met(first.single, first.start, first.place, first.times)
            kept = met[added(groups, released.kept_rows, len(met)) > 0]
        return int(kept.min()) if len(kept) else 0


class _Around:
    """Goes from the best generalisation to its neighbours, the nearest first, until there were enough of them."""

    def __init__(self, judge: _Judge, best: Levels, among: Sequence[Levels] | None) -> None:
        self._judge, self._best, self._among = judge, best, among
        self.evaluated = 0
        self.whole = False

    def looked_at(self, watch: Watch) -> list[Choice]:
        """The generalisations that hold."""
        until, seen = perf_counter() + MOST_SECONDS, {self._best, *(self._among or ())}
        waiting = sorted((self._away(levels), levels) for levels in seen)
        found: list[Choice] = []
        while waiting and self.evaluated < MOST_NODES and perf_counter() < until:
            _, levels = heappop(waiting)
            if self._is_hopeless(levels):
                continue
            self.evaluated += 1
            watch(self.evaluated)
            choice = self._judge.choice(levels, chosen=levels == self._best)
            found += [choice] if choice else []
            fresh = [] if self._is_hopeless(levels) else [one for one in self._beside(levels) if one not in seen]
            seen.update(fresh)
            for other in fresh:
                heappush(waiting, (self._away(other), other))
        self.whole = not waiting
        return found

    def _is_hopeless(self, levels: Levels) -> bool:
        return any(all(map(le, levels, hopeless)) for hopeless in self._judge.hopeless)

    def _away(self, levels: Levels) -> int:
        return sum(abs(one - two) for one, two in zip(levels, self._best, strict=True))

    def _beside(self, levels: Levels) -> list[Levels]:
        if self._among is not None:
            return []
        return [
            (*levels[:place], levels[place] + step, *levels[place + 1 :])
            for place, height in enumerate(self._judge.shape)
            for step in (-1, 1)
            if 0 <= levels[place] + step < height
        ]

"""Choosing among the generalisations that a catalogue allows, and proposing what a catalogue could hold.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused, Objection, Refused
from jalostamo.managing.sensitive.preparing.anonymity.problem import Asked, nodes_total
from jalostamo.managing.sensitive.preparing.anonymity.searching import Watch, search

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.preparing.anonymity.catalogue import Choice
    from jalostamo.managing.sensitive.preparing.anonymity.histogram import Counted
    from jalostamo.managing.sensitive.preparing.anonymity.lattice import Levels
    from jalostamo.managing.sensitive.preparing.anonymity.problem import Attribute, Histogram, Solution
    from jalostamo.managing.sensitive.preparing.anonymity.recipe import Recipe

PROPOSED: Final = 8
"""So many generalisations are proposed at most: the choice among them tells three bits."""

_MOST_NODES: Final = 200_000

type Problem = tuple[Histogram, tuple[Attribute, ...], Asked]


def asked_of(recipe: Recipe, counted: Counted, *, rows: int, gone: int = 0) -> Asked:
    """What a recipe asks of a table of so many rows, as the search is asked; some may be left out already."""
    allowed = recipe.suppressed_rows(rows) - gone
    return Asked(recipe.k, counted.sensitive, allowed, recipe.metric, recipe.time_limit, recipe.limits)


def chosen(problem: Problem, among: Sequence[Levels], choice: Choice, *, watch: Watch | None = None) -> Solution:
    """Of some generalisations that hold the best by the recipe's metric, or the first in their order."""
    if choice == "least_loss":
        return search(*problem, watch=watch, among=among)
    for evaluated, levels in enumerate(among, 1):
        found = judged_at(problem, levels)
        if found is not None:
            return replace(found, nodes_total=len(among), nodes_evaluated=evaluated)
    raise Refused(
        [
            Objection(
                f"None of the {len(among)} generalisations that may be chosen meets the models with at most "
                f"{problem[2].suppressed_rows} rows suppressed: have a coarser one approved, or ask less of the models.",
                "2.6, phase 5",
            )
        ],
        reason="infeasible",
    )


def judged_at(problem: Problem, levels: Levels) -> Solution | None:
    """What one generalisation would release, None where it does not hold."""
    try:
        return search(*problem, among=[levels])
    except Refused as refused:
        if refused.reason == "infeasible":
            return None
        raise


def proposed(problem: Problem, best: Solution, *, step: Callable[[str], None]) -> tuple[Levels, ...]:
    """The best generalisation, and others that hold: finer than it in a column, or coarser; the best of each kind.

    Finer ones are for whom a column matters most, coarser ones for the day on which the best no longer holds.
    """
    if nodes_total(problem[1]) > _MOST_NODES:
        raise Misused(
            f"Of more than {_MOST_NODES:,} generalisations no catalogue is proposed: write it by hand, or leave out levels.",
            reason="catalogue_too_many",
        )
    found = [best.levels]
    every = list(product(*(range(len(attribute.to_level)) for attribute in problem[1])))
    for kind in _kinds(best.levels):
        among = [levels for levels in every if kind(levels) and _apart(levels, found)]
        step(f"proposing: {len(found)} of {PROPOSED}")
        if among and (other := _best(problem, among)) is not None:
            found.append(other.levels)
        if len(found) == PROPOSED:
            break
    return tuple(found)


def _best(problem: Problem, among: Sequence[Levels]) -> Solution | None:
    try:
        return search(*problem, among=among)
    except Refused as refused:
        if refused.reason == "infeasible":
            return None
        raise


def _kinds(best: Levels) -> Iterator[Callable[[Levels], bool]]:
    """What a generalisation is like that is proposed beside the best, in turn coarser and finer in each column."""
    for number, level in enumerate(best):
        yield lambda levels, n=number, least=level: levels[n] > least and _is_above(levels, best)  # type: ignore[misc]
        yield lambda levels, n=number, most=level: levels[n] < most  # type: ignore[misc]
    yield lambda levels: _is_above(levels, best)
    yield lambda levels: True


def _is_above(levels: Levels, other: Levels) -> bool:
    return all(one >= two for one, two in zip(levels, other, strict=True))


def _apart(levels: Levels, found: Sequence[Levels]) -> bool:
    return all(sum(abs(one - two) for one, two in zip(levels, other, strict=True)) > 0 for other in found)

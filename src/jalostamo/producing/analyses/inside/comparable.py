"""Journeys that were narrowed in two ways cannot be told apart by a ledger, so a population is printed in one way alone.

Leaving a service out, or some cases, moves a few persons from one cell to another; which ones, no condition on a field says.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.producing.analyses.inside.derivations import Derivation, derivations_in
from jalostamo.producing.analyses.inside.told import Telling
from jalostamo.producing.cubes.definition import SECTION

if TYPE_CHECKING:
    from jalostamo.producing.cubes.definition import CubeDefinition

_STEPS: Final = "steps"
"""The plain table of steps: a step of an analysis may be the same persons there, under another name."""


def refuse_incomparable(definition: CubeDefinition, earlier: Iterable[CubeDefinition]) -> None:
    """Refuse journeys that earlier cells of the population looked at otherwise; it is decided on definitions alone."""
    if all(_compares(definition, each) for each in earlier):
        return
    sentence = (
        f"'{definition.name}' looks at journeys otherwise than what was printed of population '{definition.population}' before: "
        "side by side they could tell of single persons. Use the same services, filters, tie rule and windows, or an index of "
        "other services; what is filtered, and the table 'steps', does not go with other cells."
    )
    raise Refused([Objection(sentence, SECTION)], reason="analysis_narrowed_otherwise")


def _compares(new: CubeDefinition, old: CubeDefinition) -> bool:
    one, other = (tuple(derivations_in(each).values()) for each in (new, old))
    if one and other:
        return all(_alike(each, further) for each in one for further in other)
    plain, derived = (new, other) if other else (old, one)
    if not derived:
        return True
    is_filtered = any(each.narrowed.filters for each in derived)
    return not is_filtered and all(measure.table != _STEPS for measure in plain.measures)


def _alike(new: Derivation | Telling, old: Derivation | Telling) -> bool:
    """Whether two derivations are the same, or look at no persons of whom one may hold the other by a hair.

    What two tellings tell, or one and a map, may be the same persons but for one: only tables of one telling go together.
    """
    if new.narrowed != old.narrowed:
        return False
    if isinstance(new, Telling) or isinstance(old, Telling):
        return isinstance(new, Telling) and isinstance(old, Telling) and replace(new, told=old.told) == old
    if new.around is None or old.around is None or new.around == old.around:
        return True
    return not set(new.around.index) & set(old.around.index)

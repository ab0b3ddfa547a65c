"""Why a recipe may not be carried out: it contradicts itself, or it would release what never is.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Objection, Refused, Unfit
from jalostamo.concepts.registers import NEVER_RELEASED, Sensitivity
from jalostamo.managing.dictionary import OPENED, ORDER, PSEUDONYMS, RESIDENCE

if TYPE_CHECKING:
    from jalostamo.managing.dictionary import Declared
    from jalostamo.managing.requests import Generalisation, Request

_OWN: Final = frozenset({*PSEUDONYMS, ORDER.name, OPENED.name, *(field.name for field in RESIDENCE)})
_SECTION: Final = "2.6, phase 5"
_UNRELEASABLE: Final = NEVER_RELEASED | {Sensitivity.LINK}


def refuse_contradictions(request: Request) -> None:
    """Refuse a recipe whose parts do not fit each other, or the linking of its request."""
    found = [*_about_units(request), *_about_names(request)]
    if found:
        raise Unfit(" ".join(f"[preparation]: {sentence}" for sentence in found), reason="recipe_contradiction")


def objections_to_releasing(request: Request, declared: Declared) -> list[Objection]:
    """Why the recipe's fields may not be released.

    Direct identifiers and free text never are, links only as pseudonyms, indirect identifiers of customers only as
    quasi-identifiers: outside them k protects nobody.
    """
    recipe = request.preparation
    return [
        *_about_fields([*recipe.generalisations, *recipe.events], declared),
        *_about_bare_identifiers(recipe.generalisations, declared),
    ]


def refuse_unreleasable(request: Request, declared: Declared) -> None:
    """Refuse a recipe that would release what may not be released."""
    objections = objections_to_releasing(request, declared)
    if objections:
        raise Refused(objections, reason="field_never_released")


def _about_units(request: Request) -> list[str]:
    units, linking = request.preparation.units, request.linking
    found = []
    if ("row" in units) != (linking is None):
        found.append("the unit 'row' is of requests without [linking], 'person' and 'household' of those with it.")
    if "household" in units and linking is not None and linking.household is None:
        found.append("the unit 'household' needs 'household' in [linking].")
    if request.preparation.events and not (linking and linking.joins):
        found.append("[[preparation.event_field]] needs 'joins' in [linking].")
    return found


def _about_names(request: Request) -> list[str]:
    recipe = request.preparation
    quasi = {wanted.name for wanted in recipe.generalisations if wanted.is_quasi_identifier}
    found = []
    if not quasi:
        found.append("at least one field is a quasi-identifier, or k says nothing.")
    if recipe.loss_by is not None and recipe.loss_by not in quasi:
        found.append("'loss_by' names one of the quasi-identifiers.")
    if any(wanted.is_quasi_identifier for wanted in recipe.events):
        found.append("an event field is no quasi-identifier: k is counted over customers.")
    for wanted in (recipe.generalisations, recipe.events):
        names = [generalisation.name for generalisation in wanted]
        if len(set(names)) != len(names) or any(name in _OWN or name.endswith("_") for name in names):
            own = ", ".join(f"'{name}'" for name in sorted(_OWN))
            found.append(f"names of fields differ from each other and from {own}, and end with no underscore.")
    return found


def _about_fields(wanted: Iterable[Generalisation], declared: Declared) -> list[Objection]:
    objections = []
    for name in sorted({name for generalisation in wanted for name in generalisation.fields}):
        if name not in declared.fields:
            raise Unfit(
                f"[preparation] asks for field '{name}', which no source or lookup of the request gives.",
                reason="field_unknown",
            )
        if name in declared.disputed:
            raise Unfit(
                f"[preparation] asks for field '{name}', of which a code has different meanings in its sources: bring them to "
                "one code list by [[harmonise]], or ask one source for it.",
                reason="codes_disputed",
            )
        found = sorted({field.sensitivity for field in declared.fields[name]} & _UNRELEASABLE)
        objections += [
            Objection(
                f"Field '{name}' is described as {word.replace('_', ' ')}: it is never released as it is.", _SECTION
            )
            for word in found
        ]
    return objections


def _about_bare_identifiers(wanted: Iterable[Generalisation], declared: Declared) -> list[Objection]:
    bare = {
        name for generalisation in wanted if not generalisation.is_quasi_identifier for name in generalisation.fields
    }
    return [
        Objection(
            f"Field '{name}' is described as an indirect identifier: it is released as a quasi-identifier or not at all.",
            _SECTION,
        )
        for name in sorted(bare)
        if any(field.sensitivity is Sensitivity.INDIRECT_IDENTIFIER for field in declared.fields[name])
    ]

"""Reading a recipe's file strictly: what it does not know, and what cannot be, is refused with its place and a way on.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.writings import Writing
from jalostamo.engine.transcoding import python_name
from jalostamo.managing.hierarchies import Hierarchy, read_hierarchy
from jalostamo.managing.sections import read_toml
from jalostamo.managing.sensitive.preparing.anonymity.problem import METRICS
from jalostamo.managing.sensitive.preparing.anonymity.reading_limits import MODELS, limits_of, population_of
from jalostamo.managing.sensitive.preparing.anonymity.recipe import (
    ROW,
    ClosenessAsked,
    ClosenessKind,
    DiversityAsked,
    DiversityKind,
    Part,
    QuasiIdentifier,
    Recipe,
    SensitiveAsked,
)

_DIVERSITY: Final[tuple[DiversityKind, ...]] = ("distinct", "entropy", "recursive")
_CLOSENESS: Final[tuple[ClosenessKind, ...]] = ("equal", "ordered", "hierarchical")
_SECTIONS: Final = ("table", "quasi_identifier", "sensitive", "keep", "population", "model", "objective")


def read_recipe(path: Path) -> Recipe:
    """The recipe that a file holds, with the hierarchies that it names, which lie beside it."""
    file = read_toml(path, "the recipe's file", unfit=partial(_no_toml, path))
    whole = Part(file.content, path.name)
    whole.refuse_unknown(_SECTIONS)
    nothing = Part({}, path.name)
    table = whole.part("table") or nothing
    model, objective = whole.part("model") or nothing, whole.part("objective") or nothing
    writing, people = _writing(table), whole.part("population")
    population = population_of(people, path.parent, writing=lambda part: _writing(part, writing))
    table.refuse_unknown(("delimiter", "encoding", "quote", "unit", "nulls"))
    model.refuse_unknown(("k", "suppression_limit", *MODELS))
    objective.refuse_unknown(("metric", "time_limit"))
    return Recipe(
        name=path.name,
        writing=writing,
        quasi=tuple(_quasi(part, path.parent) for part in whole.parts("quasi_identifier")),
        sensitive=tuple(_sensitive(part, path.parent) for part in whole.parts("sensitive")),
        keep=tuple(_kept(part) for part in whole.parts("keep")),
        units=_units(table),
        refuse_nulls=table.chosen("nulls", ("value", "refuse"), missing="value") == "refuse",
        k=_k(model),
        suppression_limit=_limit(model),
        metric=objective.chosen("metric", METRICS, missing="loss"),
        time_limit=_positive(objective, "time_limit", "a number of seconds above 0"),
        limits=limits_of(model, people),
        population=population,
        digest=file.digest,
    )


def _no_toml(path: Path, fault: str) -> Unfit:
    return Unfit(f"{path.name} is not TOML: {fault}.", reason="recipe_form")


def _writing(table: Part, usual: Writing | None = None) -> Writing:
    usual = usual or Writing(delimiter=",", encoding="utf-8", quote='"')
    delimiter = table.text("delimiter", missing=usual.delimiter)
    encoding = table.text("encoding", missing=usual.encoding)
    quote = table.content.get("quote", usual.quote)
    if not isinstance(quote, str):
        raise table.unfit("quote", "one character, or none")
    try:
        python_name(encoding)
        return Writing(delimiter=delimiter, encoding=encoding, quote=quote)
    except Unfit as unfit:
        raise Unfit(f"{table.place}: {unfit.sentence}", reason=unfit.reason) from None


def _units(table: Part) -> tuple[str, ...]:
    found = table.content.get("unit", ROW)
    units = table.texts("unit") if isinstance(found, list) else (table.text("unit", missing=ROW),)
    if units == (ROW,):
        return ()
    if ROW in units:
        raise table.unfit("unit", '"row" alone, a column, or a list of columns')
    return units


def _quasi(part: Part, folder: Path) -> QuasiIdentifier:
    part.refuse_unknown(("column", "hierarchy", "weight"))
    weight = _positive(part, "weight", "a number above 0")
    return QuasiIdentifier(part.text("column"), _hierarchy(part, folder), 1.0 if weight is None else weight)


def _hierarchy(part: Part, folder: Path) -> Hierarchy | None:
    return read_hierarchy(folder / part.text("hierarchy")) if "hierarchy" in part.content else None


def _kept(part: Part) -> str:
    part.refuse_unknown(("column",))
    return part.text("column")


def _sensitive(part: Part, folder: Path) -> SensitiveAsked:
    part.refuse_unknown(("column", "l_diversity", "t_closeness"))
    diversity, closeness = part.part("l_diversity"), part.part("t_closeness")
    return SensitiveAsked(
        part.text("column"),
        _diversity(diversity) if diversity else None,
        _closeness(closeness, folder) if closeness else None,
    )


def _diversity(part: Part) -> DiversityAsked:
    kind = part.chosen("kind", _DIVERSITY)
    part.refuse_unknown(("kind", "l", "c") if kind == "recursive" else ("kind", "l"))
    wanted = "a number of 1 or more" if kind == "entropy" else "a whole number of 1 or more"
    found = part.number("l", wanted)
    if found is None or found < 1 or (kind != "entropy" and not isinstance(found, int)):
        raise part.unfit("l", wanted)
    c = _positive(part, "c", "a number above 0")
    if kind == "recursive" and c is None:
        raise part.unfit("c", "a number above 0: recursive diversity needs it")
    return DiversityAsked(kind, found, c)


def _closeness(part: Part, folder: Path) -> ClosenessAsked:
    kind = part.chosen("kind", _CLOSENESS)
    more = {"ordered": ("order",), "hierarchical": ("hierarchy",)}.get(kind, ())
    part.refuse_unknown(("kind", "t", *more))
    t = part.number("t", "a number from 0 to 1")
    if t is None or not 0 <= t <= 1:
        raise part.unfit("t", "a number from 0 to 1")
    order = part.texts("order") if kind == "ordered" else ()
    hierarchy = _hierarchy(part, folder)
    if kind == "hierarchical" and hierarchy is None:
        raise part.unfit("hierarchy", "the file of the column's hierarchy: a hierarchical distance needs it")
    return ClosenessAsked(kind, t, order, hierarchy)


def _k(model: Part) -> int | None:
    found = model.number("k", "a whole number of 1 or more")
    if found is not None and (not isinstance(found, int) or found < 1):
        raise model.unfit("k", "a whole number of 1 or more")
    return found


def _limit(model: Part) -> Decimal:
    found = model.number("suppression_limit", "a share from 0 to 1")
    if found is not None and not 0 <= found <= 1:
        raise model.unfit("suppression_limit", "a share from 0 to 1")
    return Decimal(str(found or 0))


def _positive(part: Part, key: str, wanted: str) -> float | None:
    found = part.number(key, wanted)
    if found is not None and found <= 0:
        raise part.unfit(key, wanted)
    return found

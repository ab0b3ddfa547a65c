"""A data product's catalogue of generalisations that were approved beforehand: the choice among few of them tells little.

Handbook 2.6 (rule sets for anonymising in continuous analyses) and phase 5.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from jalostamo.concepts.errors import Objection, Refused, Unfit
from jalostamo.concepts.roles import Role
from jalostamo.managing.sections import read_toml
from jalostamo.managing.sensitive.preparing.anonymity.recipe import Part

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.preparing.anonymity.lattice import Levels
    from jalostamo.managing.sensitive.preparing.anonymity.recipe import Recipe

type Choice = Literal["least_loss", "first"]

NOT_APPROVED: Final = "not approved"
"""What stands in the place of a date until somebody approves a generalisation."""

_CHOICES: Final[tuple[Choice, ...]] = ("least_loss", "first")
_SECTION: Final = "2.6, phase 5"


@dataclass(frozen=True, slots=True)
class Approved:
    """A generalisation with the day on which it was approved, and by which role."""

    levels: Levels
    day: datetime.date
    role: Role


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The generalisations that a data product may have, in the order of policy; levels stand in the recipe's order.

    `choice`: of those that hold the one that loses least, or the first.
    """

    product: str
    vectors: tuple[Approved, ...]
    choice: Choice

    @property
    def bits(self) -> float:
        """How many bits the choice tells at most."""
        return log2(len(self.vectors))

    @property
    def levels(self) -> tuple[Levels, ...]:
        """The generalisations, in the order of policy."""
        return tuple(vector.levels for vector in self.vectors)

    def as_mapping(self) -> dict[str, object]:
        """The catalogue as a report tells of it."""
        return {
            "product": self.product,
            "vectors": len(self.vectors),
            "bits": self.bits,
            "choice": self.choice,
        }

    def sentence(self) -> str:
        """What the choice tells, in words."""
        how = "the one that loses least" if self.choice == "least_loss" else "the first"
        return (
            f"Chosen from the catalogue of '{self.product}': of {len(self.vectors)} approved generalisations {how} that holds. "
            f"The choice tells {self.bits:.1f} bits at most."
        )


def read_catalogue(path: Path, recipe: Recipe, *, today: datetime.date) -> Catalogue:
    """The catalogue in a file, for the columns of a recipe; what is not approved by today is refused."""
    content = read_toml(path, "the catalogue's file", unfit=partial(_no_toml, path)).content
    whole = Part(content, path.name)
    whole.refuse_unknown(("product", "vector"))
    product = whole.part("product")
    if product is None:
        raise Unfit(f"{path.name} needs a section [product].", reason="catalogue_form")
    product.refuse_unknown(("name", "columns", "choice"))
    parts = whole.parts("vector")
    if not parts:
        raise Unfit(f"{path.name} needs a [[vector]]: there is nothing to choose.", reason="catalogue_form")
    _refuse_other_columns(product, recipe)
    levels = [_levels(part, recipe) for part in parts]
    _refuse_doubled(parts, levels)
    vectors = tuple(_approved(part, found, today) for part, found in zip(parts, levels, strict=True))
    return Catalogue(product.text("name"), vectors, product.chosen("choice", _CHOICES, missing="least_loss"))


def proposal(product: str, recipe: Recipe, vectors: Iterable[Levels]) -> bytes:
    """A catalogue's file for somebody to approve: until a date and a role stand in it, it is refused."""
    columns = [q.column for q in recipe.quasi]
    lines = [
        "# Proposed, and not approved: give each generalisation the day of its approval (approved = 2026-11-23, without",
        '# quotes) and the role that approved it, or take it out. Their order is that of choice = "first".',
        "[product]",
        f"name = {_quoted(product)}",
        f"columns = [{', '.join(map(_quoted, columns))}]",
        'choice = "least_loss"',
    ]
    for levels in vectors:
        named = ", ".join(f"{_quoted(c)} = {level}" for c, level in zip(columns, levels, strict=True))
        lines += [
            "",
            "[[vector]]",
            f"levels = {{ {named} }}",
            f"approved = {_quoted(NOT_APPROVED)}",
            'approved_by = ""',
        ]
    return ("\n".join(lines) + "\n").encode()


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _no_toml(path: Path, fault: str) -> Unfit:
    return Unfit(f"{path.name} is not TOML: {fault}.", reason="catalogue_form")


def _refuse_other_columns(product: Part, recipe: Recipe) -> None:
    columns, wanted = product.texts("columns"), [q.column for q in recipe.quasi]
    if set(columns) != set(wanted):
        unknown = [f"'{column}' is no quasi-identifier of {recipe.name}" for column in columns if column not in wanted]
        missing = [f"'{column}' is missing" for column in wanted if column not in columns]
        raise Unfit(
            f"{product.place}: 'columns' are those of the recipe: {'; '.join((*unknown, *missing))}.",
            reason="catalogue_columns",
        )


def _levels(part: Part, recipe: Recipe) -> Levels:
    part.refuse_unknown(("levels", "approved", "approved_by"))
    levels = part.part("levels")
    if levels is None:
        raise part.unfit("levels", "a level for each column, such as { age = 2, district = 1 }")
    levels.refuse_unknown([q.column for q in recipe.quasi])
    found = []
    for q in recipe.quasi:
        top = len(q.hierarchy.levels) - 1 if q.hierarchy else 0
        level = levels.content.get(q.column)
        if not isinstance(level, int) or isinstance(level, bool) or not 0 <= level <= top:
            where = q.hierarchy.name if q.hierarchy else "a column without a hierarchy"
            raise Unfit(
                f"{levels.place}: '{q.column}' is a level from 0 to {top}, as {where} has them.",
                reason="catalogue_levels",
            )
        found.append(level)
    return tuple(found)


def _refuse_doubled(parts: Sequence[Part], levels: Sequence[Levels]) -> None:
    for number, (part, found) in enumerate(zip(parts, levels, strict=True)):
        if found in levels[:number]:
            earlier = levels.index(found) + 1
            raise Unfit(
                f"{part.place}: the same levels stand in [[vector]] {earlier} already: keep one.",
                reason="catalogue_doubled",
            )


def _approved(part: Part, levels: Levels, today: datetime.date) -> Approved:
    day, role = part.content.get("approved", NOT_APPROVED), part.content.get("approved_by", "")
    if not isinstance(day, datetime.date) or isinstance(day, datetime.datetime) or not role:
        sentence = (
            f"{part.place} is not approved: it needs the day ('approved', such as {today.isoformat()}) and the role "
            "('approved_by') of whoever approved it."
        )
        raise Refused([Objection(sentence, _SECTION)], reason="not_approved")
    if day > today:
        raise Refused([Objection(f"{part.place} is approved from a later day on.", _SECTION)], reason="not_approved")
    return Approved(levels, day, Role(part.chosen("approved_by", [each.value for each in Role])))

"""What is attacked, and with what: a written release, its source, and what else is out already.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jalostamo.concepts.errors import Unfit

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from jalostamo.managing.sensitive.validation.attacks.columns import Column
    from jalostamo.managing.sensitive.validation.attacks.sequences import PrintedCounts


@dataclass(frozen=True, slots=True)
class Written:
    """A written release: its file, and what is public of its quasi-identifiers."""

    path: Path
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        """The file's name."""
        return self.path.name


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """What is attacked, and with what: a release, its source, its sensitive columns, and what else is out already.

    `generalisations` is how many the recipe could have chosen (1 where a policy fixed it), `units` the source's
    columns of persons and households, where rows are counted as those, `control` people who are not
    in the release, of about as many rows as the source, where there are any.
    """

    release: Written
    source: ir.Table
    sensitive: tuple[str, ...]
    generalisations: int
    units: tuple[str, ...] = ()
    control: ir.Table | None = None
    earlier: tuple[Written, ...] = ()
    printed: tuple[PrintedCounts, ...] = ()


def refuse_missing(place: str, header: Iterable[str], needed: Iterable[str]) -> None:
    """Refuse a table without a column that is needed of it."""
    there = set(header)
    missing = ", ".join(f"'{name}'" for name in needed if name not in there)
    if missing:
        raise Unfit(f"{place} has no column {missing}: name what it was made by.", reason="column_missing")

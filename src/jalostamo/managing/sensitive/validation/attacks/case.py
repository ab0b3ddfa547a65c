"""What is attacked, and with what: a written release, its source, and what else is out already.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Unfit

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from jalostamo.managing.sensitive.validation.attacks.choosing import Choosing
    from jalostamo.managing.sensitive.validation.attacks.columns import Column
    from jalostamo.managing.sensitive.validation.attacks.sequences import PrintedCounts


BEFORE: Final = "before_"
"""What the columns of an earlier release are called by beside those of a later one."""


@dataclass(frozen=True, slots=True, repr=False)
class Written:
    """A written release: its file, and what is public of its quasi-identifiers.

    `called` is what an earlier release is told by, where not by its file's name. `linked` are the people of both it and the
    attacked one, one row each: what they are recorded as now, and as they were then in columns whose names begin with
    `BEFORE`; without it, people are sought in both as they are recorded now.
    """

    path: Path
    columns: tuple[Column, ...]
    called: str = ""
    linked: ir.Table | None = None

    @property
    def name(self) -> str:
        """What it is told by."""
        return self.called or self.path.name


@dataclass(frozen=True, slots=True, repr=False)
class Case:
    """What is attacked, and with what: a release, its source, its sensitive columns, and what else is out already.

    `generalisations` is how many the recipe could have chosen (1 where a policy fixed it), `units` the source's
    columns of persons and households, where rows are counted as those, `control` people who are not
    in the release, of about as many rows as the source, where there are any; `choosing` is what is public of how the
    generalisation was chosen, None where a policy fixed it.
    """

    release: Written
    source: ir.Table
    sensitive: tuple[str, ...]
    generalisations: int
    units: tuple[str, ...] = ()
    control: ir.Table | None = None
    earlier: tuple[Written, ...] = ()
    printed: tuple[PrintedCounts, ...] = ()
    choosing: Choosing | None = None


def refuse_missing(place: str, header: Iterable[str], needed: Iterable[str]) -> None:
    """Refuse a table without a column that is needed of it."""
    there = set(header)
    missing = ", ".join(f"'{name}'" for name in needed if name not in there)
    if missing:
        raise Unfit(f"{place} has no column {missing}: name what it was made by.", reason="column_missing")

"""What a recipe asks for: which columns lead back to people, what no class may tell, and how much may be left out.

Handbook 2.6 (anonymising the data) and phase 5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, cast

from jalostamo.concepts.errors import Unfit
from jalostamo.managing.sensitive.preparing.anonymity.limits import Limits

if TYPE_CHECKING:
    from pathlib import Path

    from jalostamo.concepts.writings import Writing
    from jalostamo.managing.hierarchies import Hierarchy
    from jalostamo.managing.sensitive.preparing.anonymity.problem import Metric

ROW: Final = "row"
"""The unit of a table in which each row is somebody of its own."""

_TOO_GREAT: Final = 2**53

type DiversityKind = Literal["distinct", "entropy", "recursive"]
type ClosenessKind = Literal["equal", "ordered", "hierarchical"]


@dataclass(frozen=True, slots=True)
class QuasiIdentifier:
    """A column by which people might be recognised, and how its values become coarser (without a hierarchy: they do not)."""

    column: str
    hierarchy: Hierarchy | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class DiversityAsked:
    """How many different values each class must hold, and by which count of them."""

    kind: DiversityKind
    l: float  # noqa: E741  # the model's own letter
    c: float | None = None


@dataclass(frozen=True, slots=True)
class ClosenessAsked:
    """How far the values of a class may be from those of the whole table, and by which distance."""

    kind: ClosenessKind
    t: float
    order: tuple[str, ...] = ()
    hierarchy: Hierarchy | None = None

    @property
    def known(self) -> frozenset[str] | None:
        """The values that the distance knows, "" for a missing one; None where it knows any."""
        if self.kind == "equal":
            return None
        return frozenset(self.order if self.hierarchy is None else self.hierarchy.levels[0])


@dataclass(frozen=True, slots=True)
class SensitiveAsked:
    """A column that must not be told of anybody, and what each class must hold so that it is not."""

    column: str
    diversity: DiversityAsked | None = None
    closeness: ClosenessAsked | None = None


@dataclass(frozen=True, slots=True)
class PopulationAsked:
    """The population that a table's people are some of: a file with a row for each person, and how that is written."""

    path: Path
    writing: Writing


@dataclass(frozen=True, slots=True)
class Recipe:
    """A recipe says how one table of one's own is made coarser, until every class meets the models that are asked.

    `units` is empty where each row is somebody of its own; else k holds for the distinct units of each of these columns.
    `limits` are the models beside k, l and t, `population` the file that some of them are counted in. `digest` is the sha256
    of the recipe's own file.
    """

    name: str
    writing: Writing
    quasi: tuple[QuasiIdentifier, ...]
    sensitive: tuple[SensitiveAsked, ...]
    keep: tuple[str, ...]
    units: tuple[str, ...]
    refuse_nulls: bool
    k: int | None
    suppression_limit: Decimal
    metric: Metric
    time_limit: float | None
    limits: Limits = Limits()
    population: PopulationAsked | None = None
    digest: str = ""

    def __post_init__(self) -> None:
        self._refuse_doubled()
        if not self.quasi:
            raise Unfit(
                f"{self.name} needs a [[quasi_identifier]]: without one, nobody is alike.", reason="recipe_columns"
            )
        of_values = any(column.diversity or column.closeness for column in self.sensitive)
        if self.k is None and not of_values and not self.limits.any:
            raise Unfit(
                f"{self.name} asks for no model: give k or another in [model], or l_diversity or t_closeness in a "
                "[[sensitive]].",
                reason="recipe_model",
            )

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are written, in the recipe's order."""
        return (*(q.column for q in self.quasi), *(s.column for s in self.sensitive), *self.keep)

    @property
    def read(self) -> tuple[str, ...]:
        """The columns that are read, each once: those that are written, and the units."""
        return tuple(dict.fromkeys((*self.columns, *self.units)))

    def suppressed_rows(self, rows: int) -> int:
        """How many of so many rows may be left out at most; by decimals, since in floating point 0.29 of 100 is 28."""
        return int(self.suppression_limit * rows)

    def _refuse_doubled(self) -> None:
        named = Counter(self.columns)
        roles = {q.column: "a quasi-identifier" for q in self.quasi} | {s.column: "sensitive" for s in self.sensitive}
        doubled = [column for column, times in named.items() if times > 1]
        doubled += [unit for unit in self.units if unit in roles and unit not in doubled]
        if doubled or len(set(self.units)) < len(self.units):
            listed = ", ".join(f"'{column}'" for column in doubled or self.units)
            raise Unfit(
                f"{self.name} names {listed} in more than one place: a column is either a quasi-identifier, sensitive, or kept "
                "(a unit may be kept); name it once.",
                reason="recipe_columns",
            )


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a recipe's file, which knows where it stands, so that what it lacks is told with its place."""

    content: Mapping[str, object]
    place: str

    def refuse_unknown(self, known: Sequence[str]) -> None:
        """Refuse a key that the part does not know: left unread, a misspelt limit would be none."""
        unknown = [f"'{key}'" for key in self.content if key not in known]
        if unknown:
            raise Unfit(
                f"{self.place} knows no {', '.join(unknown)}; it knows {', '.join(known)}.", reason="recipe_unknown"
            )

    def part(self, key: str) -> Part | None:
        """The table called so, or None."""
        found = self.content.get(key)
        if found is None:
            return None
        if not isinstance(found, Mapping):
            raise self.unfit(key, "a table of its own")
        return Part(found, f"{self.place}, {key}")

    def parts(self, key: str) -> tuple[Part, ...]:
        """Every table of a list of them, none where the key is not there."""
        found = self.content.get(key, [])
        if not isinstance(found, list) or not all(isinstance(entry, Mapping) for entry in found):
            raise Unfit(f"{self.place}: {key} is written [[{key}]], once for each column.", reason="recipe_value")
        return tuple(Part(entry, f"{self.place}, [[{key}]] {number}") for number, entry in enumerate(found, 1))

    def text(self, key: str, *, missing: str | None = None) -> str:
        """A text that is not empty."""
        found = self.content.get(key, missing)
        if not isinstance(found, str) or not found:
            raise self.unfit(key, "a text")
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts, each of them once."""
        found = self.content.get(key)
        if not isinstance(found, list) or not found or not all(isinstance(entry, str) for entry in found):
            raise self.unfit(key, "a list of texts")
        if len(set(found)) < len(found):
            raise self.unfit(key, "a list in which nothing stands twice")
        return tuple(found)

    def chosen[Word: str](self, key: str, words: Sequence[Word], *, missing: Word | None = None) -> Word:
        """One of the words that there are."""
        found = self.content.get(key, missing)
        if found not in words:
            raise self.unfit(key, f"one of {', '.join(words)}")
        return cast("Word", found)

    def number(self, key: str, wanted: str) -> float | None:
        """A number, None where the key is not there; `wanted` is what to say of any other value."""
        found = self.content.get(key)
        if found is None:
            return None
        # Neither what is no number, nor one that floating point cannot tell from the next: no limit is so great.
        if isinstance(found, bool) or not isinstance(found, int | float) or not abs(found) < _TOO_GREAT:
            raise self.unfit(key, wanted)
        return found

    def unfit(self, key: str, wanted: str) -> Unfit:
        """The refusal of a value that is not what its key wants."""
        return Unfit(f"{self.place}: '{key}' is {wanted}.", reason="recipe_value")

"""What became of a table: the report for machines, and the sentences for whoever asked; exact, since the table is one's own.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import isfinite
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from jalostamo.managing.sensitive.preparing.anonymity.course import Released

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.preparing.anonymity.costs import Utility
    from jalostamo.managing.sensitive.preparing.anonymity.frontier import Frontier
    from jalostamo.managing.sensitive.preparing.anonymity.problem import Solution
    from jalostamo.managing.sensitive.preparing.anonymity.recipe import Recipe
    from jalostamo.managing.sensitive.validation.alikeness import Alikeness


@dataclass(slots=True)
class Stopwatch:
    """A stopwatch notes how long each step took, by the clock and by what the processors did."""

    seconds: dict[str, float] = field(default_factory=dict)
    cpu_seconds: dict[str, float] = field(default_factory=dict)
    _clock: float = field(default_factory=perf_counter)
    _cpu: float = field(default_factory=process_time)

    def note(self, step: str) -> None:
        """Note a step as ended, and the next as begun."""
        clock, cpu = perf_counter(), process_time()
        self.seconds[step], self.cpu_seconds[step] = round(clock - self._clock, 3), round(cpu - self._cpu, 3)
        self._clock, self._cpu = clock, cpu


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a table: how many rows it had, what was found best, and what the written rows were seen to hold.

    `utility` tells what it is still good for, `frontier`, where it was asked for, what else could have been chosen;
    `digests` are the sha256 of the written rows and of the recipe, by which what is found of these is known to be of them.
    """

    recipe: Recipe
    rows: int
    dropped: tuple[str, ...]
    solution: Solution
    alikeness: Alikeness
    stopwatch: Stopwatch
    utility: Utility
    frontier: Frontier | None = None
    let_out: Released = Released()
    proposal: bytes | None = field(default=None, repr=False)
    digests: Mapping[str, str] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether every model held when the written rows were read anew; what does not hold is never written."""
        return self.alikeness.holds

    @property
    def levels(self) -> Mapping[str, int]:
        """The level of each quasi-identifier."""
        return {q.column: level for q, level in zip(self.recipe.quasi, self.solution.levels, strict=True)}

    @property
    def gap(self) -> float:
        """How much better a node not looked at could be at most, as a share of what was found; 0 where proved."""
        return self.solution.gap

    def as_mapping(self) -> dict[str, object]:
        """The report as it is written."""
        found = self.solution
        return {
            "rows": self.rows,
            "released_rows": self.alikeness.rows,
            "suppressed_rows": self.rows - self.alikeness.rows,
            "levels": dict(self.levels),
            "loss": found.loss,
            # Where nothing is released, a class has no size: JSON knows no infinity.
            "objective": {"metric": self.recipe.metric, "value": found.value if isfinite(found.value) else None},
            "classes": self.alikeness.classes,
            "smallest_class": self.alikeness.smallest_class,
            "models": {name: asdict(model) for name, model in self.alikeness.models.items()},
            "nodes": {"total": found.nodes_total, "evaluated": found.nodes_evaluated},
            "proved_optimal": found.proved,
            "gap": self.gap if isfinite(self.gap) else None,
            "seconds": self.stopwatch.seconds,
            "cpu_seconds": self.stopwatch.cpu_seconds,
            "allowed_rows": self.recipe.suppressed_rows(self.rows),
            "columns": self._columns(),
            "risks": asdict(self.alikeness.risks),
            "utility": self.utility.as_mapping(),
            **({} if self.frontier is None else {"frontier": self.frontier.as_mapping()}),
            **self.let_out.as_mapping(),
            "sha256": dict(self.digests),
        }

    def _columns(self) -> dict[str, object]:
        """What each column was for the recipe."""
        return {
            "quasi_identifiers": [q.column for q in self.recipe.quasi],
            "sensitive": [s.column for s in self.recipe.sensitive],
            "kept": list(self.recipe.keep),
            "units": list(self.recipe.units),
            "unprotected": list(self._unprotected),
            "dropped": list(self.dropped),
        }

    def sentences(self) -> tuple[str, ...]:
        """The outcome in words."""
        left_out = self.rows - self.alikeness.rows
        allowed = self.recipe.suppressed_rows(self.rows)
        return (
            f"Rows: {self.rows:,}. Released: {self.alikeness.rows:,}. Left out: {left_out:,} of at most {allowed:,}.",
            f"Levels: {', '.join(self._level(n) for n in range(len(self.recipe.quasi)))}.",
            *told(self.alikeness),
            *self.alikeness.remarks,
            f"Classes: {self.alikeness.classes:,}, the smallest of {self.alikeness.smallest_class:,} rows. "
            f"Loss: {self.solution.loss:.4f}." + self._objective(),
            self._proof(),
            *self.let_out.sentences(),
            *((f"Kept as they are, protected by no model: {', '.join(self._unprotected)}.",) * bool(self._unprotected)),
            *((f"Dropped columns: {', '.join(self.dropped)}.",) * bool(self.dropped)),
        )

    @property
    def _unprotected(self) -> tuple[str, ...]:
        unasked = (s.column for s in self.recipe.sensitive if s.diversity is None and s.closeness is None)
        return (*unasked, *self.recipe.keep)

    def _level(self, number: int) -> str:
        q, level = self.recipe.quasi[number], self.solution.levels[number]
        return f"{q.column} {level} of {len(q.hierarchy.levels) - 1 if q.hierarchy else 0}"

    def _objective(self) -> str:
        metric = self.recipe.metric
        return (
            ""
            if metric == "loss" or not isfinite(self.solution.value)
            else f" Objective {metric.replace('_', ' ')}: {self.solution.value:,.6g}."
        )

    def _proof(self) -> str:
        looked = f"{self.solution.nodes_evaluated:,} of {self.solution.nodes_total:,} generalisations looked at"
        if self.let_out.frozen is not None:
            return "The levels were not chosen anew."
        if self.solution.proved:
            return f"Proved to be the best: {looked}."
        return f"The time limit ended the search: {looked}. The best of all could be better by {self.gap:.2%} at most."


@dataclass(frozen=True, slots=True)
class Checked:
    """What the independent reading of a written table found; `against` says what t was measured against, where it was.

    `digests` are the sha256 of the table and of the recipe.
    """

    alikeness: Alikeness
    against: str
    digests: Mapping[str, str] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether every model holds."""
        return self.alikeness.holds

    def as_mapping(self) -> dict[str, object]:
        """The check as it is written."""
        return {**self.alikeness.as_mapping(), "sha256": dict(self.digests)}

    def sentences(self) -> tuple[str, ...]:
        """The check in words."""
        found, risks = self.alikeness, self.alikeness.risks
        return (
            f"Rows: {found.rows:,}. Classes: {found.classes:,}, the smallest of {found.smallest_class:,} rows.",
            *told(found),
            *found.remarks,
            *((self.against,) * bool(self.against)),
            f"Risk of being recognised by the quasi-identifiers: {risks.maximum:.2%} at most, {risks.average:.2%} on average; "
            f"{risks.unique_share:.2%} are alone in their class.",
        )


def told(alikeness: Alikeness) -> Sequence[str]:
    """Each model with what was asked and what was found."""
    if not alikeness.classes:
        return ["No row is left: there is no class that a model could be read from."]
    return [
        f"{_in_words(name)}: asked {_figure(model.asked)}, found {_figure(model.found)}"
        + (": holds." if model.holds else ": does not hold.")
        for name, model in alikeness.models.items()
    ]


def _figure(value: float) -> str:
    """A figure in words: whole numbers in full."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.4g}"


def _in_words(name: str) -> str:
    """A model's name as people write it: k-anonymity, k-map, sample uniqueness."""
    return (name.replace("_", "-", 1) if name[1] == "_" else name).replace("_", " ")

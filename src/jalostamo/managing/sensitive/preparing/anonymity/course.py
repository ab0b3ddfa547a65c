"""The course of a release: which generalisations may be chosen, whom earlier ones left out, and what it is attacked with.

Handbook 2.6 (rule sets for anonymising in continuous analyses) and phase 5.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.managing.sensitive.preparing.anonymity.before import Rest, left_out_of, rest_of
from jalostamo.managing.sensitive.preparing.anonymity.catalogue import proposal, read_catalogue
from jalostamo.managing.sensitive.preparing.anonymity.choosing import chosen, judged_at, proposed
from jalostamo.managing.sensitive.preparing.anonymity.notices import no_longer_holds
from jalostamo.managing.sensitive.preparing.anonymity.register import (
    NamedFile,
    content_of,
    is_entry,
    put,
    read_entry,
    read_register,
)
from jalostamo.managing.sensitive.preparing.anonymity.searching import search
from jalostamo.managing.sensitive.preparing.anonymity.together import Beside, attacked_together, refuse_crossing

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.releasing import Policy
    from jalostamo.managing.sensitive.preparing.anonymity.catalogue import Catalogue
    from jalostamo.managing.sensitive.preparing.anonymity.choosing import Problem
    from jalostamo.managing.sensitive.preparing.anonymity.lattice import Levels
    from jalostamo.managing.sensitive.preparing.anonymity.problem import Solution
    from jalostamo.managing.sensitive.preparing.anonymity.recipe import Recipe
    from jalostamo.managing.sensitive.preparing.anonymity.register import Entry, Register
    from jalostamo.managing.sensitive.preparing.anonymity.searching import Watch
    from jalostamo.managing.sensitive.preparing.anonymity.tables import Loaded
    from jalostamo.managing.sensitive.preparing.anonymity.together import Together


@dataclass(frozen=True, slots=True)
class Frozen:
    """The levels that a continuous analysis began with, what they are kept from, and the day of this release."""

    levels: Levels
    since: str
    today: datetime.date
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """What a release is bound by, read before its table is."""

    policy: Policy | None = None
    recipe_path: Path | None = None
    catalogue: Catalogue | None = None
    frozen: Frozen | None = None
    register: Register | None = None
    earlier: tuple[Entry, ...] = ()

    def rest(self, engine: Engine, loaded: Loaded, recipe: Recipe) -> Rest:
        """The counted table without whom earlier releases left out, where the levels of one are kept."""
        if self.frozen is None or self.policy is None:
            return rest_of(engine, loaded, recipe, None)
        lifted = self.policy.without_earlier is not None
        left_out = left_out_of(engine, self.earlier, recipe, without_gone=lifted)
        return replace(rest_of(engine, loaded, recipe, left_out.units), unknown=left_out.unknown)

    def solution(self, problem: Problem, *, watch: Watch | None, of: Callable[[], tuple[Loaded, Rest]]) -> Solution:
        """The generalisation that may be chosen; `of` is what it is chosen for, told where it no longer holds."""
        if self.frozen is not None:
            found = judged_at(problem, self.frozen.levels) if problem[2].suppressed_rows >= 0 else None
            if found is None:
                loaded, rest = of()
                raise no_longer_holds(
                    problem,
                    self.frozen.levels,
                    since=self.frozen.since,
                    today=self.frozen.today,
                    numbers=(loaded, rest),
                )
            return found
        if self.catalogue is not None:
            return chosen(problem, self.catalogue.levels, self.catalogue.choice, watch=watch)
        return search(*problem, watch=watch)

    @property
    def allowed(self) -> Sequence[Levels] | None:
        """The only generalisations that may be chosen; None where every one may."""
        if self.frozen is not None:
            return [self.frozen.levels]
        return None if self.catalogue is None else self.catalogue.levels

    def proposal(
        self, problem: Problem, recipe: Recipe, best: Solution, *, step: Callable[[str], None]
    ) -> bytes | None:
        """A catalogue to be approved, where one was asked for."""
        if self.policy is None or self.policy.propose is None:
            return None
        return proposal(self.policy.propose.stem, recipe, proposed(problem, best, step=step))

    def let_out(self, release: Path, loaded: Loaded, recipe: Recipe, *, solution: Solution, rest: Rest) -> Released:
        """Attack what was written together with what is out already, and say what is told and entered of it."""
        if self.policy is None:
            return Released()
        table, levels = loaded.file.path, dict(zip((q.column for q in recipe.quasi), solution.levels, strict=True))
        policy = self.policy
        recipient = "outside" if policy.outside else "under_permit"
        beside = Beside(self.earlier, policy.cubes, recipient, policy.without_earlier is not None)  # type: ignore[arg-type]
        together = attacked_together(
            release.parent, release, table=table, recipe=recipe, levels=solution.levels, beside=beside
        )
        refuse_crossing(together)
        told = Released(
            self.catalogue, self.frozen, rest.gone, rest.unknown, bool(recipe.units), self._number, together
        )
        if self.register is None or self.recipe_path is None:
            return told
        files = {
            "out": NamedFile.of(release, at=policy.place),
            "table": NamedFile.of(table),
            "recipe": NamedFile.of(self.recipe_path),
        }
        kept = int(solution.kept_rows.sum())
        content = {
            **content_of(recipe, files=files, levels=levels, numbers=(kept, loaded.rows - kept)),
            "population": policy.population,
            "dated": policy.today.isoformat(),
            "catalogue": None if self.catalogue is None else self.catalogue.as_mapping(),
            "without_earlier": policy.without_earlier,
            "consistent": self.frozen is not None and bool(recipe.units),
        }
        return replace(told, register=self.register, content=content)

    @property
    def _number(self) -> int | None:
        return None if self.register is None else len(self.register.entries) + 1


@dataclass(frozen=True, slots=True)
class Released:
    """What is told of a release beside its rows, and the entry that it gets in the register."""

    catalogue: Catalogue | None = None
    frozen: Frozen | None = None
    gone: int = 0
    unknown: tuple[str, ...] = ()
    has_units: bool = True
    number: int | None = None
    together: Together | None = None
    register: Register | None = None
    content: Mapping[str, object] | None = None

    def as_mapping(self) -> dict[str, object]:
        """What a report tells, beside what it always does."""
        told: dict[str, object] = {}
        if self.catalogue is not None:
            told["catalogue"] = self.catalogue.as_mapping()
        if self.frozen is not None:
            told["as_before"] = {
                "since": self.frozen.since,
                "left_out_before": self.gone,
                "not_known_of": list(self.unknown),
            }
        if self.number is not None:
            told["entry"] = self.number
        if self.together is not None and (self.number is not None or self.together.findings):
            told["together"] = self.together.as_mapping()
        return told

    def sentences(self) -> tuple[str, ...]:
        """The same in words."""
        said = [] if self.catalogue is None else [self.catalogue.sentence()]
        if self.frozen is not None:
            told = f"Levels as before ({self.frozen.since}); {self.gone:,} rows are of people who were left out before."
            nobody = "Rows are counted, and nobody is known again: who was left out before cannot stay left out."
            said.append(told if self.has_units else nobody)
            if self.unknown:
                said.append(f"Whom {', '.join(self.unknown)} left out is not known, and may be let out.")
        if self.together is not None and (self.number is not None or self.together.findings):
            said += self.together.sentences()
        return tuple(said) + ((f"Entered as release {self.number}.",) if self.number is not None else ())

    @contextmanager
    def entered(self) -> Iterator[None]:
        """While the files are put in their places: first entered, then noted as put, so that no release is without an entry."""
        if self.register is None or self.content is None:
            yield
            return
        entry = self.register.begin(self.content)
        yield
        put(entry)


def course_of(recipe: Recipe, recipe_path: Path, policy: Policy | None) -> Course:
    """Read what a policy names, before the table is read."""
    if policy is None:
        return Course()
    if policy.as_before is not None and (policy.catalogue is not None or policy.propose is not None):
        raise Misused("--as-before keeps its levels: leave out --catalogue and --propose-catalogue.", reason="usage")
    if (policy.releases is None) != (policy.population is None):
        raise Misused("--releases and --population go together: whose releases are entered.", reason="usage")
    if policy.without_earlier is not None and (policy.releases is None or not policy.without_earlier.strip()):
        raise Misused("--without-earlier says in words why, and needs --releases.", reason="usage")
    catalogue = None if policy.catalogue is None else read_catalogue(policy.catalogue, recipe, today=policy.today)
    frozen = None if policy.as_before is None else _frozen(policy.as_before, recipe, policy.today)
    register = None if policy.releases is None else read_register(policy.releases)
    earlier: tuple[Entry, ...] = ()
    if register is not None and policy.population is not None:
        earlier = register.of(policy.population)
    elif frozen is not None and frozen.entry is not None and policy.as_before is not None:
        earlier = read_register(policy.as_before.parent).of(frozen.entry.population)
    return Course(policy, recipe_path, catalogue, frozen, register, earlier)


def _frozen(path: Path, recipe: Recipe, today: datetime.date) -> Frozen:
    entry = read_entry(path) if is_entry(path) else None
    levels = entry.levels if entry is not None else _levels_in(path)
    columns = [q.column for q in recipe.quasi]
    if set(levels) != set(columns):
        raise Unfit(
            f"{path.name} tells levels of {', '.join(sorted(levels))}, and {recipe.name} has {', '.join(columns)}: name the "
            "release of this recipe.",
            reason="as_before",
        )
    for q in recipe.quasi:
        top = len(q.hierarchy.levels) - 1 if q.hierarchy else 0
        if not 0 <= levels[q.column] <= top:
            raise Unfit(f"{path.name}: '{q.column}' has levels 0 to {top} in {recipe.name}.", reason="as_before")
    return Frozen(tuple(levels[column] for column in columns), entry.called if entry else path.name, today, entry)


def _levels_in(path: Path) -> Mapping[str, int]:
    try:
        found = json.loads(path.read_bytes())["levels"]
        if not isinstance(found, dict) or not all(type(level) is int for level in found.values()):
            raise TypeError
    except OSError:
        raise Misused(
            f"{path.name} is missing: name a report, or an entry of a register.", reason="file_missing"
        ) from None
    except (ValueError, KeyError, TypeError):
        raise Unfit(
            f"{path.name} is no report of `anonymise`, and no entry of a register.", reason="as_before"
        ) from None
    return found

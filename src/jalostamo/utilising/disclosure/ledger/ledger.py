"""The ledger of everything printed, per population: each cube's file, and exact figures of others, in one chain.

A new cube is judged and added in one step, alone: of two at the same time the second is judged by the first.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jalostamo.concepts.errors import JalostamoError, Misused, Unfit
from jalostamo.permits.contents import canonical
from jalostamo.producing.cubes.definition import CubeDefinition
from jalostamo.producing.cubes.differences import Difference
from jalostamo.utilising.disclosure.files import decoded, digest_of_file, encoded
from jalostamo.utilising.disclosure.ledger.chains import Chain, Entry, Head, chains_in, locked
from jalostamo.utilising.disclosure.ledger.exact_figures import ExactFigures, LaidBare, laid_bare
from jalostamo.utilising.disclosure.ledger.figure_files import figures_from, figures_written
from jalostamo.utilising.disclosure.ledger.refusals import Candidate, refuse
from jalostamo.utilising.disclosure.ledger.telling import TELLING, Told, refuse_after_refusals, since_lifted
from jalostamo.utilising.disclosure.printed import PrintedContent


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger is a folder that is only added to; whoever may write there is trusted to use nothing else."""

    folder: Path

    def __post_init__(self) -> None:
        if not self.folder.is_dir():
            raise Misused("The ledger's folder does not exist: make it first.", reason="ledger_folder")

    def admit(
        self, content: PrintedContent, *, source: str | None = None, differences: Iterable[Difference] = ()
    ) -> str:
        """Judge a cube by all that was printed of its population, and add it; its digest is the answer.

        What was admitted before, to the letter, is admitted again and not written twice.
        """
        written = encoded(content)
        candidate = Candidate(content, digest_of_file(written), source, tuple(differences))
        with locked(self.folder, alone=True):
            chain = self._chain(content.definition.population)
            entries = chain.entries()
            cubes = [entry for entry in entries if entry.kind == "cube"]
            if candidate.digest not in {entry.kept for entry in cubes}:
                figures = [_figures(chain, entry) for entry in entries if entry.kind == "figures"]
                of_all = [e for each in chains_in(self.folder) for e in each.entries() if e.kind == "cube"]
                refuse(candidate, cubes, figures, lambda entry: decoded(chain.kept(entry)), of_all=of_all)
                chain.add("cube", written, candidate.facts)
        return candidate.digest

    @contextmanager
    def heeding_refusals(self, definition: CubeDefinition) -> Iterator[None]:
        """Refuse to begin where too many cubes of the population were refused; write down a refusal of this one that tells."""
        with locked(self.folder, alone=False):
            refuse_after_refusals(self._chain(definition.population), definition)
        try:
            yield
        except JalostamoError as refusal:
            if refusal.reason in TELLING:
                told = Told(definition.name, definition.digest, refusal.reason)
                with locked(self.folder, alone=True):
                    self._chain(definition.population).add("refusal", canonical(told.facts), told.facts)
            raise

    def refusals(self, population: str) -> tuple[Told, ...]:
        """The refusals of a population that nobody has looked at yet, the earliest first."""
        with locked(self.folder, alone=False):
            return since_lifted(self._chain(population).entries())

    def lift(self, population: str, *, by: str, because: str) -> tuple[Told, ...]:
        """Let cubes of a population be asked for again: who has looked at the refusals, which are the answer, and why."""
        facts = {"by": by, "because": because}
        with locked(self.folder, alone=True):
            chain = self._chain(population)
            told = since_lifted(chain.entries())
            if told:
                chain.add("lifted", canonical(facts), facts)
        return told

    def add_figures(self, figures: ExactFigures) -> Mapping[str, tuple[LaidBare, ...]]:
        """Add exact figures published elsewhere, once; the cubes that they lay bare already, by digest, are the answer."""
        written = figures_written(figures)
        with locked(self.folder, alone=True):
            chain = self._chain(figures.population)
            entries = chain.entries()
            known = [_figures(chain, entry) for entry in entries if entry.kind == "figures"]
            cubes = [entry for entry in entries if entry.kind == "cube"]
            bare = {entry.kept: laid_bare(decoded(chain.kept(entry)), [*known, figures]) for entry in cubes}
            if digest_of_file(written) not in {entry.kept for entry in entries}:
                facts = {"source": figures.source, "cells": len(figures.cells)}
                chain.add("figures", written, facts)
        return {digest: cells for digest, cells in bare.items() if cells}

    def cubes(self, population: str) -> dict[str, PrintedContent]:
        """Everything printed of a population, by digest, the earliest first."""
        with locked(self.folder, alone=False):
            chain = self._chain(population)
            return {entry.kept: decoded(chain.kept(entry)) for entry in chain.entries() if entry.kind == "cube"}

    def has_printed(self, digest: str) -> bool:
        """Whether a cube was printed, by its digest, of whatever population."""
        with locked(self.folder, alone=False):
            entries = (entry for chain in chains_in(self.folder) for entry in chain.entries())
            return any((entry.kind, entry.kept) == ("cube", digest) for entry in entries)

    def kept_since(self, population: str, number: int, *, definition: str) -> Path | None:
        """The file of the first cube that a definition was printed as after so many entries of a population, if it was."""
        with locked(self.folder, alone=False):
            chain = self._chain(population)
            later = (entry for entry in chain.entries()[number:] if entry.kind == "cube")
            found = next((entry for entry in later if entry.facts["definition"] == definition), None)
            return chain.kept_at(found) if found else None

    def definitions(self, population: str) -> dict[str, CubeDefinition]:
        """The definitions of everything printed of a population, by the digest of the cube, for counting differences."""
        return {digest: content.definition for digest, content in self.cubes(population).items()}

    def entries(self, population: str) -> tuple[Entry, ...]:
        """The entries about a population, in their order."""
        with locked(self.folder, alone=False):
            return self._chain(population).entries()

    def heads(self) -> dict[str, Head]:
        """Where each chain ends, by population: to be kept elsewhere."""
        with locked(self.folder, alone=False):
            found = {chain.population: chain.entries() for chain in chains_in(self.folder)}
        return {population: Head(entries[-1].number, entries[-1].digest) for population, entries in found.items()}

    def verify(self, heads: Mapping[str, Head] | None = None) -> dict[str, Head]:
        """Look at every entry and every file, and whether each chain still holds the heads that were kept elsewhere."""
        with locked(self.folder, alone=False):
            chains = chains_in(self.folder)
            for chain in chains:
                for entry in chain.entries():
                    _check_kept(chain, entry)
            told = {chain.population: chain.entries() for chain in chains}
        for population, head in (heads or {}).items():
            entries = told.get(population, ())
            if len(entries) < head.number or entries[head.number - 1].digest != head.digest:
                raise Unfit(
                    f"The ledger does not hold together: it lacks entry {head.number} of a head kept elsewhere.",
                    reason="ledger_changed",
                )
        return {population: Head(entries[-1].number, entries[-1].digest) for population, entries in told.items()}

    def _chain(self, population: str) -> Chain:
        return Chain(self.folder, population)


def _figures(chain: Chain, entry: Entry) -> ExactFigures:
    return figures_from(chain.kept(entry))


def _check_kept(chain: Chain, entry: Entry) -> None:
    if entry.kind == "figures":
        _figures(chain, entry)
        return
    if entry.kind != "cube":
        chain.kept(entry)
        return
    content = decoded(chain.kept(entry))
    same = ("series", "rule"), (content.series, content.rule.as_mapping())
    if tuple(entry.facts[name] for name in same[0]) != same[1] or content.definition.population != chain.population:
        raise Unfit(
            f"The ledger does not hold together: entry {entry.number} tells something else than its file.",
            reason="ledger_changed",
        )

"""Why a cube may not join those printed before it: what would be undone, and what would mend it.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

import numpy as np

from jalostamo.concepts.errors import Broken, Objection, Refused
from jalostamo.producing.cubes.differences import Difference
from jalostamo.producing.cubes.identities import of_whom
from jalostamo.producing.cubes.redundancy import share_left
from jalostamo.utilising.disclosure.ledger.chains import Entry
from jalostamo.utilising.disclosure.ledger.exact_figures import ExactFigures, laid_bare
from jalostamo.utilising.disclosure.ledger.same_cells import identities_of
from jalostamo.utilising.disclosure.printed import PrintedContent

SECTION: Final = "Handbook 2.6, phase 8"
_SHORT: Final = 12
_DECIMALS: Final = 3

type Facts = Mapping[str, object]
type Reasoned = tuple[str, Objection]


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A candidate is a cube that asks to be printed: its digest, what it was counted from, and whom its filters single out.

    `source` is the digest of the counted data; None where it is not known.
    """

    content: PrintedContent
    digest: str
    source: str | None
    differences: tuple[Difference, ...]

    @property
    def facts(self) -> dict[str, object]:
        """What the ledger's entry tells of it; the rest is in the cube's own file."""
        definition, noise = self.content.definition, self.content.noise
        return {
            "name": definition.name,
            "definition": definition.digest,
            "of_whom": sorted({of_whom(definition, measure) for measure in definition.measures}),
            "series": self.content.series,
            "noise": {"id": noise.id, "digest": noise.digest},
            "noise_left": round(share_left(definition), _DECIMALS),
            "rule": self.content.rule.as_mapping(),
            "source": self.source,
            "differences": [{"earlier": each.earlier, "cells": each.cells} for each in self.differences],
            "cells": self.content.cells.num_rows,
        }


def refuse(
    candidate: Candidate,
    earlier: Sequence[Entry],
    figures: Sequence[ExactFigures],
    read: Callable[[Entry], PrintedContent],
    *,
    of_all: Iterable[Entry] = (),
) -> None:
    """Refuse a cube that would undo what was printed, or be undone by it; the reason is the first objection's.

    `earlier` are the cubes of its population, `of_all` those of every population.
    """
    found = [
        *_printed_otherwise(candidate, earlier, read),
        *_by_another_table(candidate, of_all),
        *_singling_out(candidate, earlier),
        *_laid_bare(candidate.content, figures),
    ]
    if found:
        raise Refused([objection for _, objection in found], reason=found[0][0])


def _printed_otherwise(
    candidate: Candidate, earlier: Sequence[Entry], read: Callable[[Entry], PrintedContent]
) -> Iterator[Reasoned]:
    if not earlier:
        return
    new, facts = identities_of(candidate.content), candidate.facts
    for entry in earlier:
        if not _may_share(facts, entry.facts):
            continue
        old = identities_of(read(entry))
        here, there = new.shared_with(old)
        if not len(here):
            continue
        mends = list(_otherwise(facts, entry.facts))
        if mends:
            sentence = f"{len(here)} of its cells were printed before, in cube {_named(entry)}, {'; '.join(mends)}."
            yield "printed_otherwise", Objection(f"{sentence} Or leave those cells out.", SECTION)
        else:
            _check_same(candidate, entry, differ=bool(np.any(new.printed[here] != old.printed[there])))


def _by_another_table(candidate: Candidate, of_all: Iterable[Entry]) -> Iterator[Reasoned]:
    """The same people may stand in cells that no definition tells to be the same; by two tables, they would be known."""
    facts = candidate.facts
    others = [e for e in of_all if facts["series"] is not None and e.facts["series"] == facts["series"]]
    tables = sorted({str(cast("Facts", e.facts["noise"])["id"]) for e in others if e.facts["noise"] != facts["noise"]})
    if tables:
        sentence = (
            f"Its series prints with noise table {', '.join(tables)}: name that one in the definition, or print it in a "
            "series of its own."
        )
        yield "series_noise", Objection(sentence, SECTION)


def _may_share(new: Facts, old: Facts) -> bool:
    """Whether two cubes look at the same units, tables and days at all, so that cells of one can be cells of the other."""
    return bool(set(_listed(new, "of_whom")) & set(_listed(old, "of_whom")))


def _otherwise(new: Facts, old: Facts) -> Iterator[str]:
    """What of the printing is not as it was, and what would mend it."""
    if new["series"] != old["series"] or new["series"] is None:
        # Two numbers with independent noise for the same units: their mean is nearer the truth than either.
        kept = "with record keys that were destroyed: use that printed cube again"
        yield (
            kept
            if old["series"] is None
            else f"with the record keys of series {old['series']}: print it in that series"
        )
    if new["noise"] != old["noise"]:
        yield f"with noise table {cast('Facts', old['noise'])['id']}: name that one in the definition"
    if new["rule"] != old["rule"]:
        yield f"under rule '{cast('Facts', old['rule'])['id']}': print it under that rule"


def _check_same(candidate: Candidate, entry: Entry, *, differ: bool) -> None:
    same_source = candidate.source is not None and candidate.source == entry.facts["source"]
    if differ and same_source:
        raise Broken(
            f"The same cells of the same data print other numbers than in cube {_named(entry)}.",
            reason="same_units_other_number",
        )


def _singling_out(candidate: Candidate, earlier: Sequence[Entry]) -> Iterator[Reasoned]:
    """Each earlier cube of another definition needs its differences counted, and all of them have to be as few as declared."""
    definition = candidate.content.definition
    told = {each.earlier: each.cells for each in candidate.differences}
    others = [entry for entry in earlier if entry.facts["definition"] != definition.digest]
    untold = [entry for entry in others if entry.kept not in told and _same_unit(candidate.facts, entry.facts)]
    if untold:
        named = ", ".join(_named(entry) for entry in untold)
        yield (
            "differences_unknown",
            Objection(
                f"It is not known whether its filters cut single units out of {len(untold)} earlier cubes ({named}): "
                "count the differences from their definitions, which the ledger keeps, and hand them in.",
                SECTION,
            ),
        )
    # All together, since each difference is one more look at some unit.
    cut = sum(told.get(entry.kept, 0) for entry in others)
    if cut > definition.single_unit_differences:
        yield (
            "single_units_cut_out",
            Objection(
                # How many would be a true count, told to whoever sent the definition in.
                "It differs from earlier cells by single units more often than the "
                f"{definition.single_unit_differences} times that its definition declares. Drop or widen the filter, make the "
                "dimensions coarser, or declare more and have that decided.",
                SECTION,
            ),
        )


def _same_unit(new: Facts, old: Facts) -> bool:
    """Whether two cubes count the same kind of unit in a table that both read, in days that overlap."""
    return any(
        one[:3] == other[:3] and one[3] <= other[4] and other[3] <= one[4]
        for one in _listed(new, "of_whom")
        for other in _listed(old, "of_whom")
    )


def _laid_bare(content: PrintedContent, figures: Sequence[ExactFigures]) -> Iterator[Reasoned]:
    bare = laid_bare(content, figures)
    for (measure, dimensions), cells in Counter((each.measure, tuple(each.coordinates)) for each in bare).items():
        by = f"by {', '.join(dimensions)}" if dimensions else "in total"
        yield (
            "laid_bare",
            Objection(
                f"Exact figures published elsewhere would lay bare {cells} cells of '{measure}' {by}: leave that measure or "
                "one of those dimensions out, make a dimension coarser, or have the exact figures withdrawn.",
                SECTION,
            ),
        )


def _named(entry: Entry) -> str:
    return f"'{entry.facts['name']}' ({entry.kept[:_SHORT]})"


def _listed(facts: Facts, name: str) -> list[tuple[str, ...]]:
    return [tuple(each) for each in cast("list[list[str]]", facts[name])]

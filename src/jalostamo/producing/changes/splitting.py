"""Splitting the change between two results: the analysis is put again to the log after each part of what happened to its records.

Each part is what it adds to those before it, so that parts sum to the difference; where parts act together, as on a median, the
earlier one is told first: code lists, corrections, late records, and then what really changed.

Handbook 2.3 (repeatability) and 2.4 (the quality of source data).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.producing.analyses.answering import answer
from jalostamo.producing.analyses.sources import journeys_of_log
from jalostamo.producing.changes.figures import Change, changes_of
from jalostamo.producing.changes.records import Extract, Part, compare

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine
    from jalostamo.producing.analyses.asked import Analysis
    from jalostamo.producing.analyses.findings import Findings

UNKNOWN: Final = "unknown"
"""The only part where no records are at hand."""

BEYOND_NOISE: Final = 1.96
"""A change of a printed count that is more of its noise's standard deviations is said to be beyond the noise."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed between two results, and why: how many records each part has, and the figures that differ.

    `noise` is the standard deviation that noise alone gives to the difference of two printed counts, None of true figures.
    """

    old: Findings
    new: Findings
    records: Mapping[str, int]
    figures: tuple[Change, ...]
    noise: float | None = None

    def as_mapping(self) -> dict[str, object]:
        """The changes as their file holds them."""
        return {
            "analysis": self.new.name,
            "method": self.new.method,
            "definition": self.new.definition,
            "old": self.old.source,
            "new": self.new.source,
            "protected": self.new.protected,
            "noise": self.noise,
            "records": dict(self.records),
            "figures": [self._told(change) for change in self.figures],
        }

    def _told(self, change: Change) -> dict[str, object]:
        place = change.place
        told: dict[str, object] = {"table": place.table, "row": list(place.row), "figure": place.name}
        told |= {"old": change.old, "new": change.new, "difference": change.difference, "parts": self._parts(change)}
        return told if self.noise is None else told | {"beyond_noise": self.is_beyond_noise(change)}

    def _parts(self, change: Change) -> Mapping[str, int | float]:
        if self.records:
            return {part.value: value for part, value in change.parts.items()}
        return {} if change.difference is None else {UNKNOWN: change.difference}

    def is_beyond_noise(self, change: Change) -> bool | None:
        """Whether a printed count changed by more than noise does; None of what is no count."""
        counts = (change.old, change.new)
        if self.noise is None or change.difference is None or not all(isinstance(value, int) for value in counts):
            return None
        return abs(change.difference) > BEYOND_NOISE * self.noise

    @property
    def written(self) -> bytes:
        """The changes as bytes, the same for the same changes."""
        return (json.dumps(self.as_mapping(), ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def refuse_others(old: Findings, new: Findings) -> None:
    """Refuse two results that are not of one definition, or one of which is protected and the other is not."""
    if (old.definition, old.method) != (new.definition, new.method):
        raise Misused(
            "The two results are of different definitions: put one file of an analysis to both sources.",
            reason="definitions_differ",
        )
    if old.protected is not new.protected or old.facts.get("noise") != new.facts.get("noise"):
        raise Misused(
            "The two results are not protected alike: what would differ is their protection.",
            reason="protection_differs",
        )


def seen_alone(old: Findings, new: Findings, *, variance: float | None) -> Changes:
    """What differs between two results whose records are not at hand; `variance` is that of the noise of a printed count."""
    refuse_others(old, new)
    noise = None if variance is None else math.sqrt(2 * variance)
    return Changes(old, new, {}, tuple(changes_of([(None, old), (None, new)])), noise)


def split(
    engine: Engine,
    analysis: Analysis,
    results: tuple[Findings, Findings],
    *,
    extracts: tuple[Extract, Extract],
    codes: Sequence[tuple[str, str]] = (),
    until: int | None = None,
    progress: Callable[[str], None],
) -> Changes:
    """Split the change between two results of true figures, whose two extracts are at hand, the old one first."""
    old, new = results
    refuse_others(old, new)
    progress("comparing records")
    compared = compare(engine, *extracts, codes=codes, until=until)

    def level(part: Part) -> Findings:
        progress("measuring")
        journeys = journeys_of_log(engine, compared.logs[part], analysis)
        return answer(engine, journeys, analysis, source=old.source, progress=lambda _: None)

    levels = [(part, level(part)) for part in Part if part in compared.logs]
    if levels[-1][1].tables != new.tables:
        raise Unfit(
            "The newer result is not what its log gives: make both anew with `analyse`, of one version.",
            reason="findings_other",
        )
    return Changes(old, new, compared.counts, tuple(changes_of([(None, old), *levels])))

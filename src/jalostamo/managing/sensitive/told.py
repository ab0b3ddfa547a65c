"""What the lane of cells tells of its process: how well registers were linked and who was left out, as counts to be printed.

They come without record keys, and are rounded. Noise by keys would be another in every series and by every table of noise
that a definition may name, and the mean of many, or what all of them allow together, would be the true count.

Handbook 2.2 (checking combinability) and 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from jalostamo.managing.process_counts import ProcessCount, Tree

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.combinability import CombinabilityReport, RegisterMatch
    from jalostamo.managing.sensitive.exclusions import Protection


def linking_told(report: CombinabilityReport | None) -> dict[str, Tree]:
    """How well the registers were linked; nothing where there was nothing to link."""
    if report is None:
        return {}
    return {
        "register": report.register,
        "persons": ProcessCount(report.persons),
        "households": ProcessCount(report.households),
        "joined": [_joined(match) for match in report.joined],
        "as_of": _as_of(report),
    }


def exclusions_told(protection: Protection) -> dict[str, Tree]:
    """How many were left out, and how many homes hidden."""
    counts = {kind.value: ProcessCount(number) for kind, number in protection.persons.items()}
    day = protection.day.isoformat() if protection.day else None
    return {"told": protection.is_told, "day": day, "elsewhere": ProcessCount(protection.elsewhere), **counts}


def _joined(match: RegisterMatch) -> dict[str, Tree]:
    """How one register was linked; `matched` are the persons of it who were found."""
    return {
        "register": match.register,
        "codes": ProcessCount(match.codes),
        "matched": ProcessCount(match.matched),
        "matched_by_history": ProcessCount(match.matched_by_history),
        "invalid": ProcessCount(match.codes - match.valid),
        "look_alikes": ProcessCount(match.look_alikes),
        "records": ProcessCount(match.records),
        "records_linked": ProcessCount(match.records_linked),
        "by_group": [
            {"group": group.group, "codes": ProcessCount(group.codes), "matched": ProcessCount(group.matched)}
            for group in match.by_group
        ],
    }


def _as_of(report: CombinabilityReport) -> list[Mapping[str, Tree]]:
    return [
        {
            "name": match.name,
            "asked": ProcessCount(match.asked),
            "found": ProcessCount(match.found),
            "disputed": ProcessCount(match.disputed),
        }
        for match in report.as_of
    ]

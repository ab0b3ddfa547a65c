"""Whether registers can be combined: who exists by the first one, how well each other joins it, and who in it is doubled.

Handbook 2.2 (checking combinability).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jalostamo.managing.manifests import rounded
from jalostamo.managing.sensitive.as_of import AsOfMatch


@dataclass(frozen=True, slots=True)
class GroupMatch:
    """How many distinct codes of one recorded group there are, and how many of them were found."""

    group: str
    codes: int
    matched: int

    def rounded(self) -> dict[str, object]:
        """The group as it may leave the closed room; without a rate where it rounds to nobody."""
        codes, matched = rounded(self.codes), rounded(self.matched)
        return {"group": self.group, "codes": codes, "share": round(matched / codes, 2) if codes else None}


@dataclass(frozen=True, slots=True)
class RegisterMatch:
    """How well one register joins the one that tells who exists; all but `records` and its kin count distinct codes.

    matched + unmatched = valid; valid + invalid = codes. Ambiguous codes match a person told of in conflicting ways,
    look-alikes are unmatched codes that differ from some person's by the century sign alone, and those matched by history
    are former codes of a person who has another one now.
    """

    register: str
    records: int
    records_without_code: int
    codes: int
    valid: int
    invalid: Mapping[str, int]
    matched: int
    ambiguous: int
    unmatched: int
    look_alikes: int
    records_linked: int
    by_group: tuple[GroupMatch, ...]
    matched_by_history: int = 0


@dataclass(frozen=True, slots=True)
class HistoryUse:
    """What the history of identity codes told: former codes that lead to a person's present one, and those that do not.

    `unsound` changes name a code that is none, `conflicting` former codes lead to several persons, and those `in_use`
    are somebody's present code: none of them is followed.
    """

    followed: int = 0
    unsound: int = 0
    conflicting: int = 0
    in_use: int = 0


@dataclass(frozen=True, slots=True)
class CombinabilityReport:
    """Whether the registers can be combined: who exists by the first, and how well each other one joins.

    `exact_duplicates` are persons delivered twice alike (kept once), `conflicting` those delivered in different ways
    (left out, since no one knows which is true).
    """

    register: str
    records: int
    codes: int
    valid: int
    invalid: Mapping[str, int]
    exact_duplicates: int
    conflicting: int
    persons: int
    households: int
    joined: tuple[RegisterMatch, ...]
    history: HistoryUse = HistoryUse()
    as_of: tuple[AsOfMatch, ...] = ()

    def rounded(self) -> dict[str, object]:
        """The report as it may leave the closed room: counts to the nearest 5, and match rates of groups from those alone.

        A rate from exact counts would give the counts back, and with them who was added between two runs.
        """
        joined = [
            {
                "register": match.register,
                "codes": rounded(match.codes),
                "matched": rounded(match.matched),
                "matched_by_history": rounded(match.matched_by_history),
                "invalid": rounded(match.codes - match.valid),
                "look_alikes": rounded(match.look_alikes),
                "records": rounded(match.records),
                "records_linked": rounded(match.records_linked),
                "by_group": [group.rounded() for group in match.by_group],
            }
            for match in self.joined
        ]
        return {
            "register": self.register,
            "persons": rounded(self.persons),
            "households": rounded(self.households),
            "joined": joined,
            "as_of": [
                {"name": m.name, "asked": rounded(m.asked), "found": rounded(m.found), "disputed": rounded(m.disputed)}
                for m in self.as_of
            ],
        }

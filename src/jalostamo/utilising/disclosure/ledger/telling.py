"""Refusals that tell: each says something of whom the records hold, so that only a few of a population are let pass.

Whether single units are cut out, whether anybody has a value that a definition leaves out, whether a group is too thin:
each answer is one bit about people whom a filter chose. After a few, somebody of the closed room looks at what was asked.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.producing.cubes.definition import CubeDefinition
from jalostamo.utilising.disclosure.ledger.chains import Chain, Entry

TELLING: Final = frozenset(
    (
        "amounts_unaudited",
        "cube_missing",
        "cube_not_finite",
        "cube_thin",
        "cube_too_large",
        "cube_unlisted",
        "laid_bare",
        "single_units_cut_out",
        "structural_zero_filled",
    )
)
"""The reasons of refusals that depend on the records, and on what a definition asks of them."""

MOST_REFUSALS: Final = 3
_SECTION: Final = "Handbook 2.6, phase 8"


@dataclass(frozen=True, slots=True)
class Told:
    """Told is what a refusal was about: the cube's name, its definition's digest, and the reason."""

    name: str
    definition: str
    reason: str

    @property
    def facts(self) -> Mapping[str, object]:
        """The refusal as the ledger keeps it."""
        return {"name": self.name, "definition": self.definition, "reason": self.reason}


def since_lifted(entries: Sequence[Entry]) -> tuple[Told, ...]:
    """The refusals of a population that nobody of the closed room has looked at yet."""
    lifted = max((place for place, entry in enumerate(entries, 1) if entry.kind == "lifted"), default=0)
    refusals = [entry.facts for entry in entries[lifted:] if entry.kind == "refusal"]
    return tuple(Told(str(each["name"]), str(each["definition"]), str(each["reason"])) for each in refusals)


def refuse_after_refusals(chain: Chain, definition: CubeDefinition) -> None:
    """Refuse a definition that has not been printed before where too many were refused; what was printed may come again."""
    entries = chain.entries()
    told = since_lifted(entries)
    printed = {entry.facts["definition"] for entry in entries if entry.kind == "cube"}
    if len(told) < MOST_REFUSALS or definition.digest in printed:
        return
    sentence = (
        f"{len(told)} cubes of population '{definition.population}' were refused for what the records hold, and each refusal "
        "tells a little of who is among them. Only what was printed before is printed again, until somebody of the closed "
        "room has looked at what was asked: see `jalostamo closed-room refusals`."
    )
    raise Refused([Objection(sentence, _SECTION)], reason="refusals_too_many")

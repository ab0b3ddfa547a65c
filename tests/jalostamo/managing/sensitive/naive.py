"""Linking, classes and pseudonyms worked out row by row in plain Python, as slowly and plainly as they can be said."""

from __future__ import annotations

import hashlib
import hmac
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tests.jalostamo.managing.sensitive.small_town import Row

from jalostamo.concepts.identifiers import fault_in

type Codes = Callable[[str], str]


def as_recorded(code: str) -> str:
    return code


def without_sign(code: str) -> str:
    """The weakening that must be noticed: codes compared on ten of their eleven characters."""
    return code[:6] + code[7:]


@dataclass(frozen=True)
class Joined:
    """What linking finds: who exists, whose records are whose, and the counts of the report."""

    persons: dict[str, Row]
    linked: dict[str, str]
    counts: dict[str, int]


def joined(persons: Sequence[Row], decisions: Sequence[Row], *, key: Codes = as_recorded) -> Joined:
    told = defaultdict(list)
    for row in persons:
        if fault_in(row["identity_code"]) is None:
            told[key(row["identity_code"])].append(tuple(row.items()))
    known = {code: dict(ways[0]) for code, ways in told.items() if len(set(ways)) == 1}
    clients = {key(row["client"]) for row in decisions if fault_in(row["client"]) is None}
    recorded = {row["client"] for row in decisions} - {""}
    counts = {
        "exact_duplicates": sum(len(ways) > 1 and len(set(ways)) == 1 for ways in told.values()),
        "conflicting": sum(len(set(ways)) > 1 for ways in told.values()),
        "persons": len(known),
        "households": len({row["household"] for row in known.values()} - {""}),
        "codes": len(recorded),
        "valid": sum(fault_in(code) is None for code in recorded),
        "matched": len(clients & set(told)),
        "ambiguous": len((clients & set(told)) - set(known)),
        "unmatched": len(clients - set(told)),
        "look_alikes": sum(without_sign(c) in {without_sign(k) for k in told} for c in clients - set(told)),
        "records_linked": sum(key(row["client"]) in known for row in decisions),
    }
    linked = {
        row["number"]: known[key(row["client"])]["identity_code"] for row in decisions if key(row["client"]) in known
    }
    return Joined(known, linked, counts)


def classes(
    rows: Iterable[dict[str, object]], quasi: Sequence[str]
) -> dict[tuple[object, ...], list[dict[str, object]]]:
    """Rows by their quasi-identifiers; what is missing is a value of its own."""
    found = defaultdict(list)
    for row in rows:
        found[tuple(row[name] for name in quasi)].append(row)
    return dict(found)


def smallest(rows: Iterable[dict[str, object]], quasi: Sequence[str]) -> dict[str, int]:
    """The smallest class by persons and by households; someone without a household is one of her own."""
    by_class = classes(rows, quasi).values()
    return {
        "person": min(len({row["person"] for row in alike}) for alike in by_class),
        "household": min(len({row["household"] or row["person"] for row in alike}) for alike in by_class),
    }


def pseudonym(key: bytes, kind: str, identifier: str) -> str:
    """HMAC-SHA-256 by the letter of RFC 2104, without the hmac module's shortcut, cut to 128 bits."""
    padded = key.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(b ^ 0x36 for b in padded) + f"{kind}:{identifier}".encode()).digest()
    whole = hashlib.sha256(bytes(b ^ 0x5C for b in padded) + inner).hexdigest()
    assert whole == hmac.new(key, f"{kind}:{identifier}".encode(), "sha256").hexdigest()
    return whole[:32]

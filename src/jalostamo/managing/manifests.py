"""Manifests: what a step of the corridor was made from and gave, as canonical JSON whose digest the next step names.

By these digests any figure is followed back to the request that asked for it.

Handbook 2.6.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Unfit

ROUNDED_TO: Final = 5


@dataclass(frozen=True, slots=True)
class Manifest:
    """A manifest is the sealed account of one step; `step` is its name in the corridor."""

    step: str
    content: Mapping[str, object]

    @property
    def written(self) -> bytes:
        """The bytes of the manifest: keys in order, UTF-8, nothing that depends on the machine."""
        return (
            json.dumps({**self.content, "step": self.step}, ensure_ascii=False, sort_keys=True, indent=1).encode()
            + b"\n"
        )

    @property
    def digest(self) -> str:
        """The sha256 of those bytes, by which later steps name this one."""
        return hashlib.sha256(self.written).hexdigest()


def read_manifest(path: Path) -> Manifest:
    """Read a manifest as it was written; one that does not come back to the letter has been changed."""
    written = path.read_bytes()
    try:
        content = json.loads(written)
        manifest = Manifest(content.pop("step"), content)
    except (ValueError, KeyError, AttributeError, TypeError):
        raise Unfit(f"{path.name} is not a manifest.", reason="manifest_form") from None
    if manifest.written != written:
        raise Unfit(f"{path.name} has been changed since it was written.", reason="manifest_changed")
    return manifest


def released_under(releases: Path, head: str) -> Path | None:
    """The release that left under an order, by the digest of the event that ordered it; None where none did."""
    # A folder that begins with a dot is one that is being written, or was left by a run that was killed.
    for place in sorted(releases.glob("*/[!.]*/manifest.json")):
        order = read_manifest(place).content.get("order")
        if isinstance(order, Mapping) and order.get("head") == head:
            return place.parent
    return None


def digest_of(path: Path) -> str:
    """The sha256 of a whole file, read in pieces: the one check that finds every kind of damage in every reader's file."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def rounded(count: int) -> int:
    """A count that tells of the process, as it may leave the closed room: to the nearest 5.

    Exact ones could single out by difference (two runs that differ by one person).
    """
    return ROUNDED_TO * round(count / ROUNDED_TO)

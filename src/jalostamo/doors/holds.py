"""Holds: decisions by which data of a permit is kept although its day has come; signed by townhall, and believed only so.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.doors.home import Home, made
from jalostamo.doors.installation import KEY, townhall_signer, townhall_verifier

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT: Final = "jalostamo-hold-1"


def hold(home: Home, permit: str, *, decision: str, since: datetime.date) -> Path:
    """Have townhall sign that data of a permit is held, by which decision and since when; taking its file away ends it."""
    from jalostamo.permits.contents import canonical
    from jalostamo.storage.places import write_whole

    told = {"format": FORMAT, "permit": permit, "decision": decision, "since": since.isoformat()}
    signature = townhall_signer(home).sign(canonical(told)).hex()
    made(home.holds)
    path = _place(home, permit)
    write_whole(path, canonical({**told, "signature": signature}), force=True)
    return path


def lift(home: Home, permit: str) -> None:
    """End a hold: from then on what is due is destroyed."""
    from jalostamo.storage.places import sync

    try:
        _place(home, permit).unlink()
    except FileNotFoundError:
        raise Misused("No hold is on a permit of that name.", reason="hold_missing") from None
    sync(home.holds)


def held_permits(home: Home) -> Mapping[str, str]:
    """The folders of permits that are held, with the decision; refused where a hold is not as townhall signed it."""
    from jalostamo.managing.nonsensitive.releases import folder_of
    from jalostamo.permits.contents import canonical

    found: dict[str, str] = {}
    for path in sorted(home.holds.glob("*.json")):
        try:
            told = json.loads(path.read_bytes())
            signature = bytes.fromhex(told.pop("signature"))
            permit, decision = str(told["permit"]), str(told["decision"])
            if told["format"] != FORMAT or not townhall_verifier(home).verify(KEY, canonical(told), signature):
                raise ValueError
        except (ValueError, KeyError, TypeError, AttributeError):
            # Neither is believed: that it holds, nor that nothing does.
            raise Unfit(
                f"{path.name} is no hold that townhall signed: nothing is destroyed until it is looked at.",
                reason="hold_form",
            ) from None
        found[folder_of(permit)] = decision
    return found


def _place(home: Home, permit: str) -> Path:
    from jalostamo.managing.nonsensitive.releases import folder_of

    return home.holds / f"{folder_of(permit)}.json"

"""Records the chain of events by which the separation is proved: a case played to a prepared run, signed by a key that is gone.

python -m tests.jalostamo.doors.recorded_chain
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from tests.jalostamo.permits.cases import RUN
from tests.jalostamo.permits.walking import HIGH, SIGNER, Player

import jalostamo.doors.separation
from jalostamo.permits.contents import content_of
from jalostamo.permits.signing import Ed25519Signer

CHAIN = Path(jalostamo.doors.separation.__file__).with_name("chain.json")


def write() -> None:
    """Play the case and write its chain over the recorded one."""
    case = Player(HIGH).until("order_run")
    ordered = len(case.events)
    events = Player(HIGH).until("report_prepared").events
    once = Ed25519Signer.new(SIGNER.key)
    signed = [replace(event, signature=once.sign(event.message).hex()) for event in events]
    told = {
        "key": once.key,
        "public": once.public.hex(),
        "ordered": ordered,
        "run": RUN,
        "events": [content_of(event) for event in signed],
    }
    CHAIN.write_text(json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()

"""Under whose responsibility, and under which permits of others, a source is used: an expired permit stops the run.

Handbook 2.1 and 2.6, phase 4.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

from jalostamo.concepts.errors import Misused, Objection, Refused

if TYPE_CHECKING:
    from jalostamo.concepts.registers import Register
    from jalostamo.managing.requests import Request


def refuse_expired(register: Register, request: Request, *, day: datetime.date | None) -> None:
    """Refuse a source whose outside permits have expired on the day of the run, or will before its release is put away."""
    if not register.outside_permits:
        return
    if day is None:
        raise Misused("Outside permits expire on days: the run must be told its day.", reason="run_day")
    needed = max(day, request.in_use_until or day)
    objections = [
        Objection(
            f"Register '{register.name}' may be used under an outside permit until {permit.expires}, but is needed until "
            f"{needed.isoformat()}: have it extended, or ask for less.",
            "2.6, phase 4",
        )
        for permit in register.outside_permits
        if permit.last_day < needed
    ]
    if objections:
        raise Refused(objections, reason="outside_permit_expired")


def usable_until(registers: Iterable[Register]) -> datetime.date | None:
    """The earliest day on which an outside permit of any of the registers expires; None where none has any."""
    days = [permit.last_day for register in registers for permit in register.outside_permits]
    return min(days, default=None)


def responsibility_of(register: Register, request: Request) -> dict[str, object]:
    """Who answered for a register on the days of the data, and under which outside permits it is used."""
    return {
        "controllers": controllers_between(register, request.first_day, request.last_day),
        "outside_permits": [asdict(permit) for permit in register.outside_permits],
    }


def controllers_between(register: Register, first: datetime.date, last: datetime.date) -> list[dict[str, str]]:
    """The organisations that answered for a register from one day to another, each with its days within them."""
    one = datetime.timedelta(days=1)
    changes = {first}
    for told in register.controllers:
        changes.add(datetime.date.fromisoformat(told.since))
        if told.until and told.until != datetime.date.max.isoformat():
            changes.add(datetime.date.fromisoformat(told.until) + one)
    starts = sorted(day for day in changes if first <= day <= last)
    found: list[dict[str, str]] = []
    for start, after in zip(starts, [*starts[1:], None], strict=True):
        until = (after - one if after else last).isoformat()
        organisation = register.controller_on(start)
        if found and found[-1]["organisation"] == organisation:
            found[-1]["until"] = until
        else:
            found.append({"organisation": organisation, "since": start.isoformat(), "until": until})
    return found

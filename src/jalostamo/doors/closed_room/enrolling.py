"""The command `closed-room people`: whose public keys the closed room seals releases to; who changes that is written down first.

The private halves are made in the open room, and never come here.

Handbook 2.6 (the status of unprocessed data) and phase 5.
"""

from __future__ import annotations

import datetime
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Broken, Misused
from jalostamo.doors.auditing import log_of, take_checkpoint
from jalostamo.doors.home import Home, alone
from jalostamo.doors.people import fingerprint_of, public_in, refuse_form, trust, trusted_people
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command

if TYPE_CHECKING:
    from jalostamo.audit.acts import Act

_ACTIONS: Final = ("list", "enrol", "strike")
_NEEDS: Final[Mapping[str, tuple[str, ...]]] = {"enrol": ("person", "public", "by"), "strike": ("person", "by")}


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("action", metavar="|".join(_ACTIONS), choices=_ACTIONS, help="what to do")
    parser.add_argument("--home", metavar="DIR", type=Path, required=True, help="the installation")
    parser.add_argument("--person", metavar="STAFF-ID", help="enrol, strike: whom")
    parser.add_argument(
        "--public", metavar="FILE", type=Path, help="enrol: what `open-room own-key` wrote, STAFF-ID.pub"
    )
    parser.add_argument("--by", metavar="STAFF-ID", help="enrol, strike: who of the closed room does it")


def _run(asked: Namespace, _progress: Progress) -> Account:
    home = Home(asked.home)
    # A misspelt home is not made.
    home.delivered()
    lacking = [name for name in _NEEDS.get(asked.action, ()) if getattr(asked, name) is None]
    if lacking:
        raise Misused(f"To {asked.action} also give --{', --'.join(lacking)}.", reason="people_asked")
    with alone(home.private("trust"), doing="enrolling people"):
        known = dict(trusted_people(home))
        match asked.action:
            case "enrol":
                return _enrolled(asked, home, known)
            case "strike":
                return _struck(asked, home, known)
    listed = [f"{person}: {fingerprint_of(public)}" for person, public in sorted(known.items())]
    told = {person: fingerprint_of(public) for person, public in sorted(known.items())}
    return Account((f"People whom releases can be sealed to: {len(listed)}.", *listed), {"people": told})


def _enrolled(asked: Namespace, home: Home, known: dict[str, bytes]) -> Account:
    from jalostamo.audit.acts import Act

    refuse_form(asked.person)
    public = public_in(asked.public)
    if known.get(asked.person, public) != public:
        raise Misused(
            "This person is enrolled with another key: strike it first, once it is known that it is hers no more.",
            reason="person_enrolled",
        )
    if asked.person not in known:
        _write_down(home, Act.PERSON_ENROLLED, public, by=asked.by)
        trust(home, known | {asked.person: public})
    told = fingerprint_of(public)
    return Account(
        (f"Enrolled: {told}. Have her read hers aloud: only if they are the same is it her key.",),
        {"person": asked.person, "fingerprint": told},
    )


def _struck(asked: Namespace, home: Home, known: dict[str, bytes]) -> Account:
    from jalostamo.audit.acts import Act

    if asked.person not in known:
        raise Misused(f"None of the {len(known)} people enrolled here is called so.", reason="person_unknown")
    public = known.pop(asked.person)
    _write_down(home, Act.PERSON_STRUCK, public, by=asked.by)
    trust(home, known)
    sentence = "Struck: nothing is sealed to her any more. What was sealed to her before, she can open until its key is destroyed."
    return Account((sentence,), {"person": asked.person, "fingerprint": fingerprint_of(public)})


def _write_down(home: Home, act: Act, public: bytes, *, by: str) -> None:
    """A key is named by its fingerprint; whose it is stands in what the closed room trusts."""
    from jalostamo.audit.entries import Entry
    from jalostamo.concepts.roles import Role

    now, role = datetime.datetime.now(datetime.UTC), Role.TECHNICAL_DATA_SECURITY_PERSON
    try:
        entry = Entry(act, now, role, by=by, objects=(fingerprint_of(public),))
    except Broken:
        raise Misused(
            "--by is a staff id: a letter, then letters, digits, '.', '-' and '_'.", reason="by_form"
        ) from None
    log, _ = log_of(home)
    log.append(entry)
    take_checkpoint(log, by="")


COMMAND: Final = Command(
    name="closed-room people",
    purpose="See whose keys releases are sealed to, enrol a person by the public half of hers, or strike one.",
    example="jalostamo closed-room people enrol --home town --person staff-4 --public staff-4.pub --by staff-9",
    add_arguments=_add_arguments,
    run=_run,
)

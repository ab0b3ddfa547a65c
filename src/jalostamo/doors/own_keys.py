"""The command `open-room own-key`: a person makes the key that releases are sealed to her by, and what is told of it.

Handbook 2.6 (the status of unprocessed data).
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Final

from jalostamo.doors.home import made
from jalostamo.doors.people import fingerprint_of, new_private, public_of, refuse_form
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account, Command


def _add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("person", metavar="STAFF-ID", help="whose key it is")
    parser.add_argument(
        "--out", metavar="DIR", type=Path, required=True, help="her own folder, which nobody else reads"
    )


def _run(asked: Namespace, _progress: Progress) -> Account:
    from jalostamo.storage.places import check_place, put_secret, write_whole

    refuse_form(asked.person)
    folder = made(asked.out, mode=0o700)
    secret, told = (folder / f"{asked.person}.{kind}" for kind in ("key", "pub"))
    for place in (secret, told):
        check_place(place, force=False)
    private = new_private()
    public = public_of(private)
    put_secret(secret, private)
    write_whole(told, f"{public.hex()}\n".encode())
    return Account(
        (
            f"Made: {secret.name}, which never leaves this folder, and {told.name}, which goes to the closed room.",
            f"Its fingerprint, to be read aloud when she is enrolled: {fingerprint_of(public)}",
        ),
        {"person": asked.person, "fingerprint": fingerprint_of(public)},
    )


COMMAND: Final = Command(
    name="open-room own-key",
    purpose="Make a key of one's own, to which releases can be sealed, and the public half by which the closed room enrols her.",
    example="jalostamo open-room own-key staff-4 --out own",
    add_arguments=_add_arguments,
    run=_run,
)

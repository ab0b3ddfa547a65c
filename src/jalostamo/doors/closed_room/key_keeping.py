"""The command of keys: what a key is destroyed by, and what is certified of it.

Handbook 2.6 (the sensitive environment) and phase 8.
"""

from __future__ import annotations

import datetime
import os
from argparse import Namespace
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused, Refused
from jalostamo.doors import keys
from jalostamo.doors.closed_room.at_work import opened_engine
from jalostamo.doors.closed_room.certifying import certify, refuse_forged, signer_of
from jalostamo.doors.closed_room.opened_vault import KEY_FILE, key_file_of
from jalostamo.doors.home import Home, made
from jalostamo.doors.progress import Progress
from jalostamo.doors.terminal import Account

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.keys import Certificate, KeyStore, Unlocking

_SHORT: Final = 8


def _run(asked: Namespace, progress: Progress) -> Account:
    from jalostamo.managing.sensitive.keys import opened_keys

    home = Home(asked.home)
    # A misspelt home is not made.
    home.delivered()
    beside = asked.key_file is None and asked.passphrase_from is None
    with opened_keys(home.private("keys"), unlocking_asked(asked, home)) as store:
        match asked.action:
            case "rotate":
                account = _rotated(asked, store)
            case "destroy":
                account = _destroyed(asked, home, store)
            case "verify-erasure":
                account = _verified(asked, home, store, progress)
            case _:
                account = _status(store)
    near = beside and KEY_FILE not in os.environ
    note = ("What unlocks them lies beside them: whoever takes the disk has both.",) if near else ()
    return Account((*account.sentences, *note), account.facts)


def unlocking_asked(asked: Namespace, home: Home) -> Unlocking:
    """What unlocks the keys as it was asked; else the file that is known to."""
    beside = asked.key_file is None and asked.passphrase_from is None
    return _unlocking(key_file_of(home) if beside else asked.key_file, asked.passphrase_from)


def _unlocking(key_file: Path | None, passphrase_from: Path | None) -> Unlocking:
    from jalostamo.managing.sensitive.keys import ByFile, ByPassphrase, Passphrase

    if key_file is not None:
        return ByFile.made(key_file)
    assert passphrase_from is not None
    try:
        with passphrase_from.open("rb") as opened:
            return ByPassphrase(Passphrase(bytearray(opened.readline().rstrip(b"\r\n"))))
    except OSError as error:
        raise Misused(f"{passphrase_from.name} cannot be read: {error.strerror}.", reason="file_unreadable") from None


def _status(store: KeyStore) -> Account:
    kinds = Counter(header.kind for header in store.headers)
    listed = [f"{header.id} {header.kind} {header.object}" for header in store.headers]
    counted = ", ".join(f"{count} of {kind}" for kind, count in sorted(kinds.items())) or "none"
    sentence = f"Keys: {counted}; under key-encryption key {store.epoch}."
    return Account((sentence, *listed), {"epoch": store.epoch, "keys": dict(kinds)})


def _rotated(asked: Namespace, store: KeyStore) -> Account:
    if asked.new_key_file or asked.new_passphrase_from:
        store.lock_with(_unlocking(asked.new_key_file, asked.new_passphrase_from))
    else:
        store.rotate()
    return Account(
        (f"{len(store.headers)} keys were wrapped anew, under key-encryption key {store.epoch}.",),
        {"epoch": store.epoch, "keys": len(store.headers)},
    )


def _destroyed(asked: Namespace, home: Home, store: KeyStore) -> Account:
    from jalostamo.managing.sensitive.keys import Certificate
    from jalostamo.managing.sensitive.release_keys import sealed_files
    from jalostamo.managing.sensitive.vault import Vault

    at = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    vault, out = Vault(home.private("vault"), store), made(asked.out)
    labels = [label for label in vault.labels if label.key in asked.key]
    said = {"rule": asked.rule, "decision": asked.decision, "at": at, "last_backup": asked.last_backup}
    certificates: list[Certificate] = list(
        vault.destroy(labels, **said, elsewhere=partial(sealed_files, home.releases))
    )
    others = [number for number in asked.key if number not in {label.key for label in labels}]
    certificates += [Certificate(destroyed, (), **said) for destroyed in store.destroy(others)]
    for certificate in certificates:
        certify(out, signer_of(home), certificate)
    told = [f"Key {c.destroyed.header.id[:_SHORT]}, with {len(c.ciphertexts)} sealed files." for c in certificates]
    return Account(
        (f"{len(certificates)} keys were destroyed; a certificate of each is in {asked.out}.", *told),
        {"destroyed": [certificate.destroyed.header.id for certificate in certificates], "epoch": store.epoch},
    )


def _verified(asked: Namespace, home: Home, store: KeyStore, progress: Progress) -> Account:
    from jalostamo.managing.sensitive.keys import certificate_in, verify_erasure
    from jalostamo.managing.sensitive.vault import openers

    try:
        certificate = certificate_in(asked.certificate.read_bytes())
    except OSError as error:
        raise Misused(f"{asked.certificate.name} cannot be read: {error.strerror}.", reason="file_unreadable") from None
    signed = refuse_forged(home, asked.certificate)
    lacking = [folder.name for folder in asked.also if not folder.is_dir()]
    if lacking:
        raise Misused(f"There is no folder {', '.join(lacking)}.", reason="file_missing")
    progress.step("looking for what was destroyed")
    folders = [home.private("vault"), home.folder / "exchange", *asked.also]
    with opened_engine(within=home.private("workspace")) as engine:
        found = verify_erasure(certificate, store, folders, openers=openers(engine))
    if found.objections:
        raise Refused(found.objections, reason="erasure_not_verified")
    remaining = f", of which {len(found.remaining)} are what it sealed and cannot be opened" if found.remaining else ""
    return Account(
        (
            f"Nothing opens what key {certificate.destroyed.header.id[:_SHORT]} sealed: looked through {found.files} files"
            f"{remaining}, and tried {found.keys} keys.",
            str(certificate.content["limit"]),
        ),
        {"files": found.files, "keys": found.keys, "remaining": list(found.remaining), "signed": signed},
    )


COMMAND: Final = keys.command(_run)

"""The vault of the closed room, opened for the short while in which something is put there, taken from it, or destroyed.

What unlocks its keys lies beside them unless the environment names another file, on another disk if possible.

Handbook 2.6 (the sensitive environment).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused
from jalostamo.doors.home import Home, made

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.keys import KeyStore, Unlocking
    from jalostamo.managing.sensitive.vault import Vault

KEY_FILE: Final = "JALOSTAMO_KEY_FILE"
UNLOCK: Final = "keys.unlock"
PATIENCE: Final = 60.0
_EVERY: Final = 0.05


def key_file_of(home: Home) -> Path:
    """The file that unlocks the keys where nothing else is said."""
    named = os.environ.get(KEY_FILE)
    return Path(named) if named else made(home.closed, mode=0o700) / UNLOCK


@contextmanager
def opened_vault(home: Home, *, unlocking: Unlocking | None = None, patience: float = PATIENCE) -> Iterator[Vault]:
    """The vault with its keys unlocked; whoever has them open meanwhile is waited for."""
    from jalostamo.managing.sensitive.keys import ByFile
    from jalostamo.managing.sensitive.vault import Vault

    with _opened(home, unlocking or ByFile.made(key_file_of(home)), patience) as store:
        yield Vault(home.private("vault"), store)


@contextmanager
def _opened(home: Home, unlocking: Unlocking, patience: float) -> Iterator[KeyStore]:
    from jalostamo.managing.sensitive.keys import opened_keys

    until, entered = time.monotonic() + patience, False
    while not entered:
        try:
            with opened_keys(home.private("keys"), unlocking) as store:
                entered = True
                yield store
        except Misused as error:
            if entered or error.reason != "keys_busy" or time.monotonic() > until:
                raise
            time.sleep(_EVERY)

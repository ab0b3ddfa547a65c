"""The secret by which townhall's sessions and forms are signed: random, made once, for townhall's eyes alone.

It is not the key that signs permit events, and whoever has it decides nothing.

Handbook 2.6.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Misused
from jalostamo.storage.places import put_secret

_BYTES: Final = 48


def pages_secret(path: Path) -> str:
    """The secret in a file, which is made where it is not there yet."""
    if not path.is_file():
        # Another process may just have made it.
        with suppress(FileExistsError, Misused):
            put_secret(path, secrets.token_hex(_BYTES).encode("ascii"))
    return path.read_text(encoding="ascii")

"""What must never be found outside the vault, in every guise in which it could be hidden, and a look through files for it."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote_from_bytes

import polars as pl


def hidings(secret: bytes | str) -> tuple[bytes, ...]:
    """A secret as it is, and in the codings in which it could slip by: hexadecimal, base64, UTF-16, in a URL."""
    raw = secret.encode() if isinstance(secret, str) else secret
    # In base64, three places in the stream give three texts; the first and last characters depend on the neighbours.
    shifted = [base64.b64encode(b"\0" * shift + raw)[(0, 2, 3)[shift] :] for shift in range(3)]
    cut = [text.rstrip(b"=")[: -1 if len(text.rstrip(b"=")) % 4 else None] for text in shifted]
    safe = [text.replace(b"+", b"-").replace(b"/", b"_") for text in cut]
    forms = [raw, raw.hex().encode(), raw.hex().upper().encode(), quote_from_bytes(raw, safe="").encode(), *cut, *safe]
    if isinstance(secret, str):
        forms += [secret.encode("utf-16-le"), secret.encode("utf-16-be"), secret.encode("latin-1", "ignore")]
    else:
        forms.append(repr(raw)[2:-1].encode())
    return tuple(dict.fromkeys(form for form in forms if len(form) > 4))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its name; of Parquet also what its compressed pages say."""
    found = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = str(path.relative_to(folder))
        found[name] = name.encode() + b"\n" + path.read_bytes()
        # What is sealed nobody reads: its bytes alone are looked through.
        if path.suffix == ".parquet" and path.read_bytes()[:4] == b"PAR1":
            found[f"{name}, read"] = pl.read_parquet(path).write_csv().encode()
    return found


def found_in(folder: Path, secrets: Iterable[bytes | str]) -> set[str]:
    """The files in which one of the secrets is found, in any guise."""
    forms = [form for secret in secrets for form in hidings(secret)]
    return {name for name, content in contents(folder).items() if any(form in content for form in forms)}

"""Putting two files that belong together in their places, so that a crash between them is found and ended by the next run.

Its neighbour puts one file; two names cannot be given in one step, so that what was begun is written down first.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from contextlib import closing
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.storage.disk import DISK
from jalostamo.storage.places import check_place, copy_into, give_name, sync, unwritable, write_whole

_KEYS: Final = frozenset({"first", "second", "first_part", "second_part", "first_digest", "second_digest"})


@dataclass(frozen=True, slots=True)
class _Begun:
    """A pair beside its places: both places, both files, and the digests of these, which are empty until both are ready."""

    first: Path
    second: Path
    first_part: Path
    second_part: Path
    first_digest: str
    second_digest: str

    @property
    def parts(self) -> tuple[Path, Path]:
        """Both files, as they are called until they have their names."""
        return self.first_part, self.second_part

    @property
    def is_ready(self) -> bool:
        """Whether both files were whole."""
        return bool(self.first_digest and self.second_digest)

    @property
    def content(self) -> bytes:
        """As it is written down."""
        return json.dumps({name: str(getattr(self, name)) for name in sorted(_KEYS)}).encode()


def put_pair(ready: Path, first: Path, *, second: Path, data: bytes, force: bool) -> None:
    """Put a file that is ready elsewhere, and beside it one that tells of it, in their places.

    After a crash both stand there, or what stood there before, or `end_begun` brings the rest in its place.
    """
    end_begun(first)
    for place in (first, second):
        check_place(place, force=force)
    mark = secrets.token_hex(8)
    parts = [place.with_name(f".jalostamo-{mark}-{number}.part") for number, place in enumerate((first, second), 1)]
    begun = _Begun(first.absolute(), second.absolute(), parts[0].absolute(), parts[1].absolute(), "", "")
    try:
        begun = _made_ready(begun, ready, data)
        _go_on(begun, force=force)
    finally:
        # What is ready is left for `end_begun`; of what is not, nothing stays.
        if not _mark(first).exists() or not begun.is_ready:
            _discard(begun)


def end_begun(first: Path) -> bool:
    """Bring a pair in its places whose writing was cut short, and tell whether there was one."""
    mark = _mark(first)
    if not mark.exists():
        return False
    begun = _read(mark, first)
    if not begun.is_ready:
        # Killed before both were whole: what stood there before stands there still.
        _discard(begun)
        return False
    for part, place, digest in (
        (begun.first_part, begun.first, begun.first_digest),
        (begun.second_part, begun.second, begun.second_digest),
    ):
        if part.exists() and _digest(part) == digest:
            part.replace(place)
            sync(place.parent)
        elif not place.exists() or _digest(place) != digest:
            raise Unfit(
                f"{begun.first.name} and {begun.second.name} may not belong together: their writing was cut short, and what was "
                f"ready is gone. Take {mark.name} away, and write both anew.",
                reason="pair_torn",
            )
    _remove(mark)
    return True


def _made_ready(begun: _Begun, ready: Path, data: bytes) -> _Begun:
    """Write both files beside their places, noted first by the names that they have until then."""
    write_whole(_mark(begun.first), begun.content, force=True)
    try:
        with ready.open("rb") as opened:
            contents: tuple[BinaryIO, BinaryIO] = (opened, BytesIO(data))
            for part, content in zip(begun.parts, contents, strict=True):
                with closing(DISK.create(part, permissions=None)) as file:
                    copy_into(file, content)
        _keep_permissions(begun)
        return replace(begun, first_digest=_digest(begun.first_part), second_digest=_digest(begun.second_part))
    except OSError as error:
        raise unwritable(begun.first, error) from None


def _discard(begun: _Begun) -> None:
    for part in begun.parts:
        part.unlink(missing_ok=True)
    _remove(_mark(begun.first))


def _go_on(begun: _Begun, *, force: bool) -> None:
    mark = _mark(begun.first)
    write_whole(mark, begun.content, force=True)
    try:
        give_name(begun.first_part, begun.first, force=force)
        sync(begun.first.parent)
        _name_second(begun, force=force)
        sync(begun.second.parent)
    except Misused:
        _remove(mark)
        raise
    except OSError as error:
        raise Misused(f"{begun.second.name} cannot be written: {error.strerror}.", reason="out_unwritable") from None
    _remove(mark)


def _name_second(begun: _Begun, *, force: bool) -> None:
    try:
        give_name(begun.second_part, begun.second, force=force)
    except Misused:
        # Only where nothing is replaced a name can be taken meanwhile: the first file is ours alone.
        begun.first.unlink(missing_ok=True)
        raise


def _keep_permissions(begun: _Begun) -> None:
    for part, place in zip(begun.parts, (begun.first, begun.second), strict=True):
        if place.exists():
            part.chmod(place.stat().st_mode & 0o7777)


def _mark(first: Path) -> Path:
    return first.with_name(f".{first.name}.jalostamo-pair")


def _remove(mark: Path) -> None:
    mark.unlink(missing_ok=True)
    sync(mark.parent)


def _read(mark: Path, first: Path) -> _Begun:
    try:
        found = json.loads(mark.read_bytes())
        if set(found) != _KEYS or Path(found["first"]).name != first.name:
            raise ValueError
        return _Begun(
            first=Path(found["first"]),
            second=Path(found["second"]),
            first_part=Path(found["first_part"]),
            second_part=Path(found["second_part"]),
            first_digest=str(found["first_digest"]),
            second_digest=str(found["second_digest"]),
        )
    except (ValueError, TypeError):
        raise Unfit(
            f"{mark.name} is not as it was written: take it away, and write both files anew.", reason="pair_torn"
        ) from None


def _digest(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()

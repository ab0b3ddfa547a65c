"""Putting a file or a folder in its place: whole and durable, or not at all, and never over another one unasked.

Its neighbour publishes a folder as one act that can be done again; here each file stands alone.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

import os
import secrets
import stat
from contextlib import closing, suppress
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from jalostamo.concepts.errors import Misused
from jalostamo.storage.disk import DISK
from jalostamo.storage.operations import FileOperations, NewFile

_PIECE: Final = 1 << 20


def check_place(path: Path, *, force: bool) -> None:
    """Refuse a place that may not be written, before the work whose result would go there."""
    try:
        _look_at(path, force=force)
    except PermissionError:
        raise _forbidden(path) from None


def write_whole(path: Path, data: bytes, *, force: bool = False, on: FileOperations = DISK) -> None:
    """Write a file so that any reader, and any crash, finds either all of it or what was there before.

    An existing file is replaced only with `force`, and keeps its permissions.
    """
    _put(path, BytesIO(data), force=force, on=on)


def write_secret(path: Path, secret: bytes) -> None:
    """Write a file that was not there, for its owner's eyes alone from its first byte on, and have it on the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(secret)
        opened.flush()
        os.fsync(descriptor)


def put_secret(path: Path, secret: bytes) -> None:
    """Write a secret likewise, so that after any crash all of it stands there or nothing: what is half a key is none."""
    part = path.with_name(f".jalostamo-{secrets.token_hex(8)}.part")
    try:
        write_secret(part, secret)
        give_name(part, path, force=False)
        sync(path.parent)
    finally:
        part.unlink(missing_ok=True)


def put_whole(source: Path, path: Path, *, force: bool = False, on: FileOperations = DISK) -> None:
    """Put a copy of a file that is ready elsewhere in its place likewise."""
    with source.open("rb") as opened:
        _put(path, opened, force=force, on=on)


def appear(staging: Path, target: Path, *, on: FileOperations = DISK) -> None:
    """Let a finished folder appear under its name in one step, all of it on the disk; nothing is ever replaced."""
    # A rename would replace an empty folder unasked.
    if target.exists():
        raise never_replaced(target)
    try:
        for entry in (*staging.rglob("*"), staging):
            on.sync(entry)
        on.rename(staging, target)
        on.sync(target.parent)
    except OSError as error:
        raise unwritable(target, error) from None


def sync(path: Path, *, on: FileOperations = DISK) -> None:
    """Have a file, or the names in a folder, on the disk before going on: a name that is not can be lost in a crash."""
    on.sync(path)


def give_name(part: Path, path: Path, *, force: bool, on: FileOperations = DISK) -> None:
    """Give a file that is ready beside its place its name; without `force`, only a name that nothing has."""
    if force:
        on.rename(part, path)
        return
    # A rename would replace a file that came into being meanwhile; a second name for the same file cannot.
    try:
        on.link(part, path)
    except FileExistsError:
        raise _taken(path) from None
    except OSError:
        # Some file systems know no second names: there the look at the place a moment ago must do.
        on.rename(part, path)


def copy_into(file: NewFile, content: BinaryIO) -> None:
    """Write all that is read into a new file, piece by piece, and have it on the disk."""
    while piece := content.read(_PIECE):
        file.write(piece)
    file.sync()


def unwritable(path: Path, error: OSError) -> Misused:
    """What is said of a place that the system would not write."""
    return Misused(f"{path.name} cannot be written: {error.strerror}.", reason="out_unwritable")


def never_replaced(target: Path) -> Misused:
    """What is said of a folder that is there already."""
    return Misused(f"{target.name} exists: a folder is never replaced.", reason="out_exists")


def _put(path: Path, content: BinaryIO, *, force: bool, on: FileOperations) -> None:
    check_place(path, force=force)
    part = path.with_name(f".jalostamo-{secrets.token_hex(8)}.part")
    try:
        with closing(on.create(part, permissions=_permissions(path))) as file:
            copy_into(file, content)
        give_name(part, path, force=force, on=on)
        on.sync(path.parent)
    except OSError as error:
        raise unwritable(path, error) from None
    finally:
        # It has become the file, or is a second name of it, or nobody reads it: a fault here changes nothing.
        with suppress(OSError):
            on.unlink(part)


def _look_at(path: Path, *, force: bool) -> None:
    if not path.parent.is_dir():
        raise Misused(f"{path.name} cannot be written: its folder does not exist.", reason="out_folder_missing")
    # What is not a plain file, such as a device, is never replaced by one.
    if path.is_dir() or (path.exists() and not path.is_file()):
        raise Misused(f"{path.name} cannot be written: it is there, and is not a plain file.", reason="out_not_a_file")
    if path.exists() and not force:
        raise _taken(path)
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise _forbidden(path)


def _permissions(path: Path) -> int | None:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return None


def _forbidden(path: Path) -> Misused:
    return Misused(f"{path.name} cannot be written: no permission in its folder.", reason="out_permission")


def _taken(path: Path) -> Misused:
    return Misused(f"{path.name} exists: give --force to replace it.", reason="out_exists")

"""Putting a file or a folder in its place: whole and durable, or not at all, and never over another one unasked.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from jalostamo.concepts.errors import Misused


def check_place(path: Path, *, force: bool) -> None:
    """Refuse a place that may not be written, before the work whose result would go there."""
    try:
        _look_at(path, force=force)
    except PermissionError:
        raise _forbidden(path) from None


def write_whole(path: Path, data: bytes, *, force: bool = False) -> None:
    """Write a file so that any reader, and any crash, finds either all of it or what was there before.

    An existing file is replaced only with `force`, and keeps its permissions.
    """
    _put(path, BytesIO(data), force=force)


def put_whole(source: Path, path: Path, *, force: bool = False) -> None:
    """Put a copy of a file that is ready elsewhere in its place likewise."""
    with source.open("rb") as opened:
        _put(path, opened, force=force)


def _put(path: Path, content: BinaryIO, *, force: bool) -> None:
    check_place(path, force=force)
    part = path.with_name(f".jalostamo-{secrets.token_hex(8)}.part")
    try:
        _write_durably(part, content, permissions=_permissions(path))
        _give_name(part, path, force=force)
        sync(path.parent)
    except OSError as error:
        raise Misused(f"{path.name} cannot be written: {error.strerror}.", reason="out_unwritable") from None
    finally:
        part.unlink(missing_ok=True)


def appear(staging: Path, target: Path) -> None:
    """Let a finished folder appear under its name in one step, all of it on the disk; nothing is ever replaced."""
    # A rename would replace an empty folder unasked.
    if target.exists():
        raise Misused(f"{target.name} exists: a folder is never replaced.", reason="out_exists")
    try:
        for entry in (*staging.rglob("*"), staging):
            sync(entry)
        staging.rename(target)
        sync(target.parent)
    except OSError as error:
        raise Misused(f"{target.name} cannot be written: {error.strerror}.", reason="out_unwritable") from None


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk before going on: a name that is not can be lost in a crash."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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


def _write_durably(part: Path, content: BinaryIO, *, permissions: int | None) -> None:
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(descriptor, "wb") as opened:
        if permissions is not None:
            os.fchmod(descriptor, permissions)
        shutil.copyfileobj(content, opened)
        opened.flush()
        os.fsync(descriptor)


def _permissions(path: Path) -> int | None:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:
        return None


def _give_name(part: Path, path: Path, *, force: bool) -> None:
    if force:
        part.replace(path)
        return
    # A rename would replace a file that came into being meanwhile; a second name for the same file cannot.
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise _taken(path) from None
    except OSError:
        # Some file systems know no second names: there the look at the place a moment ago must do.
        part.replace(path)


def _forbidden(path: Path) -> Misused:
    return Misused(f"{path.name} cannot be written: no permission in its folder.", reason="out_permission")


def _taken(path: Path) -> Misused:
    return Misused(f"{path.name} exists: give --force to replace it.", reason="out_exists")

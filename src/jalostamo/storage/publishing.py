"""Publishing a folder as one act: it may be cut short anywhere and done again, and only who is allowed may end it.

Its neighbour lets a finished folder appear; this one writes it, looks at the copies, asks, and takes up what was begun.

Handbook 2.6, phase 5 (saved to the analytic environment).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final

from jalostamo.storage.disk import DISK
from jalostamo.storage.operations import FileOperations
from jalostamo.storage.places import copy_into, never_replaced, unwritable

_PIECE: Final = 1 << 20
_READ_ONLY: Final = 0o440

type Opening = Callable[[], AbstractContextManager[BinaryIO]]
"""What opens the bytes of a file that stands nowhere yet, to be read once; a fault is raised when the block is left."""

type Part = bytes | Path | Opening
type Content = Mapping[str, Part]
type Allowed = Callable[[], AbstractContextManager[object]]


def _no_objection(_: Path) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication is a folder to be: its name, the files in it (bytes, files that are
    copied, or what is read as it is written), and who may end it.

    `below` is a folder that is surely on the disk; folders between it and the target are made where they are missing.
    `mark` tells this attempt from others at the same folder, as a fencing token does. `judged` looks at the copies
    before anyone else can, and raises where they are not as they should be; `allowed` is entered for the last step alone.
    """

    target: Path
    content: Content
    below: Path
    mark: str = "0"
    judged: Callable[[Path], None] = field(default=_no_objection)
    allowed: Allowed = field(default=nullcontext)
    permissions: int = _READ_ONLY

    @property
    def staging(self) -> Path:
        """The folder in which this attempt writes; its name begins with a dot, and nobody reads it."""
        return self.target.with_name(f".{self.target.name}.{self.mark}")


def publish(publication: Publication, *, on: FileOperations = DISK) -> None:
    """Write a folder and let it appear, all of it on the disk before this returns; nothing is ever replaced.

    Where the very same folder stands there already, left by an attempt that was cut short, that is made durable instead.
    """
    target, staging = publication.target, publication.staging
    try:
        _make_folders(publication, on)
        if not target.exists():
            _write(publication, on)
            publication.judged(staging)
        with publication.allowed():
            if target.exists():
                _confirm(publication, on)
            else:
                on.rename(staging, target)
                on.sync(target.parent)
            _clear_others(publication, on)
    except OSError as error:
        raise unwritable(target, error) from None
    finally:
        with suppress(OSError):
            _remove(staging, on)


def _make_folders(publication: Publication, on: FileOperations) -> None:
    """Make what is missing; an attempt that was cut short may have made a folder whose name is not on the disk yet."""
    between = publication.target.parent.relative_to(publication.below)
    folder = publication.below
    for name in between.parts:
        if not (folder / name).is_dir():
            with suppress(FileExistsError):
                on.make_folder(folder / name)
        on.sync(folder)
        folder /= name


def _write(publication: Publication, on: FileOperations) -> None:
    staging = publication.staging
    if staging.exists():
        _remove(staging, on)
    on.make_folder(staging)
    for name, content in publication.content.items():
        with closing(on.create(staging / name, permissions=publication.permissions)) as file, _reading(content) as read:
            copy_into(file, read)
    on.sync(staging)


def _confirm(publication: Publication, on: FileOperations) -> None:
    target = publication.target
    if not _is_same(target, publication.content):
        raise never_replaced(target)
    for name in publication.content:
        on.sync(target / name)
    on.sync(target)
    on.sync(target.parent)


def _is_same(target: Path, content: Content) -> bool:
    if not target.is_dir() or {entry.name for entry in target.iterdir()} != set(content):
        return False
    return all(_same_bytes(target / name, part) for name, part in content.items())


def _same_bytes(path: Path, content: Part) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as there, _reading(content) as wanted:
        while piece := wanted.read(_PIECE):
            if there.read(len(piece)) != piece:
                return False
        return not there.read(1)


def _clear_others(publication: Publication, on: FileOperations) -> None:
    """Who may end a publication is the only one that may: what other attempts at it have begun is nobody's."""
    target = publication.target
    for name in on.names(target.parent):
        if name.startswith(f".{target.name}."):
            with suppress(OSError):
                _remove(target.with_name(name), on)


def _remove(folder: Path, on: FileOperations) -> None:
    if not folder.is_dir():
        return
    for name in on.names(folder):
        on.unlink(folder / name)
    on.remove_folder(folder)


def _reading(content: Part) -> AbstractContextManager[BinaryIO]:
    if isinstance(content, bytes):
        return BytesIO(content)
    return content.open("rb") if isinstance(content, Path) else content()

"""The operations on the real disk.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class Opened:
    """A new file of the real disk."""

    descriptor: int

    def write(self, data: bytes) -> None:
        """Add all of the bytes at the end; a disk that is nearly full may take some of them first."""
        left = memoryview(data)
        while left:
            left = left[os.write(self.descriptor, left) :]

    def sync(self) -> None:
        """Return once all that was written is on the disk."""
        os.fsync(self.descriptor)

    def close(self) -> None:
        """Let go of the file."""
        os.close(self.descriptor)


@dataclass(frozen=True, slots=True)
class Disk:
    """The real disk: each operation is one call of the system, or one on each side of opening."""

    def create(self, path: Path, *, permissions: int | None = None) -> Opened:
        """Make a file that was not there; the permissions, where given, whatever the user's mask."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
        try:
            if permissions is not None:
                os.fchmod(descriptor, permissions)
        except BaseException:
            os.close(descriptor)
            raise
        return Opened(descriptor)

    def sync(self, path: Path) -> None:
        """Return once the content of a file, or the names in a folder, are on the disk."""
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def rename(self, source: Path, target: Path) -> None:
        """Give a file or a folder another name in the same folder, in one step; a file there is replaced."""
        source.replace(target)

    def link(self, source: Path, target: Path) -> None:
        """Give a file a second name in the same folder, which was not there."""
        target.hardlink_to(source)

    def unlink(self, path: Path) -> None:
        """Take a name of a file away."""
        path.unlink()

    def make_folder(self, path: Path) -> None:
        """Make a folder that was not there."""
        path.mkdir()

    def remove_folder(self, path: Path) -> None:
        """Take an empty folder away."""
        path.rmdir()

    def names(self, folder: Path) -> list[str]:
        """List the names in a folder, in order."""
        return sorted(entry.name for entry in folder.iterdir())


DISK: Final = Disk()

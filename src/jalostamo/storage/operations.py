"""The few operations by which this room changes a disk: small enough that a model of power loss can know them all.

What only looks is not among them. A reader of a model stands on a real folder.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class NewFile(Protocol):
    """A file that is being written, from its beginning to its end."""

    def write(self, data: bytes) -> None:
        """Add all of the bytes at the end."""
        ...

    def sync(self) -> None:
        """Return once all that was written is on the disk."""
        ...

    def close(self) -> None:
        """Let go of the file."""
        ...


class FileOperations(Protocol):
    """All that is done to a disk; each may fail with an `OSError`, and none does half of what it says.

    Except for writing: a crash leaves of what was not yet synchronised any part, and of names not yet synchronised any.
    """

    def create(self, path: Path, *, permissions: int | None = None) -> NewFile:
        """Make a file that was not there; the permissions, where given, whatever the user's mask."""
        ...

    def sync(self, path: Path) -> None:
        """Return once the content of a file, or the names in a folder, are on the disk."""
        ...

    def rename(self, source: Path, target: Path) -> None:
        """Give a file or a folder another name in the same folder, in one step; a file there is replaced."""
        ...

    def link(self, source: Path, target: Path) -> None:
        """Give a file a second name in the same folder, which was not there."""
        ...

    def unlink(self, path: Path) -> None:
        """Take a name of a file away."""
        ...

    def make_folder(self, path: Path) -> None:
        """Make a folder that was not there."""
        ...

    def remove_folder(self, path: Path) -> None:
        """Take an empty folder away."""
        ...

    def names(self, folder: Path) -> list[str]:
        """List the names in a folder, in order."""
        ...

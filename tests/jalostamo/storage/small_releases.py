"""Small releases: a folder called by the digest of its manifest, which vouches for its files; and how one is read."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Literal

from jalostamo.storage.publishing import Publication

type Reading = Literal["none", "whole", "torn"]

MANIFEST = "manifest.json"
SHELF = "small-town"


def files_of(number: int, *, files: int = 2, size: int = 50) -> dict[str, bytes]:
    """The files of a release, each different, and its manifest last."""
    tables = {f"table_{index}": f"{number}-{index};".encode() * size for index in range(files)}
    digests = {name: hashlib.sha256(data).hexdigest() for name, data in tables.items()}
    return tables | {MANIFEST: json.dumps(digests).encode()}


def name_of(files: dict[str, bytes]) -> str:
    """The name of a release: the digest of its manifest, cut short."""
    return hashlib.sha256(files[MANIFEST]).hexdigest()[:16]


def publication_of(files: dict[str, bytes], releases: Path, **more: object) -> Publication:
    """A release that is to be published on the shelf of its request."""
    return Publication(releases / SHELF / name_of(files), files, releases, **more)  # type: ignore[arg-type]  # by name


def read_files(name: str, files: dict[str, bytes] | None) -> Reading:
    """Read a release as every reader does: by its name, its manifest and the digests in it."""
    if files is None:
        return "none"
    manifest = files.get(MANIFEST, b"")
    if hashlib.sha256(manifest).hexdigest()[:16] != name:
        return "torn"
    digests = json.loads(manifest)
    if set(files) != {MANIFEST, *digests}:
        return "torn"
    same = all(hashlib.sha256(files[table]).hexdigest() == digest for table, digest in digests.items())
    return "whole" if same else "torn"


def read_release(folder: Path) -> Reading:
    """Read a release from a real folder."""
    if not folder.exists():
        return "none"
    return read_files(folder.name, {path.name: path.read_bytes() for path in folder.iterdir()})


def releases_in(root: Path) -> dict[str, Reading]:
    """Read every release below a folder that a reader would see."""
    folders = [folder for shelf in root.iterdir() for folder in shelf.iterdir()] if root.exists() else []
    return {folder.name: read_release(folder) for folder in folders if not folder.name.startswith(".")}

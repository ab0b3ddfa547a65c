"""Releases: immutable Parquet with a manifest of digests and a dictionary of fields, verified whenever one is opened.

Handbook 2.2 (the analytic environment) and 2.6, phase 6.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import ibis.expr.types as ir

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.engine.connection import Engine
from jalostamo.managing.manifests import Manifest, digest_of, read_manifest

MANIFEST: Final = "manifest.json"
SHORT_DIGEST: Final = 16
"""A release's folder is called by so many characters of its manifest's digest."""


@dataclass(frozen=True, slots=True)
class Release:
    """A release is what analysts may use: its folder, its manifest, and the tables that the manifest names."""

    folder: Path
    manifest: Manifest

    @property
    def digest(self) -> str:
        """The digest by which results name this release."""
        return self.manifest.digest

    @property
    def tables(self) -> Mapping[str, Mapping[str, object]]:
        """Each table's file, digest and fields, by name."""
        return cast("Mapping[str, Mapping[str, object]]", self.manifest.content["tables"])

    def table(self, engine: Engine, name: str) -> ir.Table:
        """One table of the release, for an analysis."""
        if name not in self.tables:
            raise Unfit(f"The release has no table '{name}'; it has {', '.join(self.tables)}.", reason="table_unknown")
        return engine.read_parquet(self.folder / str(self.tables[name]["file"]))


def open_release(folder: Path) -> Release:
    """Open a release after checking all of it: its name against its manifest, every file against the manifest's digests.

    What is changed, missing or added is refused; a manifest vouches for the files, and the folder's name for the manifest.
    """
    if not (folder / MANIFEST).is_file():
        raise Misused(f"'{folder.name}' is no release: it has no {MANIFEST}.", reason="release_missing")
    manifest = read_manifest(folder / MANIFEST)
    if manifest.step != "release" or folder.resolve().name != manifest.digest[:SHORT_DIGEST]:
        raise Unfit(
            f"{MANIFEST} is not that of release '{folder.name}': a release stands in the folder of its own digest.",
            reason="release_changed",
        )
    release = Release(folder, manifest)
    for name, table in release.tables.items():
        path = folder / str(table["file"])
        if not path.is_file() or digest_of(path) != table["sha256"]:
            raise Unfit(
                f"Table '{name}' of the release is not the file that was released: its digest differs.",
                reason="release_changed",
            )
    released = {MANIFEST, *(table["file"] for table in release.tables.values())}
    if {path.name for path in folder.iterdir()} != released:
        raise Unfit(f"Release '{folder.name}' holds files that were not released with it.", reason="release_changed")
    return release

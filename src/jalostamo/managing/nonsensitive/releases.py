"""Releases: immutable Parquet with a manifest of digests and a dictionary of fields, verified whenever one is opened.

Handbook 2.2 (the analytic environment) and 2.6, phase 6.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import ibis.expr.types as ir

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.engine.connection import Engine
from jalostamo.engine.sealing import TableKey, sealed_view
from jalostamo.managing.manifests import Manifest, digest_of, read_manifest
from jalostamo.managing.nonsensitive.envelopes import ENVELOPES

MANIFEST: Final = "manifest.json"
SHORT_DIGEST: Final = 16
"""A release's folder is called by so many characters of its manifest's digest."""
TWIN: Final = "twin"
TWIN_MARKING: Final = "synthetic twin"
"""What stands for a release while it is written for: nobody's rows, in its form."""
_PLAIN: Final = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,62}[a-z0-9])?", re.ASCII)


def folder_of(permit: str) -> str:
    """The name of a permit's folder: its id where any disk can call a folder so, and otherwise the id's digest.

    >>> folder_of("pilot-1"), folder_of("HEL 2026/1")
    ('pilot-1', 'permit.47abf69eae9e9f51f740079ee96ecc5c')
    """
    # Two ids that differ by a capital letter alone have one folder on some disks; no plain name has a full stop.
    return permit if _PLAIN.fullmatch(permit) else f"permit.{hashlib.sha256(permit.encode()).hexdigest()[:32]}"


def place_of(releases: Path, permit: str, manifest: Manifest) -> Path:
    """Where a release stands: in the folder of its permit, under its own digest."""
    return releases / folder_of(permit) / manifest.digest[:SHORT_DIGEST]


@dataclass(frozen=True, slots=True)
class Release:
    """A release is what analysts may use: its folder, its manifest, and the tables that the manifest names.

    What has the status of unprocessed data is sealed, and read with its `key` alone.
    """

    folder: Path
    manifest: Manifest
    key: TableKey | None = None

    @property
    def digest(self) -> str:
        """The digest by which results name this release."""
        return self.manifest.digest

    @property
    def stamp(self) -> Mapping[str, str]:
        """What every output of it says of it: nothing of a release, and of a twin that it is one."""
        return {"marking": TWIN_MARKING} if self.manifest.step == TWIN else {}

    @property
    def warnings(self) -> tuple[str, ...]:
        """The same as a sentence."""
        return ("Synthetic twin: nothing here is about anybody.",) if self.stamp else ()

    @property
    def tables(self) -> Mapping[str, Mapping[str, object]]:
        """Each table's file, digest and fields, by name."""
        return cast("Mapping[str, Mapping[str, object]]", self.manifest.content["tables"])

    def with_key(self, key: TableKey | None) -> Release:
        """The same release, to be read with a key."""
        return Release(self.folder, self.manifest, key)

    def table(self, engine: Engine, name: str) -> ir.Table:
        """One table of the release, for an analysis."""
        if name not in self.tables:
            raise Unfit(f"The release has no table '{name}'; it has {', '.join(self.tables)}.", reason="table_unknown")
        path = self.folder / str(self.tables[name]["file"])
        if key_number(self.manifest) is None:
            return engine.read_parquet(path)
        if self.key is None:
            raise Misused(
                "The release is sealed: it is read by a job of the people whom it is for.", reason="release_sealed"
            )
        return sealed_view(engine, path, self.key)


def key_number(manifest: Manifest) -> str | None:
    """The number of the key by which a release is sealed; None where it is not."""
    sealed = manifest.content.get("sealed")
    return str(sealed["key"]) if isinstance(sealed, Mapping) else None


def open_to_analyse(folder: Path) -> Release:
    """Open a release, or the twin that stands for one."""
    place = folder / MANIFEST
    if place.is_file() and read_manifest(place).step == TWIN:
        return open_twin(folder)
    return open_release(folder)


def stamp_of(folder: Path) -> Mapping[str, str]:
    """What every output of a release or a twin says of it, by its manifest alone."""
    return Release(folder, read_manifest(folder / MANIFEST)).stamp


def open_twin(folder: Path) -> Release:
    """Open a synthetic twin after checking its files against its manifest; it is read as a release is, and is none."""
    manifest = read_manifest(folder / MANIFEST)
    if manifest.step != TWIN or manifest.content.get("marking") != TWIN_MARKING:
        raise Unfit(f"'{folder.name}' is no synthetic twin.", reason="twin_form")
    return _with_its_files(Release(folder, manifest), ())


def open_release(folder: Path) -> Release:
    """Open a release after checking all of it: its name against its manifest, every file against the manifest's digests.

    What is changed, missing or added is refused; a manifest vouches for the files, and the folder's name for the manifest.
    """
    try:
        return _verified(folder)
    except OSError as error:
        raise Misused(
            f"Release '{folder.name}' cannot be read: {error.strerror}.", reason="release_unreadable"
        ) from None


def _verified(folder: Path) -> Release:
    if not (folder / MANIFEST).is_file():
        raise Misused(f"'{folder.name}' is no release: it has no {MANIFEST}.", reason="release_missing")
    manifest = read_manifest(folder / MANIFEST)
    if manifest.step == TWIN:
        raise Unfit("This is a synthetic twin, which is nobody's: a release is needed here.", reason="twin_no_release")
    if manifest.step != "release" or folder.resolve().name != manifest.digest[:SHORT_DIGEST]:
        raise Unfit(
            f"{MANIFEST} is not that of release '{folder.name}': a release stands in the folder of its own digest.",
            reason="release_changed",
        )
    return _with_its_files(Release(folder, manifest), _envelopes(folder, manifest))


def _with_its_files(release: Release, envelopes: tuple[str, ...]) -> Release:
    """The release, if its folder holds its tables as its manifest names them, its envelopes, and nothing else."""
    folder = release.folder
    for name, table in release.tables.items():
        path = folder / str(table["file"])
        if not path.is_file() or digest_of(path) != table["sha256"]:
            raise Unfit(
                f"Table '{name}' of the release is not the file that was released: its digest differs.",
                reason="release_changed",
            )
    released = {MANIFEST, *envelopes, *(table["file"] for table in release.tables.values())}
    if {path.name for path in folder.iterdir()} != released:
        raise Unfit(f"Release '{folder.name}' holds files that were not released with it.", reason="release_changed")
    return release


def _envelopes(folder: Path, manifest: Manifest) -> tuple[str, ...]:
    """The file of envelopes, where a release has one; it is the first that goes when a release is destroyed."""
    sealed = manifest.content.get("sealed")
    if not isinstance(sealed, Mapping):
        return ()
    if not (folder / ENVELOPES).is_file():
        raise Misused(
            f"Release '{folder.name}' has been destroyed: its manifest alone is kept.", reason="release_destroyed"
        )
    if digest_of(folder / ENVELOPES) != sealed["sha256"]:
        raise Unfit(f"{ENVELOPES} of the release is not as it was released.", reason="release_changed")
    return (ENVELOPES,)

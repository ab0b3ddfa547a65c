"""Accounts of a run: the manifests of its steps, which hold true counts; they stay inside, sealed until their day has come.

Handbook 2.6 (what is done is documented).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from jalostamo.managing.nonsensitive.releases import folder_of
from jalostamo.managing.sensitive.release_keys import Keeping, vault_of
from jalostamo.storage.places import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from jalostamo.managing.manifests import Manifest
    from jalostamo.managing.nonsensitive.releases import Release
    from jalostamo.managing.requests import Request


class _Rooms(Keeping, Protocol):
    """Where keys are kept, and plain accounts where no store of keys is open."""

    @property
    def vault(self) -> Path: ...


def keep_accounts(rooms: _Rooms, request: Request, release: Release, *, manifests: tuple[Manifest, ...]) -> None:
    """Keep the manifests of the run that gave a release, each under its number and its step."""
    named = {f"{number}-{manifest.step}.json": manifest.written for number, manifest in enumerate(manifests, 1)}
    if rooms.sealed is None:
        run = rooms.vault / request.id / release.folder.name
        run.mkdir(mode=0o700)
        for name, written in named.items():
            write_whole(run / name, written, force=True)
        return
    until = rooms.order.destroy_by if rooms.order else None
    with vault_of(rooms) as vault:
        for name, written in named.items():
            about = f"{folder_of(request.permit)}/{release.folder.name}/{name}"
            vault.put(written, kind="documents", about=about, destroy_by=until)

"""Accounts of a run: the manifests of its steps, which hold true counts; they stay inside, sealed until their day has come.

They are kept before the release appears, so that no release stands without them, whenever its run is killed.

Handbook 2.6 (what is done is documented).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from jalostamo.concepts.errors import JalostamoError
from jalostamo.managing.manifests import released_under
from jalostamo.managing.nonsensitive.releases import folder_of
from jalostamo.managing.sensitive.release_keys import Keeping, named_by, vault_of
from jalostamo.storage.places import write_whole

if TYPE_CHECKING:
    import datetime
    from pathlib import Path

    from jalostamo.managing.manifests import Manifest
    from jalostamo.managing.requests import Request
    from jalostamo.managing.sensitive.vault import Label

_RULE = "nothing left under its order"


class _Rooms(Keeping, Protocol):
    """Where keys are kept, and plain accounts where no store of keys is open."""

    @property
    def vault(self) -> Path: ...


@contextmanager
def accounts_of(
    rooms: _Rooms, request: Request, *, manifests: tuple[Manifest, ...], today: datetime.date
) -> Iterator[Callable[[Path], None]]:
    """What keeps the manifests of a run, told of where its release is going to stand; destroyed where that never appears."""
    named = {f"{number}-{manifest.step}.json": manifest.written for number, manifest in enumerate(manifests, 1)}
    kept: list[tuple[Path, Sequence[Label]]] = []

    def keep(place: Path) -> None:
        if rooms.sealed is None:
            run = rooms.vault / request.id / place.name
            kept.append((place, ()))
            run.mkdir(mode=0o700)
            for name, written in named.items():
                write_whole(run / name, written, force=True)
            return
        until = rooms.order.destroy_by if rooms.order else None
        about = "/".join((folder_of(request.permit), place.name, *([named_by(rooms.order)] if rooms.order else [])))
        with vault_of(rooms) as vault:
            labels: list[Label] = []
            kept.append((place, labels))
            for name, written in named.items():
                labels.append(vault.put(written, kind="documents", about=f"{about}/{name}", destroy_by=until))

    try:
        yield keep
    except BaseException:
        with suppress(JalostamoError):
            for place, labels in kept:
                if not place.exists():
                    _forget(rooms, labels, today=today)
                    shutil.rmtree(rooms.vault / request.id / place.name, ignore_errors=True)
        raise


def forget_earlier(rooms: _Rooms, *, today: datetime.date) -> None:
    """Destroy what an attempt at this order had kept that was killed before anything left: another one begins."""
    order = rooms.order
    if order is None or rooms.sealed is None or released_under(rooms.releases, order.head) is not None:
        return
    with vault_of(rooms) as vault:
        begun = [label for label in vault.labels if named_by(order) in label.object.split("/")]
    _forget(rooms, begun, today=today)


def _forget(rooms: _Rooms, labels: Sequence[Label], *, today: datetime.date) -> None:
    if labels:
        with vault_of(rooms) as vault:
            vault.destroy(list(labels), rule=_RULE, decision="closed room", at=today.isoformat())

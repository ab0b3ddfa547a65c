"""What the acts are tried on: probes of the prover's own, laid among the real things of a home and removed in the end.

Nothing real is read, changed or removed, whatever a wall lets through.

Handbook 2.6 (the sensitive and the non-sensitive environment).
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Misused
from jalostamo.doors.home import Home
from jalostamo.doors.separation.identities import Users
from jalostamo.doors.sides import Sides, owners

# Open to everyone: what keeps others out is to be the folder in which a probe lies, and not the probe.
_OPEN_FILE: Final = 0o644
_OPEN_FOLDER: Final = 0o755


@dataclass(slots=True)
class Probes:
    """The probes in one home, called by one random word; `targets` says where each of them is."""

    home: Home
    users: Users | None
    word: str = field(default_factory=lambda: f"probe-{secrets.token_hex(6)}")
    canary: str = field(default_factory=lambda: f"canary-{secrets.token_hex(12)}")
    targets: dict[str, str] = field(default_factory=dict)

    def lay(self) -> None:
        """Lay them, or lay them anew as they were."""
        self.remove()
        home, users = self.home, self.users
        closed = users.closed_room if users else None
        town, job = (users.townhall, users.open_room) if users else (None, None)
        self._file("vault", home.closed / "vault", closed, closed)
        self._file("key", home.closed / "keys", closed, closed)
        self._file("source", home.sources, closed, closed)
        self._file("townhall_key", home.townhall / "keys", town, town)
        self._file("events", home.townhall / "permits", town, town)
        self._file("cube", home.cubes, closed, town)
        self._file("status", home.status, closed, town)
        self._file("publication", home.publications, job, town)
        self._file("jobs", home.jobs, town, job)
        self._file("other_result", home.results, job, town)
        self._folder("orders", home.orders, town, closed)
        for name in ("own", "other"):
            self._release(name, closed, job)
        self._own_folders(job)

    def remove(self) -> None:
        """Remove them all."""
        for folder in _shared(self.home):
            for path in folder.glob(f"{self.word}*"):
                shutil.rmtree(path, ignore_errors=True)

    def _file(self, name: str, place: Path, owner: int | None, group: int | None) -> Path:
        path = self._folder(f"{name}_folder", place, owner, group) / f"{name}.bin"
        path.write_text(f"{self.canary}\n", encoding="utf-8")
        self._owned(path, owner, group, _OPEN_FILE)
        self.targets[name] = str(path)
        return path

    def _folder(self, name: str, place: Path, owner: int | None, group: int | None, *, ending: str = "") -> Path:
        path = place / f"{self.word}{ending}"
        path.mkdir(exist_ok=True)
        self._owned(path, owner, group, _OPEN_FOLDER)
        self.targets[name] = str(path)
        return path

    def _release(self, name: str, owner: int | None, group: int | None) -> None:
        import pyarrow as pa
        import pyarrow.parquet

        permit = self._folder(f"{name}_permit", self.home.releases, owner, group, ending=f"-{name}")
        folder = permit / "0123456789abcdef"
        folder.mkdir()
        path = folder / "persons.parquet"
        pa.parquet.write_table(pa.table({"age": [self.canary]}), path, compression="none")
        self._owned(path, owner, group, _OPEN_FILE)
        self._owned(folder, owner, group, _OPEN_FOLDER)
        self.targets |= {f"{name}_release": str(folder), f"{name}_table": str(path)}

    def _own_folders(self, owner: int | None) -> None:
        own = self._folder("job", self.home.results, owner, owner, ending="-own")
        for name in ("results", "scratch"):
            (own / name).mkdir()
            self._owned(own / name, owner, owner, 0o700)
            self.targets[name] = str(own / name)

    def _owned(self, path: Path, owner: int | None, group: int | None, mode: int) -> None:
        if owner is not None and group is not None:
            os.chown(path, owner, group)
        # The mask of whoever started this is not asked.
        path.chmod(mode)


@contextmanager
def probes_in(home: Home, users: Users | None) -> Iterator[Probes]:
    """Lay probes in a home, and remove them however the block ends."""
    made = lay_out_for(home, users)
    probes = Probes(home, users)
    try:
        probes.lay()
        probes.targets["canary"] = probes.canary
        yield probes
    finally:
        probes.remove()
        for folder in reversed(made if users is None else ()):
            # Where nobody else has put something into it meanwhile.
            with suppress(OSError):
                folder.rmdir()


def lay_out_for(home: Home, users: Users | None) -> list[Path]:
    """Make the folders of a home that are missing, and tell which; with users, each is its writer's, and its reader's group.

    Folders that are there already keep their owners and modes: whether these hold is what is to be found out.
    """
    made = []
    for path, (owner, group, mode) in _owners(home, users).items():
        if path.is_dir():
            continue
        made.append(path)
        path.mkdir(parents=True)
        if owner is not None and group is not None:
            os.chown(path, owner, group)
        path.chmod(mode)
    if users is not None:
        _refuse_closed_way(home.folder)
    return made


def _owners(home: Home, users: Users | None) -> Mapping[Path, tuple[int | None, int | None, int]]:
    return owners(home, Sides(users.closed_room, users.townhall, users.open_room) if users else None)


def _shared(home: Home) -> list[Path]:
    return [path for path in _owners(home, None) if path not in {home.folder, home.orders.parent}]


def _refuse_closed_way(folder: Path) -> None:
    """The users must come as far as the home, else everything would be refused by that alone and nothing be proved."""
    for path in (folder.absolute(), *folder.absolute().parents):
        if not path.stat().st_mode & 0o001:
            raise Misused(
                f"'{path}' is closed to other users: what lies beneath it would be refused for that alone. Name another "
                "home, or open the way to it (chmod o+x).",
                reason="home_closed",
            )

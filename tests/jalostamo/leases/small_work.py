"""Small steps over a folder: each writes one file made from what came before, and the last one publishes a release."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from jalostamo.leases.working import Step, Work
from jalostamo.storage.places import write_whole
from jalostamo.storage.publishing import Publication, publish

STEPS = ("retrieve", "link", "admit")
KIND = "cells"

type Moment = Callable[[str], None]


def nothing(_: str) -> None:
    """What happens at a moment, as a rule."""


def digest_of(data: bytes) -> str:
    """The digest by which a file is recorded."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True)
class Write:
    """A step that writes one file, called by its digest, into the vault."""

    name: str
    folder: Path
    at: Moment = nothing
    salt: str = ""

    def run(self, work: Work) -> str:
        self.at(f"{self.name}:before")
        data = f"{self.name} {work.payload} {sorted(work.given.items())} {self.salt}".encode() * 20
        digest = digest_of(data)
        work.tell(1, 2)
        self.at(f"{self.name}:middle")
        write_whole(self.folder / "vault" / digest, data, force=True)
        self.at(f"{self.name}:after")
        return digest

    def stands(self, digest: str) -> bool:
        path = self.folder / "vault" / digest
        return path.is_file() and digest_of(path.read_bytes()) == digest


@dataclass(frozen=True)
class Admit:
    """The step that publishes what the steps before it gave, and notes that it did."""

    folder: Path
    at: Moment = nothing
    guarded: bool = True
    name: str = field(default="admit", init=False)

    def run(self, work: Work) -> str:
        self.at("admit:before")
        content = {name: self.folder / "vault" / digest for name, digest in work.given.items()}
        digest = digest_of(repr(sorted(work.given.items())).encode() + work.payload.encode())
        place = self.folder / "releases" / work.lease.job / digest[:16]

        @contextmanager
        def allowed() -> Iterator[None]:
            self.at("admit:middle")
            guard: AbstractContextManager[None] = work.guard(digest) if self.guarded else nullcontext()
            with guard:
                self.at("admit:held")
                self.note(work)
                yield
                self.at("admit:out")

        publish(
            Publication(
                place, content | {"payload": work.payload.encode()}, self.folder, str(work.token), allowed=allowed
            )
        )
        self.at("admit:after")
        return digest

    def note(self, work: Work) -> None:
        """Add a line for each time that somebody was allowed to publish."""
        descriptor = os.open(self.folder / "allowed", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(descriptor, f"{work.lease.job} {work.token}\n".encode())
        os.close(descriptor)

    def stands(self, digest: str) -> bool:
        return any(folder.name == digest[:16] for folder in (self.folder / "releases").glob("*/*"))


def steps_in(folder: Path, *, at: Moment = nothing, salt: str = "", guarded: bool = True) -> list[Step]:
    """The steps of a small order."""
    return [Write("retrieve", folder, at, salt), Write("link", folder, at), Admit(folder, at, guarded)]


def made_ready(folder: Path) -> Path:
    """A folder in which work can be done."""
    for name in ("vault", "releases"):
        (folder / name).mkdir(parents=True)
    return folder


def releases_of(folder: Path) -> dict[str, list[str]]:
    """Every release that a reader sees, by its job; each is looked at, and its content belongs together."""
    found: dict[str, list[str]] = {}
    for place in sorted((folder / "releases").glob("*/[0-9a-f]*")):
        files = {path.name: path.read_bytes() for path in place.iterdir()}
        given = sorted((name, digest_of(data)) for name, data in files.items() if name != "payload")
        assert digest_of(repr(given).encode() + files["payload"])[:16] == place.name, "a release is torn"
        found.setdefault(place.parent.name, []).append(place.name)
    return found

"""What lies in the vault: put there sealed, opened with its key, and destroyed with it on the day that its permit says.

Handbook 2.6, phases 4 and 8.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Misused
from jalostamo.engine.sealing import Sealing, forget_key, sealed_outline
from jalostamo.managing.sensitive.keys import Certificate, KeyStore, Secret
from jalostamo.managing.sensitive.vault.containers import Label, label_in, opened, sealed
from jalostamo.storage.places import sync, write_whole

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from jalostamo.engine.connection import Engine
    from jalostamo.managing.sensitive.keys.erasure import Opener

type Elsewhere = Callable[[str], tuple[Sequence[str], Sequence[Path]]]

DOCUMENT: Final = ".sealed"
TABLE: Final = ".parquet"


def nowhere(_: str) -> tuple[Sequence[str], Sequence[Path]]:
    """Of most keys everything that they sealed lies in the vault."""
    return (), ()


@dataclass(frozen=True, slots=True)
class Vault:
    """A folder of sealed things and the store of their keys."""

    folder: Path
    keys: KeyStore

    def put(
        self,
        document: bytes,
        *,
        kind: str,
        about: str,
        destroy_by: datetime.date | None = None,
        key: Secret | None = None,
    ) -> Label:
        """Seal a document under a key of its own, or one that was made before."""
        label = Label(self.keys.create(kind, about, key), kind, about, destroy_by)
        with self.keys.open(label.key) as opened_key:
            write_whole(self._place(label), sealed(document, label, opened_key))
        return label

    def put_table(
        self, engine: Engine, table: ir.Table, *, kind: str, about: str, destroy_by: datetime.date | None = None
    ) -> Label:
        """Seal a table under a key of its own; beside it stands a label, sealed with its digest."""
        label = Label(self.keys.create(kind, about), kind, about, destroy_by)
        with self.keys.open(label.key) as key:
            path, sealing = self._place(label, TABLE), Sealing(engine, key.for_tables())
            try:
                sealing.write(table, path)
                sync(path)
            finally:
                forget_key(engine, sealing.key)
            write_whole(self._place(label), sealed(_digest(path).encode(), label, key))
        return label

    def document(self, label: Label) -> bytes:
        """A document that was put here."""
        path = self._place(label)
        with self.keys.open(label.key) as key:
            return opened(_content(path), key, name=path.name)

    def table(self, engine: Engine, label: Label) -> tuple[ir.Table, Sealing]:
        """A table that was put here, readable until its sealing is closed; refused where its file is not the one sealed."""
        path, digest = self._place(label, TABLE), self.document(label).decode()
        with self.keys.open(label.key) as key:
            sealing = Sealing(engine, key.for_tables(), {path: digest})
        sealing.check(path)
        return sealing.read(path), sealing

    @property
    def labels(self) -> Sequence[Label]:
        """What lies here, also where its key is destroyed and its file not yet gone."""
        return [label_in(_content(path), name=path.name) for path in sorted(self.folder.glob(f"*{DOCUMENT}"))]

    def due(self, today: datetime.date) -> Sequence[Label]:
        """What must be destroyed by today."""
        return [label for label in self.labels if label.destroy_by and label.destroy_by <= today]

    def destroy(
        self,
        labels: Sequence[Label],
        *,
        rule: str,
        decision: str,
        at: str,
        last_backup: str | None = None,
        elsewhere: Elsewhere = nowhere,
        certified: Callable[[Certificate], None] = lambda _: None,
    ) -> tuple[Certificate, ...]:
        """Destroy keys, then what they sealed, and certify it; whoever is stopped between the two does it again.

        `elsewhere` finds what a key has sealed outside of the vault: its digests, and the files that still stand. Each certificate
        is handed to `certified` as long as everything that it names is there.
        """
        outside = [elsewhere(label.key) for label in labels]
        digests = [
            tuple(sorted({*found, *(_digest(path) for path in self._files(label))}))
            for label, (found, _) in zip(labels, outside, strict=True)
        ]
        destroyed = self.keys.destroy([label.key for label in labels])
        certificates = tuple(
            Certificate(each, found, rule, decision, at, last_backup)
            for each, found in zip(destroyed, digests, strict=True)
        )
        for certificate in certificates:
            certified(certificate)
        for label, (_, standing) in zip(labels, outside, strict=True):
            # The label goes last: while it is there, what it names is still to be destroyed.
            for path in (*standing, *self._files(label)):
                path.unlink(missing_ok=True)
                sync(path.parent)
        sync(self.folder)
        return certificates

    def _files(self, label: Label) -> list[Path]:
        places = (self._place(label, TABLE), self._place(label))
        return [path for path in places if path.is_file()]

    def _place(self, label: Label, suffix: str = DOCUMENT) -> Path:
        return self.folder / f"{label.key}{suffix}"


def openers(engine: Engine) -> tuple[Opener, ...]:
    """The ways in which a key may open a file of a vault."""

    def opens_table(path: Path, key: Secret) -> bool:
        tried = key.for_tables()
        try:
            return sealed_outline(engine, path, tried) is not None
        finally:
            forget_key(engine, tried)

    return _opens_document, opens_table


def _opens_document(path: Path, key: Secret) -> bool:
    content = path.read_bytes()
    line = content.partition(b"\n")[0] + b"\n"
    return key.unseal(content[len(line) :], about=line) is not None


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        raise Misused(f"{path.name} is not in the vault, or cannot be read.", reason="sealed_missing") from None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

"""Prepared data: what stands between the two environments; made by preparing alone, let out by admission alone.

It lies in files of the sensitive side and holds no direct identifier. The class is here, since both sides know it.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.concepts.languages import Text
from jalostamo.managing.manifests import Manifest, digest_of
from jalostamo.permits.terms import DataClass

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from jalostamo.engine.connection import Engine
    from jalostamo.engine.sealing import Sealing
    from jalostamo.storage.publishing import Part

PSEUDONYM: Final = "pseudonym"
PSEUDONYM_FORM: Final = "^[0-9a-f]{32}$"


@dataclass(frozen=True, slots=True)
class ReleasedField:
    """A field as a release has it: how it was made coarse, and what its codes mean, so that nobody has to guess.

    `made_of` are the fields of registers (`register.table.field`) whose values it shows; none where the corridor itself
    made it, as a pseudonym.
    """

    name: str
    type: str
    title: Text
    made_by: str
    is_quasi_identifier: bool
    labels: Mapping[str, Text]
    made_of: tuple[str, ...] = ()

    def as_mapping(self) -> dict[str, object]:
        """The field as the dictionary of a release holds it."""
        labels = {code: label.as_mapping() for code, label in self.labels.items()}
        return {"name": self.name, "type": self.type, "title": self.title.as_mapping(), "made_by": self.made_by} | {
            "quasi_identifier": self.is_quasi_identifier,
            "labels": labels,
            "made_of": list(self.made_of),
        }


@dataclass(frozen=True, slots=True)
class Loss:
    """What preparation cost one group: units released, and units left out because too few were alike."""

    group: str
    released: int
    suppressed: int


@dataclass(frozen=True, slots=True, repr=False)
class Prepared:
    """Prepared data, in files of its own: what it is, how alike its people are, and what was left out.

    `tables` names files of `folder`, sealed by `sealing` where that is told; `smallest` is the smallest class, per unit of
    `units`; k was asked of each.
    """

    folder: Path
    tables: Mapping[str, tuple[ReleasedField, ...]]
    data_class: DataClass
    k: int
    units: tuple[str, ...]
    smallest: Mapping[str, int]
    released: int
    suppressed: int
    loss: tuple[Loss, ...]
    manifest: Manifest
    sealing: Sealing | None = None

    def __repr__(self) -> str:
        return "Prepared(content hidden)"

    def table(self, engine: Engine, name: str) -> ir.Table:
        """One of its files, as a table of an engine."""
        path = self.folder / f"{name}.parquet"
        return engine.read_parquet(path) if self.sealing is None else self.sealing.read(path)

    def part(self, name: str) -> Part:
        """One of its tables plainly, as a file of the release that it becomes; refused where its sealed file has changed."""
        path = self.folder / f"{name}.parquet"
        return path if self.sealing is None else partial(self._opened, self.sealing, path)

    def sealed_part(self, name: str) -> tuple[Path, str]:
        """One of its tables as it was sealed, and the digest of that file; refused where it is not sealed."""
        path = self.folder / f"{name}.parquet"
        digest = self.sealing.digest_of_sealed(path) if self.sealing else None
        if digest is None:
            raise Refused([Objection(f"'{name}' is not sealed.", "2.6, phase 5")], reason="release_unsealed")
        return path, digest

    def changed(self) -> tuple[str, ...]:
        """What of it is not as it was prepared: "claims", or names of tables whose files differ."""
        if self.sealing is None:
            return self.changed_in(self.folder)
        files = [name for name in self._digests if self.sealing.changed(self.folder / f"{name}.parquet")]
        return (*self._altered, *files)

    def changed_in(self, folder: Path, *, sealed: bool = False) -> tuple[str, ...]:
        """What is not as its manifest says it was prepared: "claims", or names of tables whose copies in `folder` differ.

        `sealed` copies are as they were sealed when they were prepared, byte for byte.
        """
        wanted = {name: self.sealed_part(name)[1] for name in self._digests} if sealed else self._digests
        files = [name for name, digest in wanted.items() if _digest(folder / f"{name}.parquet") != digest]
        return (*self._altered, *files)

    @contextmanager
    def _opened(self, sealing: Sealing, path: Path) -> Iterator[BinaryIO]:
        if sealing.changed(path):
            sentence = f"'{path.stem}' is not what was validated: it has changed since."
            raise Refused([Objection(sentence, "2.6, phase 5")], reason="changed_since_validation")
        with sealing.reading(path) as opened:
            yield opened

    @property
    def _digests(self) -> Mapping[str, str]:
        return cast("Mapping[str, str]", self.manifest.content["tables"])

    @property
    def _altered(self) -> tuple[str, ...]:
        claims = claims_of(self.data_class, self.k, self.units, self.tables)
        altered = any(self.manifest.content[key] != claim for key, claim in claims.items())
        return ("claims",) if altered else ()


def claims_of(
    data_class: DataClass, k: int, units: tuple[str, ...], tables: Mapping[str, tuple[ReleasedField, ...]]
) -> dict[str, object]:
    """What prepared data claims to be, as its manifest holds it: class, k, units, and the dictionary of every table."""
    fields = {name: [field.as_mapping() for field in described] for name, described in tables.items()}
    return {"data_class": data_class.value, "k": k, "units": list(units), "fields": fields}


def _digest(path: Path) -> str | None:
    return digest_of(path) if path.is_file() else None

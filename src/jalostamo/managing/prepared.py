"""Prepared data: what stands between the two environments; made by preparing alone, let out by admission alone.

It lies in files of the sensitive side and holds no direct identifier. The class is here, since both sides know it.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from jalostamo.concepts.languages import Text
from jalostamo.managing.manifests import Manifest, digest_of
from jalostamo.permits.terms import DataClass

PSEUDONYM: Final = "pseudonym"
PSEUDONYM_FORM: Final = "^[0-9a-f]{32}$"


@dataclass(frozen=True, slots=True)
class ReleasedField:
    """A field as a release has it: how it was made coarse, and what its codes mean, so that nobody has to guess."""

    name: str
    type: str
    title: Text
    made_by: str
    is_quasi_identifier: bool
    labels: Mapping[str, Text]

    def as_mapping(self) -> dict[str, object]:
        """The field as the dictionary of a release holds it."""
        labels = {code: label.as_mapping() for code, label in self.labels.items()}
        return {"name": self.name, "type": self.type, "title": self.title.as_mapping(), "made_by": self.made_by} | {
            "quasi_identifier": self.is_quasi_identifier,
            "labels": labels,
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

    `tables` names files of `folder`; `smallest` is the smallest class, per unit of `units`; k was asked of each.
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

    def __repr__(self) -> str:
        return "Prepared(content hidden)"

    def changed_in(self, folder: Path) -> tuple[str, ...]:
        """What is not as its manifest says it was prepared: "claims", or names of tables whose files in `folder` differ."""
        named = cast("Mapping[str, str]", self.manifest.content["tables"])
        claims = claims_of(self.data_class, self.k, self.units, self.tables)
        altered = any(self.manifest.content[key] != claim for key, claim in claims.items())
        files = [name for name, digest in named.items() if _digest(folder / f"{name}.parquet") != digest]
        return ("claims", *files) if altered else tuple(files)


def claims_of(
    data_class: DataClass, k: int, units: tuple[str, ...], tables: Mapping[str, tuple[ReleasedField, ...]]
) -> dict[str, object]:
    """What prepared data claims to be, as its manifest holds it: class, k, units, and the dictionary of every table."""
    fields = {name: [field.as_mapping() for field in described] for name, described in tables.items()}
    return {"data_class": data_class.value, "k": k, "units": list(units), "fields": fields}


def _digest(path: Path) -> str | None:
    return digest_of(path) if path.is_file() else None

"""Prepared data as a test lays it down itself, so that a process of its own can admit it without an engine."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from jalostamo.concepts.errors import Objection
from jalostamo.concepts.languages import Text
from jalostamo.managing.manifests import Manifest, digest_of
from jalostamo.managing.nonsensitive.admission import AT_ONCE, Leave, admit
from jalostamo.managing.nonsensitive.releases import Release
from jalostamo.managing.prepared import Prepared, ReleasedField, claims_of
from jalostamo.managing.request_parts import Preparation
from jalostamo.managing.requests import Request
from jalostamo.permits.terms import DataClass
from jalostamo.storage.disk import DISK
from jalostamo.storage.operations import FileOperations

WORD = Text("x", "x", "x")
PERMIT = "HEL 2026/7"


@dataclass(frozen=True)
class Passed:
    """A validation that objected to nothing."""

    prepared: str
    objections: tuple[Objection, ...] = ()
    manifest: Manifest = Manifest("validated", {})


def prepared_in(folder: Path) -> Prepared:
    """Prepared data of two files that stand in a folder."""
    fields = {name: (ReleasedField("sex", "text", WORD, "as recorded", True, {}),) for name in ("persons", "events")}
    digests = {name: digest_of(folder / f"{name}.parquet") for name in fields}
    given = DataClass.ROW_LEVEL_KEY_DESTROYED, 2, ("person",), fields
    manifest = Manifest("prepared", claims_of(*given) | {"tables": digests})
    return Prepared(folder, fields, *given[:1], 2, ("person",), {"person": 2}, 10, 0, (), manifest)


def files_in(folder: Path) -> Path:
    """The files of prepared data, which are no tables: admission reads none."""
    folder.mkdir(parents=True)
    for name in ("persons", "events"):
        (folder / f"{name}.parquet").write_bytes(name.encode() * 30)
    return folder


def admitted(folder: Path, releases: Path, *, on: FileOperations = DISK, leave: Leave = AT_ONCE) -> Release:
    """What is prepared in a folder, let out."""
    made = prepared_in(folder)
    facts = {"marking": "synthetic", "combinability": {}}
    return admit(made, Passed(made.manifest.digest), asked(), releases=releases, on=on, leave=leave, **facts)  # type: ignore[arg-type]  # by name


def asked() -> Request:
    """A request under a permit that is called as no folder can be."""
    day = datetime.date(2026, 1, 1)
    recipe = Preparation(DataClass.ROW_LEVEL_KEY_DESTROYED, 2, ("person",), 0.1, None, (), ())
    return Request("small", WORD, WORD, day, day, (), None, None, recipe, None, Path(), "0" * 64, permit=PERMIT)

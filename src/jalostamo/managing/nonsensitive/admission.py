"""Admission: the one hatch through which prepared data leaves the closed room, once it has been validated.

A release is written whole or not at all: into a folder of its own, which appears under its final name in one step.

Handbook 2.6, phase 5 (saved to the analytic environment).
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.engine.storage import appear, write_whole
from jalostamo.managing.manifests import Manifest, digest_of, rounded
from jalostamo.managing.nonsensitive.releases import MANIFEST, Release, open_release

if TYPE_CHECKING:
    from jalostamo.managing.prepared import Prepared
    from jalostamo.managing.requests import Request


class Validated(Protocol):
    """What admission must be shown of a validation: which preparation it read, and what it found against it."""

    @property
    def prepared(self) -> str: ...
    @property
    def objections(self) -> tuple[Objection, ...]: ...
    @property
    def manifest(self) -> Manifest: ...


def admit(
    prepared: Prepared,
    validated: Validated,
    request: Request,
    *,
    releases: Path,
    marking: str,
    combinability: Mapping[str, object],
) -> Release:
    """Let validated data out as a release; refuse what was not validated, did not pass, or changed since.

    `releases` is the folder of the exchange; the release stands in it under the request's id and its own digest.
    `combinability` tells, in rounded counts, how well the sources were linked.
    """
    _refuse(prepared, validated)
    manifest = _manifest(prepared, validated, request, marking=marking, combinability=combinability)
    shelf = releases / request.id
    shelf.mkdir(parents=True, exist_ok=True)
    staging = shelf / f".{manifest.digest[:16]}"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    for name in prepared.tables:
        shutil.copyfile(prepared.folder / f"{name}.parquet", staging / f"{name}.parquet")
        (staging / f"{name}.parquet").chmod(0o440)
    write_whole(staging / MANIFEST, manifest.written, force=True)
    appear(staging, shelf / manifest.digest[:16])
    return open_release(shelf / manifest.digest[:16])


def _refuse(prepared: Prepared, validated: Validated) -> None:
    if validated.prepared != prepared.manifest.digest:
        raise Refused(
            [Objection("The validation is of another preparation: validate this one.", "2.6, phase 5")],
            reason="not_validated",
        )
    if validated.objections:
        raise Refused(validated.objections, reason="validation_failed")


def _manifest(
    prepared: Prepared, validated: Validated, request: Request, *, marking: str, combinability: Mapping[str, object]
) -> Manifest:
    tables = {
        name: {
            "file": f"{name}.parquet",
            "sha256": digest_of(prepared.folder / f"{name}.parquet"),
            "fields": [field.as_mapping() for field in fields],
        }
        for name, fields in prepared.tables.items()
    }
    content: Mapping[str, object] = {
        "format": "jalostamo-release-1",
        "request": request.digest,
        "request_id": request.id,
        "title": request.title.as_mapping(),
        "need": request.need.as_mapping(),
        "from": request.first_day.isoformat(),
        "to": request.last_day.isoformat(),
        "prepared": prepared.manifest.digest,
        "validated": validated.manifest.digest,
        "data_class": prepared.data_class.value,
        "level": "demo",
        "marking": marking,
        "k": prepared.k,
        "units": list(prepared.units),
        "loss": [
            {"group": loss.group, "released": rounded(loss.released), "suppressed": rounded(loss.suppressed)}
            for loss in prepared.loss
        ],
        "released": rounded(prepared.released),
        "suppressed": rounded(prepared.suppressed),
        "combinability": combinability,
        "tables": tables,
    }
    return Manifest("release", content)

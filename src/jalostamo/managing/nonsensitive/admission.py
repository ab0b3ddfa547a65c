"""Admission: the one hatch through which prepared data leaves the closed room, once it has been validated.

A release is written whole or not at all: into a folder of its own, which appears under its final name in one step.

Handbook 2.6, phase 5 (saved to the analytic environment).
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol, cast

from jalostamo.concepts.errors import Misused, Objection, Refused
from jalostamo.managing.manifests import Manifest, rounded
from jalostamo.managing.nonsensitive.releases import MANIFEST, SHORT_DIGEST, Release, open_release
from jalostamo.storage.places import appear, sync, write_whole

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
    earlier: Sequence[Mapping[str, object]] = (),
    bounds: Mapping[str, object] = MappingProxyType({}),
    level: str = "demo",
) -> Release:
    """Let validated data out as a release; refuse what was not validated, did not pass, or changed since.

    `releases` is the folder of the exchange; the release stands in it under the request's id and its own digest.
    `combinability` tells, in rounded counts, how well the sources were linked; `earlier` names the steps before the
    preparation with their digests, so that a figure can be followed back to them; `bounds` what binds the release, and `level` how far
    the two environments are kept apart here.
    """
    _refuse(prepared, validated)
    shelf = releases / request.id
    staging = shelf / f".{prepared.manifest.digest[:SHORT_DIGEST]}"
    try:
        _copy(prepared, staging)
        # The copies are judged, since the files that were validated could change until the very moment of copying.
        _refuse_changed(prepared, staging)
        facts = {"level": level, "marking": marking, "combinability": combinability, "earlier": list(earlier)} | dict(
            bounds
        )
        manifest = _manifest(prepared, validated, request, facts=facts)
        write_whole(staging / MANIFEST, manifest.written, force=True)
        appear(staging, shelf / manifest.digest[:SHORT_DIGEST])
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return open_release(shelf / manifest.digest[:SHORT_DIGEST])


def _copy(prepared: Prepared, staging: Path) -> None:
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        # The shelf's own name, too, has to be on the disk before a release on it is acknowledged.
        sync(staging.parent.parent)
        for name in prepared.tables:
            copy = staging / f"{name}.parquet"
            prepared.copy(name, copy)
            copy.chmod(0o440)
    except OSError as error:
        raise Misused(f"The release cannot be written: {error.strerror}.", reason="out_unwritable") from None


def _refuse(prepared: Prepared, validated: Validated) -> None:
    if validated.prepared != prepared.manifest.digest:
        raise Refused(
            [Objection("The validation is of another preparation: validate this one.", "2.6, phase 5")],
            reason="not_validated",
        )
    if validated.objections:
        raise Refused(validated.objections, reason="validation_failed")


def _refuse_changed(prepared: Prepared, staging: Path) -> None:
    objections = [
        Objection(f"'{changed}' is not what was validated: it has changed since.", "2.6, phase 5")
        for changed in prepared.changed_in(staging)
    ]
    if objections:
        raise Refused(objections, reason="changed_since_validation")


def _manifest(prepared: Prepared, validated: Validated, request: Request, *, facts: Mapping[str, object]) -> Manifest:
    digests = cast("Mapping[str, str]", prepared.manifest.content["tables"])
    tables = {
        name: {
            "file": f"{name}.parquet",
            "sha256": digests[name],
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
        "k": prepared.k,
        "units": list(prepared.units),
        # A group smaller than a class may be would tell, by its name alone, of someone who was left out.
        "loss": [
            {"group": loss.group, "released": rounded(loss.released), "suppressed": rounded(loss.suppressed)}
            for loss in prepared.loss
            if loss.released + loss.suppressed >= prepared.k
        ],
        "released": rounded(prepared.released),
        "suppressed": rounded(prepared.suppressed),
        "tables": tables,
        **facts,
    }
    return Manifest("release", content)

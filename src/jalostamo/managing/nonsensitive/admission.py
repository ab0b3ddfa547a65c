"""Admission: the one hatch through which prepared data leaves the closed room, once it has been validated.

A release is published as one act, which may be cut short anywhere and done again: it appears whole, and once.

Handbook 2.6, phase 5 (saved to the analytic environment).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol, cast

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.managing.manifests import Manifest, rounded
from jalostamo.managing.nonsensitive.envelopes import ENVELOPES, Envelopes
from jalostamo.managing.nonsensitive.releases import MANIFEST, Release, open_release, place_of
from jalostamo.storage.disk import DISK
from jalostamo.storage.publishing import Publication, publish

if TYPE_CHECKING:
    from jalostamo.managing.prepared import Prepared
    from jalostamo.managing.requests import Request
    from jalostamo.permits.orders import Order
    from jalostamo.storage.operations import FileOperations
    from jalostamo.storage.publishing import Part

_PHASE: Final = "2.6, phase 5"


class Validated(Protocol):
    """What admission must be shown of a validation: which preparation it read, and what it found against it."""

    @property
    def prepared(self) -> str: ...
    @property
    def objections(self) -> tuple[Objection, ...]: ...
    @property
    def manifest(self) -> Manifest: ...


def _nothing() -> Sequence[Objection]:
    return ()


@dataclass(frozen=True, slots=True)
class Leave:
    """A leave is what is asked at the last moment, when all is written and a release is about to appear.

    `allowed` is entered for that step alone, with the digest of the preparation that goes out, as a lease's guard is; within
    it `standing` tells what the permit's newest events say against it. `mark` tells this attempt from others, as a fencing
    token does.
    """

    standing: Callable[[], Sequence[Objection]] = _nothing
    allowed: Callable[[str], AbstractContextManager[object]] = nullcontext
    mark: str = "0"

    @contextmanager
    def entered(self, digest: str) -> Iterator[None]:
        """The last step, for as long as the block lasts; refused where the permit does not stand any more."""
        with self.allowed(digest):
            if objections := self.standing():
                raise Refused(objections, reason="permit_not_standing")
            yield


AT_ONCE: Final = Leave()
"""Without asking anybody: for data that nobody ordered, as of a demonstration's own tests."""


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """What admission is asked to let out: a preparation, its validation, the request, and the order that it answers.

    With `envelopes` the tables leave as they were sealed, for whom these can be opened by.
    """

    prepared: Prepared
    validated: Validated
    request: Request
    order: Order | None = None
    envelopes: Envelopes | None = None


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
    order: Order | None = None,
    envelopes: Envelopes | None = None,
    leave: Leave = AT_ONCE,
    before: Callable[[Path], None] = lambda _: None,
    on: FileOperations = DISK,
) -> Release:
    """Let validated data out as a release; refuse what was not validated, did not pass, changed since, or goes beyond `order`.

    The release stands in the folder of its permit below `releases`, under its own digest; whoever asks again for what was let
    out is given that. `combinability` tells, in rounded counts, how well the sources were linked; `earlier` names the steps
    before the preparation with their digests, so that a figure can be followed back to them; `bounds` what binds the release,
    and `level` how far the two environments are kept apart here. `before` is told where the release is going to stand, once
    nothing is held against what was asked and nothing has appeared.
    """
    asked = Asked(prepared, validated, request, order, envelopes)
    for refuse in CHECKS:
        refuse(asked)
    facts = {"level": level, "marking": marking, "combinability": combinability, "earlier": list(earlier)} | dict(
        bounds
    )
    manifest = _manifest(asked, facts)
    publication = Publication(
        place_of(releases, request.permit, manifest),
        {**_files(asked), MANIFEST: manifest.written},
        below=releases.parent,
        mark=leave.mark,
        # The copies are judged, since the files that were validated could change until the very moment of copying.
        judged=partial(_refuse_changed, asked),
        allowed=partial(leave.entered, prepared.manifest.digest),
    )
    before(publication.target)
    publish(publication, on=on)
    return open_release(publication.target)


def _refuse_not_validated(asked: Asked) -> None:
    if asked.validated.prepared != asked.prepared.manifest.digest:
        raise Refused(
            [Objection("The validation is of another preparation: validate this one.", _PHASE)],
            reason="not_validated",
        )


def _refuse_not_passed(asked: Asked) -> None:
    if asked.validated.objections:
        raise Refused(asked.validated.objections, reason="validation_failed")


def _refuse_worse_class(asked: Asked) -> None:
    decided = asked.order.data_class if asked.order else asked.request.preparation.data_class
    if asked.prepared.data_class.exposure > decided.exposure:
        raise Refused(
            [Objection("What would leave is of a worse class than was decided.", _PHASE)], reason="class_exceeded"
        )


def _refuse_other_fields(asked: Asked) -> None:
    """By the dictionary of what was prepared, and not by what the request says that it asks."""
    if asked.order is None:
        return
    ordered = {f"{source.register}.{field}" for source in asked.order.sources for field in source.fields}
    objections = [
        Objection(f"'{field.name}' of '{name}' is made of a field that was not ordered.", "2.6, phase 4")
        for name, fields in asked.prepared.tables.items()
        for field in fields
        if set(field.made_of) - ordered
    ]
    if objections:
        raise Refused(objections, reason="fields_exceeded")


def _refuse_unsealed(asked: Asked) -> None:
    """What has the status of unprocessed data leaves for the people of its order alone."""
    order, envelopes = asked.order, asked.envelopes
    if order is None or not asked.prepared.data_class.has_the_status_of_unprocessed_data:
        return
    if envelopes is None or set(envelopes.sealed) != set(order.users) or envelopes.permit != order.permit:
        raise Refused(
            [Objection("Rows of this class leave sealed to the people of the order, and to nobody else.", _PHASE)],
            reason="release_unsealed",
        )


CHECKS: Final[tuple[Callable[[Asked], None], ...]] = (
    _refuse_not_validated,
    _refuse_not_passed,
    _refuse_worse_class,
    _refuse_other_fields,
    _refuse_unsealed,
)
"""What refuses a preparation before a byte of it is written; its copies are judged afterwards, and the permit last of all."""


def _files(asked: Asked) -> dict[str, Part]:
    prepared, envelopes = asked.prepared, asked.envelopes
    if envelopes is None:
        return {f"{name}.parquet": prepared.part(name) for name in prepared.tables}
    sealed: dict[str, Part] = {f"{name}.parquet": prepared.sealed_part(name)[0] for name in prepared.tables}
    return sealed | {ENVELOPES: envelopes.written}


def _refuse_changed(asked: Asked, staging: Path) -> None:
    objections = [
        Objection(f"'{changed}' is not what was validated: it has changed since.", _PHASE)
        for changed in asked.prepared.changed_in(staging, sealed=asked.envelopes is not None)
    ]
    if objections:
        raise Refused(objections, reason="changed_since_validation")


def _manifest(asked: Asked, facts: Mapping[str, object]) -> Manifest:
    prepared, request = asked.prepared, asked.request
    content: Mapping[str, object] = {
        "format": "jalostamo-release-1",
        "request": request.digest,
        "request_id": request.id,
        "permit": request.permit,
        "title": request.title.as_mapping(),
        "need": request.need.as_mapping(),
        "from": request.first_day.isoformat(),
        "to": request.last_day.isoformat(),
        "prepared": prepared.manifest.digest,
        "validated": asked.validated.manifest.digest,
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
        "tables": _tables(asked),
        **_sealed(asked.envelopes),
        **facts,
    }
    return Manifest("release", content)


def _tables(asked: Asked) -> dict[str, object]:
    """Each table's file, its digest and its fields; of a sealed one also the digest of what it holds."""
    prepared = asked.prepared
    digests = cast("Mapping[str, str]", prepared.manifest.content["tables"])
    if asked.envelopes is None:
        seen = {name: {"sha256": digest} for name, digest in digests.items()}
    else:
        seen = {n: {"sha256": prepared.sealed_part(n)[1], "content": digest} for n, digest in digests.items()}
    return {
        name: {"file": f"{name}.parquet", "fields": [field.as_mapping() for field in fields], **seen[name]}
        for name, fields in prepared.tables.items()
    }


def _sealed(envelopes: Envelopes | None) -> dict[str, object]:
    if envelopes is None:
        return {}
    digest = hashlib.sha256(envelopes.written).hexdigest()
    return {"sealed": {"key": envelopes.key, "for": sorted(envelopes.sealed), "sha256": digest}}

"""The closed room's part of the corridor, by both lanes: from a request to a release, or to tables that are counted only.

Each step is one function of its own room; here they stand in order, and what they leave behind is cleared away.

Handbook 2.6, phases 4 and 5.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.registers import Marking
from jalostamo.engine.sealing import Sealing
from jalostamo.managing.nonsensitive.admission import AT_ONCE, Leave, admit
from jalostamo.managing.orders import named_in_manifest
from jalostamo.managing.sensitive.accounts import accounts_of, forget_earlier
from jalostamo.managing.sensitive.code_history import CodeHistory, read_code_history
from jalostamo.managing.sensitive.courses import UNWATCHED, Course, digest_of_all, rows_so_far
from jalostamo.managing.sensitive.delivered import read_register
from jalostamo.managing.sensitive.exclusions import Protection, protection_in
from jalostamo.managing.sensitive.linking import Linked, link
from jalostamo.managing.sensitive.marginals import marginals_of
from jalostamo.managing.sensitive.preparing.countable import countable
from jalostamo.managing.sensitive.preparing.pseudonyms import PseudonymKey
from jalostamo.managing.sensitive.preparing.recipes import prepare
from jalostamo.managing.sensitive.release_keys import sealed_release
from jalostamo.managing.sensitive.responsibility import responsibility_of, usable_until
from jalostamo.managing.sensitive.retrieval import Extract, retrieve
from jalostamo.managing.sensitive.rows import rows_place
from jalostamo.managing.sensitive.told import exclusions_told, linking_told
from jalostamo.managing.sensitive.validation import ValidationReport, validate

if TYPE_CHECKING:
    import datetime

    import ibis.expr.types as ir

    from jalostamo.concepts.customers import CustomerKind
    from jalostamo.engine.connection import Engine
    from jalostamo.managing.manifests import Manifest
    from jalostamo.managing.nonsensitive.releases import Release
    from jalostamo.managing.prepared import Prepared
    from jalostamo.managing.process_counts import Tree
    from jalostamo.managing.requests import Request
    from jalostamo.managing.sensitive.preparing.record_keys import RecordKeys
    from jalostamo.managing.sensitive.vault import Vault
    from jalostamo.permits.orders import Order

STEPS: Final = ("retrieving", "linking", "preparing", "validating", "admitting")


@dataclass(frozen=True, slots=True)
class Rooms:
    """Where the closed room finds and keeps things: delivered sources, its own vault, the releases of the exchange.

    With what `sealed` opens, the manifests of runs, which hold true counts, are kept there and not plainly in `vault`. `order`
    is what the rooms are opened for, `people` the public keys of those whom a release may be sealed to, `level` how far the two
    environments are kept apart; `mark` tells this run's rows from those of another one that may be held meanwhile. Where the
    case `has_twin`, marginals are counted for the next one.
    """

    sources: Path
    vault: Path
    releases: Path
    sealed: Callable[[], AbstractContextManager[Vault]] | None = None
    order: Order | None = None
    people: Mapping[str, bytes] = MappingProxyType({})
    level: str = "demo"
    mark: str = ""
    has_twin: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Refined:
    """What a run of the corridor gave: the release, and the reports that stay inside."""

    extracts: tuple[Extract, ...]
    linked: Linked
    prepared: Prepared
    validation: ValidationReport
    release: Release
    protection: Protection
    marginals: Mapping[str, Tree]


def refine(
    engine: Engine,
    request: Request,
    rooms: Rooms,
    *,
    progress: Callable[[str], None],
    today: datetime.date,
    leave: Leave = AT_ONCE,
    course: Course = UNWATCHED,
) -> Refined:
    """Run one request through the closed room; its extracts and prepared files are destroyed, its manifests are kept.

    They are kept beside those of earlier runs, in a folder called as the release is. `today` is the day on which
    exclusions and outside permits must hold; `leave` is asked when all is done but that the release appears; `course` is
    told what each step gave.
    """
    forget_earlier(rooms, today=today)
    key = PseudonymKey()
    try:
        with (
            sealed_release(engine, rooms, today=today) as sealed,
            _joined(engine, request, rooms, progress=progress, today=today, course=course) as joined,
        ):
            progress("preparing")
            prepared = prepare(
                engine,
                request,
                joined.linked,
                joined.extracts,
                key=key,
                folder=joined.rows,
                # What leaves sealed is laid down so from the first, and never written anew.
                sealing=sealed.sealing if sealed else joined.sealing,
            )
            course.given("prepare", prepared.manifest.digest)
            progress("validating")
            validation = validate(engine, prepared)
            course.given("validate", validation.manifest.digest)
            told = {name: prepared.table(engine, name) for name in prepared.tables}
            marginals = marginals_of(engine, request, told, joined.extracts) if rooms.has_twin else {}
            progress("admitting")
            steps = (*joined.steps, prepared.manifest, validation.manifest)
            with accounts_of(rooms, request, manifests=steps, today=today) as keep:
                release = admit(
                    prepared,
                    validation,
                    request,
                    releases=rooms.releases,
                    marking=joined.marking,
                    combinability=joined.combinability,
                    earlier=joined.earlier,
                    bounds={**joined.bounds, **named_in_manifest(rooms.order)},
                    level=rooms.level,
                    order=rooms.order,
                    # Of what did not pass no key is kept for a moment.
                    envelopes=sealed.enveloped() if sealed and validation.passed else None,
                    leave=leave,
                    before=keep,
                )
    finally:
        # The class of the release says that its key is destroyed: it was never written, and goes here.
        key.destroy()
    return Refined(joined.extracts, joined.linked, prepared, validation, release, joined.protection, marginals)


@dataclass(frozen=True, slots=True, repr=False)
class Counting:
    """What cells are counted from, while the block of `opened_for_counting` lasts.

    `tables` are those of `countable`; `facts` is what a printed cube's manifest says of where its counts come from;
    `process` tells how well registers were linked and how many were left out, in true counts that are yet to be printed.
    """

    tables: Mapping[str, ir.Table]
    steps: tuple[Manifest, ...]
    facts: Mapping[str, object]
    process: Mapping[str, Tree]
    marginals: Mapping[str, Tree]


@contextmanager
def opened_for_counting(
    engine: Engine,
    request: Request,
    rooms: Rooms,
    *,
    keys: RecordKeys,
    unit: CustomerKind,
    progress: Callable[[str], None],
    today: datetime.date,
    course: Course = UNWATCHED,
) -> Iterator[Counting]:
    """The lane of cells: retrieve and link what a request names, for counting alone; with the block every row is destroyed."""
    with _joined(engine, request, rooms, progress=progress, today=today, course=course) as joined:
        progress("preparing")
        tables = countable(engine, request, joined.linked, joined.extracts, keys=keys, unit=unit)
        facts = {
            "request": request.digest,
            "marking": joined.marking,
            "earlier": joined.earlier,
            "usable_until": joined.bounds["usable_until"],
            "level": rooms.level,
        }
        process: dict[str, Tree] = {
            "combinability": linking_told(joined.linked.report),
            "exclusions": exclusions_told(joined.protection),
        }
        marginals = marginals_of(engine, request, tables, joined.extracts) if rooms.has_twin else {}
        yield Counting(tables, joined.steps, facts, process, marginals)


@dataclass(frozen=True, slots=True, repr=False)
class _Joined:
    """What was retrieved and linked, in a folder of rows that lasts as long as its block, and what both lanes say of it."""

    request: Request
    extracts: tuple[Extract, ...]
    linked: Linked
    protection: Protection
    rows: Path
    sealing: Sealing

    @property
    def steps(self) -> tuple[Manifest, ...]:
        return (*(extract.manifest for extract in self.extracts), self.linked.manifest)

    @property
    def marking(self) -> str:
        """Synthetic only where every source is: one public source makes the whole public."""
        markings = {extract.register.marking for extract in self.extracts}
        return (Marking.SYNTHETIC if markings == {Marking.SYNTHETIC} else Marking.PUBLIC).value

    @property
    def combinability(self) -> Mapping[str, object]:
        """How well the sources were linked, in rounded counts."""
        return self.linked.report.rounded() if self.linked.report else {}

    @property
    def earlier(self) -> list[dict[str, object]]:
        """The steps before preparing, as the chain from request to figure names them."""
        named: list[dict[str, object]] = [
            {
                "step": "extract",
                "register": e.source.register,
                "table": e.source.table,
                "title": e.register.title.as_mapping(),
                "controller": e.register.controller,
                **responsibility_of(e.register, self.request),
                "digest": e.manifest.digest,
            }
            for e in self.extracts
        ]
        harmonised = [mapped.as_mapping() for mapped in self.linked.mapped]
        return [*named, {"step": "linked", "digest": self.linked.manifest.digest, "harmonised": harmonised}]

    @property
    def bounds(self) -> dict[str, object]:
        """What binds a release: how many were left out or hidden, in rounded counts, and the last day of outside permits."""
        until = usable_until(extract.register for extract in self.extracts)
        return {"exclusions": self.protection.rounded(), "usable_until": until.isoformat() if until else None}


@contextmanager
def _joined(
    engine: Engine,
    request: Request,
    rooms: Rooms,
    *,
    progress: Callable[[str], None],
    today: datetime.date,
    course: Course,
) -> Iterator[_Joined]:
    # Its key is in the memory of this process alone: of a run that is killed nothing can be opened.
    sealing = Sealing(engine)
    vault = rooms.vault / request.id
    rows = rows_place(vault, rooms.mark)
    # What a run that was killed left behind goes first.
    shutil.rmtree(rows, ignore_errors=True)
    vault.mkdir(parents=True, exist_ok=True, mode=0o700)
    rows.mkdir(mode=0o700)
    try:
        progress("retrieving")
        protection = protection_in(engine, rooms.sources, day=today)
        extracts: tuple[Extract, ...] = ()
        for source in request.sources:
            extract = retrieve(
                engine, request, source, sources=rooms.sources, vault=rows, protection=protection, sealing=sealing
            )
            extracts = (*extracts, extract)
            course.rows(*rows_so_far(extracts, request, rooms.sources))
        course.given("retrieve", digest_of_all(extract.manifest.digest for extract in extracts))
        progress("linking")
        linked = link(engine, request, extracts, history=_history(engine, request, rooms.sources))
        course.given("link", linked.manifest.digest)
        yield _Joined(request, extracts, linked, protection, rows, sealing)
    finally:
        sealing.close()
        shutil.rmtree(rows, ignore_errors=True)


def _history(engine: Engine, request: Request, sources: Path) -> CodeHistory:
    """The history of codes that is told by the register that tells who exists."""
    if request.linking is None:
        return CodeHistory()
    folder = sources / request.linking.register
    return read_code_history(engine, {folder: read_register(folder)})

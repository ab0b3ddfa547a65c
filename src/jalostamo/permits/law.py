"""On what legal ground each source of an analysis is used, and what follows from it for an order.

What the routes themselves allow is dated data, in `law_book`.

Handbook 2.6, phase 4; 2.1, model C.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Protocol

from jalostamo.concepts.errors import Objection
from jalostamo.concepts.languages import Text
from jalostamo.concepts.organisations import Controller
from jalostamo.permits.contents import written
from jalostamo.permits.law_book import (
    AS_SHIPPED,
    LawBook,
    LegalRoute,
    OutputLevel,
    PurposeOfUse,
    RouteTerms,
    route_on,
    said,
)
from jalostamo.permits.objections import objection
from jalostamo.permits.terms import DataClass, Lane, title_of


class SourceLawEntry(StrEnum):
    """An entry of a source's law that a person fills in."""

    REGISTER = "register"
    ROUTE = "route"
    PURPOSE = "purpose"
    AUTHORITY = "authority"
    CONTROLLER = "controller"
    CONTROLLER_SINCE = "controller_since"
    CONTRACT = "contract"
    OUTSIDE_PERMIT_NUMBER = "outside_permit_number"


@written
@dataclass(frozen=True, slots=True)
class OutsidePermit:
    """A permit that somebody else gave for a source: the population register's keeper, Findata, another authority.

    `expires` is the last day on which it holds.
    """

    number: str
    purpose: PurposeOfUse
    expires: date


@written
@dataclass(frozen=True, slots=True)
class Processing:
    """Processing on behalf of a controller, by contract; `processor` and `controller` are organisations."""

    contract: str
    processor: str
    controller: str


@written
@dataclass(frozen=True, slots=True)
class SourceLaw:
    """On what ground one source of an analysis is used: by which route, for what, asked by and answered for by whom.

    `authority` is the organisation that asks, `controller` the one that answers for the register since and until the
    days given, both inclusive. Without a `table` it speaks of the whole register.
    """

    register: str
    authority: str
    controller: str
    controller_since: date | None
    purpose: PurposeOfUse | None
    route: LegalRoute = LegalRoute.NOT_ESTABLISHED
    table: str | None = None
    controller_until: date | None = None
    on_behalf_of: Processing | None = None
    outside_permits: tuple[OutsidePermit, ...] = ()


@written
@dataclass(frozen=True, slots=True)
class Breadth:
    """How wide the usage rights of an analysis are: its sources, and the controllers that answer for them."""

    sources: int
    controllers: int


class Asked(Protocol):
    """A source that is asked for, wherever it stands: in a description, in an order, in its own law."""

    @property
    def register(self) -> str:
        """The register of the source."""

    @property
    def table(self) -> str | None:
        """The table, or None where the whole register is meant."""

    @property
    def controller(self) -> str:
        """The organisation that answers for the register."""


def answered_for_by(law: SourceLaw, controller: Controller) -> SourceLaw:
    """The law of a source, with the organisation that answers for its register, and since and until when it does."""
    until = None if controller.until is None else date.fromisoformat(controller.until)
    return replace(
        law,
        controller=controller.organisation,
        controller_since=date.fromisoformat(controller.since),
        controller_until=until,
    )


def objections_to_output(
    law: SourceLaw, data_class: DataClass, lane: Lane, *, day: date, book: LawBook = AS_SHIPPED
) -> tuple[Objection, ...]:
    """Why the law of a source does not let an order of this class leave by this lane on this day."""
    source = _named(law)
    missing = _missing(law)
    terms = route_on(law.route, day, book=book)
    if law.route is LegalRoute.NOT_ESTABLISHED:
        return *missing, objection("route_not_established", source=source)
    if terms is None:
        return *missing, objection("route_not_in_force", source=source, route=title_of(law.route), day=said(day))
    if missing:
        return missing
    return (
        *_against_route(law, terms, asked=_asked(data_class, lane)),
        *_against_outside_permits(law, terms, day),
        *_against_controller(law, terms, day),
    )


def objections_to_unlawed(asked: Iterable[Asked], laws: Collection[SourceLaw]) -> tuple[Objection, ...]:
    """Which sources that are asked for have no law at all; a law without a table covers its whole register."""
    return tuple(
        objection("source_without_law", source=_named(source))
        for source in asked
        if not any(law.register == source.register and law.table in {None, source.table} for law in laws)
    )


def objections_to_unconfirmed(
    laws: Iterable[SourceLaw], *, day: date, book: LawBook = AS_SHIPPED
) -> tuple[Objection, ...]:
    """Which routes of these sources no lawyer has confirmed; asked for wherever data is about real persons."""
    used = dict.fromkeys(law.route for law in laws)
    terms = [entry for entry in (route_on(route, day, book=book) for route in used) if entry is not None]
    return tuple(objection("law_unconfirmed", route=title_of(entry.route)) for entry in terms if not entry.is_confirmed)


def earliest_expiry(laws: Iterable[SourceLaw]) -> date | None:
    """The last day on which every outside permit of these sources still holds; None where there are none."""
    return min((permit.expires for law in laws for permit in law.outside_permits), default=None)


def breadth_of(sources: Iterable[Asked]) -> Breadth:
    """How many sources are asked for, and of how many controllers: what a decider sees of wide usage rights."""
    asked = tuple(sources)
    return Breadth(len({(s.register, s.table) for s in asked}), len({s.controller for s in asked}))


def _named(source: Asked) -> str:
    return ".".join(part for part in (source.register, source.table) if part) or "-"


def _missing(law: SourceLaw) -> tuple[Objection, ...]:
    entries = {
        SourceLawEntry.REGISTER: law.register,
        SourceLawEntry.PURPOSE: law.purpose,
        SourceLawEntry.AUTHORITY: law.authority,
        SourceLawEntry.CONTROLLER: law.controller,
        SourceLawEntry.CONTROLLER_SINCE: law.controller_since and law.controller_since.isoformat(),
        SourceLawEntry.CONTRACT: law.on_behalf_of is None or law.on_behalf_of.contract.strip(),
        SourceLawEntry.OUTSIDE_PERMIT_NUMBER: all(permit.number.strip() for permit in law.outside_permits),
    }
    return tuple(
        objection("law_entry_missing", source=_named(law), entry=title_of(entry))
        for entry, filled in entries.items()
        if not filled
    )


def _asked(data_class: DataClass, lane: Lane) -> Text | None:
    """What is asked for of single persons, if anything: rows by their lane count too, whatever they are called."""
    if data_class is not DataClass.PRINTED_CELLS:
        return title_of(data_class)
    return title_of(lane) if lane is Lane.ROWS else None


def _against_route(law: SourceLaw, terms: RouteTerms, *, asked: Text | None) -> tuple[Objection, ...]:
    refused: list[Objection] = []
    if law.purpose is not None and law.purpose not in terms.purposes:
        refused.append(
            objection(
                "route_other_purpose",
                source=_named(law),
                route=title_of(law.route),
                purpose=title_of(law.purpose),
            )
        )
    if terms.allowed_output is OutputLevel.NONE:
        refused.append(objection("output_none", source=_named(law), route=title_of(law.route)))
    elif asked is not None and not _allows_persons(law, terms):
        level = title_of(terms.allowed_output)
        refused.append(objection("output_beyond_level", source=_named(law), asked=asked, level=level))
    return tuple(refused)


def _allows_persons(law: SourceLaw, terms: RouteTerms) -> bool:
    own = terms.allowed_output is OutputLevel.OWN_KNOWLEDGE_MANAGEMENT and _is_own(law)
    return own or terms.allowed_output is OutputLevel.INDIVIDUAL_LEVEL


def _is_own(law: SourceLaw) -> bool:
    behalf = law.on_behalf_of
    by_contract = behalf is not None and (behalf.processor, behalf.controller) == (law.authority, law.controller)
    return law.authority == law.controller or by_contract


def _against_outside_permits(law: SourceLaw, terms: RouteTerms, day: date) -> tuple[Objection, ...]:
    if terms.needs_outside_permit and not law.outside_permits:
        return (objection("outside_permit_missing", source=_named(law), route=title_of(law.route)),)
    expired = (permit.expires for permit in law.outside_permits if permit.expires < day)
    others = (permit.purpose for permit in law.outside_permits if permit.purpose is not law.purpose)
    return (
        *(objection("outside_permit_expired", source=_named(law), day=said(last)) for last in expired),
        *(objection("outside_permit_other_purpose", source=_named(law), purpose=title_of(p)) for p in others),
    )


def _against_controller(law: SourceLaw, terms: RouteTerms, day: date) -> tuple[Objection, ...]:
    refused: list[Objection] = []
    if law.on_behalf_of is not None and law.on_behalf_of.controller != law.controller:
        refused.append(objection("contract_other_controller", source=_named(law)))
    if not _is_own(law) and not terms.discloses_to_others:
        refused.append(objection("controller_differs", source=_named(law)))
    if not (law.controller_since or date.max) <= day <= (law.controller_until or date.max):
        refused.append(objection("controller_not_then", source=_named(law), day=said(day)))
    return tuple(refused)

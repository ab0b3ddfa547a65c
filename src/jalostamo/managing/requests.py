"""The request: which fields of which sources, linked how, prepared how, for which question; the corridor starts from it.

It is a file that a person wrote and can read again; its digest is named by every extract made for it.

Handbook 2.2 (retrieving and preparing) and 2.6, phases 1, 4 and 5.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jalostamo.concepts.errors import Unfit
from jalostamo.concepts.languages import Text
from jalostamo.managing.request_parts import (
    AsOf,
    Customers,
    Generalisation,
    Harmonisation,
    Linking,
    Lookup,
    Preparation,
    Source,
)
from jalostamo.managing.sections import Section, read_toml
from jalostamo.permits.terms import DataClass, Lane

__all__ = [
    "AsOf",
    "Customers",
    "Generalisation",
    "Harmonisation",
    "Linking",
    "Lookup",
    "Preparation",
    "Request",
    "Source",
    "read_request",
]

_ID: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Request:
    """A request is what a municipality asks its closed room for, from the question to the recipe.

    `digest` is the sha256 of the file as it was read; dates are inclusive. `in_use_until` is the last day on which the
    release is meant to be used. `permit` is the case that allows it, called as the request itself where it names none.

    In the lane of cells `definition` is what is counted, `rule` for whom it is printed, and `series` names the standing
    series that it belongs to.
    """

    id: str
    title: Text
    need: Text
    first_day: datetime.date
    last_day: datetime.date
    sources: tuple[Source, ...]
    linking: Linking | None
    customers: Customers | None
    preparation: Preparation
    definition: str | None
    folder: Path
    digest: str
    harmonised: tuple[Harmonisation, ...] = ()
    in_use_until: datetime.date | None = None
    permit: str = ""
    lane: Lane = Lane.ROWS
    rule: str | None = None
    series: str | None = None

    def called(self, source: Source, names: Mapping[str, str]) -> str | None:
        """What a mapping by names of sources calls a source: by its register alone, or "register.table"; None: nothing.

        A register's name alone means its only source.
        """
        alone = sum(other.register == source.register for other in self.sources) == 1
        wanted = [name for name in (source.name, source.register if alone else source.name) if name in names]
        return wanted[0] if wanted else None


def read_request(path: Path) -> Request:
    """Read a request file; whatever it lacks is named with the section in which it belongs."""
    file = read_toml(
        path,
        "a request file",
        unfit=lambda fault: Unfit(f"{path.name} is not a TOML file: {fault}.", reason="request_form"),
        unreadable="check its permissions",
    )
    return _request_from(Section(file.content, path.name), folder=path.parent, digest=file.digest)


def _request_from(content: Section, *, folder: Path, digest: str) -> Request:
    content.refuse_unknown("request source linking customers harmonise preparation")
    head = content.section("request")
    head.refuse_unknown("id permit lane from to in_use_until definition rule series title need")
    lane = _lane(head)
    first_day, last_day = head.one("from", datetime.date), head.one("to", datetime.date)
    if not _ID.fullmatch(head.one("id", str)):
        raise Unfit(f"{head.place}: 'id' is small letters, digits and hyphens.", reason="request_incomplete")
    if first_day > last_day:
        raise Unfit(f"{head.place}: the time frame ends before it starts.", reason="request_time_frame")
    sources = tuple(_source(section) for section in content.sections("source"))
    if not sources:
        raise Unfit(f"{content.place} needs at least one [[source]].", reason="request_incomplete")
    linking, customers = content.maybe("linking"), content.maybe("customers")
    return Request(
        id=head.one("id", str),
        title=head.text("title"),
        need=head.text("need"),
        first_day=first_day,
        last_day=last_day,
        sources=sources,
        linking=_linking(linking) if linking else None,
        customers=_customers(customers) if customers else None,
        preparation=_preparation_of(lane, content.section("preparation")),
        definition=head.word("definition"),
        folder=folder,
        digest=digest,
        harmonised=tuple(_harmonisation(section) for section in content.sections("harmonise")),
        in_use_until=head.one("in_use_until", datetime.date) if "in_use_until" in head.content else None,
        permit=head.word("permit") or head.one("id", str),
        lane=lane,
        rule=head.word("rule"),
        series=head.word("series"),
    )


def _lane(head: Section) -> Lane:
    lane = head.word("lane") or Lane.ROWS
    if lane not in set(Lane):
        raise Unfit(f"{head.place}: 'lane' is one of {', '.join(Lane)}.", reason="request_incomplete")
    if lane == Lane.CELLS and "definition" not in head.content:
        raise Unfit(
            f"{head.place} needs 'definition', what is counted in the lane of cells.", reason="request_incomplete"
        )
    if lane == Lane.ROWS and {"rule", "series"} & head.content.keys():
        raise Unfit(f"{head.place}: 'rule' and 'series' are of the lane of cells.", reason="request_unknown")
    return Lane(lane)


def _source(section: Section) -> Source:
    section.refuse_unknown("register table fields called rejected_at_most")
    return Source(
        section.one("register", str),
        section.one("table", str),
        section.words("fields"),
        section.share("rejected_at_most"),
        section.names("called", "fields to names"),
    )


def _linking(section: Section) -> Linking:
    section.refuse_unknown("register table code household joins report_by spells lookup as_of")
    lookups = tuple(_lookup(s) for s in section.sections("lookup"))
    as_of = tuple(_as_of(s) for s in section.sections("as_of"))
    return Linking(
        register=section.one("register", str),
        code=section.one("code", str),
        household=section.word("household"),
        joins=section.names("joins"),
        report_by=section.names("report_by"),
        lookups=lookups,
        table=section.word("table"),
        spells=section.names("spells"),
        as_of=as_of,
    )


def _lookup(section: Section) -> Lookup:
    section.refuse_unknown("name through field")
    return Lookup(section.one("name", str), section.one("through", str), section.one("field", str))


def _as_of(section: Section) -> AsOf:
    section.refuse_unknown("name register table code since until field on known_on")
    return AsOf(
        name=section.one("name", str),
        register=section.one("register", str),
        table=section.one("table", str),
        code=section.one("code", str),
        since=section.one("since", str),
        until=section.word("until"),
        field=section.one("field", str),
        on=section.one("on", datetime.date) if "on" in section.content else None,
        known_on=section.one("known_on", datetime.date) if "known_on" in section.content else None,
    )


def _harmonisation(section: Section) -> Harmonisation:
    section.refuse_unknown("name fields mapping")
    fields = section.names("fields")
    if not fields:
        raise Unfit(f"{section.place} needs 'fields', a field for each source.", reason="request_incomplete")
    return Harmonisation(section.one("name", str), fields, section.one("mapping", str))


def _customers(section: Section) -> Customers:
    section.refuse_unknown("birth arrived left died ages")
    ages = section.one("ages", list)
    if len(ages) != 2 or not all(isinstance(age, int) for age in ages) or not 0 <= ages[0] <= ages[1]:
        raise Unfit(f"{section.place}: 'ages' is [youngest, oldest].", reason="request_incomplete")
    birth, arrived, left, died = (section.one(key, str) for key in ("birth", "arrived", "left", "died"))
    return Customers(birth, arrived, left, died, (ages[0], ages[1]))


def _preparation_of(lane: Lane, section: Section) -> Preparation:
    return _preparation(section) if lane is Lane.ROWS else _counted(section)


def _counted(section: Section) -> Preparation:
    """What is made coarse before it is counted: nobody is left out for being rare, since no row leaves."""
    section.refuse_unknown("data_class field event_field")
    if section.one("data_class", str) != DataClass.PRINTED_CELLS:
        raise Unfit(
            f"{section.place}: 'data_class' is {DataClass.PRINTED_CELLS} in the lane of cells.",
            reason="request_incomplete",
        )
    return Preparation(
        data_class=DataClass.PRINTED_CELLS,
        k=0,
        units=(),
        suppression_limit=0.0,
        loss_by=None,
        generalisations=tuple(_generalisation(s) for s in section.sections("field")),
        events=tuple(_generalisation(s) for s in section.sections("event_field")),
    )


def _preparation(section: Section) -> Preparation:
    section.refuse_unknown("data_class k units suppression_limit loss_by field event_field")
    written_class = section.one("data_class", str)
    if written_class not in set(DataClass):
        raise Unfit(f"{section.place}: 'data_class' is one of {', '.join(DataClass)}.", reason="request_incomplete")
    units = section.words("units")
    if set(units) - {"person", "household", "row"} or ("row" in units and len(units) > 1):
        raise Unfit(
            f"{section.place}: 'units' are 'person' and 'household', or 'row' alone.", reason="request_incomplete"
        )
    if section.one("k", int) < 2:
        raise Unfit(f"{section.place}: 'k' is at least 2.", reason="request_incomplete")
    return Preparation(
        data_class=DataClass(written_class),
        k=section.one("k", int),
        units=units,
        suppression_limit=section.share("suppression_limit"),
        loss_by=section.word("loss_by"),
        generalisations=tuple(_generalisation(s) for s in section.sections("field")),
        events=tuple(_generalisation(s) for s in section.sections("event_field")),
    )


def _generalisation(section: Section) -> Generalisation:
    section.refuse_unknown("name of hierarchy level calendar quasi_identifier title")
    name = section.one("name", str)
    fields = section.words("of") if "of" in section.content else (name,)
    calendar = section.word("calendar")
    if calendar not in {None, "year", "quarter", "month", "day"}:
        raise Unfit(f"{section.place}: 'calendar' is year, quarter, month or day.", reason="request_incomplete")
    level = section.one("level", int) if "level" in section.content else 0
    if level < 0:
        raise Unfit(f"{section.place}: 'level' is 0 or more.", reason="request_incomplete")
    return Generalisation(
        name,
        fields,
        section.word("hierarchy"),
        level,
        calendar,
        section.truth("quasi_identifier"),
        section.text("title"),
    )

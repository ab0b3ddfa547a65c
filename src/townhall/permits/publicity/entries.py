"""What of a decision is public, field by field, and writing it down apart from the cases.

Whatever a decision keeps secret is left out here, before anything is written: no page of the register could show it.

Handbook 2.6, phase 3.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass

from jalostamo.permits.contents import content_of, value_from, written
from jalostamo.permits.decisions import DecidingBody, PublicityClass
from jalostamo.permits.descriptions import Purpose
from jalostamo.permits.initiative import Decided, Initiative
from jalostamo.permits.machines import ENDS
from jalostamo.permits.standing import ends_on
from jalostamo.permits.terms import DataClass, Lane, Level
from townhall.permits.models import PublicEntry


@written
@dataclass(frozen=True, slots=True)
class Told:
    """What a public decision tells of its analysis; registers and organisations by their ids."""

    name: str
    need: str
    aim: str
    purpose: Purpose | None
    registers: tuple[str, ...]
    lane: Lane
    data_class: DataClass
    level: Level
    body: DecidingBody | None
    decided_on: datetime.date | None


@written
@dataclass(frozen=True, slots=True)
class Validity:
    """Who answers for the data, and how long the permit holds, or on which day its case ended."""

    controllers: tuple[str, ...]
    valid_until: datetime.date | None
    ended_on: datetime.date | None


@written
@dataclass(frozen=True, slots=True)
class PublicAnalysis:
    """An analysis as anybody may know it: of a secret decision its number, of a partly secret one its validity too."""

    diary_number: str
    publicity: PublicityClass
    validity: Validity | None = None
    told: Told | None = None


def public_analysis(made: Initiative) -> PublicAnalysis | None:
    """What anybody may know of a case; nothing before it is decided. A decision that says nothing of it is secret."""
    if made.decided is None:
        return None
    decision = made.decided.decision
    publicity = decision.publicity_class or PublicityClass.SECRET
    return PublicAnalysis(
        decision.diary_number,
        publicity,
        None if publicity is PublicityClass.SECRET else _validity(made, made.decided),
        _told(made.decided) if publicity is PublicityClass.PUBLIC else None,
    )


def _validity(made: Initiative, decided: Decided) -> Validity:
    ended = made.local_day(made.asked_since) if made.state in ENDS else None
    controllers = dict.fromkeys(source.controller for source in decided.description.sources if source.controller)
    return Validity(tuple(controllers), ends_on(made), ended)


def _told(decided: Decided) -> Told:
    described = decided.description
    return Told(
        name=described.name,
        need=described.need,
        aim=described.business_aim,
        purpose=described.purpose,
        registers=tuple(dict.fromkeys(source.register for source in described.sources)),
        lane=described.lane,
        data_class=decided.data_class,
        level=decided.level,
        body=decided.decision.deciding_body,
        decided_on=decided.decision.decided_on,
    )


def publish(made: Initiative) -> None:
    """Write down what is public of a case as it stands now; what is so no longer is taken out."""
    analysis = public_analysis(made)
    if analysis is None:
        PublicEntry.objects.filter(pk=made.id).delete()
        return
    PublicEntry.objects.update_or_create(
        pk=made.id,
        defaults={
            "diary_number": analysis.diary_number[:200],
            "name": analysis.told.name[:300] if analysis.told else "",
            "decided_on": analysis.told.decided_on if analysis.told else None,
            "content": json.dumps(content_of(analysis), ensure_ascii=False, sort_keys=True),
        },
    )


def analysis_in(entry: PublicEntry) -> PublicAnalysis:
    """The analysis that an entry tells of."""
    return value_from(PublicAnalysis, json.loads(entry.content))

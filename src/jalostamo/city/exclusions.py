"""The city's own list of persons to leave out: those who object to the use of what is known of them, and safety bans.

Handbook 2.6 (data protection).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import BEFORE, NEVER, Days, Shares, Whole, first_of, last_of
from jalostamo.city.delivering import delivered
from jalostamo.city.describing import CONFIDENTIAL, CUSTOMER, coded_by, day, identity, text
from jalostamo.city.frames import coded, dates, texts
from jalostamo.city.town import Town
from jalostamo.city.truth import Truth
from jalostamo.city.vocabularies import listed
from jalostamo.concepts.holdings import Holding
from jalostamo.concepts.information import InformationKind
from jalostamo.concepts.languages import Text
from jalostamo.concepts.registers import Marking, Register, RegisterTable
from jalostamo.concepts.writings import Writing

# Of all persons, over twelve years; some four in ten of them had asked for it before the registers begin.
OBJECTING: Final = 0.0058
BANNED: Final = 0.0029
_WITHIN_DAYS: Final = 12 * 365
_BEFORE: Final = 0.4
_FOR_ALL: Final = 0.6
_OF_ONE: Final = ("library", "social_services", "health", "sports")
_BAN_DAYS: Final = (365, 5 * 365)
_WITHDRAWN: Final = 0.15

KIND: Final = listed(
    "exclusion_kind",
    ("objection", "vastustaminen", "invändning", "Objection"),
    ("safety_ban", "turvakielto", "spärrmarkering", "Safety ban"),
)
_OBJECTION, _SAFETY_BAN = range(2)

EXCLUSIONS: Final = Register(
    name="exclusions",
    title=Text("Käsittelyn ulkopuolelle jäävät", "Personer utanför behandlingen", "Persons left out"),
    owner="data_protection_office",
    controller="city",
    marking=Marking.SYNTHETIC,
    tables=(
        RegisterTable(
            name="exclusions",
            file="exclusions.csv",
            fields=(
                identity(
                    "identity_code",
                    "henkilotunnus",
                    Text("Henkilötunnus", "Personbeteckning", "Personal identity code"),
                    required=True,
                ),
                coded_by(
                    KIND,
                    "laji",
                    Text("Laji", "Art", "Kind"),
                    name="kind",
                    sensitivity=CONFIDENTIAL,
                    required=True,
                    behaviour=CUSTOMER,
                ),
                # Empty for all registers.
                text("register", "rekisteri", Text("Rekisteri", "Register", "Register"), sensitivity=CONFIDENTIAL),
                day("since", "alkaen", Text("Alkaen", "Från", "Since"), sensitivity=CONFIDENTIAL, required=True),
                day("until", "paattyen", Text("Viimeinen päivä", "Sista dag", "Last day"), sensitivity=CONFIDENTIAL),
            ),
            writing=Writing(timezone="Europe/Helsinki"),
            holds=Holding.EXCLUSIONS,
            occurred="since",
        ),
    ),
    code_lists=(KIND,),
    information=InformationKind.STORED_AND_ANALYSED,
)


@dataclass(frozen=True, slots=True, repr=False)
class _LeftOut:
    person: Whole
    kind: Whole
    register: Whole
    since: Days
    until: Days


def deliver_exclusions(folder: Path, town: Town) -> Truth:
    """Write the list, and return its part of the truth."""
    parts = [_left_out(town, _OBJECTION, OBJECTING), _left_out(town, _SAFETY_BAN, BANNED)]
    left_out = _LeftOut(*(np.concatenate(column) for column in zip(*(_columns(part) for part in parts), strict=True)))
    with delivered(folder, EXCLUSIONS) as tables:
        tables["exclusions"].append(_records(town, left_out))
    return {
        "registers": {EXCLUSIONS.name: {"exclusions": tables["exclusions"].records}},
        "planted": {
            "objections": _count(left_out, _OBJECTION, "Records of the kind objection among the exclusions."),
            "safety_bans": _count(left_out, _SAFETY_BAN, "Records of the kind safety_ban among the exclusions."),
        },
    }


def _columns(left_out: _LeftOut) -> tuple[Whole, ...]:
    return left_out.person, left_out.kind, left_out.register, left_out.since, left_out.until


def _left_out(town: Town, kind: int, share: float) -> _LeftOut:
    """Who is left out for one reason, since when, and until when; what is told later than the last day is not there."""
    purpose = f"exclusions {KIND.allowed[kind]}"
    drawn = town.traits(purpose)
    person = np.flatnonzero(drawn < share)
    when, ends, where = (town.traits(f"{purpose} {part}")[person] for part in ("since", "until", "register"))
    since = _since(town, person, when)
    here = (since <= town.people.left[person]) & (since <= last_of(town.plan.last_year))
    days = _BAN_DAYS[0] + np.floor(ends / _WITHDRAWN * (_BAN_DAYS[1] - _BAN_DAYS[0])).astype(np.int64)
    until = np.where(ends < _WITHDRAWN, since + days, NEVER)
    # A safety ban holds everywhere.
    one = np.floor((where - _FOR_ALL) / (1 - _FOR_ALL) * len(_OF_ONE)).astype(np.int64)
    register = np.where((where < _FOR_ALL) | (kind == _SAFETY_BAN), -1, one)
    kinds = np.full(len(person), kind)
    return _LeftOut(*(column[here] for column in (person, kinds, register, since, until)))


def _since(town: Town, person: Whole, when: Shares) -> Days:
    first = first_of(town.plan.first_year)
    had_lived = town.people.came[person] == BEFORE
    start = np.maximum(town.people.came[person], first)
    afterwards = np.where(had_lived, (when - _BEFORE) / (1 - _BEFORE), when)
    later = start + np.floor(afterwards * _WITHIN_DAYS).astype(np.int64)
    born = town.people.birth[person] + 1
    before = np.maximum(first - 1 - np.floor(when / _BEFORE * 2000).astype(np.int64), born)
    return np.where(had_lived & (when < _BEFORE), before, later)


def _records(town: Town, left_out: _LeftOut) -> pl.DataFrame:
    order = np.lexsort((left_out.person, left_out.since))
    person, since = left_out.person[order], left_out.since[order]
    ended = left_out.until[order] <= last_of(town.plan.last_year)
    registers = np.array(["", *_OF_ONE])
    return pl.DataFrame(
        {
            # The code that the person had on that day.
            "identity_code": texts(np.where(since < town.changed[person], town.former[person], town.codes[person])),
            "kind": coded(KIND, left_out.kind[order]),
            "register": texts(registers[left_out.register[order] + 1]),
            "since": dates(since),
            "until": dates(np.where(ended, left_out.until[order], NEVER)),
        }
    )


def _count(left_out: _LeftOut, kind: int, sentence: str) -> Truth:
    number = int(np.count_nonzero(left_out.kind == kind))
    return {"value": number, "scale": "count", "interval": [number, number], "sentence": sentence}

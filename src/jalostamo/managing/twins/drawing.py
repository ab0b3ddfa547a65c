"""Drawing a twin: persons and events in the form of a release, from its outline and a seed; no record is looked at.

Fields are drawn each for itself: what goes together in a release goes together here only as lives do.

Handbook 2.2 (the analytic environment) and 2.6, phase 7.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from jalostamo.managing.dictionary import OPENED, ORDER, RESIDENCE
from jalostamo.managing.twins.columns import days_within, drawn, missed, told, without
from jalostamo.managing.twins.lives import Lives, later, lives_of
from jalostamo.managing.twins.marginals import CLASSES, PER_PERSON, UNPRINTED, Marginals, weight_of
from jalostamo.managing.twins.outlines import EVENTS, Domain, Kind

if TYPE_CHECKING:
    from jalostamo.managing.requests import Request
    from jalostamo.managing.twins.lives import Days
    from jalostamo.managing.twins.outlines import Outline

type Numbers = npt.NDArray[np.int64]

PREFIX: Final = "facadefacade"
"""What every pseudonym of a twin begins with, and of a release one in more than 10^14."""

_CHARACTERS: Final = 32
_HOUSEHOLDS: Final = (0.25, 0.3, 0.2, 0.15, 0.07, 0.03)
"""How often a household has one member, two, and so on."""
_CLASSES: Final = (0.45, 0.2, 0.2, 0.1, 0.04, 0.01)
"""How often a person has no event, one, two or three, and so on, where nothing was printed of it."""
_OPENING: Final = 0.2
_LASTING: Final = 120.0


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a twin is drawn with: its request, its outline, its marginals, and dice of their own for each part."""

    request: Request
    outline: Outline
    seed: int
    marginals: Marginals = UNPRINTED

    def dice(self, part: str) -> np.random.Generator:
        """Dice for one part, the same ones for the same seed; what is drawn of other parts does not move them."""
        told = hashlib.sha256(f"{self.seed}:{part}".encode()).digest()
        return np.random.default_rng(int.from_bytes(told[:16]))


def tables_of(seeded: Seeded, number: int) -> Mapping[str, pa.Table]:
    """The tables of a twin with so many persons, or rows, by name."""
    outline = seeded.outline
    lives = lives_of(seeded.dice("lives"), seeded.request, number, years=_birth_years(seeded))
    persons = _persons(seeded, number, lives)
    found = {outline.main: pa.table({f.name: persons[f.name] for f in outline.tables[outline.main]})}
    if EVENTS in outline.tables:
        events = _events(seeded, _pseudonyms(seeded.seed, "person", np.arange(number)), lives)
        found[EVENTS] = pa.table({field.name: events[field.name] for field in outline.tables[EVENTS]})
    return found


def _birth_years(seeded: Seeded) -> Mapping[str, int] | None:
    asked, outline = seeded.request.customers, seeded.outline
    named = [each.name for each in outline.persons if asked and each.made_of == (asked.birth,) and each.calendar]
    return seeded.marginals.of(outline.main, named[0]) if named else None


def _persons(seeded: Seeded, number: int, lives: Lives) -> dict[str, pa.Array]:
    request, outline = seeded.request, seeded.outline
    found: dict[str, pa.Array] = {}
    lived = lives.named(request.customers)
    for domain in outline.persons:
        dice, printed = seeded.dice(f"persons:{domain.name}"), seeded.marginals.of(outline.main, domain.name)
        if domain.kind not in {Kind.DAY, Kind.MOMENT}:
            found[domain.name] = drawn(dice, domain, number, printed=printed)
            continue
        days = lived.get(domain.made_of[0])
        if days is None:
            within = days_within(dice, lives.since, lives.until, printed=printed)
            days = without(within, missed(dice, domain, number, printed=printed))
        found[domain.name] = told(days, domain)
    if request.customers:
        residence = zip(RESIDENCE, lives.residence(request), strict=True)
        found |= {field.name: pa.array(days, pa.date32(), mask=np.isnat(days)) for field, days in residence}
    found["person"] = pa.array(_pseudonyms(seeded.seed, "person", np.arange(number)), pa.string())
    found["household"] = pa.array(_pseudonyms(seeded.seed, "household", _households(seeded, number)), pa.string())
    return found


def _households(seeded: Seeded, number: int) -> Numbers:
    """The number of each person's household, households of plain sizes one after the other."""
    sizes = seeded.dice("households").choice(len(_HOUSEHOLDS), size=number, p=_HOUSEHOLDS) + 1
    return np.repeat(np.arange(number), sizes)[:number]


def _pseudonyms(seed: int, kind: str, numbers: Numbers) -> list[str]:
    rest = _CHARACTERS - len(PREFIX)
    made = (hashlib.sha256(f"{seed}:{kind}:{number}".encode()).hexdigest() for number in numbers.tolist())
    return [PREFIX + found[:rest] for found in made]


def _events(seeded: Seeded, persons: list[str], lives: Lives) -> dict[str, pa.Array]:
    """Events in each person's order by the day: within her residence, the time frame and the ages that are asked."""
    outline = seeded.outline
    owner = np.repeat(np.arange(len(persons)), _how_many(seeded, len(persons)))
    dice = seeded.dice("events")
    first, *later = [each for each in outline.events if each.calendar]
    began = days_within(dice, lives.since[owner], lives.until[owner], printed=seeded.marginals.of(EVENTS, first.name))
    place = np.lexsort((began, owner))
    owner, began = owner[place], began[place]
    order = np.arange(len(owner)) - np.searchsorted(owner, owner, side="left") + 1
    source = dice.integers(0, max(outline.sources, 1), size=len(owner))
    opening = _opening(seeded, lives, owner, order)
    found: dict[str, pa.Array] = {
        "person": pa.array(persons, pa.string()).take(pa.array(owner)),
        ORDER.name: pa.array(order, pa.int64()),
        OPENED.name: pa.array(opening),
        first.name: told(without(began, opening), first),
    }
    for domain in outline.events:
        if domain is not first:
            values = _event_values(seeded, domain, began, lives.until[owner], timed=domain in later)
            given = np.isin(source, domain.among)
            found[domain.name] = pa.compute.if_else(pa.array(given), values, pa.scalar(None, values.type))
    return found


def _event_values(seeded: Seeded, domain: Domain, began: Days, until: Days, *, timed: bool) -> pa.Array:
    dice, printed = seeded.dice(f"events:{domain.name}"), seeded.marginals.of(EVENTS, domain.name)
    if not (timed or domain.kind in {Kind.DAY, Kind.MOMENT}):
        return drawn(dice, domain, len(began), printed=printed)
    ended = later(began, dice.exponential(_LASTING, size=len(began)))
    # What goes on beyond the time frame, or a person's residence, has no end that a release would tell.
    return told(without(ended, (ended > until) | missed(dice, domain, len(began), printed=printed)), domain)


def _how_many(seeded: Seeded, number: int) -> Numbers:
    """How many events each person has."""
    printed = seeded.marginals.of(EVENTS, PER_PERSON)
    weights = np.array(_CLASSES if printed is None else [weight_of(printed, each) for each in CLASSES])
    bounds = np.array(list(CLASSES.values()))
    dice = seeded.dice("how many")
    drawn_classes = dice.choice(len(bounds), size=number, p=weights / weights.sum())
    found: Numbers = dice.integers(bounds[drawn_classes, 0], bounds[drawn_classes, 1], endpoint=True)
    return found


def _opening(seeded: Seeded, lives: Lives, owner: Numbers, order: Numbers) -> npt.NDArray[np.bool_]:
    """Which events are spells with which the time frame opens: some first ones, of persons who were there by then."""
    if OPENED not in seeded.outline.tables[EVENTS]:
        return np.zeros(len(owner), dtype=bool)
    there = lives.since[owner] == np.datetime64(seeded.request.first_day, "D")
    found: npt.NDArray[np.bool_] = (seeded.dice("opening").random(len(owner)) < _OPENING) & (order == 1) & there
    return found

"""Small towns in which it is known what precedes a start: a service with its lag, or only age, heavy use, or nothing."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tests.jalostamo.producing.analyses.naive_journeys import FIRST, LAST, Happened, Log, Who

from jalostamo.managing.sections import Section
from jalostamo.producing.analyses.findings import Found, Value
from jalostamo.producing.analyses.methods.factor_screen.asked import Asked, read

START, PRECURSOR = "START", "FC"
COMPANIONS = tuple(f"S{number:02}" for number in range(8))


class Planted(NamedTuple):
    """What is planted: how many times likelier a start is in some months after the precursor, and for whom else."""

    ratio: float = 3.0
    after: tuple[int, int] = (4, 12)
    heavy: float = 1.0
    young: float = 1.0
    aftercare: float = 0.0


def asked_for(**parameters: object) -> Asked:
    """A screen for the start, as its file would ask for it."""
    return read(Section({"start": [START], "least": 1, **parameters}, "a test, [parameters]"))


def town(seed: int, planted: Planted, *, people: int = 2500) -> Log:
    """Pairs that share a household; one in four uses ten times as many services as the others."""
    drawn = random.Random(seed)
    events: list[Happened] = []
    cases: list[Who] = []
    for number in range(people):
        who = Who(f"c{number}", f"u{number // 2}", None, drawn.choice((2001, 2006)))
        cases.append(who)
        uses = drawn.random() < 0.25  # one in four
        for month, service in _course(drawn, planted, uses_much=uses, young=who.birth_year == 2006):
            events.append(Happened(who.case, len(events), service, month))
    return events, cases


def _course(drawn: random.Random, planted: Planted, *, uses_much: bool, young: bool) -> Sequence[tuple[int, str]]:
    many = 10 if uses_much else 1
    each = [(month, name) for name in COMPANIONS for month in _months(drawn, 0.01 * many)]
    before = _months(drawn, 0.015 * (many if planted.heavy > 1 else 1) * (4 if young and planted.young > 1 else 1))
    usual = 0.004 * (planted.heavy if uses_much else 1) * (planted.young if young else 1)
    start = next((m for m in range(FIRST, LAST) if drawn.random() < usual * _times(planted, m, before)), None)
    after = (
        [] if start is None else [m for m in range(start, min(start + 24, LAST)) if drawn.random() < planted.aftercare]
    )
    starts = [] if start is None else [(start, START)]
    return [*each, *((m, PRECURSOR) for m in before), *starts, *((m, "AFTERCARE") for m in after)]


def _months(drawn: random.Random, chance: float) -> list[int]:
    return [month for month in range(FIRST, LAST) if drawn.random() < chance]


def _times(planted: Planted, month: int, before: Sequence[int]) -> float:
    low, high = planted.after
    return planted.ratio if any(low < month - use <= high for use in before) else 1.0


def shuffled_in_time(log: Log, seed: int) -> Log:
    """The months go to the events at random: who used what stays, and when is anybody's.

    Within one case they would keep a planted lag: a case of two events still has them as far apart.
    """
    months = [event.at for event in log[0]]
    random.Random(seed).shuffle(months)
    return [event._replace(at=month) for event, month in zip(log[0], months, strict=True)], log[1]


def shuffled_starts(log: Log, seed: int) -> Log:
    """The starts go to cases at random, each with its month."""
    drawn = random.Random(seed)
    cases = [case.case for case in log[1]]
    chosen = iter(drawn.sample(cases, sum(event.service == START for event in log[0])))
    return [event._replace(case=next(chosen)) if event.service == START else event for event in log[0]], log[1]


def rows_of(found: Found, *names: str) -> list[Mapping[str, Value]]:
    """The rows of a screen on these factors, or on all."""
    return [row for row in found.mappings() if not names or row["factor"] in names]

"""How long, and at how many starts, people at risk were in some months after a use: their own, or their household's.

A use in month t puts the months t + nearest + 1 to t + farthest into a window, until the next use of the same service
does so again: cut there, the pieces of one case and service never overlap, and their lengths add up without a look at any
month. The month of the start is the last at risk, so that nothing after it, and nothing in it, is a factor.

Handbook 2.2 (customer paths).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import ibis
import ibis.expr.types as ir

from jalostamo.producing.analyses.methods.factor_screen.asked import YEAR, Asked, Window
from jalostamo.producing.analyses.methods.factor_screen.risk import LIFE, AtRisk

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

OWN: Final = "own"
HOUSEHOLD: Final = "household"
MOVED_IN: Final = LIFE[0]


class Factor(NamedTuple):
    """A factor is somebody's use of a service, or an event of their life: whose, and which."""

    whose: str
    what: str
    is_life: bool


@dataclass(slots=True)
class Exposure:
    """What was counted of a factor in a window: person-months and starts by stratum, and starts by months since the use.

    `shared` are those who started beside another of their unit, by number.
    """

    months: Counter[int] = field(default_factory=Counter)
    starts: Counter[int] = field(default_factory=Counter)
    lags: Counter[int] = field(default_factory=Counter)
    shared: set[int] = field(default_factory=set)


type Exposures = Mapping[tuple[Factor, Window], Exposure]


def exposures(engine: Engine, risk: AtRisk, asked: Asked, *, household: bool) -> Exposures:
    """What was counted of every factor in every window; units are looked at in parts, which add up."""
    found: defaultdict[tuple[Factor, Window], Exposure] = defaultdict(Exposure)
    for part in range(risk.parts):
        cases = risk.cases.filter(risk.cases.unit % risk.parts == part)
        used = risk.used.filter((risk.used.unit % risk.parts == part) & (risk.used.code >= 0))
        for whose in (OWN, HOUSEHOLD) if household else (OWN,):
            met = _of_household(cases, used) if whose == HOUSEHOLD else _their_own(cases, used, len(risk.services))
            _add(found, engine, _following(engine, met, asked), risk, asked, whose)
    return {key: found[key] for key in sorted(found) if found[key].months}


def _their_own(cases: ir.Table, used: ir.Table, moved_in: int) -> ir.Table:
    """What the case itself used before; of its life, that it moved in."""
    theirs = used.filter(used.code <= moved_in)
    return theirs.drop("unit").inner_join(
        cases.select("number", "unit", "entry", "exit", "started", "shared"), "number"
    )


def _of_household(cases: ir.Table, used: ir.Table) -> ir.Table:
    """What others of its unit used."""
    others = used.rename({"other_": "number"})
    met = cases.select("number", "unit", "entry", "exit", "started", "shared").inner_join(others, "unit")
    return met.filter(met.number != met.other_).drop("other_")


def _following(engine: Engine, met: ir.Table, asked: Asked) -> ir.Table:
    """The uses that may matter, with the month of the next of the same case and service."""
    near = met.filter((met.month > met.entry - asked.lookback.farthest - 1) & (met.month < met.exit - 1))
    following = near.month.lead().over(group_by=[near.number, near.code], order_by=near.month)
    return engine.keep(near.mutate(following=following))


def _add(
    found: defaultdict[tuple[Factor, Window], Exposure],
    engine: Engine,
    followed: ir.Table,
    risk: AtRisk,
    asked: Asked,
    whose: str,
) -> None:
    """Add what one part holds of one kind of factor."""

    def exposure(row: Mapping[str, Any]) -> Exposure:
        return found[_factor(whose, row["code"], risk.services), asked.all_windows[row["window"]]]

    for row in counts(engine, _months(followed, risk, asked)):
        exposure(row).months[row["stratum"]] += int(row["months"])
    hits = engine.keep(_hits(followed, risk, asked))
    for row in counts(engine, hits.group_by(["code", "window", "stratum", "lag"]).agg(n=hits.count())):
        exposure(row).starts[row["stratum"]] += row["n"]
        exposure(row).lags[row["lag"]] += row["n"]
    for row in counts(engine, hits.filter(hits.shared).select("code", "window", "number")):
        exposure(row).shared.add(row["number"])


def _factor(whose: str, code: int, services: tuple[str, ...]) -> Factor:
    life = code - len(services)
    return Factor(whose, services[code] if life < 0 else LIFE[life], life >= 0)


def _months(followed: ir.Table, risk: AtRisk, asked: Asked) -> ir.Table:
    """The person-months of each service and window by stratum."""
    pieces = ibis.union(*_pieces(followed, risk.first, asked))
    met = pieces.inner_join(risk.years.select("number", "year", "stratum"), ["number", "year"])
    return met.group_by(["code", "window", "stratum"]).agg(months=met.months.sum())


def _pieces(followed: ir.Table, first: int, asked: Asked) -> Iterator[ir.Table]:
    """The months that each use puts into each window, cut where a year at risk ends."""
    for place, window in enumerate(asked.all_windows):
        begins = ibis.greatest(followed.month + window.nearest + 1, followed.entry)
        again = (followed.following + window.nearest + 1).fill_null(followed.exit)
        ends = ibis.least(followed.month + window.farthest + 1, followed.exit, again)
        whole = followed.select("number", "code", begins=begins - first, ends=ends - first)
        whole = whole.filter(whole.ends > whole.begins)
        for later in range((window.months + YEAR - 2) // YEAR + 1):
            starts = whole.begins - whole.begins % YEAR + later * YEAR
            months = ibis.least(whole.ends, starts + YEAR) - ibis.greatest(whole.begins, starts)
            part = whole.select(
                "number",
                "code",
                window=ibis.literal(place, type="int32"),
                year=(starts / YEAR).cast("int32"),
                months=months.cast("int32"),
            )
            yield part.filter(part.months > 0)


def _hits(followed: ir.Table, risk: AtRisk, asked: Asked) -> ir.Table:
    """Who started in a window of a service, with the months since the last use in it."""
    theirs = followed.filter(followed.started)
    starting = risk.years.filter(risk.years.starts > 0).select("number", "stratum")
    lagged = theirs.select("number", "code", "shared", lag=theirs.exit - 1 - theirs.month)
    each = [
        lagged.filter((lagged.lag > window.nearest) & (lagged.lag <= window.farthest)).mutate(
            window=ibis.literal(place, type="int32")
        )
        for place, window in enumerate(asked.all_windows)
    ]
    near = ibis.union(*each) if len(each) > 1 else each[0]
    last = near.group_by(["number", "code", "window", "shared"]).agg(lag=near.lag.min())
    return last.inner_join(starting, "number")


def counts(engine: Engine, table: ir.Table) -> list[Mapping[str, Any]]:
    """Rows of counts, each column of the type that it was given where it was counted."""
    return cast("list[Mapping[str, Any]]", engine.rows(table))

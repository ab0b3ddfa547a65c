"""Who is at risk of a start, when, and among whom they are compared: person-months by age, year and number of contacts.

At risk are those who live here, are of the ages asked for, and have not started. The first months of the period only tell
what was before. Years are counted from the first month at risk on; contacts are those of the whole years before each, so
that what people are made alike by never lies after what is compared.

Handbook 2.2 (analytic hypotheses).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.concepts.errors import Unfit
from jalostamo.producing.analyses.journeys import AT, BIRTH_YEAR, CASE, LEFT, SERVICE, SINCE, Grain, Journeys
from jalostamo.producing.analyses.methods.factor_screen.asked import YEAR, Asked
from jalostamo.producing.analyses.parts import unused
from jalostamo.producing.analyses.strata import month_of
from jalostamo.producing.standardisation import UNIT

if TYPE_CHECKING:
    from jalostamo.engine.connection import Engine

ATTRIBUTE: Final = "attribute_"
"""Before the number of an attribute: its own name may be any."""

LIFE: Final = ("moved in", "was born", "left")
"""What residence tells of a member of a household, beside services."""

_EVENTS_OF_A_PART: Final = 6_000_000
"""So many events are looked at at a time: memory is for this many, not for all."""

_MOST_SERVICES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Strata:
    """The strata by number: the age band (the last: none, or not known), the year, and the class of contacts."""

    bands: tuple[str, ...]
    years: int
    contacts: tuple[str, ...]

    def number(self, band: ir.IntegerValue, year: ir.IntegerValue, contacts: ir.IntegerValue) -> ir.IntegerValue:
        """The number of a stratum."""
        return (band * self.years + year) * len(self.contacts) + contacts

    def parts(self, number: int) -> tuple[int, int, int]:
        """The age band, year and class of contacts of a stratum."""
        rest, contacts = divmod(number, len(self.contacts))
        band, year = divmod(rest, self.years)
        return band, year, contacts


@dataclass(frozen=True, slots=True)
class AtRisk:
    """Those at risk, and what everybody used, with cases, units and services by number.

    `cases`: number, unit, entry, exit (the month after the last), started, and attributes; `years`: number, year,
    stratum, months, starts; `used`: number, unit, code, month, of everybody. `parts` is into how many units are parted.
    """

    cases: ir.Table
    years: ir.Table
    used: ir.Table
    strata: Strata
    first: int
    services: tuple[str, ...]
    parts: int


def at_risk(engine: Engine, journeys: Journeys, asked: Asked) -> AtRisk:
    """Number all, and lay out who is at risk, by years and strata."""
    window = _window(engine, journeys)
    first = window[0] + asked.seen_before
    if first >= window[1]:
        raise Unfit(
            f"The period has {window[1] - window[0]} months, and the first {asked.seen_before} only tell what was before: "
            "take a longer period, or shorter windows.",
            reason="period_too_short",
        )
    missing = [name for name in asked.attributes if name not in journeys.cases.columns]
    if missing:
        listed = ", ".join(sorted(journeys.cases.columns))
        raise Unfit(
            f"'attributes' names '{missing[0]}', which the cases do not have: {listed}.", reason="field_unknown"
        )
    people = engine.keep(_numbered(journeys.cases, journeys.grain, asked))
    services = _services(engine, journeys, asked)
    used = engine.keep(_used(engine, journeys, people, services).union(_life(people, len(services), window)))
    strata = _strata(asked, first, window[1])
    cases = engine.keep(_cases(people, _starts(used, people, services, asked), asked, (first, window[1])))
    years = engine.keep(_years(engine, cases, used.filter(used.code < len(services)), asked, strata, first))
    rows = cast("int", engine.only_row(used.aggregate(n=used.count()))["n"])
    return AtRisk(cases, years, used, strata, first, services, 1 + rows // _EVENTS_OF_A_PART)


def _window(engine: Engine, journeys: Journeys) -> tuple[int, int]:
    """The window in months: the first, and the one after the last."""
    if journeys.grain is Grain.MONTH:
        return journeys.window
    ends = engine.in_memory(pa.table({"first": [journeys.window[0]], "last": [journeys.window[1] - 1]}))
    told = ends.select(first=month_of(ends["first"], journeys.grain), last=month_of(ends["last"], journeys.grain))
    row = engine.only_row(told)
    return cast("int", row["first"]), cast("int", row["last"]) + 1


def _numbered(cases: ir.Table, grain: Grain, asked: Asked) -> ir.Table:
    """The cases and units by numbers: the text of a pseudonym takes long to compare."""
    return cases.select(
        CASE,
        BIRTH_YEAR,
        **{f"{ATTRIBUTE}{place}": cases[name].cast("string") for place, name in enumerate(asked.attributes)},
        number=ibis.row_number().over(order_by=cases[CASE]).cast("int32"),
        unit=ibis.dense_rank().over(order_by=cases[UNIT]).cast("int32"),
        since=month_of(cases[SINCE], grain).cast("int32"),
        left=(month_of(cases[LEFT] - 1, grain) + 1).cast("int32"),
    )


def _services(engine: Engine, journeys: Journeys, asked: Asked) -> tuple[str, ...]:
    """The services to be screened and those of the start, by their names."""
    counted = journeys.events.group_by(SERVICE).agg(n=journeys.events.count())
    kept = counted.filter((counted.n >= asked.least) | counted[SERVICE].isin(asked.start))
    names = sorted(str(row[SERVICE]) for row in engine.rows(kept.select(SERVICE).limit(_MOST_SERVICES + 1)))
    if not set(asked.start) & set(names):
        raise unused("start")
    if len(names) > _MOST_SERVICES:
        raise Unfit(
            f"More than {_MOST_SERVICES} services have {asked.least} events: gather them, or name a higher 'least'.",
            reason="too_many_values",
        )
    return tuple(names)


def _used(engine: Engine, journeys: Journeys, people: ir.Table, services: tuple[str, ...]) -> ir.Table:
    """Every event by numbers; services with too few events for the screen have the code -1, and count as contacts."""
    events = journeys.events
    codes = engine.in_memory(pa.table({"name": services, "code": pa.array(range(len(services)), pa.int32())}))
    met = events.select(CASE, SERVICE, month=month_of(events[AT], journeys.grain).cast("int32"))
    met = met.inner_join(people.select(CASE, "number", "unit"), CASE)
    met = met.left_join(codes, met[SERVICE] == codes.name)
    return met.select("number", "unit", "month", code=met.code.fill_null(-1).cast("int32"))


def _starts(used: ir.Table, people: ir.Table, services: tuple[str, ...], asked: Asked) -> ir.Table:
    """Everybody with the month of their first start, or none."""
    theirs = used.filter(used.code.isin([services.index(name) for name in asked.start if name in services]))
    first = theirs.group_by("number").agg(start=theirs.month.min())
    met = people.left_join(first, "number")
    return met.drop([name for name in met.columns if name.endswith("_right")])


def _cases(people: ir.Table, starts: ir.Table, asked: Asked, months: tuple[int, int]) -> ir.Table:
    """Those at risk, from their first month to that of the start, or the last."""
    entry = ibis.greatest(starts.since, months[0])
    ends = ibis.least(starts.left, months[1])
    if asked.ages is not None:
        # Who is of no known age is of none of the ages.
        starts = starts.filter(starts[BIRTH_YEAR].notnull())
        entry, ends = ibis.greatest(starts.since, months[0]), ibis.least(starts.left, months[1])
        entry = ibis.greatest(entry, ((starts[BIRTH_YEAR] + asked.ages[0]) * YEAR))
        ends = ibis.least(ends, ((starts[BIRTH_YEAR] + asked.ages[1] + 1) * YEAR))
    whole = starts.mutate(entry=entry.cast("int32"), ends_=ends.cast("int32"))
    leaving = whole.start.notnull().ifelse(ibis.least(whole.ends_, whole.start + 1), whole.ends_)
    spanned = whole.mutate(exit=leaving.cast("int32"))
    there = spanned.filter(spanned.exit > spanned.entry)
    begun = (there.start == there.exit - 1).fill_null(False)
    kept = there.mutate(started=begun).drop("ends_", "start", "since", "left", CASE)
    # Whoever starts beside another of the unit: what they share counts as one.
    together = kept.started.cast("int32").sum().over(group_by=kept.unit)
    return kept.mutate(shared=kept.started & (together > 1))


def _strata(asked: Asked, first: int, after: int) -> Strata:
    bands = (*(f"{low}-{high}" for low, high in asked.age_bands), "")
    ends = [str(start - 1) for start in asked.contacts[1:]]
    spans = [f"{low}-{high}" if str(low) != high else high for low, high in zip(asked.contacts, ends, strict=False)]
    none = "0" if asked.contacts[:1] == (1,) else f"0-{asked.contacts[0] - 1}" if asked.contacts else "any"
    last = (f"{asked.contacts[-1]}+",) if asked.contacts else ()
    return Strata(bands, (after - first + YEAR - 1) // YEAR, (none, *spans, *last))


def _years(engine: Engine, cases: ir.Table, used: ir.Table, asked: Asked, strata: Strata, first: int) -> ir.Table:
    """The months of each case in each year at risk, with its stratum."""
    listed = engine.in_memory(pa.table({"year": pa.array(range(strata.years), pa.int32())}))
    met = cases.select("number", BIRTH_YEAR, "entry", "exit", "started").cross_join(listed)
    begins = met.year * YEAR + first
    months = ibis.least(met.exit, begins + YEAR) - ibis.greatest(met.entry, begins)
    there = met.mutate(months=months.cast("int32"), begins_=begins.cast("int32"))
    there = there.filter(there.months > 0)
    counted = _contacts(used, asked, first)
    joined = there.left_join(counted, ["number", "year"])
    age = ((joined.begins_ - joined.begins_ % YEAR) / YEAR).cast("int32") - joined[BIRTH_YEAR]
    band = ibis.cases(
        *((age.between(low, high), place) for place, (low, high) in enumerate(asked.age_bands)),
        else_=len(asked.age_bands),
    )
    contacts = sum(
        ((joined.n.fill_null(0) >= start).cast("int32") for start in asked.contacts), ibis.literal(0, type="int32")
    )
    return joined.select(
        "number",
        "year",
        "months",
        starts=(joined.started & (joined.exit <= joined.begins_ + YEAR)).cast("int32"),
        stratum=strata.number(band, joined.year, contacts).cast("int32"),
    )


def _contacts(used: ir.Table, asked: Asked, first: int) -> ir.Table:
    """How many contacts each case had in the whole years before each year: number, year, n."""
    before = asked.seen_before // YEAR
    behind = -(-asked.seen_before // YEAR)
    # Counted from before the first month of all, so that no number is below 0: engines divide those in their own ways.
    since = used.month - (first - behind * YEAR)
    slot = ((since - since % YEAR) / YEAR).cast("int32")
    slots = used.select("number", slot=slot).group_by(["number", "slot"]).agg(n=ibis._.count())
    copies = [
        slots.select("number", "n", year=(slots.slot - behind + 1 + later).cast("int32")) for later in range(before)
    ]
    every = ibis.union(*copies) if len(copies) > 1 else copies[0]
    return every.group_by(["number", "year"]).agg(n=every.n.sum())


def _life(people: ir.Table, codes: int, window: tuple[int, int]) -> ir.Table:
    """What residence tells, as if it were use of services: number, unit, month, code."""
    came = people.filter((people.since > window[0]) & (people.since < window[1]))
    born = (((came.since - came.since % YEAR) / YEAR).cast("int64") == came[BIRTH_YEAR]).fill_null(False)
    arrived = came.select("number", "unit", month=came.since, code=born.ifelse(codes + 1, codes).cast("int32"))
    gone = people.filter((people.left > window[0]) & (people.left < window[1]))
    return arrived.union(gone.select("number", "unit", month=gone.left, code=ibis.literal(codes + 2, type="int32")))

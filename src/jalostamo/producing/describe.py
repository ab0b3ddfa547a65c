"""What happened to whom: how many customers a service reaches, and whether something follows within months.

Handbook 2.2 (the pilot's first three questions) and 2.3 (descriptive analysis).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.producing.event_log import EventLog, first_of, followed_for, residence_years, with_age_band
from jalostamo.producing.standardisation import BASE, EVENTS, GROUP, STRATUM, SUBJECT, UNIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jalostamo.engine.connection import Engine
    from jalostamo.producing.definitions import Question


def volume_rows(engine: Engine, log: EventLog, question: Question) -> ir.Table:
    """Rows for rates of use: x is 1 in a calendar year in which one of the subject's services started, t the residence."""
    started = log.events.mutate(year=log.events.month // 12).inner_join(_services(engine, question.subjects), "service")
    years = started.select("person", "year", SUBJECT).distinct().mutate(**{EVENTS: ibis.literal(1)})
    lived = engine.keep(residence_years(engine, log))
    subjects = engine.in_memory(pa.table({SUBJECT: list(question.subjects)}))
    joined = lived.cross_join(subjects).left_join(years, ["person", "year", SUBJECT])
    return joined.select(UNIT, GROUP, STRATUM, SUBJECT, BASE, **{EVENTS: joined[EVENTS].fill_null(0)})


def within_rows(engine: Engine, log: EventLog, question: Question) -> ir.Table:
    """Rows for shares: t is 1 for each customer whose first index service could be followed, x whether a subject's followed.

    What starts in the same month counts only if it stands later in order.
    """
    index = followed_for(log, first_of(log, question.index), question.months)
    banded = engine.keep(with_age_band(log, index, index.index_month // 12))
    wanted = log.events.inner_join(_services(engine, question.subjects), "service").select(
        "person", SUBJECT, "order", "month"
    )
    pairs = wanted.inner_join(banded.select("person", "index_order", "index_month"), "person")
    later = (pairs.order > pairs.index_order) & (pairs.month <= pairs.index_month + question.months)
    followed = pairs.filter(later).select("person", SUBJECT).distinct().mutate(found_=ibis.literal(1))
    subjects = engine.in_memory(pa.table({SUBJECT: list(question.subjects)}))
    joined = banded.cross_join(subjects).left_join(followed, ["person", SUBJECT])
    found = joined.found_.fill_null(0)
    outcome = 1 - found if question.absent else found
    return joined.select(UNIT, GROUP, STRATUM, SUBJECT, **{BASE: ibis.literal(1), EVENTS: outcome})


def _services(engine: Engine, subjects: Mapping[str, Sequence[str]]) -> ir.Table:
    pairs = [(service, subject) for subject, services in subjects.items() for service in services]
    return engine.in_memory(pa.table({"service": [s for s, _ in pairs], SUBJECT: [s for _, s in pairs]}))

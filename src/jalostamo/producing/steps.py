"""Where customers go next: the step after a service, and the flows of whole paths from their first service on.

The pilot's paths over months; exact times and one's own log are `producing.paths`.

Handbook 2.2 (the pilot's fourth question) and 3.2.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from jalostamo.producing.event_log import EventLog, first_of, followed_for, with_age_band
from jalostamo.producing.results import Flow
from jalostamo.producing.standardisation import BASE, EVENTS, GROUP, STRATUM, SUBJECT, UNIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from jalostamo.engine.connection import Engine
    from jalostamo.producing.definitions import Question

STEP: Final = ">"
"""Between the two services of a step, as in "ASM>EMP"."""


def next_step_rows(engine: Engine, log: EventLog, question: Question) -> ir.Table:
    """Rows for shares of next steps: t is 1 for each customer whose first index service could be followed, x the step taken.

    The next step is the next service of the path that starts within the months of the question.
    """
    (index_service,) = question.index
    index = followed_for(log, first_of(log, question.index), question.months)
    banded = engine.keep(with_age_band(log, index, index.index_month // 12))
    path = log.events.filter(log.events.service.isin(list(question.path)))
    later = path.inner_join(banded.select("person", "index_order", "index_month"), "person")
    later = later.filter((later.order > later.index_order) & (later.month <= later.index_month + question.months))
    place = ibis.row_number().over(group_by=later.person, order_by=later.order)
    ranked = later.mutate(place_=place)
    taken = ranked.filter(ranked.place_ == 0).select("person", "service").mutate(taken_=ibis.literal(1))
    targets = [service for service in question.path if service != index_service]
    names = engine.in_memory(
        pa.table({SUBJECT: [f"{index_service}{STEP}{target}" for target in targets], "service": targets})
    )
    # A step that nobody took is no subject.
    names = engine.keep(names.semi_join(taken, "service"))
    joined = banded.cross_join(names).left_join(taken, ["person", "service"])
    return joined.select(UNIT, GROUP, STRATUM, SUBJECT, **{BASE: ibis.literal(1), EVENTS: joined.taken_.fill_null(0)})


def flows(
    engine: Engine, log: EventLog, question: Question, *, groups: Mapping[str, Sequence[str]]
) -> tuple[Flow, ...]:
    """The flows of the first steps of every path, from its first event of `path_starts` on, by group, in customers.

    A customer is at one service at each step; the path's end within the time frame is a flow to "".
    """
    path = log.events.filter(log.events.service.isin(list(question.path)))
    starts = first_of(log, question.path_starts)
    onwards = path.inner_join(starts, "person")
    onwards = onwards.filter(onwards.order >= onwards.index_order)
    window = ibis.window(group_by=onwards.person, order_by=onwards.order)
    walked = onwards.mutate(
        step=ibis.row_number().over(window) + 1, target=onwards.service.lead().over(window).fill_null("")
    )
    pairs = [(value, name) for name, values in groups.items() for value in values]
    names = engine.in_memory(pa.table({GROUP: [value for value, _ in pairs], "name_": [name for _, name in pairs]}))
    placed = (
        walked.filter(walked.step <= question.steps)
        .inner_join(log.persons.select("person", GROUP), "person")
        .inner_join(names, GROUP)
    )
    counted = placed.group_by(["name_", "step", "service", "target"]).agg(customers=placed.person.nunique())
    rows = engine.rows(counted.order_by(["name_", "step", ibis.desc("customers"), "service", "target"]))
    return tuple(
        Flow(
            cast("str", row["name_"]),
            cast("int", row["step"]),
            cast("str", row["service"]),
            cast("str", row["target"]),
            cast("int", row["customers"]),
        )
        for row in rows
    )

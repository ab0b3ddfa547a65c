"""Choosing the customers that a request asks for: resident at the asked ages at some time of the time frame.

Handbook 2.2 (time frame of the material) and 2.6, phase 5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import ibis
import ibis.expr.types as ir

if TYPE_CHECKING:
    from jalostamo.managing.requests import Customers, Request

RESIDENT_FROM: Final = "resident_from"
RESIDENT_TO: Final = "resident_to"


def asked_customers(customers: ir.Table, asked: Customers, request: Request) -> ir.Table:
    """The customers who lived here in the time frame in a year of the asked ages, and that residence by month.

    Residence from before the frame, and beyond it, is not told: it is missing. So is that from birth, which would tell
    the month of birth where the recipe releases the year.
    """
    first, last = request.first_day, request.last_day
    youngest, oldest = asked.ages
    born, arrived, gone = _life(customers, asked)
    here = (gone.isnull() | (gone >= first)) & (arrived.isnull() | (arrived <= last)) & (born <= last)
    # A missing day has no say in the greatest and the least.
    from_year = ibis.greatest(first.year, arrived.year(), born.year() + youngest)
    to_year = ibis.least(last.year, gone.year(), born.year() + oldest)
    chosen = customers.filter(here & (from_year <= to_year))
    born, arrived, gone = _life(chosen, asked)
    moved_in = (arrived > first) & (arrived.truncate("M") > born.truncate("M"))
    since = moved_in.ifelse(arrived.truncate("M"), ibis.null("date"))
    until = (gone < last).ifelse(gone.truncate("M"), ibis.null("date"))
    return chosen.mutate(**{RESIDENT_FROM: since, RESIDENT_TO: until})


def _life(customers: ir.Table, asked: Customers) -> tuple[ir.DateColumn, ir.DateColumn, ir.DateColumn]:
    """When each was born, arrived, and went: by moving out or by death, whichever came first."""
    return customers[asked.birth], customers[asked.arrived], ibis.least(customers[asked.left], customers[asked.died])

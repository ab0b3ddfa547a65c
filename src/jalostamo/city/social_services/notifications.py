"""The child welfare notifications: who notified, why, and what came of it.

Handbook 2.2 (the example of child protective services).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from jalostamo.city import planted
from jalostamo.city.days import NEVER, Shares, Whole, last_of, years_of
from jalostamo.city.drawing import drawn_by_row
from jalostamo.city.frames import coded, dates, numbered_by_year
from jalostamo.city.social_services.vocabularies import NOTIFIED_OUTCOME, NOTIFIED_REASON, NOTIFIER
from jalostamo.city.spells import Spells
from jalostamo.city.town import Town
from jalostamo.city.vocabularies import NOT

# Who notifies and why, by band of age: 0-2, 3-6, 7-12 and 13-17.
_NOTIFIERS: Final = (
    (0.00, 0.08, 0.22, 0.32, 0.16, 0.06, 0.12, 0.04),
    (0.01, 0.22, 0.20, 0.19, 0.14, 0.08, 0.12, 0.04),
    (0.28, 0.01, 0.21, 0.15, 0.13, 0.09, 0.09, 0.04),
    (0.24, 0.00, 0.34, 0.16, 0.10, 0.08, 0.04, 0.04),
)
_REASONS: Final = (
    (0.14, 0.20, 0.20, 0.24, 0.00, 0.00, 0.00, 0.10, 0.12),
    (0.14, 0.16, 0.20, 0.22, 0.00, 0.03, 0.00, 0.13, 0.12),
    (0.12, 0.10, 0.16, 0.16, 0.01, 0.14, 0.10, 0.10, 0.11),
    (0.05, 0.06, 0.09, 0.08, 0.17, 0.27, 0.15, 0.04, 0.09),
)
_NO_MEASURES: Final = 0.3
_ASSESSED, _KNOWN, _NOTHING = range(3)


def notifications(town: Town, decided: Spells) -> pl.DataFrame:
    """One record for each notification, in the order in which they came."""
    notified = decided.where(np.flatnonzero(decided.service == NOT))
    band = planted.band_of(years_of(notified.start) - town.people.birth_year[notified.person])
    notifier, reason, further = _drawn(town, notified, band)
    _, first = np.unique(notified.person, return_index=True)
    outcome = np.where(further < _NO_MEASURES, _NOTHING, _KNOWN)
    outcome[first] = _ASSESSED
    handled = np.where(notified.end > last_of(town.plan.last_year), NEVER, notified.end)
    return pl.DataFrame(
        {
            "notification_number": pl.select(pl.lit("I") + numbered_by_year(notified.start)).to_series(),
            "client_code": town.recorded_by("").at(notified.person, notified.start),
            "received": dates(notified.start),
            "handled": dates(handled),
            "notifier": coded(NOTIFIER, notifier),
            "notification_reason": coded(NOTIFIED_REASON, reason),
            "notification_outcome": coded(NOTIFIED_OUTCOME, outcome),
        }
    )


def _drawn(town: Town, notified: Spells, band: Whole) -> tuple[Whole, Whole, Shares]:
    """Notifier, reason, and a number for what becomes of a further notification, year by year."""
    years = years_of(notified.start)
    drawn = np.concatenate(
        [
            town.plan.chance("notifiers", year).random((int(np.count_nonzero(years == year)), 3))
            for year in town.plan.years
        ]
    )
    by_band = (np.cumsum(shares, axis=1) for shares in (_NOTIFIERS, _REASONS))
    notifier, reason = (drawn_by_row(shares, band, drawn[:, place]) for place, shares in enumerate(by_band))
    return notifier, reason, drawn[:, 2]

"""The contacts of the social services' clients: some seven in a year of being a client, recorded late now and then.

Handbook 2.2 (service events).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import DAYS_IN_YEAR, Whole, first_of, last_of, working_day_until
from jalostamo.city.decisions import begun_before
from jalostamo.city.drawing import drawn_by_row
from jalostamo.city.frames import coded, dates
from jalostamo.city.lateness import Recording, badly_recorded, recording_days
from jalostamo.city.rhythm import rhythm_of
from jalostamo.city.social_services.units import units
from jalostamo.city.social_services.vocabularies import CHANNEL, OUTCOME, REASON
from jalostamo.city.spells import Spells, together
from jalostamo.city.town import Town
from jalostamo.city.truth import Truth
from jalostamo.city.vocabularies import EMP, FC, HS, NOT, SERVICE, UNIT

_MONTHS: Final = (1.05, 1.0, 1.1, 1.0, 1.05, 0.9, 0.45, 0.9, 1.1, 1.1, 1.1, 0.85)
_A_YEAR: Final = 9.0
# Home service comes home; an emergency is busy; a notification alone makes no client.
_TIMES: Final = {HS: 1.6, EMP: 3.0, FC: 0.8, NOT: 0.0}
_CHANNELS: Final = (0.30, 0.33, 0.25, 0.04, 0.08)
_ONLINE_A_YEAR: Final = 0.006
_AT_HOME: Final = (0.85, 0.03, 0.10, 0.01, 0.01)
_WAITING_DAYS: Final = (9.0, 14.0, 2.0, 6.0, 18.0)
_REASONS: Final = (0.27, 0.17, 0.15, 0.08, 0.06, 0.11, 0.09, 0.04, 0.03)
_OUTCOMES: Final = (0.46, 0.34, 0.07, 0.08, 0.05)
_LATE: Final = 0.06
# From one year on no reason is recorded of telephone calls: the practice changes.
_WITHOUT_REASON_FROM: Final = 3
_CALL: Final = 2


class Contacts:
    """The contacts of all years, made year by year; what is recorded after a year comes with the next."""

    def __init__(self, town: Town, decided: Spells) -> None:
        self.town = town
        self.decided = together([decided, begun_before(town)])
        self.codes = town.recorded_by("")
        self.bad = badly_recorded(self.codes, town.codes)
        self.recording = Recording(town.plan, "social contacts")
        self.without_reason = 0
        self.number = 0

    def made_in(self, year: int) -> pl.DataFrame:
        """The contacts that were recorded in a year."""
        made = self.recording.made_in(year, self._happened(year), bad=self.bad)
        person, day = (made[column].to_numpy().astype(np.int64) for column in ("person", "occurred"))
        number = self.number + (~made["doubled"]).cum_sum()
        self.number = int(number[-1]) if made.height else self.number
        reason = np.where(
            (made["channel"].to_numpy() == _CALL) & (day >= first_of(self.town.plan.first_year + _WITHOUT_REASON_FROM)),
            -1,
            made["reason"].to_numpy(),
        )
        self.without_reason += int(np.count_nonzero(reason < 0))
        return pl.DataFrame(
            {
                "contact_number": pl.select(pl.lit("S") + number.cast(pl.String).str.zfill(8)).to_series(),
                "client_code": self.codes.at(person, day),
                "service": coded(SERVICE, made["service"].to_numpy()),
                "requested": dates(made["requested"].to_numpy()),
                "day": dates(day),
                "channel": coded(CHANNEL, made["channel"].to_numpy()),
                "reason": coded(REASON, reason),
                "outcome": coded(OUTCOME, made["outcome"].to_numpy()),
                "unit": coded(UNIT, units(self.town, person, day, made["service"].to_numpy())),
                "recorded": dates(made["recorded"].to_numpy()),
            }
        )

    def suffers(self) -> Truth:
        """How many contacts suffer from what."""
        return self.recording.suffers() | {"calls_without_reason": self.without_reason}

    def _happened(self, year: int) -> pl.DataFrame:
        chance, decided = self.town.plan.chance("social contacts", year), self.decided
        first = np.maximum(decided.start, first_of(year))
        days = np.minimum(decided.end, last_of(year)) - first + 1
        open_then = np.flatnonzero(days > 0)
        times = np.ones(len(SERVICE.codes))
        times[list(_TIMES)] = list(_TIMES.values())
        rate = _A_YEAR * times[decided.service[open_then]] * days[open_then] / DAYS_IN_YEAR
        spell = np.repeat(open_then, chance.poisson(rate))
        day = rhythm_of(year, _MONTHS).days(chance, first[spell], days[spell])
        person, service = decided.person[spell], decided.service[spell]
        channel = _channels(chance, service, year - self.town.plan.first_year)
        waited = np.floor(chance.exponential(np.array(_WAITING_DAYS)[channel])).astype(np.int64)
        requested = np.maximum(working_day_until(day - waited), self.town.people.came[person])
        return pl.DataFrame(
            {
                "person": person,
                "occurred": day,
                "recorded": recording_days(chance, day, late=_LATE),
                "service": service,
                "requested": requested,
                "channel": channel,
                "reason": chance.choice(len(_REASONS), len(day), p=_REASONS),
                "outcome": chance.choice(len(_OUTCOMES), len(day), p=_OUTCOMES),
            }
        )


def _channels(chance: np.random.Generator, service: Whole, years: int) -> Whole:
    """How the contact was made; meetings online grow from year to year."""
    usual = np.array(_CHANNELS) + np.array([0, -1, 0, 1, 0]) * min(_ONLINE_A_YEAR * years, 0.2)
    cumulated = np.cumsum([usual, _AT_HOME], axis=1)
    return drawn_by_row(cumulated, (service == HS).astype(np.int64), chance.random(len(service)))

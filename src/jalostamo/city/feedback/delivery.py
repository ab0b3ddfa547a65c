"""Delivering the feedback register: free texts and short answers, year by year in the order of recording.

Handbook 2.2 (data descriptions).
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.comparing import counted
from jalostamo.city.days import Days, Flags, Shares, Whole, last_of
from jalostamo.city.delivering import delivered
from jalostamo.city.feedback.description import FEEDBACK
from jalostamo.city.feedback.texts import Said, texts_of
from jalostamo.city.feedback.vocabularies import CHANNEL, ENGLISH, FINNISH, LANGUAGE, SERVICE, UNIT, UNITS_OF
from jalostamo.city.frames import coded
from jalostamo.city.lateness import Recording, deficient, numbers_of_records, recording_days
from jalostamo.city.rhythm import by_age, happening, lasting_rate, rhythm_of
from jalostamo.city.town import Residents, Town
from jalostamo.city.truth import Truth

_FEEDBACK, _SATISFACTION = "feedback", "satisfaction"
_A_YEAR: Final = {_FEEDBACK: 0.0207, _SATISFACTION: 0.034}
_IDENTIFIED: Final = {_FEEDBACK: 0.25, _SATISFACTION: 0.4}
_AGES: Final = (0, 15, 25, 45, 65, 80)
_BY_AGE: Final = (0.0, 0.6, 1.3, 1.1, 0.8, 0.4)
_WRITERS: Final = 0.7
_YEARLY: Final = 1.04
_LATE: Final = 0.02
_MONTHS: Final = (1.1, 1.1, 1.1, 1.0, 1.0, 0.85, 0.55, 1.05, 1.15, 1.1, 1.1, 0.9)
_WEEKDAYS: Final = (1.2, 1.2, 1.1, 1.1, 1.0, 0.5, 0.5)
_SERVICES: Final = (0.17, 0.06, 0.17, 0.24, 0.12, 0.10, 0.05, 0.09)
# Praise, complaint, wish: of each service.
_MOODS: Final = (
    (0.50, 0.28, 0.22), (0.62, 0.18, 0.20), (0.34, 0.38, 0.28), (0.27, 0.57, 0.16),
    (0.33, 0.45, 0.22), (0.46, 0.34, 0.20), (0.25, 0.60, 0.15), (0.20, 0.55, 0.25),
)  # fmt: skip
_SCORES: Final = ((0.0, 0.01, 0.06, 0.33, 0.60), (0.42, 0.37, 0.16, 0.04, 0.01), (0.02, 0.12, 0.41, 0.35, 0.10))
_NO_SCORE: Final = 0.14
_IN_ENGLISH: Final = 0.45
_ANSWERED: Final = 0.82
_KINDS: Final = ("name", "phone", "code")


def deliver_feedback(folder: Path, town: Town) -> Truth:
    """Write the feedback register, and tell what its free texts hold."""
    rate, held = lasting_rate(town, "feedback habit", share=_WRITERS), Counter[str]()
    recordings = {name: Recording(town.plan, name, occurred="day") for name in (_FEEDBACK, _SATISFACTION)}
    with delivered(folder, FEEDBACK) as tables:
        for year in town.plan.years:
            for name, table in tables.items():
                made = recordings[name].made_in(year, _drawn(town, rate, name, year))
                recordings[name].add_bad_codes(_wrong_codes(town, made))
                held.update({kind: int(made[f"holds_{kind}"].sum()) for kind in _KINDS} if name == _FEEDBACK else {})
                written = made.with_columns(number=numbers_of_records(made, year, width=6))
                table.append(_as_written(written, town.plan.last_year))
    suffers = {name: recording.suffers() for name, recording in recordings.items()}
    records = {name: table.records for name, table in tables.items()}
    return {"planted": _planted(held), "suffers": {"feedback": suffers}, "registers": {"feedback": records}}


def _planted(held: Counter[str]) -> Truth:
    return {
        f"feedback_texts_with_{kind}": counted(held[kind], group="feedback", sentence=_SENTENCES[kind])
        for kind in _KINDS
    }


def _drawn(town: Town, rate: Shares, name: str, year: int) -> pl.DataFrame:
    """One year's feedback or answers: days are numbers, the rest is as written."""
    residents, days = town.residents(year), rhythm_of(year, _MONTHS, _WEEKDAYS, on_holidays=0.0)
    expected = _A_YEAR[name] * _YEARLY ** (year - town.plan.first_year) * by_age(residents.age, _AGES, _BY_AGE)
    expected *= rate[residents.person] * days.part(residents.first_day, residents.days)
    chance = town.plan.chance(name, year)
    at = happening(chance, expected)
    day = days.days(chance, residents.first_day[at], residents.days[at])
    said = _said(chance, town, residents, at=at, day=day)
    frame = pl.DataFrame(
        {
            "person": said.person.astype(np.int32),
            "service": coded(SERVICE, said.service),
            "unit": coded(UNIT, said.unit),
            "language": coded(LANGUAGE, said.language),
            "day": day.astype(np.int32),
            "identity_code": _codes(town, said.person, day, chance.random(len(at)) < _IDENTIFIED[name]),
        }
    )
    more = _feedback(chance, town, said) if name == _FEEDBACK else _satisfaction(chance, said)
    return frame.hstack(more)


def _said(chance: np.random.Generator, town: Town, residents: Residents, *, at: Whole, day: Days) -> Said:
    person, number = residents.person[at], len(at)
    service = chance.choice(len(_SERVICES), number, p=_SERVICES)
    first = np.array([units[0] for units in UNITS_OF])[service]
    units = np.array([len(units) for units in UNITS_OF])[service]
    mood = (np.cumsum(_MOODS, axis=1)[service] < chance.random(number)[:, None]).sum(axis=1)
    other = np.where(chance.random(number) < _IN_ENGLISH, ENGLISH, FINNISH)
    language = np.where(town.people.foreign[person], other, np.minimum(town.people.language[person], 1))
    unit = first + (chance.random(number) * units).astype(np.int64)
    return Said(person, service, unit, np.minimum(mood, 2), day, language)


def _codes(town: Town, person: Whole, day: Days, told: Flags) -> pl.Series:
    return town.recorded_by("feedback").at(person, day).set(pl.Series(~told), None)


def _wrong_codes(town: Town, frame: pl.DataFrame) -> int:
    """How many of the codes that were given are not the person's own."""
    given = frame.filter(pl.col("identity_code").is_not_null())
    person, day = (given[name].to_numpy().astype(np.int64) for name in ("person", "day"))
    return deficient(town, given["identity_code"], person, day)


def _feedback(chance: np.random.Generator, town: Town, said: Said) -> pl.DataFrame:
    number, day = len(said), said.day
    score = 1 + (np.cumsum(_SCORES, axis=1)[said.mood] < chance.random(number)[:, None]).sum(axis=1)
    recorded = recording_days(chance, day, late=_LATE, weekends=True)
    answered = recorded + 1 + np.floor(chance.standard_gamma(1.5, number) * 6).astype(np.int64)
    channels = chance.choice(len(CHANNEL.allowed), number, p=(0.46, 0.2, 0.14, 0.13, 0.07))
    columns = pl.DataFrame(
        {
            "channel": coded(CHANNEL, channels),
            "score": pl.Series(np.minimum(score, 5)).set(pl.Series(chance.random(number) < _NO_SCORE), None),
            "answered": pl.Series(answered).set(pl.Series(chance.random(number) >= _ANSWERED), None),
            "recorded": recorded.astype(np.int32),
        }
    )
    return columns.hstack(texts_of(chance, town, said))


def _satisfaction(chance: np.random.Generator, said: Said) -> pl.DataFrame:
    """Short answers of the same mood; the questions agree with one another, but not wholly."""
    number = len(said)
    # Praise, complaint and wish are told more mildly in a short survey.
    pleased = np.array([4.5, 2.9, 3.9])[said.mood] + 0.5 * chance.standard_normal(number)
    asked = {name: pleased + shift + 0.6 * chance.standard_normal(number) for name, shift in _QUESTIONS.items()}
    scores = {
        name: pl.Series(np.clip(np.rint(value), 1, 5).astype(np.int64)).set(
            pl.Series(chance.random(number) < 0.04), None
        )
        for name, value in asked.items()
    }
    recommend = np.clip(np.rint(2.4 * pleased - 1.6 + chance.standard_normal(number)), 0, 10).astype(np.int64)
    recorded = recording_days(chance, said.day, late=0.0, soon=1.5, weekends=True)
    return pl.DataFrame({**scores, "would_recommend": recommend, "recorded": recorded.astype(np.int32)})


def _as_written(frame: pl.DataFrame, last_year: int) -> pl.DataFrame:
    """The records with days as dates; an answer after the last day is not known yet."""
    known = [
        pl.when(pl.col(name) <= last_of(last_year)).then(pl.col(name)).cast(pl.Int32).cast(pl.Date).alias(name)
        for name in ("day", "answered", "recorded")
        if name in frame.columns
    ]
    return frame.with_columns(known)


_QUESTIONS: Final = {"overall": 0.0, "welcome": 0.3, "waiting": -0.3}
_SENTENCES: Final = {
    "name": "Records of the table feedback, second records included, whose text holds a person's first name and surname.",
    "phone": "Records of the table feedback, second records included, whose text holds a telephone number.",
    "code": "Records of the table feedback, second records included, whose text holds a personal identity code.",
}

"""The museum's yearly survey of seven needs: who answers, and what, by the group to which the customer belongs that year.

Handbook 3.1.2 (grouping of customers).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from jalostamo.city.days import Shares, Whole, first_of_month
from jalostamo.city.drawing import Choice
from jalostamo.city.lateness import recording_days
from jalostamo.city.museum.visitors import Visitors, visitors_in
from jalostamo.city.museum.vocabularies import AGE_BOUNDS, CENTROIDS, COMPANIES, NEEDS, SPREAD
from jalostamo.city.rhythm import by_age

MOST_ANSWERS: Final = 4_000
_ANSWERING: Final = 0.06
_PANEL: Final = 0.5
_YOUNGEST: Final = 15
_UNANSWERED: Final = 0.004
_LATE: Final = 0.04
_SOON: Final = 2.5
_OCTOBER, _DAYS = 10, 45
LOWEST, HIGHEST = 1, 7


def answers_in(visitors: Visitors, group: Whole, year: int) -> pl.DataFrame:
    """The answers of one year's survey; a half of the visitors answers again and again, the others never."""
    chance = visitors.town.plan.chance("museum survey", year)
    person, age = _respondents(visitors, year)
    answered = first_of_month(year, _OCTOBER) + chance.integers(0, _DAYS, len(person))
    columns: dict[str, Whole] = {
        "person": person,
        "group": group[person],
        "answered": answered,
        "frequency": _frequency(chance, visitors.rate[person]),
        "company": Choice(COMPANIES).of(chance, group[person]),
        "age_class": by_age(age, AGE_BOUNDS, range(len(AGE_BOUNDS))).astype(np.int64),
        "recorded": recording_days(chance, answered, late=_LATE, soon=_SOON),
    }
    frame = pl.DataFrame({name: column.astype(np.int32) for name, column in columns.items()})
    return frame.hstack(_needs(chance, group[person]))


def answering_again(visitors: Visitors, year: int) -> Whole:
    """Who answers in a year as in the one before, by person."""
    before, now = (_respondents(visitors, which)[0] for which in (year - 1, year))
    return np.intersect1d(before, now)


def _respondents(visitors: Visitors, year: int) -> tuple[Whole, Whole]:
    """Who answers: six in a hundred of the town's residents, but never more than the survey takes."""
    chance = visitors.town.plan.chance("museum respondents", year)
    residents, here = visitors.town.residents(year), visitors_in(visitors, year)
    october = first_of_month(year, _OCTOBER)
    stays = (here.first_day <= october) & (here.first_day + here.days >= october + _DAYS)
    asked = here.where(stays & (here.age >= _YOUNGEST) & (visitors.panel[here.person] < _PANEL))
    wanted = min(MOST_ANSWERS, _ANSWERING * int(np.count_nonzero(residents.age >= _YOUNGEST)))
    answers = np.flatnonzero(chance.random(len(asked)) < wanted / max(len(asked), 1))
    chosen = np.sort(chance.permutation(answers)[:MOST_ANSWERS])
    order = chance.permutation(len(chosen))
    return asked.person[chosen][order], asked.age[chosen][order]


def _needs(chance: np.random.Generator, group: Whole) -> pl.DataFrame:
    drawn = CENTROIDS[group] + SPREAD * chance.standard_normal((len(group), len(NEEDS)))
    answers = np.clip(np.rint(drawn), LOWEST, HIGHEST).astype(np.int32)
    empty = chance.random(answers.shape) < _UNANSWERED
    return pl.DataFrame(
        {
            f"need_{name}": pl.Series(answers[:, place]).set(pl.Series(empty[:, place]), None)
            for place, name in enumerate(NEEDS)
        }
    )


def _frequency(chance: np.random.Generator, rate: Shares) -> Whole:
    """How often somebody says to come: by the habit, with some error."""
    said = rate * chance.lognormal(0.0, 0.4, len(rate))
    return np.searchsorted([0.3, 1.5, 5.0, 11.0], said).astype(np.int64)

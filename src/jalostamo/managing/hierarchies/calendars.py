"""Hierarchies of days: a day, its month, quarter and year, and five years as one.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from typing import Final

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.managing.hierarchies.shape import Hierarchy, hierarchy_of

_DAY: Final = re.compile(r"(\d{4}-\d{2}-\d{2})([T ].*)?", re.ASCII)


def _years(day: datetime.date, number: int) -> str:
    first = day.year - day.year % number
    return f"{first:04}-{first + number - 1:04}"


_NAMES: Final[dict[str, Callable[[datetime.date], str]]] = {
    "day": lambda day: day.isoformat(),
    "month": lambda day: f"{day.year:04}-{day.month:02}",
    "quarter": lambda day: f"{day.year:04}-Q{(day.month + 2) // 3}",
    "year": lambda day: f"{day.year:04}",
    "5-years": lambda day: _years(day, 5),
    "10-years": lambda day: _years(day, 10),
}
STEPS: Final = tuple(_NAMES)
"""The steps that there are, finest first; weeks are none, since they do not nest in months."""

_USUAL: Final = ("month", "quarter", "year", "5-years")


def by_date(name: str, values: Sequence[str], steps: Sequence[str] = (), *, form: str | None = None) -> Hierarchy:
    """Days by the calendar: "2015-11", "2015-Q4", "2015", "2015-2019"; a time is of the day as it is written.

    Without `steps` those four, and the day before them where values have more than it. `form` is a form of strptime
    (ISO 8601 where None).
    """
    if any(step not in STEPS for step in steps) or list(steps) != [step for step in STEPS if step in steps]:
        raise Misused(f"Steps are some of {', '.join(STEPS)}, each once and finest first.", reason="hierarchy_steps")
    if form is not None and not _tells_days(form):
        raise Misused(
            "A form of days tells the day, the month and the year, such as %d.%m.%Y.", reason="hierarchy_day_form"
        )
    found = [_day(value, form) for value in values]
    days = [day for day in found if day is not None]
    if len(days) < len(values):
        raise Unfit(
            f"{name}: {len(values) - len(days)} of {len(values)} values are not written as days: expected "
            f"{'YYYY-MM-DD' if form is None else 'the form that was declared'}.",
            reason="hierarchy_day",
        )
    if not steps:
        is_more = any(value != day.isoformat() for value, day in zip(values, days, strict=True))
        steps = ("day", *_USUAL) if is_more else _USUAL
    # There are far fewer days than times.
    called = [{day: _NAMES[step](day) for day in set(days)} for step in steps]
    return hierarchy_of(name, values, ([level[day] for day in days] for level in called))


def _tells_days(form: str) -> bool:
    """Whether a day can be written by a form and read again: one without a year would be read, too, as of 1900."""
    day = datetime.datetime(2015, 11, 23, tzinfo=datetime.UTC)
    try:
        return datetime.datetime.strptime(day.strftime(form), form).date() == day.date()  # noqa: DTZ007  # a day has no zone
    except (ValueError, re.error):
        return False


def _day(text: str, form: str | None) -> datetime.date | None:
    try:
        if form is not None:
            return datetime.datetime.strptime(text, form).date()  # noqa: DTZ007  # a day has no zone
        found = _DAY.fullmatch(text)
        return datetime.date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None

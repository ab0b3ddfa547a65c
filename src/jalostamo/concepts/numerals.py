"""Numbers and dates as each of the three languages writes them, whatever they are numbers of.

Handbook 2.3 (the reader needs no expertise in refining data).
"""

from __future__ import annotations

import datetime
from typing import Final

from jalostamo.concepts.languages import Language

NO_BREAK: Final = "\u00a0"
MINUS: Final = "\u2212"
_THOUSANDS: Final[dict[Language, str]] = {"fi": NO_BREAK, "sv": NO_BREAK, "en": ","}
_DECIMAL: Final[dict[Language, str]] = {"fi": ",", "sv": ",", "en": "."}
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def number(value: float, language: Language, *, places: int = 0) -> str:
    """A number with the language's separators.

    >>> number(-1234.5, "en", places=1)
    '−1,234.5'
    """
    # A whole number stays exact, however long it is.
    written = f"{abs(value):,}" if isinstance(value, int) and not places else f"{abs(value):,.{places}f}"
    sign = MINUS if value < 0 and any(digit in written for digit in "123456789") else ""
    return sign + written.replace(",", "\0").replace(".", _DECIMAL[language]).replace("\0", _THOUSANDS[language])


def with_decimal_mark(written: str, language: Language) -> str:
    """What was written with a decimal point, with the language's mark: a bound, or two shares with an arrow between.

    >>> with_decimal_mark("<0.1", "sv")
    '<0,1'
    """
    return written.replace(".", _DECIMAL[language])


def date(iso: str, language: Language) -> str:
    """A day as the language writes it.

    >>> date("2026-11-22", "en"), date("2026-11-22", "fi")
    ('22\\xa0Nov\\xa02026', '22.11.2026')
    """
    day = datetime.date.fromisoformat(iso)
    if language == "en":
        return NO_BREAK.join((str(day.day), _MONTHS[day.month - 1], str(day.year)))
    return f"{day.day}.{day.month}.{day.year}"

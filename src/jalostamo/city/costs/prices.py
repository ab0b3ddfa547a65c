"""What services cost: the first year's price of a visit, a day or a month, which rises from year to year.

Handbook 2.2 (costs of services).
"""

from __future__ import annotations

from typing import Final

from jalostamo.city.early_education import vocabularies as early_education
from jalostamo.city.health import vocabularies as health
from jalostamo.city.vocabularies import SERVICE

VISIT, DAY, MONTH = "visit", "day", "month"
_RISE_A_YEAR: Final = 1.021

# (system, code in that system, what is counted): euros in the first year.
_FIRST_YEAR: Final = {
    ("health", "REC", VISIT): 92.0,
    ("health", "PHO", VISIT): 24.0,
    ("health", "HOM", VISIT): 58.0,
    ("health", "REM", VISIT): 47.0,
    ("health", "DEN", VISIT): 118.0,
    ("health", "CHC", VISIT): 71.0,
    ("health", "SCH", VISIT): 52.0,
    ("health", "MEN", VISIT): 134.0,
    ("health", "SUB", VISIT): 97.0,
    ("social_services", "FC", DAY): 9.0,
    ("social_services", "HS", DAY): 14.0,
    ("social_services", "NOT", DAY): 0.0,
    ("social_services", "ASM", DAY): 11.0,
    ("social_services", "FW", DAY): 21.0,
    ("social_services", "IFW", DAY): 44.0,
    ("social_services", "SP", DAY): 13.0,
    ("social_services", "EMP", DAY): 341.0,
    ("social_services", "OCP", DAY): 268.0,
    ("social_services", "TIC", DAY): 252.0,
    ("social_services", "AFT", DAY): 62.0,
    ("early_education", "month", MONTH): 884.0,
}


def prices_of(years_after_first: int) -> dict[tuple[str, str, str], float]:
    """What each service costs in a year, in euros and cents."""
    return {key: round(price * _RISE_A_YEAR**years_after_first, 2) for key, price in _FIRST_YEAR.items()}


def price_list(system: str, codes: tuple[str, ...], years_after_first: int) -> list[float]:
    """The prices of a system's services in the order of its code list."""
    prices = {code: price for (of, code, _), price in prices_of(years_after_first).items() if of == system}
    return [prices[code] for code in codes]


def of_visits(years_after_first: int) -> list[float]:
    """The price of a visit to the health services, by form."""
    return price_list("health", health.FORM.allowed, years_after_first)


def of_days(years_after_first: int) -> list[float]:
    """The price of a day of a decision of the social services, by service."""
    return price_list("social_services", SERVICE.allowed, years_after_first)


def of_a_month(years_after_first: int) -> float:
    """The price of a month in early education in which a child was there on some day."""
    (price,) = price_list("early_education", ("month",), years_after_first)
    return price


PLACES_OF_UNIT: Final = (
    *((unit, 0.0023, 7.0, 0.86) for unit in early_education.UNIT.allowed),
    *((unit, 0.0011, 1.6, 0.91) for unit in health.UNIT.allowed),
    ("SIJ", 0.0006, 1.2, 0.94),
)
"""Units with places for each resident of the first day, places for a staff year, and the usual share in use."""

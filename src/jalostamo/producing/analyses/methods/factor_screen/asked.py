"""What a factor screen is told: which start, which windows before it, and what people are made alike by.

A window that reaches to the start or beyond is refused here, so that nothing behind this file could measure one.

Handbook 2.2 (analytic hypotheses).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from jalostamo.concepts.errors import Unfit
from jalostamo.producing.before_after import CONTACT_BANDS

if TYPE_CHECKING:
    from jalostamo.managing.sections import Section

PARAMETERS: Final = "start windows lookback ages age_bands attributes contacts least"
YEAR: Final = 12
WINDOWS: Final = ((0, 6), (6, 12), (12, 24))
AGE_BANDS: Final = ((0, 2), (3, 6), (7, 12), (13, 15), (16, 17), (18, 29), (30, 44), (45, 64), (65, 79), (80, 130))
CONTACTS: Final = (*CONTACT_BANDS, 41, 81)
"""Where classes of contacts begin, as before and after has them, and two more: contacts of two years go higher."""

_MOST_MONTHS: Final = 600

type Pairs = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """A window is the months before a month: the last is the `nearest` before the one right before it, the first `farthest`.

    Window(0, 6) are the six months before a month, and Window(6, 12) the six before those. No month of a window is the
    month of the start, or after it: months do not tell which came first within one.
    """

    nearest: int
    farthest: int

    def __post_init__(self) -> None:
        if not 0 <= self.nearest < self.farthest <= _MOST_MONTHS:
            raise Unfit(
                "A window of factors ends before the start: two numbers of months before it, the nearer first and not "
                f"below 0, such as [0, 6], up to {_MOST_MONTHS}.",
                reason="window_after_start",
            )

    @property
    def months(self) -> int:
        """How many months the window has."""
        return self.farthest - self.nearest

    @property
    def text(self) -> str:
        """The window as findings name it."""
        return f"{self.nearest}-{self.farthest}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A factor screen: the services whose first use is the start, and how it is looked at.

    `lookback` is the whole of what is looked back at; `ages` are those at risk, both ends inclusive, calendar year less
    birth year; `least` is the fewest events of a service that is screened.
    """

    start: tuple[str, ...]
    windows: tuple[Window, ...]
    lookback: Window
    ages: tuple[int, int] | None
    age_bands: Pairs
    attributes: tuple[str, ...]
    contacts: tuple[int, ...]
    least: int

    @property
    def all_windows(self) -> tuple[Window, ...]:
        """The windows of factors and the lookback."""
        return tuple(sorted({*self.windows, self.lookback}))

    @property
    def seen_before(self) -> int:
        """How many months of the period only tell what was before: nobody is at risk in them."""
        return max(self.lookback.farthest, YEAR)


def read(section: Section) -> Asked:
    """Read the parameters of a factor screen; what cannot be is named."""
    windows = tuple(Window(*pair) for pair in _pairs(section, "windows", WINDOWS))
    if not windows or len(set(windows)) < len(windows):
        raise _unfit(section, "'windows' are pairs of months, each once")
    farthest = max(window.farthest for window in windows)
    # One window alone has nothing to be compared with in the time before it, unless one looks farther back.
    usual = farthest if len(windows) > 1 else 2 * farthest
    lookback = _number(section, "lookback", usual)
    if lookback < farthest:
        raise _unfit(section, "'lookback' reaches as far as every window")
    ages = _pairs(section, "ages", ())
    if len(ages) > 1:
        raise _unfit(section, "'ages' is one pair, the youngest and the oldest")
    return Asked(
        start=section.words("start"),
        windows=windows,
        lookback=Window(0, lookback),
        ages=ages[0] if ages else None,
        age_bands=_rising_bands(section),
        attributes=section.words("attributes") if "attributes" in section.content else (),
        contacts=_rising(section),
        least=_number(section, "least", 20),
    )


def _unfit(section: Section, sentence: str) -> Unfit:
    return Unfit(f"{section.place}: {sentence}.", reason="definition_incomplete")


def _number(section: Section, key: str, usual: int) -> int:
    number = section.one(key, int) if key in section.content else usual
    if number < 1:
        raise _unfit(section, f"'{key}' is at least 1")
    return number


def _pairs(section: Section, key: str, usual: Pairs) -> Pairs:
    """Pairs of whole numbers, or one pair."""
    found = section.content.get(key, usual)
    listed = [found] if isinstance(found, list) and found and isinstance(found[0], int) else found
    if not isinstance(listed, list | tuple):
        raise _unfit(section, f"'{key}' is told by pairs of whole numbers, such as [0, 6]")
    return tuple(_pair(section, key, pair) for pair in listed)


def _pair(section: Section, key: str, found: object) -> tuple[int, int]:
    match found:
        case [int(one), int(other)] | (int(one), int(other)) if key == "windows" or 0 <= one <= other:
            return one, other
    raise _unfit(section, f"'{key}' is told by pairs of whole numbers, such as [0, 6]")


def _rising_bands(section: Section) -> Pairs:
    bands = _pairs(section, "age_bands", AGE_BANDS)
    if any(later[0] <= earlier[1] for earlier, later in zip(bands, bands[1:], strict=False)):
        raise _unfit(section, "'age_bands' go upwards and do not overlap")
    return bands


def _rising(section: Section) -> tuple[int, ...]:
    found = section.content.get("contacts", list(CONTACTS))
    numbers = found if isinstance(found, list) and all(isinstance(each, int) and each > 0 for each in found) else [0]
    if sorted({*numbers} - {0}) != numbers:
        raise _unfit(section, "'contacts' are numbers above 0, rising, with which a class begins")
    return tuple(numbers)

"""Hierarchies of numbers: intervals that become wider level by level, with one class below and one above all of them.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.managing.hierarchies.shape import Hierarchy, hierarchy_of

MOST_NUMBERS: Final = 1_000_000
"""Whole numbers that are listed at most where no table says which there are."""

# Longer ones are no measurements, but codes.
_NUMBER: Final = re.compile(r"([+-]?\d{1,18})(?:([.,])(\d{1,18}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Intervals:
    """Which intervals there are, all numbers as texts: a width for each level, counted from `start`.

    Values below `bottom` are one class, and values of `top` or above another, from level 1 on. `mark` stands before
    decimals.
    """

    widths: tuple[str, ...]
    start: str = "0"
    bottom: str | None = None
    top: str | None = None
    mark: str = "."

    def __post_init__(self) -> None:
        if self.mark not in {".", ","}:
            raise Misused("A decimal mark is '.' or ','.", reason="hierarchy_intervals")
        if not self.widths or any(_parsed(each, self.mark) is None for each in self._written()):
            raise Misused(
                "Intervals need widths, one for each level, such as 5,10,20; widths, start, bottom and top are numbers.",
                reason="hierarchy_intervals",
            )
        scale = max(len(each.decimals) for each in self.given)
        widths = [each.scaled(scale) for each in self.given[: len(self.widths)]]
        if widths[0] <= 0 or any(wider <= width or wider % width for width, wider in pairwise(widths)):
            raise Misused(
                "Each width is above 0 and a multiple of the one before: only so do intervals nest.",
                reason="hierarchy_intervals",
            )
        ends = [each.scaled(scale) for each in self.given[len(self.widths) + 1 :]]
        if len(ends) == 2 and ends[0] >= ends[1]:
            raise Misused("The bottom is below the top.", reason="hierarchy_intervals")

    @property
    def given(self) -> Sequence[_Number]:
        """All the numbers: widths, start, and the bottom and the top where there are some."""
        return [_number(each, self.mark) for each in self._written()]

    def _written(self) -> Sequence[str]:
        return [*self.widths, self.start, *(each for each in (self.bottom, self.top) if each is not None)]


def by_interval(name: str, values: Sequence[str], intervals: Intervals) -> Hierarchy:
    """Numbers by interval: "30-34" where all are whole, "30 to under 35" where not; the values are repeated as written."""
    found = [_parsed(value, intervals.mark) for value in values]
    parsed = [each for each in found if each is not None]
    if len(parsed) < len(values):
        raise Unfit(
            f"{name}: {len(values) - len(parsed)} of {len(values)} values are not numbers of at most 18 digits, decimals after "
            f"'{intervals.mark}'.",
            reason="hierarchy_number",
        )
    decimals = {len(each.decimals) for each in parsed}
    scale = max(decimals | {len(each.decimals) for each in intervals.given})
    numbers = [each.scaled(scale) for each in parsed]
    return hierarchy_of(name, values, (level.names(numbers) for level in _levels(intervals, scale)))


def _levels(intervals: Intervals, scale: int) -> Iterator[_Level]:
    """The levels of intervals, in numbers that are whole at this scale."""
    mark = intervals.mark
    start, bottom, top = (
        None if each is None else _number(each, mark).scaled(scale)
        for each in (intervals.start, intervals.bottom, intervals.top)
    )
    for width in intervals.widths:
        yield _Level(_number(width, mark).scaled(scale), start or 0, bottom, top, scale, mark)


def whole_numbers(first: str, last: str) -> list[str]:
    """The whole numbers from the first to the last, both among them."""
    parsed = [_parsed(each, ".") for each in (first, last)]
    low, high = (0 if each is None or each.decimals else each.scaled(0) for each in parsed)
    if any(each is None or each.decimals for each in parsed) or not 0 <= high - low < MOST_NUMBERS:
        raise Misused(
            f"From and to are whole numbers, from not above to, with {MOST_NUMBERS} numbers at most between them.",
            reason="hierarchy_intervals",
        )
    return [str(number) for number in range(low, high + 1)]


def in_order(values: Iterable[str], *, mark: str = ".") -> list[str]:
    """Values by their size where all are numbers, by their text where not."""
    listed = list(values)
    parsed = [each for value in listed if (each := _parsed(value, mark)) is not None]
    if len(parsed) < len(listed):
        return sorted(listed)
    scale = max((len(each.decimals) for each in parsed), default=0)
    sizes = (each.scaled(scale) for each in parsed)
    return [value for _, value in sorted(zip(sizes, listed, strict=True))]


@dataclass(frozen=True, slots=True)
class _Level:
    """The intervals of one width; all numbers are whole, being multiples of the last decimal of any."""

    width: int
    start: int
    bottom: int | None
    top: int | None
    scale: int
    mark: str

    def names(self, numbers: Sequence[int]) -> list[str]:
        places = [self._place(number) for number in numbers]
        called = {place: self._name(place) for place in set(places)}
        return [called[place] for place in places]

    def _place(self, number: int) -> tuple[int | None, int | None]:
        """The lowest number of the class, and the lowest above it; None where there is no end."""
        if self.bottom is not None and number < self.bottom:
            return None, self.bottom
        if self.top is not None and number >= self.top:
            return self.top, None
        low = number - (number - self.start) % self.width
        high = low + self.width
        # The classes at both ends end where the first and the last one begin.
        low = low if self.bottom is None else max(low, self.bottom)
        return low, high if self.top is None else min(high, self.top)

    def _name(self, place: tuple[int | None, int | None]) -> str:
        low, high = place
        if low is None or high is None:
            return f"under {self._text(high or 0)}" if low is None else f"{self._text(low)} or over"
        if self.scale:
            return f"{self._text(low)} to under {self._text(high)}"
        if high - low == 1:
            return self._text(low)
        return f"{low} to {high - 1}" if low < 0 else f"{low}-{high - 1}"

    def _text(self, number: int) -> str:
        whole, decimals = divmod(abs(number), 10**self.scale)
        told = f"{decimals:0{self.scale}}".rstrip("0") if self.scale else ""
        return f"{'-' if number < 0 else ''}{whole}{self.mark if told else ''}{told}"


class _Number(NamedTuple):
    """A number as it is written: its sign and digits, and those after the mark without the zeros at their end."""

    whole: str
    decimals: str

    def scaled(self, scale: int) -> int:
        """The number times ten to the power of the scale."""
        return int(self.whole + self.decimals.ljust(scale, "0"))


def _parsed(text: str, mark: str) -> _Number | None:
    """The number that a text is, or None."""
    found = _NUMBER.fullmatch(text)
    if found is None or found[2] not in {None, mark}:
        return None
    return _Number(found[1], (found[3] or "").rstrip("0"))


def _number(text: str, mark: str) -> _Number:
    found = _parsed(text, mark)
    assert found is not None
    return found

"""Breaks: the months from which a table's recording differs, by field and unit; a break precedes, and never explains.

Handbook 2.2 (deficiencies found in the data).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from jalostamo.managing.quality.cells import ALL, Cells
from jalostamo.managing.quality.series import (
    Numbers,
    Shift,
    ratio_at,
    shifts_in_share,
    shifts_in_volume,
    significant,
    strength_of_absence,
    strength_of_beginning,
)

FALSE_RATE: Final = 0.01
"""At most this share of the breaks that are told may be chance (Benjamini and Hochberg 1995)."""

LEAST_RATIO: Final = 1.25
LEAST_POINTS: Final = 0.05
_LEAST_CODE: Final = 60
_LEAST_EXPECTED: Final = 30.0
_FEWEST_WITHOUT: Final = 12
_NEITHER: Final = "neither"
_NEAR: Final = 2
_STILL_OPEN: Final = 24
_STRAY: Final = 0.005


@dataclass(frozen=True, slots=True)
class Break:
    """A break is one series that differs from one month on; `code` is "" but in a mix of codes.

    `size` is a ratio of volumes; `before` and `after` are shares. `how` is level, appeared or ended. `units` counts the
    units in which the whole table's break is seen.
    """

    kind: str
    field: str
    unit: str
    code: str
    at: int
    strength: float
    size: float
    before: float
    after: float
    how: str = "level"
    units: int = 0


@dataclass(frozen=True, slots=True)
class _Tested:
    """One series that was scanned, with what was found in it."""

    kind: str
    field: str
    unit: str
    code: str
    parts: Numbers
    wholes: Numbers
    shifts: tuple[Shift, ...]


def breaks_in(cells: Cells, *, complete: int | None = None) -> tuple[Break, ...]:
    """Every break of a table; of the months only the first `complete` are looked at, where the later ones still fill up."""
    until = cells.months if complete is None else complete
    tested = [*_scanned(cells, until)]
    begun = [*_appearing(cells, until)]
    # One error rate over levels, and over codes that appear or end: a table with many rare codes is a table of many tests.
    chances = [each.shifts[0].p if each.shifts else 1.0 for each in tested] + [10.0**-each.strength for each in begun]
    holds = significant(chances, rate=FALSE_RATE)
    levels = zip(tested, holds, strict=False)
    found = [b for each, held in levels if held for b in _breaks_of(each) if not _is_still_open(b, cells)]
    found += [b for b, held in zip(begun, holds[len(tested) :], strict=True) if held and b.how != _NEITHER]
    return _folded(_without_echoes(found), cells)


def _is_still_open(found: Break, cells: Cells) -> bool:
    """Whether days are missing of late because they lie ahead: what goes on has no last day yet."""
    late = found.at >= cells.months - _STILL_OPEN
    return found.kind == "missing" and found.field in cells.open_ended and late and found.after > found.before


def _scanned(cells: Cells, until: int) -> Iterator[_Tested]:
    for unit in (ALL, *cells.units):
        volume = cells.volume[unit][:until]
        yield _Tested("volume", "", unit, "", volume, volume, shifts_in_volume(volume))
    for (field, unit), missing in cells.missing.items():
        yield _tested_share("missing", field, unit, "", missing[:until], cells.volume[unit][:until])
    for (field, unit), of_codes in cells.codes.items():
        wholes = np.sum([*of_codes.values()], axis=0)[:until]
        for code, counts in of_codes.items():
            if counts[:until].sum() >= _LEAST_CODE:
                yield _tested_share("code_mix", field, unit, code, counts[:until], wholes)


def _tested_share(kind: str, field: str, unit: str, code: str, parts: Numbers, wholes: Numbers) -> _Tested:
    return _Tested(kind, field, unit, code, parts, wholes, shifts_in_share(parts, wholes))


def _breaks_of(tested: _Tested) -> Iterator[Break]:
    places = [shift.at for shift in tested.shifts]
    for shift in tested.shifts:
        strength = float(-np.log10(max(shift.p, 1e-300)))
        others = [place for place in places if place != shift.at]
        if tested.kind == "volume":
            ratio = ratio_at(tested.parts, shift.at, others)
            if ratio >= LEAST_RATIO or ratio <= 1 / LEAST_RATIO:
                yield Break("volume", "", tested.unit, "", shift.at, strength, ratio, 0.0, 0.0)
            continue
        before, after = _shares_beside(tested, shift.at, others)
        if abs(after - before) >= LEAST_POINTS:
            yield Break(tested.kind, tested.field, tested.unit, tested.code, shift.at, strength, 0.0, before, after)


def _shares_beside(tested: _Tested, at: int, others: Iterable[int]) -> tuple[float, float]:
    """The shares of at most a year before and after a month, up to the next break."""
    low = max([at - 12, 0, *(place for place in others if place < at)])
    high = min([at + 12, len(tested.parts), *(place for place in others if place > at)])
    return _share(tested.parts[low:at], tested.wholes[low:at]), _share(tested.parts[at:high], tested.wholes[at:high])


def _share(parts: Numbers, wholes: Numbers) -> float:
    return float(parts.sum() / max(wholes.sum(), 1.0))


def _appearing(cells: Cells, until: int) -> Iterator[Break]:
    """Every code that could have begun or ended, with how unlikely that is by chance; most did neither."""
    for (field, unit), of_codes in cells.codes.items():
        wholes = np.sum([*of_codes.values()], axis=0)[:until]
        for code, counts in of_codes.items():
            if counts[:until].sum() >= _LEAST_CODE:
                yield _began(counts[:until], wholes, (field, unit, code, "appeared"))
                yield _began(counts[:until][::-1], wholes[::-1], (field, unit, code, "ended"))


def _began(parts: Numbers, wholes: Numbers, named: tuple[str, str, str, str]) -> Break:
    """A series that has next to nothing before a month; an ending is read from the end."""
    field, unit, code, how = named
    first = int(np.searchsorted(np.cumsum(parts), _STRAY * parts.sum(), side="right"))
    # Less than a year may be its season.
    if first < _FEWEST_WITHOUT or len(parts) - first < _FEWEST_WITHOUT:
        return Break("code_mix", field, unit, code, first, 0.0, 0.0, 0.0, 0.0, how=_NEITHER)
    after = _share(parts[first : first + 12], wholes[first : first + 12])
    near = float(wholes[max(first - 24, 0) : first].sum())
    told = wholes > 0
    by_months = strength_of_beginning((parts > 0)[told], int(told[:first].sum()))
    strength = min(strength_of_absence(near, after), by_months) if near * after >= _LEAST_EXPECTED else 0.0
    at = first if how == "appeared" else len(parts) - first
    shares = (0.0, after) if how == "appeared" else (after, 0.0)
    return Break("code_mix", field, unit, code, at, strength, 0.0, *shares, how=how)


def _without_echoes(found: list[Break]) -> list[Break]:
    """Without the shifts in level of a code near the month in which it begins or ends."""
    ends = {(b.field, b.unit, b.code): b.at for b in found if b.how != "level"}
    return [b for b in found if b.how != "level" or abs(ends.get((b.field, b.unit, b.code), -99) - b.at) > 2 * _NEAR]


def _folded(found: list[Break], cells: Cells) -> tuple[Break, ...]:
    """One break for a change that most units share, and the units' own where only some of them changed."""
    of_units: defaultdict[tuple[str, str, str], list[Break]] = defaultdict(list)
    for each in found:
        if each.unit != ALL:
            of_units[each.kind, each.field, each.code].append(each)
    kept: list[Break] = []
    folded: set[int] = set()
    for whole in (each for each in found if each.unit == ALL):
        same = [
            part
            for part in of_units[whole.kind, whole.field, whole.code]
            if abs(part.at - whole.at) <= _NEAR and _grows(part) == _grows(whole)
        ]
        if len({part.unit for part in same}) >= max(2.0, _able(whole, cells) / 3):
            folded |= {id(part) for part in same}
            kept.append(replace(whole, units=len({part.unit for part in same})))
        elif not same:
            kept.append(whole)
    kept += [each for each in found if each.unit != ALL and id(each) not in folded]
    return tuple(sorted(kept, key=lambda b: (b.at, b.kind, b.field, b.unit, b.code)))


def _able(whole: Break, cells: Cells) -> int:
    """How many units have enough of what changed for it to be seen in them."""
    if not whole.code:
        return len(cells.units)
    series = [cells.codes.get((whole.field, unit), {}).get(whole.code) for unit in cells.units]
    return sum(counts is not None and float(counts.sum()) >= _LEAST_CODE for counts in series)


def _grows(found: Break) -> bool:
    return found.size > 1 if found.kind == "volume" else found.after > found.before

"""Absences: what one unit never records though those like it do, though it does elsewhere, or a unit that records nothing.

The chance of none is beta-binomial: units differ among themselves, and by how much is taken from the comparable ones, at the
upper bound of what they allow.

Handbook 2.2 (deficiencies found in the data).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import special

from jalostamo.managing.quality.cells import ALL, Cells
from jalostamo.managing.quality.series import Numbers

FALSE_RATE: Final = 0.01
"""At most so likely is one false absence in a field of a table in which nothing is absent."""

_ALIKE: Final = 0.8
_ALIKE_OTHERWISE: Final = 0.6
_FEWEST_COMPARABLE: Final = 3
_FEWEST_OF_UNIT: Final = 200
_FEWEST_ELSEWHERE: Final = 20
_LEAST_EXPECTED: Final = 30.0
_SPREAD: Final = 3.0
_CERTAIN: Final = 0.9


@dataclass(frozen=True, slots=True)
class Absence:
    """An absence is a code that one unit never records; `expected` is how often it would.

    `comparable` counts the units that it is compared with. `elsewhere` names a table of the same register in which the unit
    does record the code. Without a code the unit itself records nothing.
    """

    field: str
    unit: str
    code: str
    expected: float
    strength: float
    comparable: int
    elsewhere: str = ""


def absences_in(cells: Cells) -> tuple[Absence, ...]:
    """The codes that are missing from one unit: units are comparable where the rest of their mixes is alike (cosine)."""
    fields = [*dict.fromkeys(name for name, unit in cells.codes if unit != ALL)]
    alike = {field: _cosines(_mix(cells, field)[1]) for field in fields}
    found: list[Absence] = []
    for field in fields:
        codes, mix = _mix(cells, field)
        others = [alike[other] for other in fields if other != field]
        otherwise = np.min(others, axis=0) >= _ALIKE_OTHERWISE if others else np.ones((len(mix), len(mix)), dtype=bool)
        pairs = [*_pairs(mix, otherwise)]
        for row, column, comparable in pairs:
            shares = mix[comparable, column] / mix[comparable].sum(axis=1)
            strength = _strength_of_none(float(mix[row].sum()), shares) - np.log10(len(pairs))
            expected = float(mix[row].sum() * np.median(shares))
            if mix[row, column] == 0 and expected >= _LEAST_EXPECTED and strength >= -np.log10(FALSE_RATE):
                found.append(Absence(field, cells.units[row], codes[column], expected, strength, len(comparable)))
    return tuple(found)


def _pairs(mix: Numbers, otherwise: np.ndarray) -> Iterator[tuple[int, int, list[int]]]:
    """Every code of every unit that has enough units to be compared with, most of which record it."""
    large = mix.sum(axis=1) >= _FEWEST_OF_UNIT
    for column in range(mix.shape[1]):
        alike = _cosines(np.delete(mix, column, axis=1)) >= _ALIKE
        for row in np.flatnonzero(large):
            others = [int(place) for place in np.flatnonzero(alike[row] & otherwise[row] & large) if place != row]
            having = sum(bool(mix[place, column] > 0) for place in others)
            if len(others) >= _FEWEST_COMPARABLE and having >= _ALIKE * len(others):
                yield int(row), column, others


def _mix(cells: Cells, field: str) -> tuple[list[str], Numbers]:
    """The codes of a field, and how often each unit records each."""
    codes = sorted(cells.codes.get((field, ALL), {}))
    of_units = [cells.codes.get((field, unit), {}) for unit in cells.units]
    return codes, np.array([[float(of[code].sum()) if code in of else 0.0 for code in codes] for of in of_units])


def _cosines(mix: Numbers) -> Numbers:
    lengths = np.sqrt((mix**2).sum(axis=1))
    found: Numbers = (mix @ mix.T) / np.maximum(np.outer(lengths, lengths), 1e-12)
    return found


def _strength_of_none(records: float, shares: Numbers) -> float:
    """Minus log10 of the chance that a unit of so many records has none, if it is one more unit like the others."""
    mean = float(np.clip(shares.mean(), 1e-9, 1 - 1e-9))
    freedom = len(shares) - 1
    # The largest variance that so few units still allow.
    variance = float(shares.var(ddof=1)) * freedom / float(special.chdtri(freedom, _CERTAIN))
    scale = max(mean * (1 - mean) / max(variance, 1e-12) - 1, 1e-3)
    a, b = mean * scale, (1 - mean) * scale
    # Months vary more than chance makes them: records count as fewer.
    log_chance = special.betaln(a, b + records / _SPREAD) - special.betaln(a, b)
    return float(-log_chance / np.log(10))


def absences_beside(
    cells: Cells, field: str, beside: Mapping[str, Mapping[tuple[str, str], float]]
) -> tuple[Absence, ...]:
    """The codes that a unit never records in a field though another table of the register has them of this unit.

    `beside` is by table: how often it has a code of a unit. A table is taken as a measure where nearly all its other pairs
    of unit and code are recorded here too, and for units of which it has fewer records: the smaller need not have all.
    """
    codes, mix = _mix(cells, field)
    found: list[Absence] = []
    for table, counted in beside.items():
        sizes: defaultdict[str, float] = defaultdict(float)
        for (unit, _), n in counted.items():
            sizes[unit] += n
        pairs = [
            (cells.units.index(unit), codes.index(code))
            for (unit, code), n in counted.items()
            if n >= _FEWEST_ELSEWHERE
            and unit in cells.units
            and code in codes
            and sizes[unit] <= cells.volume[unit].sum()
        ]
        missing = [pair for pair in pairs if mix[pair] == 0]
        shares = np.array([mix[row, column] / mix[row].sum() for row, column in pairs if mix[row, column] > 0])
        if len(shares) < max(_FEWEST_COMPARABLE, _ALIKE * len(pairs)):
            continue
        found += _told_beside(cells, (field, codes, table), mix, missing, shares)
    return tuple(found)


def _told_beside(
    cells: Cells,
    named: tuple[str, Sequence[str], str],
    mix: Numbers,
    missing: Sequence[tuple[int, int]],
    shares: Numbers,
) -> Iterator[Absence]:
    field, codes, table = named
    for row, column in missing:
        records = float(mix[row].sum())
        # That it is offered there is known; how large a part of the unit it is, is like that of the smallest of the others.
        least = float(shares.min())
        strength = -records / _SPREAD * float(np.log10(1 - min(least, 1 - 1e-12))) - float(np.log10(len(shares) + 1))
        if records * least >= _LEAST_EXPECTED and strength >= -np.log10(FALSE_RATE):
            yield Absence(field, cells.units[row], codes[column], records * least, strength, len(shares), table)


def units_without_records(cells: Cells, listed: Sequence[str], field: str) -> tuple[Absence, ...]:
    """The units of a code list that have not one record though nearly all the others do."""
    silent = [unit for unit in listed if unit not in cells.units]
    volumes = np.array([float(cells.volume[unit].sum()) for unit in cells.units if unit in set(listed)])
    if len(volumes) < max(_FEWEST_COMPARABLE + 1, _ALIKE * len(listed)) or not silent:
        return ()
    logs = np.log(volumes)
    # One more unit, its size log-normal like theirs: how likely is one of fewer than three records?
    spread = float(logs.std(ddof=1)) * float(np.sqrt(1 + 1 / len(logs)))
    distance = (float(logs.mean()) - np.log(3.0)) / max(spread, 1e-9)
    chance = max(float(special.stdtr(len(logs) - 1, -distance)), float(np.finfo(np.float64).tiny))
    strength = -math.log10(chance) - math.log10(len(listed))
    if strength < -np.log10(FALSE_RATE):
        return ()
    return tuple(Absence(field, unit, "", float(np.median(volumes)), strength, len(volumes)) for unit in silent)

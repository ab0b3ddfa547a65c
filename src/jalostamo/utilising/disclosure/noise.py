"""The noise of printed counts: small whole numbers that depend on who is counted and on nothing else (the cell-key method).

A table of probabilities says, for each true count, which noise how many of all keys bring; it is public, the keys are not.

Handbook 2.3; 2.6, phase 6.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config

from jalostamo.concepts.customers import KEY_SPACE as KEY_SPACE
from jalostamo.concepts.errors import Broken, Unfit

DEFAULT: Final = "d5-v3-js2-p50"

type Row = tuple[tuple[int, float], ...]

_SHIPPED: Final = files("jalostamo.utilising.disclosure") / "noise_tables"
_ROUNDED: Final = 1e-6
"""What a file states of its rows is written with six decimals."""


@dataclass(frozen=True, slots=True)
class NoiseTable:
    """A noise table says how likely each noise is for a true count; a table that does not keep its own claims cannot exist.

    The claims: probabilities sum to one in whole keys, noise has no bias, variance and size are within the stated ones,
    nothing prints below zero or as 1 to `never`, and a true zero prints as zero.
    """

    id: str
    largest: int
    """No printed count is further than this from the true one."""
    variance: float
    """The variance of the noise of a large count, and a bound for the others."""
    never: int
    """Counts from 1 to this are never printed; 0 where any may be."""
    stay: float
    """How often a large count is printed as it is, at least; smaller ones that cannot reach the variance may be less often."""
    rows: tuple[Row, ...] = field(repr=False)
    """For a true count of n, row n, and for all larger ones the last: (noise, probability), ascending by noise."""

    def __post_init__(self) -> None:
        if self.largest < 0 or self.never < 0 or len(self.rows) <= last_row(self.largest, self.never):
            raise _unfit(self.id, "it has a row too few for its largest noise")
        if not 0 <= self.variance < math.inf:
            raise _unfit(self.id, "its variance is no number")
        _refuse_first(self.id, (_fault(self, n, row) for n, row in enumerate(self.rows)))
        if not dict(self.rows[-1]).get(0, 0.0) >= self.stay:
            raise _unfit(self.id, "it keeps fewer large counts as they are than it states")

    @property
    def digest(self) -> str:
        """SHA-256 of everything that the table says."""
        said = [self.id, KEY_SPACE, self.largest, float(self.variance), self.never, float(self.stay), self.rows]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()

    def printed(self, n: NDArray[np.int64], key: NDArray[np.int64]) -> NDArray[np.int64]:
        """What is printed for true counts and the keys of their cells: the first noise whose cumulated keys exceed the key.

        The same units have the same key, and so the same printed count, wherever they are counted.
        """
        true, keys = _whole(n, "counts"), _whole(key, "keys")
        if (keys >= KEY_SPACE).any():
            raise Broken(f"A cell's key is below {KEY_SPACE}.", reason="noise_lookup")
        # Each row cumulates to exactly the key space, so all rows one after another are one ascending line of edges.
        edges = np.cumsum([_keys(p) for row in self.rows for _, p in row], dtype=np.int64)
        noise = np.array([v for row in self.rows for v, _ in row], dtype=np.int64)
        place = np.minimum(true, len(self.rows) - 1) * KEY_SPACE + keys
        printed: NDArray[np.int64] = true + noise[np.searchsorted(edges, place, side="right")]
        return printed

    def distribution(self, n: int) -> Mapping[int, float]:
        """How likely each printed count is where the true one is n."""
        return {n + v: p for v, p in self._row(n)}

    def likelihood(self, printed: int) -> Mapping[int, float]:
        """How likely a printed count is under each true count that it may come from."""
        candidates = range(max(0, printed - self.largest), printed + self.largest + 1)
        found = {n: self.distribution(n).get(printed, 0.0) for n in candidates}
        return {n: p for n, p in found.items() if p > 0}

    def variance_of(self, n: int) -> float:
        """The variance of the noise where the true count is n; its mean is zero."""
        return sum(_keys(p) * v * v for v, p in self._row(n)) / KEY_SPACE

    def _row(self, n: int) -> Row:
        if n < 0:
            raise Broken("A count is not negative.", reason="noise_lookup")
        return self.rows[min(n, len(self.rows) - 1)]


def last_row(largest: int, never: int) -> int:
    """The smallest count whose noise is that of all larger ones: from there, nothing it may print is near zero."""
    return largest + never + 1 if never else largest


@cache
def noise_table(named: str = DEFAULT) -> NoiseTable:
    """Read a shipped noise table by its name, such as d5-v3-js2-p50: D 5, variance 3, 1 and 2 never printed, stay 0.50."""
    if named not in shipped_tables():
        raise Unfit(
            f"There is no such noise table; there are {', '.join(shipped_tables())}.", reason="noise_table_unknown"
        )
    return table_from((_SHIPPED / f"{named}.json").read_text(encoding="utf-8"), named=named)


@cache
def shipped_tables() -> tuple[str, ...]:
    """The names of all shipped noise tables, in alphabetical order."""
    return tuple(
        sorted(found.name.removesuffix(".json") for found in _SHIPPED.iterdir() if found.name.endswith("json"))
    )


def table_from(text: str, *, named: str) -> NoiseTable:
    """A noise table from the text of its file; refused where a row's stated moments are not those of its probabilities."""
    try:
        written = TypeAdapter(_Written).validate_json(text, strict=True)
    except ValidationError as error:
        raise _unfit(named, f"{error.error_count()} of its fields are missing, unknown or of another kind") from None
    if written.id != named or [row.n for row in written.rows] != list(range(len(written.rows))):
        raise _unfit(named, "it has another name, or its rows are not in order")
    _refuse_first(named, (_misstated(row, written.stay) for row in written.rows))
    rows = tuple(tuple(zip(row.noise, row.p, strict=True)) for row in written.rows)
    return NoiseTable(written.id, written.largest, written.variance, written.never, written.stay, rows)


def moments(noise: Sequence[int], p: Sequence[float]) -> Mapping[str, float]:
    """What a row's file states of it: mean, variance, the probability of no noise, and the entropy in bits."""
    v, share = np.array(noise, dtype=float), np.array(p, dtype=float)
    return {
        "mean": float(share @ v),
        "variance": float(share @ v**2),
        "unchanged": float(share[v == 0].sum()),
        "entropy": float(-(share @ np.log2(share))) + 0.0,
    }


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class _WrittenRow:
    n: int
    stay: float
    mean: float
    variance: float
    unchanged: float
    entropy: float
    noise: tuple[int, ...]
    p: tuple[float, ...]


@with_config(ConfigDict(extra="forbid"))
@dataclass(frozen=True, slots=True)
class _Written:
    id: str
    method: str
    largest: int
    variance: float
    never: int
    stay: float
    rows: tuple[_WrittenRow, ...]


def _misstated(row: _WrittenRow, stay: float) -> str | None:
    if len(row.noise) != len(row.p) or not all(0 < p <= 1 for p in row.p):
        return "it does not give each noise a probability"
    for name, found in moments(row.noise, row.p).items():
        if not abs(getattr(row, name) - found) <= _ROUNDED:
            return f"its {name} is not the one it states"
    if 0 in row.noise:
        rising = row.p[: row.noise.index(0) + 1]
        if list(rising) != sorted(rising):
            return "its probabilities fall on the way to no noise"
        if (row.n and row.stay > stay) or not row.p[row.noise.index(0)] >= row.stay:
            return "it keeps fewer counts as they are than it states"
    return None


def _fault(table: NoiseTable, n: int, row: Row) -> str | None:
    noise, keys = [v for v, _ in row], [_keys(p) for _, p in row]
    if noise != sorted(set(noise)) or any(abs(v) > table.largest for v in noise):
        return "its noise is not ascending, or larger than stated"
    # That a true zero prints as zero follows: of noise without bias that never goes below it, there is but one.
    if any(n + v < 0 or 1 <= n + v <= table.never for v in noise):
        return "it prints what is never printed"
    if min(keys, default=0) < 1 or any(abs(p * KEY_SPACE - k) > _ROUNDED for (_, p), k in zip(row, keys, strict=True)):
        return "a probability is not a whole number of keys"
    if sum(keys) != KEY_SPACE:
        return "its probabilities do not sum to one"
    if sum(k * v for v, k in zip(noise, keys, strict=True)) != 0:
        return "its noise has a bias"
    # A variance with decimals is no exact number of keys.
    if sum(k * v * v for v, k in zip(noise, keys, strict=True)) > table.variance * KEY_SPACE + _ROUNDED:
        return "its noise varies more than stated"
    return None


def _keys(p: float) -> int:
    """How many of all keys a probability is; for what is no probability at all, none."""
    return round(p * KEY_SPACE) if 0 < p <= 1 else 0


def _whole(numbers: NDArray[np.int64], what: str) -> NDArray[np.int64]:
    given = np.asarray(numbers)
    if given.dtype.kind not in "iu" or (given.astype(np.int64) < 0).any():
        raise Broken(f"The noise is looked up by {what} that are whole and not negative.", reason="noise_lookup")
    return given.astype(np.int64)


def _refuse_first(named: str, faults: Iterable[str | None]) -> None:
    """Refuse a table at the first of its rows that has a fault; `faults` are by row, from row 0 up."""
    for n, fault in enumerate(faults):
        if fault:
            raise _unfit(named, f"row {n}: {fault}")


def _unfit(named: str, fault: str) -> Unfit:
    return Unfit(f"The noise table {named} is not what it says: {fault}.", reason="noise_table_claims")

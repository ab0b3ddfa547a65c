"""Identities of cells: who is counted in a cell, told by the definition alone, so that one cell under two names is one.

Two cells with the same identity hold the same units whatever the data; cells of other identities may still do so by chance.

Handbook 2.3 (repeatability).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jalostamo.permits.contents import canonical
from jalostamo.producing.cubes.definition import ON_A_GRID, TOTAL, CubeDefinition, Dimension, Filter, Measure

ROWS_KINDS: Final = ("units", "events")
"""The kinds that count the units with a row in the cell; each of the others asks more of a row."""

_OTHER: Final = "\0other than "
_MISSING: Final = "\0missing"

type Sets = Mapping[str, frozenset[str]]
"""By field, the recorded values that a row may have; a field that is not named may have any."""


def lanes_of(definition: CubeDefinition, cells: pa.Table) -> NDArray[np.uint64]:
    """The identity of each cell: 128 bits, in two columns.

    A sum of one number per condition, so that the order of conditions makes no difference, nor one that says nothing new.
    """
    lanes = np.zeros((cells.num_rows, 2), dtype=np.uint64)
    for measure in definition.measures:
        here = pc.equal(cells["measure"], measure.name).to_numpy(zero_copy_only=False)
        if here.any():
            lanes[here] = _lanes(definition, measure, cells.filter(pa.array(here)))
    return lanes


def counted_by(definition: CubeDefinition, measure: Measure, at: str) -> tuple[object, ...]:
    """What must be alike for two cells to count the same units where their conditions are the same."""
    if measure.kind in ROWS_KINDS:
        return ("rows", *of_whom(definition, measure))
    point = repr(float(at)) if at and measure.kind in ON_A_GRID else at
    return (measure.kind, measure.of, point, *of_whom(definition, measure))


def sets_of(definition: CubeDefinition, measure: Measure) -> dict[str, frozenset[str]]:
    """The conditions that every cell of a measure has: the cube's filters and its own."""
    return narrowed({}, [*definition.filters, *measure.where])


def narrowed(sets: Sets, filters: Iterable[Filter]) -> dict[str, frozenset[str]]:
    """Conditions with further filters; two on one field let through what both do."""
    found = dict(sets)
    for each in filters:
        values = frozenset(str(value) for value in each.values)
        found[each.field] = found.get(each.field, values) & values
    return found


def values_by_code(dimension: Dimension, base: frozenset[str] | None = None) -> dict[str, frozenset[str]]:
    """What each code of each shown level stands for: recorded values, of those in `base` where it is given.

    A word that is no value stands for all values that the dimension does not list, and one for none at all.
    """
    listed = frozenset(dimension.values)
    others = frozenset({f"{_OTHER}{_hexadecimal(sorted(listed))}"}) if base is None else base - listed
    nothing = frozenset({_MISSING}) if base is None else frozenset[str]()
    found: dict[str, set[str]] = {code: set() for code in dimension.codes}
    finest = [*((code, {value}) for value, code in dimension.values.items() if base is None or value in base)]
    finest += [(code, set(words)) for code, words in ((dimension.other, others), (dimension.missing, nothing)) if code]
    for code, words in finest:
        for coarser in {dimension.at(code, level) for level in range(len(dimension.levels))} - {None}:
            found[str(coarser)] |= words
    return {code: frozenset(words) for code, words in found.items()}


def of_whom(definition: CubeDefinition, measure: Measure) -> tuple[str, ...]:
    """What must be alike for two measures to be able to count the same units: population, unit, table and period."""
    days = str(definition.first_day), str(definition.last_day)
    return definition.population, str(definition.unit), measure.table, *days


def _lanes(definition: CubeDefinition, measure: Measure, cells: pa.Table) -> NDArray[np.uint64]:
    base = sets_of(definition, measure)
    start = _sum_of(_condition(field, values) for field, values in base.items())
    lanes = np.tile(start, (cells.num_rows, 1))
    lanes += _by_word(cells["at"], lambda at: _number(counted_by(definition, measure, at)))
    for dimension in definition.dimensions:
        lanes += _by_word(cells[dimension.name], _added_by(dimension, base.get(dimension.field)))
    return lanes


def _added_by(dimension: Dimension, base: frozenset[str] | None) -> Callable[[str], NDArray[np.uint64]]:
    """What a code adds: the condition that it leaves of its field, in place of the one that stood before."""
    values = values_by_code(dimension, base)
    nothing = np.zeros(2, dtype=np.uint64)
    before = nothing if base is None else _condition(dimension.field, base)

    def added(code: str) -> NDArray[np.uint64]:
        if code == TOTAL or values[code] == base:
            return nothing
        return _condition(dimension.field, values[code]) - before

    return added


def _by_word(column: pa.ChunkedArray, number: Callable[[str], NDArray[np.uint64]]) -> NDArray[np.uint64]:
    encoded = column.combine_chunks().dictionary_encode()
    numbers = np.array([number(word) for word in encoded.dictionary.to_pylist()], dtype=np.uint64).reshape(-1, 2)
    found: NDArray[np.uint64] = numbers[encoded.indices.to_numpy()]
    return found


def _condition(field: str, values: frozenset[str]) -> NDArray[np.uint64]:
    return _number(["field", field, sorted(values)])


def _number(told: Sequence[object]) -> NDArray[np.uint64]:
    return np.frombuffer(bytes.fromhex(_hexadecimal(told)), dtype="<u8").astype(np.uint64)


def _hexadecimal(told: Sequence[object]) -> str:
    return hashlib.blake2b(canonical({"told": list(told)}), digest_size=16).hexdigest()


def _sum_of(numbers: Iterable[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    total = np.zeros(2, dtype=np.uint64)
    for number in numbers:
        total += number
    return total

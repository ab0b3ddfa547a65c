"""Printed cubes: the cells as anyone may see them, with the public facts about them; true values stay behind the gate.

Handbook 2.3 (means of publishing the data by role) and 2.6, phase 8.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.errors import Broken, Misused, Unfit
from jalostamo.concepts.languages import Text
from jalostamo.producing.cubes.counted import TOTAL
from jalostamo.producing.cubes.definition import CubeDefinition, Dimension, Filter, Measure
from jalostamo.utilising.disclosure.classes import ClassDisclosure, class_disclosures
from jalostamo.utilising.disclosure.noise import NoiseTable
from jalostamo.utilising.disclosure.rules import Rule

STATUSES: Final = ("printed", "structural", "hidden")
"""Shown as it is; impossible by definition; an amount that the rule hides (its printed units are shown)."""

WITH_AMOUNTS: Final = ("events", "sum")
"""The kinds of measure whose cells have an amount beside their units."""

_GATE: Final = object()
_MOST_CELLS: Final = 2**62


@dataclass(frozen=True, slots=True, eq=False)
class CellIndex:
    """An index finds a cell by its words: each column's words in order, and one ascending whole number per cell."""

    words: tuple[Mapping[str, int], ...]
    keys: NDArray[np.int64]

    def place(self, words: Sequence[str]) -> int | None:
        """The row of a cell, if there is one."""
        key = 0
        for word, ranks in zip(words, self.words, strict=True):
            if word not in ranks:
                return None
            key = key * len(ranks) + ranks[word]
        at = int(np.searchsorted(self.keys, key))
        return at if at < len(self.keys) and self.keys[at] == key else None


@dataclass(frozen=True, slots=True, eq=False)
class PrintedContent:
    """The content of a printed cube: what its file holds, checked in itself but vouched for by nobody yet.

    `cells`: measure, at, one column per dimension, printed, amount, status, in the order of their words. `series` names
    the record keys; None where they were destroyed after this one cube.
    """

    definition: CubeDefinition
    noise: NoiseTable
    rule: Rule
    series: str | None
    units_printed: int
    cells: pa.Table
    index: CellIndex = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.cells.schema != schema_of(self.definition):
            raise _unfit("its columns are not those of its definition")
        object.__setattr__(self, "index", index_of(self.cells, word_columns(self.definition)))
        _check_words(self.definition, self.cells, self.index)
        _check_numbers(self)

    @property
    def hidden(self) -> dict[str, int]:
        """How many amounts of each measure the rule hid."""
        hidden = self.cells.filter(pc.equal(self.cells["status"], "hidden"))
        return dict(sorted(Counter(hidden["measure"].to_pylist()).items()))

    def count(self, measure: str, at: str = "", **coordinates: str) -> int | None:
        """The printed units of a cell; None where the cell is impossible by definition."""
        return self.value("printed", measure, at, coordinates)  # type: ignore[return-value]  # the column is of int64

    def value(self, column: str, measure: str, at: str, coordinates: Mapping[str, str]) -> object:
        """What a column holds for a cell; a dimension that is not named is taken in total."""
        place = self.index.place(self._words(measure, at, coordinates))
        if place is None:
            raise Misused(
                "The cube has no such cell: name a measure, and a code of each dimension that the measure is told by.",
                reason="cell_unknown",
            )
        return self.cells[column][place].as_py()

    def _words(self, measure: str, at: str, coordinates: Mapping[str, str]) -> list[str]:
        names = [dimension.name for dimension in self.definition.dimensions]
        if coordinates.keys() - set(names):
            raise Misused(
                f"The cube has no such dimension; it has {', '.join(names) or 'none'}.", reason="dimension_unknown"
            )
        return [measure, at, *(coordinates.get(name, TOTAL) for name in names)]


@dataclass(frozen=True, slots=True, eq=False)
class PrintedCube:
    """A printed cube is all that leaves of a counted one; the gate alone makes it.

    `digest` is that of its file.
    """

    content: PrintedContent
    digest: str
    gate: InitVar[object]

    def __post_init__(self, gate: object) -> None:
        if gate is not _GATE:
            raise Broken("A printed cube comes out of the gate alone.", reason="gate_passed_by")

    @property
    def flags(self) -> tuple[ClassDisclosure, ...]:
        """The groups that fall in one class of a sensitive dimension as a whole, which a person has to judge."""
        sensitive = [dimension.name for dimension in self.dimensions if dimension.sensitive]
        return class_disclosures(self.cells, self.dimensions, sensitive=sensitive, least=self.rule.least)

    @property
    def name(self) -> str:
        """The name of the definition."""
        return self.content.definition.name

    @property
    def title(self) -> Text:
        """What the cube tells of."""
        return self.content.definition.title

    @property
    def population(self) -> str:
        """Of whom the units are, by the name that definitions use."""
        return self.content.definition.population

    @property
    def unit(self) -> CustomerKind:
        """What is counted, and protected."""
        return self.content.definition.unit

    @property
    def period(self) -> tuple[str, str]:
        """The first and the last day, in ISO 8601."""
        return str(self.content.definition.first_day), str(self.content.definition.last_day)

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """By what the cells are told apart."""
        return self.content.definition.dimensions

    @property
    def filters(self) -> tuple[Filter, ...]:
        """What was left out before counting."""
        return self.content.definition.filters

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What is counted."""
        return self.content.definition.measures

    @property
    def definition(self) -> CubeDefinition:
        """The frozen definition; it holds nothing of the data."""
        return self.content.definition

    @property
    def noise(self) -> NoiseTable:
        """The table of the noise: its parameters are public."""
        return self.content.noise

    @property
    def rule(self) -> Rule:
        """The rule that the cells were printed under."""
        return self.content.rule

    @property
    def series(self) -> str | None:
        """The public mark of the record keys; None where they were destroyed after this cube."""
        return self.content.series

    @property
    def cells(self) -> pa.Table:
        """All cells and margins: measure, at, a column per dimension, printed, amount, status."""
        return self.content.cells

    @property
    def units_printed(self) -> int:
        """The units of the whole cube, as printed."""
        return self.content.units_printed

    def count(self, measure: str, at: str = "", **coordinates: str) -> int | None:
        """The printed units of a cell; None where the cell is impossible by definition."""
        return self.content.count(measure, at, **coordinates)


def word_columns(definition: CubeDefinition) -> list[str]:
    """The columns that name a cell."""
    return ["measure", "at", *(dimension.name for dimension in definition.dimensions)]


def schema_of(definition: CubeDefinition) -> pa.Schema:
    """The columns of a printed cube."""
    words = [pa.field(name, pa.string(), nullable=False) for name in word_columns(definition)]
    numbers = [pa.field("printed", pa.int64()), pa.field("amount", pa.float64())]
    return pa.schema([*words, *numbers, pa.field("status", pa.string(), nullable=False)])


def index_of(cells: pa.Table, columns: Sequence[str]) -> CellIndex:
    """Index cells; they stand in the order of their words, and none twice."""
    words, keys = keys_of(cells, columns)
    if np.any(np.diff(keys) <= 0):
        raise _unfit("its cells are out of order, or one stands there twice")
    return CellIndex(words, keys)


def keys_of(cells: pa.Table, columns: Sequence[str]) -> tuple[tuple[Mapping[str, int], ...], NDArray[np.int64]]:
    """One whole number for each row's words, ascending as the words do, and the ranks that it is made of."""
    words: list[Mapping[str, int]] = []
    keys = np.zeros(cells.num_rows, dtype=np.int64)
    most = 1
    for name in columns:
        encoded = cells[name].combine_chunks().dictionary_encode()
        found = encoded.dictionary.to_pylist()
        if None in found or encoded.null_count:
            raise _unfit("a cell is not named in full")
        ranks = {word: rank for rank, word in enumerate(sorted(found))}
        most *= max(len(ranks), 1)
        if most > _MOST_CELLS:
            raise _unfit("it has more cells than can be told apart")
        rank_of = np.array([ranks[word] for word in found], dtype=np.int64)
        keys = keys * len(ranks) + (rank_of[encoded.indices.to_numpy()] if len(ranks) else 0)
        words.append(ranks)
    return tuple(words), keys


def _check_words(definition: CubeDefinition, cells: pa.Table, index: CellIndex) -> None:
    places = {(measure.name, place) for measure in definition.measures for place in measure.places}
    pairs = cells.group_by(["measure", "at"]).aggregate([])
    if set(zip(pairs["measure"].to_pylist(), pairs["at"].to_pylist(), strict=True)) != places:
        raise _unfit("its measures and their grids are not those of its definition")
    for dimension, found in zip(definition.dimensions, index.words[2:], strict=True):
        if found.keys() - {*dimension.codes, TOTAL}:
            raise _unfit("it has a code that its definition lacks")
    for measure in definition.measures:
        _check_whole(definition, measure, cells.filter(pc.equal(cells["measure"], measure.name)))


def _check_whole(definition: CubeDefinition, measure: Measure, cells: pa.Table) -> None:
    """All cells of a measure are there, so that their number tells nothing; a dimension that it is not told by is in total."""
    expected = len(measure.places)
    for dimension in definition.dimensions:
        found = len(cells[dimension.name].unique())
        if found not in {1, len(dimension.codes) + 1}:
            raise _unfit("some of its cells are missing")
        expected *= found
    if expected != cells.num_rows:
        raise _unfit("some of its cells are missing")


def _check_numbers(content: PrintedContent) -> None:
    """Look at what no gate lets through: a count of 1 to js, a negative one, an amount where there can be none."""
    cells, kinds = content.cells, {measure.name: measure.kind for measure in content.definition.measures}
    printed = cells["printed"].combine_chunks()
    counts = printed.fill_null(0).to_numpy(zero_copy_only=False)
    if np.any(counts < 0) or content.units_printed < 0:
        raise _unfit("it has a negative count")
    if np.any((counts >= 1) & (counts <= content.noise.never)) or 1 <= content.units_printed <= content.noise.never:
        raise _unfit(f"it has a count of 1 to {content.noise.never}, which is never printed")
    if set(cells["status"].unique().to_pylist()) - set(STATUSES):
        raise _unfit("it has a cell of a status that is not known")
    if not _all(pc.equal(pc.is_null(printed), pc.equal(cells["status"], "structural"))):
        raise _unfit("a count is missing where there is one, or stands where there is none")
    amounts = [name for name, kind in kinds.items() if kind in WITH_AMOUNTS]
    may = pc.and_(pc.is_in(cells["measure"], pa.array(amounts, pa.string())), pc.equal(cells["status"], "printed"))
    if not _all(pc.equal(pc.is_valid(cells["amount"]), may)) or not _finite(cells["amount"]):
        raise _unfit("an amount is missing where there is one, or stands where there is none")


def _all(true: pa.ChunkedArray | pa.Array) -> bool:
    return bool(pc.all(true, skip_nulls=False, min_count=0).as_py())


def _finite(amounts: pa.ChunkedArray) -> bool:
    return bool(np.isfinite(amounts.combine_chunks().fill_null(0.0).to_numpy(zero_copy_only=False)).all())


def _unfit(found: str) -> Unfit:
    return Unfit(f"This is no printed cube: {found}.", reason="printed_form")

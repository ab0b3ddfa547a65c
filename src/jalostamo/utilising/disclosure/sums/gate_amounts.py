"""The amounts of a counted cube at the gate: which may be shown, and which others are hidden to protect those that may not.

The forms of amounts are asked for one measure at a time; nothing is decided here but what is handed to them.

Handbook 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from jalostamo.concepts.errors import Objection, Refused
from jalostamo.producing.cubes.definition import CubeDefinition, Measure
from jalostamo.utilising.disclosure.ledger.refusals import SECTION
from jalostamo.utilising.disclosure.printed import WITH_AMOUNTS
from jalostamo.utilising.disclosure.sums.amounts import bases, printed_amounts
from jalostamo.utilising.disclosure.sums.lines import AmountCells, lines_of, protected_lines

if TYPE_CHECKING:
    from jalostamo.utilising.disclosure.rules import Rule

MOST_AUDITED: Final = 250_000
"""Hidden amounts times cells of a measure that the audit by linear programmes is run for: some five seconds on one core."""


@dataclass(frozen=True, slots=True)
class ShownAmounts:
    """The amounts that may be shown, NaN for all others, and the cells whose amount is hidden.

    No hidden amount can be told from the shown ones by subtraction: what cannot be audited is not shown.
    """

    values: NDArray[np.float64]
    hidden: NDArray[np.bool_]


def shown_amounts(definition: CubeDefinition, cells: pa.Table, printed: NDArray[np.int64], rule: Rule) -> ShownAmounts:
    """The amounts of events and sums; impossible cells have none."""
    values, hidden = np.full(cells.num_rows, np.nan), np.zeros(cells.num_rows, dtype=bool)
    for measure in (measure for measure in definition.measures if measure.kind in WITH_AMOUNTS):
        here = pc.equal(cells["measure"], measure.name).to_numpy() & ~cells["structural"].to_numpy()
        own = cells.filter(pa.array(here))
        found, concealed = _of_measure(definition, measure, own, printed[here], rule)
        values[here], hidden[here] = found, concealed
    return ShownAmounts(values, hidden)


def _of_measure(
    definition: CubeDefinition, measure: Measure, cells: pa.Table, printed: NDArray[np.int64], rule: Rule
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    events = measure.kind == "events"
    total, largest, second = (_numbers(cells, name) for name in ("events" if events else "amount", "largest", "second"))
    negative = cells["negative"].fill_null(False).combine_chunks().to_numpy(zero_copy_only=False)
    found, hidden = printed_amounts(printed, total, largest, second, negative, rule=rule, events=events)
    if int(hidden.sum()) * len(hidden) > MOST_AUDITED:
        sentence = (
            f"Measure '{measure.name}' has amounts to hide in {len(hidden):,} cells, too many to prove that none of them can be "
            "told by subtraction: print its amounts in a cube of fewer or coarser dimensions."
        )
        raise Refused([Objection(sentence, SECTION)], reason="amounts_unaudited")
    if hidden.any():
        true = AmountCells(total, largest, second, negative, bases(total, rule=rule, events=events))
        words = [cells[dimension.name].to_pylist() for dimension in definition.dimensions]
        coordinates: Sequence[tuple[str, ...]] = list(zip(*words, strict=True)) or [()] * cells.num_rows
        lines = lines_of(coordinates, [dimension.parents for dimension in definition.dimensions])
        hidden = protected_lines(true, hidden, lines=lines, rule=rule)
    return np.where(hidden, np.nan, found), hidden


def _numbers(cells: pa.Table, name: str) -> NDArray[np.float64]:
    numbers: NDArray[np.float64] = cells[name].cast(pa.float64()).fill_null(0.0).combine_chunks().to_numpy()
    return numbers

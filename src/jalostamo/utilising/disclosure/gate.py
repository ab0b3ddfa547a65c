"""The gate: true values exist before it, printed ones after it, and nothing carries both.

Every cell and margin is looked up by its own key, so that the same units print the same number everywhere; none is added
up from others. What is decided here about a cube as a whole is decided on printed numbers.

Handbook 2.3 (means of publishing the data by role) and 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from jalostamo.concepts.errors import Broken, Misused, Objection, Refused, Unfit
from jalostamo.producing.cubes.counted import CountedCube
from jalostamo.producing.cubes.counted import schema_of as counted_schema
from jalostamo.producing.cubes.definition import CubeDefinition
from jalostamo.producing.cubes.sizes import thin_objections
from jalostamo.utilising.disclosure.files import decoded, digest_of_file
from jalostamo.utilising.disclosure.ledger.refusals import SECTION
from jalostamo.utilising.disclosure.noise import KEY_SPACE, NoiseTable
from jalostamo.utilising.disclosure.noise_left import refuse_little_left
from jalostamo.utilising.disclosure.printed import (
    _GATE,
    WITH_AMOUNTS,
    PrintedContent,
    PrintedCube,
    keys_of,
    schema_of,
    word_columns,
)
from jalostamo.utilising.disclosure.rules import Rule
from jalostamo.utilising.disclosure.sums.gate_amounts import shown_amounts

if TYPE_CHECKING:
    from jalostamo.producing.cubes.differences import Difference
    from jalostamo.utilising.disclosure.ledger.ledger import Ledger


def disclose(
    counted: CountedCube,
    *,
    rule: Rule,
    noise: NoiseTable,
    ledger: Ledger,
    series: str | None,
    differences: Sequence[Difference] = (),
    source: str | None = None,
) -> PrintedCube:
    """Print a counted cube under a rule, and enter it in the ledger: the only way to a printed cube out of counts.

    `series` is the public mark of the record keys, None where they are destroyed after this cube. `source` is the digest of
    the counted data, by which the ledger tells a refreshed cell from a wrong one. A group that falls in one class of a
    sensitive dimension as a whole is flagged for review, judged by printed numbers.
    """
    _refuse_asked(counted.definition, rule, noise)
    cells = _printed_cells(counted, rule, noise)
    content = PrintedContent(
        definition=counted.definition,
        noise=noise,
        rule=rule,
        series=series,
        units_printed=_units(counted, noise),
        cells=cells,
    )
    _refuse_thin(content)
    digest = ledger.admit(content, source=source, differences=differences)
    return PrintedCube(content, digest, _GATE)


def open_printed(path: Path, *, digest: str | None = None) -> PrintedCube:
    """Read a printed cube from its file; `digest` is what a manifest or the ledger says of it."""
    try:
        written = path.read_bytes()
    except FileNotFoundError:
        raise Misused(f"{path.name} is missing: name a file of a printed cube.", reason="file_missing") from None
    except OSError as error:
        raise Misused(f"{path.name} cannot be read: {error.strerror}.", reason="file_unreadable") from None
    found = digest_of_file(written)
    if digest is not None and found != digest:
        raise Unfit(f"{path.name} is not the file that was admitted.", reason="printed_changed")
    return PrintedCube(decoded(written), found, _GATE)


def _refuse_asked(definition: CubeDefinition, rule: Rule, noise: NoiseTable) -> None:
    found = []
    if definition.noise != noise.id:
        found.append(
            f"The definition names noise table {definition.noise}, and {noise.id} is at hand: use the one it names."
        )
    if len(definition.dimensions) > rule.most_dimensions:
        found.append(
            f"The cube has {len(definition.dimensions)} dimensions, and rule '{rule.id}' allows {rule.most_dimensions}: "
            "leave some out."
        )
    if found:
        raise Refused([Objection(sentence, SECTION) for sentence in found], reason="cube_asked")
    refuse_little_left(definition, noise, rule)


def _refuse_thin(content: PrintedContent) -> None:
    """Judge the cube by the printed total of its fullest measure: what is rare is told as part of a base that is not."""
    totals = [content.count(measure.name, at) or 0 for measure in content.definition.measures for at in measure.places]
    objections = thin_objections(content.definition, max(totals), mean_cell=content.rule.mean_cell)
    if objections:
        raise Refused(objections, reason="cube_thin")


def _units(counted: CountedCube, noise: NoiseTable) -> int:
    n, key = np.array([counted.units], dtype=np.int64), np.array([counted.units_key], dtype=np.int64)
    return int(noise.printed(n, key)[0])


def _printed_cells(counted: CountedCube, rule: Rule, noise: NoiseTable) -> pa.Table:
    """The cells in the order of their words, whatever order they were counted in, with printed numbers for true ones."""
    cells = _in_order(counted)
    n, key = cells["n"].to_numpy(), cells["key"].to_numpy()
    if np.any(n < 0) or np.any(key < 0) or np.any(key >= KEY_SPACE):
        raise Broken("A counted cube has a negative count, or a key outside the space of keys.", reason="counted_form")
    printed = noise.printed(n, key)
    structural = cells["structural"].to_numpy()
    # Amounts of units that print as nobody would be missing in the sums by which hidden amounts are audited.
    with_amounts = any(measure.kind in WITH_AMOUNTS for measure in counted.definition.measures)
    if np.any((n if with_amounts else printed)[structural] > 0):
        raise Unfit(
            "There are units where the definition says that there can be none: correct its structural zeros.",
            reason="structural_zero_filled",
        )
    amounts = shown_amounts(counted.definition, cells, printed, rule)
    status = np.where(structural, "structural", np.where(amounts.hidden, "hidden", "printed"))
    numbers = {
        "printed": pa.array(printed, mask=structural),
        "amount": pa.array(amounts.values, mask=np.isnan(amounts.values)),
        "status": pa.array(status, pa.string()),
    }
    schema = schema_of(counted.definition)
    words = {name: cells[name].combine_chunks() for name in word_columns(counted.definition)}
    return pa.table([{**words, **numbers}[name] for name in schema.names], schema=schema)


def _in_order(counted: CountedCube) -> pa.Table:
    if counted.cells.schema.names != counted_schema(counted.definition).names:
        raise Broken("A counted cube has other columns than its definition.", reason="counted_form")
    _, keys = keys_of(counted.cells, word_columns(counted.definition))
    order = np.argsort(keys, kind="stable")
    if np.any(np.diff(keys[order]) == 0):
        raise Broken("A counted cube has a cell twice.", reason="counted_form")
    return counted.cells.take(pa.array(order)).combine_chunks()

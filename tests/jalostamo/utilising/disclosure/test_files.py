"""Files of printed cubes: the same cube the same bytes, nothing of what is hidden in them, and strict reading."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
from tests.jalostamo.utilising.disclosure.conftest import Disclosing
from tests.jalostamo.utilising.disclosure.sample_cubes import MONEY, RESIDENTS, Town, definition

from jalostamo.concepts.errors import JalostamoError, Misused, Unfit
from jalostamo.producing.cubes.counted import CountedCube
from jalostamo.utilising.disclosure.files import encoded, write_printed
from jalostamo.utilising.disclosure.gate import open_printed
from jalostamo.utilising.disclosure.ledger.ledger import Ledger
from jalostamo.utilising.disclosure.printed import PrintedCube

KEY = b"jalostamo"


def test_a_cube_reads_back_from_its_file(printed: PrintedCube, tmp_path: Path) -> None:
    path = tmp_path / "cube.parquet"
    write_printed(printed, path)
    again = open_printed(path, digest=printed.digest)
    assert again.cells == printed.cells
    assert (again.definition, again.noise, again.rule) == (printed.definition, printed.noise, printed.rule)
    assert (again.series, again.units_printed, again.digest) == (printed.series, printed.units_printed, printed.digest)


@pytest.mark.parametrize("order", [1, 2])
def test_cells_counted_in_another_order_give_the_same_bytes(
    disclosing: Disclosing, counted: CountedCube, order: int
) -> None:
    shuffled = disclosing(Town().counted(definition(), shuffled=order))
    assert encoded(shuffled.content) == encoded(disclosing(counted).content)


def test_neither_bytes_nor_size_of_a_file_depend_on_what_is_hidden(tmp_path: Path, disclosing: Disclosing) -> None:
    asked = definition(measures=(RESIDENTS,))
    one = Town().counted(asked)
    other = emptied(one)
    assert one.cells["n"].to_pylist() != other.cells["n"].to_pylist()
    ledgers = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        ledgers.append(Ledger(tmp_path / name))
    files = [encoded(disclosing(cube, ledger=at).content) for cube, at in zip((one, other), ledgers, strict=True)]
    assert files[0] == files[1]


def test_a_file_that_carried_true_counts_would_differ() -> None:
    one = Town().counted(definition(measures=(RESIDENTS,)))
    files = []
    for cube in (one, emptied(one)):
        sink = pa.BufferOutputStream()
        pa.parquet.write_table(cube.cells, sink)
        files.append(sink.getvalue().to_pybytes())
    assert files[0] != files[1]


def emptied(counted: CountedCube) -> CountedCube:
    """The same cube with nobody in the cells whose one or two units print as none."""
    cells = counted.cells.to_pydict()
    few = np.array(cells["n"])
    prints_none = (few > 0) & (few <= 2) & (np.array(cells["key"]) < 40_000_000)
    assert prints_none.any()
    for name in ("n", "key"):
        cells[name] = np.where(prints_none, 0, cells[name]).tolist()
    return replace(counted, cells=pa.table(cells, schema=counted.cells.schema))


def test_a_file_is_never_written_over_another(printed: PrintedCube, tmp_path: Path) -> None:
    path = tmp_path / "cube.parquet"
    path.write_bytes(b"something")
    with pytest.raises(Misused):
        write_printed(printed, path)
    assert path.read_bytes() == b"something"


def test_a_file_changed_anywhere_is_refused(printed: PrintedCube, tmp_path: Path) -> None:
    written = encoded(printed.content)
    path = tmp_path / "cube.parquet"
    taken = []
    for place in range(0, len(written), max(len(written) // 150, 1)):
        path.write_bytes(written[:place] + bytes([written[place] ^ 1]) + written[place + 1 :])
        try:
            open_printed(path)
            taken.append(place)
        except JalostamoError:
            pass
    assert not taken


@pytest.mark.parametrize("cut", [0, 1, 100, -1])
def test_a_file_cut_short_is_refused(printed: PrintedCube, tmp_path: Path, cut: int) -> None:
    path = tmp_path / "cube.parquet"
    path.write_bytes(encoded(printed.content)[:cut])
    with pytest.raises(Unfit):
        open_printed(path)


def test_a_file_that_is_not_the_one_admitted_is_refused(printed: PrintedCube, tmp_path: Path) -> None:
    path = tmp_path / "cube.parquet"
    write_printed(printed, path)
    with pytest.raises(Unfit):
        open_printed(path, digest="0" * 64)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Misused, match=r"cube\.parquet is missing"):
        open_printed(tmp_path / "cube.parquet")


def test_a_parquet_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cube.parquet"
    pa.parquet.write_table(pa.table({"printed": [5]}), path)
    with pytest.raises(Unfit):
        open_printed(path)


type Change = Callable[[dict[str, object]], object]
CHANGES: dict[str, Change] = {
    "an unknown fact": lambda facts: facts.update(more=1),
    "a fact less": lambda facts: facts.pop("hidden"),
    "another format": lambda facts: facts.update(format="jalostamo printed cube 2"),
    "another rule": lambda facts: facts["rule"].update(least=1),  # type: ignore[attr-defined]
    "another noise": lambda facts: facts["noise"].update(digest="0" * 64),  # type: ignore[attr-defined]
    "an unknown noise": lambda facts: facts["noise"].update(id="d1"),  # type: ignore[attr-defined]
    "an unknown word in the definition": lambda facts: facts["definition"].update(more=1),  # type: ignore[attr-defined]
    "other units": lambda facts: facts.update(units_printed=2),
    "fewer hidden": lambda facts: facts.update(hidden={}),
    "another series": lambda facts: facts.update(series="series-2"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_facts_that_are_not_as_written_are_refused(printed: PrintedCube, tmp_path: Path, name: str) -> None:
    told = pa.parquet.ParquetFile(pa.BufferReader(encoded(printed.content))).metadata.metadata
    facts = json.loads(told[KEY])
    CHANGES[name](facts)
    path = tmp_path / "cube.parquet"
    forged(path, printed.cells, facts)
    with pytest.raises(Unfit):
        open_printed(path)


def test_cells_that_are_not_as_written_are_refused(printed: PrintedCube, tmp_path: Path) -> None:
    told = pa.parquet.ParquetFile(pa.BufferReader(encoded(printed.content))).metadata.metadata
    at = printed.cells.schema.get_field_index("printed")
    more = [None if n is None else n + 1 for n in printed.cells["printed"].to_pylist()]
    path = tmp_path / "cube.parquet"
    field = printed.cells.schema.field(at)
    forged(path, printed.cells.set_column(at, field, pa.array(more, field.type)), json.loads(told[KEY]))
    with pytest.raises(Unfit):
        open_printed(path)


def forged(path: Path, cells: pa.Table, facts: dict[str, object]) -> None:
    """Write a file as anyone could."""
    written = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    with pa.parquet.ParquetWriter(path, cells.schema, compression="zstd", store_schema=False) as writer:
        writer.write_table(cells)
        writer.add_key_value_metadata({KEY: written})


def test_the_file_tells_its_public_facts_and_what_was_hidden(printed: PrintedCube) -> None:
    told = pa.parquet.ParquetFile(pa.BufferReader(encoded(printed.content))).metadata.metadata
    facts = json.loads(told[KEY])
    assert (facts["noise"]["largest"], facts["noise"]["variance"], facts["noise"]["never"]) == (5, 3.0, 2)
    assert (facts["rule"]["least"], facts["definition"]["population"]) == (10, "residents")
    hidden = printed.cells.filter(pa.compute.equal(printed.cells["status"], "hidden"))
    assert facts["hidden"] == {m: hidden["measure"].to_pylist().count(m) for m in (MONEY.name, "visits")}

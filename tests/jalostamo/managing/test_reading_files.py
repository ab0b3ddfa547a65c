"""A file that cannot be read as declared is refused in one sentence, which tells no value of it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet
import pytest
from tests.jalostamo.managing.bad_files import BAD_FILES, BAD_PARQUET, Refused
from tests.jalostamo.managing.delivered import SECRET, field, loaded, read, sentences, table, told

from jalostamo.concepts.errors import Misused, Unfit
from jalostamo.concepts.registers import FieldType
from jalostamo.engine.connection import Engine, open_engine
from jalostamo.managing.reading import read_table


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An embedded engine."""
    with open_engine(workspace=tmp_path_factory.mktemp("engine")) as opened:
        yield opened


@pytest.mark.parametrize("case", BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_is_refused_without_its_values(case: Refused, engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(case.error) as refused:
        read(engine, table(**case.writing), case.data, tmp_path)
    assert refused.value.reason == case.reason
    assert all(part in refused.value.sentence for part in case.parts), refused.value.sentence
    assert SECRET not in str(refused.value)
    assert SECRET[:4] not in refused.value.sentence
    assert refused.value.__cause__ is None


def test_nothing_of_a_file_stays_in_the_workspace(engine: Engine, tmp_path: Path) -> None:
    read(engine, table(encoding="iso-8859-1"), "id,name\n1,Salainen ä\n", tmp_path)
    with pytest.raises(Unfit):
        read(engine, table(encoding="cp1252"), b"id,name\n1,Salainen \x81\n", tmp_path)
    assert [path for path in engine.workspace.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("format_", ["csv", "parquet"])
@pytest.mark.parametrize("instead", ["nothing", "folder"])
def test_a_missing_file_is_misuse(instead: str, format_: str, engine: Engine, tmp_path: Path) -> None:
    declared = table(format=format_)
    if instead == "folder":
        (tmp_path / declared.file).mkdir()
    with pytest.raises(Misused, match=f"{declared.file} is missing: expected it in the folder") as refused:
        read_table(engine, declared, tmp_path, code_lists={})
    assert refused.value.reason == "file_missing"


@pytest.mark.skipif(os.geteuid() != 0, reason="only the administrator can read as somebody else")
def test_a_file_that_may_not_be_read_is_misuse() -> None:
    script = (
        "import os, sys\nfrom pathlib import Path\n"
        "from jalostamo.concepts.errors import Misused\nfrom jalostamo.concepts.writings import Writing\n"
        "from jalostamo.engine.columnar import parquet_header\n"
        "from jalostamo.engine.intake import header_of\n"
        "os.setuid(65534)\n"
        "for reader in (header_of, lambda path, _: parquet_header(path, kept=[])):\n"
        "    try:\n        reader(Path(sys.argv[1]), Writing())\n"
        "    except Misused as misused:\n        print(misused.reason, misused.sentence)\n"
    )
    with TemporaryDirectory() as folder:
        path = Path(folder) / "persons.csv"
        path.write_bytes(b"id,name\n1,Salainen\n")
        path.chmod(0o600)
        Path(folder).chmod(0o711)
        done = subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True, text=True, check=False)
    expected = "file_unreadable persons.csv cannot be read: check its permissions."
    assert done.stdout.splitlines() == [expected] * 2, done.stderr


def parquet_file(name: str) -> bytes:
    """A Parquet file that is not as it should be."""
    names = [f"{SECRET} {number}" for number in range(2000)]
    columns: dict[str, list[object]] = {
        "a column less": [pa.array([1]), pa.array([SECRET])],
        "no column": [pa.array([1]), pa.array([SECRET])],
        "a column twice": [pa.array([1]), pa.array([SECRET]), pa.array([SECRET])],
        "lists": [pa.array([1]), pa.array([[SECRET]])],
        "bytes": [pa.array([1]), pa.array([SECRET.encode()])],
    }
    headers = {"a column less": ["id", "nimi"], "no column": ["a", "b"], "a column twice": ["id", "name", "name"]}
    written = io.BytesIO()
    arrays = columns.get(name, [pa.array(range(2000)), pa.array(names)])
    pyarrow.parquet.write_table(pa.table(arrays, names=headers.get(name, ["id", "name"])), written, compression="zstd")
    whole = written.getvalue()
    # A page that still unpacks may be wrong unseen; this one does not.
    noise = whole[:40] + b"\xff" * (len(whole) // 2) + whole[40 + len(whole) // 2 :]
    return {"nothing": b"", "text": b"id,name\n", "half of it": whole[: len(whole) // 2], "a page of noise": noise}.get(
        name, whole
    )


@pytest.mark.parametrize(("name", "expected"), BAD_PARQUET.items(), ids=BAD_PARQUET)
def test_a_bad_parquet_file_is_refused_without_its_values(
    name: str, expected: tuple[str, str], engine: Engine, tmp_path: Path
) -> None:
    with pytest.raises(Unfit) as refused:
        read(engine, table(format="parquet"), parquet_file(name), tmp_path)
    reason, part = expected
    assert refused.value.reason == reason
    assert part in refused.value.sentence
    assert SECRET not in str(refused.value)


def test_parquet_is_read_as_its_description_says(engine: Engine, tmp_path: Path) -> None:
    written = pa.table(
        {"id": ["7", "x", None], "name": [SECRET, "", "b"], "more": [[1], [2], [3]], "NAME": ["0", "0", "0"]}
    )
    folder = tmp_path / "name=no"
    folder.mkdir()
    pyarrow.parquet.write_table(written, folder / "persons.parquet")
    declared = table(field("id", FieldType.INTEGER), field("name"), format="parquet", decimal_mark=",")
    reading = read_table(engine, declared, folder, code_lists={})
    assert loaded(engine, reading) == [{"id": 7, "name": SECRET}, {"id": None, "name": "b"}]
    assert told(reading) == [("not_integer", "id", 1, (2,))]
    assert sentences(reading) == "persons.parquet, row 2: column 'id' is not a whole number (1 record)."


def test_a_column_called_as_our_own_is_refused(engine: Engine, tmp_path: Path) -> None:
    declared = table(field("id"), field("number", column="Record_"))
    with pytest.raises(Unfit, match="'record_' cannot be read") as refused:
        read(engine, declared, "id,Record_\n1,2\n", tmp_path)
    assert refused.value.reason == "column_name"


@pytest.mark.parametrize(
    "file", ["persons[1].csv", "p*.csv", "p?rsons.csv", "sex=F/persons.csv", "c0=9/persons.csv", "o'a.csv"]
)
def test_a_files_name_is_read_to_the_letter(file: str, engine: Engine, tmp_path: Path) -> None:
    from dataclasses import replace

    for other in ("persons1.csv", "persons.csv"):
        (tmp_path / other).write_text(f"id,name\n2,{SECRET}\n")
    (tmp_path / file).parent.mkdir(exist_ok=True)
    reading = read(engine, replace(table(), file=file), "id,name\n1,a\n", tmp_path)
    assert loaded(engine, reading) == [{"id": 1, "name": "a"}]

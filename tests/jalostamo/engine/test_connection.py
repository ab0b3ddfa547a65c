"""An engine is opened with its guards on, keeps to itself, and is closed with its block."""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet
import pytest

from jalostamo.concepts.errors import Broken, Misused
from jalostamo.engine.connection import MOST_ROWS_IN_PYTHON, Engine, load_extension, open_engine

SECRET = b"planted-in-the-rows-and-nowhere-else"


def setting(engine: Engine, name: str) -> str:
    """A setting of the embedded engine, as it stands."""
    ((found,),) = engine.backend.raw_sql(f"SELECT current_setting('{name}')::VARCHAR").fetchall()
    return str(found)


def spilled(connection: object, folder: Path) -> bytes:
    """What lies on the disk while a table stands that is larger than the memory."""
    connection.execute(  # type: ignore[attr-defined]
        f"CREATE TEMP TABLE large AS SELECT i, repeat('{SECRET.decode()}', 4) || i AS text FROM range(600000) r(i)"
    )
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temp_file_encryption", "true"),
        ("autoinstall_known_extensions", "false"),
        ("autoload_known_extensions", "false"),
        ("allow_community_extensions", "false"),
        ("allow_persistent_secrets", "false"),
        ("python_enable_replacements", "false"),
    ],
)
def test_the_guards_are_on(name: str, value: str, duckdb_engine: Engine) -> None:
    assert setting(duckdb_engine, name) == value


def test_spilled_rows_are_encrypted(tmp_path: Path) -> None:
    with open_engine(workspace=tmp_path, memory="80MB") as engine:
        found = spilled(engine.backend.con, tmp_path)
    assert len(found) > 2**20
    assert SECRET not in found


def test_an_engine_that_could_not_encrypt_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "duckdb_extension_httpfs").mkdir()
    (tmp_path / "duckdb_extension_httpfs" / "__init__.py").touch()
    # Found first, and of no version: as after an update of one package and not of the other.
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(Broken, match="duckdb-extension-httpfs of its own version") as refused:
        open_engine(workspace=tmp_path).__enter__()
    assert refused.value.reason == "versions"


def test_an_extension_that_is_not_installed_is_named_by_its_package(duckdb_engine: Engine) -> None:
    with pytest.raises(Broken, match="needs the package duckdb-extension-no-such of its own version: make setup"):
        load_extension(duckdb_engine.backend, "no_such")


def test_an_extension_that_was_changed_since_it_was_signed_is_not_loaded(
    tmp_path: Path, duckdb_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    signed = find_spec("duckdb_extension_postgres_scanner")
    assert signed
    assert signed.origin
    shutil.copytree(Path(signed.origin).parent, tmp_path / "duckdb_extension_changed")
    (file,) = (tmp_path / "duckdb_extension_changed").rglob("*.duckdb_extension")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.with_name("changed.duckdb_extension").write_bytes(content)
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(Broken, match="not as it was signed"):
        load_extension(duckdb_engine.backend, "changed")


def test_spilled_rows_would_be_found_without_encryption(tmp_path: Path) -> None:
    import duckdb

    with duckdb.connect(config={"temp_directory": str(tmp_path), "memory_limit": "80MB"}) as connection:
        assert SECRET in spilled(connection, tmp_path)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/a.csv", "https://127.0.0.1:9/a.csv", "s3://b/a.csv", "hf://b/a.csv"]
)
def test_an_address_is_not_read(address: str, duckdb_engine: Engine) -> None:
    with pytest.raises(Exception, match="disabled"):
        duckdb_engine.backend.raw_sql(f"SELECT * FROM read_csv('{address}')")


def test_the_folder_to_spill_into_is_private(tmp_path: Path) -> None:
    with open_engine(workspace=tmp_path) as engine:
        assert setting(engine, "temp_directory") == str(tmp_path / "spill")
        assert (tmp_path / "spill").stat().st_mode & 0o777 == 0o700


def test_a_variable_of_python_is_no_table(duckdb_engine: Engine) -> None:
    rows_of_python = pa.table({"n": [1]})
    assert rows_of_python.num_rows == 1
    with pytest.raises(Exception, match="rows_of_python"):
        duckdb_engine.backend.raw_sql("SELECT * FROM rows_of_python")


@pytest.mark.parametrize(("zone", "hour"), [("UTC", 12), ("Europe/Helsinki", 9), ("America/New_York", 16)])
def test_a_local_time_is_read_in_the_sessions_zone(zone: str, hour: int, tmp_path: Path) -> None:
    with open_engine(workspace=tmp_path, timezone=zone) as engine:
        local = ibis.literal("2024-07-01 12:00:00").cast("timestamp('UTC')")
        row = engine.only_row(engine.in_memory(pa.table({"n": [1]})).select(at=local))
        assert row["at"] == datetime(2024, 7, 1, hour, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["", "Helsinki", "Mars/Phobos", "UTC'; DROP TABLE x; --", "../UTC"])
def test_an_unknown_time_zone_is_misuse(zone: str, tmp_path: Path) -> None:
    with (
        pytest.raises(Misused, match="A time zone is a name") as refused,
        open_engine(workspace=tmp_path, timezone=zone),
    ):
        pass
    assert refused.value.reason == "timezone"


@pytest.mark.parametrize("memory", ["", "4", "much", "4 GB; --", "-1GB", "50%"])
def test_an_unknown_limit_of_memory_is_misuse(memory: str, tmp_path: Path) -> None:
    with pytest.raises(Misused, match="such as 4GiB") as refused, open_engine(workspace=tmp_path, memory=memory):
        pass
    assert refused.value.reason == "engine_memory"


def test_a_limit_of_memory_is_kept_to(tmp_path: Path) -> None:
    with open_engine(workspace=tmp_path, memory="512MiB") as engine:
        assert setting(engine, "memory_limit") == "512.0 MiB"


@pytest.mark.parametrize(
    "url", ["postgres://localhost", "Duckdb", "spark://", "spark://host", "local[x]", "local", "/a.db"]
)
def test_an_unknown_engine_is_answered_with_those_that_are(url: str, tmp_path: Path) -> None:
    with pytest.raises(Misused, match=r"'duckdb', 'spark://host:port' or 'local\[cores\]'") as refused:
        open_engine(url, workspace=tmp_path).__enter__()
    assert refused.value.reason == "engine_unknown"


def test_spark_that_is_not_installed_is_told_with_the_extra_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] in {"pyspark", "py4j"}]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "py4j", None)
    with (
        pytest.raises(Misused, match="install the extra 'scale'") as refused,
        open_engine("local[2]", workspace=tmp_path),
    ):
        pass
    assert refused.value.reason == "engine_not_installed"


def test_two_engines_of_one_process_know_nothing_of_each_other(tmp_path_factory: pytest.TempPathFactory) -> None:
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "other")]
    with (
        open_engine(workspace=folders[0], timezone="Europe/Helsinki") as one,
        open_engine(workspace=folders[1]) as other,
    ):
        one.in_memory(pa.table({"n": [1]}))
        assert len(one.backend.list_tables()) == 1
        assert other.backend.list_tables() == []
        assert (setting(one, "TimeZone"), setting(other, "TimeZone")) == ("Europe/Helsinki", "UTC")


def test_an_engine_is_closed_when_its_block_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), open_engine(workspace=tmp_path) as engine:
        raise ZeroDivisionError
    with pytest.raises(Exception, match="[Cc]losed"):
        engine.rows(ibis.memtable({"n": [1]}))


def test_a_second_engine_opens_after_the_first(tmp_path: Path) -> None:
    for _ in range(3):
        with open_engine(workspace=tmp_path) as engine:
            assert engine.rows(engine.in_memory(pa.table({"n": [1, None]}))) == [{"n": 1}, {"n": None}]


def test_more_rows_than_counts_ever_are_do_not_reach_python(duckdb_engine: Engine) -> None:
    many = ibis.range(MOST_ROWS_IN_PYTHON + 1).unnest().name("n").as_table()
    with pytest.raises(Broken) as refused:
        duckdb_engine.rows(many)
    assert refused.value.reason == "rows_in_python"


@pytest.mark.parametrize("numbers", [[], [1, 2]])
def test_a_table_of_totals_has_one_row(numbers: list[int], duckdb_engine: Engine) -> None:
    with pytest.raises(ValueError, match="unpack"):
        duckdb_engine.only_row(duckdb_engine.in_memory(pa.table({"n": pa.array(numbers, pa.int64())})))


def test_the_same_rows_give_the_same_bytes(duckdb_engine: Engine, tmp_path: Path) -> None:
    numbers = list(range(1000))
    for name, order in (("one", numbers), ("other", numbers[::-1])):
        rows = duckdb_engine.in_memory(pa.table({"n": order, "text": [f"t{number}" for number in order]}))
        duckdb_engine.write_parquet(rows, tmp_path / name, order_by=["n"])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_a_folders_name_is_no_column(duckdb_engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "sex=F" / "persons.parquet"
    path.parent.mkdir()
    pyarrow.parquet.write_table(pa.table({"sex": ["M"]}), path)
    assert duckdb_engine.rows(duckdb_engine.read_parquet(path)) == [{"sex": "M"}]


def test_a_files_name_is_no_pattern(duckdb_engine: Engine, tmp_path: Path) -> None:
    for name in ("1", "[1]", "*"):
        pyarrow.parquet.write_table(pa.table({"name": [name]}), tmp_path / f"a{name}.parquet")
    for name in ("1", "[1]", "*"):
        assert duckdb_engine.rows(duckdb_engine.read_parquet(tmp_path / f"a{name}.parquet")) == [{"name": name}]


def test_a_file_that_was_replaced_is_read_anew(duckdb_engine: Engine) -> None:
    setting = "SELECT current_setting('enable_external_file_cache')"
    assert duckdb_engine.backend.con.execute(setting).fetchone() == (False,)

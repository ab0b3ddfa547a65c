"""Spark is opened once in a process, on this machine or on a cluster, and gives what the embedded engine gives."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.jalostamo.engine.clusters import LOOPBACK, PATIENCE, cluster_of, free_port
from tests.jalostamo.engine.expressions import CASES

from jalostamo.concepts.errors import Broken
from jalostamo.engine.connection import Engine, open_engine

pytestmark = pytest.mark.spark


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """The address of a standalone cluster of one master and one worker."""
    with cluster_of(1, cores=2, folder=tmp_path) as address:
        yield address


@pytest.mark.deep
def test_expressions_give_the_same_rows_on_a_cluster(cluster: str, tmp_path: Path) -> None:
    (tmp_path / "workspace").mkdir()
    command = [sys.executable, "-m", "tests.jalostamo.engine.on_cluster", cluster, str(tmp_path / "workspace")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=5 * PATIENCE, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["differ"] == []
    assert set(CASES) < set(found["ran"])
    # What the executor left behind shows that it was the worker that computed.
    assert list((tmp_path / "work-0").glob("app-*/0"))


def test_a_process_has_one_session(spark_engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(Broken) as refused, open_engine("local[2]", workspace=tmp_path):
        pass
    assert refused.value.reason == "engine_open"
    assert spark_engine.backend.raw_sql("SELECT 1 AS n").collect()[0]["n"] == 1


def test_a_session_has_the_zone_that_was_asked_for(spark_engine: Engine) -> None:
    assert spark_engine.backend.raw_sql("SELECT current_timezone() AS zone").collect()[0]["zone"] == "UTC"


def test_an_error_of_spark_is_not_printed(spark_engine: Engine, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Exception, match="raise_error|planted"):
        spark_engine.backend.raw_sql("SELECT raise_error('planted')").collect()
    printed = capfd.readouterr()
    assert "planted" not in printed.out + printed.err
    with pytest.raises(Exception, match="no_such_column"):
        spark_engine.backend.raw_sql("SELECT no_such_column")
    printed = capfd.readouterr()
    assert "no_such_column" not in printed.out + printed.err


# Spark asks for a minute and a half before it gives a cluster up.
@pytest.mark.parametrize("missing", ["java", pytest.param("cluster", marks=pytest.mark.deep)])
def test_a_spark_that_does_not_answer_is_misuse(missing: str, tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from jalostamo.concepts.errors import Misused\nfrom jalostamo.engine.connection import open_engine\n"
        "try:\n    open_engine(sys.argv[1], workspace=Path(sys.argv[2])).__enter__()\n"
        "except Misused as misused:\n    print(misused.reason)\n"
    )
    url = "local[2]" if missing == "java" else f"spark://{LOOPBACK}:{free_port()}"
    surroundings = os.environ | ({"JAVA_HOME": str(tmp_path)} if missing == "java" else {})
    done = subprocess.run(
        [sys.executable, "-c", script, url, str(tmp_path)],
        capture_output=True,
        text=True,
        env=surroundings,
        check=False,
    )
    assert done.stdout.strip() == "engine_unreachable"

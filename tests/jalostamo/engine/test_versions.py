"""The three packages that break each other are refused together, and those that are installed fit."""

from __future__ import annotations

import pytest

from jalostamo.concepts.errors import Broken
from jalostamo.engine.versions import check_versions


def test_the_installed_versions_fit() -> None:
    check_versions()


@pytest.mark.parametrize(
    ("duckdb", "sqlglot"),
    [("2.0.0", "30.17.0"), ("2.0.0rc1", "30.17.0"), ("10.0", "30.1"), ("1.5.5", "30.18.0"), ("1.5.5", "31.0")],
)
def test_versions_that_break_ibis_are_refused_with_their_names(duckdb: str, sqlglot: str) -> None:
    with pytest.raises(Broken, match="make setup") as refused:
        check_versions({"ibis-framework": "12.0.0", "duckdb": duckdb, "sqlglot": sqlglot})
    assert duckdb in refused.value.sentence
    assert sqlglot in refused.value.sentence
    assert refused.value.reason == "versions"


@pytest.mark.parametrize(
    ("ibis", "duckdb", "sqlglot"),
    [
        ("12.0.0", "1.5.5", "30.17.0"),
        ("12.0.0.post1", "1.10.0", "30.9.1"),
        ("12.1.0", "2.0.0", "30.30.0"),
        ("13.0", "2.1", "31.0"),
    ],
)
def test_other_versions_pass(ibis: str, duckdb: str, sqlglot: str) -> None:
    check_versions({"ibis-framework": ibis, "duckdb": duckdb, "sqlglot": sqlglot})

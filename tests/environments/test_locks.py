"""The locks fix every byte that is installed, name no registry, and agree with each other and the declared needs."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("build", "node", "run", "test")


def pins(lock: str) -> dict[str, str]:
    """Read the exact versions by package name."""
    text = (ROOT / f"requirements/{lock}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9][a-z0-9.-]*)==([^\s;]+)", text, re.MULTILINE))


def names(needs: list[str]) -> set[str]:
    """Read the package names of declared needs."""
    return {re.split(r"[^\w.-]", need, maxsplit=1)[0].lower() for need in needs}


def project() -> dict[str, list[str]]:
    """Read what the project says that it needs, by the lock that has to hold it."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    needs: list[str] = declared["dependencies"]
    extras: dict[str, list[str]] = declared["optional-dependencies"]
    return {"run": needs, "test": [*needs, *extras["test"], *extras["scale"]]}


@pytest.mark.parametrize("file", ["package-lock.json", ".npmrc", *(f"requirements/{lock}.txt" for lock in LOCKS)])
def test_no_lock_names_an_address(file: str) -> None:
    assert "://" not in (ROOT / file).read_text()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_a_digest(lock: str) -> None:
    text = (ROOT / f"requirements/{lock}.txt").read_text()
    entries = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    assert entries
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_browser_asset_has_a_digest() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []


def test_what_is_tested_is_what_runs() -> None:
    assert pins("run").items() <= pins("test").items()


@pytest.mark.parametrize("lock", ["run", "test"])
def test_the_lock_holds_every_declared_need(lock: str) -> None:
    assert names(project()[lock]) <= pins(lock).keys()


def test_the_engine_fits_its_language() -> None:
    """Ibis 12.0 sets no upper bounds, and breaks with DuckDB 2 and sqlglot 30.18 without naming the cause."""
    assert version("ibis-framework").startswith("12.0.")
    assert int(version("duckdb").split(".")[0]) < 2
    assert tuple(int(part) for part in version("sqlglot").split(".")[:2]) < (30, 18)

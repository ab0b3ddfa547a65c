"""The three packages that must fit each other, checked by name so that an unlocked install says what is wrong.

Ibis 12.0 names no upper bounds, but DuckDB 2.0 and sqlglot 30.18 break it.

Handbook 2.5.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.metadata import version
from typing import Final

from jalostamo.concepts.errors import Broken

SETTING: Final = "JALOSTAMO_ENGINE"
"""The variable of the environment that names another engine than the embedded one."""

_BEGINNING: Final = re.compile(r"(\d+)\.(\d+)")


def check_versions(installed: Mapping[str, str] | None = None) -> None:
    """Refuse to start on versions that are known to give wrong or no answers."""
    found = installed or {name: version(name) for name in ("ibis-framework", "duckdb", "sqlglot")}
    parts = {name: tuple(int(part) for part in _BEGINNING.findall(text)[0]) for name, text in found.items()}
    if parts["ibis-framework"] == (12, 0) and (parts["duckdb"] >= (2, 0) or parts["sqlglot"] >= (30, 18)):
        raise Broken(
            f"Ibis {found['ibis-framework']} needs duckdb below 2.0 and sqlglot below 30.18; "
            f"found {found['duckdb']} and {found['sqlglot']}. Install the locked requirements: make setup.",
            reason="versions",
        )

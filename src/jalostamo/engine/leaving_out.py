"""Leaving Pandas out of a process that lives for one task, and starts in two thirds of the time without it.

Arrow and Ibis load it wherever it is installed, to look whether what they are given is its, and do without it elsewhere.

Handbook 2.5.
"""

from __future__ import annotations

import sys
from typing import Final

PANDAS: Final = "pandas"


class _NotThere:
    """Finds nothing, and says of Pandas that it is not installed."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        if name == PANDAS:
            raise ModuleNotFoundError(f"{PANDAS} is left out of this process", name=PANDAS)


def leave_out_pandas() -> None:
    """Have Pandas found by nobody in this process from now on; Spark, and whoever makes a data frame, needs it."""
    sys.meta_path.insert(0, _NotThere)


def leave_out_pandas_of(url: str | None) -> None:
    """The same, where no other engine is asked for than the embedded one, as `open_engine` is told of it."""
    if (url or "duckdb") == "duckdb":
        leave_out_pandas()

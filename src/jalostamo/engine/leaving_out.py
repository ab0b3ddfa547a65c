"""Leaving out of a process that lives for one task what it can do without: Pandas, and most looking for circles.

Arrow and Ibis load Pandas wherever it is installed, to look whether what they are given is its, and do without it
elsewhere: a process starts in two thirds of the time without it.

Handbook 2.5.
"""

from __future__ import annotations

import gc
import sys
from typing import Final

PANDAS: Final = "pandas"
_SELDOM: Final = (50_000, 20, 100)
"""After how many new values Python looks for circles among them; its own 700 cost a twentieth of what a run computes."""


class _NotThere:
    """Finds nothing, and says of Pandas that it is not installed."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        if name == PANDAS:
            raise ModuleNotFoundError(f"{PANDAS} is left out of this process", name=PANDAS)


def leave_out_pandas() -> None:
    """Have Pandas found by nobody in this process from now on; Spark, and whoever makes a data frame, needs it."""
    sys.meta_path.insert(0, _NotThere)


def look_seldom_for_circles() -> None:
    """Have Python look seldom for values that only hold each other: a process that soon ends leaves few of them."""
    gc.set_threshold(*_SELDOM)


def leave_out_pandas_of(url: str | None) -> None:
    """The same, where no other engine is asked for than the embedded one, as `open_engine` is told of it."""
    if (url or "duckdb") == "duckdb":
        leave_out_pandas()

"""Reading one's own text file whole: every row of it is read, or the file is refused with lines and counts.

Handbook 2.6, phase 5.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from jalostamo.concepts.errors import Unfit
from jalostamo.engine.intake import TextRecords, TurnedAway, read_text

if TYPE_CHECKING:
    from jalostamo.concepts.writings import Writing
    from jalostamo.engine.connection import Engine


def every_row(
    engine: Engine,
    path: Path,
    writing: Writing,
    *,
    header: Sequence[str],
    kept: Sequence[str],
    told: Callable[[TurnedAway], str],
    rows: str = "rows",
) -> TextRecords:
    """The columns `kept` of every row; refused where a row is turned away, or fewer are read than were counted.

    `told` says what was turned away and where; `rows` is what the file's rows are called.
    """
    read = read_text(engine, path, writing, header=header, kept=kept)
    if read.turned_away:
        raise Unfit(" ".join(told(each) for each in read.turned_away), reason=read.turned_away[0].reason)
    loaded = engine.only_row(read.table.agg(n=read.table.count()))["n"]
    if loaded != read.records:
        raise Unfit(
            f"{path.name}: {read.records} {rows} were counted, but {loaded} read: its quotes or line ends are not as declared.",
            reason="count",
        )
    return read

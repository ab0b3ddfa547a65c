"""Run every expression on the cluster whose address is given, and print which of them gave other rows than they must.

A process of its own: Spark has one session in each.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from tests.jalostamo.engine.expressions import CASES, EVENTS, PERSONS

from jalostamo.engine.connection import open_engine
from jalostamo.engine.primitives import SEPARATOR, path_texts


def differing(address: str, workspace: Path) -> dict[str, list[str]]:
    """The names of the expressions that ran, and of those that gave other rows."""
    with open_engine(address, workspace=workspace) as engine:
        events, persons = engine.in_memory(EVENTS), engine.keep(engine.in_memory(PERSONS))
        kept = engine.keep(events)
        differ = [name for name, case in CASES.items() if engine.rows(case.build(kept, persons)) != case.gives]
        paths = path_texts(engine, kept, case="person", order="row", value="service")
        found = {row["person"]: row["path"] for row in engine.rows(paths)}
    differ += [] if found == {"a": SEPARATOR.join("xyx"), "b": "x", "c": "y", None: "z"} else ["path_texts"]
    return {"ran": [*CASES, "path_texts"], "differ": differ}


if __name__ == "__main__":
    print(json.dumps(differing(sys.argv[1], Path(sys.argv[2]))))

"""Findings: what a method found, as tables of counts and estimates, with what they were found in and by which definition.

The same definition put to the same source gives the same bytes. Findings are true, not protected, unless they say so.

Handbook 2.2 (visualising, understanding and assessing the results) and 2.3 (repeatability).
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from jalostamo.concepts.errors import Broken, Unfit

type Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Found:
    """A table of findings: its columns in order, and its rows, in an order that the method declares."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise Broken("A row of findings is not as long as its columns.", reason="findings_form")
        if any(isinstance(value, float) and not math.isfinite(value) for row in self.rows for value in row):
            raise Broken("Findings hold a number that is none.", reason="findings_form")

    def column(self, name: str) -> tuple[Value, ...]:
        """The values of one column."""
        place = self.columns.index(name)
        return tuple(row[place] for row in self.rows)

    def mappings(self) -> list[dict[str, Value]]:
        """The rows, each by its columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]


def found(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> Found:
    """A table of findings from rows by name."""
    return Found(tuple(columns), tuple(tuple(cast("Value", row[name]) for name in columns) for row in rows))


@dataclass(frozen=True, slots=True)
class Findings:
    """Findings answer one analysis: what they rest on, and a table for each part of the answer.

    `facts` are single figures by name, `left` the events and cases that each filter left, `source` and `definition` sha256.
    `protected` findings were reckoned from printed cells, whose digest is their source; what no cell tells is missing.
    """

    name: str
    method: str
    definition: str
    source: str
    case: str
    unit: str
    time_unit: str
    facts: Mapping[str, Value]
    tables: Mapping[str, Found]
    left: tuple[Mapping[str, Value], ...] = ()
    groups: tuple[str, ...] = ()
    protected: bool = False

    def as_mapping(self) -> dict[str, object]:
        """The findings as their file holds them."""
        return {
            "analysis": self.name,
            "method": self.method,
            "definition": self.definition,
            "source": self.source,
            "case": self.case,
            "unit": self.unit,
            "time_unit": self.time_unit,
            "groups": list(self.groups),
            "protected": self.protected,
            "facts": dict(self.facts),
            "filters": [dict(entry) for entry in self.left],
            "tables": {
                name: {"columns": list(table.columns), "rows": [list(row) for row in table.rows]}
                for name, table in self.tables.items()
            },
        }

    @property
    def written(self) -> bytes:
        """The findings as bytes, the same for the same findings."""
        return (json.dumps(self.as_mapping(), ensure_ascii=False, allow_nan=False, indent=1) + "\n").encode()


def findings_from(content: object) -> Findings:
    """Read findings as their file holds them."""
    try:
        return _findings_in(cast("Mapping[str, Any]", content))
    except (KeyError, TypeError, AttributeError):
        raise Unfit(
            "The file does not hold findings as `analyse` writes them: make it anew.", reason="findings_unread"
        ) from None


def _findings_in(content: Mapping[str, Any]) -> Findings:
    words = {name: str(content[name]) for name in ("method", "definition", "source", "case", "unit", "time_unit")}
    tables = {
        name: Found(tuple(table["columns"]), tuple(tuple(row) for row in table["rows"]))
        for name, table in content["tables"].items()
    }
    return Findings(
        name=str(content["analysis"]),
        **words,
        facts=dict(content["facts"]),
        tables=tables,
        left=tuple(dict(entry) for entry in content["filters"]),
        groups=tuple(content["groups"]),
        protected=content.get("protected") is True,
    )

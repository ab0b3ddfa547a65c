"""The groups of a log's cases, each by the value at its first event; a case without one has a place of its own.

Unlike the groups of a definition (`producing.standardisation`), these are as the log writes them.

Handbook 2.2 (the pilot's fourth question).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

import ibis
import ibis.expr.types as ir

from jalostamo.concepts.errors import Broken, Unfit

MISSING_GROUP: Final = "null"
"""Under this key stand the cases whose first event tells no group."""

_MARK: Final = "="


def marked(group: ir.StringColumn) -> ir.StringValue:
    """The group as a mark that is never missing: Spark takes the first value that is there, not the first."""
    return group.notnull().ifelse(ibis.literal(_MARK) + group, "")


def by_group_name[Found](by_mark: Mapping[str, Found]) -> dict[str, Found]:
    """What was found under each mark, under the group's name and in the order of names, the missing last."""
    marks = sorted(by_mark, key=lambda mark: (not mark, mark))
    named = {mark.removeprefix(_MARK) if mark else MISSING_GROUP: by_mark[mark] for mark in marks}
    if len(named) < len(by_mark):
        raise Unfit(
            f"The group is missing for some cases and '{MISSING_GROUP}' for others: the result has one place for both.",
            reason="group_null",
        )
    return named


@contextmanager
def few_enough_to_count() -> Iterator[None]:
    """Say what to do where a log has more activities, or groups, than can be counted."""
    try:
        yield
    except Broken as broken:
        if broken.reason != "rows_in_python":
            raise
        raise Unfit(
            "The log has too many different activities or groups to be counted: choose the column that names the "
            "service, and a group that many cases share.",
            reason="too_many_values",
        ) from None

"""The notice of a continuous analysis that stops: what no longer holds, since when, and what can be done.

Handbook 2.6 (rule sets for anonymising in continuous analyses).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from jalostamo.concepts.errors import Objection
from jalostamo.managing.releasing import NoLongerHolds
from jalostamo.managing.sensitive.preparing.anonymity.choosing import judged_at
from jalostamo.managing.sensitive.preparing.anonymity.limits import Limits

if TYPE_CHECKING:
    from jalostamo.managing.sensitive.preparing.anonymity.before import Rest
    from jalostamo.managing.sensitive.preparing.anonymity.choosing import Problem
    from jalostamo.managing.sensitive.preparing.anonymity.lattice import Levels
    from jalostamo.managing.sensitive.preparing.anonymity.problem import Asked
    from jalostamo.managing.sensitive.preparing.anonymity.tables import Loaded

_SECTION = "2.6"
_TO_DO = (
    "Nothing was released: what was released before stays as it is.",
    "Look whether the table is whole: a late or partial delivery has fewer who are alike.",
    "Have a coarser generalisation approved, and begin a new series with it: releases of both together are attacked first.",
    "Or have the recipe changed: ask less of the models, or allow more rows to be left out.",
)


def no_longer_holds(
    problem: Problem, levels: Levels, *, since: str, today: datetime.date, numbers: tuple[Loaded, Rest]
) -> NoLongerHolds:
    """The refusal, with its notice: how many rows each model alone would have left out, and all together."""
    loaded, rest = numbers
    allowed = max(0, problem[2].suppressed_rows)
    failing = {name: _to_leave_out(problem, levels, asked) for name, asked in _alone(problem[2])}
    everything = _to_leave_out(problem, levels, problem[2])
    named = [name for name, rows in failing.items() if rows > allowed] or list(failing)
    listed = ", ".join(name.replace("_", " ") for name in named)
    notice = {
        "stopped": "the models no longer hold at the levels that the analysis began with",
        "table": loaded.file.path.name,
        "as_before": since,
        "no_longer_holds_since": today.isoformat(),
        "levels": {a.name: level for a, level in zip(problem[1], levels, strict=True)},
        "rows": loaded.rows,
        "rows_left_out_before": rest.gone,
        "rows_that_may_be_left_out": allowed,
        "rows_that_would_be_left_out": everything,
        "models": [
            {"model": name, "rows_left_out_by_it_alone": rows, "fails": name in named} for name, rows in failing.items()
        ],
        "what_to_do": list(_TO_DO),
    }
    sentence = (
        f"The models no longer hold at the levels of {since}: {listed}. {everything:,} rows would have to be left out, and "
        f"{allowed:,} may be. Nothing was released."
    )
    return NoLongerHolds([Objection(sentence, _SECTION)], reason="no_longer_holds", notice=notice)


def _alone(asked: Asked) -> Iterator[tuple[str, Asked]]:
    bare = tuple(replace(column, diversity=None, closeness=None) for column in asked.sensitive)
    if asked.k is not None:
        yield "k_anonymity", replace(asked, sensitive=bare, limits=Limits())
    for number, column in enumerate(asked.sensitive):
        for kind, model in (("diversity", "l_diversity"), ("closeness", "t_closeness")):
            if getattr(column, kind) is not None:
                one = replace(bare[number], **{kind: getattr(column, kind)})
                sensitive = (*bare[:number], one, *bare[number + 1 :])
                yield f"{model}:{column.name}", replace(asked, k=None, sensitive=sensitive, limits=Limits())
    if asked.limits.any:
        yield "other_models", replace(asked, k=None, sensitive=bare)


def _to_leave_out(problem: Problem, levels: Levels, asked: Asked) -> int:
    """How many rows would have to be left out; all, where leaving out does not help."""
    rows = int(problem[0].rows.sum())
    found = judged_at((problem[0], problem[1], replace(asked, suppressed_rows=rows)), levels)
    return rows if found is None else rows - int(found.kept_rows.sum())

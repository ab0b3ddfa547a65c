"""The truth file: what was planted in the town, and what a right reading of its registers finds.

Each register gives its own part; the parts are put together by their keys.

Handbook 2.2 (understanding and assessing the results).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from jalostamo.city.plan import Plan
from jalostamo.city.truth_texts import DOCUMENTATION
from jalostamo.concepts.errors import Broken

type Truth = dict[str, object]

TRUTH_FILE: Final = "truth.json"


def truth_of(plan: Plan, parts: Iterable[Mapping[str, object]]) -> Truth:
    """The truth about a town of a plan, of which its registers told these parts."""
    head: Truth = {"marking": "synthetic", "people": plan.people, "from": plan.first_year, "to": plan.last_year}
    told: Truth = head | {"seed": plan.seed, "planted": {}, "match": {}, "counts": {}, "registers": {}, "suffers": {}}
    for part in parts:
        told = joined(told, part)
    return joined(told, {"documentation": DOCUMENTATION})


def joined(first: Mapping[str, object], second: Mapping[str, object]) -> Truth:
    """Both truths in one: sections that both have are joined in turn, and nothing is told twice.

    >>> joined({"counts": {"a": 1}}, {"counts": {"b": 2}})
    {'counts': {'a': 1, 'b': 2}}
    """
    both: Truth = dict(first)
    for key, told in second.items():
        before = both.get(key)
        if isinstance(before, Mapping) and isinstance(told, Mapping):
            both[key] = joined(before, told)
        elif key in both and before != told:
            raise Broken(f"Two registers tell different things as '{key}'.", reason="city_truth")
        else:
            both[key] = told
    return both


def write_truth(folder: Path, truth: Truth) -> None:
    """Write the truth file, as a whole."""
    partial = folder / f".{TRUTH_FILE}.partial"
    partial.write_text(json.dumps(truth, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    partial.replace(folder / TRUTH_FILE)

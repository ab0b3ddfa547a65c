"""The process of the lane of cells in sentences: who was left out and how well registers were linked, in printed counts.

Handbook 2.2 (checking combinability) and 2.6, phase 8.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

type Facts = Mapping[str, object]


def process_sentences(process: Facts) -> tuple[str, ...]:
    """What the person at the closed room's terminal is told; every number in it has been printed."""
    exclusions, combinability, lacking = (
        cast("Facts", process.get(name) or {}) for name in ("exclusions", "combinability", "without_value")
    )
    joined = cast("list[Facts]", combinability.get("joined") or [])
    return (
        *_exclusions(exclusions),
        *(f"Linked {m['register']}: about {m['matched']:,} of {m['codes']:,} identity codes found." for m in joined),
        *(
            f"Of '{name}', about {units:,} units have no value, and are not in it."
            for name, units in lacking.items()
            if units
        ),
    )


def _exclusions(told: Facts) -> tuple[str, ...]:
    if not told.get("told"):
        return ("No register of exclusions lies in 'exclusions': nobody's objection or safety ban was known.",)
    left_out, hidden, elsewhere = (told.get(name, 0) for name in ("objection", "safety_ban", "elsewhere"))
    obeyed = f"Exclusions obeyed: about {left_out:,} persons object, the homes of about {hidden:,} are hidden."
    other = f"About {elsewhere:,} objections are to registers that were not delivered here."
    return (obeyed, other) if elsewhere else (obeyed,)

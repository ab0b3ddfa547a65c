"""The methods of analysis, each in a file of its own: what it counts, and how its tables read.

Handbook 2.3 (methods of analysis).
"""

from __future__ import annotations

from typing import Final

from jalostamo.concepts.errors import Unfit
from jalostamo.producing.analyses.catalogue import Method
from jalostamo.producing.analyses.methods import (
    around,
    before_after,
    between,
    conformance,
    courses,
    factor_screen,
    lifespan,
    rework,
    states,
    step_map,
    time_to_event,
    use,
    variants,
)

METHODS: Final[tuple[Method, ...]] = (
    step_map.METHOD,
    use.METHOD,
    variants.METHOD,
    around.METHOD,
    rework.METHOD,
    before_after.METHOD,
    between.METHOD,
    time_to_event.METHOD,
    conformance.METHOD,
    states.METHOD,
    lifespan.METHOD,
    courses.METHOD,
    factor_screen.METHOD,
)
"""Every method, the plainest first."""


def method_called(name: str, *, place: str) -> Method:
    """The method of a name; refused where there is none, naming those that are."""
    known = {method.name: method for method in METHODS}
    if name not in known:
        raise Unfit(f"{place}: 'method' is one of {', '.join(known)}.", reason="method_unknown")
    return known[name]

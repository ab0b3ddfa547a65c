"""What cannot be told in printed cells is refused before anything is counted, with what to do instead.

Handbook 2.6, phases 4 and 8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, cast

from jalostamo.concepts.customers import CustomerKind
from jalostamo.concepts.errors import Objection, Refused
from jalostamo.producing.analyses.inside.told import TOLD
from jalostamo.producing.analyses.methods import around, before_after, time_to_event, variants
from jalostamo.producing.analyses.months import Life
from jalostamo.producing.cubes.definition import SECTION

if TYPE_CHECKING:
    from jalostamo.producing.analyses.asked import Analysis
    from jalostamo.producing.analyses.printing import Printing

OTHERS: Final = "others"
"""The code of whoever is in no group, or in no age band."""

INSIDE: Final = ("step_map", "before_after", *TOLD)
"""The methods whose figures are counts of persons by codes known beforehand, and what is reckoned from such counts."""

_INSTEAD: Final[Mapping[str, str]] = {
    "rework": "how often one person met a service is no count of persons: the steps of a 'step_map' from a service to itself "
    "tell who took it again",
    "between": "its times are single persons' own: 'time_to_event' prints how many waited how long",
    "conformance": "ways to leave a design are not known beforehand: 'variants' prints who walked each of the 'paths' that "
    "the design allows",
    "lifespan": "years lived are no count of persons: 'states' without a 'start' prints who used what at each age",
    "courses": "it compares whole lives with each other: 'states' with a 'start' prints who was in which state in each month",
    "factor_screen": "it adjusts by what single persons did: 'before_after' prints who used what before",
}


def printing_of(analysis: Analysis, codes: Sequence[str]) -> Printing:
    """What is said of printing, of an analysis that the closed room can count; `codes` are the services beside an index."""
    setting, groups = analysis.setting, analysis.setting.groups
    found = [
        sentence
        for is_so, sentence in (
            (analysis.method.name not in INSIDE, _instead(analysis.method.name)),
            (analysis.printing is None, "Say in a section [printed] under which 'population' its cells are kept."),
            (
                {setting.case, setting.unit} != {CustomerKind.PERSON},
                "Journeys are printed of persons: leave 'case' and 'unit' out.",
            ),
            (None in (analysis.first_day, analysis.last_day), "Say 'from' and 'to', the time frame of the request."),
            (len(analysis.services) < 2, "List in 'services' all that are looked at: cells are of a closed list."),
            (
                not set(_named(analysis)) <= set(analysis.services) or len(codes) < 2,
                "Each service that [parameters] names is one of 'services', and beside an index two others are left.",
            ),
            (
                isinstance(analysis.parameters, variants.Asked) and len(analysis.parameters.paths) < 2,
                "Name two 'paths' or more beforehand: which are walked most, cells cannot be asked.",
            ),
            (setting.working_days, "Leave 'days' out: what is counted inside is told by months."),
            (
                groups is not None and groups.by_year,
                "Leave 'by_year' out: cells are of ages, but of no years they began in.",
            ),
            (groups is not None and OTHERS in groups.values, f"Call no group '{OTHERS}': it is whoever is in none."),
        )
        if is_so
    ]
    if found:
        raise Refused(
            [Objection(f"'{analysis.name}': {sentence}", SECTION) for sentence in found], reason="analysis_inside"
        )
    return cast("Printing", analysis.printing)


def _instead(method: str) -> str:
    known = _INSTEAD.get(method, "it looks at more than counts of persons")
    return f"The method '{method}' is not printed: {known}. Put it to a release, or take another; inside there are {', '.join(INSIDE)}."


def _named(analysis: Analysis) -> tuple[str, ...]:
    """The services that a method's parameters name."""
    match analysis.parameters:
        case before_after.Asked(index=index) | around.Asked(index=index):
            return index
        case time_to_event.Asked() as asked:
            return (*asked.start, *asked.to, *asked.competing)
        case variants.Asked() as asked:
            return tuple(service for path in asked.paths for service in path)
        case Life() as life:
            return (*life.start, *(service for services in life.states.values() for service in services))
    return ()

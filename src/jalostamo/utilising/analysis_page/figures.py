"""Which charts the findings of each method are drawn as; its tables stand beside them in any case.

Handbook 2.2 (visualising, understanding and assessing the results).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, cast

from jalostamo.utilising.analysis_page.followed import courses_of_waiting
from jalostamo.utilising.analysis_page.lives import kinds_of_course, lifespans, states, use_over_time
from jalostamo.utilising.analysis_page.maps import step_maps, streams
from jalostamo.utilising.analysis_page.ranked import before_and_after, conformance, met_again, waiting, whole_paths
from jalostamo.utilising.analysis_page.ratios import ratios_of_starts, ratios_of_use, volumes

if TYPE_CHECKING:
    from jalostamo.charts.picturing import Chart
    from jalostamo.producing.analyses.asked import Analysis
    from jalostamo.producing.analyses.findings import Findings
    from jalostamo.producing.analyses.months import Life
    from jalostamo.utilising.analysis_page.speech import Speech

type Drawn = Callable[[Findings, Speech, Sequence[str]], list[Chart]]


def charts_of(findings: Findings, analysis: Analysis, speech: Speech) -> list[Chart]:
    """The charts of the findings: of the two groups that are compared, or of all groups, or of all cases."""
    groups = analysis.setting.compare or findings.groups or ("",)
    if findings.method == "states":
        return states(findings, speech, groups, by_age=not cast("Life", analysis.parameters).start)
    draw = _CHARTS.get(findings.method)
    return draw(findings, speech, groups) if draw else []


_CHARTS: Final[Mapping[str, Drawn]] = {
    "step_map": step_maps,
    "variants": whole_paths,
    "around": streams,
    "rework": met_again,
    "between": waiting,
    "conformance": conformance,
    "before_after": lambda findings, speech, _: [
        *before_and_after(findings, speech),
        *ratios_of_use(findings, speech),
    ],
    "factor_screen": lambda findings, speech, _: ratios_of_starts(findings, speech),
    "lifespan": lifespans,
    "time_to_event": courses_of_waiting,
    "use": lambda findings, speech, _: [*use_over_time(findings, speech), *volumes(findings, speech)],
    "courses": lambda findings, speech, _: kinds_of_course(findings, speech),
}

"""Logs for property tests: few cases, few services, and few months, so that most events are tied."""

from __future__ import annotations

from hypothesis import strategies as st
from tests.jalostamo.producing.analyses.naive_journeys import FIRST, Happened, Log, Who

SERVICES = "ABCD"
GROUPS = ("one", "other", None)


@st.composite
def logs(draw: st.DrawFn, *, most: int = 12) -> Log:
    """Cases of two groups and of none, some without events, in households of their own or shared."""
    cases = [
        Who(
            f"c{number}",
            f"u{draw(st.integers(0, number))}",
            draw(st.sampled_from(GROUPS)),
            draw(st.integers(2000, 2009)),
        )
        for number in range(draw(st.integers(1, most)))
    ]
    groups = {case.unit: case.group for case in reversed(cases)}
    same = [case._replace(group=groups[case.unit]) for case in cases]
    number = 0
    events = []
    for case in same:
        for _ in range(draw(st.integers(0, 6))):
            at = FIRST + draw(st.integers(0, 5))
            until = draw(st.none() | st.integers(at, at + 4))
            events.append(Happened(case.case, number, draw(st.sampled_from(SERVICES)), at, until))
            number += 1
    return draw(st.permutations(events)), same

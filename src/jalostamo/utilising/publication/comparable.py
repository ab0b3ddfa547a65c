"""What of a result is set side by side: estimates standardised for age where every group's is, and paths in one order.

Handbook 2.2 (pilot: differences by language).
"""

from __future__ import annotations

from typing import Final

from jalostamo.charts.flows import Stream, gathered, in_order
from jalostamo.producing.results import Estimate, GroupEstimate, Result, Scale

STEPS_DRAWN: Final = 4
"""How many services of a path are shown, from the first on."""

FEW: Final = 2
"""Up to so many subjects each have a chart and a table of their own; more share one."""


def scale_of(result: Result, subject: str) -> Scale:
    """How a subject is measured: per thousand years where its groups have years of exposure, else as a share."""
    exposed = any(estimate.exposure is not None for estimate in estimates_of(result, subject))
    return "per_1000_years" if exposed else "share"


def is_standardised(result: Result, subject: str) -> bool:
    """Whether every group has an estimate of the subject with the ages of all groups together."""
    found = estimates_of(result, subject)
    return bool(found) and all(estimate.standardised is not None for estimate in found)


def comparable(result: Result, estimate: GroupEstimate) -> Estimate:
    """The estimate that may be held against another group's."""
    standardised = estimate.standardised if is_standardised(result, estimate.subject) else None
    return standardised or estimate.crude


def estimates_of(result: Result, subject: str) -> tuple[GroupEstimate, ...]:
    """The estimates of one subject, a group each."""
    return tuple(estimate for estimate in result.groups if estimate.subject == subject)


def subjects_of(result: Result) -> tuple[str, ...]:
    """The subjects in the order in which they are shown: what differs first, or the most used where there are many."""
    found = tuple(dict.fromkeys(estimate.subject for estimate in result.groups))
    if len(found) <= FEW:
        differing = {comparison.subject for comparison in result.comparisons if comparison.differs}
        return tuple(sorted(found, key=lambda s: (s not in differing, scale_of(result, s) != "share")))
    drawn = drawn_groups_of(result)
    customers = {s: sum(g.customers for g in estimates_of(result, s) if g.group in drawn) for s in found}
    return tuple(sorted(found, key=lambda subject: -customers[subject]))


def groups_of(result: Result) -> tuple[str, ...]:
    """The groups of a result in its own order."""
    return tuple(dict.fromkeys(estimate.group for estimate in result.groups))


def compared_groups_of(result: Result) -> tuple[str, ...]:
    """The groups of a table: of paths those whose paths are shown, else all."""
    flowing = flowing_groups_of(result)
    return tuple(group for group in groups_of(result) if not flowing or group in flowing)


def drawn_groups_of(result: Result) -> tuple[str, ...]:
    """The groups that are drawn: one that only adds up two others stays in the table."""
    found = groups_of(result)
    return tuple(group for group in found if group != "domestic") if {"fi", "sv"} <= set(found) else found


def shared_source_of(result: Result) -> str | None:
    """The service after which every compared step comes, where it is one and the same."""
    sources = {subject.partition(">")[0] if ">" in subject else None for subject in subjects_of(result)}
    return sources.pop() if len(sources) == 1 else None


def flowing_groups_of(result: Result) -> tuple[str, ...]:
    """The groups whose paths are shown: the reference and the group compared with it, or all where none are."""
    found = tuple(dict.fromkeys(flow.group for flow in result.flows))
    compared = dict.fromkeys(group for c in result.comparisons for group in (c.reference, c.group))
    return tuple(group for group in compared if group in found) or found


def order_of(result: Result) -> tuple[str, ...]:
    """The services of all groups' paths, most customers first: every drawing has them in this order."""
    return in_order(stream for group in flowing_groups_of(result) for stream in _first_steps(result, group))


def streams_of(result: Result, group: str) -> tuple[Stream, ...]:
    """A group's paths as they are shown: the first services, the rare ones joined, differing steps marked."""
    return gathered(_first_steps(result, group), order=order_of(result))


def _first_steps(result: Result, group: str) -> list[Stream]:
    differing = {comparison.subject for comparison in result.comparisons if comparison.differs}
    flows = [flow for flow in result.flows if flow.group == group and flow.step < STEPS_DRAWN]
    return [Stream(f.step, f.source, f.target, f.customers, f"{f.source}>{f.target}" in differing) for f in flows]

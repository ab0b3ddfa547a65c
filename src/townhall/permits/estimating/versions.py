"""The versions of the form that were handed in: each to be read as it was, and any two side by side.

Handbook 2.6, phases 3 and 6; Appendix 1.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jalostamo.concepts.languages import Text
from jalostamo.permits import comparing
from jalostamo.permits.descriptions import BusinessQuestion, Description, Entry, Hypothesis, SourceAsked
from jalostamo.permits.estimates import difference
from jalostamo.permits.estimates.answers import Estimate
from jalostamo.permits.events import Event, replayed_by_event
from jalostamo.permits.initiative import Assessed, Initiative
from jalostamo.permits.kinds import Deviation
from jalostamo.permits.people import Actor
from jalostamo.permits.terms import title_of
from townhall.people.asking import asker
from townhall.permits.describing.entries import ASKED
from townhall.permits.describing.people import known_in
from townhall.permits.describing.shown import said_of
from townhall.permits.describing.variables import called_at
from townhall.permits.estimating.desk import Desk
from townhall.permits.estimating.drawing import matrix_of
from townhall.permits.estimating.leading import leads_of
from townhall.permits.estimating.reading import Said, readings_of
from townhall.permits.models import Case
from townhall.permits.recording import events_of, verifier
from townhall.permits.views import names, seen_by

MATRICES: Final = ("benefit", "processing", "publication", "decision")
"""The matrices of the form, in its order."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the form: what was handed in by whom, and the case as that left it."""

    assessed: Assessed
    made: Initiative
    actors: tuple[Actor, ...]
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One entry in which two versions differ, as people read it."""

    title: Text
    part: str
    before: Said
    after: Said


def versions_of(case: Case, events: Sequence[Event]) -> tuple[Version, ...]:
    """Every version that was handed in, the first first."""
    stages = replayed_by_event(events, verifier=verifier(), head=(case.length, case.head))
    found: dict[int, Version] = {}
    for event, stage in zip(events, stages, strict=True):
        if stage.assessed and stage.assessed.version not in found:
            found[stage.assessed.version] = Version(stage.assessed, stage, event.actors, event.at)
    return tuple(found.values())


type Form = tuple[Description | None, Estimate]
"""A version of the form: its description and its estimate."""


def changes_between(made: Initiative, before: Form, after: Form) -> tuple[Change, ...]:
    """What changed from one version to the next: in the description, then in the form."""
    old, new = before[0] or Description(), after[0] or Description()
    known = known_in(made, new)

    def told(description: Description, entry: Entry, part: object) -> Said:
        said = (said_of(entry, description, known),) if entry in ASKED else _part_said(part)
        return tuple(each for each in said if each)

    return (
        *(
            Change(
                title_of(each.entry), each.part, told(old, each.entry, each.before), told(new, each.entry, each.after)
            )
            for each in comparing.differences(old, new)
        ),
        *(Change(each.title, "", each.before, each.after) for each in difference.differences(before[1], after[1])),
    )


def _part_said(part: object) -> Said:
    """A question, a hypothesis, a source or a deviation as people read it."""
    if isinstance(part, SourceAsked):
        return tuple(called_at(field) for field in part.asked)
    if isinstance(part, Hypothesis):
        return (part.text, *(called_at(variable) for variable in part.variables))
    if isinstance(part, BusinessQuestion):
        return (part.text,)
    return (part.reason,) if isinstance(part, Deviation) else ()


def latest(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was handed in last, or that nothing has been."""
    found = versions_of(desk.case, events_of(desk.case))
    return _page(request, desk.case, found, len(found))


@require_safe
@never_cache
def version(request: HttpRequest, case_id: str, number: int) -> HttpResponse:
    """One version of the form, as it was handed in."""
    case, _, events = seen_by(asker(request), case_id)
    found = versions_of(case, events)
    if not 0 < number <= len(found):
        raise Http404
    return _page(request, case, found, number)


@require_safe
@never_cache
def versions(request: HttpRequest, case_id: str, before: int, after: int) -> HttpResponse:
    """Two versions of the form side by side: what changed, and what it changed in the outcome."""
    case, _, events = seen_by(asker(request), case_id)
    found = versions_of(case, events)
    if not (0 < before <= len(found) and 0 < after <= len(found)):
        raise Http404
    one, other = found[before - 1], found[after - 1]
    pair = [(each.assessed.description, each.assessed.estimate) for each in (one, other)]
    return render(
        request,
        "permits/estimate/versions.html",
        {
            "case": case,
            "one": one,
            "other": other,
            "changes": changes_between(other.made, *pair),
            "leads_before": leads_of(one.made, one.assessed.estimate),
            "leads_after": leads_of(other.made, other.assessed.estimate),
        },
    )


def _page(request: HttpRequest, case: Case, found: tuple[Version, ...], number: int) -> HttpResponse:
    shown = found[number - 1] if found else None
    context: dict[str, object] = {"case": case, "versions": found, "shown": shown}
    if shown is not None:
        leads = leads_of(shown.made, shown.assessed.estimate)
        called, known = names(), known_in(shown.made, shown.assessed.description)
        context |= {
            "leads": leads,
            "handed_in_by": [(called.get(actor.person, actor.person), actor.role) for actor in shown.actors],
            "readings": readings_of(shown.assessed.description, shown.assessed.estimate, leads, known=known),
            "matrices": [matrix_of(name, shown.assessed.estimate) for name in MATRICES],
        }
    return render(request, "permits/estimate/version.html", context)

"""The pages on which the form is filled, part by part: saved as it is typed, with what it leads to beside it.

Handbook 2.6, phase 2; Appendix 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jalostamo.permits.descriptions import Description
from jalostamo.permits.estimates.answers import Estimate, answer_to
from jalostamo.permits.estimates.form import FormField
from jalostamo.permits.estimates.shown import is_shown
from townhall.pages.guided import Guide, is_saving, told_saved, version_seen
from townhall.pages.words import WORDS
from townhall.permits.describing.people import known_in
from townhall.permits.drafts import Kept, SavedMeanwhile, draft_of, save_draft
from townhall.permits.estimating.asking import Asked, Sent, asked_of, placed_by, sent_to
from townhall.permits.estimating.desk import DRAFT, Desk, desk_of, guide_of, mark_of, writing_desk
from townhall.permits.estimating.drawing import matrix_of
from townhall.permits.estimating.handing import waiting_for
from townhall.permits.estimating.leading import leads_of, wrong_in, wrong_in_basics
from townhall.permits.estimating.parts import PARTS, Part
from townhall.permits.estimating.reading import Said, derived_of, described_answer
from townhall.permits.estimating.versions import latest

_UNANSWERED: Final = "estimate_unanswered"


@require_safe
@never_cache
def estimate(request: HttpRequest, case_id: str) -> HttpResponse:
    """The form: what waits to be joined, the first part where she who writes still misses something, or what was handed in."""
    desk = desk_of(request, case_id)
    joined = waiting_for(desk)
    if joined:
        return redirect("join", desk.case.pk, joined)
    if not desk.choices:
        return latest(request, desk)
    if not desk.kept.version:
        return redirect(desk.address(PARTS[0]))
    missing = [each.part for each in leads_of(desk.made, desk.kept.paper).missing if each.part is not PARTS[0]]
    return redirect(desk.address(missing[0]) if missing else desk.review)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def estimate_part(request: HttpRequest, case_id: str, name: str) -> HttpResponse:
    """One part of the form."""
    desk = writing_desk(request, case_id)
    part = next((part for part in PARTS if part.name == name), None)
    if part is None:
        raise Http404
    if request.method != "POST":
        return _shown(request, desk, part, Sent(desk.kept.paper), guide_of(desk, part))
    try:
        sent, after = _saved(request, desk, part)
    except SavedMeanwhile as saved:
        sent = _sent(request, part, desk.kept.paper)
        # The page keeps the version that it has seen, so that nothing is saved over the other's unless she says so.
        desk = replace(desk, kept=Kept(desk.kept.paper, version_seen(request)))
        return _told(request, desk, part, sent, guide_of(desk, part, other=saved.theirs))
    guide = guide_of(after, part)
    if is_saving(request) or sent.typed:
        return _told(request, after, part, sent, guide)
    return HttpResponseRedirect(_onward(request, desk, part, sent.estimate, guide))


def _sent(request: HttpRequest, part: Part, estimate: Estimate) -> Sent:
    sent = sent_to(part, request.POST, estimate)
    placed = placed_by(request.POST["place"], sent.estimate) if "place" in request.POST else sent.estimate
    return replace(sent, estimate=placed)


def _saved(request: HttpRequest, desk: Desk, part: Part, *, tries: int = 3) -> tuple[Sent, Desk]:
    """Save what was answered; another's saving stands in the way only where it touched this part."""
    sent = _sent(request, part, desk.kept.paper)
    is_untouched = request.POST.get("mark") == mark_of(part, desk.kept.paper)
    seen = desk.kept.version if is_untouched else version_seen(request)
    try:
        version = save_draft(desk.case, DRAFT, sent.estimate, desk.person, seen=seen)
    except SavedMeanwhile:
        if not is_untouched or not tries:
            raise
        # Somebody saved another part between the reading and the saving.
        kept = draft_of(desk.case, DRAFT, Estimate, otherwise=desk.kept.paper)
        return _saved(request, replace(desk, kept=kept), part, tries=tries - 1)
    return sent, replace(desk, kept=Kept(sent.estimate, version))


def _told(request: HttpRequest, desk: Desk, part: Part, sent: Sent, guide: Guide) -> HttpResponse:
    """Tell a page that saves by itself how it went, and any other show what was sent."""
    if not is_saving(request):
        return _shown(request, desk, part, sent, guide, status=409)
    return told_saved(
        request,
        guide,
        template="permits/estimate/saved.html",
        case=desk.case,
        part=part,
        unread=[entry.label for entry in part.asked if entry.id in sent.typed],
        is_swapped=True,
        **_beside(desk, part, sent.estimate, _mark(request, desk, part, guide)),
    )


def _onward(request: HttpRequest, desk: Desk, part: Part, estimate: Estimate, guide: Guide) -> str:
    """Where the button leads; back to this part where an answer has brought questions that nobody has seen yet."""
    if "place" in request.POST:
        return f"{desk.address(part)}#matrix-{request.POST['place'].partition(':')[0]}"
    new = [
        entry
        for entry in part.asked
        if is_shown(entry, estimate) and not is_shown(entry, desk.kept.paper) and not answer_to(estimate, entry.id)
    ]
    if new and "previous" not in request.POST:
        return f"{desk.address(part)}#q-{new[0].id}"
    return guide.onward(request)


def _shown(
    request: HttpRequest, desk: Desk, part: Part, sent: Sent, guide: Guide, *, status: int = 200
) -> HttpResponse:
    asked = _asked(request, desk, part, sent)
    described = desk.made.description or Description()
    return render(
        request,
        "permits/estimate/part.html",
        {
            "guide": guide,
            "case": desk.case,
            "title": WORDS["estimate.title"],
            "part": part,
            "asked": asked,
            "wrong": [each.question for each in asked if each.question.error and each.is_shown],
            "described": _described(desk, described) if part is PARTS[0] else (),
            "may_mend": desk.may_mend,
            "derived": derived_of(part, leads_of(desk.made, sent.estimate)),
            "objections_found": wrong_in_basics(desk.made) if part is PARTS[0] else (),
            "fields": [field for source in described.sources for field in source.asked],
            **_beside(desk, part, sent.estimate, _mark(request, desk, part, guide)),
        },
        status=status,
    )


def _asked(request: HttpRequest, desk: Desk, part: Part, sent: Sent) -> tuple[Asked, ...]:
    """The questions of a part; who comes from the last page sees what is unanswered, too."""
    placed = [
        each
        for each in wrong_in(desk.made, sent.estimate)
        if "check" in request.GET or each.objection.code != _UNANSWERED
    ]
    return asked_of(part, sent.estimate, typed=sent.typed, placed=placed)


def _mark(request: HttpRequest, desk: Desk, part: Part, guide: Guide) -> str:
    return request.POST.get("mark", "") if guide.other else mark_of(part, desk.kept.paper)


def _described(desk: Desk, described: Description) -> list[tuple[FormField, Said]]:
    known = known_in(desk.made, described)
    return [(entry, described_answer(entry, described, known)) for entry in PARTS[0].entries]


def _beside(desk: Desk, part: Part, estimate: Estimate, mark: str) -> Mapping[str, object]:
    """What is told beside the questions, and drawn below them."""
    return {
        "leads": leads_of(desk.made, estimate),
        "matrices": [matrix_of(name, estimate) for name in part.matrices],
        # Of a part that another has saved meanwhile, the page keeps the mark that it has seen.
        "mark": mark,
    }
